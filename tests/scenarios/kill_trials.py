"""kill -9 at random moments of submissions and exchanges: nothing acknowledged is lost, nothing leaves without its record, the log verifies.

Short: 40 kills; CONCORDAT_LONG=1: 1,000; CONCORDAT_KILLS=N: N. In each trial a submission and three exchanges (streamed, staged for
k-anonymity, a table) run side by side when the host's whole process group is killed (every fifth time: its workers); then it starts again
on the same data folder, and what every client got is held against the record."""
import contextlib
import hashlib
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, program, run  # noqa: E402
from crime_protocols import (  # noqa: E402
    AREAS, RECORDS, SMALL_FEED, STAGED, TABLE, add_protocols, add_small_crime, crime, sign_all, stages_of, submit_areas)
from submission_story import FEED, STEWARD, write  # noqa: E402

TRIALS = int(os.environ.get("CONCORDAT_KILLS", 1000 if os.environ.get("CONCORDAT_LONG") == "1" else 40))
ANALYST = "county-council-analyst-alex"
SENT = 2_000  # records a submission
SHARED = 20_000  # records of the dataset that is exchanged
WAYS = {"streamed": "kill-stream", "staged": "kill-staged", "table": "kill-table"}
PROTOCOLS = {"kill-stream": ("small_crime", RECORDS), "kill-staged": ("small_crime", STAGED), "kill-table": ("small_crime", TABLE),
             "kill-sent": ("street_crime", RECORDS)}
EVERY = 25  # trials between two looks at everything


def month_of(trial):
    return f"{1940 + trial // 12}-{trial % 12 + 1:02d}"


