#!/usr/bin/env python3
"""Takes Great Expectations' JSON cases through `concordat check` and prints where the two agree.

  tests/gx/agreement.py ../shared/conformance/gx
  tests/gx/agreement.py FOLDER --json > agreement.json

FOLDER holds *.json files of GX's own test definitions, in folders by family or not; another folder of such files
serves as well. Each case becomes a contract with one rule, a feed and a CSV file, judged by the real program. Compared
are success (or refusal, where GX expects an error) and the failing rows or values. Exit 1 when a case disagrees.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import translate

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CONCORDAT_BUILD", ROOT / "build" / "release"))
HEADER_KINDS = ("columns", "column_count")
PLAIN = ("column_map", "column_pair_map", "multicolumn_map", "column_aggregate", "table")


def family_of(path, expectation):
    if "_table_" in expectation or expectation.startswith(("expect_table", "expect_column_to_exist")):
        return "multi_table" if "other_table" in expectation else "table"
    folder = path.parent.name.removesuffix("_expectations")
    if folder in ("column_map", "column_pair_map", "multicolumn_map", "column_aggregate"):
        return folder
    return "other"


def cases_of(path):
    """(expectation, case number, dataset, test) of a definition file."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for dataset in document.get("datasets", []):
        for test in dataset.get("tests", []):
            yield document.get("expectation_type", path.stem), dataset, test


class Case:
    def __init__(self, path, expectation, dataset, test):
        self.family = family_of(path, path.stem)
        self.expectation = path.stem if hasattr(translate.Translator, path.stem) else expectation
        self.title = test.get("title", "")
        self.dataset = dataset
        self.test = test
        self.kwargs = test.get("in", test.get("input", test.get("kwargs")))
        self.out = test.get("out", test.get("output", {}))
        self.status = None  # agreed, disagreed, not mapped
        self.why = ""

    def expects_refusal(self):
        return "error" in self.test or "traceback_substring" in self.out or "success" not in self.out

    def only_for(self):
        return self.test.get("only_for") or self.dataset.get("only_for") or []


def judge(case, folder):
    """Runs the case; sets its status."""
    if not isinstance(case.kwargs, dict) or not isinstance(case.dataset.get("data"), dict):
        raise translate.Untranslatable("needs more than one table, SQL or a Python call")
    aggregates = case.family == "column_aggregate"
    table = translate.Table(case.dataset["data"], case.dataset.get("schemas", {}), case.expectation, aggregates)
    translator = translate.Translator(case.expectation, dict(case.kwargs), table, case.only_for())
    kind, settings = translator.rule()
    document = translate.contract(table, translator, kind, settings)
    folder = pathlib.Path(folder)
    for name, content in translate.policies(table, document).items():
        target = folder / "policies" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(content, indent=1), encoding="utf-8")
    extract = folder / "extract.csv"
    extract.write_text(table.file(with_index=kind not in HEADER_KINDS), encoding="utf-8", newline="")
    run = subprocess.run(
        [BUILD / "bin" / "concordat", "check", extract, "--feed", "gx", "--json", "--samples", "100000",
         "--as-of", translate.NOW.strftime("%Y-%m-%dT%H:%M:%SZ"), "--policies", folder / "policies"],
        capture_output=True, text=True, check=False)
    result = json.loads(run.stdout) if run.stdout.strip() else {}
    if "rules" in result:
        compare(case, table, translator, result)
    else:
        compare_refusal(case, run.stderr + result.get("error", ""))


def compare_refusal(case, stderr):
    if "mistake" not in stderr:
        case.status, case.why = "disagreed", f"the check could not run: {stderr.strip()[:300]}"
    elif case.expects_refusal():
        case.status = "agreed"
    else:
        case.status, case.why = "disagreed", f"refused: {stderr.strip()[:300]}"


def compare(case, table, translator, result):
    rules = [rule for rule in result["rules"] if rule["id"].startswith("expectation_")]
    if case.expects_refusal():
        case.status, case.why = "disagreed", "GX refuses the case, the engine does not"
        return
    # A dataset rule that measured nothing has not succeeded; a record rule without records has.
    if rules[0]["kind"] == "unique" and "mostly" in case.kwargs:
        # GX counts every record of a group, our `fail` those after the first: `occurrences` are GX's.
        measured = rules[0]["pass"] + rules[0]["fail"]
        success = measured == 0 or (measured - rules[0].get("occurrences", 0)) / measured >= case.kwargs["mostly"]
    elif about_dataset(rules[0]):
        success = all(rule["pass"] == 1 for rule in rules)
    else:
        success = all(rule["status"] != "breached" for rule in rules)
    wanted = case.out["success"]
    if success != wanted:
        case.status, case.why = "disagreed", f"success is {success}, GX says {wanted}: {brief(rules)}"
        return
    rows = sorted({sample["record"] - 1 for rule in rules for sample in rule["samples"]
                   if sample["record"] > 0 and not sample.get("unresolved")})
    case.why = compare_rows(case, table, translator, rows) or compare_figure(case, rules)
    case.status = "disagreed" if case.why else "agreed"


def about_dataset(rule):
    return rule["kind"] in ("aggregate", "quantile", "distinct_count", "distinct_values", "most_common_value",
                            "outlier_share", "row_count", "column_count", "columns", "independent")


def brief(rules):
    return "; ".join(sample["message"] for rule in rules for sample in rule["samples"][:2]) or "no finding"


