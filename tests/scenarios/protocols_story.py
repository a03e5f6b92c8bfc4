"""The protocols delivered in policies/, signed by everybody and asked under every share: what leaves, and what does not."""
import csv
import io
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import SOURCE, Host  # noqa: E402

DELEGATES = {
    "constabulary": "dana", "county-council": "drew", "fire-and-rescue": "fern", "bus-operator": "bea",
    "voluntary-action": "val", "health-body": "hugh",
}
STEWARDS = {
    "constabulary": "pat", "county-council": "sam", "fire-and-rescue": "fay", "bus-operator": "ben",
    "voluntary-action": "vic", "health-body": "hal",
}
SIGNER = ["--name", "A. Person", "--post", "Director", "--authority", "Scheme of delegation 4.2"]
RELEVANT = ["constabulary", "county-council", "fire-and-rescue", "health-body"]
QUARTERLY = ["--protocol", "crime-and-disorder-quarterly", "--purpose", "crime-and-disorder-reduction"]
VISITS = ["fire_incidents", "--protocol", "fire-safety-visits", "--purpose", "fire-prevention"]


def admissions(path):
    """Two admissions for assault from one place: too few to be told."""
    lines = ["Admission,Admitted,Cause group,Postcode district"]
    places = ["DV1"] * 60 + ["DV2"] * 45 + ["DV3"] * 30
    for number, place in enumerate(places):
        cause = "assault" if number % 3 == 0 and place != "DV3" or number in (105, 106) else "alcohol-drugs"
        lines.append(f"A{number:07d},{number % 28 + 1:02d}/05/2026,{cause},{place}")
    path.write_text("\n".join(lines) + "\n")


def collisions(path, areas):
    chance = random.Random(4)
    lines = ["Reference,Date and time,LSOA,Killed,Serious,Slight"]
    for number in range(200):
        lines.append(f"2026-{number:06d},{chance.randint(1, 28):02d}/05/2026 08:15,{chance.choice(areas)},0,{chance.randint(0, 1)},1")
    path.write_text("\n".join(lines) + "\n")


class ProtocolsStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        subprocess.run([sys.executable, "-B", SOURCE / "tools/samples/generate.py", cls.folder], check=True)
        with (cls.folder / "area_lookup.csv").open() as lookup:
            cls.ward_of = {row["LSOA11CD"]: row["WD19CD"] for row in csv.DictReader(lookup)}
        admissions(cls.folder / "admissions.csv")
        collisions(cls.folder / "collisions.csv", sorted(cls.ward_of))
        cls.host = Host()
        cls.host.__enter__()
        truths = json.loads((cls.folder / "truth.json").read_text())
        jobs = [(feed, truth["file"], truth["period"]) for feed, truth in truths.items()]
        jobs += [("health-body-admissions", "admissions.csv", "2026/27-Q1"), ("county-council-collisions", "collisions.csv", "2026/27-Q1")]
        for feed, file, period in jobs:
            giver = next(partner for partner in STEWARDS if feed.startswith(partner))
            cls.host.as_(f"{giver}-steward-{STEWARDS[giver]}", "submit", cls.folder / file, "--feed", feed, "--period", period, check=0)
        # The charter last: nothing that stands under it works before.
        cls.documents = sorted((cls.host.policies / "protocols").glob("*.yaml"), key=lambda path: path.stem == "partnership-charter")
        for document in cls.documents:
            if document.stem == "partnership-charter":
                cls.before_charter = cls.ask("county-council", "street_crime", *QUARTERLY, "--form", "records")
            for partner in re.findall(r"- \{partner: ([a-z-]+)", document.read_text()):
                cls.host.as_(f"{partner}-delegate-{DELEGATES[partner]}", "protocol", "sign", document.stem, *SIGNER, check=0)

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        cls.temporary.cleanup()

    @classmethod
    def ask(cls, partner, *arguments, who=None):
        """(ruling, receipt, rows)"""
        output = cls.folder / "rows.csv"
        output.unlink(missing_ok=True)
        who = who or f"{partner}-steward-{STEWARDS[partner]}"
        answer = cls.host.json_as(who, "exchange", *arguments, "-o", output)
        rows = list(csv.DictReader(io.StringIO(output.read_text(), newline=""))) if output.exists() else None
        return answer["ruling"], answer["receipt"], rows

    def given(self, partner, *arguments, who=None):
        ruling, _, rows = self.ask(partner, *arguments, who=who)
        self.assertEqual(ruling["decision"], "permit", ruling)
        return rows

    def test_nothing_leaves_under_a_charter_that_is_not_signed(self):
        ruling, _, rows = self.before_charter
        self.assertEqual((ruling["cause"], ruling["clause"], rows), ("not_adopted", "crime-and-disorder-quarterly/parent", None))

    def test_all_are_in_force_and_documented_without_gaps(self):
        states = {row["id"]: row["state"] for row in self.host.json_as("constabulary-delegate-dana", "protocol", "status", check=0)}
        self.assertEqual(states, {document.stem: "in_force" for document in self.documents})
        for document in self.documents:
            if document.stem == "asb-hotspots":
                continue
            checklist = self.host.as_("county-council-delegate-drew", "protocol", "export", document.stem, "--as", "ico")
            if checklist.returncode:  # not a party to it
                checklist = self.host.as_("voluntary-action-delegate-val", "protocol", "export", document.stem, "--as", "ico", check=0)
            self.assertTrue(checklist.stdout.endswith("## Gaps\n\nNone found.\n"), checklist.stdout[-300:])

    def test_relevant_authorities_get_crimes_by_month_kind_and_ward(self):
        for partner in RELEVANT[1:]:
            rows = self.given(partner, "street_crime", *QUARTERLY, "--form", "records")
            self.assertEqual(list(rows[0]), ["month", "crime_type", "lsoa_code"])
            self.assertLessEqual({row["lsoa_code"] for row in rows}, {*self.ward_of.values(), ""})
            self.assertNotIn("Violence and sexual offences", {row["crime_type"] for row in rows})
            counts = self.given(partner, "street_crime", *QUARTERLY, "--form", "aggregate")
            self.assertEqual(list(counts[0]), ["district", "month", "offences"])

    def test_too_few_admissions_are_not_told_nor_shown_by_totals(self):
        rows = self.given("constabulary", "hospital_admissions", *QUARTERLY)
        figures = {(row["outward_postcode"], row["admitted_on"], row["cause_group"]): row["admissions"] for row in rows}
        self.assertEqual(figures["DV3", "2026-Q2", "assault"], "[c]")
        self.assertEqual(figures["DV3", "2026-Q2", "alcohol-drugs"], "[c]", "with the total of DV3 it would tell")
        self.assertEqual(figures["[total]", "[total]", "[total]"], "135")
        others = [figures[place, "2026-Q2", "assault"] for place in ("DV1", "DV2")]
        self.assertIn("[c]", others, "with the total of assaults the others would tell")

    def test_voluntary_bodies_get_counts_and_never_records(self):
        ask = ["street_crime", "--protocol", "asb-counts-to-voluntary", "--purpose", "community-safety-projects"]
        rows = self.given("voluntary-action", *ask)
        self.assertEqual(list(rows[0]), ["ward", "month", "incidents"])
        ruling, _, rows = self.ask("voluntary-action", *ask, "--form", "records")
        self.assertEqual((ruling["cause"], rows), ("form", None))

    def test_calls_leave_in_groups_of_five_and_in_an_emergency_to_a_delegate(self):
        rows = self.given("health-body", *VISITS)
        self.assertEqual(list(rows[0]), ["called_at", "lsoa_code", "pumps"])
        groups = [(row["called_at"], row["lsoa_code"]) for row in rows]
        self.assertGreaterEqual(min(groups.count(group) for group in set(groups)), 5)
        drew = "county-council-delegate-drew"
        self.assertEqual(self.ask("county-council", *VISITS, who=drew)[0]["cause"], "role")
        emergency = ["--emergency", "--emergency-person", "Duty director", "--emergency-basis", "art6.1.d", "--reason", "three fatal fires"]
        urgent = self.given("county-council", *VISITS, *emergency, who=drew)
        self.assertEqual(len(urgent), len(rows), "an emergency passes over the role, not over the duties")
        narrower = ["fire_incidents", "--protocol", "fire-safety-visits-home-support", "--purpose", "fire-prevention"]
        less = self.given("county-council", *narrower)
        self.assertEqual((list(less[0]), len(less)), (["called_at", "lsoa_code"], len(rows)))

    def test_a_search_is_never_told_alone(self):
        ask = ["stop_and_search", "--protocol", "stop-and-search-scrutiny", "--purpose", "scrutiny-of-police-powers"]
        rows = self.given("county-council", *ask)
        groups = [(row["searched_at"], row["age_range"], row["officer_defined_ethnicity"]) for row in rows]
        self.assertGreaterEqual(min(groups.count(group) for group in set(groups)), 5)
        self.assertEqual(self.ask("county-council", *ask, "--form", "aggregate")[0]["cause"], "form")
        self.assertEqual(list(self.given("voluntary-action", *ask)[0]), ["age_range", "officer_defined_ethnicity", "searched_at", "searches"])

    def test_an_old_list_travels_with_its_caveat(self):
        ruling, receipt, rows = self.ask("health-body", "food_banks", "--protocol", "food-support", "--purpose", "food-support")
        self.assertTrue(any("timeliness >= 90 is needed" in caveat for caveat in ruling["caveats"]), ruling)
        self.assertNotIn("contact", rows[0])
        self.assertEqual({int(row["parcels"]) % 10 for row in rows if row["parcels"]}, {0})
        owed = self.host.as_("health-body-steward-hal", "feed", "due", check=0).stdout
        self.assertIn("deletion certificate by health-body: food_banks, under food-support", owed)


if __name__ == "__main__":
    unittest.main()
