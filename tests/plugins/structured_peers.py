"""The readers of JSON, XML and fixed width beside the plain Python that a partner would write: processor time for the same made-up records.
Usage: tests/plugins/structured_peers.py BUILD_FOLDER [RECORDS]"""
import json
import pathlib
import random
import resource
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

CUTS = [("id", 1, 8), ("ref", 9, 18), ("opened", 19, 28), ("ward", 29, 38), ("postcode", 39, 47), ("amount", 48, 57), ("note", 58, 97)]


def records(count):
    chance = random.Random(1)
    for i in range(count):
        yield {"id": i, "ref": f"A-{i:07}", "opened": f"2026-05-{i % 28 + 1:02}", "amount": round(chance.random() * 1000, 2), "closed": i % 3 == 0,
               "place": {"ward": f"E0500{i % 9000:04}", "postcode": f"DE1 {i % 9}AA", "latitude": round(52 + chance.random(), 6)},
               "note": 'some words about it, with a "quote"' if i % 5 == 0 else None}


def write(folder, count):
    rows = list(records(count))
    (folder / "a.json").write_text(json.dumps(rows))
    (folder / "a.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    root = tree.Element("list")
    for row in rows:
        record = tree.SubElement(root, "record", id=str(row["id"]))
        for name, value in row.items():
            child = tree.SubElement(record, name)
            if isinstance(value, dict):
                for inner, text in value.items():
                    tree.SubElement(child, inner).text = str(text)
            elif value is not None:
                child.text = str(value)
    tree.ElementTree(root).write(folder / "a.xml")
    with open(folder / "a.txt", "w") as out:
        for row in rows:
            cells = [row["id"], row["ref"], row["opened"], row["place"]["ward"], row["place"]["postcode"], row["amount"], row["note"] or ""]
            out.write("".join(str(cell).ljust(to - start + 1) for cell, (_, start, to) in zip(cells, CUTS)) + "\n")


def flat(record, prefix=""):
    cells = {}
    for name, value in record.items():
        if isinstance(value, dict):
            cells.update(flat(value, f"{prefix}{name}."))
        else:
            cells[prefix + name] = "" if value is None else str(value)
    return cells


def python_json(path):
    return sum(1 for row in json.loads(path.read_text()) if flat(row))


def python_lines(path):
    with open(path) as lines:
        return sum(1 for line in lines if flat(json.loads(line)))


def python_xml(path):
    count = 0
    for _, element in tree.iterparse(path):
        if element.tag != "record":
            continue
        cells = {"@id": element.get("id")}
        for child in element:
            cells.update({f"{child.tag}.{each.tag}": each.text for each in child} if len(child) else {child.tag: child.text})
        count += 1
        element.clear()
    return count


def python_cuts(path):
    with open(path) as lines:
        return sum(1 for line in lines if [line[start - 1:to].strip() for _, start, to in CUTS])


def spent(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def main():
    program = pathlib.Path(sys.argv[1]) / "bin" / "structured_profile"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 200000
    layout = ", ".join(f"{name} {start}-{to}" for name, start, to in CUTS)
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        write(folder, count)
        print(f"{'':12} {'MB':>6} {'here s':>8} {'python s':>9} {'times':>6} {'records/s':>10} {'MB/s':>6}")
        for name, adapter, peer in (("a.json", "json", python_json), ("a.jsonl", "json", python_lines), ("a.xml", "xml", python_xml),
                                    ("a.txt", "fixed_width", python_cuts)):
            path = folder / name
            before = spent(resource.RUSAGE_CHILDREN)
            done = subprocess.run([program, adapter, path, layout], capture_output=True, text=True, check=True)
            here = spent(resource.RUSAGE_CHILDREN) - before
            assert done.stdout.startswith(f"{count} records"), done.stdout
            before = spent(resource.RUSAGE_SELF)
            assert peer(path) == count
            python = spent(resource.RUSAGE_SELF) - before
            size = path.stat().st_size / 1e6
            print(f"{name:12} {size:6.1f} {here:8.2f} {python:9.2f} {python / here:6.1f} {count / here:10.0f} {size / here:6.0f}")


if __name__ == "__main__":
    main()
