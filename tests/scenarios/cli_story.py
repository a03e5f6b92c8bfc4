"""The command line's promises: help with examples everywhere, exit codes, JSON alone on standard output, safe reports."""
import html.parser
import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import SHARED, SOURCE, run  # noqa: E402
from submission_story import FEED, HEADER, crime, write  # noqa: E402

POLICIES = SOURCE / "policies"


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.outside = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.outside += [value for name, value in attributes if name in ("src", "href") and value]


class CliStory(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)

    def tearDown(self):
        self.temporary.cleanup()

    def check(self, path, *more, check=None):
        return run("check", path, "--feed", FEED, "--period", "2026-05", "--as-of", "2026-06-10", "--policies", POLICIES, *more, check=check)

    def test_every_command_has_help_with_an_example(self):
        def verbs(*path):
            text = run(*path, "--help", check=0).stdout
            block = re.search(r"Subcommands:\n((?:  .*\n?)+)", text)
            return text, [line.split()[0] for line in block.group(1).splitlines() if re.match(r"  \S", line)] if block else []
        for noun in verbs()[1]:
            text, below = verbs(noun)
            for verb in below:
                self.assertIn("concordat " + noun, verbs(noun, verb)[0], f"{noun} {verb} has no example")
            if not below:
                self.assertIn("concordat " + noun, text, f"{noun} has no example")

    def test_a_failure_is_one_json_document_too(self):
        absent = self.check(self.folder / "absent.csv", "--json", check=2)
        self.assertEqual(json.loads(absent.stdout), {"error": absent.stderr.removeprefix("concordat: ").strip(), "exitCode": 2})
        (self.folder / "page.csv").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self.assertIn("PDF", json.loads(run("profile", self.folder / "page.csv", "--json", check=2).stdout)["error"])
        unreached = run("feed", "due", "--host", "unix:/nowhere/concordat.sock", "--json", check=2)
        self.assertIn("cannot be reached", json.loads(unreached.stdout)["error"])

    def test_a_command_that_cannot_be_understood_answers_in_json_too(self):
        for arguments in (["pki", "bogus"], ["adapter"], ["adapter", "disable", "gauges"], ["check", "--nonsense"]):
            done = run(*arguments, "--json", check=3)
            self.assertEqual(json.loads(done.stdout)["exitCode"], 3, arguments)
            self.assertTrue(json.loads(done.stdout)["error"])
            self.assertTrue(done.stderr)
            self.assertEqual(run(*arguments, check=3).stdout, "")

    def test_exit_codes(self):
        good = write(self.folder, "good.csv", [crime(i) for i in range(1, 30)])
        held = write(self.folder, "held.csv", [crime(i) for i in range(1, 30)] + [crime(99, lsoa="bad")])
        bad = write(self.folder, "bad.csv", [crime(i, lsoa="bad") for i in range(1, 30)])
        self.check(good, check=0)
        self.check(held, check=0)
        self.check(held, "--strict", check=1)
        self.check(bad, check=1)
        self.check(self.folder / "absent.csv", check=2)
        (self.folder / "page.csv").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
        self.check(self.folder / "page.csv", check=2)
        self.assertEqual(run("check", good, "--feed", "unknown", "--policies", POLICIES).returncode, 3)
        self.assertEqual(run("check").returncode, 3)
        self.assertEqual(run("nonsense").returncode, 3)

    def test_json_stands_alone_even_when_the_answer_is_no(self):
        bad = write(self.folder, "bad.csv", [crime(i, lsoa="bad") for i in range(1, 30)])
        done = self.check(bad, "--json", check=1)
        self.assertEqual(json.loads(done.stdout)["decision"], "reject")
        self.assertEqual(done.stderr, "")

    def visits(self, records=400, bad=()):
        lines = ["Visit no,Postcode,Visited on,Closed on,Kind,Risk %,Telephone,Fee"]
        for i in range(1, records + 1):
            day = f"{i % 28 + 1:02d}/{i % 6 + 1:02d}/2026"
            kind = "Home" if i % 3 else "School"
            lines.append(f"V{i:05d},DE1 {i % 9}GU,{day},{day if i % 5 else ''},{'Hmoe' if i in bad else kind},{i % 100},"
                         f"0133{i:07d},\"£{i * 7:,}.00\"")
        path = self.folder / "visits.csv"
        path.write_text("\r\n".join(lines) + "\r\n", encoding="cp1252")
        return path

    def test_a_profile_tells_what_stands_in_each_column(self):
        page = self.folder / "profile.html"
        done = run("profile", self.visits(bad={7}), "--json", "--html", page, check=0)
        fields = {field["name"]: field for field in json.loads(done.stdout)["fields"]}
        self.assertEqual(json.loads(done.stdout)["encoding"], "windows-1252")
        self.assertEqual((fields["Visited on"]["type"], fields["Visited on"]["format"]), ("date", "dd/MM/yyyy"))
        self.assertEqual(fields["Visited on"]["first"], "2026-01-01")
        self.assertEqual((fields["Closed on"]["missing"], fields["Closed on"]["values"]), (80, 320))
        self.assertEqual(fields["Risk %"]["numbers"]["max"], 99)
        self.assertEqual((fields["Fee"]["thousands"], fields["Fee"]["currency"]), (",", "£"))
        self.assertEqual(fields["Visit no"]["distinct"], 400)
        self.assertEqual(fields["Kind"]["top"][2], {"value": "Hmoe", "count": 1})
        self.assertEqual(fields["Postcode"]["forms"][0], {"form": "AA9 9AA", "count": 400})
        shown = Page()
        shown.feed(page.read_text(encoding="utf-8"))
        self.assertFalse(shown.outside)
        self.assertIn("date as dd/MM/yyyy", run("profile", self.visits(), check=0).stdout)

    def test_a_proposed_contract_finds_what_it_was_not_shown(self):
        folder = self.folder / "policies"
        shutil.copytree(POLICIES, folder)
        contract, feed = folder / "contracts/visits.odcs.yaml", folder / "feeds/fire-and-rescue-visits.yaml"
        done = run("contract", "propose", self.visits(), "--name", "visits", "--partner", "fire-and-rescue", "-o", contract,
                   "--feed", feed, "--as-of", "2026-11-20", "--json", check=0)
        rules = {rule["id"]: rule for rule in json.loads(done.stdout)["rules"]}
        for wanted in ("visit_no_unique", "postcode_uk_postcode", "visited_on_not_future", "kind_known", "risk_share",
                       "fee_not_negative", "visit_no_form"):
            self.assertIn(wanted, rules)
            low, high = rules[wanted]["interval"]
            self.assertTrue(0.97 < low < high <= 1, rules[wanted])
        self.assertNotIn("closed_on_present", rules)
        run("policy", "lint", folder, check=0)
        self.assertEqual(run("contract", "propose", self.visits(), "-o", contract).returncode, 2)
        clean = run("check", self.visits(), "--feed", "fire-and-rescue-visits", "--policies", folder, "--json", check=0)
        self.assertEqual(json.loads(clean.stdout)["records"]["accepted"], 400)
        found = run("check", self.visits(records=500, bad={7, 450}), "--feed", "fire-and-rescue-visits", "--policies", folder,
                    "--json", check=0)
        failed = {rule["id"]: rule["fail"] for rule in json.loads(found.stdout)["rules"] if rule["fail"]}
        self.assertEqual(failed, {"kind_known": 2})

    def test_few_records_prove_little(self):
        done = run("contract", "propose", self.visits(records=12), "--json", check=0)
        rules = {rule["id"]: rule for rule in json.loads(done.stdout)["rules"]}
        self.assertEqual(rules["visited_on_present"]["severity"], "warning")
        self.assertLess(rules["visited_on_present"]["interval"][0], 0.8)
        empty = self.folder / "empty.csv"
        empty.write_text("a,b\n", encoding="utf-8")
        self.assertIn("no records to learn from", run("contract", "propose", empty, check=2).stderr)

    def test_a_proposal_accepts_the_file_that_it_was_made_from(self):
        """Padded amounts as accounts export them, headings that come to one name, and files that only another adapter reads."""
        folder = self.folder / "policies"
        shutil.copytree(POLICIES, folder)
        rows = "".join(f'{i},{i % 28 + 1:02}/05/2026 ," \u00a3{i % 9 + 1},{i:03}.50 ",{i},{i},{i}\n' for i in range(60))
        (self.folder / "payments.csv").write_text('Ref,Paid on, Amount ,2,2,2_2\n' + rows, encoding="utf-8")
        (self.folder / "visits.json").write_text(json.dumps([{"ref": i, "ward": f"Ward {i}"} for i in range(60)]), encoding="utf-8")
        items = "".join(f"<visit><ref>{i}</ref><ward>Ward {i}</ward></visit>" for i in range(60))
        (self.folder / "houses.XML").write_text(f"<visits>{items}</visits>", encoding="utf-8")
        for name, first in (("payments.csv", {"paid_on": "2026-05-01", "amount": 1000.5, "c_2_2": 0, "c_2_2_2": 0}),
                            ("visits.json", {"ref": 0, "ward": "Ward 0"}), ("houses.XML", {"ref": 0, "ward": "Ward 0"})):
            path, dataset = self.folder / name, name.split(".")[0]
            run("contract", "propose", path, "--partner", "county-council", "-o", folder / f"contracts/{dataset}.odcs.yaml",
                "--feed", folder / f"feeds/{dataset}.yaml", check=0)
            run("policy", "lint", folder, check=0)
            valid = self.folder / "valid.jsonl"
            done = run("check", path, "--feed", f"county-council-{dataset}", "--policies", folder, "--valid", valid, "--json", check=0)
            self.assertEqual(json.loads(done.stdout)["records"]["accepted"], 60, name)
            record = json.loads(valid.read_text(encoding="utf-8").splitlines()[0])
            self.assertEqual({field: record[field] for field in first}, first, name)

    def test_standard_input_is_a_file_too(self):
        path = write(self.folder, "good.csv", [crime(i) for i in range(1, 30)])
        done = run("check", "-", "--feed", FEED, "--period", "2026-05", "--policies", POLICIES, "--json", stdin=path.read_text(), check=0)
        self.assertEqual(json.loads(done.stdout)["records"]["total"], 29)

    def test_what_a_spreadsheet_would_run_is_neutralised_in_findings(self):
        path = write(self.folder, "evil.csv", [crime(1, lsoa="=cmd|calc"), crime(2, lsoa="@SUM(A1)"), crime(3, lsoa="+1"), crime(4, lsoa="-1"), crime(5)])
        findings = self.folder / "findings.csv"
        self.check(path, "--findings", findings)
        for cell in re.findall(r"(?:^|,)([^,]*)", findings.read_text()):
            self.assertNotRegex(cell, r'^"?[=+\-@]')
        self.assertIn("'=cmd|calc", findings.read_text())

    def test_the_report_is_one_safe_page(self):
        path = write(self.folder, "evil.csv", [crime(1, lsoa="<script>alert(2)</script>"), crime(2), crime(3)])
        report = self.folder / "report.html"
        self.check(path, "--html", report)
        text = report.read_text()
        page = Page()
        page.feed(text)
        self.assertNotIn("script", page.tags)
        self.assertEqual(page.outside, [])
        self.assertIn("&lt;script&gt;alert(2)", text)
        for part in ("lang=\"en\"", "prefers-color-scheme:dark", "@media print", "What to mend", "Score per dimension", "lsoa_code_format"):
            self.assertIn(part, text)

    def test_a_check_writes_what_would_go_in_and_what_would_not(self):
        rows = [crime(i) for i in range(1, 50)] + [crime(60, lsoa="bad"), "cut,off"]
        valid, quarantine = self.folder / "valid.jsonl", self.folder / "quarantine.csv"
        result = json.loads(self.check(write(self.folder, "x.csv", rows), "--valid", valid, "--quarantine", quarantine, "--json").stdout)
        self.assertEqual(len(valid.read_text().splitlines()), result["records"]["accepted"])
        self.assertEqual(json.loads(valid.read_text().splitlines()[0])["lsoa_code"], "E01019400")
        held = quarantine.read_text().splitlines()
        self.assertEqual(held[0], HEADER + ",_record,_reasons,_raw")
        self.assertEqual(len(held) - 1, result["records"]["quarantined"] + result["records"]["unreadable"])

    def test_lint_reports_every_mistake_of_a_folder_at_once(self):
        for name in ("partners", "feeds"):
            (self.folder / "p" / name).mkdir(parents=True)
        (self.folder / "p" / "partnership.yaml").write_text("apiVersion: concordat/v1\nkind: Partnership\nid: x\nname: X\ntrustDomain: x.example\nyearStart: \"13-01\"\nnmae: y\n")
        (self.folder / "p" / "partners" / "a.yaml").write_text("apiVersion: concordat/v1\nkind: Partner\nid: a\nname: A\nsector: publik\n")
        (self.folder / "p" / "feeds" / "f.yaml").write_text("apiVersion: concordat/v1\nkind: Feed\nid: f\npartner: b\ndataset: nothing\nadapter: {plugin: delimited}\n")
        done = run("policy", "lint", self.folder / "p", "--json", check=1)
        issues = json.loads(done.stdout)
        self.assertEqual({"file", "line", "column", "severity", "code", "message", "hint"}, set(issues[0]))
        said = " ".join(issue["message"] + issue["hint"] for issue in issues)
        for word in ("nmae", "publik", "public", "13-01", "nothing"):
            self.assertIn(word, said)
        self.assertEqual({pathlib.Path(issue["file"]).name for issue in issues}, {"partnership.yaml", "a.yaml", "f.yaml"})
        self.assertIn("^", run("policy", "lint", self.folder / "p").stdout)

    def test_ten_mistakes_in_a_contract_have_ten_carets(self):
        rules = [
            ("kind", "rule: rnage, with: {field: cost, min: 0}", "rnage"),
            ("field", "rule: range, with: {field: costs, min: 0}", "costs"),
            ("pattern", 'rule: regex, with: {field: code, pattern: "["}', '"["}'),
            ("compared", "rule: expression, with: {check: \"record.cost > 'ten'\"}", "> 'ten'"),
            ("named", "rule: expression, with: {check: \"record.csot > 10.0\"}", "record.csot"),
            ("state", "rule: required, state: drafted, with: {field: code}", "drafted"),
            ("key", "rule: required, with: {field: code, feild: code}", "feild"),
        ]
        lines = ["version: 1.0.0", "apiVersion: v3.1.0", "kind: DataContract", "id: ten", "name: ten", "status: active", "schema:", "  - name: ten", "    logicalType: object",
                 "    properties:", "      - {name: code, logicalType: string, classification: public}", "      - {name: age, logicalType: intger, classification: public}", "      - {name: code, logicalType: string, classification: public}",
                 "      - {name: cost, logicalType: number, classification: public}", "    quality:"]
        lines += [f"      - {{id: {name}, type: custom, engine: concordat, dimension: consistency, severity: error, implementation: {{{text}}}}}" for name, text, _ in rules]
        lines += ["      - {id: measure, type: custom, engine: concordat, dimension: validness, severity: error, implementation: {rule: required, with: {field: code}}}"]
        path = self.folder / "ten.odcs.yaml"
        path.write_text("\n".join(lines) + "\n")
        issues = json.loads(run("policy", "lint", path, "--json", check=1).stdout)
        self.assertEqual(len(issues), 10, [one["message"] for one in issues])
        # Each points at what is wrong, not at the line's beginning.
        wrong = ["intger", "code"] + [text for _, _, text in rules] + ["validness"]
        for issue, text in zip(issues, wrong):
            at = lines[issue["line"] - 1][issue["column"] - 1:]
            self.assertTrue(at.startswith(text), f"{issue['message']} points at: {at}")
        text = run("policy", "lint", path, check=1).stdout
        self.assertEqual(len([line for line in text.splitlines() if line.strip() == "^"]), 10)
        self.assertIn("10 mistakes", text)

    def test_the_answer_is_the_same_for_any_batch_size_and_thread_count(self):
        rows = [crime(i % 4900, lsoa="E01" if i % 97 == 0 else "E01019400", kind="Robery" if i % 211 == 0 else "Burglary", outcome="" if i % 3 == 0 else "Local resolution") for i in range(20_000)]
        rows[17] = "cut,off"
        rows[9_000] = crime(1, kind="Anti-social behaviour")
        path = write(self.folder, "many.csv", rows)
        answers = set()
        for number, flags in enumerate([(), ("--threads", "1"), ("--threads", "2"), ("--threads", "4"), ("--batch", "1"), ("--batch", "7", "--threads", "3"), ("--batch", "8191")]):
            rest = self.folder / f"rest{number}.csv"
            result = json.loads(self.check(path, "--json", "--findings", rest, *flags).stdout)
            del result["timing"]
            answers.add(json.dumps(result) + rest.read_text())
        self.assertEqual(len(answers), 1)

    def copy_of_policies(self, name):
        copy = self.folder / name
        shutil.copytree(POLICIES, copy)
        return copy

    def edit(self, path, before, after):
        text = path.read_text()
        self.assertIn(before, text)
        path.write_text(text.replace(before, after, 1))

    def test_policy_tests_say_what_is_not_as_expected_and_where(self):
        self.assertIn("all as expected", run("policy", "test", "--policies", POLICIES, check=0).stdout)
        policies = self.copy_of_policies("tested")
        test = policies / "tests" / "street_crime_test.yaml"
        self.edit(test, "      - {record: 3, rule: crime_type_known}\n", "      - {record: 2, rule: crime_id_present}\n")
        self.edit(test, "cause: purpose", "cause: role")
        said = run("policy", "test", "--policies", policies, check=1)
        self.assertIn("record 3 fails crime_type_known, which is not expected", said.stdout)
        self.assertIn("record 2 does not fail crime_id_present", said.stdout)
        self.assertIn("expected deny by asb-hotspots (role), but it is deny by asb-hotspots/purpose (purpose)", said.stdout)
        failures = json.loads(run("policy", "test", test, "--policies", policies, "--json", check=1).stdout)["failures"]
        self.assertEqual(len(failures), 3)
        self.assertEqual({failure["file"].rpartition("/")[2] for failure in failures}, {"street_crime_test.yaml"})
        self.assertNotIn(0, [failure["line"] for failure in failures])
        run("policy", "test", self.folder / "absent_test.yaml", "--policies", policies, check=3)

    def test_policy_diff_names_each_rule_that_changed_and_how(self):
        same = run("policy", "diff", POLICIES, self.copy_of_policies("same"), check=0)
        self.assertIn("the same policies", same.stdout)
        changed = self.copy_of_policies("changed")
        contract = changed / "contracts" / "street_crime.odcs.yaml"
        self.edit(contract, "pattern: '[EW]01[0-9]{6}'}", "pattern: '[EWS]01[0-9]{6}'}, state: shadow")
        changes = json.loads(run("policy", "diff", POLICIES, changed, "--json", check=1).stdout)["changes"]
        self.assertEqual([(one["id"], one["change"], one["aspect"]) for one in changes if one["what"] == "rule"],
                         [("lsoa_code_format", "changed", "with"), ("lsoa_code_format", "changed", "state")])

    def test_a_rule_on_trial_is_shown_and_counts_for_nothing(self):
        policies = self.copy_of_policies("trial")
        self.edit(policies / "contracts" / "street_crime.odcs.yaml", "pattern: '[EW]01[0-9]{6}'}", "pattern: '[EW]01[0-9]{6}'}, effective: 2026-07-01")
        held = write(self.folder, "held.csv", [crime(i) for i in range(1, 30)] + [crime(99, lsoa="bad")])
        def judged(day, *more):
            return run("check", held, "--feed", FEED, "--period", "2026-05", "--as-of", day, "--policies", policies, *more, check=0)
        def rule(day):
            result = json.loads(judged(day, "--json").stdout)
            return result["decision"], next((one["state"], one["fail"]) for one in result["rules"] if one["id"] == "lsoa_code_format")
        self.assertEqual(rule("2026-06-30"), ("accept", ("shadow", 1)))
        self.assertEqual(rule("2026-07-01"), ("accept_with_quarantine", ("enforced", 1)))
        self.assertIn("lsoa_code_format (conformity, error): 1 of 30 records would fail", judged("2026-06-30").stdout)

    def test_outside_proofs_are_judged_as_their_vectors_say(self):
        vectors = sorted((SHARED / "conformance" / "merkle").rglob("*.json"))
        if not vectors:
            print("skipped: no ../shared/conformance/merkle beside the checkout")
        for vector in vectors:
            code = run("audit", "verify-proof", vector).returncode
            self.assertEqual(code == 0, not json.loads(vector.read_text())["wantErr"], vector)

    def test_csv_edge_cases_are_read_as_their_authors_say(self):
        edge = SHARED / "data" / "csv-edge"
        if not edge.exists():
            print("skipped: no ../shared/data/csv-edge beside the checkout")
            return
        for path in sorted(edge.glob("csvs_*.csv")):
            expected = json.loads((edge / path.name.replace("csvs_", "json_")).with_suffix(".json").read_text())
            if b"\r" not in path.read_bytes():  # one copy was published with its line ends changed
                expected = [{key: value.replace("\r\n", "\n") for key, value in row.items()} for row in expected]
            fields = list(expected[0])
            folder = self.folder / path.stem
            for name in ("partners", "contracts", "feeds"):
                (folder / name).mkdir(parents=True)
            for name in ("partnership.yaml", "partners/county-council.yaml"):
                (folder / name).write_text((POLICIES / name).read_text())
            properties = [{"name": field, "logicalType": "string", "classification": "public"} for field in fields]
            (folder / "contracts" / "edge.odcs.yaml").write_text(json.dumps({"version": "1.0.0", "apiVersion": "v3.1.0", "kind": "DataContract", "id": "edge", "name": "edge", "status": "active",
                                                                             "schema": [{"name": "edge", "logicalType": "object", "properties": properties}]}))
            (folder / "feeds" / "edge.yaml").write_text(json.dumps({"apiVersion": "concordat/v1", "kind": "Feed", "id": "edge", "partner": "county-council", "dataset": "edge", "adapter": {"plugin": "delimited"}}))
            valid = folder / "valid.jsonl"
            run("check", path, "--feed", "edge", "--policies", folder, "--valid", valid)
            self.assertEqual([json.loads(line) for line in valid.read_text().splitlines()], expected, path.name)


if __name__ == "__main__":
    unittest.main()
