"""The life of one agreement over a real host: proposed, rejected, signed version by version, drifting, expiring, exported, tried before it is signed."""
import csv
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, run  # noqa: E402
from submission_story import FEED, STEWARD, crime, write  # noqa: E402

ANALYST = "county-council-analyst-alex"
POLICE = "constabulary-delegate-dana"
COUNCIL = "county-council-delegate-drew"
ID = "asb-hotspots"
ASK = ["street_crime", "--protocol", ID, "--purpose", "dpv:PublicSafety"]
SIGNER = ["--name", "A. Person", "--post", "Director", "--authority", "Scheme of delegation 4.2"]


class AgreementStory(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.host = Host()
        self.host.__enter__()
        self.document = self.host.policies / "protocols" / f"{ID}.yaml"
        rows = [crime(i) for i in range(1, 41)] + [crime(i, kind="Violence and sexual offences") for i in range(41, 51)]
        self.host.as_(STEWARD, "submit", write(self.folder, "crime.csv", rows), "--feed", FEED, "--period", "2026-05", check=0)

    def tearDown(self):
        self.host.__exit__()
        self.temporary.cleanup()

    def text(self, *changes):
        """The first version's text with each (old, new) replaced."""
        text = self.document.read_text()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        return text

    def version_two(self, *changes):
        return self.file("two.yaml", self.text(("version: 1.0.0", "version: 2.0.0"), ("month: release", "month: release\n      location: release"), *changes))

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def edit(self, *changes):
        self.document.write_text(self.text(*changes))
        self.host.admin("host", "reload", check=0)

    def sign(self, who, *more):
        return self.host.as_(who, "protocol", "sign", ID, *SIGNER, *more, check=0)

    def sign_all(self, *more):
        self.sign(POLICE, *more)
        self.sign(COUNCIL, *more)

    def status(self, *more):
        return self.host.json_as(POLICE, "protocol", "status", ID, *more, check=0)

    def states(self):
        return {version["version"]: version["state"] for version in self.status()["versions"]}

    def exchange(self, *more, who=ANALYST):
        """(ruling, columns or None)"""
        output = self.folder / "rows.csv"
        output.unlink(missing_ok=True)
        answer = json.loads(self.host.as_(who, "exchange", *ASK, "-o", output, "--json", *more).stdout)
        return answer["ruling"], next(csv.reader(output.read_text().splitlines())) if output.exists() else None

    def receipts(self):
        return json.loads(self.host.admin("audit", "list", "--json", check=0).stdout)

    def test_the_old_version_stands_until_the_new_one_is_signed_by_all(self):
        self.sign_all()
        done = self.host.json_as(POLICE, "protocol", "propose", self.version_two(), check=0)
        self.assertEqual((done["state"], done["missing"], done["receipt"]["decision"]), ("proposed", ["constabulary", "county-council"], "proposed"))
        listed = {row["version"]: row["state"] for row in self.host.json_as(ANALYST, "protocol", "list") if row["id"] == ID}
        self.assertEqual(listed, {"2.0.0": "proposed", "1.0.0": "in_force"})
        self.host.stop()
        self.host.start()
        self.assertEqual(self.states(), {"2.0.0": "proposed", "1.0.0": "in_force"}, "a proposal outlives a restart")
        ruling, columns = self.exchange()
        self.assertEqual((ruling["decision"], "location" in columns), ("permit", False))
        ruling, columns = self.exchange("--select", "location")
        self.assertEqual((ruling["decision"], ruling["cause"], columns), ("deny", "field_not_shared", None))
        self.assertIn("constabulary, county-council have adopted 1.0.0, not 2.0.0, which adds shares.records-to-council.fields.location", ruling["message"])
        read = self.sign(POLICE)
        self.assertIn("adds field shares.records-to-council.fields.location (release)", read.stderr)
        self.assertIn("version moves from 1.0.0 to 2.0.0", read.stderr)
        self.assertIn("Joint patrols", read.stderr)
        self.assertIn("county-council has adopted 1.0.0, not 2.0.0, which adds", self.exchange("--select", "location")[0]["message"])
        self.assertEqual({party["partner"]: party["version"] for party in self.status()["adopted"]}, {"constabulary": "2.0.0", "county-council": "1.0.0"})
        self.sign(COUNCIL)
        self.assertEqual(self.states(), {"2.0.0": "in_force", "1.0.0": "superseded"})
        ruling, columns = self.exchange("--select", "location")
        self.assertEqual((ruling["decision"], columns), ("permit", ["location"]))
        self.host.as_(POLICE, "protocol", "revoke", ID, "--reason", "ended", check=0)
        self.assertEqual(self.exchange()[0]["cause"], "not_in_force", "what was replaced does not come back")

    def test_a_proposal_with_mistakes_changes_nothing_and_shows_each(self):
        before = json.loads(self.host.admin("policy", "digest", "--policies", self.host.policies, "--json").stdout)
        refused = self.host.as_(POLICE, "protocol", "propose", self.version_two(("location: release", "no_such_field: release")), check=1)
        self.assertRegex(refused.stderr, r"two\.yaml:\d+:\d+: error: .*no_such_field")
        self.assertIn("^", refused.stderr)
        self.assertNotIn("2.0.0", self.states())
        self.assertFalse((self.host.folder / "data" / "proposals").exists() and list((self.host.folder / "data" / "proposals").iterdir()))
        self.assertTrue(before)
        self.assertNotEqual(self.host.as_(STEWARD, "protocol", "propose", self.version_two()).returncode, 0, "a steward proposes nothing")
        stranger = self.version_two(("{partner: county-council, receives: true, role: controller}", "{partner: health-body, receives: true, role: controller}"),
                                    ("to: [county-council]", "to: [health-body]"))
        denied = self.host.as_(COUNCIL, "protocol", "propose", stranger)
        self.assertNotEqual(denied.returncode, 0)
        self.assertIn("county-council is no party", denied.stderr)

    def test_a_proposal_may_be_mended_until_somebody_signs_it(self):
        self.host.as_(POLICE, "protocol", "propose", self.version_two(), check=0)
        mended = self.version_two(("until: 2028-03-31", "until: 2027-12-31"))
        self.host.as_(POLICE, "protocol", "propose", mended, check=0)
        self.assertEqual(self.status()["validity"]["until"], "2027-12-31")
        self.assertNotEqual(self.host.as_(POLICE, "protocol", "propose", mended).returncode, 0, "the same again is no proposal")
        self.sign(POLICE)
        refused = self.host.as_(COUNCIL, "protocol", "propose", self.version_two())
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("has signed", refused.stderr)
        self.assertEqual(self.status()["validity"]["until"], "2027-12-31")

    def test_an_administrator_may_propose_but_not_sign(self):
        done = self.host.admin("protocol", "propose", self.version_two(), check=0)
        self.assertIn("signatures missing: constabulary, county-council", done.stdout)
        self.assertEqual(self.states()["2.0.0"], "proposed")
        self.assertNotEqual(self.host.admin("protocol", "sign", ID).returncode, 0)

    def test_what_changed_in_the_folder_comes_in_by_a_reload_only(self):
        self.document.write_text(self.text(("month: release", "month: release\n      location: release")))
        refused = self.host.as_(POLICE, "protocol", "propose", self.file("two.yaml", self.text(("version: 1.0.0", "version: 2.0.0"))))
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("reload", refused.stderr)

    def test_a_rejection_keeps_it_from_its_quorum_until_the_party_signs(self):
        self.sign(POLICE)
        rejected = self.host.json_as(COUNCIL, "protocol", "reject", ID, "--reason", "the month is too much", check=0)
        self.assertEqual((rejected["state"], rejected["rejections"][0]["reason"]), ("rejected", "the month is too much"))
        self.assertIn("rejected by county-council: the month is too much", self.exchange()[0]["message"])
        self.assertIn("rejected by county-council: the month is too much", self.host.as_(POLICE, "protocol", "status", ID, check=0).stdout)
        self.host.as_(COUNCIL, "protocol", "accept", ID, *SIGNER, check=0)
        self.assertEqual((self.status()["state"], self.status()["rejections"]), ("in_force", []))
        late = self.host.as_(COUNCIL, "protocol", "reject", ID, "--reason", "on second thoughts")
        self.assertNotEqual(late.returncode, 0)
        self.assertIn("revoke", late.stderr)

    def test_under_each_it_binds_those_who_adopted(self):
        self.edit(("signatures: all_controllers", "signatures: each"),
                  ("  - {partner: county-council, receives: true, role: controller}", "  - {partner: county-council, receives: true, role: controller}\n  - {partner: health-body, receives: true, role: controller}"),
                  ("to: [county-council]", "to: [county-council, health-body]"))
        self.sign_all()
        self.assertEqual((self.status()["state"], self.status()["missing"]), ("in_force", ["health-body"]))
        self.assertEqual(self.exchange()[0]["decision"], "permit")
        ruling, _ = self.exchange(who="health-body-steward-hal")
        self.assertEqual(ruling["cause"], "not_adopted")
        self.host.as_(COUNCIL, "protocol", "revoke", ID, "--reason", "left", check=0)
        self.assertEqual(self.exchange()[0]["decision"], "deny")

    def test_expiry_and_an_overdue_review_end_it(self):
        self.edit(("until: 2028-03-31, review: 2027-03-31, grace: P30D", "until: 2028-03-31, review: 2026-05-31, grace: P30D"))
        self.sign_all()
        self.assertEqual((self.status()["state"], self.exchange()[0]["cause"]), ("review_overdue", "review_overdue"))
        self.assertLess(self.status()["daysToReview"], 0)
        self.edit(("until: 2028-03-31, review: 2026-05-31, grace: P30D", "until: 2026-06-01, review: 2026-05-31, grace: P30D"))
        self.assertEqual(self.status()["state"], "draft", "a changed text needs signatures of its own")
        self.sign_all()
        self.assertEqual((self.status()["state"], self.exchange()[0]["cause"]), ("expired", "not_in_force"))
        everything = self.host.json_as(POLICE, "protocol", "status", check=0)
        days = [row["daysToReview"] for row in everything]
        self.assertEqual(days, sorted(days), "soonest review first")

    def test_tests_that_fail_keep_it_out_of_force(self):
        test = self.host.policies / "tests" / "hotspots_test.yaml"
        case = ('apiVersion: concordat/v1\nkind: PolicyTest\nrulings:\n  - request: {partner: county-council, dataset: street_crime, protocol: asb-hotspots, '
                'purpose: "dpv:PublicSafety", role: analyst}\n    expect: {decision: %s}\n')
        test.write_text(case % "deny")
        self.edit(("signatures: all_controllers", "tests: [hotspots_test.yaml]\nsignatures: all_controllers"))
        self.sign_all()
        status = self.status()
        self.assertEqual((status["state"], status["tests"]["state"], status["inForce"]), ("tests_failing", "fail", False))
        self.assertIn("hotspots_test.yaml", status["tests"]["failures"][0])
        self.assertEqual(self.exchange()[0]["clause"], "asb-hotspots/tests")
        test.write_text(case % "permit")
        self.host.admin("host", "reload", check=0)
        self.assertEqual((self.status()["state"], self.status()["tests"]["state"]), ("in_force", "pass"))
        self.assertEqual(self.exchange()[0]["decision"], "permit")

    def test_a_contract_that_changes_under_it_is_told_and_a_break_ends_it(self):
        self.edit(("month: release", "month: release\n      location: release"))
        self.sign_all()
        self.assertEqual(self.status()["drift"], [])
        contract = self.host.policies / "contracts" / "street_crime.odcs.yaml"
        text = contract.read_text()
        self.assertIn("Name of the map point", text)
        contract.write_text(text.replace("Name of the map point", "Name of the nearest map point"))
        self.host.admin("host", "reload", check=0)
        status = self.status()
        self.assertEqual((status["state"], [drift["breaking"] for drift in status["drift"]]), ("in_force", [False, False]))
        self.assertRegex(status["drift"][0]["message"], r"^street_crime changed since constabulary signed on \d{4}-\d\d-\d\d: contract digest sha256:\w+ -> sha256:\w+$")
        self.assertEqual(self.exchange()[0]["decision"], "permit")
        contract.write_text(text.replace("name: location, logicalType: string", "name: location, logicalType: integer"))
        self.host.admin("host", "reload", check=0)
        self.assertEqual(self.status()["state"], "drifted")
        ruling, _ = self.exchange()
        self.assertEqual((ruling["cause"], ruling["clause"]), ("drifted", "asb-hotspots/signatures"))
        self.assertIn("location is now integer, was string", ruling["message"])
        self.sign_all()
        self.assertEqual((self.status()["state"], self.status()["drift"]), ("in_force", []), "signed anew over the changed contract")

    def test_exports_say_what_was_agreed(self):
        offer = json.loads(run("protocol", "export", ID, "--as", "odrl", "--policies", self.host.policies, check=0).stdout)
        self.assertEqual((offer["@context"], offer["@type"]), ("http://www.w3.org/ns/odrl.jsonld", "Offer"))
        self.sign_all()
        agreement = json.loads(self.host.as_(POLICE, "protocol", "export", ID, "--as", "odrl", check=0).stdout)
        self.assertEqual(agreement["@type"], "Agreement")
        self.assertEqual(agreement["permission"][0]["assignee"], "urn:concordat:partner:county-council")
        row = self.folder / "row.csv"
        said = json.loads(self.host.as_(POLICE, "protocol", "export", ID, "--as", "dea", "-o", row, "--json", check=0).stdout)
        self.assertEqual(said["bytes"], row.stat().st_size)
        header, values = list(csv.reader(row.read_text().splitlines()))
        self.assertEqual((len(header), len(values)), (18, 18))
        self.assertEqual(dict(zip(header, values))["review-date"], "2027-03-31")
        checklist = self.host.as_(POLICE, "protocol", "export", ID, "--as", "ico", check=0).stdout
        self.assertIn("A. Person, Director", checklist)
        self.assertIn("## Gaps", checklist)
        page = self.host.as_(POLICE, "protocol", "export", ID, "--as", "public", "--html", check=0).stdout
        self.assertTrue(page.startswith("<!doctype html>"))
        self.assertIn("Derwent Constabulary", page)
        self.assertEqual(page, self.host.as_(POLICE, "protocol", "export", ID, "--as", "public", "--html", check=0).stdout)

    def test_a_protocol_is_tried_before_it_is_signed(self):
        self.sign_all()
        self.assertEqual(self.exchange("--select", "location")[0]["decision"], "deny")
        self.assertEqual(self.exchange("--select", "crime_type")[0]["decision"], "permit")
        before = len(self.receipts())
        report = self.host.json_as(POLICE, "protocol", "simulate", self.version_two(("      crime_type: release\n", "")), check=0)
        self.assertEqual([(row["share"], row["to"], row["rows"], row["fields"], row["suppressed"]) for row in report["shares"]],
                         [("records-to-council", "county-council", 40, 4, 0)])
        self.assertEqual((report["requests"], report["toPermit"], report["toDeny"]), (2, 1, 1))
        self.assertEqual({(change["before"], change["after"]) for change in report["changes"]}, {("deny", "permit"), ("permit", "deny")})
        self.assertEqual(len(self.receipts()), before, "no receipt")
        self.assertEqual(list(self.states()), ["1.0.0"], "nothing of it stays")
        self.assertEqual(self.host.json_as(POLICE, "protocol", "simulate", self.version_two(), "--last", "1", check=0)["requests"], 1)
        self.assertIn("would change to permit", self.host.as_(POLICE, "protocol", "simulate", self.version_two(), check=0).stdout)

    def test_a_partner_sees_what_it_may_ask_for(self):
        mine = [row for row in self.host.json_as(ANALYST, "catalog", "list", "--mine", check=0) if row["protocol"] == ID]
        self.assertEqual([(row["dataset"], row["protocol"], row["share"], row["inForce"]) for row in mine], [("street_crime", ID, "records-to-council", False)])
        self.assertIn("not signed by", mine[0]["why"])
        self.sign_all()
        row = next(row for row in self.host.json_as(ANALYST, "catalog", "list", "--mine", check=0) if row["protocol"] == ID)
        self.assertEqual((row["inForce"], row["form"], row["from"], row["purpose"]), (True, "records", ["constabulary"], "dpv:PublicSafety"))
        self.assertIn({"field": "crime_id", "form": "pseudonymise"}, row["fields"])
        self.assertGreater(row["quality"]["score"], 80)
        self.assertTrue(row["updated"])
        offered = {row["protocol"] for row in self.host.json_as(STEWARD, "catalog", "list", "--mine", check=0)}
        self.assertEqual(offered, {"crime-and-disorder-quarterly"}, "who only gives may ask for nothing")
        self.assertNotEqual(self.host.as_(STEWARD, "catalog", "list", "--mine", "--partner", "county-council").returncode, 0)
        self.assertIn("street_crime", self.host.as_(ANALYST, "catalog", "list", "--mine", check=0).stdout)
        offline = json.loads(run("catalog", "list", "--policies", self.host.policies, "--json", check=0).stdout)
        self.assertIn("street_crime", {row["id"] for row in offline})

    def test_a_reload_is_on_record_with_both_digests(self):
        self.edit(("title: ", "title: Other "))
        subjects = [receipt["subject"] if isinstance(receipt["subject"], str) else json.dumps(receipt["subject"]) for receipt in self.receipts()]
        changed = [subject for subject in subjects if "policies" in subject]
        self.assertEqual(len(changed), 1, subjects)
        self.assertRegex(changed[0], r"reload.*sha256:\w+ -> sha256:\w+")


if __name__ == "__main__":
    unittest.main()
