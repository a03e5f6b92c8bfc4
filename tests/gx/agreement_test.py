#!/usr/bin/env python3
"""The agreement runner: it agrees where it should, notices where it does not, and holds GX's own cases to the bar."""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PUBLISHED = HERE.parents[2] / "shared" / "conformance" / "gx"
PLAIN = ("column_map", "column_pair_map", "multicolumn_map", "column_aggregate", "table")


def run(folder):
    done = subprocess.run([sys.executable, HERE / "agreement.py", folder, "--json"], capture_output=True, text=True,
                          check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)


def definition(out, **kwargs):
    """A file of one case of our own, in GX's shape."""
    return {"expectation_type": "expect_column_values_to_be_in_set",
            "datasets": [{"data": {"x": ["a", "b", None, "d"]},
                          "tests": [{"title": "own", "in": {"column": "x", **kwargs}, "out": out}]}]}


def run_own(document):
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "column_map_expectations" / "expect_column_values_to_be_in_set.json"
        target.parent.mkdir()
        target.write_text(json.dumps(document), encoding="utf-8")
        return run(folder)


def notices_each_kind_of_disagreement():
    rows = [{"x": "d", "pk_index": 3}]
    right = definition({"success": False, "unexpected_index_list": rows}, value_set=["a", "b"])
    assert run_own(right)[0] == 0
    wrong_success = definition({"success": True}, value_set=["a", "b"])
    wrong_rows = definition({"success": False, "unexpected_index_list": [{"x": "b", "pk_index": 1}]},
                            value_set=["a", "b"])
    wrong_values = definition({"success": False, "unexpected_list": ["d", "b"]}, value_set=["a", "b"])
    no_error = definition({"traceback_substring": "anything"}, value_set=["a", "b"])
    for document in (wrong_success, wrong_rows, wrong_values, no_error):
        code, result = run_own(document)
        assert code == 1 and len(result["disagreed"]) == 1, result
    mostly = definition({"success": True}, value_set=["a", "b"], mostly=0.6)
    assert run_own(mostly)[0] == 0


def agrees_with_the_published_cases():
    if not PUBLISHED.is_dir():
        print(f"skipped: GX's published cases, because {PUBLISHED} is not there")
        return
    _, result = run(PUBLISHED)
    assert not result["disagreed"], result["disagreed"]
    plain = [family for family in result["families"] if family["family"] in PLAIN]
    cases = sum(family["cases"] for family in plain)
    mapped = sum(family["mapped"] for family in plain)
    print(f"plain families: {mapped} of {cases} cases mapped, all agree")
    assert cases >= 100 and mapped >= 0.95 * cases, result["notMapped"]


if __name__ == "__main__":
    notices_each_kind_of_disagreement()
    agrees_with_the_published_cases()
