"""A partner's odd file over a real host by mapping alone: a wide table, codes, two datasets from one file, mending what could not be mapped."""
import csv
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host  # noqa: E402

STEWARD = "county-council-steward-sam"
ADMIN_HEAD = {"apiVersion": "concordat/v1", "kind": "Feed", "partner": "county-council"}


def contract(name, properties):
    return {"apiVersion": "v3.1.0", "kind": "DataContract", "id": f"story-{name}", "name": name, "version": "1.0.0", "status": "active",
            "schema": [{"name": name, "logicalType": "object", "properties": properties}]}


def text(name, **keys):
    return {"name": name, "logicalType": "string", "classification": "internal", **keys}


WIDE = """Area,Type,Q1 2025,Q2 2025,Note
North,A,1,2,
,B,3,x,
South,Z,5,6,
Total,,9,8,
"""


class MappingStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(staff=("county-council steward sam",))
        folder = cls.host.policies
        number = {"name": "value", "logicalType": "number", "classification": "confidential"}
        (folder / "contracts" / "figures.odcs.yaml").write_text(json.dumps(contract("figures", [text("area", required=True), text("kind"), text("year"), text("quarter"), number])))
        (folder / "contracts" / "areas.odcs.yaml").write_text(json.dumps(contract("areas", [text("area", required=True)])))
        (folder / "feeds" / "council-figures.yaml").write_text(json.dumps({
            **ADMIN_HEAD, "id": "council-figures", "dataset": "figures", "adapter": {"plugin": "delimited"},
            "fill_down": ["Area"], "rows": 'source["Area"] != "Total"', "unpivot": {"columns": r"Q(?P<quarter>[1-4]) (?P<year>\d{4})", "value_to": "value"},
            "mapping": {"kind": {"from": "Type", "codes": {"A": "adults", "B": "children"}}}}))
        (folder / "feeds" / "council-areas.yaml").write_text(json.dumps({
            **ADMIN_HEAD, "id": "council-areas", "dataset": "areas", "same_file_as": "council-figures", "rows": 'source["Area"] != "" && source["Area"] != "Total"'}))
        (folder / "contracts" / "area_names.odcs.yaml").write_text(json.dumps(contract("area_names", [text("code", required=True), text("name")])))
        (folder / "contracts" / "visits_by_area.odcs.yaml").write_text(json.dumps(contract("visits_by_area", [text("area"), text("visit", required=True)])))
        (folder / "feeds" / "council-names.yaml").write_text(json.dumps({**ADMIN_HEAD, "id": "council-names", "dataset": "area_names", "adapter": {"plugin": "delimited"}}))
        (folder / "feeds" / "council-visits.yaml").write_text(json.dumps({
            **ADMIN_HEAD, "id": "council-visits", "dataset": "visits_by_area", "adapter": {"plugin": "delimited"},
            "mapping": {"area": {"from": "Code", "codes": {"dataset": "area_names", "from": "code", "to": "name"}}}}))
        cls.host.__enter__()
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        cls.temporary.cleanup()

    def write(self, name, content):
        path = self.folder / name
        path.write_text(content)
        return path

    def test_one_file_becomes_two_submissions_and_what_was_not_mapped_is_mended(self):
        path = self.write("wide.csv", WIDE)
        receipt = self.folder / "receipt.json"
        result = self.host.json_as(STEWARD, "submit", path, "--feed", "council-figures", "--period", "2025-12", "--receipt", receipt, check=0)
        # Three areas' rows of two quarters: the code Z and the value x are held back.
        self.assertEqual(result["records"], {"total": 6, "accepted": 3, "quarantined": 3, "unreadable": 0, "blank": 0, "leftOut": 1})
        rules = {rule["id"]: rule for rule in result["rules"]}
        self.assertEqual((rules["kind_mapping"]["fail"], rules["value_type"]["fail"]), (2, 1))
        self.assertEqual(rules["kind_mapping"]["samples"][0]["values"], {"kind": "Z"})
        [areas] = result["outputs"]
        self.assertEqual((areas["feed"], areas["decision"], areas["records"]["accepted"], areas["records"]["leftOut"]), ("council-areas", "accept", 2, 2))
        self.assertNotEqual(areas["submission"], result["submission"])
        of_areas = json.loads((self.folder / "receipt.council-areas.json").read_text())
        self.assertEqual((of_areas["id"], json.loads(receipt.read_text())["id"]), (areas["receipt"], result["receipt"]))
        # Again: both first receipts.
        again = self.host.json_as(STEWARD, "submit", path, "--feed", "council-figures", "--period", "2025-12", check=0)
        self.assertEqual((again["receipt"], again["outputs"][0]["receipt"]), (result["receipt"], areas["receipt"]))

        to_mend = self.folder / "to-mend.csv"
        self.host.as_(STEWARD, "submission", "findings", result["submission"], "--to-mend", to_mend, check=0)
        with open(to_mend, newline="") as lines:
            rows = list(csv.DictReader(lines))
        self.assertEqual([(row["Area"], row["Type"], row["quarter"], row["year"], row["value"], row["_record"]) for row in rows],
                         [("North", "B", "2", "2025", "x", "4"), ("South", "Z", "1", "2025", "5", "5"), ("South", "Z", "2", "2025", "6", "6")])
        for row in rows:
            row["Type"] = row["Type"].replace("Z", "A")
            row["value"] = row["value"].replace("x", "4")
        with open(to_mend, "w", newline="") as lines:
            writer = csv.DictWriter(lines, rows[0].keys())
            writer.writeheader()
            writer.writerows(rows)
        mended = self.host.json_as(STEWARD, "submission", "mend", result["submission"], to_mend, check=0)
        self.assertEqual((mended["decision"], mended["records"]["accepted"], mended["supersedes"]), ("accept", 6, result["submission"]))
        self.assertNotIn("outputs", mended)

    def test_a_reason_that_one_output_needs_refuses_all(self):
        first = self.write("first.csv", WIDE.replace("x", "1").replace("Z", "A"))
        self.host.json_as(STEWARD, "submit", first, "--feed", "council-areas", "--period", "2025-11", check=0)
        second = self.write("second.csv", WIDE.replace("x", "7").replace("Z", "B"))
        refused = self.host.as_(STEWARD, "submit", second, "--feed", "council-figures", "--period", "2025-11")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("council-areas already has submission", refused.stderr)
        listed = self.host.json_as(STEWARD, "submission", "list", "--feed", "council-figures", "--period", "2025-11", check=0)
        self.assertEqual(listed, [])
        both = self.host.json_as(STEWARD, "submit", second, "--feed", "council-figures", "--period", "2025-11", "--reason", "the council sent more", check=0)
        self.assertEqual(both["outputs"][0]["decision"], "accept")

    def test_codes_are_looked_up_in_what_another_feed_submitted(self):
        names = self.write("names.csv", "code,name\nN,North\nS,South\n")
        visits = self.write("visits.csv", "Code,Visit\nN,1\nX,2\nS,3\n")
        self.host.json_as(STEWARD, "submit", names, "--feed", "council-names", "--period", "2025-10", check=0)
        result = self.host.json_as(STEWARD, "submit", visits, "--feed", "council-visits", "--period", "2025-10", check=0)
        rules = {rule["id"]: rule for rule in result["rules"]}
        self.assertEqual((result["records"]["accepted"], rules["area_mapping"]["fail"]), (2, 1))
        self.assertIn('is not one of the 2 codes of dataset area_names', rules["area_mapping"]["samples"][0]["message"])
        offline = self.host.run("check", visits, "--feed", "council-visits", "--policies", self.host.policies)
        self.assertEqual(offline.returncode, 2)
        self.assertIn("only the host has", offline.stderr)

    def test_an_absent_column_is_the_first_reason(self):
        path = self.write("drift.csv", "Aera,Type,Q1 2025\nNorth,A,1\n")
        checked = self.host.as_(STEWARD, "check", path, "--feed", "council-figures", "--json")
        result = json.loads(checked.stdout)
        self.assertIn('"Aera"', json.dumps(result["reasons"][0]).replace('\\"', '"'))


if __name__ == "__main__":
    unittest.main()
