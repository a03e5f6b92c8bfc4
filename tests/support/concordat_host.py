"""A real host for tests: fresh certificates, its own data folder, a free port; and the command line as one person or another."""
import contextlib
import datetime
import json
import mmap
import os
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import threading
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("CONCORDAT_BUILD", SOURCE / "build" / "release"))
SHARED = SOURCE.parent / "shared"
# For a sanitizer build: what libraries of others keep at exit.
os.environ.setdefault("LSAN_OPTIONS", f"suppressions={SOURCE / 'tests' / 'support' / 'lsan.supp'}:print_suppressions=0")

STAFF = (
    "constabulary steward pat", "constabulary delegate dana", "constabulary analyst ash",
    "county-council steward sam", "county-council delegate drew", "county-council analyst alex",
    "fire-and-rescue steward fay", "bus-operator steward ben", "voluntary-action steward vic", "health-body steward hal",
    "fire-and-rescue delegate fern", "bus-operator delegate bea", "voluntary-action delegate val", "health-body delegate hugh",
    "fire-and-rescue analyst finn", "health-body analyst hana",
)


def program(name):
    return str(BUILD / "bin" / name)


def run(*arguments, cwd=None, check=None, stdin=None, env=None):
    """Runs the command line offline; returns the finished process with text output. `check`: the exit code it must have."""
    done = subprocess.run([program("concordat"), *map(str, arguments)], cwd=cwd, input=stdin, capture_output=True, text=True,
                          env=env, timeout=600)
    if check is not None and done.returncode != check:
        raise AssertionError(f"concordat {' '.join(map(str, arguments))}: exit {done.returncode}, expected {check}\n{done.stdout}\n{done.stderr}")
    return done


