#!/usr/bin/env python3
"""Writes the samples that are zip files into the folder of this script, or into the one named: a good .xlsx and .ods with a title, two rows of
headings, a total and a footnote; a bad one with an error and a formula without its result; a bad one with two tables."""
import pathlib
import sys
import zipfile

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def cell(place, value):
    if isinstance(value, tuple):  # as XML
        return f'<c r="{place}"' + value[0] + "</c>"
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'


def sheet(rows, merged=()):
    lines = "".join(f'<row r="{number}">' + "".join(cell("ABCDEFGH"[column] + str(number), value) for column, value in enumerate(row) if value != "") + "</row>"
                    for number, row in enumerate(rows, 1))
    merges = "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in merged) + "</mergeCells>" if merged else ""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>{merges}</worksheet>'


class Pack(zipfile.ZipFile):
    """The same bytes on every day."""

    def writestr(self, name, text):
        about = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        about.compress_type = zipfile.ZIP_DEFLATED
        super().writestr(about, text)


def book(path, sheets):
    with Pack(path, "w") as out:
        out.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
                     'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
                     '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
                     + "".join(f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
                               for number in range(1, len(sheets) + 1)) + "</Types>")
        relation = '<Relationship Id="rId{0}" Type="' + OFFICE + '/{1}" Target="{2}"/>'
        head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        out.writestr("_rels/.rels", head + relation.format(1, "officeDocument", "xl/workbook.xml") + "</Relationships>")
        out.writestr("xl/_rels/workbook.xml.rels", head + "".join(relation.format(number, "worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)) + "</Relationships>")
        out.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
                     + "".join(f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>' for number, name in enumerate(sheets, 1)) + "</sheets></workbook>")
        for number, content in enumerate(sheets.values(), 1):
            out.writestr(f"xl/worksheets/sheet{number}.xml", content)


def text_table(path, name, rows):
    """OpenDocument."""
    def cell_of(value):
        if value == "":
            return "<table:table-cell/>"
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    lines = "".join("<table:table-row>" + "".join(cell_of(value) for value in row or [""]) + "</table:table-row>" for row in rows)
    with Pack(path, "w") as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        out.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{space}manifest:1.0"><manifest:file-entry manifest:full-path="/" '
                     'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>')
        out.writestr("content.xml", f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" xmlns:text="{space}text:1.0" office:version="1.3">'
                     f'<office:body><office:spreadsheet><table:table table:name="{name}">{lines}</table:table></office:spreadsheet></office:body></office:document-content>')


def main(folder):
    visits = [["Home safety visits"], ["Station", "2019/20", "", "2020/21", ""], ["", "Q1", "Q2", "Q1", "Q2"], ["Alder Row", 12, 9, 14, 11], ["Birch Hill", 7, 8, 6, 9],
              ["Total", 19, 17, 20, 20], [], ["Source: visit log of the service"]]
    book(folder / "good.xlsx", {"Cover": sheet([["Home safety visits by station"]]), "Visits": sheet(visits, ["A2:A3", "B2:C2", "D2:E2"])})
    text_table(folder / "good.ods", "Visits", visits)
    book(folder / "bad_errors.xlsx", {"Visits": sheet([["Station", "Visits", "Share"], ["Alder Row", 21, 0.5], ["Birch Hill", (' t="e"><f>B9/0</f><v>#DIV/0!</v>',), 0.25],
                                                       ["Cedar End", 12, ("><f>B4/42</f>",)]])})
    book(folder / "bad_two_tables.xlsx", {"2019": sheet([["Station", "Visits"], ["Alder Row", 21]]), "2020": sheet([["Station", "Visits"], ["Alder Row", 25]])})


main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent)
