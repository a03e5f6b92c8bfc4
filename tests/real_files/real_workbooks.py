"""Real workbooks and packed files through feeds of their own (`concordat check`), each with a count by Python's zipfile and csv modules alone."""
import csv
import gzip
import json
import pathlib
import re
import sys
import tempfile
import unittest
import xml.etree.ElementTree as tree
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from concordat_host import SHARED, run  # noqa: E402
from policies import Policies, field, rule  # noqa: E402

DATA = SHARED / "data"
IMD = DATA / "deprivation" / "File_1_-_IMD2019_Index_of_Multiple_Deprivation.csv.gz"
IMD_BOOK = DATA / "deprivation" / "File_1_-_IMD2019_Index_of_Multiple_Deprivation.xlsx"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheet_rows(path, part):
    """Rows of a sheet as {column letters: text}, below nothing and above nothing."""
    with zipfile.ZipFile(path) as book:
        strings = ["".join(text.text or "" for text in one.iter(MAIN + "t")) for one in tree.fromstring(book.read("xl/sharedStrings.xml"))]
        rows = []
        for row in tree.fromstring(book.read(part)).iter(MAIN + "row"):
            cells = {}
            for cell in row.iter(MAIN + "c"):
                value = cell.find(MAIN + "v")
                if value is not None:
                    cells[re.match("[A-Z]+", cell.get("r")).group()] = strings[int(value.text)] if cell.get("t") == "s" else value.text
            if cells:
                rows.append(cells)
    return rows


