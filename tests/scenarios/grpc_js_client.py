"""A client that is not ours (grpc-js) submits and reads a scorecard; TLS 1.2 and callers without a certificate fail in the handshake."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import BUILD, SOURCE, Host  # noqa: E402
from submission_story import FEED, STEWARD, crime, write  # noqa: E402

MODULES = BUILD / "npm"


def install():
    """grpc-js below the build folder; False when there is no npm or it is not reached."""
    if (MODULES / "node_modules" / "@grpc" / "grpc-js").exists():
        return True
    if not shutil.which("npm"):
        return False
    MODULES.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(["npm", "install", "--prefix", MODULES, "--no-audit", "--no-fund", "@grpc/grpc-js@1", "@grpc/proto-loader@0.7"],
                          capture_output=True, text=True)
    return done.returncode == 0


class OtherClients(unittest.TestCase):
    def test_grpc_js_submits_and_reads_a_scorecard(self):
        if not install():
            print("skipped: npm or the npm registry is not there")
            return
        with tempfile.TemporaryDirectory() as folder, Host() as host:
            rows = [crime(number) for number in range(1, 3001)] + [crime(9999, lsoa="bad")]
            path = write(folder, "extract.csv", rows)
            done = subprocess.run(["node", SOURCE / "tests" / "support" / "grpc_client.mjs", MODULES, SOURCE / "proto", host.address,
                                   host.pki / "ca.crt", host.pki / f"{STEWARD}.crt", host.pki / f"{STEWARD}.key", FEED, "2026-05", path],
                                  capture_output=True, text=True, timeout=120)
            self.assertEqual(done.returncode, 0, done.stderr)
            answer = json.loads(done.stdout)
            result = answer["result"]
            self.assertEqual((result["decision"], result["total"], result["accepted"], result["quarantined"]), ("accept_with_quarantine", 3001, 3000, 1))
            failed = {rule["id"]: rule["fail"] for rule in result["rules"] if rule.get("fail")}
            self.assertEqual(failed["lsoa_code_format"], 1)
            self.assertEqual(json.loads(result["receipt_json"])["kind"], "submission")
            self.assertEqual(answer["listed"][0]["submission"], result["submission"])
            self.assertEqual(answer["stranger"], 14, "without a certificate there is no call: UNAVAILABLE")
            self.assertEqual((answer["unknown"], answer["details"]), (5, 1), "NOT_FOUND with google.rpc details")
            self.assertEqual(answer["health"], [8, 1], "SERVING")

    def handshake(self, host, *options):
        name, port = host.address.rsplit(":", 1)
        done = subprocess.run(["openssl", "s_client", "-connect", f"{name}:{port}", "-CAfile", host.pki / "ca.crt", "-alpn", "h2", *options],
                              input="", capture_output=True, text=True, errors="replace", timeout=60)
        return done.stdout + done.stderr

    def test_only_tls_1_3_is_spoken(self):
        with Host() as host:
            pair = ["-cert", host.pki / f"{STEWARD}.crt", "-key", host.pki / f"{STEWARD}.key"]
            self.assertIn("TLSv1.3", self.handshake(host, "-tls1_3", *pair))
            self.assertIn("Cipher is (NONE)", self.handshake(host, "-tls1_2", *pair))


if __name__ == "__main__":
    unittest.main()
