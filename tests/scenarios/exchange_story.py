"""One agreement over a real host: denied until signed, then exactly what was agreed; every denial with its clause and a receipt."""
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
ASK = ["street_crime", "--protocol", "asb-hotspots", "--purpose", "dpv:PublicSafety"]
AUTHORITY = ["--name", "A. Person", "--post", "Director", "--authority", "Scheme of delegation 4.2"]


class ExchangeStory(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.host = Host()
        self.host.__enter__()
        rows = [crime(i) for i in range(1, 41)] + [crime(i, kind="Violence and sexual offences") for i in range(41, 51)]
        self.submit(rows)

    def tearDown(self):
        self.host.__exit__()
        self.temporary.cleanup()

    def submit(self, rows, *more):
        return self.host.json_as(STEWARD, "submit", write(self.folder, "crime.csv", rows), "--feed", FEED, "--period", "2026-05", *more)

    def sign_both(self):
        for delegate in ("constabulary-delegate-dana", "county-council-delegate-drew"):
            self.host.as_(delegate, "protocol", "sign", "asb-hotspots", *AUTHORITY, check=0)

    def exchange(self, who=ANALYST, ask=ASK, *more):
        """(exit code, ruling, receipt, rows)"""
        output = self.folder / "rows.csv"
        output.unlink(missing_ok=True)
        done = self.host.as_(who, "exchange", *ask, "-o", output, "--receipt", self.folder / "receipt.json", "--json", *more)
        self.assertTrue(done.stdout, done.stderr)
        answer = json.loads(done.stdout)
        rows = list(csv.DictReader(output.open())) if output.exists() else None
        return done.returncode, answer["ruling"], answer["receipt"], rows

    def denied(self, cause, who=ANALYST, ask=ASK, *more):
        code, ruling, receipt, rows = self.exchange(who, ask, *more)
        self.assertEqual((code, ruling["decision"], ruling["cause"], rows), (1, "deny", cause, None), ruling)
        self.assertEqual((receipt["kind"], receipt["decision"]), ("refusal", "deny"))
        self.assertTrue(ruling["clause"] or cause == "no_protocol")
        run("receipt", "verify", self.folder / "receipt.json", "--host-key", self.host.public_key, check=0)
        explained = json.loads(self.host.as_(who, "explain", *ask, "--json", *more, check=1).stdout)
        self.assertEqual((explained["cause"], explained["clause"]), (ruling["cause"], ruling["clause"]))

    def test_nothing_leaves_before_both_have_signed(self):
        self.denied("not_adopted")
        self.host.as_("constabulary-delegate-dana", "protocol", "sign", "asb-hotspots", *AUTHORITY, check=0)
        self.denied("not_adopted")
        self.host.as_("county-council-delegate-drew", "protocol", "sign", "asb-hotspots", *AUTHORITY, check=0)
        self.assertEqual(self.exchange()[0], 0)
        self.host.as_("constabulary-delegate-dana", "protocol", "revoke", "asb-hotspots", "--reason", "ended", check=0)
        self.denied("not_in_force")

    def test_a_delegates_certificate_is_enough_to_sign(self):
        signed = self.host.json_as("constabulary-delegate-dana", "protocol", "sign", "asb-hotspots", check=0)["signatures"][0]
        self.assertEqual((signed["name"], signed["post"]), ("dana", "delegate"))
        self.assertIn(signed["signer"], signed["authority"])

    def test_exactly_what_was_agreed_leaves(self):
        self.sign_both()
        code, ruling, receipt, rows = self.exchange()
        self.assertEqual((code, ruling["decision"]), (0, "permit"))
        self.assertEqual(list(rows[0]), ["crime_id", "month", "crime_type", "lsoa_code"])
        self.assertEqual(len(rows), 40, "the row condition leaves violence out")
        self.assertNotIn("Violence and sexual offences", {row["crime_type"] for row in rows})
        original = {f"{number:064x}" for number in range(1, 51)}
        self.assertFalse(original & {row["crime_id"] for row in rows}, "identifiers are pseudonyms")
        self.assertEqual(len({row["crime_id"] for row in rows}), 40)
        again = self.exchange()[3]
        self.assertEqual([row["crime_id"] for row in rows], [row["crime_id"] for row in again], "a pseudonym is stable under one protocol")
        self.assertEqual((receipt["kind"], receipt["records"]), ("disclosure", {"released": 40}))
        run("receipt", "verify", self.folder / "receipt.json", "--host-key", self.host.public_key, check=0)

    def test_select_and_where_stay_within_what_is_released(self):
        self.sign_both()
        rows = self.exchange(ANALYST, ASK, "--select", "month,crime_type", "--where", 'record.crime_type == "Burglary"')[3]
        self.assertEqual((list(rows[0]), len(rows)), (["month", "crime_type"], 40))
        self.denied("field_not_shared", ANALYST, ASK, "--select", "lsoa_name")
        self.denied("where_not_released", ANALYST, ASK, "--where", 'record.location == "On or near High Street"')
        code, _, _, rows = self.exchange(ANALYST, ASK, "--where", f'record.crime_id == "{1:064x}"')
        self.assertEqual((code, rows), (0, []), "where sees what leaves, the pseudonym, and not what is behind it")

    def test_each_other_request_is_denied_with_its_cause(self):
        self.sign_both()
        self.denied("purpose", ANALYST, ["street_crime", "--protocol", "asb-hotspots", "--purpose", "dpv:Marketing"])
        self.denied("no_protocol", ANALYST, ["street_crime", "--protocol", "unknown", "--purpose", "dpv:PublicSafety"])
        self.denied("not_a_party", "voluntary-action-steward-vic")
        self.denied("role", "county-council-delegate-drew")

    def change_policy(self, old, new):
        path = self.host.policies / "protocols" / "asb-hotspots.yaml"
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))
        self.host.admin("host", "reload", check=0)

    def test_an_expired_protocol_is_not_in_force(self):
        self.change_policy("until: 2028-03-31, review: 2027-03-31", "until: 2026-05-31, review: 2026-05-30")
        self.sign_both()
        self.denied("not_in_force")

    def test_a_signature_is_for_the_document_that_was_read(self):
        self.sign_both()
        self.change_policy("month: release", "month: release\n      location: release")
        self.denied("not_adopted")

    def test_an_attribute_that_nobody_knows_denies(self):
        self.change_policy('when: request.role in ["analyst", "steward"]', 'when: request.attributes.vetted == "yes"')
        self.sign_both()
        self.denied("condition_failed")
        self.assertEqual(self.exchange(ANALYST, ASK, "--attribute", "vetted=yes")[0], 0)

    def test_data_below_the_agreed_quality_does_not_leave(self):
        self.change_policy("conformity: 90", "conformity: 99")
        self.sign_both()
        bad = [crime(i) for i in range(1, 41)] + [crime(i, lsoa="unknown") for i in range(100, 160)]
        self.submit(bad, "--reason", "a bad month")
        self.denied("quality")


if __name__ == "__main__":
    unittest.main()
