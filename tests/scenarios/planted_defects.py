"""What tools/samples planted is found, rule by rule and nothing besides, by a check and by a host."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import SOURCE, Host, run  # noqa: E402

STEWARDS = {
    "constabulary": "constabulary-steward-pat", "county-council": "county-council-steward-sam",
    "fire-and-rescue": "fire-and-rescue-steward-fay", "bus-operator": "bus-operator-steward-ben",
    "voluntary-action": "voluntary-action-steward-vic", "health-body": "health-body-steward-hal",
}
# The samples are submitted long after they were due.
LATE = {"on_time": 1}


def fails(judged):
    return {rule["id"]: rule["fail"] for rule in judged["rules"] if rule["fail"]}


def without(rules, *names):
    return {rule: count for rule, count in rules.items() if rule not in names}


class PlantedDefects(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        subprocess.run([sys.executable, "-B", SOURCE / "tools/samples/generate.py", cls.folder], check=True)
        cls.truths = json.loads((cls.folder / "truth.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def assert_found(self, judged, truth, expected):
        self.assertEqual(judged["records"], truth["records"])
        self.assertEqual(fails(judged), expected)
        self.assertEqual([rule["id"] for rule in judged["rules"] if rule["error"]], [])

    def test_a_check_finds_what_was_planted(self):
        self.assertGreaterEqual(len(self.truths), 8)
        for feed, truth in self.truths.items():
            with self.subTest(feed):
                self.assertGreaterEqual(len(truth["rules"]), 5)
                done = run("check", self.folder / truth["file"], "--feed", feed, "--period", truth["period"],
                           "--as-of", truth["as_of"], "--policies", SOURCE / "policies", "--json", check=0)
                self.assert_found(json.loads(done.stdout), truth, truth["rules"])

    def test_a_host_finds_it_too_and_knows_other_datasets(self):
        with Host() as host:
            for feed, truth in self.truths.items():
                with self.subTest(feed):
                    steward = next(who for partner, who in STEWARDS.items() if feed.startswith(partner))
                    judged = host.json_as(steward, "submit", self.folder / truth["file"], "--feed", feed,
                                          "--period", truth["period"], check=0)
                    self.assertEqual(judged["decision"], "accept_with_quarantine")
                    self.assertEqual(without(fails(judged), *LATE), truth["rules"] | truth["on_host"])
                    self.assert_found(judged, truth, fails(judged))

    def test_a_quarter_is_received_under_either_of_its_names(self):
        with Host() as host:
            steward = STEWARDS["county-council"]
            host.as_(steward, "submit", self.folder / "council_spend.csv", "--feed", "county-council-spend",
                     "--period", "2026-Q1", check=0)
            due = host.json_as(steward, "feed", "due", check=0)
            owed = [item["period"]["id"] for item in due["owed"] if item["feed"] == "county-council-spend"]
            self.assertNotIn("2025/26-Q4", owed)
            self.assertTrue(owed)


if __name__ == "__main__":
    unittest.main()
