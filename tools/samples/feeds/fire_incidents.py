"""Fire and rescue: incidents of May 2026, as its mobilising system exports them (plugins/fire_and_rescue)."""

import datetime

from extract import Extract, clear, edit, put
from place import AREAS, read_list

COLUMNS = ["number", "station", "type", "called", "lsoa", "pumps"]
SILENT = "D10"  # a day-crewed station from which nothing came: the adapter's own dimension tells
RECORDS = 600
TIME = "%d/%m/%Y %H:%M"


def call_signs(stations, letter, word):
    homes = [station["station_code"] for station in stations if word in station["special_appliances"]]
    return [f"{home}{letter}1" for home in homes]


class FireExtract(Extract):
    """Writes an incident as its INCIDENT line and a PUMP line for each appliance in its cell `pumps`."""

    def content(self):
        lines = ["MOBS EXTRACT;Derwent Fire and Rescue Service;2026-05-01;2026-05-31"]
        for row in self.rows:
            lines += [row.raw] if row.raw else incident_lines(row.cells)
        lines.append(f"END;{sum(line.startswith('INCIDENT') for line in lines)}")
        return ("\n".join(lines) + "\n").encode()


def incident_lines(cells):
    head = ";".join(["INCIDENT"] + [cells[name] for name in COLUMNS[:5]])
    return [head] + [f"PUMP;{cells['number']};{call_sign};{arrived}" for call_sign, arrived in cells["pumps"]]


def build():
    extract = FireExtract(
        "fire-and-rescue-incidents", "2026-05", "2026-06-10T09:00:00Z", "fire_incidents.txt", COLUMNS
    )
    rng = extract.random
    stations = [station for station in read_list("fire_stations.csv") if station["station_code"] != SILENT]
    needs = {"WR": call_signs(stations, "B", "boat"), "HR": call_signs(stations, "A", "aerial")}
    for number in range(RECORDS):
        called = datetime.datetime(2026, 5, 1) + datetime.timedelta(minutes=rng.randrange(31 * 24 * 60 - 60))
        home = rng.choice(stations)["station_code"]
        kind = rng.choice(["FP", "FS", "FA", "RTC", "WR", "HR", "SS"])
        signs = [f"{home}P1"] + ([rng.choice(needs[kind])] if kind in needs else [])
        pumps = [(sign, moved(called.strftime(TIME), minutes=rng.randrange(4, 25))) for sign in signs]
        if kind == "FA" and rng.random() < 0.5:
            pumps = [(f"{home}P1", "")]  # turned back
        extract.add(
            f"{2000 + number:06d}-2026",
            home,
            kind,
            called.strftime(TIME),
            rng.choice(AREAS)["lsoa_code"],
            pumps,
        )
    plant(extract)
    extract.write_as()
    return extract


def arrive(change):
    """Changes the time at which every appliance arrived."""
    return lambda cells: cells.update(pumps=[(sign, change(arrived)) for sign, arrived in cells["pumps"]])


def moved(text, **by):
    return (datetime.datetime.strptime(text, TIME) + datetime.timedelta(**by)).strftime(TIME)


def plant(extract):
    def attended(cells):
        return cells["type"] in ("FP", "FS", "RTC", "SS")

    def turned_back(cells):
        return cells["type"] == "FA" and not cells["pumps"][0][1]

    extract.plant(6, ["incident_type_known"], put("type", "CH", "fp"), where=attended)
    extract.plant(
        4,
        ["incident_number_pattern"],
        edit("number", lambda text: text.replace("-2026", "/26")),
        where=attended,
    )
    extract.plant_copies(3, ["fire_incidents_primary_key"], ["number"], where=attended)
    extract.plant(
        5,
        ["called_in_period", "arrival_after_call"],
        edit("called", lambda text: moved(text, days=40)),
        where=attended,
    )
    extract.plant(
        3,
        ["called_at_type", "called_in_period"],
        put("called", "31/04/2026 10:00", "2026-05-04 10:00"),
        where=turned_back,
    )
    extract.plant(7, ["arrival_after_call"], arrive(lambda text: moved(text, days=-1)), where=attended)
    extract.plant(2, ["lsoa_code_pattern", "area_known"], put("lsoa", "E0109900"), where=attended)
    extract.plant(6, ["station_known"], put("station", "D77"), where=attended)
    extract.plant(
        4,
        ["appliance_at_station"],
        lambda cells: cells["pumps"].append(("D06B1", cells["pumps"][0][1])),
        where=attended,
    )
    # Warnings.
    extract.warn(5, ["type_fits_appliances"], put("type", "WR", "HR"), where=attended)
    extract.warn(8, ["arrival_within_hours"], arrive(lambda text: moved(text, hours=9)), where=attended)
    extract.warn(9, ["somebody_arrived"], arrive(lambda text: ""), where=attended)
    extract.warn(10, ["area_known"], put("lsoa", "E01000777"), where=attended)
    extract.plant_unreadable(2, lambda cells: f"INCIDENT;{cells[0]};{cells[1]}")
    extract.plant_unreadable(1, lambda cells: f"NOTE;see incident {cells[0]}")