def workers_of(pid):
    listed = subprocess.run(["pgrep", "-P", str(pid), "concordat-worke"], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


class KillTrials(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.host = Host()
        add_small_crime(self.host.policies)
        add_protocols(self.host.policies, PROTOCOLS)
        self.host.__enter__()
        self.dice = random.Random(20261120)
        self.acknowledged = {}  # submission -> (period, accepted, its receipt)
        self.receipts = {}  # id -> receipt, of exchanges that a client saw the end of
        self.cut_off = dict.fromkeys(WAYS, 0)  # exchanges that had given rows when they ended early
        self.whole = dict.fromkeys(WAYS, 0)
        submit_areas(self.host, self.folder)
        shared = write(self.folder, "shared.csv", [crime(number, AREAS[number % 5]) for number in range(1, SHARED + 1)])
        self.host.as_(STEWARD, "submit", shared, "--feed", SMALL_FEED, "--period", "2026-05", check=0)
        sign_all(self.host, PROTOCOLS)
        self.template = write(self.folder, "template.csv", [crime(number, AREAS[number % 5]) for number in range(1, SENT + 1)]).read_text()

    def tearDown(self):
        self.host.__exit__()
        self.temporary.cleanup()

    def submit(self, trial):
        path = self.folder / f"{trial}.csv"
        path.write_text(self.template.replace(",2026-05,", f",{month_of(trial)},"))
        done = self.host.as_(STEWARD, "submit", path, "--feed", FEED, "--period", month_of(trial), "--json")
        path.unlink()
        if done.returncode == 0:
            result = json.loads(done.stdout)
            self.acknowledged[result["submission"]] = (month_of(trial), result["records"]["accepted"], result["receipt"])

    def exchange(self, way, mark, got):
        """got[mark]: what the client received, and its receipt."""
        receipt = self.folder / f"{way}.json"
        receipt.unlink(missing_ok=True)
        asked = [program("concordat"), "exchange", "small_crime", "--protocol", WAYS[way], "--purpose", "dpv:PublicSafety", "-o", "-",
                 "--receipt", receipt, "--on-behalf-of", mark, *self.host.credentials(ANALYST)]
        done = subprocess.run(list(map(str, asked)), capture_output=True, timeout=120)
        told = json.loads(receipt.read_text()) if done.returncode == 0 else None
        self.assertNotEqual(done.returncode, 1, done.stderr)
        got[mark] = (way, done.stdout, told)

    def kill_once(self, trial):
        moment = threading.Event()
        got = {}
        marks = {way: f"trial {trial}, {way}" for way in WAYS}
        before = self.host.last_leaf()
        work = [threading.Thread(target=self.submit, args=(trial,)),
                *[threading.Thread(target=self.exchange, args=(way, mark, got)) for way, mark in marks.items()]]
        for thread in work:
            thread.start()
        moment.wait(self.dice.uniform(0.02, 0.35))  # the random moment is the point of the trial
        if trial % 5 == 4:
            for worker in workers_of(self.host.process.pid):
                with contextlib.suppress(ProcessLookupError):  # it may have ended by itself meanwhile
                    os.kill(worker, signal.SIGKILL)
        else:
            self.host.kill()
            self.host.start()
        for thread in work:
            thread.join()
        self.assertEqual(len(got), len(WAYS), "a client failed in another way than by its host")
        self.hold_against_record(got, self.host.receipts_after(before))

    def hold_against_record(self, got, receipts):
        """Whoever got a byte has a beginning and an end on record; whoever got a receipt finds it there as it was."""
        known = {receipt["id"]: receipt for receipt in receipts}
        ends = stages_of(receipts)
        begun = {known[id]["subject"]["onBehalfOf"]: id for id in ends}
        for mark, (way, data, told) in got.items():
            if data:
                self.assertIn(mark, begun, f"{len(data)} bytes left, and no beginning is on record")
            if mark in begun:
                self.assertIn(ends[begun[mark]], ("complete", "broken_off"), f"{mark}: no end is on record")
            if told is None:
                self.cut_off[way] += bool(data)
                continue
            self.whole[way] += 1
            self.assertEqual(known[told["id"]], told, f"{mark}: the receipt on record is another")
            self.assertEqual((told["subject"]["stage"], told["subject"]["begun"]), ("complete", begun[mark]))
            self.assertEqual(told["digests"]["output"], "sha256:" + hashlib.sha256(data).hexdigest(), mark)
            self.receipts[told["id"]] = told

    def look(self):
        listed = self.host.json_as(STEWARD, "submission", "list", "--feed", FEED, "--limit", "10000", check=0)
        current = {row["submission"]: row for row in listed if row["state"] == "current"}
        for submission, (period, accepted, _) in self.acknowledged.items():
            self.assertIn(submission, current, f"an acknowledged submission is lost: {submission}")
            self.assertEqual((current[submission]["period"], current[submission]["records"]["accepted"]), (period, accepted))
        for row in current.values():
            self.assertEqual(row["records"]["accepted"], SENT, "a submission is half visible")
        self.host.admin("audit", "verify", check=0)
        receipts = self.host.receipts_after(-1)
        known = {receipt["id"] for receipt in receipts}
        self.assertLessEqual({receipt if isinstance(receipt, str) else receipt["id"] for _, _, receipt in self.acknowledged.values()}, known)
        self.assertLessEqual(set(self.receipts), known, "a receipt that a client holds is lost")
        self.assertEqual([id for id, end in stages_of(receipts).items() if not end], [], "begun, and no end on record")
        self.assertEqual(len([receipt for receipt in receipts if receipt["subject"].get("begun")]), len(stages_of(receipts)), "one end each")
        for receipt in self.dice.sample(sorted(self.receipts), min(3, len(self.receipts))):
            (self.folder / "told.json").write_text(json.dumps(self.receipts[receipt]))
            run("receipt", "verify", self.folder / "told.json", "--host-key", self.host.public_key, check=0)
        return current

    def test_nothing_acknowledged_is_lost(self):
        for trial in range(TRIALS):
            self.kill_once(trial)
            if trial % EVERY == EVERY - 1:
                self.look()
        current = self.look()
        self.assertGreater(len(self.acknowledged), 0, "the moments must leave some submissions alive")
        self.assertLess(len(self.acknowledged), TRIALS, "the moments must hit some submissions")
        self.assertGreater(sum(self.whole.values()), 0, "the moments must leave some exchanges alive")
        self.assertLess(sum(self.whole.values()), TRIALS * len(WAYS), "the moments must hit some exchanges")
        rows = self.folder / "all.csv"
        self.host.as_(ANALYST, "exchange", "street_crime", "--protocol", "kill-sent", "--purpose", "dpv:PublicSafety", "-o", rows, check=0)
        with rows.open() as lines:
            self.assertEqual(sum(1 for _ in lines) - 1, SENT * len(current))
        leftovers = [path.name for path in (self.host.folder / "data" / "spool").iterdir()]
        self.assertEqual(leftovers, [], "the spool keeps what nobody waits for")
        print(f"{TRIALS} kills: {len(self.acknowledged)} submissions and {self.whole} exchanges acknowledged, none lost; "
              f"{self.cut_off} cut off after their first rows, all on record")


if __name__ == "__main__":
    unittest.main()
