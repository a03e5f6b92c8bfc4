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
from concordat_host import BUILD, SOURCE, run  # noqa: E402
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


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if not CHROMIUM:
            raise unittest.SkipTest("pages in a browser: chromium is not installed (tools/setup)")
        if not install():
            raise unittest.SkipTest("pages in a browser: npm or the npm registry is not there")
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

    def test_the_report_of_a_check(self):
        rows = [crime(i) for i in range(1, 300)] + [crime(9999, lsoa="bad"), crime(12, kind="Nonsense")]
        extract = write(self.folder, "extract.csv", rows)
        page = self.folder / "check.html"
        run("check", extract, "--feed", FEED, "--period", "2026-05", "--html", page, "--policies", SOURCE / "policies", check=0)
        self.good(("check", page))


if __name__ == "__main__":
    unittest.main()
