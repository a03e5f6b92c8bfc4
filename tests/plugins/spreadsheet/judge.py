"""Another reader of .xlsx: Python's zipfile and ElementTree, the whole sheet in memory. Prints "row: cell|cell" for each row below the header.

    judge.py FILE SHEET HEADER-ROW

Knows what the real files of ../shared/data have: shared and inline strings, plain numbers and codes with leading zeros (format "000"); no dates.
"""
import re
import sys
import xml.etree.ElementTree as tree
import zipfile
from decimal import Decimal

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def text_of(element):
    """Of a string with its runs."""
    direct = [part.text or "" for part in element.findall(MAIN + "t")]
    return "".join(direct + [part.text or "" for run in element.findall(MAIN + "r") for part in run.findall(MAIN + "t")])


def number(stored):
    value = Decimal("%.15g" % float(stored))
    return str(int(value)) if value == int(value) else format(value.normalize(), "f")


def paddings(book):
    """By a cell's style: how many digits it is shown with, or 0."""
    styles = tree.fromstring(book.read("xl/styles.xml"))
    codes = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter(MAIN + "numFmt")}
    shown = [codes.get(one.get("numFmtId"), "") for one in styles.find(MAIN + "cellXfs")]
    return [len(code) if re.fullmatch("0{2,}", code) else 0 for code in shown]


def cells_of(book, name):
    """{row: {column letters: text}}"""
    relations = {one.get("Id"): one.get("Target") for one in tree.fromstring(book.read("xl/_rels/workbook.xml.rels"))}
    sheets = {one.get("name"): one.get(OFFICE + "id") for one in tree.fromstring(book.read("xl/workbook.xml")).iter(MAIN + "sheet")}
    strings = [text_of(one) for one in tree.fromstring(book.read("xl/sharedStrings.xml"))] if "xl/sharedStrings.xml" in book.namelist() else []
    digits = paddings(book)
    rows = {}
    for cell in tree.fromstring(book.read("xl/" + relations[sheets[name]])).iter(MAIN + "c"):
        letters, row = re.fullmatch("([A-Z]+)([0-9]+)", cell.get("r")).groups()
        value = cell.find(MAIN + "v")
        if cell.get("t") == "inlineStr":
            text = text_of(cell.find(MAIN + "is"))
        elif value is None:
            continue
        elif cell.get("t") == "s":
            text = strings[int(value.text)]
        else:
            text = value.text if cell.get("t") == "str" else number(value.text).zfill(digits[int(cell.get("s", 0))])
        if text:
            rows.setdefault(int(row), {})[letters] = text
    return rows


def main(path, name, header):
    with zipfile.ZipFile(path) as book:
        rows = cells_of(book, name)
    columns = sorted({letters for row, cells in rows.items() if row >= header for letters in cells}, key=lambda letters: (len(letters), letters))
    for row in sorted(rows):
        if row > header:
            print(f"{row}: " + "|".join(rows[row].get(letters, "") for letters in columns).replace("\n", " "))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
