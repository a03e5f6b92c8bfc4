#!/usr/bin/env python3
"""An independent count of the records of every CSV and TSV file of the shared sample data.

    judge.py DATA              prints path and count
    judge.py DATA TABLE.tsv    compares with the table's column "judge"; exit 1 and a line each where they differ

The judge is Python's csv module and knows nothing of the reader: the first row with a filled cell is the header, every
later one is a record. It is therefore wrong, knowingly, where lines stand above the header or where there is none.
"""
import csv
import io
import pathlib
import sys


def count_records(path):
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    delimiter = "\t" if path.suffix == ".tsv" else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return sum(1 for row in rows if any(row)) - 1


def count_all(data):
    paths = sorted(p for p in data.rglob("*") if p.suffix in (".csv", ".tsv"))
    return {p.relative_to(data).as_posix(): count_records(p) for p in paths}


def main():
    counts = count_all(pathlib.Path(sys.argv[1]))
    if len(sys.argv) == 2:
        for path, count in counts.items():
            print(path, count, sep="\t")
        return 0
    with open(sys.argv[2], encoding="utf-8", newline="") as table:
        lines = (line for line in table if not line.startswith("#"))
        told = {row["path"]: int(row["judge"]) for row in csv.DictReader(lines, delimiter="\t")}
    wrong = [path for path in sorted(counts.keys() | told.keys()) if counts.get(path) != told.get(path)]
    for path in wrong:
        print(f"{path}: the judge counts {counts.get(path)}, the table says {told.get(path)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    csv.field_size_limit(1 << 30)
    sys.exit(main())