def compare_rows(case, table, translator, rows):
    """Why the failing rows differ; "" when they are the same, or GX does not say."""
    detail = case.out.get("result") if isinstance(case.out.get("result"), dict) else {}
    indexes = case.out.get("unexpected_index_list", detail.get("unexpected_index_list"))
    values = case.out.get("unexpected_list", detail.get("unexpected_list"))
    if indexes and all(isinstance(entry, dict) and "pk_index" in entry for entry in indexes):
        wanted = after_first(table, translator.keys, sorted(entry["pk_index"] for entry in indexes))
        return "" if wanted == rows else f"rows {rows} fail, GX says {wanted}"
    if values is None:
        return ""
    columns = translator.keys or columns_of(case.kwargs)
    wanted = [texts(entry, columns) for entry in values]
    if translator.keys:
        seen = set()
        wanted = [entry for entry in wanted if entry in seen or seen.add(entry)]
    found = [tuple(table.text_at(column, row) for column in columns) for row in rows]
    return "" if sorted(found) == sorted(wanted) else f"values {found} fail, GX says {wanted}"


def columns_of(kwargs):
    if "column" in kwargs:
        return [kwargs["column"]]
    if "column_A" in kwargs:
        return [kwargs["column_A"], kwargs["column_B"]]
    return list(kwargs.get("column_list", []))


def texts(entry, columns):
    if isinstance(entry, dict):
        return tuple(translate.cell(entry.get(column)) for column in columns)
    return tuple(translate.cell(part) for part in (entry if isinstance(entry, list) else [entry]))


def after_first(table, keys, rows):
    """GX names all records of a group of duplicates, we those after the first."""
    if not keys:
        return rows
    seen = set()
    later = []
    for row in rows:
        key = tuple(table.text_at(column, row) for column in keys)
        if key in seen:
            later.append(row)
        seen.add(key)
    return later


def compare_figure(case, rules):
    observed = case.out.get("observed_value")
    figure = rules[0].get("figure")
    if len(rules) != 1 or figure is None or isinstance(observed, bool) or not isinstance(observed, (int, float)):
        return ""
    near = abs(figure - observed) <= 1e-6 * max(1, abs(observed))
    return "" if near else f"the figure is {figure}, GX says {observed}"


def run_case(case):
    with tempfile.TemporaryDirectory() as folder:
        try:
            judge(case, folder)
        except translate.Untranslatable as reason:
            case.status, case.why = "not mapped", str(reason)
        except (KeyError, TypeError, ValueError) as problem:
            # A malformed argument: ours would be refused likewise, but nothing was asked of the engine.
            case.status, case.why = "not mapped", f"the case could not be written down ({problem!r})"
    return case


def table_of(cases):
    rows = []
    for family in sorted({case.family for case in cases}, key=lambda name: (name not in PLAIN, name)):
        of = [case for case in cases if case.family == family]
        agreed = sum(case.status == "agreed" for case in of)
        unmapped = sum(case.status == "not mapped" for case in of)
        rows.append({"family": family, "cases": len(of), "mapped": len(of) - unmapped, "agreed": agreed,
                     "disagreed": len(of) - unmapped - agreed, "notMapped": unmapped})
    return rows


def describe(case):
    return {"family": case.family, "expectation": case.expectation, "title": case.title, "why": case.why}


def print_text(rows, cases):
    print(f"{'family':<18}{'cases':>7}{'mapped':>8}{'agreed':>8}{'not mapped':>12}")
    for row in rows:
        print(f"{row['family']:<18}{row['cases']:>7}{row['mapped']:>8}{row['agreed']:>8}{row['notMapped']:>12}")
    plain = [row for row in rows if row["family"] in PLAIN]
    total = sum(row["cases"] for row in plain)
    mapped = sum(row["mapped"] for row in plain)
    agreed = sum(row["agreed"] for row in plain)
    if total:
        print(f"plain families: {mapped} of {total} mapped ({100 * mapped / total:.1f}%), {agreed} of them agree")
    reasons = {}
    for case in cases:
        if case.status == "not mapped":
            reasons.setdefault((case.expectation, case.why), []).append(case)
    if reasons:
        print("\nnot mapped:")
    for (expectation, why), of in sorted(reasons.items()):
        print(f"  {len(of):>3}  {expectation}: {why}")
    wrong = [case for case in cases if case.status == "disagreed"]
    if wrong:
        print("\ndisagreements:")
    for case in wrong:
        print(f"  {case.expectation}, {case.title}: {case.why}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="a folder of GX's *.json test definitions")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    options = parser.parse_args()
    files = sorted(options.folder.rglob("*.json"))
    if not files:
        print(f"{options.folder}: no *.json files there", file=sys.stderr)
        return 2
    cases = [Case(path, *case) for path in files for case in cases_of(path)]
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 2) as pool:
        cases = list(pool.map(run_case, cases))
    rows = table_of(cases)
    if options.json:
        json.dump({"families": rows,
                   "notMapped": [describe(case) for case in cases if case.status == "not mapped"],
                   "disagreed": [describe(case) for case in cases if case.status == "disagreed"]},
                  sys.stdout, indent=2)
        print()
    else:
        print_text(rows, cases)
    return 1 if any(case.status == "disagreed" for case in cases) else 0


if __name__ == "__main__":
    sys.exit(main())
