"""The partnership of six_partners_story.py: a real host, two months of street crime, a protocol that five of the six have signed."""
import csv
import hashlib
import json
import pathlib
import subprocess
import tempfile

from arrow_table import read_arrow
from concordat_host import SOURCE, STAFF, Host, run
from street_crime_extracts import Extracts

PROTOCOL = "six-partners"
DOCUMENT = SOURCE / "tests" / "scenarios" / "six_partners.yaml"
PURPOSE = "dpv:PublicSafety"
ASK = ["street_crime", "--protocol", PROTOCOL, "--purpose", PURPOSE]

# A delegate and an analyst of each that has none yet.
MORE_STAFF = (
    "fire-and-rescue delegate finn", "fire-and-rescue analyst flo", "bus-operator delegate bea", "bus-operator analyst bo",
    "voluntary-action delegate val", "voluntary-action analyst vera", "health-body delegate hope", "health-body analyst hugh",
)
POLICE, POLICE_DELEGATE = "constabulary-steward-pat", "constabulary-delegate-dana"
COUNCIL, COUNCIL_STEWARD, COUNCIL_DELEGATE = "county-council-analyst-alex", "county-council-steward-sam", "county-council-delegate-drew"
VOLUNTARY, VOLUNTARY_DELEGATE = "voluntary-action-analyst-vera", "voluntary-action-delegate-val"
FIRE, FIRE_DELEGATE = "fire-and-rescue-analyst-flo", "fire-and-rescue-delegate-finn"
HEALTH, HEALTH_DELEGATE = "health-body-analyst-hugh", "health-body-delegate-hope"
BUSES, BUSES_DELEGATE = "bus-operator-analyst-bo", "bus-operator-delegate-bea"
SIGNERS = (POLICE_DELEGATE, COUNCIL_DELEGATE, VOLUNTARY_DELEGATE, FIRE_DELEGATE, HEALTH_DELEGATE)


class Received:
    """One answer to one request: the ruling, the receipt, and the rows if any came."""

    def __init__(self, code, answer, output, sidecar):
        self.code, self.ruling, self.receipt = code, answer["ruling"], answer["receipt"]
        self.output, self.sidecar = output, sidecar

    def csv(self):
        """(header, rows) as texts."""
        with open(self.output, encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
        return header, rows

    def records(self):
        header, rows = self.csv()
        return [dict(zip(header, row)) for row in rows]

    def jsonl(self):
        lines = [json.loads(line) for line in self.output.read_text(encoding="utf-8").splitlines()]
        return list(lines[0]), [list(line.values()) for line in lines]

    def arrow(self):
        return read_arrow(self.output)

    def digest(self):
        return "sha256:" + hashlib.sha256(self.output.read_bytes()).hexdigest()

    def duty(self, name):
        """What the receipt says of the duty on the whole output."""
        [duty] = [duty for duty in self.receipt["subject"]["duties"] if duty["duty"] == name and "field" not in duty]
        return duty


class SixPartners:
    """Use as a context manager. `more`: further protocols by file name, put beside the agreed one before the host starts."""

    def __init__(self, more=None):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        self.extracts = Extracts(self.folder)
        self.host = Host(staff=tuple(dict.fromkeys(STAFF + MORE_STAFF)))
        self.document = self.host.policies / "protocols" / "six_partners.yaml"
        self.document.write_text(DOCUMENT.read_text())
        for name, text in (more or {}).items():
            (self.host.policies / "protocols" / name).write_text(text)
        self.asked = 0

    def __enter__(self):
        self.host.__enter__()
        lookup = self.extracts.lookup
        self.host.json_as(COUNCIL_STEWARD, "submit", lookup, "--feed", "county-council-area-lookup", "--period", self.extracts.lookup_period, check=0)
        self.submitted = {month: self.submit(path, month) for month, path in self.extracts.months.items()}
        for month, result in self.submitted.items():
            good = len(self.extracts.records[month])
            if result["records"]["accepted"] != good:
                raise AssertionError(f"{month}: {result['records']} of which {good} are good")
        for delegate in SIGNERS:
            self.sign(delegate)
        return self

    def __exit__(self, *_):
        self.host.__exit__()
        self.temporary.cleanup()

    def submit(self, path, month, *more):
        return self.host.json_as(POLICE, "submit", path, "--feed", "constabulary-street-crime", "--period", month, *more, check=0)

    def sign(self, delegate, protocol=PROTOCOL):
        signer = ["--name", "A. Person", "--post", "Director", "--authority", "Scheme of delegation 4.2"]
        self.host.as_(delegate, "protocol", "sign", protocol, *signer, check=0)

    def edit(self, old, new):
        """Changes the protocol's file on the host and has it read anew."""
        text = self.document.read_text()
        if old not in text:
            raise AssertionError(f"{self.document} has no {old!r}")
        self.document.write_text(text.replace(old, new))
        self.host.admin("host", "reload", check=0)

    def ask(self, who, *more, ask=ASK):
        self.asked += 1
        output = self.folder / f"received-{self.asked}"
        done = self.host.as_(who, "exchange", *ask, "-o", output, "--json", *more)
        if not done.stdout:
            raise AssertionError(done.stderr)
        return Received(done.returncode, json.loads(done.stdout), output, pathlib.Path(f"{output}.receipt.json"))

    def explain(self, who, *more, ask=ASK):
        done = self.host.as_(who, "explain", *ask, "--json", *more)
        return done.returncode, json.loads(done.stdout)

    def verifies(self, receipt):
        """Offline, with the host's public key alone."""
        path = self.folder / "to-verify.json"
        path.write_text(json.dumps(receipt))
        return run("receipt", "verify", path, "--host-key", self.host.public_key).returncode == 0

    def owed(self, who, kind):
        return [item for item in self.host.json_as(who, "feed", "due", check=0)["owed"] if item["kind"] == kind]

    def rule_together(self, modules, who, requests):
        """Many rulings in one call, by a client that is not ours: [{permit, clause, cause}] and their one receipt."""
        pair = [self.host.pki / f"{who}.crt", self.host.pki / f"{who}.key"]
        done = subprocess.run(["node", SOURCE / "tests" / "support" / "rule_batch.mjs", modules, SOURCE / "proto", self.host.address,
                               self.host.pki / "ca.crt", *pair], input=json.dumps(requests), capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise AssertionError(done.stderr)
        return json.loads(done.stdout)
