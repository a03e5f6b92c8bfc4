"""What is owed after a release, over a real host: corrections reach whoever holds the old record, doubts reach the supplier and
count in the accuracy, and each is closed with evidence and a receipt."""
import hashlib
import json
import pathlib
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, run  # noqa: E402
from exchange_story import ANALYST, ASK, AUTHORITY  # noqa: E402
from submission_story import FEED, STEWARD, crime, write  # noqa: E402

COUNCIL = "county-council-steward-sam"
KEY = f"{7:064x}"
KINDS = {"submission", "deletion_certificate", "emergency_review", "rectification", "dispute"}


class ObligationsStory(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.host = Host()
        self.host.__enter__()
        self.first = self.submit([crime(i) for i in range(1, 41)])
        for delegate in ("constabulary-delegate-dana", "county-council-delegate-drew"):
            self.host.as_(delegate, "protocol", "sign", "asb-hotspots", *AUTHORITY, check=0)

    def tearDown(self):
        self.host.__exit__()
        self.temporary.cleanup()

    def submit(self, rows, *more):
        return self.host.json_as(STEWARD, "submit", write(self.folder, "crime.csv", rows), "--feed", FEED, "--period", "2026-05", *more)

    def exchange(self):
        """(the council's rows by their line in the source, the receipt's id)"""
        output = self.folder / "rows.csv"
        answer = self.host.json_as(ANALYST, "exchange", *ASK, "-o", output, check=0)
        lines = output.read_text().splitlines()
        names = lines[0].split(",")
        return [dict(zip(names, line.split(","))) for line in lines[1:]], answer["receipt"]["id"]

    def due(self, who, *more, kinds=("rectification", "dispute")):
        return [item for item in self.host.json_as(who, "due", "list", *more, check=0) if item["kind"] in kinds]

    def correct(self):
        rows = [crime(i) for i in range(1, 41)]
        rows[6] = crime(7, lsoa="E01019401")
        return self.submit(rows, "--reason", "one place was wrong")

    def receipt_of(self, answer, who):
        """Fetches nothing twice: the receipt in the answer is whole, and the host's key verifies it."""
        path = self.folder / "receipt.json"
        path.write_text(json.dumps(answer["receipt"]))
        run("receipt", "verify", path, "--host-key", self.host.public_key, check=0)
        listed = {row["receipt"] for row in self.host.json_as(who, "audit", "list", check=0)}
        self.assertIn(answer["receipt"]["id"], listed)
        return answer["receipt"]

    def test_a_new_submission_tells_whoever_holds_the_old_one(self):
        _, disclosure = self.exchange()
        self.assertEqual(self.due(COUNCIL), [])
        second = self.correct()
        [owed] = self.due(COUNCIL)
        self.assertEqual((owed["kind"], owed["disclosure"], owed["submission"]), ("rectification", disclosure, second["submission"]))
        self.assertIn(f"submission {self.first['submission']}, which you hold by {disclosure}", owed["reason"])
        self.assertIn("one place was wrong", owed["reason"])
        self.assertIn("secondsToNotify", owed)
        listed = self.host.json_as(COUNCIL, "feed", "due", check=0)["owed"]
        self.assertEqual([item["id"] for item in listed if item["kind"] == "rectification"], [owed["id"]])
        self.assertLessEqual({item["kind"] for item in listed}, KINDS)
        self.assertEqual([item["due"] for item in listed], sorted(item["due"] for item in listed))
        self.assertIn(owed["id"], self.host.as_(COUNCIL, "feed", "due", check=0).stdout)

        closed = self.host.json_as(COUNCIL, "due", "close", owed["id"], "--evidence", "asked again on Monday", check=0)
        self.assertEqual((closed["state"], closed["evidence"]), ("closed", "asked again on Monday"))
        receipt = self.receipt_of(closed, COUNCIL)
        self.assertEqual((receipt["kind"], receipt["subject"]["obligation"]), ("submission", owed["id"]))
        self.assertEqual(self.due(COUNCIL), [])
        again = self.host.as_(COUNCIL, "due", "close", owed["id"], "--evidence", "again")
        self.assertEqual(again.returncode, 1)
        self.assertIn("was closed by", again.stderr)
        # Who asked again after the correction has nothing to mend.
        self.exchange()
        self.host.json_as(STEWARD, "rectify", "street_crime", "--record", KEY, "--reason", "wrong place", check=0)
        self.assertEqual(len(self.due(COUNCIL)), 1, "of the first disclosure alone")

    def test_a_correction_reaches_each_holder_in_the_form_that_it_holds(self):
        rows, disclosure = self.exchange()
        early = self.host.as_(STEWARD, "rectify", "street_crime", "--record", KEY, "--reason", "wrong place")
        self.assertEqual(early.returncode, 1)
        self.assertIn("corrects an earlier one", early.stderr)
        self.correct()
        told = self.host.json_as(STEWARD, "rectify", "street_crime", "--record", KEY, "--reason", "it was the other High Street", check=0)
        self.assertEqual([(one["partner"], one["protocol"], one["receipt"], one["again"]) for one in told["told"]],
                         [("county-council", "asb-hotspots", disclosure, False)])
        self.assertEqual(set(told["told"][0]), {"id", "partner", "protocol", "time", "receipt", "again"})
        self.assertNotIn(KEY, json.dumps(self.receipt_of(told, STEWARD)))

        [owed] = [item for item in self.due(COUNCIL) if item["id"] == told["told"][0]["id"]]
        self.assertEqual(owed["record"], rows[6]["crime_id"], "the pseudonym that the council holds")
        self.assertNotEqual(owed["record"], KEY)
        self.assertEqual((owed["reason"], owed["askedBy"]), ("it was the other High Street", "constabulary"))
        self.assertNotIn(KEY, json.dumps(owed))

        twice = self.host.json_as(STEWARD, "rectify", "street_crime", "--record", KEY, "--reason", "once more", check=0)
        self.assertEqual([(one["id"], one["again"]) for one in twice["told"]], [(owed["id"], True)])
        self.assertIn("0 told now, 1 told before", twice["message"])

        self.host.json_as(COUNCIL, "due", "close", owed["id"], "--evidence", "corrected in our map of S. Lee", check=0)
        [asked] = [item for item in self.due(STEWARD, "--asked", "--state", "closed") if item["id"] == owed["id"]]
        self.assertNotIn("evidence", asked, "the supplier learns that, not what the council did with it")
        self.assertNotIn("record", asked)
        self.assertIn("secondsToClose", asked)
        unknown = self.host.as_(STEWARD, "rectify", "street_crime", "--record", "0" * 64, "--reason", "no such record")
        self.assertNotEqual(unknown.returncode, 0)
        other = self.host.as_(COUNCIL, "rectify", "street_crime", "--record", KEY, "--reason", "not theirs")
        self.assertNotEqual(other.returncode, 0)

    def dispute(self, key, *more, who=ANALYST, field="lsoa_code"):
        return self.host.as_(who, "dispute", "street_crime", "--record", key, "--field", field, "--reason", "no such street there", "--json", *more)

    def disputes_of(self, submission):
        return self.host.json_as(STEWARD, "submission", "show", submission, check=0)["disputes"]

    def test_a_doubt_reaches_the_supplier_and_counts_until_it_is_answered(self):
        rows, disclosure = self.exchange()
        self.assertEqual(self.disputes_of(self.first["submission"]), {"open": 0, "upheld": 0, "rejected": 0})
        done = self.dispute(rows[6]["crime_id"])
        self.assertEqual(done.returncode, 0, done.stderr)
        filed = json.loads(done.stdout)
        self.assertEqual((filed["supplier"], filed["disclosure"]), ("constabulary", disclosure))
        self.assertNotIn(KEY, done.stdout, "the recipient learns no identifier")
        self.receipt_of(filed, ANALYST)

        [owed] = [item for item in self.host.json_as(STEWARD, "feed", "due", check=0)["owed"] if item["kind"] == "dispute"]
        self.assertEqual((owed["id"], owed["record"], owed["field"]), (filed["id"], KEY, "lsoa_code"))
        self.assertEqual(owed["reason"], "no such street there")
        self.assertEqual(self.disputes_of(self.first["submission"]), {"open": 1, "upheld": 0, "rejected": 0, "accuracy": 97.5})
        self.assertIn("1 open, 0 upheld, 0 rejected; accuracy 97.5", self.host.as_(STEWARD, "submission", "show", self.first["submission"], check=0).stdout)

        self.assertEqual(self.dispute(rows[6]["crime_id"]).returncode, 1, "the same doubt is open")
        # Sending the data again does not answer the doubt.
        second = self.correct()
        self.assertEqual(self.disputes_of(second["submission"])["open"], 1)
        wrong = self.host.as_(COUNCIL, "due", "close", owed["id"], "--evidence", "fine by us", "--outcome", "rejected")
        self.assertEqual(wrong.returncode, 1, "only the supplier answers")
        for bad in ([], ["--outcome", "perhaps"]):
            self.assertNotEqual(self.host.as_(STEWARD, "due", "close", owed["id"], "--evidence", "looked up", *bad).returncode, 0)
        proof = self.folder / "ticket.txt"
        proof.write_text("looked up again")
        closed = self.host.json_as(STEWARD, "due", "close", owed["id"], "--evidence", "looked up again", "--outcome", "upheld", "--file", proof, check=0)
        digest = "sha256:" + hashlib.sha256(b"looked up again").hexdigest()
        self.assertEqual((closed["outcome"], closed["evidenceDigest"]), ("upheld", digest))
        self.assertEqual(self.receipt_of(closed, STEWARD)["digests"]["evidence"], digest)
        [asked] = self.due(ANALYST, "--asked", "--state", "all", "--kind", "dispute")
        self.assertEqual((asked["outcome"], asked["evidence"]), ("upheld", "looked up again"))
        self.assertNotIn("record", asked)
        self.assertEqual(self.disputes_of(self.first["submission"])["upheld"], 1)
        self.assertEqual(self.disputes_of(second["submission"]), {"open": 0, "upheld": 0, "rejected": 0}, "the correction is its answer")

    def test_only_who_received_a_record_may_doubt_it(self):
        rows, _ = self.exchange()
        self.assertEqual(self.dispute(rows[0]["crime_id"], who="voluntary-action-steward-vic").returncode, 1)
        self.assertEqual(self.dispute(KEY).returncode, 1, "the council does not know it under its identifier")
        unreleased = self.dispute(rows[0]["crime_id"], field="location")
        self.assertNotEqual(unreleased.returncode, 0)
        self.assertIn("released no field", unreleased.stderr)
        self.assertEqual(self.dispute(rows[0]["crime_id"], "--disclosure", "R-0123456789abcdef").returncode, 1)
        tricked = self.host.as_(ANALYST, "dispute", "street_crime", "--record", rows[0]["crime_id"], "--field", "month", "--reason", "red \x1b[31m")
        self.assertIn("plain text", tricked.stderr)
        self.assertEqual(self.due(STEWARD), [])

    def test_texts_about_records_rest_sealed(self):
        rows, _ = self.exchange()
        self.assertEqual(self.dispute(rows[6]["crime_id"]).returncode, 0)
        listed = json.loads(self.host.admin("due", "list", "--kind", "dispute", "--json", check=0).stdout)
        self.assertEqual(len(listed), 1)
        self.assertNotIn("reason", listed[0], "an administrator reads no data")
        self.host.stop()
        with sqlite3.connect(self.host.folder / "data" / "store" / "control.db") as control:
            [(label, reason, receipts)] = control.execute("SELECT label, reason, (SELECT group_concat(receipt) FROM receipts) FROM obligations WHERE kind = 'dispute'")
        self.assertNotIn(KEY.encode(), label)
        self.assertNotIn(b"street", reason)
        self.assertNotIn(KEY, receipts)
        self.assertNotIn("no such street", receipts)


if __name__ == "__main__":
    unittest.main()
