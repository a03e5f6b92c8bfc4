"""Many small submissions through ten feeds, every twentieth of them through an adapter that crashes: the host's memory stays flat, and no
process, descriptor or shared memory is left. Short: 300; CONCORDAT_LONG=1: 10,000; CONCORDAT_SOAK=N: N."""
import os
import pathlib
import queue
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from broken_adapters import install, settings_for, write_feed  # noqa: E402
from concordat_host import Host  # noqa: E402
from submission_story import STEWARD, crime, write  # noqa: E402

COUNT = int(os.environ.get("CONCORDAT_SOAK", 10_000 if os.environ.get("CONCORDAT_LONG") == "1" else 300))
FEEDS = 10
CLIENTS = 4
CRASH_EVERY = 20
# What glibc and gRPC keep of a thousand submissions more; a batch or a ring that stayed would be a hundred times as much.
MOST_GROWTH_MB = 48
CRASHES = ("segfault", "free_twice", "exit", "kill_itself", "overflow_stack")


def figures(pid):
    """Resident MB, descriptors, mappings of shared memory, children."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    resident = int(status.split("VmRSS:")[1].split()[0]) / 1024
    descriptors = os.listdir(f"/proc/{pid}/fd")
    memory_files = 0
    for descriptor in descriptors:
        try:
            memory_files += os.readlink(f"/proc/{pid}/fd/{descriptor}").startswith("/memfd:")
        except FileNotFoundError:
            pass
    shared = pathlib.Path(f"/proc/{pid}/maps").read_text().count("/memfd:")
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
    return {"resident_mb": resident, "descriptors": len(descriptors), "memory_files": memory_files, "shared_maps": shared, "children": len(children)}


def at_rest(pid, seconds=20):
    """Once no worker is left, for those of the last submissions end on their own."""
    end = time.monotonic() + seconds
    while figures(pid)["children"] and time.monotonic() < end:
        time.sleep(0.05)
    return figures(pid)


class AdapterSoak(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        # A name a crash, so that what is counted against one stays small; no quarantine is what is looked at here.
        self.crashing = [f"crashing_{number}" for number in range(max(1, min(250, COUNT // CRASH_EVERY)))]
        for name in self.crashing:
            install(self.folder / "adapters", name, "attacker")
        self.host = Host(settings=settings_for(self.folder / "adapters", self.crashing))
        feed = (self.host.policies / "feeds" / "constabulary-street-crime.yaml").read_text()
        for number in range(FEEDS):
            text = feed.replace("id: constabulary-street-crime", f"id: soak-{number}")
            (self.host.policies / "feeds" / f"soak-{number}.yaml").write_text(text)
        for number, name in enumerate(self.crashing):
            write_feed(self.host.policies, name.replace("_", "-"), name, {"attack": CRASHES[number % len(CRASHES)]})
        self.host.__enter__()
        self.wrong = []
        self.template = write(self.folder, "template.csv", [crime(number, month="MONTH") for number in range(1, 21)]).read_text()

    def tearDown(self):
        self.host.__exit__()
        self.temporary.cleanup()

    def submit(self, number):
        month = f"{1700 + number // FEEDS // 12}-{number // FEEDS % 12 + 1:02d}"
        crashes = number % CRASH_EVERY == CRASH_EVERY - 1
        feed = self.crashing[number // CRASH_EVERY % len(self.crashing)].replace("_", "-") if crashes else f"soak-{number % FEEDS}"
        path = self.folder / f"{number}.csv"
        path.write_text(self.template.replace("MONTH", month))
        done = self.host.as_(STEWARD, "submit", path, "--feed", feed, "--period", month, "--json")
        path.unlink()
        if done.returncode != (2 if crashes else 0) or (crashes and "6.6.6 failed: its process ended" not in done.stderr):
            self.wrong.append((number, feed, done.returncode, done.stderr[-500:]))

    def submit_all(self, numbers):
        waiting = queue.SimpleQueue()
        for number in numbers:
            waiting.put(number)

        def work():
            while not self.wrong:
                try:
                    self.submit(waiting.get_nowait())
                except queue.Empty:
                    return
        threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.wrong, [])

    def test_nothing_is_left_behind(self):
        warm = COUNT // 3
        begun = time.monotonic()
        self.submit_all(range(warm))
        before = at_rest(self.host.process.pid)
        self.submit_all(range(warm, COUNT))
        after = at_rest(self.host.process.pid)
        print(f"{COUNT} submissions, {COUNT // CRASH_EVERY} crashes, {COUNT / (time.monotonic() - begun):.0f} a second; after {warm}: {before}; at the end: {after}")
        crashing_since = max(0, len(self.crashing) - warm // CRASH_EVERY)  # an adapter's library is sealed at its first run, and kept
        self.assertLess(after["resident_mb"] - before["resident_mb"], MOST_GROWTH_MB)
        self.assertLessEqual(after["descriptors"], before["descriptors"] + crashing_since + CLIENTS)
        self.assertLessEqual(after["memory_files"], before["memory_files"] + crashing_since)
        self.assertEqual((after["shared_maps"], after["children"]), (0, 0))
        self.assertIsNone(self.host.process.poll())


if __name__ == "__main__":
    unittest.main()
