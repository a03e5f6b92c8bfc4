"""Administration of a real host: backups that are restored, certificates that are renewed, revoked and enrolled, partners that
are added, upgrades that are undone."""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import crime_protocols  # noqa: E402
from concordat_host import SOURCE, Host, program, run  # noqa: E402
from grpc_js_client import MODULES, install  # noqa: E402

FEED = "constabulary-street-crime"
STEWARD = "constabulary-steward-pat"
HEADER = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context"
NOTES_CONTRACT = """
version: 1.0.0
apiVersion: v3.1.0
kind: DataContract
id: 5c1e2a52-4d0f-4f0c-9a2b-0c8f6f0a2021
name: case_notes
status: active
description: {purpose: Notes of cases}
schema:
  - name: case_notes
    logicalType: object
    properties:
      - {name: person, logicalType: string, required: true, classification: restricted}
      - {name: ward, logicalType: string, classification: public}
"""
NOTES_FEED = """
apiVersion: concordat/v1
kind: Feed
id: case-notes-feed
partner: county-council
dataset: case_notes
adapter: {plugin: delimited, options: {encoding: auto, delimiter: auto, header: auto}}
schedule: {every: P1M, due: P20D}
"""


def until(condition, what, seconds=60):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"never: {what}")


def items_of(document):
    return [item for theme in document["themes"] for item in theme["items"]]


def crimes(path, month, rows):
    lines = [HEADER]
    for i in range(rows):
        lines.append(f"{month.replace('-', '')}{i:058x},{month},Derwent Constabulary,Derwent Constabulary,-1.47,52.92,On or near A Street,"
                     f"E01013{i % 900 + 100:03d},Derby {i % 900:03d}A,Burglary,Under investigation,")
    path.write_text("\n".join(lines) + "\n")
    return path


class Story(unittest.TestCase):
    start = None
    staff = ("constabulary steward pat", "county-council steward sam", "constabulary analyst ash")

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="administration-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.host = Host(staff=self.staff, start=self.start)
        (self.host.policies / "contracts" / "case_notes.odcs.yaml").write_text(NOTES_CONTRACT)
        (self.host.policies / "feeds" / "case-notes-feed.yaml").write_text(NOTES_FEED)
        self.host.__enter__()
        self.addCleanup(self.host.__exit__)

    def submit(self, month, rows=200, who=STEWARD, more=()):
        file = crimes(self.folder / f"{month}.csv", month, rows)
        return self.host.json_as(who, "submit", file, "--feed", FEED, "--period", month, *more)

    def admin_json(self, *arguments, check=0):
        return json.loads(self.host.admin(*arguments, "--json", check=check).stdout)


