"""Two months of street crime and the lookup of small areas: the published files below ../shared, else those of tools/samples; and
which of their records are good, found without the host."""
import csv
import functools
import pathlib
import random
import sys

from concordat_host import SHARED, SOURCE

LOOKUP = SHARED / "data" / "lookups" / "ons_135_LSOA11_to_WD19.csv"
PUBLISHED = {month: SHARED / "data" / "police" / "street" / f"{month}-derbyshire-street.csv" for month in ("2019-01", "2019-02")}


@functools.cache
def read(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def say_once(text):
    print(text)


def write(path, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


class Extracts:
    """`months`: the files by period, in order; `records`: the good records of each, by the file's own columns; `area`: a small area's
    row of the lookup; `published`: are they real?"""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.published = LOOKUP.exists() and all(path.exists() for path in PUBLISHED.values())
        if self.published:
            self.lookup, self.lookup_period = LOOKUP, "2025/26"
            self.months = dict(PUBLISHED)
            # The contract holds none of them back: every one has an area, and a month, and a type that is known.
            self.records = {month: read(path) for month, path in PUBLISHED.items()}
            areas = read(LOOKUP)
        else:
            areas = self._make()
        self.area = {row["LSOA11CD"]: row for row in areas}

    def _make(self):
        say_once("skipped: the published files are not below ../shared; the story runs over extracts of tools/samples")
        sys.path.insert(0, str(SOURCE / "tools" / "samples"))
        from feeds import area_lookup, street_crime  # noqa: PLC0415

        lookup, crime = area_lookup.build(), street_crime.build()
        lookup.write(self.folder)
        crime.write(self.folder)
        self.lookup, self.lookup_period = self.folder / lookup.file, lookup.period
        good = [row.cells for row in crime.rows if not row.held_back and row.raw is None]
        later = [{**cells, "Month": "2026-06", "Crime ID": cells["Crime ID"][::-1]} for cells in good]
        self.months = {crime.period: self.folder / crime.file, "2026-06": write(self.folder / "june.csv", later)}
        self.records = {crime.period: good, "2026-06": later}
        return [row.cells for row in lookup.rows if not row.held_back and row.raw is None]

    def all_records(self):
        return [record for records in self.records.values() for record in records]

    def spoilt(self, month, share=0.6):
        """The month's file, `share` of its small areas without their last digit."""
        chance = random.Random(month)
        rows = [dict(row) for row in self.records[month]]
        for row in rows:
            if chance.random() < share:
                row["LSOA code"] = row["LSOA code"][:-1]
        return write(self.folder / f"{month}-spoilt.csv", rows)

    def changed(self, month, number, **cells):
        """The month's good records with other cells in the record of this place (0-based)."""
        rows = [dict(row) for row in self.records[month]]
        rows[number].update(cells)
        return write(self.folder / f"{month}-changed.csv", rows)
