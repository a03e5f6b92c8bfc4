"""The invented county in which all samples play: its areas are those of policies/lists."""

import csv
from pathlib import Path

LISTS = Path(__file__).resolve().parents[2] / "policies" / "lists"

STREETS = [
    "Abbey Lane", "Ash Grove", "Bakehouse Hill", "Bridge Street", "Canal Side", "Chapel Row", "Church Walk",
    "Dale Road", "Elm Close", "Foundry Yard", "Garden Terrace", "Green Lane", "High Street", "King Street",
    "Lime Avenue", "Mill Lane", "Museum Square", "New Road", "Old Hall Drive", "Orchard Way", "Park Road",
    "Quarry Bank", "Queen Street", "River View", "School Lane", "Spring Gardens", "Station Road",
    "Tenter Croft", "Victoria Road", "Well Lane", "Windmill Hill", "Wood Lane",
]  # fmt: skip
TOWNS = ["Alderbrook", "Marlham", "Quarrydale", "Stonebeck"]


def read_list(name):
    with open(LISTS / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(name, header):
    return [row[header] for row in read_list(name)]


AREAS = read_list("areas.csv")
DISTRICTS = sorted({(area["district_code"], area["district_name"]) for area in AREAS})
WARDS = sorted({(area["ward_code"], area["ward_name"]) for area in AREAS})


def coordinates(rng):
    """A point of the county: longitude, latitude."""
    return f"{rng.uniform(-1.75, -1.30):.6f}", f"{rng.uniform(52.90, 53.20):.6f}"


def postcode(number):
    """The nth of the county's postcodes; no area is called DV."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"DV{1 + number // 4000} {number // 400 % 10}{letters[number // 20 % 20]}{letters[number % 20]}"
