"""Constabulary: street-level crime of May 2026, CRLF."""

import hashlib

from extract import Extract, clear, cut_off, edit, put, stray_cell, stray_quote
from place import AREAS, STREETS, column, coordinates

FORCE = "Derwent Constabulary"
ASB = "Anti-social behaviour"
COLUMNS = [
    "Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude", "Location", "LSOA code",
    "LSOA name", "Crime type", "Last outcome category", "Context",
]  # fmt: skip
RECORDS = 6000


def is_crime(cells):
    return cells["Crime type"] != ASB


def is_asb(cells):
    return cells["Crime type"] == ASB


def build():
    extract = Extract(
        "constabulary-street-crime", "2026-05", "2026-06-10T09:00:00Z", "street_crime.csv", COLUMNS
    )
    rng = extract.random
    crimes = [name for name in column("crime_types.csv", "crime_type") if name != ASB]
    outcomes = column("crime_outcomes.csv", "last_outcome_category")
    for number in range(RECORDS):
        asb = rng.random() < 0.35
        area = rng.choice(AREAS)
        located = rng.random() < 0.97
        longitude, latitude = coordinates(rng) if located else ("", "")
        extract.add(
            "" if asb else hashlib.sha256(f"derwent crime {number}".encode()).hexdigest(),
            "2026-05",
            FORCE,
            FORCE,
            longitude,
            latitude,
            f"On or near {rng.choice(STREETS)}" if located else "No Location",
            area["lsoa_code"] if located else "",
            area["lsoa_name"] if located else "",
            ASB if asb else rng.choice(crimes),
            "" if asb else rng.choice(outcomes),
            "",
        )
    plant(extract)
    extract.write_as(newline="\r\n", blank_rows=4)
    return extract


def plant(extract):
    def located(cells):
        return cells["LSOA code"] != ""

    extract.plant(112, ["lsoa_code_format"], edit("LSOA code", lambda code: code[:-1]), where=located)
    extract.plant(
        18,
        ["crime_type_known"],
        put("Crime type", "Bike theft", "Vehicle Crime", "Drug offences"),
        where=is_crime,
    )
    extract.plant(9, ["crime_id_present"], clear("Crime ID"), where=is_crime)
    extract.plant(7, ["crime_id_pattern"], edit("Crime ID", lambda text: text[:12].upper()), where=is_crime)
    extract.plant(12, ["month_in_period"], put("Month", "2026-04"))
    extract.plant(5, ["month_type", "month_in_period"], put("Month", "May 2026", "2026-5"))
    extract.plant(6, ["coordinates_together"], clear("Latitude"), where=located)
    extract.plant(
        4, ["longitude_range"], edit("Longitude", lambda text: text.replace(".", "")), where=located
    )
    extract.plant(2, ["falls_within_required"], clear("Falls within"))
    # The rest is worth a word with the steward and holds nothing back.
    extract.plant_copies(30, ["crime_id_once"], ["Crime ID"], held_back=False, where=is_crime)
    extract.warn(21, ["asb_has_no_outcome"], put("Last outcome category", "Local resolution"), where=is_asb)
    extract.warn(15, ["outcome_known"], put("Last outcome category", "NFA", "charged"), where=is_crime)
    extract.warn(11, ["outcome_present"], clear("Last outcome category"), where=is_crime)
    extract.warn(8, ["lsoa_code_present"], clear("LSOA code"), where=located)
    for spoil in (cut_off, stray_cell, stray_quote):
        extract.plant_unreadable(1, spoil, where=is_crime)
