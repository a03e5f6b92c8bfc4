"""Past the limit of submissions the next one is turned away at once with a time to try again, and the others go on unharmed."""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import SOURCE, Host  # noqa: E402
from grpc_js_client import MODULES, install  # noqa: E402
from submission_story import FEED, STEWARD, crime, write  # noqa: E402

LIMIT = 3
# Opens LIMIT uploads and leaves them half sent, tries one more, then lets the others end. Prints {code, milliseconds, retry, decisions}.
CROWD = r"""
import { createRequire } from "node:module"; import { readFileSync } from "node:fs";
const [modules, protos, address, ca, cert, key, feed, limit, ...files] = process.argv.slice(2);
const require = createRequire(modules + "/"); const grpc = require("@grpc/grpc-js"); const loader = require("@grpc/proto-loader");
const api = grpc.loadPackageDefinition(loader.loadSync("concordat/v1/submission.proto", { keepCase: true, longs: Number, oneofs: true, includeDirs: [protos] })).concordat.v1;
const client = new api.SubmissionService(address, grpc.credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(cert)));
const open = (file, period) => { const call = client.Submit(); const bytes = readFileSync(file); let result = null;
  const ended = new Promise((resolve, reject) => { call.on("data", (r) => { if (r.result) result = r.result; }); call.on("error", reject); call.on("end", () => resolve(result)); });
  const begun = new Promise((resolve) => call.once("data", resolve));
  call.write({ begin: { feed, period } }); call.write({ chunk: bytes.subarray(0, bytes.length / 2) });
  return { ended, begun, finish: () => { call.write({ chunk: bytes.subarray(bytes.length / 2) }); call.end(); return ended; } }; };
const crowd = files.slice(0, limit).map((file, i) => open(file, `2020-0${i + 1}`));
await Promise.all(crowd.map((one) => one.begun));
const start = process.hrtime.bigint();
const refused = await open(files[limit], "2020-09").ended.then(() => null, (error) => error);
const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
const details = refused?.metadata.get("grpc-status-details-bin")[0]?.toString("latin1") ?? "";
const results = await Promise.all(crowd.map((one) => one.finish()));
console.log(JSON.stringify({ code: refused?.code, milliseconds, retry: details.includes("google.rpc.RetryInfo"), decisions: results.map((r) => r.decision) }));
process.exit(0);
"""


# Opens LIMIT uploads with nothing in them, says so, and keeps them until its standard input ends.
SILENT = r"""
import { createRequire } from "node:module"; import { readFileSync } from "node:fs";
const [modules, protos, address, ca, cert, key, limit] = process.argv.slice(2);
const require = createRequire(modules + "/"); const grpc = require("@grpc/grpc-js"); const loader = require("@grpc/proto-loader");
const api = grpc.loadPackageDefinition(loader.loadSync("concordat/v1/submission.proto", { keepCase: true, oneofs: true, includeDirs: [protos] })).concordat.v1;
const client = new api.SubmissionService(address, grpc.credentials.createSsl(readFileSync(ca), readFileSync(key), readFileSync(cert)));
// Each answers once the host has it: a chunk before the begin is refused, by a stream that was there.
const calls = Array.from({ length: Number(limit) }, () => { const call = client.Submit(); call.on("error", () => {}); call.on("data", () => {}); return call; });
const probe = client.Submit(); probe.on("data", () => {}); probe.write({ chunk: Buffer.from("x") });
probe.on("error", (error) => { console.log(error.code); });
process.stdin.on("end", () => process.exit(0)); process.stdin.resume();
"""


class Admission(unittest.TestCase):
    def test_who_is_not_let_in_keeps_nobody_out(self):
        if not install():
            print("skipped: npm or the npm registry is not there")
            return
        with tempfile.TemporaryDirectory() as folder, Host(settings=f"limits: {{submissions: {LIMIT}}}\n") as host:
            host.run("pki", "enrol", "constabulary", "steward", "mallory", "--dir", host.pki, check=0)  # and not added to the host
            script = pathlib.Path(folder) / "silent.mjs"
            script.write_text(SILENT)
            stranger = [host.pki / "ca.crt", host.pki / "constabulary-steward-mallory.crt", host.pki / "constabulary-steward-mallory.key"]
            silent = subprocess.Popen(["node", script, MODULES, SOURCE / "proto", host.address, *stranger, str(LIMIT)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            try:
                self.assertEqual(silent.stdout.readline().strip(), "3", "a chunk before the begin is an invalid argument, not too much")
                file = write(folder, "one.csv", [crime(1, month="2020-01")])
                done = host.json_as(STEWARD, "submit", file, "--feed", FEED, "--period", "2020-01")
                self.assertEqual(done["decision"], "accept")
            finally:
                silent.communicate(timeout=60)

    def test_one_too_many_is_told_when_to_try_again(self):
        if not install():
            print("skipped: npm or the npm registry is not there")
            return
        with tempfile.TemporaryDirectory() as folder, Host(settings=f"limits: {{submissions: {LIMIT}}}\n") as host:
            files = [write(folder, f"{i}.csv", [crime(n, month=f"2020-0{i + 1}") for n in range(1, 3000)]) for i in range(LIMIT + 1)]
            script = pathlib.Path(folder) / "crowd.mjs"
            script.write_text(CROWD)
            pair = [host.pki / "ca.crt", host.pki / f"{STEWARD}.crt", host.pki / f"{STEWARD}.key"]
            done = subprocess.run(["node", script, MODULES, SOURCE / "proto", host.address, *pair, FEED, str(LIMIT), *files], capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            answer = json.loads(done.stdout)
            self.assertEqual((answer["code"], answer["retry"]), (8, True))
            self.assertLess(answer["milliseconds"], 100)
            self.assertEqual(answer["decisions"], ["accept"] * LIMIT)


if __name__ == "__main__":
    unittest.main()
