"""A self-assessment from hand to hand, over a real host and by a client that is not ours: opened, answered by several people, handed in,
signed off, moderated and published, with what was measured beside each claim; nobody sees or changes another's; a kill loses nothing."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import SOURCE, STAFF, Host, run  # noqa: E402
from grpc_js_client import MODULES, install  # noqa: E402
from submission_story import FEED, crime, write  # noqa: E402

PAT, PAULA, DANA = "constabulary-steward-pat", "constabulary-steward-paula", "constabulary-delegate-dana"
SAM, MO, MAX = "county-council-steward-sam", "county-council-moderator-mo", "constabulary-moderator-max"
ADMIN = "administrator"
MORE = ("constabulary steward paula", "county-council moderator mo", "constabulary moderator max")
INVALID, NOT_FOUND, EXISTS, DENIED, PRECONDITION = 3, 5, 6, 7, 9

TINY = """apiVersion: concordat/v1
kind: AssessmentTemplate
id: tiny
version: "1"
title: A small assessment
scale:
  - {level: 1, name: poor, colour: red}
  - {level: 2, name: fair, colour: amber}
  - {level: 3, name: good, colour: green}
  - {level: 4, name: very good, colour: green}
themes:
  - id: people
    title: People
    items:
      - {id: lead, question: "Who leads?", evidence: {accepts: [document, attestation]}}
      - {id: trained, question: "Who is trained?", mandatory: false}
  - id: systems
    title: Systems
    items:
      - id: first_time
        question: "Is data right first time?"
        evidence: {measure: first_time_pass_rate, window: P12M, levels: {2: 40%, 3: 80%, 4: 95%}}
"""
CHAIN = """apiVersion: concordat/v1
kind: AssessmentTemplate
id: chain
version: "1"
title: A small chain
several_groups: true
scoring: {theme: none}
scale: [{level: 0, name: broken, colour: red}, {level: 1, name: weak, colour: amber}, {level: 2, name: sound, colour: green}]
themes:
  - id: stages
    title: Stages
    items: [{id: outcome, question: "Is the outcome clear?"}, {id: plan, question: "Is there one plan?"}]
