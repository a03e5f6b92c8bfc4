"""The files that are measured: one of the common generator, one in which every record fails, and parts of it for several floors at once."""
import csv
import json
import pathlib
import shutil
import subprocess

from policies import write_policies

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BENCH = SOURCE.parent / "shared" / "bench"
WORK = SOURCE / "build" / "bench"
COUNTS = {"100k": 100_000, "1m": 1_000_000, "5m": 5_000_000}


def compiled(name, source, flags=("-O2",)):
    """A program of ../shared/bench, below build/bench."""
    program = WORK / name
    if not program.exists():
        subprocess.run(["g++", "-std=c++20", *flags, "-o", program, BENCH / source], check=True)
    return program


def generated(records):
    """The file of the common generator and its truth."""
    WORK.mkdir(parents=True, exist_ok=True)
    write_policies(WORK / "policies")
    data, truth = WORK / f"crime_{records}.csv", WORK / f"crime_{records}.truth.json"
    if not truth.exists():
        subprocess.run([compiled("gen", "gen/gen.cpp"), str(COUNTS[records]), data, truth], check=True)
    return data, json.loads(truth.read_text())


def all_failing(data):
    """The same records, each with a crime type that no list has (R07) and a longitude off the map (R08)."""
    bad = data.with_suffix(".bad.csv")
    if not bad.exists():
        partial = bad.with_suffix(".partial")
        with open(data, newline="") as good, open(partial, "w", newline="") as out:
            rows = csv.reader(good)
            writer = csv.writer(out, lineterminator="\n")
            header = next(rows)
            crime_type, longitude = header.index("Crime type"), header.index("Longitude")
            writer.writerow(header)
            for row in rows:
                row[crime_type] += " (other)"
                row[longitude] = "99.5"
                writer.writerow(row)
        partial.rename(bad)
    return bad


def in_parts(data, parts):
    """The file cut at record boundaries, each part with the header, so that one program a core can read it at once."""
    names = [data.with_suffix(f".part{part}of{parts}.csv") for part in range(parts)]
    if not all(name.exists() for name in names):
        size = data.stat().st_size
        with open(data, "rb") as whole:
            header = whole.readline()
            for part, name in enumerate(names):
                end = size * (part + 1) // parts
                with open(name, "wb") as out:
                    out.write(header)
                    while end > whole.tell():  # in pieces: what this program takes counts for those that it starts
                        out.write(whole.read(min(1 << 20, end - whole.tell())))
                    out.write(whole.readline())  # the generator quotes no line ends
    return names


def peer_folder():
    """The peers with their npm packages below build/bench; None where npm cannot install them."""
    shutil.copytree(BENCH / "peers", WORK / "peers", dirs_exist_ok=True)
    npm = WORK / "npm"
    npm.mkdir(exist_ok=True)
    (WORK / "work").mkdir(exist_ok=True)
    shutil.copy(BENCH / "npm" / "package.json", npm)
    if not (npm / "node_modules" / "@duckdb").exists() or not (npm / "node_modules" / "nodejs-polars").exists():
        done = subprocess.run(["npm", "install", "--prefix", npm, "--no-audit", "--no-fund"], capture_output=True)
        if done.returncode != 0:
            return None
    return WORK
