"""Health body: dental practices, semicolons between the cells and line breaks in some addresses."""

from extract import Extract, clear, edit, put, record_line
from place import DISTRICTS, STREETS, TOWNS, coordinates, postcode

COLUMNS = [
    "name", "type", "address", "postcode", "telephone", "website", "area_name", "area_code", "lon", "lat",
]  # fmt: skip


def build():
    extract = Extract("health-body-dentists", "2025/26-Q4", "2026-04-20T09:00:00Z", "dentists.csv", COLUMNS)
    rng = extract.random
    for number in range(180):
        code, district = rng.choice(DISTRICTS)
        longitude, latitude = coordinates(rng)
        address = f"{rng.randrange(1, 200)} {rng.choice(STREETS)}, {rng.choice(TOWNS)}"
        extract.add(
            f"{rng.choice(STREETS)} Dental Practice",
            rng.choice(["Dentist", "Dentist", "Dentist", "Community services|Dentist"]),
            address.replace(", ", "\n") if number % 20 == 7 else address,
            postcode(number * 7),
            f"01632 {960000 + number}",
            f"https://practice{number}.example" if rng.random() < 0.6 else "NA",
            district,
            code,
            longitude,
            latitude,
        )
    plant(extract)
    extract.write_as(delimiter=";")
    return extract


def plant(extract):
    extract.plant(
        12,
        ["area_code_format"],
        edit("area_code", lambda code: code.replace("E07", "E7")),
        on_host=["district_known"],
    )
    extract.plant(5, ["postcode_format"], edit("postcode", lambda text: text.replace("DV1", "DVI")))
    extract.plant(3, ["postcode_required"], clear("postcode"))
    extract.plant(4, ["is_dentist"], put("type", "Optician", "Dental laboratory"))
    extract.plant(2, ["coordinates_together"], clear("lat"))
    extract.plant(2, ["latitude_type", "latitude_range"], put("lat", "53,1025"))
    extract.plant_copies(3, ["practice_once"], ["name", "postcode"])
    # Warnings.
    extract.warn(31, ["telephone_has_zero"], edit("telephone", lambda text: text[1:].replace(" ", "")))
    extract.warn(6, ["website_is_link"], put("website", "www.smile.example"))
    extract.warn(4, ["address_present"], clear("address"))
    extract.warn(3, ["telephone_can_be_dialled"], put("telephone", "01632 9600"))
    extract.plant_unreadable(1, lambda cells: record_line(cells[:4], ";"))
