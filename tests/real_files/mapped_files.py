"""Published files of many layouts become records by their feeds' mappings alone; what comes out is counted and summed independently (../shared/data beside the checkout)."""
import csv
import datetime
import decimal
import io
import json
import pathlib
import re
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import judge  # noqa: E402
from concordat_host import SHARED, run  # noqa: E402
from policies import Policies, field  # noqa: E402

DATA = SHARED / "data"
SPEND = [field("body"), field("paid_on", "date"), field("reference"), field("amount", "number"), field("supplier"), field("service")]


def rows_of(path, encoding="utf-8-sig", skip=0):
    """Header and rows with any value below it, by Python's csv module."""
    with open(path, encoding=encoding, newline="") as lines:
        rows = list(csv.reader(lines))[skip:]
    return [cell.strip() for cell in rows[0]], [row for row in rows[1:] if any(row)]


def column(header, rows, name, nth=0):
    at = [i for i, cell in enumerate(header) if cell == name][nth]
    return [row[at] if at < len(row) else "" for row in rows]


def total(values):
    return sum((decimal.Decimal(str(value)) for value in values), decimal.Decimal(0)).quantize(decimal.Decimal("0.01"))


@unittest.skipUnless(DATA.exists(), "skipped: no ../shared/data beside the checkout")
class MappedFiles(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.policies = Policies(self.folder / "policies")

    def tearDown(self):
        self.temporary.cleanup()

    def feed(self, name, dataset, adapter=None, **keys):
        document = {"apiVersion": "concordat/v1", "kind": "Feed", "id": name, "partner": "publisher", "dataset": dataset,
                    "adapter": {"plugin": "delimited", **({"options": adapter} if adapter else {})}, **keys}
        self.policies.write(f"feeds/{name}.yaml", document)

    def contract(self, name, fields):
        self.policies.add(name, fields)
        (self.policies.folder / "feeds" / f"{name}.yaml").unlink()

    def check(self, path, feed, period="2026"):
        """The judgement and the records that would go in."""
        valid = self.folder / f"{feed}.jsonl"
        done = run("check", path, "--feed", feed, "--period", period, "--policies", self.policies.folder, "--valid", valid, "--json")
        self.assertTrue(done.stdout, done.stderr)
        result = json.loads(done.stdout)
        records = [json.loads(line) for line in valid.read_text().splitlines()] if valid.exists() else []
        return result, records

    def agree(self, result, records, expected):
        self.assertEqual(result["records"]["accepted"], len(expected), result["reasons"])
        self.assertEqual(len(records), len(expected))
        for name in expected[0] if expected else []:
            got = [record[name] for record in records]
            want = [row[name] for row in expected]
            self.assertEqual(got, want, name)

    # --- indicators ---

    def test_a_scorecard_with_a_column_a_measure_becomes_a_record_a_measure(self):
        path = DATA / "indicators" / "dfe-neet-scorecard" / "UD_NEETNK_LA_dashboard_2022_final.csv"
        measures = ["NEET_not_known_percent", "NEET_percent", "Notknown_percent"]
        self.contract("scorecard", [field("area"), field("year"), field("age"), field("measure"), field("value", "number")])
        self.feed("scorecard", "scorecard", unpivot={"columns": measures, "name_to": "measure", "value_to": "value"},
                  rows='source["geographic_level"] == "Local authority"',
                  mapping={"area": "new_la_code", "year": "time_period", "age": "Age",
                           "value": {"from": "value", "missingTokens": ["c", "z", "x", "u"]}})
        header, rows = rows_of(path)
        expected, left_out = [], 0
        at = {name: header.index(name) for name in header}
        for row in rows:
            if row[at["geographic_level"]] != "Local authority":
                left_out += 1
                continue
            for measure in measures:
                text = row[at[measure]]
                expected.append({"area": row[at["new_la_code"]], "year": row[at["time_period"]], "age": row[at["Age"]], "measure": measure,
                                 "value": float(text) if judge.is_number(text) else None})
        result, records = self.check(path, "scorecard")
        self.assertEqual(result["records"].get("leftOut", 0), left_out)
        bad = sum(1 for row in rows if row[at["geographic_level"]] == "Local authority" for measure in measures
                  if row[at[measure]] not in ("", "c", "z", "x", "u") and not judge.is_number(row[at[measure]]))
        rule = {entry["id"]: entry for entry in result["rules"]}["value_type"]
        self.assertEqual(rule["fail"], bad)
        self.assertEqual(result["records"]["accepted"], len(expected) - bad)
        if bad == 0:
            self.agree(result, records, expected)

    def test_quarters_are_split_off_their_years(self):
        path = DATA / "indicators" / "lgbf" / "Indicator Data - Real - Quarterly.csv"
        self.contract("quarterly", [field("code"), field("area"), field("year"), field("quarter"), field("value", "number")])
        self.feed("quarterly", "quarterly", missingTokens=["null"],
                  mapping={"code": {"from": "Code", "replace": {"pattern": r"\s+", "with": ""}}, "area": "LocalAuthority",
                           "year": {"from": "Period", "split": {"by": ";", "part": 1}, "replace": {"text": "-", "with": "/"}},
                           "quarter": {"from": "Period", "split": {"pattern": "Q([1-4])"}}, "value": "Value"})
        header, rows = rows_of(path)
        expected = [{"code": re.sub(r"\s+", "", code), "year": period.split(";")[0].replace("-", "/"), "quarter": re.search("Q([1-4])", period).group(1)}
                    for code, period in zip(column(header, rows, "Code"), column(header, rows, "Period"))]
        self.agree(*self.check(path, "quarterly"), expected)

    def test_indicators_in_long_form(self):
        fields = [field("area_code"), field("period"), field("value", "number"), field("unit"), field("theme")]
        self.contract("indicator", fields)
        self.feed("long", "indicator", missingTokens=["NA"],
                  mapping={"area_code": ["area_code", "Local authority code"], "period": ["period", "Financial year"], "value": ["value", "Value"],
                           "unit": ["unit", "units", "Grouping"], "theme": {"fact": "source.name", "split": {"pattern": "^([A-Za-z]+)_"}}})
        paths = [DATA / "indicators" / "oflog" / "ASC_data.csv", *sorted((DATA / "indicators" / "trafford-corporate-plan").glob("*.csv")),
                 *sorted((DATA / "profiles" / "trafford-21-wards").glob("*_data_*.csv")),
                 *(path for path in sorted((DATA / "profiles" / "sheffield-28-wards").glob("*.csv")) if not path.name.endswith("_meta.csv"))]
        self.assertGreater(len(paths), 30)
        for path in paths:
            with self.subTest(path.name):
                header, rows = rows_of(path)
                values = column(header, rows, "value" if "value" in header else "Value")
                result, records = self.check(path, "long")
                bad = sum(1 for value in values if value not in ("", "NA") and not judge.is_number(value))
                self.assertEqual(result["records"]["accepted"], len(rows) - bad)
                self.assertEqual(total(r["value"] for r in records if r["value"] is not None), total(v for v in values if v != "NA" and judge.is_number(v)))
                self.assertEqual({record["theme"] for record in records}, {path.name.split("_")[0]})

    # --- spend ---

    def test_council_spend_in_its_layouts(self):
        self.contract("spend", SPEND)
        folder = DATA / "spend" / "council"
        self.feed("leeds", "spend", mapping={"body": "Body name", "paid_on": {"from": "Date paid", "parse": "dd-MMM-yy"}, "reference": "Transaction number",
                                              "amount": {"from": "Net amount", "numbers": {"thousands": ","}}, "supplier": "Supplier name", "service": "Service label"})
        self.feed("salford", "spend", mapping={"body": "Authority Name", "paid_on": "Date of Payment", "reference": "SAP Document Number", "amount": "Net",
                                                "supplier": "Supplier Name", "service": "Directorate"})
        self.feed("salford-short", "spend", mapping={"body": {"value": "Salford City Council"}, "paid_on": "Payment Date", "amount": "Amount",
                                                      "supplier": "Beneficiary Name", "service": "Organisational Unit"})
        self.feed("sheffield", "spend", mapping={"body": {"value": "Sheffield City Council"}, "paid_on": "GL Date", "reference": "Document No", "amount": "Invoiced Value",
                                                  "supplier": "Supplier Name", "service": "Business Unit Description"})
        self.feed("darlington", "spend", mapping={"body": {"value": "Darlington Borough Council"}, "paid_on": {"fact": "source.name", "split": {"pattern": "([0-9]{4}-[0-9]{2})"}, "parse": "yyyy-MM"},
                                                   "amount": "Invoice Line Value (net of VAT)", "supplier": "Supplier", "service": ["Directorate", "Directotate"]})
        for name, feed, amount, day, form in [
                ("leeds_raw_2011-05.csv", "leeds", "Net amount", "Date paid", "%d-%b-%y"),
                ("salford_clean_2011-08.csv", "salford", "Net", "Date of Payment", "%Y-%m-%d"),
                ("salford_processed_2011-08.csv", "salford-short", "Amount", "Payment Date", "%Y-%m-%d"),
                ("sheffield_clean_2012-10.csv", "sheffield", "Invoiced Value", "GL Date", "%Y-%m-%d"),
                ("darlington_clean_2013-01.csv", "darlington", "Invoice Line Value (net of VAT)", None, None)]:
            with self.subTest(name):
                header, rows = rows_of(folder / name, "utf-8-sig" if self.is_utf8(folder / name) else "cp1252")
                rows = [row for row in rows if len(row) >= len(header) and not any(row[len(header):])]
                amounts = [text.replace(",", "") for text in column(header, rows, amount)]
                days = column(header, rows, day) if day else ["2013-01"] * len(rows)
                good = [(a, d) for a, d in zip(amounts, days) if (not a or judge.is_number(a)) and (not day or not d or judge.is_date(d, form))]
                result, records = self.check(folder / name, feed)
                self.assertEqual(result["records"]["accepted"], len(good), result["reasons"])
                self.assertEqual(total(r["amount"] for r in records if r["amount"] is not None), total(a for a, _ in good if a))
                want = [datetime.datetime.strptime(d, form).date().isoformat() if d else None for _, d in good] if day else ["2013-01-01"] * len(good)
                self.assertEqual([r["paid_on"] for r in records], want)

    @staticmethod
    def is_utf8(path):
        try:
            path.read_bytes().decode("utf-8")
            return True
        except UnicodeDecodeError:
            return False

    def test_departments_spend_through_one_feed(self):
        """Headers drift from department to department: one feed with their names."""
        self.contract("spend", SPEND)
        self.feed("departments", "spend",
                  mapping={"body": ["Entity"], "paid_on": {"from": ["Date", "Payment Date"], "trim": True, "parse": ["dd/MM/yyyy", "dd/MM/yy", "dd-MMM-yy", "dd-MMM-yyyy", "d-MMM-yy"]},
                           "reference": {"from": ["Transaction Number", "Transation number", "Transactions Number", "Transaction no"], "trim": True},
                           "amount": {"from": ["Amount", "Amount (£)", "Invoice Amount"], "trim": True,
                                      "numbers": {"thousands": ",", "currency": "£", "negative": ["parentheses", "trailing_minus"]}},
                           "supplier": ["Supplier", "Supplicer", "Supplier Name"], "service": "Entity"})
        judged = 0
        for path in sorted((DATA / "spend" / "gov25k").glob("*.csv")):
            text = path.read_bytes()
            text = text.decode("utf-8-sig") if self.is_utf8(path) else text.decode("cp1252", "replace")
            rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
            heads = [i for i, row in enumerate(rows) if {"entity"} <= {cell.strip().lower() for cell in row}]
            if not heads or heads[0] != 0:
                continue  # titles above the header are the adapter's to find; its own tests count them
            header = [cell.strip().lower() for cell in rows[0]]
            amounts = [name for name in ("amount", "amount (£)", "invoice amount") if name in header]
            self.assertEqual(len(amounts), 1, path.name)
            with self.subTest(path.name):
                result, records = self.check(path, "departments")
                at = header.index(amounts[0])
                day = [i for i, cell in enumerate(header) if cell in ("date", "payment date")][0]
                good = []
                for row in rows[1:]:
                    if len(row) < len(header):
                        continue
                    worth = row[at].strip()
                    number = None if not worth else judge.money(worth)
                    if worth and number is None:
                        continue
                    if row[day].strip() and not any(judge.is_date(row[day].strip(), form) for form in ("%d/%m/%Y", "%d/%m/%y", "%d-%b-%y", "%d-%b-%Y")):
                        continue
                    good.append(number)
                self.assertEqual(result["records"]["accepted"], len(good), (result["reasons"], result.get("notes")))
                self.assertEqual(total(r["amount"] for r in records if r["amount"] is not None), total(n for n in good if n is not None))
                judged += 1
        self.assertGreaterEqual(judged, 10)

    # --- lookups and postcodes ---

    def test_codes_become_names_by_a_lookup(self):
        """Districts of a lookup become their fire service by another lookup; what has none is a finding."""
        fire = judge.records(DATA / "lookups" / "ons_133_LAD19_to_FireRescue.csv")
        (self.policies.folder / "lists" / "fire.csv").write_bytes((DATA / "lookups" / "ons_133_LAD19_to_FireRescue.csv").read_bytes())
        self.contract("wards", [field("ward"), field("district"), field("fire_service")])
        self.feed("wards", "wards", mapping={"ward": "WD19CD", "district": "LAD19CD",
                                              "fire_service": {"from": "LAD19CD", "codes": {"file": "lists/fire.csv", "from": "LAD19CD", "to": "FRA19NM"}}})
        path = DATA / "lookups" / "ons_135_LSOA11_to_WD19.csv"
        rows = judge.records(path)
        names = {row["LAD19CD"]: row["FRA19NM"] for row in fire}
        expected = [{"ward": row["WD19CD"], "district": row["LAD19CD"], "fire_service": names[row["LAD19CD"]]} for row in rows if row["LAD19CD"] in names]
        result, records = self.check(path, "wards")
        unknown = [row["LAD19CD"] for row in rows if row["LAD19CD"] and row["LAD19CD"] not in names]
        rule = {entry["id"]: entry for entry in result["rules"]}["fire_service_mapping"]
        self.assertEqual((rule["fail"], rule["origin"], rule["dimension"], rule["severity"]), (len(unknown), "host", "conformity", "error"))
        if unknown:
            self.assertEqual(rule["samples"][0]["values"], {"fire_service": unknown[0]})
        self.agree(result, records, expected)

    def test_a_file_without_a_header_by_the_places_of_its_columns(self):
        path = DATA / "postcodes" / "de.csv"
        self.contract("postcodes", [field("postcode"), field("easting", "integer"), field("northing", "integer"), field("district")])
        self.feed("postcodes", "postcodes", {"header": "none"},
                  mapping={"postcode": {"from": "#1", "replace": {"pattern": r"\s+", "with": ""}}, "easting": "#3", "northing": "#4", "district": "#9"})
        with open(path, newline="") as lines:
            rows = [row for row in csv.reader(lines) if any(row)]
        expected = [{"postcode": re.sub(r"\s+", "", row[0]), "easting": int(row[2]), "northing": int(row[3]), "district": row[8]} for row in rows]
        self.agree(*self.check(path, "postcodes"), expected)

    # --- several outputs, and a proposed feed ---

    def test_one_file_two_datasets(self):
        path = DATA / "spend" / "council" / "leeds_raw_2011-05.csv"
        self.contract("spend", SPEND)
        self.contract("suppliers", [field("name", required=True)])
        self.feed("leeds", "spend", mapping={"paid_on": {"from": "Date paid", "parse": "dd-MMM-yy"}, "amount": "Net amount", "supplier": "Supplier name"})
        document = {"apiVersion": "concordat/v1", "kind": "Feed", "id": "leeds-suppliers", "partner": "publisher", "dataset": "suppliers", "same_file_as": "leeds",
                    "mapping": {"name": {"from": "Supplier name", "case": "upper"}}, "rows": 'source["Capital or revenue"] == "C"'}
        self.policies.write("feeds/leeds-suppliers.yaml", document)
        header, rows = rows_of(path, "utf-8-sig" if self.is_utf8(path) else "cp1252")
        capital = [kind for kind in column(header, rows, "Capital or revenue") if kind == "C"]
        result, _ = self.check(path, "leeds")
        self.assertEqual([output["feed"] for output in result["outputs"]], ["leeds-suppliers"])
        self.assertEqual(result["outputs"][0]["records"]["total"], len(capital))
        self.assertEqual(result["outputs"][0]["records"]["leftOut"], len(rows) - len(capital))
        self.assertEqual(len((self.folder / "leeds.leeds-suppliers.jsonl").read_text().splitlines()), result["outputs"][0]["records"]["accepted"])

    def test_a_proposed_feed_reads_the_file_that_it_was_made_from(self):
        self.contract("spend", SPEND)
        for name, want in (("leeds_raw_2011-05.csv", {"paid_on": "Date paid", "amount": "Net amount", "supplier": "Supplier name", "reference": "Transaction number"}),
                           ("salford_clean_2011-08.csv", {"paid_on": "Date of Payment", "supplier": "Supplier Name"})):
            with self.subTest(name):
                path = DATA / "spend" / "council" / name
                identifier = "proposed-" + name[:5]
                target = self.policies.folder / "feeds" / f"{identifier}.yaml"
                done = run("feed", "propose", path, "--dataset", "spend", "--partner", "publisher", "--id", identifier, "--policies", self.policies.folder,
                           "-o", target, "--json", check=0)
                proposal = json.loads(done.stdout)
                chosen = {entry["field"]: entry["column"] for entry in proposal["fields"]}
                self.assertEqual({key: chosen[key] for key in want}, want)
                run("policy", "lint", "--policies", self.policies.folder, check=0)
                result, _ = self.check(path, identifier)
                rules = {entry["id"]: entry for entry in result["rules"]}
                self.assertEqual((rules["paid_on_type"]["fail"], rules["amount_type"]["fail"]), (0, 0))


if __name__ == "__main__":
    unittest.main()