class Clock:
    """The time of day of all programs that are started with `environment` (tests/support/clock.c); it goes on by itself."""

    def __init__(self, path, start):
        self.path = path
        # AddressSanitizer refuses to come second in line; what the clock takes over is nothing that it looks at.
        sanitizer = ":".join(filter(None, (os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0")))
        self.environment = {"CONCORDAT_CLOCK": str(path), "LD_PRELOAD": str(BUILD / "lib" / "libconcordat_clock.so"),
                            "ASAN_OPTIONS": sanitizer}
        self.path.write_bytes(bytes(8))
        with open(path, "r+b") as file:
            self.page = mmap.mmap(file.fileno(), 8)
        self.travel_to(start)

    def travel_to(self, moment):
        """A date, its ninth hour in UTC, or a time such as 2026-07-03T12:00:00Z."""
        if "T" not in moment:
            moment += "T09:00:00Z"
        then = datetime.datetime.fromisoformat(moment.replace("Z", "+00:00"))
        # One aligned write: whoever looks sees the old time or the new one.
        self.page[:] = struct.pack("=q", int(then.timestamp()) - int(time.time()))

    def now(self):
        return datetime.datetime.fromtimestamp(time.time() + struct.unpack("=q", self.page[:])[0], datetime.timezone.utc)


class Host:
    """One host below a temporary folder; use as a context manager. `policies` is copied, so a test may change it; `staff` are those
    who have a certificate. With `start` (a date) host and command line live from then on, and travel_to moves them."""

    def __init__(self, policies=SOURCE / "policies", settings="", staff=STAFF, start=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="concordat-"))
        self.policies = self.folder / "policies"
        shutil.copytree(policies, self.policies)
        self.pki = self.folder / "pki"
        self.settings = settings
        self.clock = Clock(self.folder / "clock", start) if start else None
        self.environment = dict(self.clock.environment) if start else {}  # of the host, beside the test's own
        self.staff = staff
        self.user = None  # the host runs as this user id instead of the test's
        self.process = None
        self.address = None

    def run(self, *arguments, **options):
        """The command line offline, at the host's time."""
        if self.clock:
            options["env"] = {**os.environ, **self.clock.environment, **(options.get("env") or {})}
        return run(*arguments, **options)

    def travel_to(self, moment):
        """See Clock. The host goes on running."""
        self.clock.travel_to(moment)

    def __enter__(self):
        trust_domain = "derwent.example"
        self.run("pki", "init", "--dir", self.pki, "--trust-domain", trust_domain, "--name", "localhost", check=0)
        (self.folder / "concordat.yaml").write_text(
            "listen: localhost:0\ndata_dir: data\npolicies: policies\nsigning_key: pki/host-signing.key\n"
            "tls: {cert: pki/host.crt, key: pki/host.key, client_ca: pki/ca.crt}\n" + self.settings)
        self.start()
        self.enrol_staff()
        return self

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def socket(self):
        return self.folder / "data" / "run" / "concordat.sock"

    @property
    def public_key(self):
        return self.pki / "host-signing.pub"

    def renew_certificates(self):
        """A year on: a new authority, everybody enrolled anew with it, the host started with it; its signing key stays."""
        old, self.pki = self.pki, self.folder / f"{self.pki.name}-next"
        self.run("pki", "init", "--dir", self.pki, "--trust-domain", "derwent.example", "--name", "localhost", check=0)
        for name in ("host-signing.key", "host-signing.pub"):
            shutil.copy(old / name, self.pki / name)
        config = self.folder / "concordat.yaml"
        config.write_text(config.read_text().replace(f"{old.name}/", f"{self.pki.name}/"))
        self.stop()
        self.start()
        self.enrol_staff()

    def enrol_staff(self):
        for staff in self.staff:
            self.run("pki", "enrol", *staff.split(), "--dir", self.pki, check=0)
        for staff in self.staff:
            partner, role, name = staff.split()
            if (self.policies / "partners" / f"{partner}.yaml").exists():
                self.admin("partner", "add", partner, "--cert", self.pki / f"{partner}-{role}-{name}.crt", check=0)

    def start(self):
        """Returns once the host says that it listens; raises with its log when it ends instead."""
        other = {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}
        if other:
            subprocess.run(["chown", "-R", f"{self.user}:{self.user}", self.folder], check=True)
        self.process = subprocess.Popen([program("concordatd"), "--config", "concordat.yaml"], cwd=self.folder,
                                        stderr=subprocess.PIPE, text=True, start_new_session=True,
                                        env={**os.environ, **self.environment}, **other)
        said = []
        for line in self.process.stderr:
            said.append(line)
            if "listening on " in line:
                self.address = line.split("listening on ")[1].split()[0]
                # Whatever else it says must not fill the pipe.
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return
        raise AssertionError("the host ended:\n" + "".join(said))

    def stop(self):
        """Asks it to end and waits."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=60)

    def kill(self):
        """kill -9, workers included."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def admin(self, *arguments, check=None):
        return self.run(*arguments, "--host", f"unix:{self.socket}", check=check)

    def credentials(self, who):
        return ["--host", self.address, "--ca", self.pki / "ca.crt", "--cert", self.pki / f"{who}.crt", "--key", self.pki / f"{who}.key"]

    def as_(self, who, *arguments, check=None, stdin=None):
        """The command line as "constabulary-steward-pat"."""
        return self.run(*arguments, *self.credentials(who), check=check, stdin=stdin)

    def json_as(self, who, *arguments, check=None):
        return json.loads(self.as_(who, *arguments, "--json", check=check).stdout)

    def control(self):
        """The store's control database, beside the host; close it."""
        return sqlite3.connect(self.folder / "data" / "store" / "control.db", timeout=30, isolation_level=None)

    def last_leaf(self):
        with contextlib.closing(self.control()) as database:
            return database.execute("SELECT coalesce(max(leaf_index), -1) FROM receipts").fetchone()[0]

    def receipts_after(self, leaf):
        """In log order."""
        with contextlib.closing(self.control()) as database:
            rows = database.execute("SELECT receipt FROM receipts WHERE leaf_index > ? ORDER BY leaf_index", (leaf,)).fetchall()
        return [json.loads(text) for (text,) in rows]
