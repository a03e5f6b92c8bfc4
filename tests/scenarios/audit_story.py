"""Who saw what, what each gave and got, and proof of it; and whatever is done to the log's files, the host and an offline copy name the
first bad leaf."""
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import Host, run  # noqa: E402
from exchange_story import ANALYST, ASK, AUTHORITY  # noqa: E402
from submission_story import FEED, STEWARD, crime, write  # noqa: E402

LINE = 45
DELEGATES = ("constabulary-delegate-dana", "county-council-delegate-drew")


class AuditStory(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.temporary.name)
        cls.host = Host()
        cls.host.__enter__()
        rows = [crime(i) for i in range(1, 41)]
        cls.host.json_as(STEWARD, "submit", write(cls.folder, "crime.csv", rows), "--feed", FEED, "--period", "2026-05", check=0)
        cls.refusal = cls.exchange(1)
        cls.kept = cls.folder / "kept.json"
        cls.kept.write_text(cls.host.admin("audit", "checkpoint", "--json", check=0).stdout)
        for delegate in DELEGATES:
            cls.host.as_(delegate, "protocol", "sign", "asb-hotspots", *AUTHORITY, check=0)
        cls.disclosure = cls.exchange(0)
        cls.marketing = cls.exchange(1, "dpv:Marketing")

    @classmethod
    def tearDownClass(cls):
        cls.host.__exit__()
        cls.temporary.cleanup()

    @classmethod
    def exchange(cls, code, purpose=ASK[-1]):
        done = cls.host.as_(ANALYST, "exchange", *ASK[:-1], purpose, "-o", cls.folder / "rows.csv", "--receipt", cls.folder / "receipt.json", "--json", check=code)
        return json.loads(done.stdout)["receipt"]["id"]

    def listed(self, who, *more):
        return [row["receipt"] for row in self.host.json_as(who, "audit", "list", *more, check=0)]

    def test_who_saw_what_for_what_purpose_under_which_basis(self):
        row, = json.loads(self.host.admin("audit", "list", "--dataset", "street_crime", "--kind", "disclosure", "--json", check=0).stdout)
        self.assertEqual((row["agency"], row["dataset"], row["protocol"], row["purpose"], row["rows"], row["decision"], row["receipt"]),
                         ("county-council", "street_crime", "asb-hotspots", "dpv:PublicSafety", 40, "permit", self.disclosure))
        self.assertEqual(row["clause"], "asb-hotspots/records-to-council")
        self.assertIn("/county-council/analyst/alex", row["person"])
        self.assertEqual(sorted(row["fields"]), ["crime_id", "crime_type", "lsoa_code", "month"])
        for key in ("time", "bases", "onBehalfOf"):
            self.assertIn(key, row)
        text = self.host.admin("audit", "list", "--dataset", "street_crime", "--item", "lsoa_code", check=0).stdout
        for word in ("county-council, alex", "crime_id", "40", "asb-hotspots/records-to-council", self.disclosure):
            self.assertIn(word, text)
        self.assertIn("no such receipts", self.host.admin("audit", "list", "--item", "lsoa_name", check=0).stdout)

    def test_filters_and_who_may_see_what(self):
        self.assertEqual(self.listed(ANALYST, "--dataset", "street_crime"), [self.marketing, self.disclosure, self.refusal])
        self.assertEqual(self.listed(ANALYST, "--kind", "refusal", "--purpose", "dpv:Marketing"), [self.marketing])
        year = json.loads(self.host.admin("audit", "list", "--limit", "1", "--json", check=0).stdout)[0]["time"][:4]
        self.assertEqual(self.listed(ANALYST, "--period", year, "--limit", "1"), [self.marketing])
        self.assertEqual(self.listed(ANALYST, "--to", "2020-01-01"), [])
        self.assertIn(self.disclosure, self.listed(STEWARD), "the giver sees what became of its data")
        self.assertEqual(self.listed("bus-operator-steward-ben"), [])
        self.host.as_("bus-operator-steward-ben", "audit", "prove", self.disclosure, check=1)
        self.host.as_(ANALYST, "audit", "list", "--kind", "leak", check=3)
        self.host.as_(ANALYST, "audit", "list", "--subject", "1", check=3)

    def test_a_statement_of_what_a_partner_gave_and_got(self):
        gave = self.host.json_as(STEWARD, "audit", "statement", "--partner", "constabulary", check=0)
        self.assertEqual((gave["totals"]["gave"], gave["totals"]["supplied"], gave["totals"]["refused"]),
                         ({"disclosures": 1, "rows": 40}, 40, 2))
        self.assertEqual((gave["gave"][0]["to"], gave["gave"][0]["from"]), ("county-council", ["constabulary"]))
        got = self.host.json_as(ANALYST, "audit", "statement", "--partner", "county-council", check=0)
        self.assertEqual((got["totals"]["got"], got["totals"]["wasRefused"]), ({"disclosures": 1, "rows": 40}, 2))
        self.host.as_(ANALYST, "audit", "statement", "--partner", "constabulary", check=1)
        text = self.host.admin("audit", "statement", "--partner", "constabulary", check=0).stdout
        self.assertIn("Gave: 40 rows in 1 disclosure\n", text)

    def test_proofs_are_checked_without_the_host(self):
        proof = self.folder / "proof.json"
        self.host.as_(ANALYST, "audit", "prove", self.disclosure, "-o", proof, check=0)
        run("audit", "verify-proof", proof, check=0)
        document = json.loads(proof.read_text())
        self.assertEqual(document["receipt"], self.disclosure)
        document["leafIdx"] ^= 1
        proof.write_text(json.dumps(document))
        run("audit", "verify-proof", proof, check=1)
        self.host.as_(ANALYST, "audit", "prove", "--from-checkpoint", self.kept, "-o", proof, check=0)
        run("audit", "verify-proof", proof, check=0)
        self.assertLess(json.loads(proof.read_text())["size1"], json.loads(proof.read_text())["size2"])
        self.host.as_(ANALYST, "audit", "prove", check=3)

    def test_a_kept_checkpoint_shows_that_nothing_was_rewritten(self):
        said = self.host.as_(ANALYST, "audit", "verify", "--since", self.kept, "--host-key", self.host.public_key, check=0).stdout
        self.assertIn("VERIFIED", said)
        receipt = self.folder / "receipt.json"  # a receipt holds a checkpoint too
        self.host.as_(ANALYST, "audit", "verify", "--since", receipt, "--host-key", self.host.public_key, check=0)
        with Host() as other:  # another log under another key, as a host that started afresh would have
            other.admin("audit", "verify", "--since", self.kept, "--host-key", self.host.public_key, check=1)

    def offline(self, folder, check):
        done = run("audit", "verify", "--log", folder / "leaves.log", "--host-key", self.host.public_key, "--json", check=check)
        return json.loads(done.stdout)

    def test_tampering_is_found_with_the_first_bad_leaf(self):
        self.host.admin("audit", "verify", check=0)
        audit = self.host.folder / "data" / "audit"
        sound = (audit / "leaves.log").read_bytes()
        lines = [sound[i:i + LINE] for i in range(0, len(sound), LINE)]
        self.assertGreaterEqual(len(lines), 4)
        swapped = lines[:1] + [lines[2], lines[1]] + lines[3:]
        forged = [b"A" * 43 + b"=\n" for _ in lines[2:]]
        changed = bytearray(lines[1])
        changed[5] ^= 1
        cases = {
            "deleted": (lines[:1] + lines[2:], 1), "swapped": (swapped, 1), "cut": (lines[:3], 3),
            "changed": (lines[:1] + [bytes(changed)] + lines[2:], 1), "forked": (lines[:2] + forged, 2),
        }
        copy = self.folder / "copy"
        for name, (altered, first) in cases.items():
            with self.subTest(name):
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(audit, copy)
                self.offline(copy, 0)
                (copy / "leaves.log").write_bytes(b"".join(altered))
                offline = self.offline(copy, 1)
                self.assertEqual((offline["firstBad"]["first"], offline["firstBad"]["last"]), (first, first), offline)
                self.assertIn(f"first bad leaf: {first} ", offline["message"])
                # The running host's own folder, turned back afterwards.
                (audit / "leaves.log").write_bytes(b"".join(altered))
                online = json.loads(self.host.admin("audit", "verify", "--json", check=1).stdout)
                (audit / "leaves.log").write_bytes(sound)
                self.assertEqual(online["firstBad"]["first"], first, online)
                self.assertFalse(online["verified"])
        self.host.admin("audit", "verify", check=0)

    def test_a_host_does_not_start_on_a_tampered_log(self):
        with Host() as host:
            host.json_as(STEWARD, "submit", write(self.folder, "c.csv", [crime(i) for i in range(1, 9)]), "--feed", FEED, "--period", "2026-05", check=0)
            host.as_(ANALYST, "exchange", *ASK, check=1)
            host.stop()
            leaves = host.folder / "data" / "audit" / "leaves.log"
            sound = leaves.read_bytes()
            leaves.write_bytes(sound[LINE:2 * LINE] + sound[:LINE] + sound[2 * LINE:])
            with self.assertRaisesRegex(AssertionError, "first bad leaf: 0 .*leaves 0 and 1 have changed places"):
                host.start()
            leaves.write_bytes(sound)
            host.start()
            host.admin("audit", "verify", check=0)


if __name__ == "__main__":
    unittest.main()
