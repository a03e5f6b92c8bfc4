"""Policies for real files, written by the test into a temporary folder: a contract and a feed for each."""
import json
import pathlib


def rule(identifier, kind, dimension="conformity", severity="error", when=None, **settings):
    implementation = {"rule": kind}
    if settings:
        implementation["with"] = settings
    if when:
        implementation["when"] = when
    return {"id": identifier, "type": "custom", "engine": "concordat", "dimension": dimension, "severity": severity, "implementation": implementation}


def field(name, kind="string", quality=(), format=None, markers=None, trim=False, **keys):
    entry = {"name": name, "logicalType": kind, "classification": "public", **keys}
    if format:
        entry["logicalTypeOptions"] = {"format": format}
    custom = ([{"property": "markers", "value": markers}] if markers else []) + ([{"property": "trim", "value": True}] if trim else [])
    if custom:
        entry["customProperties"] = custom
    if quality:
        entry["quality"] = list(quality)
    return entry


class Policies:
    """A folder with one partner; `add` gives it a dataset and its feed. JSON is YAML, so the documents are written as JSON."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        for name in ("partners", "contracts", "feeds", "lists"):
            (self.folder / name).mkdir(parents=True)
        self.write("partnership.yaml", {"apiVersion": "concordat/v1", "kind": "Partnership", "id": "derwent", "name": "Derwent", "trustDomain": "derwent.example", "yearStart": "04-01"})
        self.write("partners/publisher.yaml", {"apiVersion": "concordat/v1", "kind": "Partner", "id": "publisher", "name": "Publisher", "sector": "public",
                                               "contacts": [{"role": "data-steward", "post": "Officer", "email": "a@publisher.example"}]})

    def write(self, path, document):
        (self.folder / path).write_text(json.dumps(document, indent=1))

    def add_list(self, name, column, values):
        (self.folder / "lists" / name).write_text("\n".join([column, *values]) + "\n")

    def add(self, name, fields, rules=(), mapping=None, schedule=None, adapter=None):
        self.write(f"contracts/{name}.odcs.yaml", {"version": "1.0.0", "apiVersion": "v3.1.0", "kind": "DataContract", "id": f"real-{name}", "name": name, "status": "active",
                                                   "schema": [{"name": name, "logicalType": "object", "properties": fields, "quality": list(rules)}]})
        feed = {"apiVersion": "concordat/v1", "kind": "Feed", "id": name.replace("_", "-"), "partner": "publisher", "dataset": name, "adapter": adapter or {"plugin": "delimited"}}
        if mapping:
            feed["mapping"] = mapping
        if schedule:
            feed["schedule"] = schedule
        self.write(f"feeds/{name}.yaml", feed)
