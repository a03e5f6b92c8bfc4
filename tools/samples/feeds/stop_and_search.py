"""Constabulary: stops and searches of May 2026."""

from extract import Extract, clear, edit, put
from place import column, coordinates

COLUMNS = [
    "Type", "Date", "Part of a policing operation", "Policing operation", "Latitude", "Longitude", "Gender",
    "Age range", "Self-defined ethnicity", "Officer-defined ethnicity", "Legislation", "Object of search",
    "Outcome", "Outcome linked to object of search", "Removal of more than just outer clothing",
]  # fmt: skip
NO_ACTION = "A no further action disposal"
OBJECTS = ["Controlled drugs", "Stolen goods", "Offensive weapons", "Article for use in theft", "Firearms"]
OUTCOMES = [NO_ACTION] * 3 + ["Arrest", "Community resolution", "Caution (simple or conditional)"]
SECTION_60 = "Criminal Justice and Public Order Act 1994 (section 60)"
VEHICLE = "Vehicle search"


def build():
    extract = Extract(
        "constabulary-stop-and-search", "2026-05", "2026-06-10T09:00:00Z", "stop_and_search.csv", COLUMNS
    )
    rng = extract.random
    powers = column("search_powers.csv", "legislation")
    groups = column("ethnicities.csv", "self_defined_ethnicity")
    for minute in rng.sample(range(31 * 24 * 60), 420):
        day, rest = divmod(minute, 24 * 60)
        kind = rng.choice(["Person search", "Person search", "Person and Vehicle search", VEHICLE])
        person = kind != VEHICLE
        operation = rng.random() < 0.1
        longitude, latitude = coordinates(rng)
        outcome = rng.choice(OUTCOMES)
        extract.add(
            kind,
            f"2026-05-{day + 1:02d}T{rest // 60:02d}:{rest % 60:02d}:00+00:00",
            "True" if operation else "False",
            "Operation Kestrel" if operation else "",
            latitude,
            longitude,
            rng.choice(["Male", "Male", "Male", "Female", "Other"]) if person else "",
            rng.choice(["10-17", "18-24", "25-34", "over 34"]) if person else "",
            rng.choice(groups) if person else "",
            rng.choice(["Asian", "Black", "Mixed", "Other", "White"]) if person else "",
            rng.choice(powers),
            rng.choice(OBJECTS),
            outcome,
            rng.choice(["True", "False"]),
            rng.choice(["False", "False", "False", "True"]) if person else "False",
        )
    plant(extract)
    extract.write_as()
    return extract


def plant(extract):
    def person(cells):
        return cells["Type"] != VEHICLE

    def vehicle(cells):
        return not person(cells)

    def in_operation(cells):
        return cells["Part of a policing operation"] == "True"

    def on_patrol(cells):
        return not in_operation(cells)

    def followed_up(cells):
        return cells["Outcome"] != NO_ACTION

    # A spreadsheet reads 10-17 as October 2017.
    extract.plant(
        14, ["age_range_known"], put("Age range", "Oct-17"), where=lambda cells: cells["Age range"] == "10-17"
    )
    extract.plant(6, ["gender_known"], put("Gender", "M", "F"), where=person)
    extract.plant(5, ["legislation_known"], edit("Legislation", lambda text: text.replace(" Act", "")))
    extract.plant(3, ["search_type_known"], put("Type", "Pedestrian search"), where=person)
    extract.plant(7, ["searched_in_period"], edit("Date", lambda text: text.replace("2026-05", "2026-06")))
    extract.plant(2, ["searched_at_type", "searched_in_period"], put("Date", "31/05/2026 25:10"))
    extract.plant(4, ["coordinates_together"], clear("Longitude"))
    extract.plant(5, ["operation_named"], clear("Policing operation"), where=in_operation)
    extract.plant(
        3, ["vehicle_has_no_clothing"], put("Removal of more than just outer clothing", "True"), where=vehicle
    )
    extract.plant(2, ["outcome_linked_type"], put("Outcome linked to object of search", "maybe"))
    # Warnings.
    extract.warn(6, ["no_operation_no_name"], put("Policing operation", "Operation Heron"), where=on_patrol)
    extract.warn(9, ["operation_stated"], clear("Part of a policing operation"), where=on_patrol)
    extract.warn(8, ["gender_present"], clear("Gender"), where=person)
    extract.warn(
        6, ["self_defined_ethnicity_known"], put("Self-defined ethnicity", "W1", "Not stated"), where=person
    )
    extract.warn(
        4, ["officer_defined_ethnicity_known"], put("Officer-defined ethnicity", "IC1"), where=person
    )
    extract.warn(
        5, ["object_given"], clear("Object of search"), where=lambda cells: cells["Legislation"] != SECTION_60
    )
    extract.warn(
        4, ["a_person_is_described"], put("Type", VEHICLE),
        where=lambda cells: person(cells) and cells["Removal of more than just outer clothing"] == "False",
    )
    extract.warn(7, ["outcome_present"], clear("Outcome"))
    extract.warn(6, ["outcome_link_stated"], clear("Outcome linked to object of search"), where=followed_up)
    extract.plant_copies(4, ["same_search_once"], [
        "Type", "Date", "Latitude", "Longitude", "Gender", "Age range", "Self-defined ethnicity",
        "Object of search", "Outcome",
    ], held_back=False, where=person)  # fmt: skip
