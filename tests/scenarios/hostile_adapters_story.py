"""Adapters that attack the host while other partners submit: nothing of it succeeds, each failed submission names adapter, version and
cause, and nobody else notices. As the test's user, and as an unprivileged one where the test runs as root."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from broken_adapters import install, settings_for, write_feed  # noqa: E402
from concordat_host import Host  # noqa: E402
from submission_story import FEED, STEWARD, crime, write  # noqa: E402

NOBODY = 65534
# name -> (base, options, what the failure must say); a tuple of texts where more than one answer is right
FORBIDDEN = "a system call that no adapter may make: "
ATTACKS = {
    "opens_socket": ("attacker", {"attack": "socket", "target": "PORT"}, FORBIDDEN + "socket"),
    "opens_socket_early": ("early_socket", {}, FORBIDDEN + "socket"),
    "reads_passwd": ("attacker", {"attack": "read_passwd"}, "read_passwd was refused"),
    "reads_passwd_early": ("early_read_passwd", {}, "read_passwd was refused"),
    "reads_the_hosts_key": ("attacker", {"attack": "read_target", "target": "KEY"}, "read_target was refused"),
    "reads_the_hosts_environment": ("attacker", {"attack": "parent_mem"}, "parent_mem was refused"),
    "forks": ("attacker", {"attack": "fork", "target": "FILE"}, FORBIDDEN + "clone"),
    "forks_early": ("early_fork", {}, FORBIDDEN + "clone"),
    "execs": ("attacker", {"attack": "exec", "target": "FILE"}, FORBIDDEN + "execve"),
    "execs_from_memory": ("attacker", {"attack": "exec_from_memory"}, FORBIDDEN + "memfd_create"),
    "writes_file": ("attacker", {"attack": "write_file", "target": "FILE"}, FORBIDDEN + "openat of "),
    "writes_file_early": ("early_write_file", {}, FORBIDDEN + "openat of "),
    "removes_the_store": ("attacker", {"attack": "rename", "target": "STORE"}, FORBIDDEN + "rename"),
    "kills_host": ("attacker", {"attack": "kill_parent"}, FORBIDDEN + "kill"),
    "traces_host": ("attacker", {"attack": "ptrace_parent"}, FORBIDDEN + "ptrace"),
    "reads_host_memory": ("attacker", {"attack": "read_parent"}, FORBIDDEN + "process_vm_readv"),
    "opens_its_memory": ("attacker", {"attack": "proc_mem"}, FORBIDDEN + "openat of /proc/self/mem"),
    "writes_and_runs": ("attacker", {"attack": "write_and_run"}, "write_and_run was refused"),
    "uses_io_uring": ("attacker", {"attack": "io_uring"}, FORBIDDEN + "io_uring_setup"),
    "uses_keyctl": ("attacker", {"attack": "keyctl"}, FORBIDDEN + "keyctl"),
    "uses_userfaultfd": ("attacker", {"attack": "userfaultfd"}, FORBIDDEN + "userfaultfd"),
    "uses_bpf": ("attacker", {"attack": "bpf"}, FORBIDDEN + "bpf"),
    "allocates": ("attacker", {"attack": "hoard_c_memory"}, "ran out of memory, of which it may use 256 MiB"),
    "allocates_stacks": ("attacker", {"attack": "hoard_stacks"}, ""),
    "spins": ("attacker", {"attack": "spin"}, ("was not done within 3s", "of processor time")),
    "spins_on": ("attacker", {"attack": "spin_without_dying"}, "was not done within 3s"),
    "never_ends": ("attacker", {"attack": "never_end"}, ("was not done within 3s", "of processor time", "does not end")),
    "segfaults": ("attacker", {"attack": "segfault"}, "SIGSEGV"),
    "overflows": ("attacker", {"attack": "overflow_stack"}, "SIGSEGV"),
    "throws": ("attacker", {"attack": "throw"}, "catch me"),
    "throws_across": ("arrow_faults", {"fault": "throws_across"}, "over the wall"),
    "exits": ("attacker", {"attack": "exit"}, "it exited with status 0"),
    "frees_twice": ("attacker", {"attack": "free_twice"}, "SIGABRT"),
    "negative_length": ("arrow_faults", {"fault": "negative_length"}, "a batch of -2 rows"),
    "negative_offsets": ("arrow_faults", {"fault": "negative_offsets"}, "offsets are not ascending"),
    "invalid_utf8": ("arrow_faults", {"fault": "invalid_utf8"}, "not UTF-8"),
    "huge_row_count": ("arrow_faults", {"fault": "huge_row_count"}, "is none"),
    "crashes_early": ("crash_in_constructor", {}, "SIGSEGV"),
}
# These deliver records all the same: overlapping buffers are only odd text, and threads that go on end with their process.
HARMLESS = {
    "overlapping_buffers": ("arrow_faults", {"fault": "overlapping_buffers"}),
    "keeps_threads": ("attacker", {"attack": "keep_threads"}),
}
SLOW = ("spins", "spins_on", "never_ends")


def children_of(pid):
    listed = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


def wait_for(what, seconds=20):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


class Listener:
    """Whoever connects is counted."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.count = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.count += 1


