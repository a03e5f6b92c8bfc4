"""Independent counts over real files with Python's csv module alone: the other judge of real_counts.py. Prints nothing, decides nothing."""
import csv
import datetime
import re


def records(path, encoding="utf-8-sig", header=1):
    """Dictionaries of the rows below the header line (1-based) that have a non-empty cell and all of the header's."""
    with open(path, encoding=encoding, newline="") as lines:
        rows = list(csv.reader(lines))
    names = [name.strip() for name in rows[header - 1]]
    return [dict(zip(names, row)) for row in rows[header:] if any(cell for cell in row) and len(row) >= len(names)]


def repeated(values):
    """How many stand after an equal one; empty ones do not count."""
    seen = set()
    count = 0
    for value in values:
        if value and value in seen:
            count += 1
        seen.add(value)
    return count


def blank(rows, column):
    return sum(1 for row in rows if row[column] == "")


def is_date(text, form):
    try:
        datetime.datetime.strptime(text, form)
        return True
    except ValueError:
        return False


def not_dates(rows, column, form):
    return sum(1 for row in rows if row[column] and not is_date(row[column], form))


def is_number(text):
    return re.fullmatch(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?|[+-]?\.[0-9]+", text) is not None


def money(text):
    """The number in an amount such as " £3,502,635.71 ", or None."""
    stripped = text.replace("£", "").replace(",", "").strip()
    return float(stripped) if is_number(stripped) else None
