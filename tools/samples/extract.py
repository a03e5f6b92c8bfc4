"""An extract on its way to a file: good records first, then defects planted in them, counted one by one."""

import csv
import io
import random


class Row:
    """One record: its cells, or the raw line of a record that cannot be read."""

    def __init__(self, cells):
        self.cells = cells
        self.raw = None
        self.touched = False  # carries a defect, or another record's defect hangs on it
        self.held_back = False


class Extract:
    """The file of one feed for one period, and what a judge must find in it."""

    def __init__(self, feed, period, as_of, file, columns):
        self.feed, self.period, self.as_of, self.file, self.columns = feed, period, as_of, file, columns
        self.random = random.Random(feed)
        self.rows = []
        self.fails = {}
        self.host_fails = {}  # of rules that need another dataset's records
        self.blank_rows = 0
        self.layout = {}

    def add(self, *cells):
        assert len(cells) == len(self.columns), f"{self.file}: {len(cells)} cells"
        self.rows.append(Row(dict(zip(self.columns, cells))))

    def plant(self, count, fails, change, where=lambda cells: True, on_host=()):
        """Changes the cells of `count` records that were good so far: each fails every rule of `fails` and is
        held back. `on_host`: rules that it fails, too, where another dataset's records are known."""
        for row in self.warn(count, fails, change, where):
            row.held_back = True
        for rule in on_host:
            self.host_fails[rule] = self.host_fails.get(rule, 0) + count

    def warn(self, count, fails, change, where=lambda cells: True):
        """The same under rules that hold nothing back."""
        chosen = self._choose(count, where)
        for row in chosen:
            change(row.cells)
            self._count(fails)
        return chosen

    def plant_copies(self, count, fails, columns, held_back=True, where=lambda cells: True):
        """Gives `count` records the cells of an earlier good one in `columns`."""
        for _ in range(count):
            one, other = sorted(self._choose(2, where), key=self.rows.index)
            for column in columns:
                other.cells[column] = one.cells[column]
            other.held_back = held_back
            self._count(fails)

    def plant_unreadable(self, count, spoil, where=lambda cells: True):
        """Makes `count` records unreadable: `spoil` gets the cells and returns the line of the file."""
        for row in self._choose(count, where):
            row.raw = spoil([row.cells[column] for column in self.columns])
            self._count(["record_readable"])

    def write(self, folder):
        (folder / self.file).write_bytes(self.content())

    def write_as(self, *, delimiter=",", newline="\n", encoding="utf-8", above=(), blank_rows=0):
        """How the file is laid out; `above` are lines above the header, blank rows are strewn in."""
        self.blank_rows = blank_rows
        self.layout = {"delimiter": delimiter, "newline": newline, "encoding": encoding, "above": above}

    def content(self):
        delimiter, newline = self.layout["delimiter"], self.layout["newline"]
        lines = list(self.layout["above"])
        lines.append(record_line(self.columns, delimiter))
        for row in self.rows:
            lines.append(row.raw or record_line([row.cells[column] for column in self.columns], delimiter))
        header = len(self.layout["above"])
        for line in self.random.sample(range(header + 10, len(lines)), self.blank_rows):
            lines.insert(line, delimiter * (len(self.columns) - 1))
        return (newline.join(lines) + newline).encode(self.layout["encoding"])

    def truth(self):
        unreadable = sum(row.raw is not None for row in self.rows)
        held_back = sum(row.held_back for row in self.rows)
        records = {
            "total": len(self.rows),
            "accepted": len(self.rows) - held_back - unreadable,
            "quarantined": held_back,
            "unreadable": unreadable,
            "blank": self.blank_rows,
        }
        return {
            "period": self.period,
            "as_of": self.as_of,
            "file": self.file,
            "records": records,
            "rules": self.fails,
            "on_host": self.host_fails,
        }

    def _choose(self, count, where):
        good = [row for row in self.rows if not row.touched and where(row.cells)]
        assert len(good) >= count, f"{self.file}: {len(good)} records left for {count} defects"
        chosen = self.random.sample(good, count)
        for row in chosen:
            row.touched = True
        return chosen

    def _count(self, rules):
        for rule in rules:
            self.fails[rule] = self.fails.get(rule, 0) + 1


def record_line(cells, delimiter=","):
    line = io.StringIO()
    csv.writer(line, delimiter=delimiter, lineterminator="\n").writerow(cells)
    return line.getvalue()[:-1]


def put(column, *values):
    """A change that puts the values into the column, one record after the other."""
    turn = iter(range(1_000_000))
    return lambda cells: cells.update({column: values[next(turn) % len(values)]})


def edit(column, function):
    """A change that edits the text in the column."""
    return lambda cells: cells.update({column: function(cells[column])})


def clear(*columns):
    return lambda cells: cells.update({column: "" for column in columns})


def cut_off(cells):
    """A line that lacks its last cells."""
    return record_line(cells[: len(cells) // 2])


def stray_cell(cells):
    """A line with a cell too many at its end."""
    return record_line(cells + ["see note"])


def stray_quote(cells):
    """A line with text after a closing quote."""
    return f'"{cells[0]}" or so,' + record_line(cells[1:])
