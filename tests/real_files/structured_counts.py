"""Cell by cell, JSON, GeoJSON, XML and fixed-width files come through `concordat check` as an independent reader has them (../shared/data beside the
checkout)."""
import collections
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import judge as tables  # noqa: E402
import structured_judge as judge  # noqa: E402
from concordat_host import SHARED, run  # noqa: E402
from policies import Policies, field, rule  # noqa: E402

DATA = SHARED / "data"


@unittest.skipUnless(DATA.exists(), "skipped: no ../shared/data beside the checkout")
class StructuredCounts(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def check(self, path, plugin, columns, options=None, rules=(), kinds=None):
        """Of a feed with these source columns as fields c0, c1 ...: what check says, and the records that would go in as {column: text}."""
        policies = Policies(self.folder / f"policies{len(list(self.folder.iterdir()))}")
        names = {f"c{i}": column for i, column in enumerate(columns)}
        policies.add("data", [field(name, (kinds or {}).get(column, "string")) for name, column in names.items()],
                     [rule("first_present", "required", "completeness", "warning", field="c0"), *rules],
                     {name: column for name, column in names.items()}, adapter={"plugin": plugin, "options": options or {}})
        valid = self.folder / "valid.jsonl"
        done = run("check", path, "--feed", "data", "--period", "2026-07", "--policies", policies.folder, "--json", "--valid", valid)
        result = json.loads(done.stdout)
        rows = []
        if valid.exists():
            for line in valid.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                rows.append({column: row.get(name) for name, column in names.items()})
            valid.unlink()
        return result, rows

    def agree(self, rows, expected, columns):
        self.assertEqual(len(rows), len(expected))
        for number, (row, wanted) in enumerate(zip(rows, expected), 1):
            self.assertEqual([row[column] or "" for column in columns], [wanted.get(column, "") for column in columns], f"record {number}")

    def test_food_hygiene_ratings(self):
        path = DATA / "food" / "FHRS232en-GB.xml"
        expected = judge.elements(path, "EstablishmentDetail")
        columns = list(dict.fromkeys(name for row in expected for name in row))
        columns = [name for name in columns if any(row.get(name) for row in expected) and name not in ("Scores", "Geocode")]
        for options in ({}, {"records": "FHRSEstablishment/EstablishmentCollection/EstablishmentDetail"}):
            result, rows = self.check(path, "xml", columns, options,
                                      [rule("id_once", "unique", "uniqueness", fields=["c0"]),
                                       rule("postcode_present", "required", "completeness", "warning", field=f"c{columns.index('PostCode')}")])
            self.assertEqual((result["records"]["total"], result["records"]["unreadable"], len(expected)), (1563, 0, 1563))
            self.agree(rows, expected, columns)
            rules = {entry["id"]: entry for entry in result["rules"]}
            self.assertEqual(rules["postcode_present"]["fail"], sum(1 for row in expected if not row.get("PostCode")))
            self.assertGreater(rules["postcode_present"]["fail"], 100)
            self.assertEqual(collections.Counter(row["RatingValue"] for row in rows), collections.Counter(row["RatingValue"] for row in expected))

    def test_boundaries(self):
        paths = sorted([*(DATA / "boundaries").glob("*.geojson"), *(DATA / "profiles").glob("*/*.geojson")])
        self.assertGreaterEqual(len(paths), 6)
        for path in paths:
            with self.subTest(path.name):
                expected = judge.features(path)
                columns = [name for name in expected[0] if name != "geometry"]
                box = ["geometry.west", "geometry.south", "geometry.east", "geometry.north"]
                middle = ["geometry.x", "geometry.y"]
                result, rows = self.check(path, "json", columns + box + middle, {"geometry": "all"})
                self.assertEqual((result["records"]["total"], result["records"]["unreadable"]), (len(expected), 0))
                self.agree(rows, expected, columns)
                for row, feature in zip(rows, expected):
                    places = list(judge.positions(feature["geometry"]["coordinates"]))
                    xs, ys = [x for x, _ in places], [y for _, y in places]
                    for name, value in zip(box, (min(xs), min(ys), max(xs), max(ys))):
                        self.assertAlmostEqual(float(row[name]), value, places=6)
                    self.assertTrue(min(xs) <= float(row["geometry.x"]) <= max(xs) and min(ys) <= float(row["geometry.y"]) <= max(ys))
                    # The publisher's own label point lies near the middle of the area.
                    if "LONG" in feature:
                        self.assertLess(abs(float(row["geometry.x"]) - float(feature["LONG"])), (max(xs) - min(xs)) / 2)

    def test_council_json(self):
        for name in ("blackburn-with-darwen", "derby", "derbyshire"):
            path = DATA / "spend" / "json" / f"{name}.json"
            document = judge.document(path)
            for part in ("budgetCategories", "feedItems"):
                expected = [judge.flat(row) for row in document[part]]
                columns = list(expected[0])
                result, rows = self.check(path, "json", columns, {"records": f"$.{part}"})
                self.assertEqual(result["records"]["total"], len(document[part]))
                self.agree(rows, expected, columns)
            result, rows = self.check(path, "json", ["record.key", "value"], {"records": "$.taxBands.*"})
            self.assertEqual([(row["record.key"], row["value"]) for row in rows], list(document["taxBands"].items()))
            result, _ = self.check(path, "json", ["cat"])
            self.assertEqual(result["decision"], "reject")
            self.assertIn("$.budgetCategories (", result["reasons"][0]["message"])

    def test_indexes_of_spend_files(self):
        for name in ("leeds", "sheffield"):
            path = DATA / "spend" / "council" / f"{name}_index.json"
            expected = [judge.flat(row) for row in judge.document(path)["files"]]
            columns = list(dict.fromkeys(column for row in expected for column in row))
            result, rows = self.check(path, "json", columns)
            self.assertEqual(result["records"]["total"], len(expected))
            self.agree(rows, expected, columns)
            self.assertTrue(any("$.files" in note for note in result["notes"]), result["notes"])

    def test_a_police_file_written_in_fixed_width_reads_the_same(self):
        rows = tables.records(DATA / "police" / "street" / "2019-01-derbyshire-street.csv")[:2000]
        columns = ["Crime ID", "Month", "Longitude", "Latitude", "LSOA code", "LSOA name", "Crime type"]
        widths = [max(len(row[column]) for row in rows) + 1 for column in columns]
        path = self.folder / "street.txt"
        lines = ["01EXTRACT"] + ["02" + "".join(row[column].ljust(width) for column, width in zip(columns, widths)) for row in rows]
        path.write_text("\r\n".join([*lines, f"99{len(rows):08}", ""]), encoding="cp1252")
        starts = [3 + sum(widths[:i]) for i in range(len(widths))]
        layout = ", ".join(f"{column} {start}-{start + width - 1}" for column, start, width in zip(columns, starts, widths))
        result, read = self.check(path, "fixed_width", columns, {"columns": layout, "only": "02", "trailer": "99", "trailer_count": "3-10"})
        self.assertEqual((result["records"]["total"], result["records"]["unreadable"]), (len(rows), 0))
        self.agree(read, rows, columns)


if __name__ == "__main__":
    unittest.main()
