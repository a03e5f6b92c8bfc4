#!/usr/bin/env python3
"""Holds `concordat check` to the defects that tools/samples/generate.py planted: rule by rule, and none besides."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
CONCORDAT = Path(os.environ.get("CONCORDAT_BUILD", SOURCE / "build/release")) / "bin/concordat"


def check(file, feed, truth):
    command = [
        CONCORDAT, "check", file, "--feed", feed, "--period", truth["period"], "--as-of", truth["as_of"],
        "--policies", SOURCE / "policies", "--json",
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True)
    try:
        return json.loads(run.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"{feed}: exit code {run.returncode} and no JSON\n{run.stdout}{run.stderr}")


def differences(truth, judged):
    """One line for each number in which the two differ."""
    found = {rule["id"]: rule["fail"] for rule in judged["rules"] if rule["fail"]}
    for name, expected in truth["records"].items():
        if judged["records"][name] != expected:
            yield f"{name} records: planted {expected}, found {judged['records'][name]}"
    for rule in sorted(truth["rules"].keys() | found.keys()):
        if truth["rules"].get(rule, 0) != found.get(rule, 0):
            yield f"rule {rule}: planted {truth['rules'].get(rule, 0)}, found {found.get(rule, 0)}"
    for rule in judged["rules"]:
        if rule["error"]:
            yield f"rule {rule['id']} could not run"


def main():
    wrong = rules = 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-B", SOURCE / "tools/samples/generate.py", folder], check=True)
        truths = json.loads((Path(folder) / "truth.json").read_text())
        for feed, truth in truths.items():
            lines = list(differences(truth, check(Path(folder) / truth["file"], feed, truth)))
            for line in lines:
                print(f"{feed}: {line}")
            wrong += len(lines)
            rules += len(truth["rules"])
    print(f"{len(truths)} feeds, {rules} rules with planted defects: {wrong} differences")
    return 1 if wrong or not truths else 0


if __name__ == "__main__":
    sys.exit(main())
