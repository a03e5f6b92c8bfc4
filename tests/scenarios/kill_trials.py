"""kill -9 at random moments of submissions and exchanges: nothing acknowledged is lost, nothing is half visible, the log verifies.

Short: 40 trials; CONCORDAT_LONG=1: 200; CONCORDAT_KILLS=N: N. Each trial starts a host on the same data folder, sends work,
kills the host's whole process group (or, every third time, one worker) at a random moment, starts it again and looks."""
import contextlib
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
from concordat_host import Host, run  # noqa: E402
from submission_story import FEED, STEWARD, crime, write  # noqa: E402

TRIALS = int(os.environ.get("CONCORDAT_KILLS", 200 if os.environ.get("CONCORDAT_LONG") == "1" else 40))
ANALYST = "county-council-analyst-alex"
RECORDS = 20_000


def month_of(trial):
    return f"{2000 + trial // 12}-{trial % 12 + 1:02d}"


def workers_of(pid):
    listed = subprocess.run(["pgrep", "-P", str(pid), "concordat-worke"], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


class KillTrials(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.host = Host()
        self.host.__enter__()
        self.dice = random.Random(20261120)
        self.acknowledged = {}  # submission -> (period, accepted)
        self.disclosed = set()  # receipts of exchanges that were answered
        for delegate in ("constabulary-delegate-dana", "county-council-delegate-drew"):
            self.host.as_(delegate, "protocol", "sign", "asb-hotspots", "--name", "A", "--post", "B", "--authority", "C", check=0)
        rows = [crime(number) for number in range(1, RECORDS + 1)]
        self.template = write(self.temporary.name, "template.csv", rows).read_text()

    def tearDown(self):
        self.host.__exit__()
        self.temporary.cleanup()

    def submit(self, trial):
        path = pathlib.Path(self.temporary.name) / f"{trial}.csv"
        path.write_text(self.template.replace(",2026-05,", f",{month_of(trial)},"))
        done = self.host.as_(STEWARD, "submit", path, "--feed", FEED, "--period", month_of(trial), "--json")
        path.unlink()
        if done.returncode == 0:
            result = json.loads(done.stdout)
            self.acknowledged[result["submission"]] = (month_of(trial), result["records"]["accepted"])

    def exchange(self):
        output = pathlib.Path(self.temporary.name) / "rows.csv"
        done = self.host.as_(ANALYST, "exchange", "street_crime", "--protocol", "asb-hotspots", "--purpose", "dpv:PublicSafety", "-o", output, "--json")
        if done.returncode == 0:
            self.disclosed.add(json.loads(done.stdout)["receipt"]["id"])

    def kill_once(self, trial):
        moment = threading.Event()
        work = [threading.Thread(target=self.submit, args=(trial,)), threading.Thread(target=self.exchange)]
        for thread in work:
            thread.start()
        moment.wait(self.dice.uniform(0.0, 0.6))  # the random moment is the point of the trial
        if trial % 3 == 2:
            for worker in workers_of(self.host.process.pid):
                with contextlib.suppress(ProcessLookupError):  # it may have ended by itself meanwhile
                    os.kill(worker, signal.SIGKILL)
        else:
            self.host.kill()
            self.host.start()
        for thread in work:
            thread.join()

    def look(self):
        listed = self.host.json_as(STEWARD, "submission", "list", "--limit", "1000", check=0)
        current = {row["submission"]: row for row in listed if row["state"] == "current"}
        for submission, (period, accepted) in self.acknowledged.items():
            self.assertIn(submission, current, f"an acknowledged submission is lost: {submission}")
            self.assertEqual((current[submission]["period"], current[submission]["records"]["accepted"]), (period, accepted))
        for row in current.values():
            self.assertEqual(row["records"]["accepted"], RECORDS, "a submission is half visible")
        self.host.admin("audit", "verify", check=0)
        receipts = {row["receipt"] for row in json.loads(self.host.admin("audit", "list", "--limit", "100000", "--json", check=0).stdout)}
        self.assertLessEqual(self.disclosed, receipts, "a disclosure that was answered has no receipt")

    def test_nothing_acknowledged_is_lost(self):
        for trial in range(TRIALS):
            self.kill_once(trial)
            self.look()
        self.assertGreater(len(self.acknowledged), 0, "the moments must leave some submissions alive")
        self.assertLess(len(self.acknowledged), TRIALS, "the moments must hit some submissions")
        rows = pathlib.Path(self.temporary.name) / "all.csv"
        self.host.as_(ANALYST, "exchange", "street_crime", "--protocol", "asb-hotspots", "--purpose", "dpv:PublicSafety", "-o", rows, check=0)
        current = [row for row in self.host.json_as(STEWARD, "submission", "list", "--limit", "1000") if row["state"] == "current"]
        with rows.open() as lines:
            self.assertEqual(sum(1 for _ in lines) - 1, RECORDS * len(current))
        leftovers = [path.name for path in (self.host.folder / "data" / "spool").iterdir()]
        self.assertEqual(leftovers, [], "the spool keeps what nobody waits for")
        print(f"{TRIALS} kills: {len(self.acknowledged)} submissions and {len(self.disclosed)} exchanges acknowledged, none lost")


if __name__ == "__main__":
    unittest.main()
