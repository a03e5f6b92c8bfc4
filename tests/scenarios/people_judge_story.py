"""People judge too, over a real host: warnings accepted by a second person, a period signed off, locked and reopened, the quality
policy signed; and who may not."""
import concurrent.futures
import datetime
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import STAFF, Host, run  # noqa: E402
from submission_story import FEED, crime, write  # noqa: E402

PAT = "constabulary-steward-pat"
DANA = "constabulary-delegate-dana"
PAT_AS_DELEGATE = "constabulary-delegate-pat"
PIP = "constabulary-steward-pip"
ASH = "constabulary-analyst-ash"
DREW = "county-council-delegate-drew"
POLICY = "derwent-data-quality"
SIGNER = ["--name", "A. Person", "--post", "Director", "--authority", "Scheme of delegation 4.2"]


def day(ahead):
    return (datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=ahead)).isoformat()


def rows(month, count=30):
    """Two crimes without an outcome: the rule outcome_present warns, and nothing is held back."""
    return [crime(i, month=month, outcome="" if i < 3 else "Under investigation") for i in range(1, count + 1)]


class PeopleJudge(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(staff=(*STAFF, "constabulary steward pip", "constabulary delegate pat"))
        cls.host.__enter__()
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        cls.temporary.cleanup()

    def submit(self, month, who=PAT, lines=None, *more, check=0):
        path = write(self.folder, f"{month}.csv", lines or rows(month))
        return self.host.json_as(who, "submit", path, "--feed", FEED, "--period", month, *more, check=check)

    def accept(self, who, submission, rule="outcome_present", until=None, reason="the courts are slow", *more):
        return self.host.as_(who, "submission", "accept", submission, "--rule", rule, "--reason", reason, "--until", until or day(30), *more)

    def show(self, submission, who=PAT):
        return self.host.json_as(who, "submission", "show", submission, check=0)

    def sign_off(self, who, submission, assurance="random_checks", *more):
        return self.host.as_(who, "submission", "sign-off", submission, "--assurance", assurance, *more)

    def refused(self, done, *words):
        self.assertIn(done.returncode, (1, 2, 3), done.stdout)
        for word in words:
            self.assertIn(word, done.stderr)

    def rule(self, result, name):
        return next(rule for rule in result["rules"] if rule["id"] == name)

    def test_a_warning_is_accepted_by_a_second_person_alone(self):
        sent = self.submit("2025-01")
        submission = sent["submission"]
        self.assertEqual((self.rule(sent, "outcome_present")["severity"], self.rule(sent, "outcome_present")["status"]), ("warning", "breached"))
        for who in (PAT, PAT_AS_DELEGATE):
            self.refused(self.accept(who, submission), "nobody approves their own", "pat")
        for who in (ASH, DREW):
            self.refused(self.accept(who, submission), "constabulary")
        leaf = self.host.last_leaf()
        receipt = json.loads(self.accept(DANA, submission, "outcome_present", day(30), "the courts are slow", "--json").stdout)
        self.assertEqual((receipt["decision"], receipt["subject"]["rule"]), ("warning_accepted", "outcome_present"))
        self.assertEqual(receipt["reasons"], [{"rule": "outcome_present", "message": "the courts are slow"}])
        self.assertEqual([one["id"] for one in self.host.receipts_after(leaf)], [receipt["id"]])
        path = self.folder / "receipt.json"
        path.write_text(json.dumps(receipt))
        run("receipt", "verify", path, "--host-key", self.host.public_key, check=0)

        shown = self.show(submission)
        self.assertEqual([(one["rule"], one["reason"], one["until"], one["expired"]) for one in shown["acceptances"]],
                         [("outcome_present", "the courts are slow", day(30), False)])
        self.assertIn("/constabulary/delegate/dana", shown["acceptances"][0]["by"])
        for member in ("score", "grade", "decision", "dimensions", "records"):
            self.assertEqual(shown[member], sent[member])
        row = next(one for one in self.host.json_as(PAT, "submission", "list") if one["submission"] == submission)
        self.assertEqual((row["acceptances"], row["acceptancesExpired"]), (1, 0))
        self.assertEqual(row["warned"], sum(rule["severity"] == "warning" and rule["status"] in ("warned", "breached") for rule in shown["rules"]))
        text = self.host.as_(PAT, "submission", "show", submission, check=0).stdout
        self.assertIn(f"accepted until {day(30)}", text)
        self.assertIn("warnings accepted by a second person: 1", text)
        page = self.folder / "report.html"
        self.host.as_(PAT, "submission", "show", submission, "--html", page, check=0)
        self.assertIn("the courts are slow", page.read_text())
        self.assertIn(f"(1 accepted)", self.host.as_(PAT, "submission", "list", check=0).stdout)

        # Again: the newest counts, the earlier one is kept. An administrator may, too.
        self.accept(PIP, submission, "outcome_present", day(60), "asked the courts")
        again = self.show(submission)["acceptances"]
        self.assertEqual([(one["reason"], [old["reason"] for old in one["earlier"]]) for one in again], [("asked the courts", ["the courts are slow"])])

    def test_what_is_no_warning_or_has_no_end_is_not_accepted(self):
        lines = rows("2025-02") + [crime(40, month="2025-02", lsoa="E0101940")]
        sent = self.submit("2025-02", PAT, lines)
        submission = sent["submission"]
        self.refused(self.accept(DANA, submission, "lsoa_code_format"), "severity error", "submission mend")
        self.refused(self.accept(DANA, submission, "crime_id_once"), "did not warn")
        self.refused(self.accept(DANA, submission, "outcome_presnt"), "outcome_present")
        for until in (day(0), day(-1), day(367), "soon"):
            self.refused(self.accept(DANA, submission, "outcome_present", until), "at most a year away")
        self.refused(self.accept(DANA, submission, "outcome_present", day(9), ""), "--reason")
        self.assertEqual(self.show(submission)["acceptances"], [])

    def test_an_acceptance_expires_and_is_still_told(self):
        submission = self.submit("2025-03")["submission"]
        self.accept(DANA, submission)
        with self.host.control() as database:
            database.execute("UPDATE acceptances SET until = ? WHERE submission = ?", (day(-1), submission))
        shown = self.show(submission)
        self.assertTrue(shown["acceptances"][0]["expired"])
        self.assertIn("acceptance expired", self.host.as_(PAT, "submission", "show", submission, check=0).stdout)
        row = next(one for one in self.host.json_as(PAT, "submission", "list") if one["submission"] == submission)
        self.assertEqual((row["acceptances"], row["acceptancesExpired"]), (0, 1))

    def test_a_signed_off_period_is_locked_until_somebody_else_reopens_it(self):
        month = "2025-04"
        lines = rows(month) + [crime(40, month=month, lsoa="E0101940")]
        submission = self.submit(month, PAT, lines)["submission"]
        to_mend = self.folder / "to-mend.csv"
        self.host.as_(PAT, "submission", "findings", submission, "--to-mend", to_mend, check=0)
        to_mend.write_text(to_mend.read_text().replace("E0101940,", "E01019401,"))
        self.refused(self.sign_off(PAT, submission), "nobody approves their own")
        self.refused(self.sign_off(PAT_AS_DELEGATE, submission), "nobody approves their own")
        self.refused(self.sign_off(DREW, submission), "constabulary")
        self.assertEqual(self.sign_off(DANA, submission, "a_hunch").returncode, 3)
        receipt = json.loads(self.sign_off(DANA, submission, "internal_audit", "--comment", "forty traced", "--json").stdout)
        self.assertEqual((receipt["decision"], receipt["subject"]["assurance"]), ("signed_off", "internal_audit"))

        leaf = self.host.last_leaf()
        changed = write(self.folder, "changed.csv", rows(month, 31))
        how = ("is signed off", "dana", f"submission reopen {submission}")
        self.refused(self.host.as_(PAT, "submit", changed, "--feed", FEED, "--period", month, "--reason", "more of it"), *how)
        self.refused(self.host.as_(PAT, "submission", "mend", submission, to_mend), *how)
        self.refused(self.host.as_(PAT, "submission", "withdraw", submission, "--reason", "mistake"), *how)
        self.refused(self.sign_off(PIP, submission), *how)
        self.assertEqual(self.host.receipts_after(leaf), [])
        self.submit("2025-05")  # another period of the feed is open

        shown = self.show(submission)
        self.assertEqual((shown["state"], shown["signedOff"]["assurance"], shown["signedOff"]["comment"]), ("current", "internal_audit", "forty traced"))
        self.assertIn("current, signed off", self.host.as_(PAT, "submission", "list", check=0).stdout)
        # The lock outlives a kill.
        self.host.kill()
        self.host.start()
        self.refused(self.host.as_(PAT, "submission", "withdraw", submission, "--reason", "mistake"), *how)

        reopen = ("submission", "reopen", submission)
        self.refused(self.host.as_(DANA, *reopen, "--reason", "I was wrong"), "somebody else")
        self.refused(self.host.as_(DREW, *reopen, "--reason", "we need it"), "constabulary")
        self.assertEqual(self.host.as_(PIP, *reopen).returncode, 3)
        self.host.as_(PIP, *reopen, "--reason", "two stations were left out", check=0)
        mended = self.host.json_as(PAT, "submission", "mend", submission, to_mend, check=0)
        self.assertEqual(mended["mends"], submission)
        self.refused(self.sign_off(DANA, submission), "superseded")
        self.host.admin("submission", "sign-off", mended["submission"], "--assurance", "external_audit", check=0)
        history = self.show(submission)["signOffs"]
        self.assertEqual([(step["action"], step["assurance"]) for step in history], [("signed_off", "internal_audit"), ("reopened", None)])
        self.assertEqual(history[1]["comment"], "two stations were left out")
        self.assertEqual(self.show(mended["submission"])["signedOff"]["assurance"], "external_audit")
        self.host.admin("audit", "verify", check=0)

    def test_the_law_erases_what_is_signed_off(self):
        submission = self.submit("2025-06")["submission"]
        self.assertEqual(self.sign_off(DANA, submission).returncode, 0)
        certificate = json.loads(self.host.admin("submission", "erase", submission, "--reason", "a court order", "--json", check=0).stdout)
        self.assertIn("dana", certificate["subject"]["signedOff"]["by"])
        self.assertEqual(self.show(submission)["state"], "erased")
        path = write(self.folder, "anew.csv", rows("2025-06"))
        self.refused(self.host.as_(PAT, "submit", path, "--feed", FEED, "--period", "2025-06"), "is signed off")

    def test_signing_off_and_submitting_at_once_never_leave_a_changed_period_signed(self):
        """Whichever comes first wins; what is signed off is always what is current."""
        for number in range(6):
            month = f"2024-{number + 1:02}"
            first = self.submit(month)["submission"]
            path = write(self.folder, f"race-{number}.csv", rows(month, 400))
            with concurrent.futures.ThreadPoolExecutor(2) as together:
                sending = together.submit(self.host.as_, PIP, "submit", path, "--feed", FEED, "--period", month, "--reason", "more", "--json")
                signing = together.submit(self.sign_off, DANA, first)
                sent, signed = sending.result(), signing.result()
            attempts = self.host.json_as(PAT, "submission", "list", "--feed", FEED, "--period", month)
            current = next(one for one in attempts if one["state"] == "current")
            locked = [one for one in attempts if one["signedOff"]]
            if signed.returncode == 0:
                self.assertEqual(([one["submission"] for one in locked], current["submission"]), ([first], first), sent.stderr)
                self.assertNotEqual(sent.returncode, 0)
            else:
                self.assertEqual(locked, [])
                self.assertEqual(sent.returncode, 0, sent.stderr)

    def test_each_finding_says_which_clause_it_rests_on(self):
        sent = self.submit("2025-07")
        self.assertEqual(sent["qualityPolicy"]["id"], POLICY)
        for rule in sent["rules"]:
            self.assertTrue(rule["clause"]["id"].startswith("DQP-"), rule["id"])
        self.assertEqual(self.rule(sent, "on_time")["clause"]["id"], "DQP-6.1")
        self.assertEqual(self.rule(sent, "crime_type_known")["clause"]["id"], "DQP-3.2")
        text = self.host.as_(PAT, "submission", "show", sent["submission"], check=0).stdout
        self.assertIn("why: DQP-2.2 What was agreed to be filled is filled", text)

    def test_the_quality_policy_is_signed_changed_and_revoked(self):
        status = self.host.json_as(DANA, "policy", "status", check=0)
        self.assertEqual((status["id"], len(status["missing"]), status["signatures"]), (POLICY, 6, []))
        self.refused(self.host.as_(PAT, "policy", "sign", POLICY, *SIGNER), "delegate")
        self.refused(self.host.as_(DANA, "policy", "sign", "another", *SIGNER), POLICY)
        leaf = self.host.last_leaf()
        status = self.host.json_as(DANA, "policy", "sign", POLICY, *SIGNER, check=0)
        self.assertNotIn("constabulary", status["missing"])
        receipt, = self.host.receipts_after(leaf)
        self.assertEqual((receipt["decision"], receipt["subject"]["qualityPolicy"], receipt["digests"]["qualityPolicy"]), ("signed", POLICY, status["digest"]))
        self.refused(self.host.as_(DANA, "policy", "sign", POLICY, *SIGNER), "already")
        self.host.as_(DREW, "policy", "sign", POLICY, *SIGNER, check=0)
        text = self.host.as_(DREW, "policy", "status", POLICY, check=0).stdout
        self.assertIn("has not signed", text)

        # A new version is a new text: nobody has signed that.
        document = self.host.policies / "quality-policy.yaml"
        document.write_text(document.read_text().replace("version: 1.0.0", "version: 1.1.0").replace("review: 2027-09-30", "review: 2020-09-30"))
        self.host.admin("host", "reload", check=0)
        status = self.host.json_as(DREW, "policy", "status", check=0)
        self.assertEqual((status["version"], len(status["missing"]), status["reviewOverdue"]), ("1.1.0", 6, True))
        mine = next(party for party in status["parties"] if party["partner"] == "county-council")
        self.assertEqual((mine["signed"], mine["version"]), (False, "1.0.0"))
        self.host.as_(DREW, "policy", "sign", POLICY, *SIGNER, check=0)
        self.assertEqual(self.host.as_(DREW, "policy", "revoke", POLICY).returncode, 3)
        status = self.host.json_as(DREW, "policy", "revoke", POLICY, "--reason", "clause 5.2 cannot be met", check=0)
        self.assertIn("county-council", status["missing"])
        self.assertEqual(next(one for one in status["signatures"] if one["partner"] == "county-council")["revoked"]["reason"], "clause 5.2 cannot be met")
        self.assertIn("overdue", status["explanation"])

    def test_lint_names_rules_without_a_clause(self):
        folder = self.folder / "policies"
        if not folder.exists():
            import shutil
            shutil.copytree(self.host.policies, folder)
        document = folder / "quality-policy.yaml"
        document.write_text(document.read_text().replace("    kinds: [period]\n", "").replace("    dimensions: [timeliness]\n", ""))
        issues = json.loads(run("policy", "lint", folder, "--json", check=0).stdout)
        codes = {issue["code"] for issue in issues}
        self.assertLessEqual({"no-clause", "unused-clause"}, codes)


if __name__ == "__main__":
    unittest.main(verbosity=2)