class OtherPartner(threading.Thread):
    """Submits one small month after another until it is told to stop; remembers how long each took."""

    def __init__(self, host, folder):
        super().__init__()
        self.host, self.folder, self.stopped, self.answers = host, folder, threading.Event(), []

    def run(self):
        months = (f"{year}-{month:02d}" for year in range(1990, 2020) for month in range(1, 13))
        while not self.stopped.is_set():
            month = next(months)
            path = write(self.folder, f"good-{month}.csv", [crime(number, month=month) for number in range(1, 30)])
            begun = time.monotonic()
            done = self.host.as_(STEWARD, "submit", path, "--feed", FEED, "--period", month, "--json")
            self.answers.append((done.returncode, time.monotonic() - begun, done.stderr))


class HostileAdaptersStory(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.adapters = self.folder / "adapters"
        self.listener = Listener()
        self.open_to_all = self.folder / "open"
        self.open_to_all.mkdir()
        self.folder.chmod(0o755)
        self.open_to_all.chmod(0o777)
        self.victim = self.open_to_all / "written"

    def tearDown(self):
        self.listener.socket.close()
        self.temporary.cleanup()

    def host_with_attackers(self):
        names = [*ATTACKS, *HARMLESS]
        host = Host(settings=settings_for(self.adapters, names))
        places = {"PORT": self.listener.port, "FILE": self.victim, "KEY": host.pki / "host-signing.key", "STORE": host.folder / "data" / "store"}
        for name, (base, options, *_) in {**ATTACKS, **HARMLESS}.items():
            install(self.adapters, name, base)
            options = {key: places.get(value, value) for key, value in options.items()}
            limits = "{time: PT3S, memory: 256MB}" if name in SLOW else "{time: PT60S, memory: 256MB}"
            write_feed(host.policies, name.replace("_", "-"), name, options, limits)
        return host

    def attack(self, host, name, path):
        done = host.as_(STEWARD, "submit", path, "--feed", name.replace("_", "-"), "--period", "2026-05")
        version = {"attacker": "6.6.6", "arrow_faults": "3.1.0", "crash_in_constructor": "0.9.0"}.get(ATTACKS[name][0], "6.6.6")
        causes = ATTACKS[name][2] if isinstance(ATTACKS[name][2], tuple) else (ATTACKS[name][2],)
        self.assertEqual(done.returncode, 2, f"{name}: {done.stdout} {done.stderr}")
        self.assertIn(f"adapter {name} {version} ", done.stderr)
        if name != "allocates_stacks":  # at which of its limits it ends, the machine decides
            self.assertTrue(any(cause in done.stderr for cause in causes), f"{name}: {done.stderr}")
        self.assertNotIn("got through", done.stderr)

    def hold_out(self, host):
        good = OtherPartner(host, self.folder)
        good.start()
        try:
            self.assertTrue(wait_for(lambda: good.answers), "nobody is served")
            path = write(self.folder, "attack.csv", [crime(number) for number in range(1, 30)])
            open_files = len(os.listdir(f"/proc/{host.process.pid}/fd"))
            for name in ATTACKS:
                with self.subTest(attack=name):
                    self.attack(host, name, path)
                    self.assertFalse(self.victim.exists(), name)
            for name in HARMLESS:
                with self.subTest(harmless=name):
                    self.assertNotIn("adapter", host.as_(STEWARD, "check", path, "--feed", name.replace("_", "-")).stderr)
        finally:
            good.stopped.set()
            good.join()
        self.assertIsNone(host.process.poll(), "the host is gone")
        self.assertTrue(wait_for(lambda: not children_of(host.process.pid)), "a process is left behind")
        self.assertLessEqual(len(os.listdir(f"/proc/{host.process.pid}/fd")), open_files + len(ATTACKS) + len(HARMLESS) + 8, "one sealed library an adapter, and no more")
        self.assertEqual(self.listener.count, 0, "somebody got through to the network")
        self.assertEqual(list(self.open_to_all.iterdir()), [])
        self.assertTrue((host.folder / "data" / "store" / "control.db").exists())
        failed = [answer for answer in good.answers if answer[0] != 0]
        self.assertEqual(failed, [])
        print(f"{len(ATTACKS)} attacks; {len(good.answers)} submissions of others meanwhile, the slowest {max(took for _, took, _ in good.answers):.1f} s")

    def test_the_host_holds_out(self):
        with self.host_with_attackers() as host:
            self.hold_out(host)
            sandbox = json.loads(host.admin("host", "status", "--json", check=0).stdout)["sandbox"]
            self.assertEqual([sandbox["landlock"]["inForce"], sandbox["seccomp"], sandbox["rlimits"], sandbox["adaptersRun"]], [True] * 4)
            self.assertEqual(sandbox["user"], os.geteuid() == 0)
            self.assertEqual(sandbox["required"], ["seccomp", "landlock", "rlimits"])
            shown = host.admin("host", "status", check=0).stdout
            self.assertIn("landlock (ABI ", shown)

    @unittest.skipUnless(os.geteuid() == 0, "skipped: only root can run the host as somebody else")
    def test_so_does_a_host_without_privileges(self):
        host = self.host_with_attackers()
        host.user = NOBODY
        with host:
            self.hold_out(host)
            sandbox = json.loads(host.admin("host", "status", "--json", check=0).stdout)["sandbox"]
            self.assertTrue(sandbox["adaptersRun"])
            self.assertFalse(sandbox["user"], "it has no other user to become")

    def test_without_a_required_layer_no_adapter_runs(self):
        worker = shutil.which("worker-without-landlock", path=str(pathlib.Path(os.environ.get("CONCORDAT_BUILD", "build/release")) / "bin"))
        path = write(self.folder, "good.csv", [crime(number) for number in range(1, 30)])
        with Host(settings=f"worker: {worker}\n") as host:
            done = host.as_(STEWARD, "submit", path, "--feed", FEED, "--period", "2026-05")
            self.assertEqual(done.returncode, 2)
            self.assertIn("a required layer of the sandbox is not to be had (", done.stderr)
            self.assertIn("landlock", done.stderr)
            sandbox = json.loads(host.admin("host", "status", "--json", check=0).stdout)["sandbox"]
            self.assertFalse(sandbox["landlock"]["inForce"] or sandbox["adaptersRun"])
            self.assertIn("none runs", host.admin("host", "status", check=0).stdout)
        declared = "sandbox: {required: [seccomp, rlimits], preferred: [landlock, namespaces]}\n"
        with Host(settings=f"worker: {worker}\n{declared}") as host:
            host.as_(STEWARD, "submit", path, "--feed", FEED, "--period", "2026-05", check=0)


if __name__ == "__main__":
    unittest.main()
