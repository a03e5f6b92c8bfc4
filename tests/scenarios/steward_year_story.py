"""The steward's year over a real host whose clock is moved: four quarters of returns, two cycles of self-assessment by five partners, and
what follows from them. The chapters are one story, in order; every number is worked out a second time (tests/support/steward_year.py)."""
import collections
import csv
import datetime
import hashlib
import io
import json
import math
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import SOURCE, Host  # noqa: E402
import steward_year as year  # noqa: E402

PAT, PIA, DANA = "constabulary-steward-pat", "constabulary-steward-pia", "constabulary-delegate-dana"
SAM, DREW, ALEX, MO = "county-council-steward-sam", "county-council-delegate-drew", "county-council-analyst-alex", "county-council-moderator-mo"
MAY = "voluntary-action-moderator-may"
FORM = "year-themes"
ASK = ("service_returns", "--purpose", year.PURPOSE)

# As the moderator left it: validity of the constabulary at level 1.
AFTER_MODERATION = {**year.FIRST, "constabulary": (3, 2, 2, 2, 1, 3, 4, 4, 3)}
LOWERED = year.claims(AFTER_MODERATION["constabulary"])


def items_of(document):
    return {item["id"]: item for theme in document["themes"] for item in theme["items"]}


class StewardYear(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        year.write_policies(cls.folder / "policies", SOURCE / "policies")
        cls.host = Host(policies=cls.folder / "policies", staff=year.STAFF, start="2025-04-20")
        cls.host.__enter__()
        cls.addClassCleanup(cls.host.__exit__)
        cls.to_come = sorted(year.RETURNS, key=lambda one: one.received)
        cls.ids = {}  # (partner, cycle) -> assessment
        cls.asked = {"permit": [], "deny": []}  # when data was asked for
        cls.frozen = {}  # the same -> as it was handed in

    # ---- what people do ----

    def go(self, day):
        """Time passes until `day`; returns that are handed in meanwhile are."""
        day = str(day)
        while self.to_come and str(self.to_come[0].received) <= day:
            self.hand_in(self.to_come.pop(0))
        self.host.travel_to(day)

    def hand_in(self, one):
        self.host.travel_to(str(one.received))
        path = self.folder / "return.csv"
        path.write_text(one.csv())
        answer = self.host.as_(year.STEWARD[one.partner], "submit", path, "--feed", f"{one.partner}-returns", "--period", one.quarter, "--json",
                               check=1 if one.decision() == "reject" else 0)
        result = json.loads(answer.stdout)
        where = f"{one.partner} {one.quarter} of {one.received}"
        self.assertEqual(result["decision"], one.decision(), where)
        self.assertEqual({each["id"]: each["fail"] for each in result["rules"]}, {name: len(rows) for name, rows in one.failing().items()}, where)
        scores = {each["dimension"]: each["score"] for each in result["dimensions"]}
        self.assertEqual({**scores, "score": result["score"]}, one.scores(), where)
        if one.decision() != "reject":
            self.assertEqual(result["records"]["quarantined"], one.held_back(), where)

    def assess(self, who, *arguments):
        return self.host.json_as(who, "assess", *arguments, check=0)

    def refused(self, who, *arguments, says):
        """Not done, and the message matches each of `says`."""
        done = self.host.as_(who, *arguments)
        self.assertIn(done.returncode, (1, 2, 3), f"{arguments} was done:\n{done.stdout}")
        for words in [says] if isinstance(says, str) else says:
            self.assertRegex(done.stdout + done.stderr, words, arguments)

    def explain(self, protocol="returns-to-council"):
        done = self.host.as_(ALEX, "explain", *ASK, "--protocol", protocol, "--json")
        ruling = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if ruling["decision"] == "permit" else 1)
        return ruling

    def flows(self, protocol="returns-to-council"):
        """The exchange itself, its rows counted."""
        self.asked["permit"].append(self.host.clock.now().date())
        output = self.folder / "received.csv"
        output.unlink(missing_ok=True)
        done = self.host.as_(ALEX, "exchange", *ASK, "--protocol", protocol, "-o", output)
        self.assertEqual(done.returncode, 0, done.stderr)
        return len(output.read_text().splitlines()) - 1

    def stops(self, cause, message, protocol="returns-to-council"):
        """Nothing leaves; `explain`, the exchange and the protocol's status name the same reason."""
        ruling = self.explain(protocol)
        giver = "fire-and-rescue" if protocol.startswith("fire") else "constabulary"
        self.assertEqual((ruling["decision"], ruling["cause"], ruling["clause"]), ("deny", cause, f"{protocol}/returns-of-{giver}"))
        output = self.folder / "none.csv"
        self.asked["deny"].append(self.host.clock.now().date())
        done = self.host.as_(ALEX, "exchange", *ASK, "--protocol", protocol, "-o", output)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(message, done.stderr)
        self.assertFalse(output.exists(), "nothing leaves")
        [suspended] = self.host.json_as(DREW, "protocol", "status", protocol, check=0)["suspended"]
        self.assertEqual((suspended["cause"], suspended["share"]), (cause, f"returns-of-{giver}"))
        self.assertIn(message, suspended["message"])
        self.assertIn(f"concordat assess start {FORM}", suspended["mend"])
        self.assertIn(f"suspended returns-of-{giver}", self.host.as_(DREW, "protocol", "status", protocol, check=0).stdout)
        return ruling

    # ---- what must be in a document ----

    def check_position(self, document, partner, levels, day, in_date=None):
        """Every claim beside its evidence, every level, every count, against the second reckoning."""
        attached = in_date or {}
        counts = dict.fromkeys(("supported", "understated", "overstated", "unevidenced", "stale", "not_bound"), 0)
        for theme in year.FORM["themes"]:
            for item in theme["items"]:
                shown = items_of(document)[item["id"]]
                where = f"{partner} {document['cycle']} {item['id']}: {shown['message']}"
                self.assertEqual(shown["standing"], levels.get(item["id"]), where)
                self.check_evidence(shown, partner, item, day, where)
                if item["id"] not in levels:
                    continue
                state, size = year.assurance(partner, item["id"], levels[item["id"]], day, attached.get(item["id"]))
                self.assertEqual((shown["assurance"], shown["gap"]), (state, size), where)
                counts[state] += 1
        if len(levels) == len(year.ITEMS):
            self.assertEqual(document["counts"], counts)
            themes, whole = year.theme_levels(levels)
            self.assertEqual({theme["id"]: theme["level"] for theme in document["themes"]}, themes)
            self.assertEqual(document["level"], whole)
        self.assertEqual((document["answered"], document["items"]), (len(levels), len(year.ITEMS)))
        self.assertAlmostEqual(document["completion"], len(levels) / len(year.ITEMS))
        for theme in document["themes"]:
            mine = [levels[item["id"]] for item in theme["items"] if item["id"] in levels]
            if mine:
                self.assertAlmostEqual(theme["mean"], sum(mine) / len(mine))
                self.assertEqual(theme["lowest"], min(mine))

    def check_evidence(self, shown, partner, item, day, where):
        evidence = item.get("evidence", {})
        if "measure" not in evidence:
            self.assertIsNone(shown["evidence"], where)
            return
        value, level, stretches = year.measured(partner, evidence, day)
        if level is None:
            return
        self.assertEqual(shown["evidence"]["level"], level, where)
        self.assertAlmostEqual(shown["evidence"]["value"], value, places=6, msg=where)
        got = [stretch["value"] for stretch in shown["evidence"]["stretches"] or []]
        self.assertEqual(len(got), len(stretches), where)
        for one, other in zip(got, stretches):
            self.assertEqual(one is None, other is None, where)
            if one is not None:
                self.assertAlmostEqual(one, other, places=6, msg=where)

    # ---- the chapters ----

    def test_01_the_protocols_are_signed_and_their_tests_state_levels(self):
        self.host.run("policy", "test", "--policies", self.host.policies, check=0)
        broken = json.loads((self.host.policies / "tests" / "returns_test.yaml").read_text())
        broken["rulings"][2]["expect"] = {"decision": "permit"}
        path = self.folder / "policies" / "tests" / "returns_test.yaml"
        path.write_text(json.dumps(broken))
        said = self.host.run("policy", "test", "--policies", self.folder / "policies", check=1)
        self.assertIn("year-themes level 2 is needed of constabulary", said.stdout + said.stderr)
        self.assertIn("stands at level 1", said.stdout + said.stderr)
        for protocol, givers in (("returns-to-council", (DANA, year.DELEGATE["fire-and-rescue"])), ("fire-returns-to-council", (DANA, year.DELEGATE["fire-and-rescue"]))):
            for delegate in (*givers, DREW):
                self.host.as_(delegate, "protocol", "sign", protocol, "--name", "A. Person", "--post", "Director", "--authority", "Scheme 4.2", check=0)

    def test_02_two_quarters_score_as_planted_and_nothing_flows_without_an_assessment(self):
        self.go("2025-10-20")
        ruling = self.stops("quality", "constabulary, which has no assessment that was signed off")
        self.assertIn({"condition": "assessment year-themes >= 2", "measured": "none signed off (constabulary)"}, ruling["quality"])
        self.stops("quality", "fire-and-rescue, which has no assessment", "fire-returns-to-council")

    def test_03_a_cycle_is_opened_by_the_administrator_for_all_and_started_by_each(self):
        self.refused(PAT, "assess", "open", FORM, "--all", "--due", "2025-11-30", says="administrator")
        self.host.admin("assess", "open", FORM, "--cycle", "2025/26", "--all", "--due", "2025-11-30", check=0)
        self.assertNotEqual(self.host.admin("assess", "open", FORM, "--cycle", "2025/26", "--all", "--due", "2025-11-30").returncode, 0, "once only")
        for partner, steward in year.STEWARD.items():
            document = self.assess(steward, "start", FORM, "--cycle", "2025/26", "--no-walk")
            self.assertEqual((document["state"], document["partner"], document["due"], document["answered"]), ("open", partner, "2025-11-30", 0))
            self.assertEqual(sorted(document["mandatoryOpen"]), sorted(self.mandatory(partner)))
            self.ids[partner, "2025/26"] = document["id"]
        again = self.assess(PIA, "start", FORM, "--cycle", "2025/26", "--no-walk")
        self.assertEqual(again["id"], self.ids["constabulary", "2025/26"], "there is one, and a colleague goes on with it")
        [cycle] = self.assess(PAT, "cycles", FORM)
        self.assertEqual([line["partner"] for line in cycle["partners"]], ["constabulary"])
        self.assertEqual(cycle["others"], 4)

    @staticmethod
    def mandatory(partner):
        asked = [item for theme in year.FORM["themes"] for item in theme["items"]]
        return [item["id"] for item in asked if item.get("mandatory", True) is True or
                (isinstance(item.get("mandatory"), list) and year.PARTNERS[partner] in item["mandatory"])]

    def test_04_several_people_answer_and_everything_they_said_stays(self):
        self.go("2025-11-10")
        mine = self.ids["constabulary", "2025/26"]
        self.assess(PAT, "assign", mine, "systems", "--to", "pia")
        self.assess(PAT, "answer", mine, "named_lead", "--level", "2", "--comment", "the deputy")
        self.assess(PAT, "answer", mine, "named_lead", "--level", "above minimum", "--comment", "the chief officer since May")
        self.assess(PIA, "answer", mine, "right_first_time", "--level", "2")
        self.host.kill()
        self.host.start()  # what was answered before is there
        document = self.assess(PIA, "comment", mine, "valid", "ask IT for the list of wards")
        items = items_of(document)
        self.assertEqual({items[item]["owner"] for item in ("right_first_time", "valid", "complete")}, {"pia"})
        self.assertIn("/pia", items["right_first_time"]["by"])
        self.assertEqual((items["named_lead"]["claimed"], items["named_lead"]["revisions"]), (3, 2))
        self.assertEqual([comment["text"] for comment in items["valid"]["comments"]], ["ask IT for the list of wards"])
        said = [(event["item"], event["level"], event["by"].rsplit("/", 1)[-1]) for event in self.assess(PAT, "history", mine) if event["kind"] == "answer"]
        self.assertEqual(said, [("named_lead", 2, "pat"), ("named_lead", 3, "pat"), ("right_first_time", 2, "pia")])
        self.refused(PAT, "assess", "answer", mine, "valid", "--level", "5", says="well above minimum")
        self.refused(PAT, "assess", "answer", mine, "valdi", "--level", "2", says='did you mean "valid"')

    def test_05_nobody_sees_or_changes_the_answers_of_another_partner(self):
        mine = self.ids["constabulary", "2025/26"]
        before = self.said(mine)
        for stranger in (SAM, year.STEWARD["bus-operator"], DREW, ALEX):
            for what in (("show", mine), ("history", mine), ("answer", mine, "valid", "--level", "1"), ("comment", mine, "valid", "hello"),
                         ("assign", mine, "valid", "--to", "sam"), ("evidence", mine, "risk_register", "--attest", "seen"), ("submit", mine),
                         ("export", mine, "-o", self.folder / "stolen.yaml"), ("sign-off", mine),
                         ("actions", "add", mine, "--item", "valid", "--title", "t", "--owner", "o", "--due", "2026-01-01")):
                self.refused(stranger, "assess", *what, says="that you may see")
        self.assertFalse((self.folder / "stolen.yaml").exists())
        self.assertNotIn(mine, json.dumps(self.assess(SAM, "show")))
        self.assertEqual(self.said(mine), before)

    def said(self, assessment):
        """What people said of each item; evidence is measured anew at every look."""
        return {item: [shown[what] for what in ("claimed", "comment", "by", "at", "owner", "revisions", "attached", "comments", "action")]
                for item, shown in items_of(self.assess(PAT, "show", assessment)).items()}

    def test_06_submitting_is_refused_until_nothing_mandatory_is_open(self):
        mine = self.ids["constabulary", "2025/26"]
        still = [item for item in self.mandatory("constabulary") if item not in ("named_lead", "right_first_time")]
        self.refused(PAT, "assess", "submit", mine, says=[*still, f"{len(still)} mandatory items are open"])
        for partner, answers in year.FIRST.items():
            self.fill_in(partner, "2025/26", year.claims(answers))
        self.refused(PAT, "assess", "submit", mine, says=["risk_register", "evidence"])
        document = self.folder / "register.pdf"
        document.write_bytes(b"the register")
        for partner in ("constabulary", "county-council", "fire-and-rescue"):
            self.assess(year.STEWARD[partner], "evidence", self.ids[partner, "2025/26"], "risk_register", "--document", document, "--expires",
                        "2026-03-31" if partner == "constabulary" else "2026-12-31")
        [attached] = items_of(self.assess(PAT, "show", mine))["risk_register"]["attached"]
        self.assertEqual((attached["kind"], attached["expires"], attached["expired"]), ("document", "2026-03-31", False))
        self.assertEqual(attached["digest"], "sha256:" + hashlib.sha256(b"the register").hexdigest())
        self.hand_all_in("2025/26", year.FIRST, {partner: {"risk_register": True} for partner in ("constabulary", "county-council", "fire-and-rescue")})

    def fill_in(self, partner, cycle, levels):
        """Everything at once, from a file."""
        path = self.folder / "answers.yaml"
        path.write_text(json.dumps({"template": FORM, "items": [{"id": item, "level": level} for item, level in levels.items()]}))
        self.assess(year.STEWARD[partner], "import", self.ids[partner, cycle], path)

    def hand_all_in(self, cycle, answers, in_date):
        day = year.SUBMITTED[cycle]
        self.go(day)
        for partner, steward in year.STEWARD.items():
            document = self.assess(steward, "submit", self.ids[partner, cycle])
            self.assertEqual((document["state"], document["submittedBy"].rsplit("/", 1)[-1]), ("submitted", steward.rsplit("-", 1)[-1]))
            self.check_position(document, partner, year.claims(answers[partner]), day, in_date.get(partner))
            self.frozen[partner, cycle] = document

    def test_07_the_numbers_are_frozen_and_a_second_person_signs_them_off(self):
        mine = self.ids["constabulary", "2025/26"]
        self.refused(PAT, "assess", "answer", mine, "valid", "--level", "2", says="submitted")
        self.stops("quality", "no assessment that was signed off")
        self.refused(PAT, "assess", "sign-off", mine, says="second")
        self.refused(MO, "assess", "moderate", mine, "valid", "--level", "1", "--reason", "60%", says="submitted")
        self.go("2025-11-24")
        for partner, delegate in year.DELEGATE.items():
            document = self.assess(delegate, "sign-off", self.ids[partner, "2025/26"], "--comment", "read with the stewards")
            self.assertEqual((document["state"], document["signedOff"]["comment"]), ("signed_off", "read with the stewards"))
            frozen = self.frozen[partner, "2025/26"]
            self.assertEqual([document["themes"], document["counts"], document["level"]], [frozen["themes"], frozen["counts"], frozen["level"]])
        ruling = self.explain()
        self.assertEqual(ruling["decision"], "permit", ruling)
        self.assertIn({"condition": "assessment year-themes >= 2", "measured": "2 (constabulary, 2025/26)"}, ruling["quality"])
        good = sum(year.ROWS - one.held_back() for one in year.RETURNS if one.partner == "constabulary" and one.quarter < "2025/26-Q3")
        self.assertEqual(self.flows(), good)
        self.assertEqual(self.explain("fire-returns-to-council")["decision"], "permit")
        self.assertEqual(self.host.json_as(DREW, "protocol", "status", "returns-to-council", check=0)["suspended"], [])

    def test_08_a_peer_moderates_with_reasons_and_nobody_their_own(self):
        mine = self.ids["constabulary", "2025/26"]
        self.go("2025-12-05")
        self.refused(MO, "assess", "moderate", self.ids["county-council", "2025/26"], "valid", "--level", "4", "--reason", "ours", says="own")
        self.refused(MAY, "assess", "moderate", self.ids["voluntary-action", "2025/26"], "valid", "--level", "4", "--reason", "ours", says="own")
        self.refused(MO, "assess", "moderate", mine, "valid", "--level", "1", says="reason")
        self.refused(SAM, "assess", "moderate", mine, "valid", "--level", "1", "--reason", "60%", says="that you may see")
        self.assess(MO, "moderate", mine, "valid", "--level", "1", "--reason", "60% valid in the first quarter")
        document = self.assess(MO, "moderate", mine, "--finish", "--summary", "one level lowered")
        valid = items_of(document)["valid"]
        self.assertEqual((valid["claimed"], valid["standing"], valid["moderated"]["from"], valid["moderated"]["to"]), (3, 1, 3, 1))
        self.assertEqual(valid["moderated"]["reason"], "60% valid in the first quarter")
        self.assertEqual(document["moderation"]["summary"], "one level lowered")
        themes, whole = year.theme_levels(LOWERED)
        self.assertEqual(({theme["id"]: theme["level"] for theme in document["themes"]}, document["level"]), (themes, whole))
        self.assertEqual(whole, 1, "the story needs a lapse here")

    def test_09_a_lowered_level_suspends_the_share(self):
        ruling = self.stops("quality", "year-themes level 2 is needed of constabulary, but its assessment of 2025/26 stands at level 1")
        self.assertIn({"condition": "assessment year-themes >= 2", "measured": "1 (constabulary, 2025/26)"}, ruling["quality"])
        self.assertEqual(self.explain("fire-returns-to-council")["decision"], "permit", "the other giver is not concerned")

    def test_10_published_results_show_peers_as_an_anonymous_spread(self):
        self.go("2025-12-10")
        self.refused(PAT, "assess", "publish", self.ids["constabulary", "2025/26"], says="administrator")
        for partner in year.PARTNERS:
            self.host.admin("assess", "publish", self.ids[partner, "2025/26"], check=0)
        self.check_view("2025/26", {partner: year.claims(answers) for partner, answers in AFTER_MODERATION.items()})

    def check_view(self, cycle, levels):
        whole = {partner: year.theme_levels(mine) for partner, mine in levels.items() if len(mine) == len(year.ITEMS)}
        drawn = [year.drawn_themes(mine) for mine in levels.values()]
        for who, named in ((SAM, False), (None, True)):
            view = (json.loads(self.host.admin("assess", "report", FORM, "--cycle", cycle, "--json", check=0).stdout) if who is None
                    else self.assess(who, "report", FORM, "--cycle", cycle))
            self.assertEqual(sorted(row["partner"] for row in view["rows"]), sorted(year.PARTNERS) if named else ["county-council"])
            for row in view["rows"]:
                if row["partner"] in whole:
                    self.assertEqual((row["themes"], row["level"]), whole[row["partner"]], row["partner"])
                else:
                    self.assertIsNone(row["level"], row["partner"])
            if not named:
                said = json.dumps(view)
                for other in set(year.PARTNERS) - {"county-council"}:
                    self.assertNotIn(other, said)
            for theme in (theme["id"] for theme in year.FORM["themes"]):
                spread = collections.Counter(str(mine[theme]) for mine in drawn if theme in mine)
                self.assertEqual({level: n for level, n in view["spread"]["themes"][theme].items() if n}, spread, theme)

    def test_11_gaps_become_actions_that_stand_in_the_one_list_of_what_is_owed(self):
        mine = self.ids["constabulary", "2025/26"]
        proposed = self.assess(PAT, "actions", "propose", mine)["proposed"]
        self.assertIn("valid", [one["item"] for one in proposed])
        listed = self.assess(PAT, "actions", "add", mine, "--item", "valid", "--title", "A list of wards where it is typed in", "--owner", "pia",
                             "--due", "2026-01-31", "--resource", "two days of IT")
        [action] = [one for one in listed["actions"] if one["item"] == "valid"] if "actions" in listed else [listed]
        type(self).action = action["id"]
        self.assess(PAT, "actions", "change", action["id"], "--due", "2026-02-15", "--reason", "IT is late")
        owed = self.owed(PAT)
        self.assertEqual((owed[action["id"]]["due"][:10], owed[action["id"]]["daysLate"] <= 0), ("2026-02-15", True))
        self.go("2026-02-25")
        owed = self.owed(PAT)
        self.assertEqual(owed[action["id"]]["daysLate"], 10)
        self.assertNotIn(action["id"], self.owed(SAM))
        self.refused(SAM, "assess", "actions", "close", action["id"], "--evidence", "done", says="another partner's")
        self.refused(PAT, "assess", "actions", "close", action["id"], says="--evidence")
        closed = self.assess(PAT, "actions", "close", action["id"], "--evidence", "wards are chosen from a list since 20 February")
        self.assertIn("closed", json.dumps(closed))
        self.assertNotIn(action["id"], self.owed(PAT))

    def owed(self, who):
        due = self.host.json_as(who, "feed", "due", check=0)
        return {one["id"]: one for one in due["owed"] + due["upcoming"]}

    def test_12_a_year_on_certificates_are_renewed_and_the_record_goes_on(self):
        self.go("2026-04-12")
        self.host.renew_certificates()
        self.assertEqual(self.assess(PAT, "show", self.ids["constabulary", "2025/26"])["level"], 1)

    def test_13_an_old_assessment_suspends_the_share_too(self):
        protocol = "fire-returns-to-council"
        self.go("2026-05-20T08:00:00Z")
        ruling = self.explain(protocol)
        self.assertEqual(ruling["decision"], "permit", f"six months to the day: {ruling}")
        self.go("2026-05-25")
        ruling = self.stops("evidence_stale", "its assessment of 2025/26 is 6 months and 5 days old, at most 6 months", protocol)
        self.assertIn({"condition": "assessment year-themes max_age P6M", "measured": "6 months and 5 days old (fire-and-rescue, 2025/26)"},
                      ruling["quality"])
        report = self.host.json_as(SAM, "report", "partnership", "--period", "2026-Q1", check=0)
        self.assertEqual((report["agreements"]["inForce"], report["agreements"]["suspended"]), (2, 2))
        majors = " ".join(major["words"] for major in report["majors"])
        for words in ("stands at level 1", "6 months and 5 days old, at most 6 months"):
            self.assertIn(words, majors)

    def test_14_the_second_cycle_begins_with_last_years_answers_to_be_reviewed(self):
        self.go("2026-05-26")
        self.host.admin("assess", "open", FORM, "--cycle", "2026/27", "--partners", ",".join(year.PARTNERS), "--due", "2026-06-30", check=0)
        for partner, steward in year.STEWARD.items():
            document = self.assess(steward, "start", FORM, "--no-walk")
            self.assertEqual(document["cycle"], "2026/27")
            self.ids[partner, "2026/27"] = document["id"]
            for item, shown in items_of(document).items():
                before = year.claims(AFTER_MODERATION[partner]).get(item)
                self.assertEqual(shown["reviewNeeded"], before is not None)
                if before is not None:
                    self.assertEqual((shown["carriedOver"]["level"], shown["carriedOver"]["cycle"]), (before, "2025/26"))
            self.assertEqual(sorted(document["mandatoryOpen"]), sorted(self.mandatory(partner)), "nothing counts as answered before it was looked at")
        mine = self.ids["constabulary", "2026/27"]
        document = self.assess(PAT, "answer", mine, "named_lead", "--confirm")
        self.assertNotIn("named_lead", document["mandatoryOpen"])
        self.assertFalse(items_of(document)["named_lead"]["reviewNeeded"])

    def test_15_expired_evidence_leaves_the_claim_without_any(self):
        mine = self.ids["constabulary", "2026/27"]
        for partner, answers in year.SECOND.items():
            before, now = year.claims(AFTER_MODERATION[partner]), year.claims(answers)
            self.fill_in(partner, "2026/27", {item: level for item, level in now.items() if before.get(item) != level})
            for item, shown in items_of(self.assess(year.STEWARD[partner], "show", self.ids[partner, "2026/27"])).items():
                if shown["reviewNeeded"]:
                    self.assess(year.STEWARD[partner], "answer", self.ids[partner, "2026/27"], item, "--confirm")
        register = items_of(self.assess(PAT, "show", mine))["risk_register"]
        self.assertEqual((register["assurance"], [one["expired"] for one in register["attached"]]), ("stale", [True]))
        self.assertIn("expired on 2026-03-31", register["message"])
        self.refused(PAT, "assess", "submit", mine, says="risk_register")
        document = self.assess(PAT, "evidence", mine, "risk_register", "--attest", "the register was seen by internal audit in May", "--expires", "2027-05-31")
        self.assertEqual(items_of(document)["risk_register"]["assurance"], "supported")

    def test_16_every_claim_stands_beside_what_was_measured(self):
        public = {partner: {"risk_register": True} for partner in ("constabulary", "county-council", "fire-and-rescue")}
        self.hand_all_in("2026/27", year.SECOND, public)
        council = self.frozen["county-council", "2026/27"]
        self.assertEqual(items_of(council)["valid"]["message"],
                         "level 4 claimed; validity measured at 71% in three of four quarters supports level 2")
        self.assertEqual(council["gaps"][0]["item"], "valid", "the greatest overstatement stands first")
        page = self.folder / "council.html"
        self.host.as_(SAM, "assess", "report", self.ids["county-council", "2026/27"], "--html", page, check=0)
        said = self.host.as_(SAM, "assess", "report", self.ids["county-council", "2026/27"], check=0).stdout
        for text in (said, page.read_text()):
            self.assertIn("validity measured at 71% in three of four quarters", " ".join(text.split()))

    def test_17_a_new_assessment_resumes_what_was_suspended(self):
        self.stops("quality", "stands at level 1")
        self.go("2026-06-18")
        for partner, delegate in year.DELEGATE.items():
            self.assess(delegate, "sign-off", self.ids[partner, "2026/27"])
        for protocol in ("returns-to-council", "fire-returns-to-council"):
            self.assertEqual(self.explain(protocol)["decision"], "permit")
            self.assertGreater(self.flows(protocol), 0)
            self.assertEqual(self.host.json_as(DREW, "protocol", "status", protocol, check=0)["suspended"], [])

    def test_18_cycles_are_compared_item_by_item(self):
        for partner in year.PARTNERS:
            self.host.admin("assess", "publish", self.ids[partner, "2026/27"], check=0)
        self.check_view("2026/27", {partner: year.claims(answers) for partner, answers in year.SECOND.items()})
        compared = self.assess(PAT, "compare", self.ids["constabulary", "2025/26"], self.ids["constabulary", "2026/27"])
        self.assertEqual([column["cycle"] for column in compared["columns"]], ["2025/26", "2026/27"])
        now = year.claims(year.SECOND["constabulary"])
        self.assertEqual({item["id"]: item["levels"] for item in compared["items"]}, {item: [LOWERED[item], now[item]] for item in year.ITEMS})
        self.assertEqual([item["id"] for item in compared["items"] if item["changed"]], ["valid"])
        self.assertEqual(compared["level"], [year.theme_levels(LOWERED)[1], year.theme_levels(now)[1]])
        self.refused(SAM, "assess", "compare", self.ids["constabulary", "2025/26"], self.ids["county-council", "2025/26"], says="that you may see")

    def test_19_three_groups_rate_one_delivery_chain(self):
        form = self.assess(PAT, "templates", "delivery-chain")
        form = form[0] if isinstance(form, list) else form
        stages = [item["id"] for theme in form["themes"] for item in theme["items"]]
        self.assertEqual(len(stages), 12)
        levels = [step["level"] for step in form["scale"]]
        low, middle, high = levels[0], levels[len(levels) // 2], levels[-1]
        ratings = {
            "officers": [low, low, high, middle, high, middle, high, low, middle, high, low, middle],
            "front-line": [low, low, low, middle, high, low, middle, low, middle, high, middle, middle],
            "residents": [low, middle, low, middle, high, middle, low, low, high, high, low, middle],
        }
        writers = {"officers": "county-council", "front-line": "constabulary", "residents": "voluntary-action"}
        self.host.admin("assess", "open", "delivery-chain", "--cycle", "2026/27", "--due", "2026-07-31", "--subject", "fewer repeat incidents",
                        *(word for group, partner in writers.items() for word in ("--group", f"{group}={partner}")), check=0)
        for group, partner in writers.items():
            steward, path = year.STEWARD[partner], self.folder / "chain.yaml"
            mine = self.assess(steward, "start", "delivery-chain", "--group", group, "--no-walk")["id"]
            path.write_text(json.dumps({"items": [{"id": stage, "level": level, "comment": "as the group agreed"} for stage, level in zip(stages, ratings[group])]}))
            self.assess(steward, "import", mine, path)
            self.assess(steward, "submit", mine)
            self.assess(year.DELEGATE[partner], "sign-off", mine)
            self.host.admin("assess", "publish", mine, check=0)
        view = json.loads(self.host.admin("assess", "report", "delivery-chain", "--cycle", "2026/27", "--json", check=0).stdout)
        reds = [step["level"] for step in form["scale"] if step["colour"] == "red"]
        expected = year.agreement({group: dict(zip(stages, mine)) for group, mine in ratings.items()}, high, low, reds)
        got = view["agreement"]
        self.assertEqual({stage["item"]: {key: stage[key] for key in ("distance", "exact", "agreedRed", "contested")} for stage in got["stages"]}, expected["stages"])
        for number in ("exactShare", "meanDistance", "kappa"):
            self.assertAlmostEqual(got[number], expected[number], places=9, msg=number)
        self.assertEqual(got["ratedByAll"], 12)

    def test_20_the_thirty_questions_go_out_as_a_file_and_come_back(self):
        mine = self.assess(PAT, "start", "dq-themes", "--no-walk")
        self.assertEqual((len(items_of(mine)), [len(theme["items"]) for theme in mine["themes"]]), (30, [10, 5, 5, 5, 5]))
        path, levels = self.folder / "thirty.csv", {}
        rows = self.export(mine["id"], path)
        bad = [dict(row, level="2") for row in rows]
        bad[3]["level"], bad[9]["level"] = "5", "excellent"
        self.write_rows(path, bad)
        done = self.host.as_(PAT, "assess", "import", mine["id"], path)
        self.assertEqual(done.returncode, 1)
        for line in (5, 11):
            self.assertIn(f"thirty.csv:{line}:", done.stdout + done.stderr)
        self.assertEqual(self.assess(PAT, "show", mine["id"])["answered"], 0, "all of it or nothing")
        while len(levels) < 30:  # some questions are asked only after others
            fresh = [row["item"] for row in rows if row["item"] not in levels]
            self.assertTrue(fresh, f"{set(items_of(mine)) - set(levels)} are never asked")
            levels.update((item, number % 3 + 2) for number, item in enumerate(fresh))
            for row in rows:
                row["level"], row["comment"] = str(levels[row["item"]]), 'by hand, with "quotes" and, commas'
            self.write_rows(path, rows)
            self.assess(PAT, "import", mine["id"], path)
            rows = self.export(mine["id"], path)
        self.assertEqual({row["item"]: row["level"] for row in rows}, {item: str(level) for item, level in levels.items()})
        document = self.assess(PAT, "show", mine["id"])
        self.assertEqual({item: shown["claimed"] for item, shown in items_of(document).items()}, levels)
        themes, _ = year.theme_levels(levels, {"themes": document["themes"]})
        self.assertEqual({theme["id"]: theme["level"] for theme in document["themes"]}, themes)

    def export(self, assessment, path):
        self.host.as_(PAT, "assess", "export", assessment, "--format", "csv", "-o", path, check=0)
        return [row for row in csv.DictReader(io.StringIO(path.read_text())) if row["item"]]

    @staticmethod
    def write_rows(path, rows):
        with open(path, "w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def test_21_the_history_of_quality_has_every_period_and_every_gap_in_it(self):
        history = self.host.json_as(SAM, "quality", "history", "--partner", "voluntary-action", check=0)
        [series] = history["series"]
        points = {point["period"]: point for point in series["points"]}
        for quarter in year.QUARTERS:
            stands = [one for one in year.RETURNS if one.partner == "voluntary-action" and one.quarter == quarter and one.decision() != "reject"]
            if not stands:
                self.assertEqual(points[quarter]["state"], "missing")
                continue
            self.assertEqual(points[quarter]["score"], stands[-1].scores()["score"])
            self.assertEqual({one["dimension"]: one["score"] for one in points[quarter]["dimensions"]},
                             {what: score for what, score in stands[-1].scores().items() if what != "score"})
        self.assertEqual(len(points["2025/26-Q1"]["attempts"]), 2)
        [buses] = self.host.json_as(SAM, "quality", "history", "--partner", "bus-operator", check=0)["series"]
        self.assertEqual([(point["period"], point["daysLate"]) for point in buses["points"] if point["late"]],
                         [(one.quarter, (one.received - year.due_day(one.quarter)).days) for one in year.RETURNS
                          if one.partner == "bus-operator" and one.received > year.due_day(one.quarter)])

    def test_22_the_boards_report_counts_what_happened_in_the_year(self):
        self.go("2026-06-25")
        report = self.host.json_as(SAM, "report", "partnership", "--period", "2025/26", check=0)
        due = [(partner, quarter) for partner in year.PARTNERS for quarter in year.QUARTERS]
        come = {}
        for one in year.RETURNS:
            if one.decision() != "reject":
                come.setdefault((one.partner, one.quarter), one)
        late = [key for key in due if key in come and come[key].received > year.due_day(key[1])]
        missing = [key for key in due if key not in come]
        timeliness = report["timeliness"]
        self.assertEqual([timeliness[what] for what in ("due", "onTime", "late", "missing")],
                         [len(due), len(due) - len(late) - len(missing), len(late), len(missing)])
        for row in report["quality"]["rows"]:
            mine = [one.scores()["score"] for one in come.values() if one.partner == row["partner"]]
            self.assertAlmostEqual(row["score"], math.floor(sum(mine) / len(mine) * 10 + 1e-9) / 10, places=9, msg=row["partner"])
        span = (datetime.date(2025, 4, 1), datetime.date(2026, 3, 31))
        for what, decision in (("disclosures", "permit"), ("refusals", "deny")):
            self.assertEqual(report["sharing"][what], sum(span[0] <= day <= span[1] for day in self.asked[decision]), what)
        states = collections.Counter(self.assurances("2026/27"))
        self.assertEqual({state: report["assessments"]["counts"][state] for state in ("supported", "overstated", "unevidenced")},
                         {state: states[state] for state in ("supported", "overstated", "unevidenced")})
        self.assertEqual((report["agreements"]["inForce"], report["agreements"]["suspended"]), (2, 0))

    @staticmethod
    def assurances(cycle):
        """Of every claim of everybody."""
        for partner, answers in (year.FIRST if cycle == "2025/26" else year.SECOND).items():
            for item, level in year.claims(answers).items():
                register = True if item == "risk_register" and year.PARTNERS[partner] == "public" else None
                yield year.assurance(partner, item, level, year.SUBMITTED[cycle], register)[0]


if __name__ == "__main__":
    unittest.main(failfast=True)
