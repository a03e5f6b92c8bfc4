"""Every command of a self-assessment as people type it: what is taken when no id is given, what is refused and why, and the pages at the end."""
import csv
import html.parser
import io
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, run  # noqa: E402

PAT, DANA = "constabulary-steward-pat", "constabulary-delegate-dana"
SAM, MAX, FAY = "county-council-steward-sam", "county-council-moderator-max", "fire-and-rescue-steward-fay"
VIC = "voluntary-action-steward-vic"
STAFF = ("constabulary steward pat", "constabulary delegate dana", "county-council steward sam", "county-council moderator max",
         "fire-and-rescue steward fay", "voluntary-action steward vic")


class Page(html.parser.HTMLParser):
    """Counts tags, and collects what a page would load from elsewhere."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.outside, self.words = {}, [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.outside += [value for name, value in attributes if name in ("src", "href", "action")]

    def handle_data(self, data):
        self.words += data


class AssessCommandsStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(staff=STAFF).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()

    def all_at(self, who, assessment, level):
        """Answers everything by files; some questions are asked only once others are answered."""
        path = self.host.folder / f"{assessment}.yaml"
        for _ in range(2):
            self.host.as_(who, "assess", "export", assessment, "-o", path, check=0)
            path.write_text(path.read_text().replace("    # level:\n", f"    level: {level}\n"))
            self.host.as_(who, "assess", "import", assessment, path, check=0)

    def test_a_whole_cycle(self):
        host = self.host
        opened = host.admin("assess", "open", "dq-themes", "--cycle", "2030/31", "--partners", "constabulary,fire-and-rescue", "--due", "2031-01-31", check=0)
        self.assertIn("not started", opened.stdout)
        self.assertIn("and 1 other partner\n", host.as_(PAT, "assess", "cycles", check=0).stdout)
        assessment = host.json_as(PAT, "assess", "start", "dq-themes", "--cycle", "2030/31", check=0)["id"]
        refused = host.as_(PAT, "assess", "submit", check=1)
        self.assertIn(f"taking {assessment}", refused.stderr, "which one was taken is said")
        self.assertIn("right_first_time", refused.stderr, "all that is open is listed")
        self.assertIn("did you mean \"named_lead\"?", host.as_(PAT, "assess", "show", "--item", "named_led", check=3).stderr)
        self.assertIn("did you mean \"above minimum\"?", host.as_(PAT, "assess", "answer", "named_lead", "--level", "above minimun", check=3).stderr)
        self.all_at(PAT, assessment, "above minimum")
        host.as_(PAT, "assess", "answer", "validity_measured", "--level", "Well above", "--comment", "we check every file", check=0)
        host.as_(PAT, "assess", "evidence", "named_lead", "--attest", "seen by audit", check=0)
        self.assertIn("sam\n", host.as_(PAT, "assess", "assign", "systems", "--to", "sam", check=0).stdout)
        proposed = host.as_(PAT, "assess", "actions", "propose", check=0).stdout
        self.assertIn(" --item validity_measured --title", proposed)
        action = host.json_as(PAT, "assess", "actions", "add", "--item", "validity_measured", "--title", "lookup at entry", "--owner", "sam",
                              "--due", "2031-03-31", check=0)["id"]
        self.assertIn("submitted", host.as_(PAT, "assess", "submit", check=0).stdout)
        self.assertEqual(host.as_(PAT, "assess", "sign-off").returncode, 1, "nobody signs off their own")
        host.as_(DANA, "assess", "sign-off", "--comment", "read it", check=0)
        self.assertEqual(host.as_(PAT, "assess", "answer", assessment, "named_lead", "--level", "1").returncode, 1, "it is frozen")
        self.assertEqual(host.as_(MAX, "assess", "moderate", "validity_measured", "--level", "2").returncode, 3, "a reason is required")
        host.as_(MAX, "assess", "moderate", "validity_measured", "--level", "2", "--reason", "nothing was measured", check=0)
        host.as_(MAX, "assess", "moderate", "--finish", "--summary", "one lowered", check=0)
        host.admin("assess", "publish", check=0)
        shown = host.json_as(PAT, "assess", "show", assessment, check=0)
        item = next(item for theme in shown["themes"] for item in theme["items"] if item["id"] == "validity_measured")
        self.assertEqual((shown["state"], item["claimed"], item["standing"], item["action"]), ("published", 4, 2, action))
        history = host.as_(PAT, "assess", "history", assessment, check=0).stdout
        for part in ("sign off", "dana (constabulary delegate)", "nothing was measured", "publish"):
            self.assertIn(part, history)
        self.pages(assessment)
        self.second_cycle(assessment)

    def pages(self, assessment):
        host = self.host
        page, table = host.folder / "page.html", host.folder / "table.csv"
        for ask, title in ((lambda *more: host.as_(PAT, "assess", "report", assessment, *more, check=0), "Derwent Constabulary"),
                           (lambda *more: host.admin("assess", "report", "dq-themes", "--cycle", "2030/31", *more, check=0), "the partnership")):
            ask("--html", page, "--csv", table)
            shown = Page(page.read_text(encoding="utf-8"))
            self.assertEqual((shown.tags["h1"], shown.outside, shown.tags.get("script")), (1, [], None))
            self.assertIn(title, shown.words)
            rows = list(csv.reader(io.StringIO(table.read_text(encoding="utf-8"))))
            self.assertTrue(len(rows) > 1 and all(len(row) == len(rows[0]) for row in rows))
        text = host.admin("assess", "report", "dq-themes", "--cycle", "2030/31", check=0).stdout
        self.assertIn("Derwent Constabulary", text)
        self.assertIn("◆2", text, "the level that a moderator lowered")

    def second_cycle(self, first):
        host = self.host
        second = host.json_as(PAT, "assess", "start", "dq-themes", "--cycle", "2031/32", check=0)["id"]
        host.as_(PAT, "assess", "answer", second, "named_lead", "--level", "4", check=0)
        compared = host.as_(PAT, "assess", "compare", first, second, check=0).stdout
        self.assertIn("↑ better by 1", compared)
        self.assertIn("▲3", compared, "levels have their colours' signs")
        self.assertIn("may be 2 assessments", host.as_(PAT, "assess", "history", "A-", check=3).stderr)
        missing = host.as_(PAT, "assess", "show", "A-ffffffffffffffff", check=3).stderr
        self.assertTrue(first in missing and second in missing, missing)
        host.as_(PAT, "assess", "actions", "close", host.json_as(PAT, "assess", "actions")[0]["id"], "--evidence", "built in on 3 May", check=0)
        self.assertIn("closed", host.as_(PAT, "assess", "actions", "--state", "closed", check=0).stdout)

    def test_groups_rate_a_chain(self):
        host = self.host
        host.admin("assess", "open", "delivery-chain", "--cycle", "2030/31", "--due", "2031-01-31", "--subject", "fewer repeats",
                   "--group", "residents=voluntary-action", "--group", "board=county-council", check=0)
        for who, group, low, high in ((VIC, "residents", 0, 0), (SAM, "board", 0, 2)):
            document = host.json_as(who, "assess", "start", "delivery-chain", "--cycle", "2030/31", "--group", group, check=0)
            for number, item in enumerate(item for theme in document["themes"] for item in theme["items"]):
                host.as_(who, "assess", "answer", document["id"], item["id"], "--level", high if number == 1 else low, "--quiet", check=0)
            host.as_(who, "assess", "submit", document["id"], check=0)
        text = host.admin("assess", "report", "delivery-chain", "--cycle", "2030/31", check=0).stdout
        self.assertEqual((text.count("AGREED RED"), text.count("CONTESTED")), (11, 1), text)

    def test_what_is_left_out_or_wrong_is_said(self):
        host = self.host
        self.assertIn("concordat assess start TEMPLATE", host.as_(FAY, "assess", "submit", check=3).stderr)
        self.assertIn("dq-themes", host.as_(FAY, "assess", "start", "dq-theme", check=3).stderr)
        self.assertIn("NAME=PARTNER", host.admin("assess", "open", "delivery-chain", "--due", "2031-01-31", "--group", "board", check=3).stderr)
        self.assertIn("for whom?", host.admin("assess", "open", "dq-themes", "--due", "2031-01-31", check=3).stderr)
        self.assertIn("cannot be reached", json.loads(run("assess", "show", "--host", "unix:/nowhere/s", "--json", check=2).stdout)["error"])
        completion = run("completion", "bash", check=0).stdout
        self.assertIn('"assess actions add") words="', completion)


if __name__ == "__main__":
    unittest.main(verbosity=2)
