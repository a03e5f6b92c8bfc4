"""The pages that people are sent, in a real browser: on a desk and on a phone, in light and dark, by keyboard alone, on paper without colours."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import steward_year as year  # noqa: E402
from concordat_host import BUILD, SOURCE, Host, run  # noqa: E402
from inbox_story import SETTINGS, until  # noqa: E402
from submission_story import FEED, crime, write  # noqa: E402

MODULES = BUILD / "npm-pages"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# CONCORDAT_SHOTS names a folder for pictures of what was looked at.
SHOTS = os.environ.get("CONCORDAT_SHOTS", "")

# A page with one mistake of each kind, so that a check that no longer sees it is noticed.
BAD_PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>Bad</title><style>
body{background:#fff;color:#000}.pale{color:#bbb}.lost:focus{outline:none;box-shadow:none}.box{overflow-x:auto;width:10rem}
.white{color:#fff;background:#004}</style></head>
<body><main><h1>Bad</h1><p class="pale">Pale words</p><a class="lost" href="#x">a link without a mark</a>
<table><tr><th scope="row">red or green</th><td style="background:#0a0"></td></tr></table>
<div style="width:3000px">wide</div><div class="box"><div style="width:60rem">scrolls</div></div>
<button tabindex="-1">never reached</button><p class="white">gone on paper</p><img src="http://example.invalid/x.png" alt="x">
</main></body></html>"""


def install():
    """playwright-core and axe-core below the build folder; False when there is no npm or it is not reached."""
    if (MODULES / "node_modules" / "axe-core").exists() and (MODULES / "node_modules" / "playwright-core").exists():
        return True
    if not shutil.which("npm"):
        return False
    MODULES.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["npm", "install", "--prefix", MODULES, "--no-audit", "--no-fund", "playwright-core@1", "axe-core@4"],
                          capture_output=True, text=True)
    return done.returncode == 0


def look(pages):
    """What is wrong with each: [{name, findings, sheets, stops}]; `pages` are (name, path) or (name, path, sheets of paper)."""
    job = {"shots": SHOTS, "pages": [{"name": page[0], "path": str(page[1]), "sheets": page[2] if len(page) > 2 else None} for page in pages]}
    if SHOTS:
        pathlib.Path(SHOTS).mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["node", SOURCE / "tests" / "support" / "pages.mjs", MODULES, CHROMIUM], input=json.dumps(job), capture_output=True,
                          text=True, timeout=300)
    if done.returncode != 0:
        raise AssertionError(f"the browser did not run: {done.stderr}")
    return {result["name"]: result for result in json.loads(done.stdout)}


