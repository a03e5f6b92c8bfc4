"""Bus operator: indicators of January to March 2026 by ward; a byte order mark, CRLF and thousands marks."""

from extract import Extract, clear, put
from place import WARDS, column

COLUMNS = ["Indicator", "Ward code", "Ward", "Quarter ending", "Numerator", "Denominator", "Per cent"]


def per_cent(numerator, denominator):
    return f"{100 * numerator / denominator:.1f}"


def build():
    extract = Extract(
        "bus-operator-indicators", "2025/26-Q4", "2026-04-20T09:00:00Z", "indicator_returns.csv", COLUMNS
    )
    rng = extract.random
    for indicator in column("indicators.csv", "indicator"):
        for code, name in WARDS:
            whole = rng.randrange(200, 20000)
            part = rng.choice([0, whole]) if rng.random() < 0.1 else rng.randrange(1, whole)
            few = rng.random() < 0.06
            cells = ["c", "c", "c"] if few else [f"{part:,}", f"{whole:,}", per_cent(part, whole)]
            extract.add(indicator, code, name, "31/03/2026", *cells)
    plant(extract)
    extract.write_as(newline="\r\n", encoding="utf-8-sig")
    return extract


def plant(extract):
    def given(cells):
        return cells["Numerator"] != "c" and 0.0 < float(cells["Per cent"]) < 100.0

    def none(cells):
        return cells["Numerator"] == "0"

    def everything(cells):
        return cells["Numerator"] == cells["Denominator"] != "c"

    def swap(cells):
        cells["Numerator"], cells["Denominator"] = cells["Denominator"], cells["Numerator"]

    extract.plant(5, ["numerator_within_denominator"], swap, where=given)
    extract.plant(3, ["none_is_zero"], put("Per cent", "100.0"), where=none)
    extract.plant(2, ["all_is_hundred"], put("Per cent", "1.0"), where=everything)
    extract.plant(4, ["value_with_parts"], clear("Per cent"), where=given)
    extract.plant(3, ["parts_together"], clear("Denominator"), where=given)
    extract.plant(
        2, ["value_type", "value_range", "value_to_one_decimal"], put("Per cent", "n/a"), where=given
    )
    extract.plant(2, ["value_range"], put("Per cent", "412.5"), where=given)
    extract.plant(2, ["area_known"], put("Ward code", "E05000998", "E05000999"), where=given)
    extract.plant(2, ["indicator_known"], put("Indicator", "BUS-1", "BUS-11"), where=given)
    extract.plant(3, ["quarter_is_the_period"], put("Quarter ending", "31/12/2025"), where=given)
    extract.plant_copies(
        2, ["indicator_returns_primary_key"], ["Indicator", "Ward code", "Ward"], where=given
    )
    extract.warn(6, ["value_to_one_decimal", "value_is_the_quotient"], put("Per cent", "33.333", "66.67"), where=given)