class Backups(Story):
    def setUp(self):
        super().setUp()
        self.passphrase = self.folder / "passphrase"
        run("host", "passphrase", self.passphrase, check=0)

    def backup(self, name="one.backup", check=0):
        return self.host.admin("host", "backup", self.folder / name, "--passphrase-file", self.passphrase, "--json", check=check)

    def verify(self, file, passphrase=None):
        return run("host", "backup", "verify", file, "--passphrase-file", passphrase or self.passphrase, "--json")

    def leftovers(self):
        return [p for p in (self.host.folder / "data" / "backup").glob("*")] if (self.host.folder / "data" / "backup").exists() else []

    def test_everything_comes_back_in_another_place(self):
        receipt = self.folder / "receipt.json"
        first = self.submit("2026-03", more=("--receipt", receipt))
        notes = self.folder / "notes.csv"
        notes.write_text("person,ward\nSecrettoken-one,Abbey\nSecrettoken-two,Allestree\n")
        sealed = self.host.json_as("county-council-steward-sam", "submit", notes, "--feed", "case-notes-feed", "--period", "2026-03")
        made = json.loads(self.backup().stdout)
        self.assertTrue(made["restoreTried"])
        self.assertEqual((made["submissions"], made["sources"]), (2, 2))
        self.assertGreaterEqual(made["receiptsVerified"], 2)
        file = self.folder / "one.backup"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        self.assertNotIn(b"Secrettoken", file.read_bytes())
        self.assertNotIn(b"SQLite format", file.read_bytes())
        self.assertEqual(self.leftovers(), [])
        self.assertIn("last backup", self.host.admin("host", "status", check=0).stdout)

        self.assertEqual(json.loads(self.verify(file).stdout)["submissions"], 2)
        people_listed = self.admin_json("partner", "list")
        self.host.stop()
        shutil.rmtree(self.host.folder / "data")  # the disk is gone, and the key with it
        (self.host.folder / "data.key").unlink()
        target = self.folder / "elsewhere" / "data"
        target.parent.mkdir()
        restored = json.loads(run("host", "restore", file, "--to", target, "--passphrase-file", self.passphrase, "--json", check=0).stdout)
        self.assertEqual(restored["dataDir"], str(target))
        self.assertEqual(stat.S_IMODE((self.folder / "elsewhere" / "data.key").stat().st_mode), 0o600)

        process = subprocess.Popen([program("concordatd"), "--config", restored["settings"]], stderr=subprocess.PIPE, text=True,
                                   cwd=target.parent, start_new_session=True)
        try:
            line = until(lambda: next((l for l in process.stderr if "listening on" in l), None), "the restored host listens")
            self.host.address = line.split("listening on ")[1].split()[0]
            threading.Thread(target=process.stderr.read, daemon=True).start()
            listed = self.host.json_as(STEWARD, "submission", "list")
            self.assertEqual({one["submission"] for one in listed}, {first["submission"], sealed["submission"]})
            socket = f"unix:{target}/run/concordat.sock"
            self.assertEqual(json.loads(run("partner", "list", "--host", socket, "--json", check=0).stdout), people_listed)
            run("receipt", "verify", receipt, "--host-key", self.host.public_key, check=0)
            self.host.as_("county-council-steward-sam", "submission", "findings", sealed["submission"], check=0)
            self.assertEqual(self.submit("2026-04")["decision"], "accept")
            run("audit", "verify", "--log", target / "audit", "--host-key", self.host.public_key)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            process.stderr.close()

    def test_the_keys_that_vouch_for_adapters_come_back_too(self):
        run("adapter", "sign", "--new-key", self.host.folder / "adapters.pem", check=0)
        with open(self.host.folder / "concordat.yaml", "a") as settings:
            settings.write("trust:\n  keys: [adapters.pub]   # whose they are stands on paper\n  unsigned: [gauges]\n")
        self.host.stop()
        self.host.start()
        self.backup()
        target = self.folder / "elsewhere" / "data"
        target.parent.mkdir()
        restored = json.loads(run("host", "restore", self.folder / "one.backup", "--to", target, "--passphrase-file", self.passphrase,
                                  "--json", check=0).stdout)
        self.host.stop()
        process = subprocess.Popen([program("concordatd"), "--config", restored["settings"]], stderr=subprocess.PIPE, text=True,
                                   cwd=target.parent, start_new_session=True)
        try:
            said = []
            until(lambda: said.append(process.stderr.readline()) or "listening on" in said[-1] or not said[-1], "the restored host answers")
            self.assertIn("listening on", said[-1], said)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)
            process.stderr.close()
        settings = pathlib.Path(restored["settings"]).read_text()
        self.assertIn('unsigned: ["gauges"]', settings)
        self.assertEqual(settings.count("trust:"), 1, settings)

    def test_what_is_not_whole_is_never_restored(self):
        self.submit("2026-03")
        self.backup()
        file = self.folder / "one.backup"
        content = file.read_bytes()
        other = self.folder / "other"
        run("host", "passphrase", other, check=0)
        wrong = self.verify(file, other)
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("passphrase does not open", wrong.stderr)
        code = self.passphrase.read_text().strip()
        slip = self.folder / "slip"
        slip.write_text(code[:-1] + ("0" if code[-1] != "0" else "1"))
        self.assertIn("mistyped", self.verify(file, slip).stderr)
        typed = self.folder / "typed"
        typed.write_text(code.lower().replace("-", " "))
        self.assertEqual(self.verify(file, typed).returncode, 0)

        broken = self.folder / "broken.backup"
        for name, bytes_ in (("cut", content[:-100]), ("half", content[:len(content) // 2]), ("changed", content[:5000] + bytes([content[5000] ^ 1]) + content[5001:]),
                             ("longer", content + b"x")):
            with self.subTest(name):
                broken.write_bytes(bytes_)
                refused = run("host", "restore", broken, "--to", self.folder / "new", "--passphrase-file", self.passphrase)
                self.assertEqual(refused.returncode, 1, refused.stderr)
                self.assertRegex(refused.stderr, "end is missing|was changed|added behind")
                self.assertEqual([p.name for p in self.folder.glob("new*")], [])
        broken.write_text("id,name\n")
        self.assertEqual(self.verify(broken).returncode, 3)
        broken_off = self.folder / "fresh.restoring-0123456789abcdef"
        broken_off.mkdir()
        (broken_off / "store.key").write_text("of a restore that was killed")
        run("host", "restore", file, "--to", self.folder / "fresh", "--passphrase-file", self.passphrase, check=0)
        self.assertEqual(sorted(p.name for p in self.folder.glob("fresh*")), ["fresh", "fresh.key", "fresh.restored"])
        full = self.folder / "full"
        full.mkdir()
        (full / "mine").write_text("keep")
        refused = run("host", "restore", file, "--to", full, "--passphrase-file", self.passphrase)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("not empty", refused.stderr)
        self.assertEqual((full / "mine").read_text(), "keep")

    def test_a_backup_goes_only_where_it_may(self):
        again = self.backup()
        self.assertEqual(again.returncode, 0)
        for arguments, words in (
                (["host", "backup", self.folder / "one.backup", "--passphrase-file", self.passphrase], "is there already"),
                (["host", "backup", self.host.folder / "data" / "in.backup", "--passphrase-file", self.passphrase], "below the data folder"),
                (["host", "backup", self.folder / "none" / "x.backup", "--passphrase-file", self.passphrase], "No such file"),
                (["host", "backup", self.folder / "x.backup", "--passphrase-file", self.folder / "nothing"], "host passphrase"),
                (["host", "backup", self.folder / "x.backup"], "--passphrase-file")):
            with self.subTest(words):
                refused = self.host.admin(*arguments)
                self.assertNotEqual(refused.returncode, 0)
                self.assertIn(words, refused.stderr)
        short = self.folder / "short"
        short.write_text("secret")
        self.assertIn("20 characters", self.host.admin("host", "backup", self.folder / "x.backup", "--passphrase-file", short).stderr)
        self.host.run("pki", "enrol", "host", "administrator", "ops", "--dir", self.host.pki, check=0)
        self.host.admin("partner", "add", "host", "--cert", self.host.pki / "host-administrator-ops.crt", check=0)
        far = self.host.as_("host-administrator-ops", "host", "backup", self.folder / "x.backup", "--passphrase-file", self.passphrase)
        self.assertEqual(far.returncode, 1)
        self.assertIn("socket", far.stderr)
        self.assertFalse((self.folder / "x.backup").exists())

    def test_while_submissions_are_stored(self):
        self.submit("2025-01")
        stop, submitted, refused = threading.Event(), [], []

        def keep_submitting():
            month = 2
            while not stop.is_set() and month < 60:
                try:
                    submitted.append(self.submit(f"{2020 + month // 12}-{month % 12 + 1:02d}", rows=3000)["submission"])
                except AssertionError as error:
                    refused.append(error)
                    return
                month += 1

        worker = threading.Thread(target=keep_submitting)
        worker.start()
        try:
            until(lambda: submitted, "a first submission beside it")
            for name in ("a.backup", "b.backup", "c.backup"):
                made = json.loads(self.backup(name).stdout)
                self.assertTrue(made["restoreTried"])
                self.assertEqual(made["current"], made["submissions"])
        finally:
            stop.set()
            worker.join()
        self.assertEqual(refused, [])
        self.assertGreater(made["submissions"], 1)
        self.assertEqual(json.loads(self.verify(self.folder / "c.backup").stdout)["submissions"], made["submissions"])

    def test_while_submissions_are_erased(self):
        sent = [self.submit(f"2024-{month:02d}", rows=3000)["submission"] for month in range(1, 13)]
        erased = []

        def erase():
            for submission in sent[:-1]:
                self.host.admin("submission", "erase", submission, "--reason", "no longer needed", check=0)
                erased.append(submission)

        worker = threading.Thread(target=erase)
        worker.start()
        try:
            made = [json.loads(self.backup(f"{number}.backup").stdout) for number in range(4)]
        finally:
            worker.join()
        self.assertEqual(len(erased), len(sent) - 1)
        self.assertTrue(all(one["restoreTried"] for one in made))
        last = json.loads(self.backup("last.backup").stdout)
        self.assertEqual((last["submissions"], last["current"], last["sources"]), (len(sent), 1, 1))

    def test_a_host_that_is_killed_leaves_no_half_file(self):
        for month in ("2026-01", "2026-02", "2026-03"):
            self.submit(month, rows=20000)
        for trial in range(4):
            with self.subTest(trial):
                file = self.folder / f"killed-{trial}.backup"
                asking = subprocess.Popen([program("concordat"), "host", "backup", str(file), "--passphrase-file", str(self.passphrase),
                                           "--host", f"unix:{self.host.socket}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                until(lambda: self.leftovers() or asking.poll() is not None, "the backup has begun")
                time.sleep(0.3 * trial)  # at another moment each time
                if asking.poll() is None:
                    self.host.kill()
                    asking.communicate()
                    self.host.start()
                    self.assertEqual(list(self.folder.glob("killed-*")), [] if not file.exists() else [file])
                else:
                    asking.communicate()
                if file.exists():
                    self.assertEqual(self.verify(file).returncode, 0)
                    file.unlink()
                self.assertEqual(self.leftovers(), [])

    def test_a_damaged_store_gives_no_backup_and_counts_as_a_failed_trial(self):
        first = self.submit("2026-03")
        self.assertEqual(first["decision"], "accept")
        (path,) = (self.host.folder / "data" / "store" / "datasets").rglob("*.db")
        content = bytearray(path.read_bytes())
        for at in range(8192, min(len(content), 8192 * 3), 64):
            content[at] ^= 0x5a
        path.write_bytes(content)
        refused = self.backup(check=None)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("could not be restored on trial", refused.stderr)
        self.assertFalse((self.folder / "one.backup").exists())
        told = self.admin_json("host", "status")["lastBackup"]
        self.assertFalse(told["restoreTried"])

    def test_no_room_is_said_before_anything_is_written(self):
        small = self.folder / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small], capture_output=True).returncode != 0:
            self.skipTest("may not mount a small file system")
        self.addCleanup(subprocess.run, ["umount", "--lazy", small])
        self.submit("2026-03", rows=2000)
        refused = self.host.admin("host", "backup", small / "x.backup", "--passphrase-file", self.passphrase)
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("not enough room", refused.stderr)
        self.assertEqual(list(small.iterdir()), [])

    def test_the_self_assessment_sees_that_restores_are_tried(self):
        started = self.host.as_(STEWARD, "assess", "start", "dq-themes", "--cycle", "2026/27", "--json")
        self.assertEqual(started.returncode, 0, started.stderr)
        identity = json.loads(started.stdout)["id"]

        def evidence():
            (item,) = [one for one in items_of(self.host.json_as(STEWARD, "assess", "show", identity)) if one["id"] == "secure_and_recoverable"]
            return item["evidence"]
        self.assertIsNone(evidence().get("value"), "no backup was tried")
        self.backup()
        self.assertEqual(evidence()["value"], 1, "one of one")


class Certificates(Story):
    start = "2026-05-04"

    def steward(self, *arguments, check=None):
        return self.host.as_(STEWARD, *arguments, check=check)

    def test_a_certificate_is_renewed_before_it_ends(self):
        self.assertNotIn("ends on", self.steward("catalog", "list", "--mine", check=0).stderr)
        self.assertEqual(self.admin_json("host", "status")["certificatesEnding"], [])
        self.host.travel_to("2027-04-20")
        warned = self.steward("catalog", "list", "--mine", check=0)
        self.assertIn("ends on", warned.stderr)
        self.assertIn("pki renew", warned.stderr)
        ending = {one["holder"] for one in self.admin_json("host", "status")["certificatesEnding"]}
        self.assertIn("the host itself", ending)
        self.assertIn("spiffe://derwent.example/partner/constabulary/steward/pat", ending)
        certificate = self.host.pki / f"{STEWARD}.crt"
        old = self.folder / "old"
        old.mkdir()
        for suffix in ("crt", "key"):
            shutil.copy(self.host.pki / f"{STEWARD}.{suffix}", old)
        renewed = json.loads(self.host.run("pki", "renew", certificate, "--dir", self.host.pki, "--host", f"unix:{self.host.socket}",
                                           "--json", check=0).stdout)
        self.assertEqual(renewed["spiffeId"], "spiffe://derwent.example/partner/constabulary/steward/pat")
        self.assertNotEqual((old / f"{STEWARD}.key").read_text(), (self.host.pki / f"{STEWARD}.key").read_text())
        self.assertNotIn("ends on", self.steward("catalog", "list", "--mine", check=0).stderr)
        with_old = self.host.run("catalog", "list", "--mine", "--host", self.host.address, "--ca", self.host.pki / "ca.crt", "--cert",
                                 old / f"{STEWARD}.crt", "--key", old / f"{STEWARD}.key", check=0)
        self.assertIn("ends on", with_old.stderr)
        same = json.loads(self.host.run("pki", "renew", certificate, "--dir", self.host.pki, "--same-key", "--host",
                                        f"unix:{self.host.socket}", "--json", check=0).stdout)
        self.assertNotEqual(same["fingerprint"], renewed["fingerprint"])
        self.steward("catalog", "list", "--mine", check=0)

        # The host's own, without a restart: who looks only a year later finds it valid.
        self.host.run("pki", "renew", self.host.pki / "host.crt", "--dir", self.host.pki, check=0)
        until(lambda: "the host itself" not in {one["holder"] for one in self.admin_json("host", "status")["certificatesEnding"]},
              "the host's status sees its new certificate")
        self.host.travel_to("2027-05-20")
        until(lambda: self.steward("catalog", "list", "--mine").returncode == 0, "the new certificate of the host is used")
        ended = self.host.run("catalog", "list", "--mine", "--host", self.host.address, "--ca", self.host.pki / "ca.crt", "--cert",
                              old / f"{STEWARD}.crt", "--key", old / f"{STEWARD}.key")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("ended on", ended.stderr)

    def test_a_partner_renews_with_the_certificate_that_still_holds(self):
        mine = self.folder / "mine"
        mine.mkdir()
        for name in (f"{STEWARD}.crt", f"{STEWARD}.key", "ca.crt"):
            shutil.copy(self.host.pki / name, mine)
        certificate = mine / f"{STEWARD}.crt"
        connected = ["--host", self.host.address, "--ca", mine / "ca.crt"]
        nowhere = ["--dir", self.folder / "no-authority-here"]
        asked = self.host.run("pki", "renew", certificate, *nowhere, *connected, "--json")
        self.assertEqual(asked.returncode, 1, asked.stderr)
        request = json.loads(asked.stdout)
        self.assertEqual(request["state"], "waiting")
        self.assertEqual(stat.S_IMODE((mine / f"{STEWARD}.key.next").stat().st_mode), 0o600)
        self.assertEqual(self.host.run("pki", "renew", certificate, *nowhere, *connected, "--resume").returncode, 1)
        # Nobody else may fetch it.
        other = ["--cert", self.host.pki / "county-council-steward-sam.crt", "--key", self.host.pki / "county-council-steward-sam.key"]
        shutil.copy(self.host.pki / "county-council-steward-sam.crt", mine / "sam.crt")
        shutil.copy(self.host.pki / "county-council-steward-sam.key", mine / "sam.key")
        (mine / "sam.crt.renewal").write_text(json.dumps(request))
        self.assertIn("no request of this certificate",
                      self.host.run("pki", "renew", mine / "sam.crt", *nowhere, *connected, *other, "--resume").stderr)
        self.admin_json("partner", "approve", request["request"], "--dir", self.host.pki)
        done = json.loads(self.host.run("pki", "renew", certificate, *nowhere, *connected, "--resume", "--json", check=0).stdout)
        self.assertEqual(done["state"], "renewed")
        self.assertNotEqual((mine / f"{STEWARD}.key").read_text(), (self.host.pki / f"{STEWARD}.key").read_text())
        self.host.run("catalog", "list", "--mine", *connected, "--cert", certificate, "--key", mine / f"{STEWARD}.key", check=0)
        self.assertFalse((mine / f"{STEWARD}.key.next").exists())

    def test_who_stole_a_key_gets_no_second_certificate_after_the_first_is_revoked(self):
        thief = self.folder / "thief"
        thief.mkdir()
        for name in (f"{STEWARD}.crt", f"{STEWARD}.key", "ca.crt"):
            shutil.copy(self.host.pki / name, thief)
        asked = self.host.run("pki", "renew", thief / f"{STEWARD}.crt", "--dir", self.folder / "no-authority-here", "--host", self.host.address,
                              "--ca", thief / "ca.crt", "--json")
        request = json.loads(asked.stdout)["request"]
        self.host.admin("pki", "revoke", self.host.pki / f"{STEWARD}.crt", "--reason", "laptop stolen", check=0)
        refused = self.host.admin("partner", "approve", request, "--dir", self.host.pki)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn("revoked since", refused.stderr)
        self.assertEqual([one["revoked"] for one in self.admin_json("partner", "list") if one["name"] == "pat"], [True])
        self.host.admin("partner", "refuse", request, "--reason", "stolen", check=0)

    def test_revoked_is_revoked_on_a_connection_that_is_open(self):
        if not install():
            print("skipped: npm or the npm registry is not there")
            return
        calling = subprocess.Popen(["node", SOURCE / "tests" / "support" / "two_calls.mjs", MODULES, SOURCE / "proto", self.host.address,
                                    self.host.pki / "ca.crt", self.host.pki / f"{STEWARD}.crt", self.host.pki / f"{STEWARD}.key"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.assertEqual(json.loads(calling.stdout.readline())["code"], 0)
        self.host.admin("pki", "revoke", self.host.pki / f"{STEWARD}.crt", check=0)
        said, _ = calling.communicate("again\n", timeout=60)
        second = json.loads(said)
        self.assertEqual(second["code"], 7, "PERMISSION_DENIED")
        self.assertIn("revoked", second["details"])

    def test_revoked_by_file_fingerprint_or_name(self):
        self.steward("catalog", "list", "--mine", check=0)
        self.host.admin("pki", "revoke", self.host.pki / f"{STEWARD}.crt", "--reason", "laptop lost", check=0)
        refused = self.steward("catalog", "list", "--mine")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("revoked", refused.stderr)
        listed = {one["spiffeId"]: one for one in self.admin_json("partner", "list")}
        self.assertEqual(listed["spiffe://derwent.example/partner/constabulary/steward/pat"]["reason"], "laptop lost")
        ash = "spiffe://derwent.example/partner/constabulary/analyst/ash"
        self.admin_json("pki", "revoke", ash, "--reason", "left")
        self.assertIn("revoked", self.host.as_("constabulary-analyst-ash", "catalog", "list").stderr)
        self.assertEqual(self.host.admin("pki", "revoke", ash).returncode, 3)
        sam = listed["spiffe://derwent.example/partner/county-council/steward/sam"]["fingerprint"]
        self.host.admin("pki", "revoke", sam, check=0)
        self.assertIn("revoked", self.host.as_("county-council-steward-sam", "catalog", "list").stderr)
        self.assertNotEqual(self.host.admin("partner", "add", "constabulary", "--cert", self.host.pki / f"{STEWARD}.crt").returncode, 0)

    def test_an_upload_under_way_ends_when_its_certificate_is_revoked(self):
        pipe_in, pipe_out = os.pipe()
        upload = subprocess.Popen([program("concordat"), "submit", "-", "--feed", FEED, "--period", "2026-03",
                                   *map(str, self.host.credentials(STEWARD))], stdin=pipe_in, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  text=True, env={**os.environ, **self.host.clock.environment})
        os.close(pipe_in)
        os.write(pipe_out, (HEADER + "\n").encode())
        self.host.admin("pki", "revoke", self.host.pki / f"{STEWARD}.crt", "--reason", "laptop lost", check=0)
        with contextlib.suppress(BrokenPipeError):
            for i in range(2000):
                os.write(pipe_out, (f"{i:064x},2026-03,A,A,,,,E01013101,Derby,Burglary,," + "\n").encode() * 20)
        os.close(pipe_out)
        _, said = upload.communicate(timeout=60)
        self.assertEqual(upload.returncode, 1, said)
        self.assertIn("revoked", said)
        with contextlib.closing(self.host.control()) as database:
            self.assertEqual(database.execute("SELECT count(*) FROM attempts").fetchone()[0], 0)


class Streams(Story):
    staff = ("constabulary steward pat", "county-council steward sam", "constabulary delegate dana", "county-council delegate drew")

    def setUp(self):
        super().setUp()
        (self.host.policies / "protocols" / "stream.yaml").write_text(crime_protocols.DOCUMENT.format(
            id="stream", dataset="street_crime", share=crime_protocols.RECORDS))
        self.host.admin("host", "reload", check=0)
        for delegate in ("constabulary-delegate-dana", "county-council-delegate-drew"):
            self.host.as_(delegate, "protocol", "sign", "stream", "--name", "A", "--post", "B", "--authority", "C", check=0)

    def test_rows_under_way_stop_when_the_certificate_is_revoked(self):
        self.submit("2026-03", rows=300_000)
        sam = "county-council-steward-sam"
        receiving = subprocess.Popen([program("concordat"), "exchange", "street_crime", "--protocol", "stream", "--purpose", "dpv:PublicSafety",
                                      "-o", self.folder / "rows.csv", *map(str, self.host.credentials(sam))],
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

        def begun():
            with contextlib.closing(self.host.control()) as database:
                return database.execute("SELECT count(*) FROM open_transfers").fetchone()[0]
        until(begun, "rows leave")
        receiving.send_signal(signal.SIGSTOP)  # the host has more to send than the connection holds
        self.host.admin("pki", "revoke", self.host.pki / f"{sam}.crt", "--reason", "laptop lost", check=0)
        receiving.send_signal(signal.SIGCONT)
        _, said = receiving.communicate(timeout=120)
        self.assertEqual(receiving.returncode, 1, said)
        self.assertIn("revoked", said)
        self.assertFalse((self.folder / "rows.csv").exists())
        self.assertEqual(until(lambda: not begun(), "the transfer is closed"), True)


class Invitations(Story):
    start = "2026-05-04"
    PAT = "spiffe://derwent.example/partner/fire-and-rescue/steward/fay"

    def invite(self, *more):
        self.file = self.folder / f"invitation-{len(list(self.folder.iterdir()))}"
        invited = self.admin_json("partner", "invite", "fire-and-rescue", "--role", "steward", "--name", "fay", "--dir", self.host.pki,
                                  "--address", self.host.address, "-o", self.file, *more)
        self.assertEqual(invited["spiffeId"], self.PAT)
        return invited

    def enrol(self, *more, out="mine"):
        return self.host.run("pki", "enrol", "--invitation", self.file, "-o", self.folder / out, "--json", *more)

    def test_a_key_never_leaves_its_holder(self):
        invited = self.invite()
        self.assertEqual(stat.S_IMODE(self.file.stat().st_mode), 0o600)
        asked = self.enrol("--code", invited["code"].lower().replace("-", " "))
        self.assertEqual(asked.returncode, 1, asked.stderr)
        request = json.loads(asked.stdout)
        key = self.folder / "mine" / "fire-and-rescue-steward-fay.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        self.assertEqual(json.loads(self.enrol("--resume").stdout)["state"], "waiting")
        (waiting,) = self.admin_json("partner", "requests")["requests"]
        self.assertEqual((waiting["request"], waiting["state"]), (request["request"], "waiting"))
        without = self.host.admin("partner", "approve", request["request"], "--dir", self.host.pki)
        self.assertEqual(without.returncode, 3)
        other = self.host.admin("partner", "approve", request["request"], "--dir", self.host.pki, "--key-code", "AAAA-BBBB-CCCC")
        self.assertEqual(other.returncode, 1)
        self.assertIn("somebody else used the invitation", other.stderr)
        self.admin_json("partner", "approve", request["request"], "--dir", self.host.pki, "--key-code", request["keyCode"].lower())
        done = json.loads(self.enrol("--resume").stdout)
        self.assertEqual((done["state"], done["spiffeId"]), ("enrolled", self.PAT))
        mine = ["--host", self.host.address, "--ca", done["ca"], "--cert", done["cert"], "--key", done["key"]]
        self.host.run("catalog", "list", "--mine", *mine, check=0)
        # Nothing below the host's folders holds the key.
        secret = key.read_text().split("\n")[1].encode()
        for path in (self.host.folder / "data").rglob("*"):
            if path.is_file():
                self.assertNotIn(secret, path.read_bytes(), path)
        again = self.enrol("--code", invited["code"], out="thief")
        self.assertEqual(again.returncode, 1)
        self.assertIn("used already", again.stderr)

    def test_the_file_alone_or_the_code_alone_is_worth_nothing(self):
        invited = self.invite()
        invitation = json.loads(self.file.read_text())
        for name in ("ca", "certificate", "key"):
            (self.folder / name).write_text(invitation[name])
        as_invited = ["--host", self.host.address, "--ca", self.folder / "ca", "--cert", self.folder / "certificate", "--key", self.folder / "key"]
        for arguments in (["catalog", "list"], ["host", "status"], ["partner", "requests"], ["submission", "list"], ["partner", "list"],
                          ["audit", "list"], ["protocol", "list"], ["adapter", "list"]):
            with self.subTest(arguments):
                refused = self.host.run(*arguments, *as_invited)
                self.assertEqual(refused.returncode, 1, refused.stderr)
        wrong = json.loads(run("host", "passphrase", self.folder / "wrong", "--json", check=0).stdout)["passphrase"]
        slip = invited["code"][:-1] + ("0" if invited["code"][-1] != "0" else "1")
        self.assertIn("mistyped", self.enrol("--code", slip).stderr)
        for left in (4, 3, 2, 1, 0):
            refused = self.enrol("--code", wrong)
            self.assertEqual(refused.returncode, 1)
            self.assertIn("1 more try is left" if left == 1 else f"{left} more tries are left", refused.stderr)
        closed = self.enrol("--code", invited["code"])
        self.assertEqual(closed.returncode, 1)
        self.assertIn("closed after 5 wrong codes", closed.stderr)
        self.assertEqual(self.admin_json("partner", "requests")["requests"], [])
        with contextlib.closing(self.host.control()) as database:
            self.assertNotIn(invited["code"], "\n".join(database.iterdump()))

    def test_invitations_end_and_are_withdrawn(self):
        invited = self.invite("--valid", "P2D")
        self.host.travel_to("2026-05-07")
        late = self.enrol("--code", invited["code"])
        self.assertEqual(late.returncode, 1)
        self.assertIn("ended on", late.stderr)
        again = self.invite()
        self.host.admin("partner", "refuse", again["invitation"], check=0)
        self.assertIn("withdrawn", self.enrol("--code", again["code"]).stderr)
        third = self.invite()
        request = json.loads(self.enrol("--code", third["code"], out="third").stdout)
        self.host.admin("partner", "refuse", request["request"], "--reason", "wrong person", check=0)
        refused = self.enrol("--resume", out="third")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("wrong person", refused.stderr)
        self.assertNotEqual(self.host.admin("partner", "invite", "nobody", "--name", "x", "--dir", self.host.pki, "-o",
                                            self.folder / "none").returncode, 0)
        self.assertFalse((self.folder / "none").exists())


class Partners(Story):
    def steps(self, *arguments):
        told = json.loads(self.host.admin(*arguments, "--policies", self.host.policies, "--json", check=0).stdout)
        return told, {one["id"]: one for one in told["steps"]}

    def test_from_a_name_to_the_first_accepted_submission(self):
        missing = self.host.admin("partner", "add", "housing", "--policies", self.host.policies)
        self.assertEqual(missing.returncode, 3)
        self.assertIn("--name", missing.stderr)
        told, steps = self.steps("partner", "add", "housing", "--name", 'Derwent "Homes": all', "--sector", "voluntary", "--email", "a@housing.example")
        self.assertIn("host reload", steps["partner"]["command"])
        self.host.admin("host", "reload", check=0)
        told, steps = self.steps("partner", "status", "housing")
        self.assertEqual((steps["partner"]["state"], steps["contract"]["state"], steps["feed"]["state"]), ("done", "next", "later"))
        feed = (self.host.policies / "feeds" / f"{FEED}.yaml").read_text()
        (self.host.policies / "feeds" / "housing-crime.yaml").write_text(feed.replace(FEED, "housing-crime").replace("partner: constabulary", "partner: housing"))
        self.host.admin("host", "reload", check=0)
        told, steps = self.steps("partner", "status", "housing")
        self.assertEqual([steps[name]["state"] for name in ("contract", "feed", "adapter", "certificate")], ["done", "done", "done", "next"])
        self.assertIn("partner invite housing", steps["certificate"]["command"])
        self.host.run("pki", "enrol", "housing", "steward", "hope", "--dir", self.host.pki, check=0)
        self.host.admin("partner", "add", "housing", "--cert", self.host.pki / "housing-steward-hope.crt", check=0)
        told, steps = self.steps("partner", "status", "housing")
        self.assertEqual((steps["certificate"]["state"], steps["check"]["state"]), ("done", "next"))
        bad = self.folder / "bad.csv"
        bad.write_text(HEADER + "\n" + "x,y,,,,,,,,,,\n" * 20)
        self.host.as_("housing-steward-hope", "submit", bad, "--feed", "housing-crime", "--period", "2026-03")
        told, steps = self.steps("partner", "status", "housing")
        self.assertEqual((steps["submission"]["state"], steps["accepted"]["state"]), ("done", "next"))
        good = crimes(self.folder / "good.csv", "2026-03", 50)
        accepted = self.host.json_as("housing-steward-hope", "submit", good, "--feed", "housing-crime", "--period", "2026-03", check=0)
        told, steps = self.steps("partner", "status", "housing")
        self.assertEqual((told["done"], steps["accepted"]["detail"]), (told["total"], accepted["submission"]))
        own = self.host.json_as("housing-steward-hope", "partner", "status", "housing", check=0)
        self.assertEqual(own["done"], told["done"])
        self.assertEqual(self.host.as_("housing-steward-hope", "partner", "status", "constabulary").returncode, 1)
        offline = self.host.run("partner", "status", "housing", "--policies", self.host.policies, check=0).stdout
        self.assertIn("add --host", offline)


class Upgrades(Story):
    def older(self):
        """The store as version 9 left it, without what later steps make; the newest version."""
        self.host.stop()
        steps = (SOURCE / "host" / "store" / "sqlite" / "control_schema.cc").read_text().split('R"sql(')[1:]
        with contextlib.closing(self.host.control()) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            self.assertEqual(version, len(steps))
            for table in re.findall(r"CREATE TABLE (\w+)", "".join(steps[9:])):
                database.execute(f"DROP TABLE {table}")
            database.execute("PRAGMA user_version = 9")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return version

    def version(self):
        with contextlib.closing(self.host.control()) as database:
            return database.execute("PRAGMA user_version").fetchone()[0]

    def undo(self):
        return subprocess.run([program("concordatd"), "--config", "concordat.yaml", "--undo-upgrade"], cwd=self.host.folder,
                              capture_output=True, text=True, timeout=60)

    def test_an_upgrade_is_undone_until_something_is_stored(self):
        self.submit("2026-03")
        newest = self.older()
        self.host.start()
        self.assertEqual(self.version(), newest)
        self.assertNotEqual(self.undo().returncode, 0, "the host has it open")
        self.host.stop()
        undone = self.undo()
        self.assertEqual(undone.returncode, 0, undone.stderr)
        self.assertIn("version 9 again", undone.stdout)
        self.assertEqual(self.version(), 9)
        self.assertEqual(self.undo().returncode, 1, "there is nothing more to undo")
        self.host.start()
        self.assertEqual(self.submit("2026-04")["decision"], "accept")
        self.host.stop()
        refused = self.undo()
        self.assertEqual(refused.returncode, 1)
        self.assertIn("1 new in attempts", refused.stderr)
        self.assertEqual(self.version(), newest)
        self.host.start()

    def test_a_newer_store_is_refused(self):
        self.host.stop()
        with contextlib.closing(self.host.control()) as database:
            database.execute("PRAGMA user_version = 99")
        with self.assertRaisesRegex(AssertionError, "newer Concordat"):
            self.host.start()


if __name__ == "__main__":
    unittest.main()
