"""Policies over time on a real host: rules that know the submission before, other policies tried on past submissions, and earlier ones put back."""
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, run  # noqa: E402

STEWARD = "constabulary-steward-pat"
DAY = "2000-01-01"


def rule(identifier, kind, severity="error", **settings):
    return {"id": identifier, "type": "custom", "engine": "concordat", "dimension": "consistency", "severity": severity, "implementation": {"rule": kind, "with": settings}}


AGE = rule("age_range", "range", field="age", min=0, max=120)
HISTORY = [
    rule("steady", "change", "warning", of="rows", max_share="50%"),
    rule("no_gap", "missing_submission", "warning"),
    rule("known_area", "new_category", "warning", field="area"),
]


def write_policies(folder, rules):
    """One partner, one contract (callers), one monthly feed (callers)."""
    properties = [{"name": "id", "logicalType": "string"}, {"name": "area", "logicalType": "string"}, {"name": "age", "logicalType": "integer"}]
    documents = {
        "partnership.yaml": {"apiVersion": "concordat/v1", "kind": "Partnership", "id": "small", "name": "Small", "trustDomain": "derwent.example", "yearStart": "04-01"},
        "partners/constabulary.yaml": {"apiVersion": "concordat/v1", "kind": "Partner", "id": "constabulary", "name": "Constabulary", "sector": "public",
                                       "contacts": [{"role": "data-steward", "post": "Officer", "email": "a@constabulary.example"}]},
        "contracts/callers.odcs.yaml": {"version": "1.0.0", "apiVersion": "v3.1.0", "kind": "DataContract", "id": "callers", "name": "callers", "status": "active",
                                        "schema": [{"name": "callers", "logicalType": "object", "properties": [{**one, "classification": "public"} for one in properties], "quality": rules}]},
        "feeds/callers.yaml": {"apiVersion": "concordat/v1", "kind": "Feed", "id": "callers", "partner": "constabulary", "dataset": "callers", "adapter": {"plugin": "delimited"},
                               "schedule": {"every": "P1M", "due": "P20D"}, "gate": {"reject": {"score": 50}, "quarantine": ["critical", "error"]}},
    }
    for path, document in documents.items():
        (pathlib.Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
        (pathlib.Path(folder) / path).write_text(json.dumps(document, indent=1))


class PolicyLifeStory(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        write_policies(self.folder / "policies", [AGE, *HISTORY])
        self.host = Host(policies=self.folder / "policies")
        self.host.__enter__()
        self.addCleanup(self.host.__exit__)

    def submit(self, period, ages, areas=("North",), check=None):
        path = self.folder / f"{period}.csv"
        path.write_text("id,area,age\n" + "".join(f"{i},{areas[i % len(areas)]},{age}\n" for i, age in enumerate(ages)))
        return self.host.json_as(STEWARD, "submit", path, "--feed", "callers", "--period", period, check=check)

    def statuses(self, result):
        return {one["id"]: one["status"] for one in result["rules"]}

    def admin_json(self, *arguments, check):
        return json.loads(self.host.admin(*arguments, "--json", check=check).stdout)

    def reload(self, rules, check=0):
        write_policies(self.host.policies, rules)
        return self.admin_json("host", "reload", check=check)

    def test_rules_that_know_the_submission_before(self):
        first = self.submit("2026-01", [30] * 100)
        self.assertEqual(self.statuses(first)["steady"], "not_evaluated", "nothing came before")
        steady = self.submit("2026-02", [30] * 120)
        self.assertEqual({one: self.statuses(steady)[one] for one in ("steady", "no_gap", "known_area")},
                         {"steady": "met", "no_gap": "met", "known_area": "met"})
        jump = self.submit("2026-04", [30] * 300, areas=("North", "Atlantis"))
        self.assertEqual(self.statuses(jump)["steady"], "breached")
        self.assertEqual(self.statuses(jump)["no_gap"], "breached", "March is missing")
        self.assertEqual(self.statuses(jump)["known_area"], "breached")
        messages = {one["id"]: one["samples"][0]["message"] for one in jump["rules"] if one["samples"]}
        self.assertIn("from 120 in 2026-02 to 300", messages["steady"])
        self.assertIn("2026-03-01", messages["no_gap"])
        self.assertIn("Atlantis", messages["known_area"])

    def test_other_policies_on_past_submissions(self):
        young = self.submit("2026-01", [30] * 90 + [95] * 10)
        self.submit("2026-02", [30] * 100)
        write_policies(self.folder / "next", [rule("age_range", "range", field="age", min=0, max=90), *HISTORY, rule("area_given", "required", field="area")])
        told = self.admin_json("policy", "replay", self.folder / "next", "--since", DAY, check=1)
        self.assertEqual((told["judged"], told["differ"], told["skipped"]), (2, 2, 0))
        first, second = told["submissions"]
        self.assertEqual((first["submission"], first["before"]["decision"], first["after"]["decision"]), (young["submission"], "accept", "accept_with_quarantine"))
        self.assertEqual((first["before"]["accepted"], first["after"]["accepted"]), (100, 90))
        rules = {one["id"]: one for one in first["rules"]}
        self.assertEqual((rules["age_range"]["before"]["fail"], rules["age_range"]["after"]["fail"]), (0, 10))
        self.assertIsNone(rules["area_given"]["before"], "a new rule has no past")
        self.assertEqual([one["id"] for one in second["rules"]], ["area_given"])
        text = self.host.admin("policy", "replay", self.folder / "next", "--since", DAY, "--feed", "callers", check=1).stdout
        self.assertIn("age_range: met (enforced), 0 failed -> breached (enforced), 10 failed", text)
        # Nothing was stored, and the same policies judge as before.
        self.assertEqual(len(self.host.json_as(STEWARD, "submission", "list", check=0)), 2)
        same = self.admin_json("policy", "replay", self.host.policies, "--since", DAY, check=0)
        self.assertEqual((same["judged"], same["differ"]), (2, 0))
        later = self.admin_json("policy", "replay", self.folder / "next", "--since", "2999-01-01", check=0)
        self.assertEqual(later["judged"], 0)

    def test_a_replay_says_what_it_cannot_do(self):
        sent = self.submit("2026-01", [30] * 10)
        write_policies(self.folder / "bad", [rule("age_range", "range", field="agee", min=0)])
        refused = self.host.admin("policy", "replay", self.folder / "bad", "--since", DAY)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("agee", refused.stderr)
        self.assertEqual(self.host.admin("policy", "replay", self.host.policies, "--since", "soon").returncode, 3)
        self.assertIn("no such folder", self.host.admin("policy", "replay", self.folder / "nxet", "--since", DAY, check=3).stderr)
        self.assertEqual(self.host.as_(STEWARD, "policy", "replay", self.host.policies, "--since", DAY).returncode, 1, "a steward is no administrator")
        next((self.host.folder / "data" / "sources").glob(sent["submission"])).unlink()
        told = self.admin_json("policy", "replay", self.host.policies, "--since", DAY, check=0)
        self.assertIn("no longer kept", told["submissions"][0]["skipped"])

    def test_earlier_policies_are_put_back_and_stay(self):
        first = self.admin_json("policy", "history", check=0)
        self.assertEqual([(one["how"], one["inForce"]) for one in first], [("start", True)])
        strict = [rule("age_range", "range", field="age", min=0, max=20), *HISTORY]
        self.assertTrue(self.reload(strict)["reloaded"])
        self.assertEqual(self.submit("2026-01", [30] * 10)["decision"], "reject")
        back = self.admin_json("policy", "rollback", first[0]["digest"][:15], "--reason", "refuses honest records", check=0)
        self.assertEqual(back["now"], first[0]["digest"])
        self.assertEqual(self.submit("2026-01", [30] * 10)["decision"], "accept")
        self.host.stop()
        self.host.start()
        now = self.admin_json("policy", "history", check=0)
        self.assertEqual([(one["how"], one["reason"], one["inForce"]) for one in now],
                         [("rollback", "refuses honest records", True), ("reload", "", False), ("start", "", False)], "a restart changes nothing")
        self.assertEqual(self.admin_json("host", "status", check=0)["policyDigest"], first[0]["digest"])
        # A reload is a decision, too: the folder's policies are in force again.
        self.admin_json("host", "reload", check=0)
        self.assertEqual(self.submit("2026-02", [30] * 10)["decision"], "reject")
        # What a digest stood for can still be tried on past submissions.
        told = self.admin_json("policy", "replay", first[0]["digest"], "--since", DAY, check=1)
        self.assertEqual({(one["period"], one["after"]["decision"]) for one in told["submissions"] if one["differs"]}, {("2026-01", "accept"), ("2026-02", "accept")})

    def test_a_changed_folder_ends_a_rollback_at_the_next_start(self):
        first = self.admin_json("policy", "history", check=0)[0]["digest"]
        self.reload([AGE])
        self.admin_json("policy", "rollback", first, "--reason", "too early", check=0)
        self.host.stop()
        write_policies(self.host.policies, [AGE, *HISTORY[:1]])
        self.host.start()
        newest = self.admin_json("policy", "history", check=0)[0]
        self.assertEqual((newest["how"], newest["digest"] == first), ("start", False))

    def test_a_reload_that_cannot_be_says_why(self):
        before = self.admin_json("host", "status", check=0)["policyDigest"]
        told = self.reload([rule("age_range", "range", field="agee", min=0)], check=1)
        self.assertEqual((told["reloaded"], told["now"]), (False, before))
        self.assertIn("have mistakes; nothing changed", told["why"])
        write_policies(self.host.policies, [AGE])
        text = (self.host.policies / "partnership.yaml").read_text()
        (self.host.policies / "partnership.yaml").write_text(text.replace("derwent.example", "other.example"))
        self.assertIn("needs a restart", self.host.admin("host", "reload", check=1).stderr)
        self.assertEqual(len(self.admin_json("policy", "history", check=0)), 1)

    def test_a_rollback_that_cannot_be(self):
        unknown = self.host.admin("policy", "rollback", "sha256:0000000000", "--reason", "why")
        self.assertEqual(unknown.returncode, 3)
        self.assertIn("no policies of this host", unknown.stderr)
        here = self.admin_json("policy", "history", check=0)[0]["digest"]
        self.assertIn("in force already", self.host.admin("policy", "rollback", here, "--reason", "why").stderr)
        self.assertIn("--reason", self.host.admin("policy", "rollback", here, "--reason", "").stderr)


if __name__ == "__main__":
    unittest.main()
