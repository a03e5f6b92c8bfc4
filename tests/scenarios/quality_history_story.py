"""Half a year of one feed over a real host that travels in time: improving, late, missing, rejected, mended, and judged by a changed contract.
Every number of history, comparison, confidence and the board's report is worked out again here from the submissions' own documents."""
import csv
import datetime
import json
import math
import os
import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host  # noqa: E402
from exchange_story import ANALYST, ASK, AUTHORITY  # noqa: E402
from submission_story import FEED, STEWARD, crime, write  # noqa: E402

COUNCIL = "county-council-steward-sam"
MONTHS = ["2026-04", "2026-05", "2026-06", "2026-07", "2026-08", "2026-09"]
TODAY = "2026-10-25"


def due_day(month):
    """The 20th day after the month's end, as the feed says (P20D)."""
    year, number = map(int, month.split("-"))
    end = datetime.date(year + number // 12, number % 12 + 1, 1) - datetime.timedelta(days=1)
    return end + datetime.timedelta(days=20)


def floored(number):
    return math.floor(number * 10 + 1e-9) / 10


def wilson(good, of, z=1.959963984540054):
    share = good / of
    centre = share + z * z / (2 * of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return [round(100 * (centre + side * reach) / (1 + z * z / of), 1) for side in (-1, 1)]


def share_of(rule):
    measured = rule["pass"] + rule["fail"]
    return floored(100 * rule["pass"] / measured) if measured else None


class QualityHistoryStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.host = Host(start="2026-05-10")
        cls.host.__enter__()
        cls.addClassCleanup(cls.host.__exit__)
        cls.sent = {}  # month -> [(day, answer)], in order
        cls.live()

    @classmethod
    def submit(cls, day, month, bad, of, *more, cut=0, check=0):
        cls.host.travel_to(day)
        rows = [crime(i, month=month, lsoa="bad" if i <= bad else "E01019400") for i in range(1, of + 1)] + ["cut,off"] * cut
        answer = cls.host.json_as(STEWARD, "submit", write(cls.folder, "crime.csv", rows), "--feed", FEED, "--period", month, *more, check=check)
        cls.sent.setdefault(month, []).append((datetime.date.fromisoformat(day), answer))

    @classmethod
    def live(cls):
        cls.submit("2026-05-10", "2026-04", 30, 200)
        cls.submit("2026-06-25", "2026-05", 6, 20)
        for delegate in ("constabulary-delegate-dana", "county-council-delegate-drew"):
            cls.host.as_(delegate, "protocol", "sign", "asb-hotspots", *AUTHORITY, check=0)
        cls.host.as_(ANALYST, "exchange", *ASK, "-o", cls.folder / "rows.csv")
        cls.host.as_(ANALYST, "exchange", "street_crime", "--protocol", "asb-hotspots", "--purpose", "dpv:Marketing", "-o", cls.folder / "no.csv")
        # Nothing for June; July is refused.
        cls.submit("2026-08-10", "2026-07", 1, 20, cut=10, check=1)
        contract = cls.host.policies / "contracts" / "street_crime.odcs.yaml"
        text = contract.read_text().replace("version: 1.1.0", "version: 1.2.0", 1)
        changed = re.sub(r"(id: asb_has_no_outcome.*?severity: )warning", r"\1error", text, count=1, flags=re.S)
        assert changed != text
        contract.write_text(changed)
        cls.host.admin("host", "reload", check=0)
        cls.submit("2026-09-10", "2026-08", 5, 200)
        cls.submit("2026-09-12", "2026-08", 0, 200, "--reason", "five places were wrong")
        cls.submit("2026-10-20", "2026-09", 0, 200)
        cls.host.travel_to(TODAY)
        cls.shown = {answer["submission"]: cls.host.json_as(STEWARD, "submission", "show", answer["submission"], check=0)
                     for answers in cls.sent.values() for _, answer in answers}

    def history(self, who=STEWARD, *more):
        return self.host.json_as(who, "quality", "history", "--feed", FEED, *more, check=0)

    def series(self, who=STEWARD, *more):
        [series] = self.history(who, *more)["series"]
        return series

    def standing(self, month):
        """(the day it first came, what stands for the month), by this story's own record."""
        if month not in self.sent:
            return None, None
        day, _ = self.sent[month][0]
        return day, self.shown[self.sent[month][-1][1]["submission"]]

    def test_every_period_and_score_is_what_was_sent(self):
        series = self.series()
        points = {point["period"]: point for point in series["points"]}
        self.assertEqual(list(points), MONTHS)
        today = datetime.date.fromisoformat(TODAY)
        for month, point in points.items():
            day, shown = self.standing(month)
            self.assertEqual(point["due"], str(due_day(month)))
            if shown is None:
                self.assertEqual((point["state"], point["submission"], point["score"]), ("missing", None, None))
                self.assertEqual(point["daysLate"], (today - due_day(month)).days)
                continue
            accepted = shown["decision"] != "reject"
            self.assertEqual(point["state"], {"accept": "accepted", "accept_with_quarantine": "accepted_with_quarantine", "reject": "rejected"}[shown["decision"]])
            self.assertEqual(point["daysLate"], max(0, ((day if accepted else today) - due_day(month)).days))
            self.assertEqual((point["score"], point["grade"], point["records"]), (shown["score"], shown["grade"], shown["records"]))
            self.assertEqual(point["dimensions"], [{"dimension": one["dimension"], "score": one["score"]} for one in shown["dimensions"]])
            self.assertEqual(len(point["attempts"]), len(self.sent[month]))
            rules = {rule["id"]: rule for rule in shown["rules"]}
            self.assertEqual([rule["id"] for rule in point["rules"]], list(rules))
            for rule in point["rules"]:
                own = rules[rule["id"]]
                self.assertEqual((rule["share"], rule["pass"], rule["fail"], rule["status"]), (share_of(own), own["pass"], own["fail"], own["status"]))
                few = "interval" in own
                self.assertEqual(rule["interval"], wilson(own["pass"], own["pass"] + own["fail"]) if few else None, rule["id"])
        self.assertEqual(points["2026-07"]["state"], "rejected")
        self.assertEqual([one["state"] for one in points["2026-08"]["attempts"]], ["superseded", "current"])
        self.assertTrue(any(rule["interval"] for rule in points["2026-05"]["rules"]), "20 records are few")
        self.assertEqual(series["periods"], {"total": 6, "onTime": 3, "late": 1, "missing": 1, "rejected": 1})

    def test_a_changed_contract_is_marked_where_it_came_in_and_nowhere_else(self):
        series = self.series()
        before = None
        for point in series["points"]:
            _, shown = self.standing(point["period"])
            changed = shown is not None and before is not None and shown["contract"] != before["contract"]
            self.assertEqual(point["change"] is not None, changed, point["period"])
            before = shown or before
        [change] = [point["change"] for point in series["points"] if point["change"]]
        self.assertEqual((change["versionBefore"], change["versionAfter"], change["changed"]), ("1.1.0", "1.2.0", ["asb_has_no_outcome"]))
        self.assertIn("not the same measure", change["message"])
        score = next(line for line in series["lines"] if line["kind"] == "score")
        self.assertTrue(score["comparable"], "August and September were judged by one contract")
        until = self.series(STEWARD, "--to", "2026-08")
        score = next(line for line in until["lines"] if line["kind"] == "score")
        self.assertFalse(score["comparable"])

    def test_lines_table_and_page_say_the_same(self):
        page, table = self.folder / "trend.html", self.folder / "trend.csv"
        series = self.series(STEWARD, "--html", page, "--csv", table)
        for line in series["lines"]:
            measured = [value for value in line["values"] if value is not None]
            self.assertEqual(line["latest"], measured[-1] if measured else None)
            if len(measured) > 1:
                self.assertAlmostEqual(line["change"], round(measured[-1] - measured[-2], 1), places=6)
        with table.open(newline="") as lines:
            rows = list(csv.DictReader(lines))
        self.assertEqual([float(row["value"]) if row["value"] else None for row in rows if row["kind"] == "score"],
                         [point["score"] for point in series["points"]])
        self.assertEqual(len(rows), len(series["lines"]) * len(MONTHS))
        html = page.read_text()
        for words in ("missing, overdue by 97 days", "late by 5 days", "rejected", "contract 1.1.0 became 1.2.0", "superseded"):
            self.assertIn(words, html)
        self.assertEqual(html.count('role="img"'), sum(line["kind"] != "rule" for line in series["lines"]))
        self.assertNotIn("<script", html)

    def test_the_terminal_needs_neither_colour_nor_unicode(self):
        for locale in ("C", "en_GB.UTF-8"):
            environment = {**os.environ, "LC_ALL": locale}
            done = self.host.run("quality", "history", "--feed", FEED, *self.host.credentials(STEWARD), env=environment, check=0)
            self.assertNotIn("\x1b[", done.stdout)
            self.assertEqual(done.stdout.isascii(), locale == "C")
            self.assertIn("missing, overdue by 97 days", done.stdout)
            for month in MONTHS:
                _, shown = self.standing(month)
                if shown:
                    self.assertIn(f"{shown['score']:.1f}", done.stdout)

    def test_others_see_scores_and_no_rules(self):
        own, others = self.series(), self.series(COUNCIL)
        self.assertEqual([point["score"] for point in own["points"]], [point["score"] for point in others["points"]])
        self.assertTrue(all(point["rules"] is None for point in others["points"]))
        self.assertFalse(others["rulesShown"])
        self.assertFalse([line for line in others["lines"] if line["kind"] == "rule"])
        refused = self.host.as_(COUNCIL, "quality", "history", "--feed", FEED, "--rule", "lsoa_code_format")
        self.assertEqual(refused.returncode, 3)
        self.assertIn("your own partner", refused.stderr)
        compared = self.host.json_as(COUNCIL, "quality", "compare", "2026-04", "2026-05", "--feed", FEED, check=0)
        self.assertEqual(compared["comparisons"][0]["rules"], [])

    def test_two_periods_side_by_side_show_what_moved(self):
        compared = self.host.json_as(STEWARD, "quality", "compare", "2026-04", "2026-05", "--feed", FEED, check=0)
        [one] = compared["comparisons"]
        shown = [self.standing(month)[1] for month in ("2026-04", "2026-05")]
        self.assertEqual(one["score"]["values"], [each["score"] for each in shown])
        self.assertAlmostEqual(one["score"]["change"], round(shown[1]["score"] - shown[0]["score"], 1), places=6)
        rules = [{rule["id"]: rule for rule in each["rules"]} for each in shown]
        changes = []
        for rule in one["rules"]:
            shares = [share_of(each[rule["id"]]) for each in rules]
            self.assertEqual([value["share"] for value in rule["values"]], shares)
            if None not in shares:
                self.assertAlmostEqual(rule["change"], round(shares[1] - shares[0], 1), places=6)
                changes.append(rule["change"])
        self.assertEqual(changes, sorted(changes), "the biggest fall first")
        # 170 of 200 against 14 of 20: 79.4 to 89.3 and 48.1 to 85.5 overlap.
        places = next(rule for rule in one["rules"] if rule["id"] == "lsoa_code_format")
        self.assertEqual(places["verdict"], "down by 15.0, which so few records may show by chance")
        self.assertEqual(places["values"][1]["interval"], wilson(14, 20))
        across = self.host.json_as(STEWARD, "quality", "compare", "2026-05", "2026-08", "--feed", FEED, check=0)
        self.assertEqual(len(across["comparisons"][0]["notes"]), 1)
        wrong = self.host.as_(STEWARD, "quality", "compare", "2026-05", "constabulary")
        self.assertIn("not all periods, all feeds or all partners", wrong.stderr)

    def test_confidence_is_reckoned_as_it_says(self):
        [grade] = self.host.json_as(STEWARD, "quality", "confidence", "--partner", "constabulary", "--dataset", "street_crime", check=0)["grades"]
        parts = {part["id"]: part for part in grade["components"]}
        # Of the last four due months (June to September) August and September stand.
        scores = [self.standing(month)[1]["score"] for month in ("2026-08", "2026-09")]
        mean = sum(scores) / len(scores)
        self.assertEqual(parts["quality"]["grade"], "A" if mean >= 95 else "B" if mean >= 85 else "C" if mean >= 70 else "D")
        self.assertIn(f"mean score {floored(mean)}", parts["quality"]["reason"])
        # Two of four never came, July rejected and June not sent: more than a quarter.
        self.assertEqual((parts["timeliness"]["grade"], parts["timeliness"]["reason"]), ("D", "2 of 4 due periods on time; missing: 2026-06, 2026-07"))
        self.assertFalse(parts["self_assessment"]["measured"] or parts["assurance"]["measured"])
        points = {"A": 3, "B": 2, "C": 1, "D": 0}
        total = 3 * points[parts["quality"]["grade"]] + 2 * 0 + 1 + 1 + points[parts["doubts"]["grade"]]
        self.assertAlmostEqual(grade["points"], total / 8, places=3)
        self.assertEqual((grade["grade"], grade["cappedBy"]), ("D", "timeliness"))

    def test_the_boards_report_counts_the_quarters(self):
        report = self.host.json_as(STEWARD, "report", "partnership", "--period", "2026-Q2", check=0)
        self.assertEqual((report["period"]["from"], report["period"]["to"]), ("2026-04-01", "2026-06-30"))
        rows = {row["period"]: row for row in report["timeliness"]["rows"] if row["feed"] == FEED}
        self.assertEqual({month: (row["state"], row["daysLate"], row["major"]) for month, row in rows.items()},
                         {"2026-05": ("accepted_with_quarantine", 5, None), "2026-06": ("missing", 97, "missing")})
        quality = next(row for row in report["quality"]["rows"] if row["dataset"] == "street_crime")
        scores = [self.standing(month)[1]["score"] for month in ("2026-04", "2026-05")]
        self.assertEqual(quality["score"], floored(sum(scores) / 2))
        self.assertIsNone(quality["previous"])
        self.assertEqual((quality["confidence"], quality["major"]), ("D", "grade_d"))
        # The audit log's own statement, of the only partner whose data anybody asked for.
        totals = self.host.json_as(STEWARD, "audit", "statement", "--partner", "constabulary", "--period", "2026-Q2", check=0)["totals"]
        sharing = report["sharing"]
        self.assertEqual((sharing["disclosures"], sharing["records"]), (totals["gave"]["disclosures"], totals["gave"]["rows"]))
        self.assertEqual(sharing["refusals"], totals["refused"])
        self.assertGreater(sharing["refusals"], 0)
        self.assertEqual(sum(row["requests"] for row in sharing["refused"]), sharing["refusals"])
        self.assertIn(("county-council", "street_crime", "purpose"), {(row["to"], row["dataset"], row["cause"]) for row in sharing["refused"]})
        self.assertEqual(report["assessments"]["standing"], 0)
        later = self.host.json_as(COUNCIL, "report", "partnership", "--period", "2026-Q3", check=0)
        quality = next(row for row in later["quality"]["rows"] if row["dataset"] == "street_crime")
        stands = [self.standing(month)[1]["score"] for month in ("2026-08", "2026-09")]
        self.assertEqual((quality["score"], quality["previous"], quality["comparable"]),
                         (floored(sum(stands) / 2), floored(sum(scores) / 2), False))
        self.assertIsNone(next((row["major"] for row in later["quality"]["rows"] if row["major"] == "fell"), None))
        page = self.folder / "board.html"
        self.host.as_(COUNCIL, "report", "partnership", "--period", "2026-Q3", "--html", page, check=0)
        self.assertIn("What counts as major, and why", page.read_text())
        refused = self.host.as_(ANALYST, "report", "partnership")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("stewards, delegates and auditors", refused.stderr)


if __name__ == "__main__":
    unittest.main()