@unittest.skipUnless(DATA.exists(), "skipped: no ../shared/data beside the checkout")
class RealWorkbooks(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.policies = Policies(self.folder / "policies")

    def tearDown(self):
        self.temporary.cleanup()

    def check(self, path, feed):
        done = run("check", path, "--feed", feed, "--period", "2019", "--as-of", "2026-11-20", "--policies", self.policies.folder, "--json")
        self.assertTrue(done.stdout, done.stderr)
        result = json.loads(done.stdout)
        return result, {entry["id"]: (entry["pass"], entry["fail"]) for entry in result["rules"] if entry["origin"] == "host"}

    def imd(self, name, adapter):
        self.policies.add(
            name, [field("lsoa", required=True, quality=[rule(f"{name}_first_north", "regex", pattern="^E0100[0-9]+$")]), field("district"),
                   field("rank", "integer", quality=[rule(f"{name}_worst_tenth", "range", min=3285)]), field("decile", "integer")],
            [rule(f"{name}_once", "unique", "uniqueness", fields=["lsoa"])],
            mapping={"lsoa": "LSOA code (2011)", "district": "Local Authority District name (2019)",
                     "rank": {"from": "Index of Multiple Deprivation (IMD) Rank", "parse": {"thousands": ","}},
                     "decile": "Index of Multiple Deprivation (IMD) Decile"},
            adapter=adapter)

    def test_the_indices_of_deprivation_as_workbook_and_as_packed_csv(self):
        with gzip.open(IMD, "rt", encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        north = sum(1 for row in rows if re.match("^E0100[0-9]+$", row["LSOA code (2011)"]))
        rest = sum(1 for row in rows if int(row["Index of Multiple Deprivation (IMD) Rank"].replace(",", "")) >= 3285)
        text = gzip.open(IMD).read()
        packed = self.folder / "extract.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as pack:
            pack.writestr("readme.txt", "nothing")
            pack.writestr("data/imd.csv", text)
        ways = {"book": (IMD_BOOK, {"plugin": "spreadsheet"}, None), "gz": (IMD, None, f"read {IMD.name} unpacked"),
                "member": (packed, {"plugin": "delimited", "unpack": "*.csv"}, "read data/imd.csv from extract.zip")}
        for name, (path, adapter, note) in ways.items():
            with self.subTest(name):
                self.imd(name, adapter)
                result, rules = self.check(path, name)
                self.assertEqual(result["records"]["total"], len(rows))
                self.assertEqual(result["records"]["unreadable"], 0)
                self.assertEqual(rules[f"{name}_first_north"], (north, len(rows) - north))
                self.assertEqual(rules[f"{name}_worst_tenth"], (rest, len(rows) - rest))
                self.assertEqual(rules[f"{name}_once"], (len(rows), 0))
                self.assertEqual(result["source"]["bytes"], path.stat().st_size)
                if note:
                    self.assertIn(note, result.get("notes", []))

    def test_fire_stations_of_a_sheet_that_claims_a_million_rows(self):
        path = DATA / "fire" / "fire-data.xlsx"
        rows = sheet_rows(path, "xl/worksheets/sheet2.xml")
        heads = rows[0]
        names = [heads[letters] for letters in sorted(heads, key=lambda letters: (len(letters), letters))]
        second = sorted(heads, key=lambda letters: (len(letters), letters))[1]
        self.policies.add("stations", [field("name", required=True)], mapping={"name": names[1]}, adapter={"plugin": "spreadsheet", "options": {"sheet": "fire-station"}})
        result, rules = self.check(path, "stations")
        self.assertEqual(result["records"]["total"], len(rows) - 1)
        missing = sum(1 for row in rows[1:] if not row.get(second))
        self.assertEqual(rules["name_required"], (len(rows) - 1 - missing, missing))

    def test_a_workbook_with_several_tables_is_refused_until_the_feed_says_which(self):
        self.policies.add("fire", [field("name")], adapter={"plugin": "spreadsheet"})
        result, _ = self.check(DATA / "fire" / "fire-data.xlsx", "fire")
        self.assertEqual(result["decision"], "reject")
        self.assertIn('several sheets have a table: "fire-authority", "fire-station", "fire-duty-type"', json.dumps(result["reasons"], ensure_ascii=False).replace('\\"', '"'))

    def test_derbyshire_assets_below_a_title(self):
        path = DATA / "fire" / "stations-derbyshire.xlsx"
        rows = [row for row in sheet_rows(path, "xl/worksheets/sheet1.xml")][2:]
        self.policies.add("assets", [field("site", required=True), field("status", quality=[rule("freehold", "in_list", values=["Freehold"])])],
                          mapping={"site": "Site", "status": "Asset Ownership"}, adapter={"plugin": "spreadsheet"})
        result, rules = self.check(path, "assets")
        self.assertEqual(result["records"]["total"], len(rows))
        owned = sum(1 for row in rows if row.get("I") == "Freehold")
        named = sum(1 for row in rows if row.get("I"))
        self.assertEqual(rules["freehold"], (owned, named - owned))

    def test_wards_of_sheffield(self):
        path = DATA / "deprivation" / "imd-ward-sheff.xlsx"
        self.policies.add("wards", [field("ward_name", required=True), field("imd_avg_rank", "number"), field("sheff_imd_rank", "integer", quality=[rule("upper_half", "range", max=14)])],
                          adapter={"plugin": "spreadsheet"})
        result, rules = self.check(path, "wards")
        self.assertEqual(result["records"]["total"], 28)
        self.assertEqual(rules["upper_half"], (14, 14))

    def test_a_file_whose_name_lies_is_named_for_what_it_is(self):
        self.policies.add("text", [field("a")], adapter={"plugin": "delimited"})
        self.policies.add("book", [field("a")], adapter={"plugin": "spreadsheet"})
        lying = self.folder / "extract.csv"
        lying.write_bytes((DATA / "deprivation" / "imd-ward-sheff.xlsx").read_bytes())
        self.assertIn("this is an Excel file", json.dumps(self.check(lying, "text")[0]["reasons"]))
        lying = self.folder / "extract.xlsx"
        lying.write_text("a,b\n1,2\n")
        self.assertIn("this is plain text such as CSV", json.dumps(self.check(lying, "book")[0]["reasons"]))


if __name__ == "__main__":
    unittest.main()
