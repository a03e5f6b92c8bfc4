"""A partner with a new CSV layout is added while the host runs: the five commands of plugins/README.md, run as they stand there."""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import BUILD, SOURCE, Host, run  # noqa: E402

README = SOURCE / "plugins" / "README.md"
PARTNER = "housing-association"

# A layout that no feed knows: semicolons, other headings in another order, dates as people write them, as Excel saves it.
EXTRACT = "\r\n".join([
    "Opening times;Food bank name;Postcode;Address;Referral method;Area name;Area code;Contact;Last checked;Ward office",
    "Mon 10-12;Café Larder;DE1 1AA;1 High Street, Marlham;Voucher;Marlham;E07000991;01632 960001;04/05/2026;north",
    "Tue 14-16;Stonebeck Pantry;DE4 3BB;The Old School, Stonebeck;Drop in;Stonebeck;E07000992;01632 960002;11/05/2026;north",
    "Sat 9-11;Quarry Cupboard;DE5 8GH;St Anne's Hall, Quarrydale;Voucher;Quarrydale;E07000993;01632 960003;18/05/2026;south",
    ""])


def block(name):
    """The lines of the fenced block behind <!-- NAME --> in the README."""
    found = re.search(rf"<!-- {name} -->\n```sh\n(.*?)```", README.read_text(), re.S)
    if not found:
        raise AssertionError(f"plugins/README.md has no block {name}")
    return [line for line in found.group(1).splitlines() if line.strip() and not line.startswith("#")]


class AddPartner(unittest.TestCase):
    def run_line(self, host, line, **more):
        environment = {**os.environ, **more, "PATH": f"{BUILD / 'bin'}:{os.environ['PATH']}"}
        done = subprocess.run(shlex.split(line), cwd=host.folder, env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, f"{line}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def test_five_commands_from_a_new_layout_to_the_first_accepted_submission(self):
        commands = block("five-commands")
        self.assertEqual(len(commands), 5)
        self.assertTrue(all(line.startswith("concordat ") for line in commands))
        with Host(staff=("constabulary steward pat",)) as host:
            process = host.process.pid
            (host.folder / "food-banks.csv").write_bytes(EXTRACT.encode("windows-1252"))
            self.assertNotIn(PARTNER, json.dumps(host.json_as("constabulary-steward-pat", "catalog", "list")))
            begin = time.monotonic()
            for line in commands:
                self.run_line(host, line)
            steward = {"CONCORDAT_HOST": host.address, "CONCORDAT_CA": "pki/ca.crt",
                       "CONCORDAT_CERT": f"pki/{PARTNER}-steward-hetty.crt", "CONCORDAT_KEY": f"pki/{PARTNER}-steward-hetty.key"}
            for line in block("first-submission"):
                answer = self.run_line(host, line, **steward)
            print(f"\nfive commands and the first submission: {time.monotonic() - begin:.1f} s of machine time")
            self.assertIn("accept", answer.lower())
            result = json.loads(self.run_line(host, f"concordat submission list --feed {PARTNER}-food-banks --json", **steward))
            self.assertIn("accept", json.dumps(result))
            self.assertEqual(host.process.pid, process)
            self.assertIsNone(host.process.poll(), "the host went on running")

    def test_the_file_becomes_the_contracts_fields(self):
        with Host(staff=()) as host:
            (host.folder / "food-banks.csv").write_bytes(EXTRACT.encode("windows-1252"))
            for line in block("five-commands")[:3]:
                self.run_line(host, line)
            check = json.loads(self.run_line(
                host, f"concordat check food-banks.csv --feed {PARTNER}-food-banks --period 2026-05 --as-of 2026-06-02 --json"))
            self.assertEqual(check["records"]["accepted"], 3, check)
            self.assertEqual(check["source"]["encoding"], "windows-1252")

    def test_a_partner_with_mistakes_is_not_written(self):
        with Host(staff=()) as host:
            before = sorted(host.policies.rglob("*.yaml"))
            for arguments, words in ((["Derwent Homes", "--name", "Derwent Homes"], "cannot be an id"),
                                     (["derwent-homes", "--name", "Derwent Homes", "--sector", "privat"], "did you mean \"private\"?")):
                refused = run("partner", "add", *arguments, cwd=host.folder)
                self.assertEqual(refused.returncode, 3, refused.stderr)
                self.assertIn(words, refused.stderr)
            self.assertEqual(sorted(host.policies.rglob("*.yaml")), before)
            run("policy", "lint", "policies", cwd=host.folder, check=0)


if __name__ == "__main__":
    unittest.main()
