"""Rule by rule, `concordat check` agrees with an independent judge on real published files (../shared/data beside the checkout)."""
import json
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import judge  # noqa: E402
from concordat_host import SHARED, run  # noqa: E402
from policies import Policies, field, rule  # noqa: E402

DATA = SHARED / "data"
CRIME_TYPES = ["Anti-social behaviour", "Bicycle theft", "Burglary", "Criminal damage and arson", "Drugs", "Other crime", "Other theft", "Possession of weapons",
               "Public order", "Robbery", "Shoplifting", "Theft from the person", "Vehicle crime", "Violence and sexual offences"]
STREET = {"crime_id": "Crime ID", "month": "Month", "longitude": "Longitude", "latitude": "Latitude", "lsoa_code": "LSOA code", "crime_type": "Crime type",
          "last_outcome_category": "Last outcome category"}


def area_of(force):
    """LSOA codes of a police force area, from two lookups: LSOA to district, district to force."""
    districts = {row["LAD19CD"] for row in judge.records(DATA / "lookups" / "ons_194_LAD19_to_CSP_to_PFA.csv") if row["PFA19NM"] == force}
    return {row["LSOA11CD"] for row in judge.records(DATA / "lookups" / "ons_135_LSOA11_to_WD19.csv") if row["LAD19CD"] in districts}


