"""County council: which ward and district each small area lies in."""

from extract import Extract, clear, edit
from place import AREAS

COLUMNS = ["FID", "LSOA11CD", "LSOA11NM", "WD19CD", "WD19NM", "LAD19CD", "LAD19NM"]


def build():
    extract = Extract(
        "county-council-area-lookup", "2025/26", "2026-04-20T09:00:00Z", "area_lookup.csv", COLUMNS
    )
    for number, area in enumerate(AREAS, 1):
        names = ["lsoa_code", "lsoa_name", "ward_code", "ward_name", "district_code", "district_name"]
        extract.add(str(number), *[area[name] for name in names])
    extract.plant(4, ["ward_code_format"], edit("WD19CD", lambda code: code.replace("E05", "E5")))
    extract.plant(2, ["district_code_format"], edit("LAD19CD", lambda code: code[:4] + code[5:]))
    extract.plant(3, ["ward_with_name"], clear("WD19NM"))
    extract.plant(1, ["lsoa_code_format"], edit("LSOA11CD", str.lower))
    extract.plant_copies(2, ["area_lookup_primary_key"], ["LSOA11CD"])
    extract.plant_copies(3, ["lsoa_name_once"], ["LSOA11NM"], held_back=False)
    extract.write_as()
    return extract