"""


class Client:
    """AssessmentService as one person or another."""

    def __init__(self, host):
        self.host = host

    def all(self, who, *calls):
        if who == ADMIN:
            credentials = [f"unix:{self.host.socket}", "", "", ""]
        else:
            pki = self.host.pki
            credentials = [self.host.address, pki / "ca.crt", pki / f"{who}.crt", pki / f"{who}.key"]
        done = subprocess.run(["node", SOURCE / "tests" / "support" / "assessment_client.mjs", MODULES, SOURCE / "proto", *credentials],
                              input=json.dumps(calls), capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def one(self, who, method, **request):
        [answer] = self.all(who, [method, request])
        assert "json" in answer, answer
        return answer["json"]

    def refused(self, who, method, **request):
        [answer] = self.all(who, [method, request])
        return answer.get("code"), answer.get("message", "")


def items_of(document):
    return {item["id"]: item for theme in document["themes"] for item in theme["items"]}


@unittest.skipUnless(install(), "npm or the npm registry is not there")
class AssessmentStory(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.host = Host(staff=STAFF + MORE)
        for name, text in (("tiny", TINY), ("chain", CHAIN)):
            (self.host.policies / "assessments" / f"{name}.yaml").write_text(text)
        self.host.__enter__()
        self.client = Client(self.host)

    def tearDown(self):
        self.host.__exit__()
        self.temporary.cleanup()

    def submit(self, period, held_back=False):
        rows = [crime(number, month=period) for number in range(1, 41)]
        if held_back:
            rows.append(crime(99, lsoa="nowhere", month=period))
        self.host.as_(PAT, "submit", write(self.folder, "crime.csv", rows), "--feed", FEED, "--period", period)

    def test_from_opening_to_publication(self):
        one = self.client.one
        self.submit("2026-05")
        self.submit("2026-04", held_back=True)
        code, message = self.client.refused(PAT, "OpenCycle", template="tiny", due="2099-01-31")
        self.assertEqual(code, DENIED, message)
        opened = one(ADMIN, "OpenCycle", template="tiny", partners=["constabulary", "county-council"], due="2099-01-31")
        self.assertEqual([line["state"] for line in opened["partners"]], ["not_started", "not_started"])
        owed = {item["kind"]: item for item in self.host.json_as(PAT, "feed", "due", check=0)["owed"]}
        self.assertEqual(owed["assessment"]["closeWith"], f"concordat assess start tiny --cycle {opened['cycle']}")

        started = one(PAT, "StartAssessment", template="tiny")
        a = started["id"]
        self.assertEqual((started["cycle"], started["due"]), (opened["cycle"], "2099-01-31"))
        measured = items_of(started)["first_time"]["evidence"]
        self.assertEqual((measured["value"], measured["level"], measured["observations"]), (0.5, 2, 2))
        self.client.all(PAT, ["AnswerItem", {"assessment": a, "item": "first_time", "level": 4, "comment": "nearly always"}],
                        ["AssignItems", {"assessment": a, "items": ["people"], "owner": "paula"}])
        code, message = self.client.refused(PAT, "SubmitAssessment", assessment=a)
        self.assertEqual(code, PRECONDITION)
        self.assertIn(f"lead (Who leads?): concordat assess answer {a} lead", message)

        # What was answered is there after a kill.
        self.host.kill()
        self.host.start()
        document = one(PAULA, "AnswerItem", assessment=a, item="lead", level=3, comment="known to all")
        self.assertEqual((items_of(document)["first_time"]["claimed"], items_of(document)["lead"]["owner"]), (4, "paula"))
        self.assertEqual((items_of(document)["first_time"]["assurance"], items_of(document)["first_time"]["gap"]), ("overstated", 2))
        self.assertIn("50%", items_of(document)["first_time"]["message"])
        one(PAULA, "AddEvidence", assessment=a, item="lead", kind="document", title="Job description", reference="shelf 4")

        # Others neither read nor write.
        for who in (SAM, MO):
            for method, request in (("GetAssessment", {}), ("AnswerItem", {"item": "lead", "level": 1}), ("SubmitAssessment", {}),
                                    ("GetAssessmentHistory", {}), ("ProposeActions", {})):
                code, message = self.client.refused(who, method, assessment=a, **request)
                self.assertEqual(code, DENIED, method)
                self.assertNotIn("constabulary", message.replace(who, ""))
        self.assertEqual(one(SAM, "GetAssessment"), [])

        leaf = self.host.last_leaf()
        frozen = one(PAT, "SubmitAssessment", assessment=a)
        self.submit("2026-03")  # comes too late to count
        self.assertEqual(items_of(one(PAT, "GetAssessment", assessment=a)), items_of(frozen))
        self.assertEqual(self.client.refused(PAT, "AnswerItem", assessment=a, item="lead", level=1)[0], PRECONDITION)
        self.assertEqual(self.client.refused(PAT, "SignOffAssessment", assessment=a)[0], DENIED)
        self.assertEqual(self.client.refused(MO, "ModerateItem", assessment=a, item="lead", level=2, reason="x")[0], PRECONDITION)
        one(DANA, "SignOffAssessment", assessment=a, text="read with the stewards")
        self.assertEqual(self.client.refused(MAX, "ModerateItem", assessment=a, item="lead", level=2, reason="x")[0], DENIED)
        self.assertEqual(self.client.refused(MO, "ModerateItem", assessment=a, item="lead", level=2)[0], INVALID)
        one(MO, "ModerateItem", assessment=a, item="first_time", level=2, reason="half of the files held something back")
        one(MO, "FinishModeration", assessment=a, text="one level changed")
        done = one(ADMIN, "PublishAssessment", assessment=a)
        first = items_of(done)["first_time"]
        self.assertEqual((done["state"], first["claimed"], first["standing"], first["assurance"]), ("published", 4, 2, "supported"))
        self.assertEqual([event["kind"] for event in one(PAT, "GetAssessmentHistory", assessment=a)],
                         ["answer", "assign", "assign", "answer", "evidence", "submit", "sign_off", "moderate", "moderate", "publish"])
        self.receipts(leaf, a)

    def receipts(self, leaf, assessment):
        """One for each step, each of which the host's key verifies."""
        receipts = [r for r in self.host.receipts_after(leaf) if r["subject"].get("assessment") == assessment]
        self.assertEqual([r["decision"] for r in receipts], ["submitted", "signed_off", "moderated", "published"])
        for receipt in receipts:
            path = self.folder / "receipt.json"
            path.write_text(json.dumps(receipt))
            run("receipt", "verify", path, "--host-key", self.host.public_key, check=0)

    def test_last_cycles_answers_and_actions_for_the_gaps(self):
        one = self.client.one
        first = one(PAT, "StartAssessment", template="tiny", cycle="2024/25")["id"]
        self.client.all(PAT, ["AnswerItem", {"assessment": first, "item": "lead", "level": 4}],
                        ["AnswerItem", {"assessment": first, "item": "first_time", "level": 3}])
        text = f"assessment: {first}\nitems:\n  - {{id: lead, level: good}}\n  - {{id: nobody, level: 9}}\n"
        result = one(PAT, "ImportAnswers", assessment=first, name="mine.yaml", text=text, format="yaml")
        self.assertEqual((result["imported"], [(issue["line"], issue["code"]) for issue in result["issues"]]), (False, [(4, "unknown-item")]))
        one(PAT, "SubmitAssessment", assessment=first)
        proposed = {one["item"]: one for one in one(PAT, "ProposeActions", assessment=first)["proposed"]}
        self.assertEqual(set(proposed), {"lead", "first_time"}, "neither has evidence")
        action = one(PAT, "AddAction", assessment=first, item="lead", title=proposed["lead"]["title"], owner="HR", due="2099-01-31")
        [owed] = [item for item in self.host.json_as(PAT, "feed", "due", check=0)["owed"] if item["kind"] == "action"]
        self.assertEqual((owed["id"], owed["owner"], owed["daysLate"]), (action["id"], "HR", 0))
        self.assertIn(owed["closeWith"], self.host.as_(PAT, "feed", "due", check=0).stdout)
        self.assertEqual(self.client.refused(PAT, "CloseAction", action=action["id"])[0], INVALID)
        self.assertEqual(self.client.refused(SAM, "CloseAction", action=action["id"], evidence="x")[0], DENIED)
        one(PAT, "CloseAction", action=action["id"], evidence="in the handbook")
        self.assertEqual([item for item in self.host.json_as(PAT, "feed", "due", check=0)["owed"] if item["kind"] == "action"], [])

        second = one(PAULA, "StartAssessment", template="tiny", cycle="2025/26")
        self.assertTrue(items_of(second)["lead"]["reviewNeeded"])
        self.assertEqual(sorted(second["mandatoryOpen"]), ["first_time", "lead"])
        confirmed = one(PAULA, "AnswerItem", assessment=second["id"], item="lead", confirm=True)
        self.assertEqual(confirmed["mandatoryOpen"], ["first_time"])
        compared = one(PAULA, "CompareAssessments", template="tiny")
        self.assertEqual([column["cycle"] for column in compared["columns"]], ["2024/25", "2025/26"])

    def test_groups_rate_one_outcome(self):
        one = self.client.one
        one(ADMIN, "OpenCycle", template="chain", cycle="2025/26", groups={"board": "constabulary", "front line": "county-council"},
            due="2099-01-31", subject="fewer falls at home")
        for who, levels in ((PAT, (2, 0)), (SAM, (0, 0))):
            a = one(who, "StartAssessment", template="chain")["id"]
            self.client.all(who, *[["AnswerItem", {"assessment": a, "item": item, "level": level}] for item, level in zip(("outcome", "plan"), levels)])
            one(who, "SubmitAssessment", assessment=a)
        agreement = one(PAT, "GetPartnershipView", template="chain")["agreement"]
        stages = {stage["item"]: stage for stage in agreement["stages"]}
        self.assertEqual(stages["outcome"]["ratings"], {"board": 2, "front line": 0})
        self.assertTrue(stages["outcome"]["contested"] and stages["plan"]["agreedRed"])
        self.assertEqual((agreement["exactShare"], agreement["meanDistance"]), (0.5, 1))
        self.assertEqual({one["item"] for one in one(SAM, "ProposeActions", assessment=a)["proposed"]}, {"outcome", "plan"})


if __name__ == "__main__":
    unittest.main()
