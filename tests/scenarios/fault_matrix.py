"""Faults at every stage of an exchange in a running host: nothing leaves, or what left is on record as broken off. Prints the matrix.

Faults inside the process come from tests/support/faults.c; the others are done to the host's files, policies, clients and processes."""
import contextlib
import errno
import json
import mmap
import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import BUILD, Host, program, run  # noqa: E402
from crime_protocols import (  # noqa: E402
    AREAS, RECORDS, SMALL_FEED, STAGED, TABLE, add_protocols, add_small_crime, crime, sign_all, stages_of, submit_areas)
from submission_story import STEWARD, write  # noqa: E402

ANALYST, DELEGATE = "county-council-analyst-alex", "constabulary-delegate-dana"
PURPOSE = "dpv:PublicSafety"
FEWEST_CELLS = 60
BIG, SMALL = 150_000, 4_000  # records; the big dataset is more than all buffers between host and client hold
STAGES = ("ruling", "read", "duty", "verify", "audit append", "signing", "mid-stream")
YEAR = 31_556_952


def when(condition):
    return f"{RECORDS}\n    when: {condition}"


def quality(conditions):
    return f"{RECORDS}\n    quality: {{{conditions}}}"


PROTOCOLS = {
    "fm-big": ("street_crime", RECORDS),
    "fm-stream": ("small_crime", RECORDS),
    "fm-staged": ("small_crime", STAGED),
    "fm-table": ("small_crime", TABLE),
    "fm-attribute": ("small_crime", when('request.attributes.vetted == "yes"')),
    "fm-number": ("small_crime", when("int(request.attributes.level) > 3")),
    "fm-overflow": ("small_crime", when("int(request.attributes.level) * 9223372036854775807 > 0")),
    "fm-division": ("small_crime", when("10 / int(request.attributes.level) > 0")),
    "fm-pattern": ("small_crime", when('request.partner.matches(request.attributes.level)')),
    "fm-time": ("small_crime", when('timestamp(request.attributes.level) < request.time')),
    "fm-score": ("small_crime", quality("score: 20")),
    "fm-unmeasured": ("small_crime", quality("accuracy: 1")),
    "fm-perfect": ("small_crime", quality("conformity: 100")),
    "fm-stale": ("small_crime", quality("max_age: P1D")),
    "fm-level": ("small_crime", quality("assessment: {template: dq-themes, minimum: 1, max_age: P1D}")),
    "fm-high-level": ("small_crime", quality("assessment: {template: dq-themes, minimum: 4}")),
}
WAYS = {"streamed": "fm-stream", "staged": "fm-staged", "table": "fm-table"}

# What makes a policy folder worse than the one in force: (fault, old text, new text) of fm-stream.
BAD_POLICIES = (
    ("unknown operand", "month: release", 'month: release\n      location: release', "when: request.nope == 1"),
    ("non-boolean condition", "", "", "when: request.partner"),
    ("condition with a syntax error", "", "", 'when: "request.partner =="'),
    ("integer literal overflows", "", "", "when: 9223372036854775808 > 0"),
    ("operands of two types", "", "", "when: request.partner > 3"),
    ("unknown duty", "month: release", "month: {shuffle: {}}", ""),
    ("duty not built", "month: release", "month: hash", ""),
    ("duty over the whole, unknown", "", "", "duties: [{make_anonymous: {}}]"),
    ("duty with a mistyped term", "", "", "duties: [{k_anonymity: {k: many, quasi_identifiers: [month]}}]"),
    ("duty with an unknown table", "lsoa_code: release", "lsoa_code: {generalise: {to: ward, via: nowhere}}", ""),
    ("unknown quality dimension", "", "", "quality: {loveliness: 90}"),
    ("mistyped quality bar", "", "", "quality: {score: high}"),
    ("key given twice", "month: release", "month: release\n      month: release", ""),
    ("YAML cut off", "tier: 2", 'tier: "2', ""),
)


class Faults:
    """The page that tests/support/faults.c reads: what fails in the host, and how often it did."""

    SIZE = 4096

    def __init__(self, path):
        path.write_bytes(b"\0" * self.SIZE)
        self.file = path.open("r+b")
        self.page = mmap.mmap(self.file.fileno(), self.SIZE)
        self.round = 0

    def set(self, *lines):
        """Each line: (call, pattern, how, skip)."""
        self.round += 1
        text = "".join(f"{call} {pattern} {how} {skip}\n" for call, pattern, how, skip in lines)
        self.page[0:1] = b"0"  # while it is being written
        body = f"{self.round}\n{text}".encode()
        room = self.SIZE - 8  # after it stands the count of what failed
        self.page[1:room] = body[1:] + b"\0" * (room - len(body))
        self.page[0:1] = body[0:1]

    def close(self):
        self.page.close()
        self.file.close()

    def clear(self):
        self.page[0:1] = b"\0"

    @property
    def hits(self):
        return struct.unpack("<Q", self.page[self.SIZE - 8:self.SIZE])[0]


