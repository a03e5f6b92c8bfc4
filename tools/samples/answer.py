#!/usr/bin/env python3
"""Fills in an exported self-assessment as a steward would in a spreadsheet: level 3 and a line of comment for every question.

Usage: answer.py EXPORTED.csv ANSWERED.csv
"""
import csv
import sys


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8-sig", newline="") as exported:
        reader = csv.DictReader(exported)
        rows = list(reader)
    for row in rows:
        row["level"] = "3"
        row["comment"] = "as in our own review of this year"
    with open(sys.argv[2], "w", encoding="utf-8", newline="") as answered:
        writer = csv.DictWriter(answered, reader.fieldnames)
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(rows)} answers in {sys.argv[2]}")


if __name__ == "__main__":
    main()
