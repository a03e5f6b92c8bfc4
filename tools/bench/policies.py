"""The thirteen rules of the common benchmark work as a contract, in a policies folder of its own."""
import json
import pathlib

CRIME_TYPES = ["Anti-social behaviour", "Bicycle theft", "Burglary", "Criminal damage and arson", "Drugs", "Other crime", "Other theft", "Possession of weapons",
               "Public order", "Robbery", "Shoplifting", "Theft from the person", "Vehicle crime", "Violence and sexual offences"]


def rule(identifier, kind, dimension, when=None, unparseable=None, **settings):
    implementation = {"rule": kind, "with": settings}
    if when:
        implementation["when"] = when
    if unparseable:
        implementation["onUnparseable"] = unparseable
    return {"id": identifier, "type": "custom", "engine": "concordat", "dimension": dimension, "severity": "error", "implementation": implementation}


RULES = [
    rule("R01", "required", "completeness", field="month"),
    rule("R02", "required", "completeness", field="reported_by"),
    rule("R03", "required", "completeness", field="falls_within"),
    rule("R04", "required", "completeness", field="crime_type"),
    rule("R05", "regex", "conformity", field="lsoa_code", pattern="[EW]0[01][0-9]{6}"),
    rule("R06", "regex", "conformity", field="month", pattern="20[0-9]{2}-(0[1-9]|1[0-2])"),
    rule("R07", "in_list", "conformity", field="crime_type", values=CRIME_TYPES),
    rule("R08", "range", "conformity", field="longitude", min=-9, max=3),
    rule("R09", "range", "conformity", field="latitude", min=49, max=61),
    rule("R10", "unique", "uniqueness", fields=["crime_id"]),
    rule("R11", "must_be_empty", "consistency", when='record.crime_type == "Anti-social behaviour"', field="last_outcome_category"),
    rule("R12", "all_or_none", "consistency", fields=["longitude", "latitude"]),
    rule("R13", "range", "timeliness", unparseable="skip", field="month", min="2023-01", max="2025-12"),
]
TYPES = {"month": ("date", {"format": "yyyy-MM"}), "longitude": ("number", None), "latitude": ("number", None)}
FIELDS = ["crime_id", "month", "reported_by", "falls_within", "longitude", "latitude", "location", "lsoa_code", "lsoa_name", "crime_type", "last_outcome_category", "context"]


def write_policies(folder):
    """A partnership with one partner, one contract (bench_crime) and one feed (bench)."""
    folder = pathlib.Path(folder)
    properties = []
    for name in FIELDS:
        kind, options = TYPES.get(name, ("string", None))
        properties.append({"name": name, "logicalType": kind, "classification": "public", **({"logicalTypeOptions": options} if options else {})})
    documents = {
        "partnership.yaml": {"apiVersion": "concordat/v1", "kind": "Partnership", "id": "bench", "name": "Benchmark", "trustDomain": "derwent.example", "yearStart": "04-01"},
        "partners/constabulary.yaml": {"apiVersion": "concordat/v1", "kind": "Partner", "id": "constabulary", "name": "Constabulary", "sector": "public",
                                       "contacts": [{"role": "data-steward", "post": "Officer", "email": "a@constabulary.example"}]},
        "contracts/bench_crime.odcs.yaml": {"version": "1.0.0", "apiVersion": "v3.1.0", "kind": "DataContract", "id": "bench-crime", "name": "bench_crime", "status": "active",
                                            "schema": [{"name": "bench_crime", "logicalType": "object", "properties": properties, "quality": RULES}]},
        "feeds/bench.yaml": {"apiVersion": "concordat/v1", "kind": "Feed", "id": "bench", "partner": "constabulary", "dataset": "bench_crime", "adapter": {"plugin": "delimited"}},
    }
    for path, document in documents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(json.dumps(document, indent=1))
