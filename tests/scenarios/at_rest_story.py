"""What is confidential is found nowhere below the data folder, not after a kill -9 either; what must be forgotten is, with proof."""
import base64
import csv
import json
import os
import pathlib
import stat
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import SOURCE, Host, run  # noqa: E402

FEED = "case-notes-feed"
STEWARD = "county-council-steward-sam"
OTHER = "constabulary-steward-pat"
ANALYST = "constabulary-analyst-ash"
CONTRACT = """
version: 1.0.0
apiVersion: v3.1.0
kind: DataContract
id: 5c1e2a52-4d0f-4f0c-9a2b-0c8f6f0a2020
name: case_notes
status: active
description: {purpose: Notes of cases}
slaProperties: [{property: retention, value: 24, unit: m}]
schema:
  - name: case_notes
    logicalType: object
    quality:
      - {id: one_case, type: custom, engine: concordat, dimension: uniqueness, severity: error, implementation: {rule: unique, with: {fields: [person]}}}
    properties:
      - {name: person, logicalType: string, required: true, classification: restricted, logicalTypeOptions: {pattern: "^[A-Za-z-]+[0-9]+$"}}
      - {name: score, logicalType: integer, classification: confidential}
      - {name: ward, logicalType: string, classification: public}
"""
FEED_YAML = """
apiVersion: concordat/v1
kind: Feed
id: case-notes-feed
partner: county-council
dataset: case_notes
adapter: {plugin: delimited, options: {encoding: auto, delimiter: auto, header: auto}}
schedule: {every: P1M, due: P20D}
gate: {reject: {unreadable: 90%}, quarantine: [critical, error]}
"""
PROTOCOL_FROM = "asb-hotspots.yaml"


def forms_of(token):
    plain = token.encode()
    yield from (plain, plain.hex().encode(), plain.hex().upper().encode(), token.encode("utf-16-le"), token.encode("utf-16-be"))
    for shift in range(3):  # wherever it begins in what was encoded
        encoded = base64.b64encode(b"\0" * shift + plain)
        yield encoded[4 * (shift > 0):-4]


