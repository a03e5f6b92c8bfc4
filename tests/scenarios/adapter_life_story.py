"""Adapters while a real host runs: signed and installed, upgraded under a running submission, failing, quarantined, enabled again."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import BUILD, Host, program, run  # noqa: E402

BROKEN = BUILD / "broken_adapters"
SAM = "county-council-steward-sam"
PAT = "constabulary-steward-pat"


def write_policies(folder, feeds):
    """Two partners and one dataset; `feeds`: name -> (partner, what stands under adapter)."""
    documents = {
        "partnership.yaml": {"apiVersion": "concordat/v1", "kind": "Partnership", "id": "small", "name": "Small", "trustDomain": "derwent.example", "yearStart": "04-01"},
        "contracts/readings.odcs.yaml": {"version": "1.0.0", "apiVersion": "v3.1.0", "kind": "DataContract", "id": "readings", "name": "readings", "status": "active",
                                         "schema": [{"name": "readings", "logicalType": "object", "properties": [
                                             {"name": name, "logicalType": "string", "classification": "public", "required": True} for name in ("reading", "reader")]}]},
    }
    for partner in ("county-council", "constabulary"):
        documents[f"partners/{partner}.yaml"] = {"apiVersion": "concordat/v1", "kind": "Partner", "id": partner, "name": partner, "sector": "public",
                                                 "contacts": [{"role": "data-steward", "post": "Officer", "email": "a@b.example"}]}
    for name, (partner, adapter) in feeds.items():
        documents[f"feeds/{name}.yaml"] = {"apiVersion": "concordat/v1", "kind": "Feed", "id": name, "partner": partner, "dataset": "readings", "adapter": adapter}
    for path, document in documents.items():
        (pathlib.Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
        (pathlib.Path(folder) / path).write_text(json.dumps(document, indent=1))


def eventually(condition, what, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


def workers_of(process):
    """Worker processes of a host."""
    found = 0
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            name, rest = stat.read_text().rsplit(")", 1)
        except OSError:
            continue
        if "(concordat-worke" in name and int(rest.split()[1]) == process.pid:
            found += 1
    return found


class AdapterLifeStory(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        self.key = self.folder / "adapters.pem"
        run("adapter", "sign", "--new-key", self.key, check=0)
        self.one, self.two = self.signed("steady_1"), self.signed("steady_2")

    def signed(self, name):
        folder = self.folder / name
        shutil.copytree(BROKEN / name, folder)
        run("adapter", "sign", folder, "--key", self.key, check=0)
        return folder

    def start(self, feeds, settings=""):
        """A host that has version 1.0.0 of `steady` in a folder of its own beside the program's adapters."""
        shelf = self.folder / "shelf"
        shelf.mkdir()
        shutil.copytree(self.one, shelf / "steady")
        write_policies(self.folder / "policies", feeds)
        settings += f"adapters: [{BUILD}/adapters, {shelf}]\ntrust: {{keys: [{self.key.with_suffix('.pub')}]}}\n"
        self.host = Host(policies=self.folder / "policies", settings=settings)
        self.host.__enter__()
        self.addCleanup(self.host.__exit__)

    def admin(self, *arguments, check=0):
        return json.loads(self.host.admin(*arguments, "--json", check=check).stdout)

    def file(self, name, lines):
        path = self.folder / name
        path.write_text("".join(line + "\n" for line in lines))
        return path

    def submit(self, who, feed, period, lines, check=None):
        return self.host.as_(who, "submit", self.file(f"{feed}-{period}.txt", lines), "--feed", feed, "--period", period, "--json", check=check)

    def receipts_about(self, **members):
        found = []
        for receipt in self.host.receipts_after(-1):
            subject = receipt["subject"]
            if all(subject.get(name) == value for name, value in members.items()):
                found.append(receipt)
        return found

    def test_an_upgrade_under_a_running_submission(self):
        self.start({"levels": ("county-council", {"plugin": "steady"}), "pinned": ("county-council", {"plugin": "steady", "version": "1.0.0"})})
        digests = {one["version"]: one["digest"] for one in self.admin("adapter", "list") if one["name"] == "steady"}
        slow = subprocess.Popen([program("concordat"), "submit", str(self.file("slow.txt", ["1"] + ["slow"] * 20)), "--feed", "levels",
                                 "--period", "2026-01", "--json", *map(str, self.host.credentials(SAM))], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        eventually(lambda: workers_of(self.host.process) == 1, "a worker runs")
        done = self.admin("adapter", "upgrade", "steady", self.two, "--reason", "reads better")
        self.assertIn("steady 2.0.0 is in use (before: 1.0.0)", done["did"])
        digests["2.0.0"] = next(one["digest"] for one in done["versions"] if one["version"] == "2.0.0")
        quick = self.submit(SAM, "levels", "2026-02", ["1", "2"], check=0)
        pinned = self.submit(SAM, "pinned", "2026-02", ["1", "2"], check=0)
        self.assertIsNone(slow.poll(), "the slow one still runs: both versions worked side by side")
        output, error = slow.communicate(timeout=120)
        self.assertEqual(slow.returncode, 0, error)
        for answer, version in ((output, "1.0.0"), (quick.stdout, "2.0.0"), (pinned.stdout, "1.0.0")):
            result = json.loads(answer)
            receipt = next(one for one in self.host.receipts_after(-1) if one["id"] == result["receipt"])
            self.assertEqual(receipt["subject"]["adapter"], f"steady {version}")
            self.assertEqual(receipt["digests"]["adapter"], digests[version])
        self.assertNotEqual(digests["1.0.0"], digests["2.0.0"])
        change, = self.receipts_about(action="adapter", how="use")
        self.assertEqual((change["subject"]["version"], change["digests"]["adapter"], change["reasons"][0]["message"]), ("2.0.0", digests["2.0.0"], "reads better"))
        # What was chosen stays over a restart, and goes back at a word.
        self.host.stop()
        self.host.start()
        self.assertEqual(self.version_of("levels"), "2.0.0")
        self.admin("adapter", "upgrade", "steady", "--to", "1.0.0", "--reason", "2.0.0 loses a column")
        self.assertEqual(self.version_of("levels"), "1.0.0")
        self.assertEqual((self.folder / "shelf" / "steady" / "adapter.yaml").read_text().count("\n"), (self.one / "adapter.yaml").read_text().count("\n"))

    def version_of(self, feed):
        return next(one["version"] for one in self.admin("adapter", "list") if feed in one.get("feeds", []))

    def test_evil_files_shut_out_their_own_feed_and_no_other(self):
        self.start({"evil": ("county-council", {"plugin": "steady"}), "good": ("constabulary", {"plugin": "steady"})}, settings="limits: {adapter_failures: 3}\n")
        for attempt in range(3):
            failed = self.submit(SAM, "evil", "2026-01", ["1", "crash"], check=2)
            self.assertIn("adapter steady 1.0.0 failed", failed.stderr)
            self.assertEqual("is quarantined for feed evil" in failed.stderr, attempt == 2, failed.stderr)
            self.submit(PAT, "good", f"2026-0{attempt + 1}", ["1", "2"], check=0)
        refused = self.submit(SAM, "evil", "2026-01", ["1", "2"], check=2)
        for words in ("is quarantined for feed evil since", "3 failures in a row", "SIGSEGV", "concordat adapter enable steady@1.0.0"):
            self.assertIn(words, refused.stderr)
        check = self.host.as_(SAM, "check", self.file("x.txt", ["1"]), "--feed", "evil", check=2)
        self.assertIn("quarantined", check.stderr)
        self.submit(PAT, "good", "2026-04", ["1", "2"], check=0)
        status = self.host.admin("host", "status", check=0).stdout
        self.assertIn("steady 1.0.0, quarantined for evil", status)
        self.assertIn("failures: 3, at most 3 in a row", status)
        listed = self.host.admin("adapter", "list", check=0).stdout
        for words in ("in use, quarantined", "quarantined for feed evil since", "failures on feed evil: 3, in a row now 3; the last", "(crash)"):
            self.assertIn(words, listed)
        self.assertNotIn("failures", self.host.as_(PAT, "adapter", "list", check=0).stdout, "only for administrators")
        quarantine, = self.receipts_about(action="adapter", how="quarantine")
        self.assertEqual((quarantine["subject"]["feed"], quarantine["subject"]["by"]), ("evil", ""))
        # It outlives a restart, and ends when an administrator says so.
        self.host.stop()
        self.host.start()
        self.submit(SAM, "evil", "2026-01", ["1", "2"], check=2)
        denied = self.host.as_(SAM, "adapter", "enable", "steady", check=1)
        self.assertIn("administrator", denied.stderr)
        self.host.admin("adapter", "enable", "steady@1.0.0", "--feed", "evil", "--reason", "the file was damaged", check=0)
        self.submit(SAM, "evil", "2026-01", ["1", "2"], check=0)
        self.assertEqual(len(self.receipts_about(action="adapter", how="enable")), 1)
        # The host's own log is whole.
        self.host.admin("audit", "verify", check=0)

    def test_what_nobody_vouches_for_is_not_taken(self):
        self.start({"levels": ("county-council", {"plugin": "steady"})})
        wrong = self.folder / "wrong"
        shutil.copytree(self.two, wrong)
        cases = {
            "was changed after it was signed": lambda: (wrong / "steady_2.so").write_bytes((wrong / "steady_2.so").read_bytes() + b"\0"),
            "adapter.yaml of steady was changed after it was signed": lambda: (wrong / "adapter.yaml").write_text((wrong / "adapter.yaml").read_text().replace("2.0.0", "2.0.1")),
            "is signed with the key": lambda: run("adapter", "sign", wrong, "--key", self.another_key(), check=0),
            "is not signed": lambda: shutil.copy(BROKEN / "steady_2" / "adapter.yaml", wrong),
            "is a text file under the name of a library": lambda: (shutil.copy(BROKEN / "steady_2" / "adapter.yaml", wrong), (wrong / "steady_2.so").write_text("no\n"))[0],
        }
        for words, spoil in cases.items():
            shutil.rmtree(wrong)
            shutil.copytree(self.two, wrong)
            spoil()
            if "text file" in words:  # signed as it is by somebody who did not look: sign itself refuses
                self.assertIn(words, run("adapter", "sign", wrong, "--key", self.key, check=1).stderr)
                continue
            self.assertIn(words, self.host.admin("adapter", "upgrade", "steady", wrong, check=1).stderr, words)
        self.assertEqual(self.version_of("levels"), "1.0.0")
        # A folder that was put there by hand is seen by a reload, and one that is spoilt is left out and said.
        shutil.copytree(self.two, self.folder / "shelf" / "steady-2")
        self.assertEqual(self.admin("adapter", "reload")["issues"], [])
        self.assertEqual(self.version_of("levels"), "2.0.0", "nobody chose one: the newest")
        (self.folder / "shelf" / "steady-2").chmod(0o777)
        issue, = self.admin("adapter", "reload", check=1)["issues"]
        self.assertIn("chmod go-w", issue["message"])
        self.assertEqual(self.version_of("levels"), "1.0.0")
        self.assertIn("refused", self.host.admin("adapter", "list", check=0).stdout)

    def another_key(self):
        key = self.folder / "another.pem"
        if not key.exists():
            run("adapter", "sign", "--new-key", key, check=0)
        return key

    def test_a_host_does_not_start_on_adapters_that_nobody_vouches_for_and_says_what_to_do(self):
        write_policies(self.folder / "policies", {"levels": ("county-council", {"plugin": "steady"})})
        shelf = self.folder / "shelf"
        shutil.copytree(BROKEN / "steady_1", shelf / "steady")
        refused = Host(policies=self.folder / "policies", settings=f"adapters: [{shelf}]\n")
        self.addCleanup(refused.__exit__)
        with self.assertRaises(AssertionError) as ended:
            refused.__enter__()
        for words in ("the adapter \"steady\"", "was refused", "is not signed", "trust: {unsigned: [steady]}"):
            self.assertIn(words, str(ended.exception))
        with Host(policies=self.folder / "policies", settings=f"adapters: [{shelf}]\ntrust: {{unsigned: [steady]}}\n") as host:
            self.assertIn("not signed, taken by name", host.admin("adapter", "list", check=0).stdout)

    def test_offline_an_unsigned_adapter_runs_and_is_said_to_be_one(self):
        write_policies(self.folder / "policies", {"levels": ("county-council", {"plugin": "steady"})})
        shelf = self.folder / "shelf"
        shutil.copytree(BROKEN / "steady_1", shelf / "steady")
        path = self.file("x.txt", ["1", "2"])
        common = ("--policies", self.folder / "policies", "--adapters", shelf)
        checked = run("check", path, "--feed", "levels", "--json", *common, check=0)
        note, = checked.stderr.splitlines()
        self.assertIn("adapter steady 1.0.0", note)
        self.assertIn("is not signed", note)
        self.assertEqual(json.loads(checked.stdout)["records"]["total"], 2)
        self.assertIn("(not signed)", run("adapter", "list", "--adapters", shelf, check=0).stdout)
        several = run("adapter", "list", "--adapters", f"{BUILD / 'adapters'}:{shelf}", check=0).stdout
        self.assertIn("(not signed)", several)
        self.assertIn("(the program's own)", several)
        self.assertIn("(the program's own)", run("adapter", "list", check=0).stdout)

    def test_in_the_hosts_folder_feeds_over_installed_adapters_can_be_linted_and_checked(self):
        self.start({"levels": ("county-council", {"plugin": "steady"})})
        self.admin("adapter", "install", self.two)
        self.assertTrue((self.host.folder / "data" / "adapters").is_dir())
        run("policy", "lint", "policies", cwd=self.host.folder, check=0)
        path = self.file("x.txt", ["1", "2"])
        run("check", path, "--feed", "levels", cwd=self.host.folder, check=0)
        elsewhere = run("check", path, "--feed", "levels", "--policies", self.host.folder / "policies", cwd=self.folder, check=2)
        self.assertIn("--adapters", elsewhere.stderr)

    def test_a_key_is_not_overwritten_and_an_unbuilt_folder_is_not_signed(self):
        key = self.another_key()
        before = key.read_bytes()
        again = run("adapter", "sign", "--new-key", key)
        self.assertEqual(again.returncode, 1)
        self.assertIn("never overwritten", again.stderr)
        self.assertEqual(key.read_bytes(), before)
        run("adapter", "new", "unbuilt", cwd=self.folder, check=0)
        refused = run("adapter", "sign", "unbuilt", "--key", key, cwd=self.folder)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("unbuilt/build/adapters/unbuilt", refused.stderr)


if __name__ == "__main__":
    unittest.main()
