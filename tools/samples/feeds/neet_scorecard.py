"""County council: young people not in education, employment or training, with markers c and z."""

from extract import Extract, clear, edit, put

COLUMNS = [
    "time_period", "time_identifier", "geographic_level", "region_name", "new_la_code", "la_name", "Age",
    "Cohort_DJFavg", "NEET_not_known_percent", "NEET_percent", "Notknown_percent",
    "annual_change_ppts_NEET_not_known", "TOTAL_participating_in_education_and_training_percent",
    "NEET_NK_SENDsupport_percent", "VG_NEET_NK_percentage",
]  # fmt: skip
REGIONS = ["Northshire", "Midshire", "Eastshire", "Westshire"]


def add_area(extract, level, region="", code="", name=""):
    rng = extract.random
    neet, not_known = rng.randrange(10, 60), rng.randrange(1, 40)
    few = level == "Local authority" and rng.random() < 0.1
    extract.add(
        "2025", "Calendar year", level, region, code, name, "16-17",
        f"{rng.uniform(1500, 30000):.1f}",
        f"{(neet + not_known) / 10}", f"{neet / 10}", f"{not_known / 10}",
        "z" if few else f"{rng.uniform(-2, 2):.1f}",
        f"{rng.uniform(85, 98):.1f}",
        "c" if few else f"{rng.uniform(3, 15):.1f}",
        rng.choice(["c", "z"]) if few else f"{rng.uniform(10, 40):.1f}",
    )  # fmt: skip


def is_authority(cells):
    return cells["geographic_level"] == "Local authority"


def build():
    extract = Extract("county-council-neet", "2025", "2026-04-20T09:00:00Z", "neet_scorecard.csv", COLUMNS)
    add_area(extract, "National")
    for region in REGIONS:
        add_area(extract, "Regional", region)
    for number in range(1, 96):
        add_area(
            extract,
            "Local authority",
            REGIONS[number % 4],
            f"E10099{number:03d}",
            f"{REGIONS[number % 4]} {number}",
        )
    plant(extract)
    extract.write_as()
    return extract


def plant(extract):
    extract.plant(4, ["neet_within_both"], edit("NEET_percent", lambda text: f"{float(text) + 8:.1f}"))
    extract.plant(
        2, ["not_known_within_both"], edit("Notknown_percent", lambda text: f"{float(text) + 9:.1f}")
    )
    extract.plant(3, ["authority_has_code"], clear("new_la_code"), where=is_authority)
    extract.plant(2, ["la_code_pattern"], edit("new_la_code", lambda text: text[1:]), where=is_authority)
    extract.plant(
        2,
        ["participating_percent_range"],
        put("TOTAL_participating_in_education_and_training_percent", "930.0"),
    )
    extract.plant(
        1, ["annual_change_type", "annual_change_range"], put("annual_change_ppts_NEET_not_known", "low")
    )
    extract.plant(1, ["cohort_range"], put("Cohort_DJFavg", "0"))
    extract.plant(2, ["year_is_the_period"], put("time_period", "2024"))
    extract.plant(
        1,
        ["geographic_level_known"],
        put("geographic_level", "Region"),
        where=lambda cells: cells["geographic_level"] == "Regional",
    )
    extract.warn(
        1, ["others_have_none"], put("new_la_code", "E10099999"), where=lambda cells: not is_authority(cells)
    )
    extract.plant_copies(2, ["area_once"], ["new_la_code"], where=is_authority)
