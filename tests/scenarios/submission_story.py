"""A steward's whole story over a real host: check, submit, repeat, supersede, mend, withdraw; and who may see what."""
import concurrent.futures
import gzip
import json
import pathlib
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, run  # noqa: E402

HEADER = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context"
STEWARD = "constabulary-steward-pat"
FEED = "constabulary-street-crime"


def crime(number, lsoa="E01019400", month="2026-05", kind="Burglary", outcome="Under investigation"):
    force = "Derwent Constabulary"
    return f"{number:064x},{month},{force},{force},-1.374912,53.10328,On or near High Street,{lsoa},Derwent 001A,{kind},{outcome},"


def write(folder, name, rows):
    path = pathlib.Path(folder) / name
    path.write_text("\n".join([HEADER, *rows]) + "\n")
    return path


class SubmissionStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host()
        cls.host.__enter__()
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = cls.temporary.name

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        cls.temporary.cleanup()

    def submit(self, path, period, *more, check=None):
        return self.host.json_as(STEWARD, "submit", path, "--feed", FEED, "--period", period, *more, check=check)

    def test_the_same_bytes_again_give_the_first_receipt(self):
        path = write(self.folder, "same.csv", [crime(i, month="2025-01") for i in range(1, 50)])
        first = self.submit(path, "2025-01", check=0)
        again = self.submit(path, "2025-01", check=0)
        self.assertEqual((first["submission"], first["receipt"]), (again["submission"], again["receipt"]))

    def test_the_same_bytes_at_the_same_time_make_one_submission(self):
        path = write(self.folder, "hurry.csv", [crime(i, month="2024-12") for i in range(1, 400)])
        ask = ("submit", path, "--feed", FEED, "--period", "2024-12", "--json")
        with concurrent.futures.ThreadPoolExecutor(4) as together:
            answers = list(together.map(lambda _: self.host.as_(STEWARD, *ask), range(4)))
        # Whoever came while another was judged is told to try again: that is no refusal.
        self.assertLessEqual({answer.returncode for answer in answers}, {0, 2})
        accepted = {json.loads(answer.stdout)["submission"] for answer in answers if answer.returncode == 0}
        self.assertEqual(accepted, {json.loads(self.host.as_(STEWARD, *ask, check=0).stdout)["submission"]})

    def test_a_new_file_needs_a_reason_and_the_old_one_stays_retrievable(self):
        first = self.submit(write(self.folder, "a.csv", [crime(i, month="2025-02") for i in range(1, 60)]), "2025-02", check=0)
        half = write(self.folder, "b.csv", [crime(i, month="2025-02") for i in range(1, 20)])
        refused = self.host.as_(STEWARD, "submit", half, "--feed", FEED, "--period", "2025-02")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("--reason", refused.stderr)
        second = self.submit(half, "2025-02", "--reason", "an extract of the town only", check=0)
        self.assertEqual(second["supersedes"], first["submission"])
        self.assertIn("check that the extract is complete", " ".join(second["warnings"]))
        old = self.host.json_as(STEWARD, "submission", "show", first["submission"], check=0)
        self.assertEqual((old["state"], old["records"]["accepted"]), ("superseded", 59))

    def test_held_back_records_are_mended_in_their_places(self):
        rows = [crime(i, month="2025-03") for i in range(1, 31)]
        rows[4] = crime(5, lsoa="E0101940", month="2025-03")
        rows[9] = crime(10, lsoa="X01019400", month="2025-03")
        sent = self.submit(write(self.folder, "c.csv", rows), "2025-03", check=0)
        self.assertEqual((sent["decision"], sent["records"]["accepted"], sent["records"]["quarantined"]), ("accept_with_quarantine", 28, 2))
        findings = self.host.json_as(STEWARD, "submission", "findings", sent["submission"], "--rule", "lsoa_code_format", check=0)
        self.assertEqual([(one["record"], one["line"], one["value"]) for one in findings], [(5, 6, "E0101940"), (10, 11, "X01019400")])
        self.assertIn('lsoa_code "E0101940"', findings[0]["message"])
        to_mend = pathlib.Path(self.folder) / "to-mend.csv"
        self.host.as_(STEWARD, "submission", "findings", sent["submission"], "--to-mend", to_mend, check=0)
        lines = to_mend.read_text().splitlines()
        self.assertEqual([line.split(",_record")[0] for line in lines[:1]], [HEADER])
        self.assertEqual(len(lines), 3)
        # A file to mend is no whole extract.
        refused = self.host.as_(STEWARD, "submit", to_mend, "--feed", FEED, "--period", "2025-03", "--reason", "x")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("submission mend", refused.stderr)
        to_mend.write_text(to_mend.read_text().replace("E0101940,", "E01019401,").replace("X01019400", "E01019400"))
        mended = self.host.json_as(STEWARD, "submission", "mend", sent["submission"], to_mend, check=0)
        self.assertEqual((mended["decision"], mended["records"]["accepted"], mended["mends"]), ("accept", 30, sent["submission"]))
        self.assertEqual(self.host.json_as(STEWARD, "submission", "show", sent["submission"])["state"], "superseded")

    def test_what_is_not_mended_stays_behind(self):
        rows = [crime(i, month="2025-04") for i in range(1, 11)]
        rows[0] = crime(1, lsoa="bad", month="2025-04")
        rows[1] = crime(2, lsoa="worse", month="2025-04")
        sent = self.submit(write(self.folder, "d.csv", rows), "2025-04", check=0)
        to_mend = pathlib.Path(self.folder) / "one.csv"
        self.host.as_(STEWARD, "submission", "findings", sent["submission"], "--to-mend", to_mend, check=0)
        lines = to_mend.read_text().splitlines()
        to_mend.write_text("\n".join(lines[:2]).replace("bad", "E01019400") + "\n")
        mended = self.host.json_as(STEWARD, "submission", "mend", sent["submission"], to_mend, check=0)
        self.assertEqual((mended["records"]["total"], mended["records"]["accepted"]), (9, 9))
        self.assertIn("stay behind", " ".join(mended["warnings"]))

    def test_an_unreadable_record_that_nobody_mended_stays_behind(self):
        rows = [crime(i, month="2024-04") for i in range(1, 41)]
        rows[0], rows[1] = crime(1, lsoa="bad", month="2024-04"), "cut,off"
        sent = self.submit(write(self.folder, "u.csv", rows), "2024-04", check=0)
        to_mend = pathlib.Path(self.folder) / "unreadable.csv"
        self.host.as_(STEWARD, "submission", "findings", sent["submission"], "--to-mend", to_mend, check=0)
        to_mend.write_text(to_mend.read_text().replace(",bad,", ",E01019400,"))
        mended = self.host.json_as(STEWARD, "submission", "mend", sent["submission"], to_mend, check=0)
        self.assertEqual((mended["decision"], mended["records"]["total"], mended["records"]["accepted"]), ("accept", 39, 39))
        self.assertIn("1 held-back records", " ".join(mended["warnings"]))

    def test_a_rejected_attempt_keeps_its_scorecard_and_can_be_mended(self):
        rows = [crime(i, lsoa="wrong", month="2025-05") for i in range(1, 6)]
        sent = self.submit(write(self.folder, "e.csv", rows), "2025-05", check=1)
        self.assertEqual((sent["decision"], sent["records"]["accepted"], sent["records"]["quarantined"]), ("reject", 0, 5))
        shown = self.host.json_as(STEWARD, "submission", "show", sent["submission"], check=0)
        self.assertEqual((shown["state"], shown["decision"]), ("rejected", "reject"))
        to_mend = pathlib.Path(self.folder) / "rejected.csv"
        self.host.as_(STEWARD, "submission", "findings", sent["submission"], "--to-mend", to_mend, check=0)
        to_mend.write_text(to_mend.read_text().replace(",wrong,", ",E01019400,"))
        mended = self.host.json_as(STEWARD, "submission", "mend", sent["submission"], to_mend, check=0)
        self.assertEqual((mended["decision"], mended["records"]["accepted"]), ("accept", 5))

    def test_two_names_of_the_same_days_are_one_period(self):
        rows = [crime(i, month="2023-07") for i in range(1, 9)]
        first = self.submit(write(self.folder, "q.csv", rows), "2023-Q3")
        again = self.host.as_(STEWARD, "submit", write(self.folder, "q2.csv", rows[:5]), "--feed", FEED, "--period", "2023/24-Q2")
        self.assertEqual(again.returncode, 1, "it would stand beside the first")
        self.assertIn(first["submission"], again.stderr)

    def test_a_withdrawn_submission_is_no_longer_current(self):
        sent = self.submit(write(self.folder, "f.csv", [crime(i, month="2025-06") for i in range(1, 9)]), "2025-06", check=0)
        self.host.as_(STEWARD, "submission", "withdraw", sent["submission"], "--reason", "wrong month", check=0)
        self.assertEqual(self.host.json_as(STEWARD, "submission", "show", sent["submission"])["state"], "withdrawn")
        self.assertEqual(self.host.as_(STEWARD, "submission", "withdraw", sent["submission"], "--reason", "again").returncode, 1)

    def test_the_same_bytes_for_another_period_are_noticed(self):
        path = write(self.folder, "g.csv", [crime(i, month="2025-07") for i in range(1, 9)])
        self.submit(path, "2025-07", check=0)
        other = self.submit(path, "2025-08")
        status = {rule["id"]: rule["status"] for rule in other["rules"]}
        self.assertEqual(status["same_bytes_again"], "breached")

    def test_periods_that_cover_the_same_days_are_noticed(self):
        month = self.submit(write(self.folder, "month.csv", [crime(i, month="2024-02") for i in range(1, 9)]), "2024-02", check=0)
        self.assertNotIn("warnings", month)
        quarter = self.submit(write(self.folder, "quarter.csv", [crime(i, month="2024-03") for i in range(1, 9)]), "2024-Q1", check=0)
        self.assertIn(f"{month['submission']} is in force", " ".join(quarter["warnings"]))

    def test_check_and_submit_give_the_same_rules(self):
        rows = [crime(i, month="2025-09") for i in range(1, 40)] + [crime(3, lsoa="bad", month="2025-09"), "short,row"]
        path = write(self.folder, "h.csv", rows)
        checked = json.loads(run("check", path, "--feed", FEED, "--period", "2025-09", "--policies", self.host.policies, "--json").stdout)
        sent = self.submit(path, "2025-09")
        host_only = {"same_bytes_again", "on_time"}
        judged = [[rule for rule in result["rules"] if rule["id"] not in host_only] for result in (checked, sent)]
        self.assertEqual(json.dumps(judged[0]), json.dumps(judged[1]))
        notes = {rule["id"]: rule["status"] for rule in checked["rules"] if rule["id"] in host_only}
        self.assertEqual(notes, {"same_bytes_again": "not_evaluated", "on_time": "not_evaluated"})

    def test_only_the_feeds_own_steward_may_submit_or_see_samples(self):
        rows = [crime(i, month="2025-10") for i in range(1, 9)] + [crime(9, lsoa="bad", month="2025-10")]
        path = write(self.folder, "i.csv", rows)
        for stranger in ("county-council-steward-sam", "constabulary-analyst-ash"):
            refused = self.host.as_(stranger, "submit", path, "--feed", FEED, "--period", "2025-10")
            self.assertEqual(refused.returncode, 1, refused.stderr)
        sent = self.submit(path, "2025-10")
        seen = self.host.json_as("county-council-steward-sam", "submission", "show", sent["submission"], check=0)
        self.assertEqual(seen["score"], sent["score"])
        self.assertTrue(all(rule.get("samples", []) == [] for rule in seen["rules"]))
        own = self.host.json_as(STEWARD, "submission", "show", sent["submission"], check=0)
        self.assertTrue(any(rule["samples"] for rule in own["rules"]))
        self.assertEqual(self.host.as_("county-council-steward-sam", "submission", "findings", sent["submission"]).returncode, 1)

    def test_a_packed_extract_is_judged_by_what_is_in_it_and_mended_like_any_other(self):
        rows = [crime(i, month="2024-07") for i in range(1, 21)]
        rows[4] = crime(5, lsoa="E0101940", month="2024-07")
        packed = pathlib.Path(self.folder) / "2024-07.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr("out/street.csv", gzip.compress(("\n".join([HEADER, *rows]) + "\n").encode()))
        names = pathlib.Path(self.folder) / "street.csv.gz"
        names.write_bytes(zipfile.ZipFile(packed).read("out/street.csv"))
        sent = self.submit(packed, "2024-07", check=0)
        self.assertEqual((sent["records"]["accepted"], sent["records"]["quarantined"]), (19, 1))
        self.assertEqual(sent["source"]["bytes"], packed.stat().st_size)
        findings = self.host.json_as(STEWARD, "submission", "findings", sent["submission"], "--rule", "lsoa_code_format", check=0)
        self.assertEqual([(one["record"], one["line"]) for one in findings], [(5, 6)])
        to_mend = pathlib.Path(self.folder) / "packed-to-mend.csv"
        self.host.as_(STEWARD, "submission", "findings", sent["submission"], "--to-mend", to_mend, check=0)
        to_mend.write_text(to_mend.read_text().replace("E0101940,", "E01019401,"))
        mended = self.host.json_as(STEWARD, "submission", "mend", sent["submission"], to_mend, check=0)
        self.assertEqual((mended["decision"], mended["records"]["accepted"]), ("accept", 20))
        # The same records in other wrapping are other bytes, and read alike.
        again = self.host.json_as(STEWARD, "check", names, "--feed", FEED, "--period", "2024-07")
        self.assertEqual((again["records"]["accepted"], again["records"]["quarantined"]), (19, 1))

    def test_a_damaged_archive_is_refused_in_plain_words(self):
        path = pathlib.Path(self.folder) / "cut.csv.gz"
        path.write_bytes(gzip.compress("\n".join([HEADER, crime(1)]).encode())[:-12])
        done = self.host.as_(STEWARD, "submit", path, "--feed", FEED, "--period", "2025-11", "--json")
        self.assertIn("cut.csv.gz is cut off before its end: send it again", json.dumps(json.loads(done.stdout)["reasons"]))

    def test_an_excel_file_is_refused_in_plain_words(self):
        path = pathlib.Path(self.folder) / "book.csv"
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("[Content_Types].xml", "<Types/>")
            book.writestr("xl/workbook.xml", "<workbook/>")
        done = self.host.as_(STEWARD, "submit", path, "--feed", FEED, "--period", "2025-11", "--json")
        self.assertEqual(done.returncode, 2, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual(result["decision"], "reject")
        self.assertIn("save it as CSV UTF-8", json.dumps(result["reasons"]))

    def test_a_revoked_certificate_is_refused_at_once(self):
        listed = json.loads(self.host.admin("partner", "list", "--json", check=0).stdout)
        ash = next(one for one in listed if one["spiffeId"].endswith("/constabulary/analyst/ash"))
        self.host.as_("constabulary-analyst-ash", "catalog", "list", check=0)
        self.host.admin("pki", "revoke", ash["fingerprint"], check=0)
        self.assertEqual(self.host.as_("constabulary-analyst-ash", "catalog", "list").returncode, 1)

    def test_receipts_verify_offline_and_a_flipped_byte_does_not(self):
        receipt = pathlib.Path(self.folder) / "receipt.json"
        self.submit(write(self.folder, "j.csv", [crime(i, month="2025-12") for i in range(1, 9)]), "2025-12", "--receipt", receipt, check=0)
        run("receipt", "verify", receipt, "--host-key", self.host.public_key, check=0)
        receipt.write_text(receipt.read_text().replace('"accepted": 8', '"accepted": 9'))
        run("receipt", "verify", receipt, "--host-key", self.host.public_key, check=1)
        self.host.admin("audit", "verify", check=0)


if __name__ == "__main__":
    unittest.main()
