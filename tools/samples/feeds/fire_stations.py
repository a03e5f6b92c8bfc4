"""Fire and rescue: the list of stations, tab-separated."""

from extract import Extract, clear, edit, put
from place import read_list

COLUMNS = ["station_code", "station_name", "station_type", "special_appliances", "lat", "lon", "lsoa"]


def build():
    extract = Extract(
        "fire-and-rescue-stations", "2025/26", "2026-04-20T09:00:00Z", "fire_stations.tsv", COLUMNS
    )
    for station in read_list("fire_stations.csv"):
        extract.add(*[station[name] for name in COLUMNS])
    extract.plant(1, ["station_type_known"], put("station_type", "retained"))
    extract.plant(1, ["special_appliances_known"], put("special_appliances", "turntable ladder"))
    extract.plant(1, ["coordinates_together"], clear("lat"))
    extract.plant(1, ["station_code_pattern"], edit("station_code", str.lower))
    extract.warn(1, ["area_known"], put("lsoa", "E01000001"))
    extract.write_as(delimiter="\t")
    return extract
