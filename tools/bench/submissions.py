"""Programs that put a file into a store: Concordat over mutual TLS, and the peers that only load it."""
import json
import pathlib
import subprocess

from concordat_host import program
from program import Program, measure, of_concordat

STEWARD = "constabulary-steward-pat"


def memory_mb(host, figure):
    """VmHWM (highest so far) or VmRSS (now) of the host."""
    status = pathlib.Path(f"/proc/{host.process.pid}/status").read_text()
    return int(status.split(figure + ":")[1].split()[0]) / 1024


class Submit(Program):
    """Into a running host: a new period each time, so that nothing is a repetition. `at_once`: as many client processes."""

    years = iter(range(1000, 9999))

    def __init__(self, name, host, data, at_once=1):
        super().__init__(name, [], of_concordat)
        self.host, self.data, self.clients = host, data, at_once

    def prepare(self):
        self.commands = [[program("concordat"), "submit", self.data, "--feed", "bench", "--period", next(Submit.years), "--json", "--quiet", *self.host.credentials(STEWARD)]
                         for _ in range(self.clients)]


class Import(Program):
    """`sqlite3 .import` into a fresh file in WAL mode: no check, no types, no audit."""

    def __init__(self, data, folder):
        super().__init__("sqlite3 .import (WAL, nothing checked)", [], None)
        self.database, self.answer = folder / "import.db", "no answer: loads only"
        self.commands = [["sqlite3", "-batch", self.database, "PRAGMA journal_mode=WAL", f".import --csv --schema main {data} t"]]

    def prepare(self):
        for ending in ("", "-wal", "-shm"):
            pathlib.Path(str(self.database) + ending).unlink(missing_ok=True)


class Small:
    """Many small submissions a second: one client program with several connections, each waiting for its receipt before the next."""

    def __init__(self, host, count, connections):
        self.host, self.count, self.connections, self.runs = host, count, connections, []
        self.years = iter(range(1000, 9999, 1 + count // 365))  # each run takes days of its own

    def run(self, data):
        credentials = dict(zip(*[iter(self.host.credentials(STEWARD))] * 2))
        figures, (text,) = measure([[program("small_submissions"), self.host.address, credentials["--ca"], credentials["--cert"], credentials["--key"],
                                     data, next(self.years), self.count, self.connections]])
        answer = json.loads(text)
        if answer["accepted"] != self.count:
            raise SystemExit(f"small submissions: {answer}")
        self.runs.append({**figures, **answer})
        return self.runs[-1]


def first_records(data, count, folder):
    """The header and the first records, as a file of its own."""
    small = folder / f"first_{count}.csv"
    with open(data) as whole, open(small, "w") as out:
        for _ in range(count + 1):
            out.write(whole.readline())
    return small


def build_client():
    """The client of Small is built only here."""
    build = pathlib.Path(program("concordat")).parents[1]
    subprocess.run(["cmake", "--build", build, "--target", "small_submissions"], check=True, stdout=subprocess.DEVNULL)