def a_year_passes(host, folder, submission_page):
    """Four quarters of returns, one cycle that everybody finishes, an action that is late, three groups at one delivery chain."""
    path = folder / "file"
    for one in sorted(year.RETURNS, key=lambda one: one.received):
        host.travel_to(str(one.received))
        path.write_text(one.csv())
        host.as_(year.STEWARD[one.partner], "submit", path, "--feed", f"{one.partner}-returns", "--period", one.quarter)
    fire = year.RETURNS[11]
    path.write_text(fire.csv())
    host.as_(year.STEWARD[fire.partner], "check", path, "--feed", f"{fire.partner}-returns", "--period", fire.quarter, "--html", submission_page, check=0)
    host.travel_to("2026-04-12")
    host.admin("assess", "open", "year-themes", "--all", "--due", "2026-05-31", check=0)
    for partner, steward in year.STEWARD.items():
        mine = host.json_as(steward, "assess", "start", "year-themes", "--no-walk", check=0)["id"]
        path.write_text(json.dumps({"items": [{"id": item, "level": level} for item, level in year.claims(year.SECOND[partner]).items()]}))
        host.json_as(steward, "assess", "import", mine, path, "--format", "yaml", check=0)
        host.json_as(steward, "assess", "evidence", mine, "risk_register", "--attest", "seen by internal audit", check=0)
        host.json_as(steward, "assess", "actions", "add", mine, "--item", "valid", "--title", "A list of wards where they are typed in", "--owner",
                     "the registry", "--due", "2026-04-20", check=0)
        host.json_as(steward, "assess", "submit", mine, check=0)
        host.json_as(year.DELEGATE[partner], "assess", "sign-off", mine, check=0)
        host.admin("assess", "publish", mine, check=0)
    writers = {"officers": "county-council", "front-line": "constabulary", "residents": "voluntary-action"}
    host.admin("assess", "open", "delivery-chain", "--due", "2026-05-31", "--subject", "fewer repeat incidents",
               *(word for group, partner in writers.items() for word in ("--group", f"{group}={partner}")), check=0)
    for shift, (group, partner) in enumerate(writers.items()):
        chain = host.json_as(year.STEWARD[partner], "assess", "start", "delivery-chain", "--group", group, "--no-walk", check=0)
        levels = [step["level"] for step in chain["scale"]]
        items = [item["id"] for theme in chain["themes"] for item in theme["items"]]
        path.write_text(json.dumps({"items": [{"id": item, "level": levels[(number * (shift + 1)) // 3 % len(levels)]} for number, item in enumerate(items)]}))
        host.json_as(year.STEWARD[partner], "assess", "import", chain["id"], path, "--format", "yaml", check=0)
        host.json_as(year.STEWARD[partner], "assess", "submit", chain["id"], check=0)
    host.travel_to("2026-05-10")


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        missing = "chromium is not installed (tools/setup)" if not CHROMIUM else "" if install() else "npm or the npm registry is not there"
        if missing:
            print(f"skipped: pages in a browser, for {missing}")
            raise unittest.SkipTest(missing)
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = pathlib.Path(cls.temporary.name)

    def good(self, *pages):
        for name, result in look(pages).items():
            self.assertEqual(result["findings"], [], name)
            self.assertGreater(result["sheets"], 0, name)

    def test_a_bad_page_is_found_out(self):
        path = self.folder / "bad.html"
        path.write_text(BAD_PAGE)
        findings = "\n".join(look([("bad", path, 7)])["bad"]["findings"])
        for mistake in ("color-contrast", "html-has-lang", "the page scrolls sideways by", "never reaches <button", "nothing shows the focus on <a",
                        'has no tabindex="0": <div class="box"', "told by colour alone: <td", "asks for http://example.invalid", "not 7",
                        "print, black and white: color-contrast"):
            self.assertIn(mistake, findings)
        self.assertRegex(findings, 'print, black and white: color-contrast: .*class="white"')

    def test_what_stewards_and_the_board_are_given_at_the_end_of_a_year(self):
        year.write_policies(self.folder / "policies", SOURCE / "policies")
        with Host(policies=self.folder / "policies", staff=year.STAFF, start="2025-07-01") as host:
            pages = {name: self.folder / f"{name}.html" for name in ("assessment", "peers", "partnership", "chain", "board", "trend", "submission")}
            a_year_passes(host, self.folder, pages["submission"])
            council = year.STEWARD["county-council"]
            [mine] = [one["id"] for one in host.json_as(council, "assess", "show", check=0) if one["template"] == "year-themes"]
            host.as_(council, "assess", "report", mine, "--html", pages["assessment"], check=0)
            host.as_(council, "assess", "report", "year-themes", "--html", pages["peers"], check=0)
            host.admin("assess", "report", "year-themes", "--html", pages["partnership"], check=0)
            host.admin("assess", "report", "delivery-chain", "--html", pages["chain"], check=0)
            host.as_(council, "report", "partnership", "--period", "2026-Q1", "--html", pages["board"], check=0)
            host.as_(council, "quality", "history", "--html", pages["trend"], check=0)
        self.good(*((name, path, 2 if name == "board" else None) for name, path in pages.items()))

    def test_the_report_of_a_check(self):
        rows = [crime(i) for i in range(1, 300)] + [crime(9999, lsoa="bad"), crime(12, kind="Nonsense")]
        extract = write(self.folder, "extract.csv", rows)
        page = self.folder / "check.html"
        run("check", extract, "--feed", FEED, "--period", "2026-05", "--html", page, "--policies", SOURCE / "policies", check=0)
        self.good(("check", page))

    def test_what_appears_beside_files_in_an_inbox(self):
        with Host(settings=SETTINGS, staff=("constabulary steward pat",)) as host:
            inbox = host.folder / "inbox" / FEED
            until((inbox / "README.txt").exists, "the folder")
            names = ("2026-04 and 2026-05.csv", "2026-05.csv")
            for name in names:
                write(inbox, name, [crime(i) for i in range(1, 300)] + [crime(9999, lsoa="bad")])
            pages = [inbox / f"{name}.report.html" for name in names]
            until(lambda: all(page.exists() for page in pages), "the reports")
            kept = [(f"inbox-{number}", pathlib.Path(shutil.copy(page, self.folder / f"inbox-{number}.html"))) for number, page in enumerate(pages)]
        self.good(*kept)


if __name__ == "__main__":
    unittest.main()