class AtRestStory(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.host = Host(settings="limits: {submissions: 8}\n")
        (self.host.policies / "contracts" / "case_notes.odcs.yaml").write_text(CONTRACT)
        (self.host.policies / "feeds" / "case-notes-feed.yaml").write_text(FEED_YAML)
        protocol = (SOURCE / "policies" / "protocols" / PROTOCOL_FROM).read_text()
        head = protocol[:protocol.index("shares:")].replace("asb-hotspots", "case-sharing").replace(
            "{partner: constabulary, gives: true", "{partner: county-council, gives: true").replace(
            "{partner: county-council, receives: true", "{partner: constabulary, receives: true")
        (self.host.policies / "protocols" / "case-sharing.yaml").write_text(
            head + "shares:\n  - id: all\n    dataset: case_notes\n    from: [county-council]\n    to: [constabulary]\n"
            "    fields: {person: release, ward: release}\n    when: request.role in [\"analyst\", \"steward\"]\n"
            "signatures: all_controllers\n")
        self.host.__enter__()

    def tearDown(self):
        self.host.__exit__()
        self.temporary.cleanup()

    @property
    def data(self):
        return self.host.folder / "data"

    def write(self, name, lines):
        path = self.folder / name
        path.write_bytes(b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\r\n")
        return path

    def submit(self, path, period, *more):
        return self.host.json_as(STEWARD, "submit", path, "--feed", FEED, "--period", period, *more)

    def found(self, tokens):
        """(token, file) for whatever stands anywhere below the data folder, in any form."""
        hits = []
        for path in self.data.rglob("*"):
            if not path.is_file() or path.is_socket():
                continue
            content = path.read_bytes()
            for token in tokens:
                if any(form in content for form in forms_of(token)):
                    hits.append((token, str(path.relative_to(self.data))))
        return hits

    def rows_of(self, output, *more):
        code = self.host.as_(ANALYST, "exchange", "case_notes", "--protocol", "case-sharing", "--purpose", "dpv:PublicSafety",
                             "-o", output, "--json", *more)
        self.assertEqual(code.returncode, 0, code.stdout + code.stderr)
        with output.open() as file:
            return list(csv.DictReader(file))

    def planted(self):
        return self.write("notes.csv", [
            "person,score,ward", "Acceptedtoken-one1,41,OpenwardAlpha", "Acceptedtoken-two2,Markertoken,OpenwardBeta",
            "Quarantined token three,7,OpenwardGamma", "Doubletoken-four4,8,OpenwardDelta", "Doubletoken-four4,9,OpenwardDelta",
            b'"Unreadabletoken-five5\xff\xfe,8,Openward,too,many,cells', "Acceptedtoken-six6,42,OpenwardAlpha"])

    TOKENS = ["Acceptedtoken-one1", "Acceptedtoken-two2", "Markertoken", "Quarantined token three", "Doubletoken-four4",
              "Unreadabletoken-five5", "Acceptedtoken-six6"]

    def test_planted_tokens_are_nowhere_and_the_data_reads_back(self):
        first = self.submit(self.planted(), "2026-05")
        mended = "Mendedtoken-seven7"
        to_mend = self.folder / "mend.csv"
        self.host.as_(STEWARD, "submission", "findings", first["submission"], "--to-mend", to_mend, check=0)
        held_back = to_mend.read_text()
        self.assertIn("Quarantined token three", held_back)
        self.write("mended.csv", [held_back.replace("Quarantined token three", mended).rstrip("\r\n")])
        second = self.host.json_as(STEWARD, "submission", "mend", first["submission"], self.folder / "mended.csv")
        findings = self.host.as_(STEWARD, "submission", "findings", first["submission"], check=0).stdout
        self.assertIn("one_case", findings)

        for delegate in ("constabulary-delegate-dana", "county-council-delegate-drew"):
            self.host.as_(delegate, "protocol", "sign", "case-sharing", "--name", "A", "--post", "B", "--authority", "C", check=0)
        rows = self.rows_of(self.folder / "out.csv")
        people = [row["person"] for row in rows]
        self.assertIn(mended, people)
        self.assertIn("Acceptedtoken-one1", people)
        self.assertEqual(self.found(self.TOKENS + [mended]), [])
        self.assertTrue(self.found(["OpenwardAlpha"]), "what is public rests as it is: the search finds things")

        # In the middle of another upload, killed.
        crashed = "Crashedtoken"
        big = self.write("big.csv", ["person,score,ward"] + [f"{crashed}{i},5,OpenwardAlpha" for i in range(400_000)])
        upload = threading.Thread(target=lambda: self.host.as_(STEWARD, "submit", big, "--feed", FEED, "--period", "2026-06"))
        upload.start()
        staging = self.data / "store" / "staging"
        deadline = time.time() + 60
        while time.time() < deadline and sum(f.stat().st_size for f in staging.glob("*.db")) < 200_000:
            time.sleep(0.01)
        self.host.kill()
        upload.join()
        self.assertTrue(list((self.data / "spool").iterdir()), "the crash left something to look into")
        self.assertEqual(self.found(self.TOKENS + [mended, crashed]), [])
        self.host.start()
        self.assertEqual(self.found(self.TOKENS + [mended, crashed]), [])
        self.assertEqual([row["person"] for row in self.rows_of(self.folder / "again.csv")], people)
        self.assertEqual(self.host.as_(STEWARD, "submission", "findings", first["submission"], check=0).stdout, findings)

        # The key lies apart, for its owner alone.
        key = self.host.folder / "data.key"
        self.assertEqual(stat.S_IMODE(key.stat().st_mode), 0o600)
        self.assertEqual(len(base64.b64decode(key.read_text())), 32)
        self.assertEqual(self.found([key.read_text().strip()]), [])
        self.assertEqual(second["decision"], "accept_with_quarantine")

    def refused_start(self):
        with self.assertRaises(AssertionError) as ended:
            self.host.start()
        return str(ended.exception)

    def test_a_wrong_key_stops_the_start_and_says_why(self):
        self.submit(self.planted(), "2026-05")
        self.host.stop()
        key = self.host.folder / "data.key"
        right = key.read_text()
        key.unlink()
        self.assertIn("is missing", self.refused_start())
        key.write_text("nonsense\n")
        key.chmod(0o600)
        self.assertIn("holds no store key", self.refused_start())
        key.write_text(base64.b64encode(os.urandom(32)).decode())
        self.assertIn("does not open this store", self.refused_start())
        key.write_text(right)
        key.chmod(0o644)
        self.assertIn("chmod 600", self.refused_start())
        key.chmod(0o600)
        config = self.host.folder / "concordat.yaml"
        text = config.read_text()
        for inside in ("data/inside.key", "data/x/../inside.key", "./data//inside.key"):
            config.write_text(text + f"store_key: {inside}\n")
            self.assertIn("lies below the data folder", self.refused_start())
        config.write_text(text)
        self.host.start()

    def test_erased_means_gone_with_a_certificate_that_stays_valid(self):
        first = self.submit(self.planted(), "2026-05")["submission"]
        submitted = json.loads(self.host.as_(STEWARD, "submission", "show", first, "--json", "--receipt", self.folder / "before.json").stdout)
        self.assertEqual(submitted["state"], "current")
        value = "Acceptedtoken-one1"
        erase_subject = ["submission", "erase-subject", "case_notes", "--field", "person", "--value", value, "--reason", "request 12"]
        self.host.as_(ANALYST, *erase_subject, check=1)
        stranger = self.host.json_as(OTHER, *erase_subject)
        self.assertEqual(stranger["subject"]["submissions"], [], "a steward reaches the own partner's submissions only")
        certificate = self.host.json_as(STEWARD, *erase_subject)
        self.assertEqual((certificate["kind"], certificate["decision"]), ("submission", "erased"))
        self.assertEqual(certificate["records"]["accepted"], 1)
        self.assertNotIn(value, json.dumps(certificate))
        self.assertTrue(certificate["subject"]["subjectHash"].startswith("hmac-sha256:"))
        self.assertFalse((self.data / "sources" / first).exists())

        for delegate in ("constabulary-delegate-dana", "county-council-delegate-drew"):
            self.host.as_(delegate, "protocol", "sign", "case-sharing", "--name", "A", "--post", "B", "--authority", "C", check=0)
        people = [row["person"] for row in self.rows_of(self.folder / "out.csv")]
        self.assertNotIn(value, people)
        self.assertIn("Acceptedtoken-six6", people)

        self.host.as_(OTHER, "submission", "erase", first, "--reason", "not mine", check=1)
        erased = self.host.json_as(STEWARD, "submission", "erase", first, "--reason", "sent in error")
        self.assertEqual((erased["decision"], erased["subject"]["submission"]), ("erased", first))
        again = self.host.as_(STEWARD, "submission", "erase", first, "--reason", "again")
        self.assertIn("is erased already", again.stderr)
        self.assertNotEqual(again.returncode, 0)
        shown = self.host.json_as(STEWARD, "submission", "show", first)
        self.assertEqual(shown["state"], "erased")
        self.assertEqual(list((self.data / "store" / "datasets").rglob("*.db")), [])
        for receipt, name in ((certificate, "subject.json"), (erased, "erased.json")):
            (self.folder / name).write_text(json.dumps(receipt))
            run("receipt", "verify", self.folder / name, "--host-key", self.host.public_key, check=0)
        run("receipt", "verify", self.folder / "before.json", "--host-key", self.host.public_key, check=0)
        self.host.admin("audit", "verify", check=0)

    def test_what_is_past_its_retention_is_purged(self):
        old = self.submit(self.planted(), "2026-05")["submission"]
        contract = self.host.policies / "contracts" / "case_notes.odcs.yaml"
        self.assertEqual(json.loads(self.host.admin("host", "purge", "--dry-run", "--json", check=0).stdout), [])
        contract.write_text(CONTRACT.replace("slaProperties: [{property: retention, value: 24, unit: m}]",
                                             "customProperties: [{property: retention, value: {store: PT1S}}]"))
        self.host.admin("host", "reload", check=0)
        time.sleep(1.2)
        self.host.as_(STEWARD, "host", "purge", check=1)
        dry = json.loads(self.host.admin("host", "purge", "--dry-run", "--json", check=0).stdout)
        self.assertEqual([row["submission"] for row in dry], [old])
        self.assertEqual(self.host.json_as(STEWARD, "submission", "show", old)["state"], "current")
        gone = json.loads(self.host.admin("host", "purge", "--json", check=0).stdout)
        self.assertEqual([row["submission"] for row in gone], [old])
        self.assertTrue(gone[0]["receipt"])
        self.assertEqual(self.host.json_as(STEWARD, "submission", "show", old)["state"], "erased")
        new = self.submit(self.planted(), "2026-05")["submission"]
        self.host.stop()
        time.sleep(1.2)
        self.host.start()  # the host purges by itself
        self.assertEqual(self.host.json_as(STEWARD, "submission", "show", new)["state"], "erased")

    def test_an_administrator_sees_no_row(self):
        first = self.submit(self.planted(), "2026-05")["submission"]
        for arguments in (["submission", "findings", first], ["submission", "findings", first, "--to-mend", self.folder / "m.csv"],
                          ["submit", self.planted(), "--feed", FEED, "--period", "2026-06"],
                          ["check", self.planted(), "--feed", FEED],
                          ["submission", "mend", first, self.planted()]):
            done = self.host.admin(*arguments)
            self.assertNotEqual(done.returncode, 0, arguments)
            self.assertIn("that needs a certificate of partner", done.stdout + done.stderr, arguments)
        asked = self.host.admin("exchange", "case_notes", "--protocol", "case-sharing", "--purpose", "dpv:PublicSafety",
                                "-o", self.folder / "out.csv")
        self.assertNotEqual(asked.returncode, 0)
        self.assertFalse((self.folder / "out.csv").exists() and (self.folder / "out.csv").read_bytes())
        shown = self.host.admin("submission", "show", first, "--json").stdout
        replayed = self.host.admin("policy", "replay", self.host.policies, "--since", "2020-01-01", "--json")
        for token in self.TOKENS:
            self.assertNotIn(token, shown)
            self.assertNotIn(token, replayed.stdout + replayed.stderr)
        self.assertTrue(all(rule["samples"] == [] for rule in json.loads(shown)["rules"]))


if __name__ == "__main__":
    unittest.main()