@unittest.skipUnless(DATA.exists(), "skipped: no ../shared/data beside the checkout")
class RealCounts(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.policies = Policies(pathlib.Path(self.temporary.name) / "policies")

    def tearDown(self):
        self.temporary.cleanup()

    def check(self, path, feed, period, as_of="2026-11-20"):
        done = run("check", path, "--feed", feed, "--period", period, "--as-of", as_of, "--policies", self.policies.folder, "--json")
        self.assertTrue(done.stdout, done.stderr)
        result = json.loads(done.stdout)
        return result, {entry["id"]: entry for entry in result["rules"]}

    def agree(self, rules, expected):
        """expected: rule -> (fail, skip) or fail."""
        for identifier, counts in expected.items():
            got = rules[identifier]
            want = counts if isinstance(counts, tuple) else (counts, got["skip"])
            self.assertEqual((got["fail"], got["skip"]), want, identifier)

    def street(self, area):
        self.policies.add_list("area.csv", "lsoa_code", sorted(area))
        self.policies.add(
            "street", [field("crime_id"), field("month", "date", format="yyyy-MM", required=True), field("longitude", "number"), field("latitude", "number"),
                       field("lsoa_code", quality=[rule("lsoa_in_area", "in_list", "consistency", "warning", file="lists/area.csv")]),
                       field("crime_type", quality=[rule("known_type", "in_list", values=CRIME_TYPES)]), field("last_outcome_category")],
            [rule("id_present", "required", "completeness", when='record.crime_type != "Anti-social behaviour"', field="crime_id"),
             rule("id_once", "unique", "uniqueness", fields=["crime_id"]),
             rule("place_present", "required", "completeness", field="longitude"),
             rule("lsoa_present", "required", "completeness", field="lsoa_code"),
             rule("both_or_neither", "all_or_none", "consistency", fields=["longitude", "latitude"]),
             rule("asb_without_outcome", "must_be_empty", "consistency", when='record.crime_type == "Anti-social behaviour"', field="last_outcome_category"),
             rule("in_month", "period", "timeliness", field="month")], STREET)

    def judge_street(self, rows, area, month):
        asb = [row for row in rows if row["Crime type"] == "Anti-social behaviour"]
        crimes = [row for row in rows if row["Crime type"] != "Anti-social behaviour"]
        return {
            "id_present": (judge.blank(crimes, "Crime ID"), len(asb)),
            "id_once": (judge.repeated(row["Crime ID"] for row in rows), judge.blank(rows, "Crime ID")),
            "lsoa_in_area": (sum(1 for row in rows if row["LSOA code"] and row["LSOA code"] not in area), judge.blank(rows, "LSOA code")),
            "known_type": sum(1 for row in rows if row["Crime type"] not in CRIME_TYPES),
            "place_present": judge.blank(rows, "Longitude"),
            "lsoa_present": judge.blank(rows, "LSOA code"),
            "both_or_neither": sum(1 for row in rows if (row["Longitude"] == "") != (row["Latitude"] == "")),
            "asb_without_outcome": sum(1 for row in asb if row["Last outcome category"]),
            "in_month": sum(1 for row in rows if row["Month"] != month),
            "longitude_type": sum(1 for row in rows if row["Longitude"] and not judge.is_number(row["Longitude"])),
        }

    def test_derbyshire_street_crime(self):
        path = DATA / "police" / "street" / "2019-01-derbyshire-street.csv"
        area = area_of("Derbyshire")
        self.assertGreater(len(area), 500)
        self.street(area)
        rows = judge.records(path)
        result, rules = self.check(path, "street", "2019-01")
        self.assertEqual((result["records"]["total"], len(rows)), (7987, 7987))
        self.agree(rules, self.judge_street(rows, area, "2019-01"))
        self.assertEqual(rules["id_present"]["skip"], 2980, "anti-social behaviour has no Crime ID, legitimately")
        self.assertEqual((rules["id_once"]["groups"], rules["id_once"]["fail"]), (30, 30))
        self.assertGreater(rules["lsoa_in_area"]["fail"], 0)

    def test_south_yorkshire_street_crime(self):
        path = DATA / "police" / "street" / "2019-01-south-yorkshire-street.csv"
        area = area_of("South Yorkshire")
        self.street(area)
        rows = judge.records(path)
        result, rules = self.check(path, "street", "2019-01")
        self.assertEqual(result["records"]["total"], 14679)
        self.agree(rules, self.judge_street(rows, area, "2019-01"))
        self.assertEqual((rules["place_present"]["fail"], rules["lsoa_present"]["fail"]), (462, 462))

    def test_derbyshire_stop_and_search_has_two_columns_that_are_wholly_empty(self):
        path = DATA / "police" / "stop-and-search" / "2019-12-derbyshire-stop-and-search.csv"
        names = {"type": "Type", "date": "Date", "operation": "Part of a policing operation", "operation_name": "Policing operation", "gender": "Gender",
                 "age_range": "Age range", "legislation": "Legislation", "object": "Object of search", "outcome": "Outcome", "latitude": "Latitude", "longitude": "Longitude"}
        required = [rule(f"{name}_present", "required", "completeness", field=name) for name in names]
        self.policies.add("stops", [field(name, "number" if name in ("latitude", "longitude") else "string") for name in names], required, names)
        rows = judge.records(path)
        result, rules = self.check(path, "stops", "2019-12")
        self.assertEqual(result["records"]["total"], len(rows))
        self.agree(rules, {f"{name}_present": judge.blank(rows, column) for name, column in names.items()})
        empty = [name for name in names if rules[f"{name}_present"]["pass"] == 0]
        self.assertEqual(empty, ["operation", "operation_name"])

    def spend(self, name, columns, date_source, numbers=None):
        mapping = dict(columns)
        mapping["paid_on"] = {"from": columns["paid_on"], "parse": date_source}
        mapping["amount"] = {"from": columns["amount"], "numbers": numbers} if numbers else columns["amount"]
        self.policies.add(
            name, [field("paid_on", "date", required=True), field("amount", "number", required=True, trim=True), field("reference"), field("supplier")],
            [rule("supplier_present", "required", "completeness", field="supplier"), rule("reference_once", "unique", "uniqueness", "warning", fields=["reference"]),
             rule("not_negative", "range", "conformity", "warning", field="amount", min=0), rule("in_period", "period", "timeliness", field="paid_on")], mapping)

    def agree_spend(self, rows, rules, columns, form, first, last):
        amounts = [judge.money(row[columns["amount"]]) for row in rows]
        dates = [judge.datetime.datetime.strptime(row[columns["paid_on"]], form).date().isoformat() if judge.is_date(row[columns["paid_on"]], form) else None for row in rows]
        self.agree(rules, {
            "supplier_present": judge.blank(rows, columns["supplier"]),
            "reference_once": judge.repeated(row[columns["reference"]] for row in rows),
            "amount_type": sum(1 for row, amount in zip(rows, amounts) if row[columns["amount"]] and amount is None),
            "paid_on_type": judge.not_dates(rows, columns["paid_on"], form),
            "not_negative": sum(1 for row, amount in zip(rows, amounts) if row[columns["amount"]] and (amount is None or amount < 0)),
            "in_period": sum(1 for row, date in zip(rows, dates) if row[columns["paid_on"]] and not (date and first <= date <= last)),
        })

    def test_sheffield_spend(self):
        columns = {"paid_on": "GL Date", "amount": "Invoiced Value", "reference": "Invoice No", "supplier": "Supplier Name"}
        self.spend("sheffield", columns, "yyyy-MM-dd")
        path = DATA / "spend" / "council" / "sheffield_clean_2012-10.csv"
        rows = judge.records(path)
        result, rules = self.check(path, "sheffield", "2012-10")
        self.assertEqual((result["records"]["total"], result["records"]["unreadable"]), (len(rows) + 1, 1), "the last row is cut off")
        self.agree_spend(rows, rules, columns, "%Y-%m-%d", "2012-10-01", "2012-10-31")

    def test_leeds_spend(self):
        columns = {"paid_on": "Date paid", "amount": "Net amount", "reference": "Transaction number", "supplier": "Supplier name"}
        self.spend("leeds", columns, "dd-MMM-yy")
        path = DATA / "spend" / "council" / "leeds_raw_2011-05.csv"
        rows = judge.records(path, encoding="cp1252")
        result, rules = self.check(path, "leeds", "2011-05")
        self.assertEqual(result["records"]["total"], len(rows))
        self.agree_spend(rows, rules, columns, "%d-%b-%y", "2011-05-01", "2011-05-31")

    def test_windows_1252_with_junk_above_its_header(self):
        columns = {"paid_on": "Date", "amount": "Amount", "reference": "Transaction Number", "supplier": "Supplier"}
        self.spend("qcda", columns, "dd/MM/yyyy", {"currency": "£", "thousands": ","})
        path = DATA / "spend" / "gov25k" / "qcda%20spend%20%20april%202010.csv"
        rows = judge.records(path, encoding="cp1252", header=4)
        result, rules = self.check(path, "qcda", "2010-04")
        self.assertEqual((result["source"]["encoding"], result["source"]["headerLine"], result["records"]["total"]), ("windows-1252", 4, len(rows)))
        self.agree_spend(rows, rules, columns, "%d/%m/%Y", "2010-04-01", "2010-04-30")

    def test_may_by_name_but_every_date_is_in_june(self):
        columns = {"paid_on": "Date", "amount": "Amount", "reference": "Transaction Number", "supplier": "Supplier"}
        self.spend("agency", columns, "dd/MM/yy", {"currency": "£", "thousands": ","})
        path = DATA / "spend" / "gov25k" / "EA-Over-25k-1205.csv"
        rows = judge.records(path, encoding="cp1252")
        result, rules = self.check(path, "agency", "2012-05")
        self.assertEqual((result["records"]["total"], rules["in_period"]["fail"], rules["in_period"]["pass"]), (189, 189, 0))
        self.assertEqual(self.check(path, "agency", "2012-06")[1]["in_period"]["fail"], 0)
        self.agree_spend(rows, rules, columns, "%d/%m/%y", "2012-05-01", "2012-05-31")

    def test_markers_of_the_neet_scorecard_are_neither_numbers_nor_mistakes(self):
        path = DATA / "indicators" / "dfe-neet-scorecard" / "UD_NEETNK_LA_dashboard_2022_final.csv"
        rows = judge.records(path)
        numbers = ["NEET_not_known_percent", "NEET_percent", "VG_NEET_NK_percentage", "Level_3", "avg_att8", "Apprenticeship_percent"]
        markers = {"c": "suppressed", "z": "not_applicable"}
        self.policies.add("neet", [field("level"), *[field(f"n{index}", "number", markers=markers, quality=[rule(f"n{index}_range", "range", min=-100, max=100000000)])
                                                     for index in range(len(numbers))]], (), {"level": "geographic_level", **{f"n{index}": name for index, name in enumerate(numbers)}})
        result, rules = self.check(path, "neet", "2022")
        self.assertEqual(result["records"]["total"], len(rows))
        seen = 0
        for index, name in enumerate(numbers):
            marked = sum(1 for row in rows if row[name] in markers)
            bad = sum(1 for row in rows if row[name] and row[name] not in markers and not judge.is_number(row[name]))
            seen += marked
            self.agree(rules, {f"n{index}_type": (bad, marked + judge.blank(rows, name)), f"n{index}_range": (bad, marked + judge.blank(rows, name))})
        self.assertGreater(seen, 0)


if __name__ == "__main__":
    unittest.main()
