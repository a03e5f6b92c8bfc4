"""The adapters of three partners behind feeds of their own: a file of each goes through a whole host, findings and dimension included."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import SOURCE, Host  # noqa: E402

CONTRACT = """version: 1.0.0
apiVersion: v3.1.0
kind: DataContract
id: 5c1e2a52-4d0f-4f0c-9a2b-0c8f6f0a19{number}
name: {name}
status: active
schema:
  - id: {name}
    name: {name}
    logicalType: object
    physicalType: file
    properties:
{properties}
"""
FEED = """apiVersion: concordat/v1
kind: Feed
id: {feed}
partner: {partner}
dataset: {name}
adapter: {{plugin: {plugin}{options}}}
mapping:
{mapping}
schedule: {{every: P1M, due: P20D}}
gate: {{reject: {{score: 10, unreadable: 50%}}, quarantine: [critical, error]}}
"""
# plugin, partner, table beside the samples, columns (contract field -> source column), options
PARTNERS = {
    "constabulary": ("constabulary", "force_areas.csv",
                     {"crime_id": "Crime ID", "month": "Month", "lsoa_code": "LSOA code", "crime_type": "Crime type"}, "month: 2026-05"),
    "health_body": ("health-body", "practices.csv",
                    {"practice_code": "practice_code", "extract_date": "extract_date", "list_size": "list_size"}, ""),
    "council_spend": ("county-council", None,
                      {"paid_on": "paid_on", "supplier": "supplier", "net_amount": "net_amount", "gross_amount": "gross_amount"}, ""),
}
STEWARDS = {"constabulary": "constabulary-steward-pat", "health-body": "health-body-steward-hal", "county-council": "county-council-steward-sam"}


def samples(plugin):
    return SOURCE / "plugins" / plugin / "samples"


class PartnerPlugins(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host()
        for number, (plugin, (partner, table, columns, options)) in enumerate(PARTNERS.items()):
            name = f"{plugin}_files"
            folder = cls.host.policies
            properties = "".join(f"      - {{id: {field}, name: {field}, logicalType: string, classification: public, description: As the source has it}}\n" for field in columns)
            (folder / "contracts" / f"{name}.odcs.yaml").write_text(CONTRACT.format(number=10 + number, name=name, properties=properties))
            (folder / "feeds" / f"{name}.yaml").write_text(FEED.format(
                feed=f"{partner}-{plugin.replace('_', '-')}-files", partner=partner, name=name, plugin=plugin,
                options=f", options: {{{options}}}" if options else "",
                mapping="".join(f"  {field}: {column}\n" for field, column in columns.items())))
            if table:
                (folder / "lists" / table).write_bytes((samples(plugin) / table).read_bytes())
        cls.host.__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()

    def submit(self, plugin, sample, period, check):
        partner = PARTNERS[plugin][0]
        return self.host.json_as(STEWARDS[partner], "submit", samples(plugin) / sample, "--feed",
                                 f"{partner}-{plugin.replace('_', '-')}-files", "--period", period, check=check)

    def judged(self, result):
        failed = {rule["id"]: rule["fail"] for rule in result["rules"] if rule["origin"] == "adapter" and rule["fail"]}
        own = {one["dimension"]: one["score"] for one in result["dimensions"] if one["dimension"].startswith("adapter/")}
        return result["decision"], result["records"]["accepted"], result["records"]["quarantined"], result["records"]["unreadable"], failed, own

    def test_street_crime(self):
        good = self.submit("constabulary", "good_glued.csv", "2026-05", 0)
        self.assertEqual(self.judged(good), ("accept", 5, 0, 0, {}, {"adapter/area_coverage": 100}))
        bad = self.judged(self.submit("constabulary", "bad_2026-05-derwent-street.csv", "2026-04", 0))
        self.assertEqual(bad[0], "accept_with_quarantine")
        # Five records have an error, one a rule of severity error that cannot be told; a warning holds nothing back.
        self.assertEqual(bad[1:4], (2, 6, 1))
        self.assertEqual(bad[4], {"crime_id_as_type_asks": 3, "outcome_needs_crime_id": 1, "falls_within_reported_by": 1,
                                  "lsoa_in_force_area": 1, "point_in_force_area": 1, "month_of_file": 1})

    def test_list_sizes(self):
        self.assertEqual(self.judged(self.submit("health_body", "good.csv", "2026-05", 0)),
                         ("accept", 3, 0, 0, {}, {"adapter/practices_heard": 100}))
        cut = self.submit("health_body", "bad_cut_off.csv", "2026-04", 2)
        self.assertEqual(cut["decision"], "reject")
        self.assertIn("without its line of totals", str(cut["reasons"]))

    def test_payments_in_two_layouts_through_one_feed(self):
        self.assertEqual(self.judged(self.submit("council_spend", "good_2026-05_ledger.csv", "2026-05", 0)),
                         ("accept", 5, 0, 0, {}, {"adapter/traceable_spend": 100}))
        self.assertEqual(self.judged(self.submit("council_spend", "good_august_2026_portal.csv", "2026-08", 0))[:5], ("accept", 4, 0, 0, {}))
        bad = self.judged(self.submit("council_spend", "bad_2026-05.csv", "2026-04", 0))
        self.assertEqual(bad[4], {"vat_adds_up": 3, "credit_explained": 1, "person_redacted": 1, "paid_in_months_of_file": 1, "transaction_line_once": 1})


if __name__ == "__main__":
    unittest.main()
