"""Voluntary action: food banks in May 2026; a title above the header, blank rows, times over two lines."""

from extract import Extract, clear, cut_off, edit, put
from place import DISTRICTS, STREETS, TOWNS, postcode

COLUMNS = [
    "Name", "Referral method", "Opening times", "Address", "Postcode", "Contact", "Website", "Area name",
    "Area code", "Last checked", "Parcels",
]  # fmt: skip
ABOVE = ["Food banks in Derwent", "kept by Voluntary Action Derwent", ""]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
HOSTS = ["Chapel", "Church Hall", "Community Centre", "Larder", "Pantry", "Welcome Centre"]


def build():
    extract = Extract(
        "voluntary-action-food-banks", "2026-05", "2026-06-10T09:00:00Z", "food_banks.csv", COLUMNS
    )
    rng = extract.random
    for number in range(90):
        code, district = rng.choice(DISTRICTS)
        times = f"{rng.choice(DAYS)} 10am - {rng.choice([12, 1, 2])}pm"
        extract.add(
            f"{rng.choice(STREETS)} {rng.choice(HOSTS)}",
            rng.choice(["Open door", "Foodbank voucher", "Referral by an agency"]),
            f"{times}\nand {rng.choice(DAYS)} evenings" if number % 9 == 4 else times,
            f"{rng.randrange(1, 90)} {rng.choice(STREETS)}, {rng.choice(TOWNS)}",
            postcode(3000 + number * 11),
            f"01632 {961000 + number}" if number % 3 == 0 else f"hello@foodbank{number}.example",
            f"https://foodbank{number}.example" if number % 2 == 0 else "NA",
            district,
            code,
            f"{rng.randrange(1, 32):02d}/05/2026",
            str(rng.randrange(5, 400)),
        )
    plant(extract)
    extract.write_as(newline="\r\n", above=ABOVE, blank_rows=5)
    return extract


def plant(extract):
    extract.plant(3, ["postcode_format"], edit("Postcode", lambda text: text.replace(" ", " O")))
    extract.plant(2, ["area_code_required"], clear("Area code"))
    extract.plant(2, ["parcels_type", "parcels_range"], put("Parcels", "about 40", "12 to 15"))
    extract.plant(1, ["parcels_range"], put("Parcels", "-3"))
    extract.plant(2, ["checked_on_type", "checked_in_period"], put("Last checked", "32/05/2026", "last week"))
    extract.plant_copies(2, ["place_once"], ["Name", "Postcode"])
    # Warnings and what is good to know.
    extract.warn(4, ["checked_in_period"], put("Last checked", "17/11/2025"))
    extract.warn(5, ["opening_times_present"], put("Opening times", "Not known", "NA", ""))
    extract.warn(4, ["contact_usable"], put("Contact", "O1632 960123", "ask at the church"))
    extract.warn(3, ["website_is_link"], put("Website", "www.foodbank.example"))
    extract.warn(6, ["referral_method_present"], put("Referral method", "Not known"))
    extract.warn(2, ["parcels_mean_checked"], clear("Last checked"))
    extract.plant_unreadable(2, cut_off, where=lambda cells: "\n" not in cells["Opening times"])