class Answer:
    """What a client got."""

    def __init__(self, code, data, told, receipt):
        self.code, self.data, self.told, self.receipt = code, data, told, receipt


class FaultMatrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.faults = Faults(cls.folder / "faults")
        cls.host = Host()
        cls.host.environment = {"LD_PRELOAD": str(BUILD / "lib" / "libconcordat_faults.so"), "CONCORDAT_FAULTS": str(cls.folder / "faults"),
                                "ASAN_OPTIONS": "verify_asan_link_order=0"}
        add_small_crime(cls.host.policies)
        add_protocols(cls.host.policies, PROTOCOLS)
        cls.host.__enter__()
        cls.submit_all()
        sign_all(cls.host, PROTOCOLS)
        cls.assess()
        cls.cells = {}  # (fault, stage) -> what happened
        cls.beside = {}  # faults that an exchange must outlive

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        cls.faults.close()
        cls.temporary.cleanup()

    @classmethod
    def submit_all(cls):
        submit_areas(cls.host, cls.folder)
        for feed, count, bad in (("constabulary-street-crime", BIG, 0), (SMALL_FEED, SMALL, 1)):
            rows = [crime(number, AREAS[number % 5]) for number in range(1, count + 1 - bad)]
            cls.submit(STEWARD, write(cls.folder, "crime.csv", rows + [crime(count, "unknown")] * bad), feed, "2026-05")

    @classmethod
    def assess(cls):
        """The supplier's level, which two of the protocols ask for."""
        mine = cls.host.json_as(STEWARD, "assess", "start", "dq-themes", "--no-walk", check=0)
        items = [{"id": item["id"], "level": 2} for theme in mine["themes"] for item in theme["items"]]
        path = cls.folder / "answers.yaml"
        path.write_text(json.dumps({"items": items}))
        cls.host.json_as(STEWARD, "assess", "import", mine["id"], path, check=0)
        mine = cls.host.json_as(STEWARD, "assess", "show", mine["id"], check=0)
        for item in mine["missingEvidence"]:
            cls.host.json_as(STEWARD, "assess", "evidence", mine["id"], item, "--attest", "seen", check=0)
        cls.host.json_as(STEWARD, "assess", "submit", mine["id"], check=0)
        cls.host.json_as(DELEGATE, "assess", "sign-off", mine["id"], check=0)

    @classmethod
    def submit(cls, who, path, feed, period, *more):
        return cls.host.json_as(who, "submit", path, "--feed", feed, "--period", period, *more, check=0)

    # ---- asking ----

    def command(self, protocol, *more):
        dataset = PROTOCOLS[protocol][0]
        return [program("concordat"), "exchange", dataset, "--protocol", protocol, "--purpose", PURPOSE, "-o", "-", "--receipt",
                self.folder / "receipt.json", *more, *self.host.credentials(ANALYST)]

    def receipt_there(self):
        path = self.folder / "receipt.json"
        return json.loads(path.read_text()) if path.exists() else None

    def ask(self, protocol, *more):
        (self.folder / "receipt.json").unlink(missing_ok=True)
        done = subprocess.run(list(map(str, self.command(protocol, *more))), capture_output=True, timeout=120)
        return Answer(done.returncode, done.stdout, done.stderr.decode(), self.receipt_there())

    def ask_slowly(self, meanwhile, protocol="fm-big"):
        """Takes the first bytes, does `meanwhile` while the host waits for the client, then takes the rest."""
        (self.folder / "receipt.json").unlink(missing_ok=True)
        client = subprocess.Popen(list(map(str, self.command(protocol))), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            data = client.stdout.read(100_000)
            self.assertEqual(len(data), 100_000, "the transfer must be under way")
            meanwhile(client)
            data += client.stdout.read()
            told = client.stderr.read().decode()
            return Answer(client.wait(timeout=120), data, told, self.receipt_there())
        finally:
            client.kill()
            client.wait()
            client.stdout.close()
            client.stderr.close()

    # ---- the record ----

    @property
    def store(self):
        return self.host.folder / "data" / "store"

    @contextlib.contextmanager
    def control(self):
        with contextlib.closing(self.host.control()) as database:
            yield database

    def receipts_after(self, leaf):
        return self.host.receipts_after(leaf)

    def last_leaf(self):
        return self.host.last_leaf()

    def heal(self):
        """No fault any more; the host runs, and takes receipts. A log that a failed sync closed opens with a restart."""
        self.faults.clear()
        if self.host.process.poll() is None and self.ask("fm-stream").code == 0:
            return False
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.host.process.wait(timeout=1)
        died = self.host.process.poll() is not None
        self.host.stop()
        self.host.start()
        done = self.ask("fm-stream")
        self.assertEqual(done.code, 0, f"the host must serve again once the fault is gone: {done.told}")
        return died

    def verify_log(self):
        self.host.admin("audit", "verify", check=0)

    def judge(self, fault, stage, answer, before, causes=None):
        """What the cell says; fails when something left without its record."""
        name = f"{fault} x {stage}"
        if answer.receipt is not None:
            run("receipt", "verify", self.folder / "receipt.json", "--host-key", self.host.public_key, check=0)
        died = self.heal()
        receipts = self.receipts_after(before)
        self.assertNotEqual(answer.code, 0, f"{name}: released all the same\n{answer.told}")
        if answer.code == 1 and "certificate" in answer.told and answer.receipt is None:
            self.assertEqual(answer.data, b"", name)  # a stranger, who gets no ruling
            said = "error, certificate"
        elif answer.code == 1:
            receipt = answer.receipt
            self.assertIsNotNone(receipt, f"{name}: a denial without a receipt\n{answer.told}")
            self.assertEqual((receipt["kind"], receipt["decision"], answer.data), ("refusal", "deny", b""), name)
            self.assertTrue(receipt["subject"]["clause"], name)
            cause = receipt["reasons"][0]["rule"]
            self.assertIn(cause, self.closed_list(), name)
            if causes is not None:
                self.assertIn(cause, causes, f"{name}: {receipt['reasons']}")
            said = f"denied {cause}"
        elif not answer.data:
            ends = [end for end in stages_of(receipts).values() if end != "complete"]
            self.assertNotIn("", ends, f"{name}: nothing left, and a beginning stands open on record")
            said = "error, broken off" if ends else "error"
        else:
            ends = [end for end in stages_of(receipts).values() if end != "complete"]
            self.assertTrue(ends, f"{name}: {len(answer.data)} bytes left, and no transfer that was not completed is on record")
            said = "broken off" if "broken_off" in ends else "broken off at restart"
        self.assertNotIn((fault, stage), self.cells)
        self.cells[(fault, stage)] = said + (", host ended" if died else "")

    _causes = None

    def closed_list(self):
        if FaultMatrix._causes is None:
            FaultMatrix._causes = {line["cause"] for line in json.loads(run("explain", "--causes", "--json", check=0).stdout)}
        return FaultMatrix._causes

    # ---- cells ----

    def cell(self, fault, stage, protocol, *more, causes=None, injected=contextlib.nullcontext()):
        before = self.last_leaf()
        with injected:
            answer = self.ask(protocol, *more)
        self.judge(fault, stage, answer, before, causes)

    @contextlib.contextmanager
    def failing(self, *lines):
        before = self.faults.hits
        self.faults.set(*lines)
        try:
            yield
        finally:
            self.faults.clear()
        self.assertGreater(self.faults.hits, before, f"nothing failed: {lines}")

    def inside(self, fault, stage, protocol, *lines, causes=None):
        self.cell(fault, stage, protocol, causes=causes, injected=self.failing(*lines))

    @contextlib.contextmanager
    def changed(self, change, undo):
        """SQL on control.db, and back."""
        with self.control() as database:
            database.executescript(change)
        try:
            yield
        finally:
            with self.control() as database:
                database.executescript(undo)

    @contextlib.contextmanager
    def kept_column(self, table, key, column, condition, value):
        """A column of the rows under `condition` becomes `value` (an SQL expression), and comes back."""
        with self.control() as database:
            kept = database.execute(f"SELECT {key}, {column} FROM {table} WHERE {condition}").fetchall()
            self.assertTrue(kept, f"{table}: nothing to change")
            database.execute(f"UPDATE {table} SET {column} = {value} WHERE {condition}")
        try:
            yield
        finally:
            with self.control() as database:
                for name, old in kept:
                    database.execute(f"UPDATE {table} SET {column} = ? WHERE {key} = ?", (old, name))

    @contextlib.contextmanager
    def kept_rows(self, table, condition):
        """The rows under `condition` go, and come back."""
        with self.control() as database:
            kept = database.execute(f"SELECT * FROM {table} WHERE {condition}").fetchall()
            self.assertTrue(kept, f"{table}: nothing to remove")
            database.execute(f"DELETE FROM {table} WHERE {condition}")
        try:
            yield
        finally:
            with self.control() as database:
                marks = ", ".join("?" * len(kept[0]))
                for row in kept:
                    database.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", row)

    def file_of(self, dataset):
        with self.control() as database:
            return self.store / database.execute("SELECT file FROM attempts WHERE dataset = ? AND state = 'current'", (dataset,)).fetchone()[0]

    @contextlib.contextmanager
    def spoilt(self, path, spoil):
        """`path` is set aside and what `spoil` makes of a copy stands there."""
        aside = self.folder / "aside"
        shutil.move(path, aside)
        try:
            shutil.copy(aside, path)
            spoil(path)
            yield
        finally:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
            shutil.move(aside, path)

    # ---- ruling ----

    def setUp(self):
        self.heal()
        self.started = time.monotonic()

    def tearDown(self):
        self.verify_log()
        print(f"{self._testMethodName}: {time.monotonic() - self.started:.1f} s")

    def test_1_ruling_by_the_request(self):
        for fault, protocol, more, cause in (
                ("attribute missing", "fm-attribute", (), "condition_failed"),
                ("attribute of another value", "fm-attribute", ("vetted=no",), "condition_false"),
                ("attribute mistyped", "fm-number", ("level=high",), "condition_failed"),
                ("attribute beyond 64 bits", "fm-number", ("level=9223372036854775808",), "condition_failed"),
                ("product overflows", "fm-overflow", ("level=2",), "condition_failed"),
                ("division by zero", "fm-division", ("level=0",), "condition_failed"),
                ("pattern that is none", "fm-pattern", ("level=(",), "condition_failed"),
                ("time that is none", "fm-time", ("level=yesterday",), "condition_failed"),
                ("dimension not measured", "fm-unmeasured", (), "quality"),
                ("score below the bar", "fm-perfect", (), "quality"),
                ("level below the bar", "fm-high-level", (), "quality")):
            attributes = [word for attribute in more for word in ("--attribute", attribute)]
            self.cell(fault, "ruling", protocol, *attributes, causes=[cause])

    def test_1_ruling_by_the_clock(self):
        for fault, protocol, seconds, causes in (("clock 90 years behind", "fm-stream", -90 * YEAR, ["not_in_force"]),
                                                 ("clock 12 years behind", "fm-stream", -12 * YEAR, ["not_in_force"]),
                                                 ("clock 60 years ahead", "fm-stream", 60 * YEAR, None),
                                                 ("clock in year 12000", "fm-stream", 9974 * YEAR, None),
                                                 ("clock before year 0", "fm-stream", -2100 * YEAR, None),
                                                 ("clock beyond all years", "fm-stream", 2 ** 62, None),
                                                 ("evidence three days old", "fm-stale", 3 * 86_400, ["evidence_stale"]),
                                                 ("assessment three days old", "fm-level", 3 * 86_400, ["evidence_stale"])):
            self.inside(fault, "ruling", protocol, ("clock", "-", seconds, 0), causes=causes)

    def test_1_ruling_by_the_store(self):
        score = "json_remove(result, '$.score')"
        of_small = "dataset = 'small_crime' AND state = 'current'"
        self.cell("score gone", "ruling", "fm-score", causes=["quality"], injected=self.kept_column("attempts", "id", "result", of_small, score))
        self.cell("score is a text", "ruling", "fm-score", causes=["quality"],
                  injected=self.kept_column("attempts", "id", "result", of_small, "json_set(result, '$.score', 'fine')"))
        self.cell("scorecard broken", "ruling", "fm-score", injected=self.kept_column("attempts", "id", "result", of_small, "'{'"))
        self.cell("time received broken", "ruling", "fm-stale", injected=self.kept_column("attempts", "id", "received", of_small, "'soon'"))
        self.assertEqual(self.ask("fm-level").code, 0, "the level is there before it is spoilt")
        signed_off = "state = 'signed_off'"
        for fault, column, value, causes in (("level gone", "frozen", "json_remove(frozen, '$.level')", ["quality"]),
                                             ("level is a text", "frozen", "json_set(frozen, '$.level', 'four')", ["quality"]),
                                             ("level beyond all scales", "frozen", "json_set(frozen, '$.level', -9e99)", ["quality"]),
                                             ("assessment broken", "frozen", "'{'", None),
                                             ("assessment not signed off", "state", "'submitted'", ["quality"]),
                                             ("assessment handed in at no time", "submitted", "NULL", ["quality"]),
                                             ("assessment handed in soon", "submitted", "'soon'", None)):
            self.cell(fault, "ruling", "fm-level", causes=causes, injected=self.kept_column("assessments", "id", column, signed_off, value))
        self.cell("assessment of another partner", "ruling", "fm-level", causes=["quality"],
                  injected=self.kept_column("assessments", "id", "partner", signed_off, "'county-council'"))
        self.cell("signature row gone", "ruling", "fm-stream", causes=["not_adopted"],
                  injected=self.kept_rows("signatures", "protocol = 'fm-stream' AND partner = 'constabulary'"))
        self.cell("signature of another text", "ruling", "fm-stream", causes=["not_adopted"],
                  injected=self.kept_column("signatures", "sequence", "digest", "protocol = 'fm-stream' AND partner = 'constabulary'", "'sha256:00'"))
        for fault, how in (("I/O error", errno.EIO), ("bytes altered", "flip"), ("file cut off", "end")):
            self.inside(f"control.db: {fault}", "ruling", "fm-stream", ("read", "control.db", how, 0))

    def test_1_ruling_by_policies(self):
        path = self.host.policies / "protocols" / "fm-stream.yaml"
        good = path.read_text()
        digest = json.loads(self.host.admin("host", "status", "--json", check=0).stdout)["policyDigest"]
        for fault, old, new, share in BAD_POLICIES:
            text = good.replace(old, new) if old else good
            self.assertTrue(not old or text != good, fault)
            path.write_text(text.replace("signatures:", f"    {share}\nsignatures:") if share else text)
            before = self.last_leaf()
            self.assertNotEqual(self.host.admin("host", "reload").returncode, 0, f"{fault}: must not be loaded")
            self.assertEqual(json.loads(self.host.admin("host", "status", "--json", check=0).stdout)["policyDigest"], digest, "the old set stays")
            path.write_text(good)
            # The set before rules on, with its signatures: a field that it does not share is not shared.
            self.judge(fault, "ruling", self.ask("fm-stream", "--select", "location"), before, ["field_not_shared"])
        contract = self.host.policies / "contracts" / "small_crime.odcs.yaml"
        before = self.last_leaf()
        with self.spoilt(contract, pathlib.Path.unlink):
            self.assertNotEqual(self.host.admin("host", "reload").returncode, 0)
            answer = self.ask("fm-stream", "--select", "location")
        self.judge("contract file gone", "ruling", answer, before, ["field_not_shared"])

    # ---- read ----

    def test_2_read(self):
        file = self.file_of("small_crime")
        table = "/".join(file.parts[-2:])

        def other_program(path):
            path.unlink()
            database = sqlite3.connect(path)
            database.execute("CREATE TABLE stranger (a)")
            database.commit()
            database.close()

        def alter_sealed(path):
            database = sqlite3.connect(path)
            name = next(name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
                        if any(column[1] == "crime_id" for column in database.execute(f'PRAGMA table_info("{name}")')))
            database.execute(f'UPDATE "{name}" SET crime_id = (SELECT crime_id FROM "{name}" WHERE rowid = 2) WHERE rowid = 1')
            database.commit()
            database.close()

        submission = "attempt = (SELECT id FROM attempts WHERE dataset = 'small_crime' AND state = 'current')"
        for way, protocol in WAYS.items():
            for fault, spoil in (("gone", pathlib.Path.unlink), ("cut off", lambda path: os.truncate(path, path.stat().st_size // 2)),
                                 ("empty", lambda path: os.truncate(path, 0)), ("garbage", lambda path: path.write_bytes(b"garbage" * 9000)),
                                 ("of another program", other_program)):
                self.cell(f"dataset file {fault} ({way})", "read", protocol, injected=self.spoilt(file, spoil))
            if way != "table":  # it needs no sealed field
                self.cell(f"sealed cell altered ({way})", "read", protocol, injected=self.spoilt(file, alter_sealed))
                self.cell(f"submission's key gone ({way})", "read", protocol, injected=self.kept_rows("attempt_keys", submission))
            for fault, how in (("I/O error", errno.EIO), ("bytes altered", "flip")):
                self.inside(f"dataset file: {fault} ({way})", "read", protocol, ("read", table, how, 0))
        self.inside("dataset file may not be opened", "read", "fm-stream", ("open", table, errno.EACCES, 0))
        self.inside("too many open files", "read", "fm-stream", ("open", table, errno.EMFILE, 0))
        self.cell("dataset's key altered", "read", "fm-stream",
                  injected=self.kept_column("dataset_keys", "dataset", "key", "dataset = 'small_crime'", "randomblob(60)"))
        self.inside("decryption fails", "read", "fm-stream", ("decrypt", "-", "fail", 1))

    # ---- duty ----

    def test_3_duty(self):
        for way in ("streamed", "staged"):
            protocol = WAYS[way]
            ours = f"protocol = '{protocol}'"
            self.assertEqual(self.ask(protocol).code, 0)
            self.cell(f"pseudonym key gone ({way})", "duty", protocol, causes=["key_unavailable"], injected=self.kept_rows("pseudonym_keys", ours))
            self.cell(f"pseudonym key altered ({way})", "duty", protocol, causes=["key_unavailable"],
                      injected=self.kept_column("pseudonym_keys", "protocol", "key", ours, "randomblob(60)"))
            self.cell(f"pseudonym key cut off ({way})", "duty", protocol, causes=["key_unavailable"],
                      injected=self.kept_column("pseudonym_keys", "protocol", "key", ours, "substr(key, 1, 20)"))
            self.inside(f"hashing fails ({way})", "duty", protocol, ("sha256", "-", "fail", 100))
        lookup = self.file_of("area_lookup")
        for way in ("staged", "table"):
            self.cell(f"lookup's file gone ({way})", "duty", WAYS[way], causes=["duty_unavailable"], injected=self.spoilt(lookup, pathlib.Path.unlink))
            self.inside(f"lookup: I/O error ({way})", "duty", WAYS[way], ("read", "/".join(lookup.parts[-2:]), errno.EIO, 0),
                        causes=["duty_unavailable"])
        for fault, how in (("disk full", errno.ENOSPC), ("quota used up", errno.EDQUOT), ("I/O error", errno.EIO), ("disk full half way", "half")):
            self.inside(f"spool: {fault}", "duty", "fm-staged", ("write", "/spool/", how, 2), causes=["duty_unavailable"])
        self.inside("spool read-only", "duty", "fm-staged", ("open", "/spool", errno.EROFS, 0), causes=["duty_unavailable"])
        spool = self.host.folder / "data" / "spool"
        spool.rename(self.folder / "spool")
        try:
            before = self.last_leaf()
            answer = self.ask("fm-staged")
        finally:
            (self.folder / "spool").rename(spool)
        self.judge("spool folder gone", "duty", answer, before, ["duty_unavailable"])
        self.inside("encryption fails", "duty", "fm-staged", ("encrypt", "-", "fail", 0))

    def test_3_lookup_withdrawn(self):
        areas = self.host.json_as("county-council-steward-sam", "submission", "list", "--feed", "county-council-area-lookup", check=0)[0]["submission"]
        self.host.as_("county-council-steward-sam", "submission", "withdraw", areas, "--reason", "to see what happens", check=0)
        for way in ("staged", "table"):
            self.cell(f"lookup withdrawn ({way})", "duty", WAYS[way], causes=["duty_unavailable"])
        self.submit("county-council-steward-sam", self.folder / "areas.csv", "county-council-area-lookup", "2026")
        for way in ("staged", "table"):
            self.assertEqual(self.ask(WAYS[way]).code, 0)

    # ---- verify ----

    def test_4_verify(self):
        for fault, how in (("altered", "flip"), ("cut off", "end"), ("I/O error", errno.EIO)):
            self.inside(f"staged rows: {fault}", "verify", "fm-staged", ("read", "/spool/", how, 0), causes=["data_unavailable", "duty_unavailable"])
            # The first rereading is for the duty, the second for its verification.
            self.inside(f"staged rows at the recount: {fault}", "verify", "fm-staged", ("read", "/spool/", how, 12), causes=["data_unavailable", "duty_unavailable"])
        self.assertEqual(self.ask("fm-table").code, 0)
        self.cell("earlier release altered", "verify", "fm-table", causes=["data_unavailable", "duty_unavailable"],
                  injected=self.kept_column("releases", "sequence", "sealed", "dataset = 'small_crime'", "randomblob(200)"))
        self.cell("key of earlier releases altered", "verify", "fm-table", causes=["data_unavailable", "duty_unavailable"],
                  injected=self.kept_column("pseudonym_keys", "protocol", "key", "protocol = '/releases'", "randomblob(60)"))
        self.cell("key of earlier releases gone", "verify", "fm-table", injected=self.kept_rows("pseudonym_keys", "protocol = '/releases'"))

    # ---- audit append ----

    def test_5_audit_append(self):
        for way, protocol in WAYS.items():
            for fault, how in (("disk full", errno.ENOSPC), ("read-only", errno.EROFS)):
                self.inside(f"log: {fault} ({way})", "audit append", protocol, ("write", "leaves.log", how, 0))
            self.inside(f"store: disk full ({way})", "audit append", protocol, ("write", "control.db", errno.ENOSPC, 0))
        for fault, how in (("quota used up", errno.EDQUOT), ("I/O error", errno.EIO), ("disk full half way", "half")):
            self.inside(f"log: {fault} (streamed)", "audit append", "fm-stream", ("write", "leaves.log", how, 0))
        self.inside("log: sync fails (streamed)", "audit append", "fm-stream", ("sync", "leaves.log", errno.EIO, 0))
        self.inside("store: sync fails (streamed)", "audit append", "fm-stream", ("sync", "control.db", errno.EIO, 0))
        # A refusal is an answer only with its receipt.
        self.cell("log: disk full (refusal)", "audit append", "fm-unmeasured", injected=self.failing(("write", "leaves.log", errno.ENOSPC, 0)))
        with self.control() as lock:
            before = self.last_leaf()
            lock.execute("BEGIN IMMEDIATE")
            answer = self.ask("fm-stream")
            lock.execute("ROLLBACK")
        self.judge("store locked", "audit append", answer, before)

    # ---- signing ----

    def test_6_signing(self):
        for way, protocol in WAYS.items():
            self.inside(f"receipt is not signed ({way})", "signing", protocol, ("sign", "-", "fail", 0))
            self.inside(f"checkpoint is not signed ({way})", "signing", protocol, ("sign", "-", "fail", 1))
        self.inside("signature of no bytes", "signing", "fm-stream", ("sign", "-", "mute", 0))
        self.cell("receipt is not signed (refusal)", "signing", "fm-unmeasured", injected=self.failing(("sign", "-", "fail", 0)))
        key = self.host.pki / "host-signing.key"
        for fault, spoil in (("gone", pathlib.Path.unlink), ("garbage", lambda path: path.write_text("key")),
                             ("another's", lambda path: path.write_bytes(subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519"], check=True, capture_output=True).stdout))):
            self.refuses_to_start(f"signing key {fault}", "signing", key, spoil)
        store_key = self.host.folder / "data.key"
        self.refuses_to_start("store key gone", "read", store_key, pathlib.Path.unlink)
        self.refuses_to_start("store key another's", "read", store_key, lambda path: path.write_text("A" * 43 + "=\n"))

    def refuses_to_start(self, fault, stage, path, spoil):
        before = self.last_leaf()
        self.host.stop()
        with self.spoilt(path, spoil):
            path.exists() and path.chmod(0o600)
            with self.assertRaises(AssertionError, msg=f"{fault}: the host must not start") as refused:
                self.host.start()
            self.assertIn("key", str(refused.exception))
            answer = self.ask("fm-stream")
        self.host.start()
        self.judge(fault, stage, answer, before)

    # ---- mid-stream ----

    def mid(self, fault, meanwhile):
        before = self.last_leaf()
        self.judge(fault, "mid-stream", self.ask_slowly(meanwhile), before)

    def mid_inside(self, fault, *lines):
        before = self.faults.hits
        self.mid(fault, lambda _: self.faults.set(*lines))
        self.assertGreater(self.faults.hits, before, f"nothing failed: {lines}")

    def test_7_mid_stream(self):
        self.mid("client killed", lambda client: client.kill())
        self.mid("client ends", lambda client: client.send_signal(signal.SIGTERM))
        self.mid("host killed", lambda _: self.host.kill())
        self.mid("host told to end", lambda _: self.host.process.send_signal(signal.SIGTERM) or time.sleep(0.3) or self.host.kill())
        table = "/".join(self.file_of("street_crime").parts[-2:])
        self.mid_inside("dataset file: I/O error", ("read", table, errno.EIO, 3))
        self.mid_inside("dataset file: bytes altered", ("read", table, "flip", 3))
        self.mid_inside("dataset file: cut off", ("read", table, "end", 3))
        self.mid_inside("decryption fails", ("decrypt", "-", "fail", 500))
        self.mid_inside("hashing fails", ("sha256", "-", "fail", 500))
        self.mid_inside("log: disk full at the end", ("write", "leaves.log", errno.ENOSPC, 0))
        self.mid_inside("log: sync fails at the end", ("sync", "leaves.log", errno.EIO, 0))
        self.mid_inside("store: disk full at the end", ("write", "control.db", errno.ENOSPC, 0))
        self.mid_inside("subject index cannot be written", ("open", "/disclosures", errno.ENOSPC, 0))
        self.mid_inside("receipt is not signed at the end", ("sign", "-", "fail", 0))
        with self.control() as lock:
            before = self.last_leaf()
            answer = self.ask_slowly(lambda _: lock.execute("BEGIN IMMEDIATE"))
            lock.execute("ROLLBACK")
        self.judge("store locked at the end", "mid-stream", answer, before)

    def test_8_what_an_exchange_outlives(self):
        def worker_dies(_):
            path = write(self.folder, "other.csv", [crime(number, AREAS[0]) for number in range(1, 60_000)])
            submitting = subprocess.Popen([program("concordat"), *map(str, ["submit", path, "--feed", SMALL_FEED, "--period", "2026-04",
                                                                            *self.host.credentials(STEWARD)])], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            killed = 0
            while submitting.poll() is None and not killed:
                found = subprocess.run(["pgrep", "-P", str(self.host.process.pid), "concordat-worke"], capture_output=True, text=True).stdout.split()
                for worker in found:
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(int(worker), signal.SIGKILL)
                        killed += 1
            self.assertNotEqual(submitting.wait(), 0, "the submission fails with its worker")
            self.assertTrue(killed)

        def revoked(_):
            self.host.as_("constabulary-delegate-dana", "protocol", "revoke", "fm-table", "--reason", "ended", check=0)

        def reloaded(_):
            path = self.host.policies / "protocols" / "fm-number.yaml"
            path.write_text(path.read_text().replace("For the fault", "About the fault"))
            self.host.admin("host", "reload", check=0)

        for fault, meanwhile in (("worker killed", worker_dies), ("another protocol revoked", revoked), ("policies reloaded", reloaded)):
            before = self.last_leaf()
            answer = self.ask_slowly(meanwhile)
            self.assertEqual((answer.code, answer.data.count(b"\n")), (0, BIG + 1), f"{fault}: {answer.told}")
            self.assertEqual(set(stages_of(self.receipts_after(before)).values()), {"complete"})
            self.beside[fault] = "complete"

    def test_9_everything_is_on_record(self):
        """After one more start every transfer that began has an end on record, as `audit list` tells it."""
        self.host.kill()
        self.host.start()
        self.verify_log()
        receipts = self.receipts_after(-1)
        stages = stages_of(receipts)
        open_ends = [receipt for receipt, stage in stages.items() if not stage]
        self.assertEqual(open_ends, [], "begun, and no end on record")
        listed = json.loads(self.host.admin("audit", "list", "--kind", "disclosure", "--limit", "100000", "--json", check=0).stdout)
        ends = {receipt["id"] for receipt in receipts if receipt["subject"].get("begun") in stages}
        self.assertEqual(len(ends), len(stages), "one end each")
        self.assertLessEqual(ends, {row["receipt"] for row in listed})
        self.print_matrix()
        self.assertGreaterEqual(len(self.cells), FEWEST_CELLS)

    def print_matrix(self):
        width = max(len(fault) for fault, _ in self.cells)
        columns = {stage: max([len(stage), *[len(said) for (_, at), said in self.cells.items() if at == stage]]) for stage in STAGES}
        print("fault".ljust(width), *[stage.ljust(columns[stage]) for stage in STAGES], sep=" | ")
        for fault in dict.fromkeys(fault for fault, _ in self.cells):
            print(fault.ljust(width), *[self.cells.get((fault, stage), "").ljust(columns[stage]) for stage in STAGES], sep=" | ")
        for fault, said in self.beside.items():
            print(f"not a fault of the exchange: {fault}: {said}")
        print(f"{len(self.cells)} cells of {len({fault for fault, _ in self.cells})} faults and {len(STAGES)} stages; nothing left without its record")


if __name__ == "__main__":
    unittest.main()
