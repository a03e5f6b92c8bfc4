"""concordat adapter verify: every adapter that is shipped conforms, and each of those that break a promise is caught for its reason."""
import concurrent.futures
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import BUILD, SOURCE, run  # noqa: E402

ADAPTERS = BUILD / "adapters"
BROKEN = BUILD / "broken_adapters"
SDK = SOURCE / "plugins" / "sdk"

MANIFEST = "name: lies\nversion: 1.0.0\nabi: {min: 1, max: 1}\nlibrary: lies.so\ndescription: Breaks a promise.\n"
EXPECTED = "samples:\n  - {file: good.txt, records: 3, columns: [cell]}\n  - {file: bad.txt, records: 1, unreadable: 1}\n"


def verify(folder, *more, check=None):
    """The certificate; broken inputs get little time, for what they find is not what most of these tests are about."""
    time = () if "--time" in more else ("--time", "200ms")
    done = run("adapter", "verify", folder, "--json", *time, *more)
    if check is not None and done.returncode != check:
        raise AssertionError(f"exit {done.returncode}, expected {check}\n{done.stdout}\n{done.stderr}")
    return json.loads(done.stdout)


def failed(certificate):
    return {check["id"]: " | ".join([check["detail"], *check.get("more", [])]) for check in certificate["checks"] if check["result"] == "failed"}


class Conformance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.base = pathlib.Path(cls.temporary.name)

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def folder(self, name, manifest=MANIFEST, expected=EXPECTED, good="a\nb\nc\n", bad="a\n?\n"):
        folder = self.base / name
        (folder / "samples").mkdir(parents=True)
        (folder / "adapter.yaml").write_text(manifest)
        (folder / "samples" / "good.txt").write_text(good)
        (folder / "samples" / "bad.txt").write_text(bad)
        (folder / "samples" / "expected.yaml").write_text(expected)
        return folder

    def compile(self, name, *flags, exports=True, **files):
        folder = self.folder(name, **files)
        command = ["c++", "-std=c++17", "-O0", "-fPIC", "-shared", "-fvisibility=hidden", "-fvisibility-inlines-hidden", "-fno-gnu-unique",
                   f"-I{SOURCE}", *flags, pathlib.Path(__file__).parent / "lies.cc", "-o", folder / "lies.so"]
        if exports:
            command.append(f"-Wl,--version-script={SDK / 'exports.map'}")
        subprocess.run(command, check=True)
        return folder

    def assert_caught(self, folder, check, words, *more):
        faults = failed(verify(folder, *more, check=1))
        self.assertIn(check, faults, faults)
        self.assertIn(words, faults[check])
        return faults

    def test_every_shipped_adapter_conforms(self):
        # Folders of another branch's build stand there, too.
        shipped = sorted(path.parent for path in ADAPTERS.glob("*/adapter.yaml") if (SOURCE / "plugins" / path.parent.name).is_dir())
        self.assertTrue(shipped)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            certificates = list(pool.map(verify, shipped))
        for folder, certificate in zip(shipped, certificates):
            with self.subTest(folder.name):
                self.assertEqual(failed(certificate), {})
                self.assertTrue(certificate["passed"])

    def test_an_honest_adapter_conforms_and_its_certificate_says_what_was_tried(self):
        folder = self.compile("honest")
        certificate = verify(folder, "--seed", "7", check=0)
        self.assertEqual([check["id"] for check in certificate["checks"]],
                         ["library", "boundary", "samples", "rules", "dimensions", "determinism", "batches", "options", "short", "broken", "measures"])
        self.assertEqual((certificate["adapter"]["name"], certificate["seed"], certificate["kit"]), ("lies", 7, "1.0"))
        self.assertRegex(certificate["adapter"]["digest"], "^sha256:[0-9a-f]{64}$")
        self.assertGreater(certificate["measures"]["recordsPerSecond"], 0)
        text = run("adapter", "verify", folder, "--time", "PT1S", check=0).stdout
        self.assertIn("It conforms", text)
        self.assertIn("certificate sha256:", text)

    def test_lies(self):
        option = MANIFEST + "options:\n  - {name: mode, type: words, words: [fast, slow], default: fast, description: How.}\n"
        rules = MANIFEST + "rules:\n  - {id: never_seen, description: Nobody reports it}\n"
        dimensions = MANIFEST + "dimensions:\n  - {name: unmeasured, description: Nobody measures it}\n"
        for name, check, words, manifest, more in (
                ("random", "determinism", "read twice gives two outcomes", MANIFEST, ()),
                ("batches", "batches", "another outcome in batches of 1 records", MANIFEST, ()),
                ("option", "options", 'option mode: "slow", good.txt', option, ()),
                ("undeclared", "boundary", "which adapter.yaml does not declare", MANIFEST, ()),
                ("wordless", "short", "without a word to the steward", MANIFEST, ()),
                ("no_reason", "samples", "have no reason", MANIFEST, ()),
                ("any_bytes", "broken", "UTF-8", MANIFEST, ("--time", "PT5S")),
                ("hungry", "measures", "grown to", MANIFEST, ()),
                ("more_symbols", "library", "symbols besides concordat_adapter_init: ", MANIFEST, ()),
                ("rule", "rules", "no sample breaks rule never_seen", rules, ()),
                ("dimension", "dimensions", "no sample is measured by dimension unmeasured", dimensions, ())):
            with self.subTest(name):
                self.assert_caught(self.compile(name, f"-DLIE_{name}", exports=name != "more_symbols", manifest=manifest), check, words, *more)

    def test_libraries_that_may_not_be_loaded(self):
        for name, flags, words in (("stack", ["-Wl,-z,execstack"], "executable stack"),
                                   ("rpath", ["-Wl,-rpath,/tmp/libraries"], "carries a path to search for libraries (/tmp/libraries)")):
            with self.subTest(name):
                self.assert_caught(self.compile(name, *flags), "library", words)
        unique = self.compile("unique")
        bytes_ = bytearray((unique / "lies.so").read_bytes())
        for name, change, words in (("text", lambda b: b"this is no library\n", "is no shared library"),
                                    ("short", lambda b: b[:30], "another machine"),
                                    ("machine", lambda b: b[:18] + (183).to_bytes(2, "little") + b[20:], "built for another machine: ARM 64"),
                                    ("object", lambda b: b[:16] + (1).to_bytes(2, "little") + b[18:], "another kind of object"),
                                    ("cut", lambda b: b[:4096], "that can be read")):
            with self.subTest(name):
                (unique / "lies.so").write_bytes(change(bytes(bytes_)))
                self.assert_caught(unique, "library", words)

    def test_what_samples_expect_is_held_against_the_adapter(self):
        folder = self.compile("samples")
        for name, expected, words in (
                ("records", EXPECTED.replace("records: 3", "records: 4"), "3 records, expected 4"),
                ("columns", EXPECTED.replace("[cell]", "[call]"), "the columns [cell], expected [call]"),
                ("refused", EXPECTED.replace("records: 1, unreadable: 1", "refused: true"), "expected it to refuse the file"),
                ("cell", EXPECTED.replace("columns: [cell]", 'cells: [{record: 2, column: cell, value: "z"}]'), '"b" in column "cell" of record 2, expected "z"'),
                ("rule", EXPECTED.replace("columns: [cell]", "findings: {absent: 1}"), 'adapter.yaml has no rule "absent"'),
                ("unknown", EXPECTED + "more: 1\n", "more"),
                ("unnamed", "samples: []\n", "does not say what it must come to"),
                ("absent", EXPECTED.replace("good.txt", "good_absent.txt"), "good_absent.txt"),
                ("names", EXPECTED.replace("bad.txt, records: 1, unreadable: 1", "bad.txt, records: 2, unreadable: 0"), "1 unreadable records, expected 0")):
            with self.subTest(name):
                (folder / "samples" / "expected.yaml").write_text(expected)
                self.assert_caught(folder, "samples", words)
        (folder / "samples" / "expected.yaml").write_text(EXPECTED)
        (folder / "samples" / "good.txt").write_text("a\n?\n")
        self.assert_caught(folder, "samples", "a sample named good* has nothing wrong with it")
        (folder / "samples" / "good.txt").unlink()
        self.assert_caught(folder, "samples", "there is no sample named good*")

    def test_adapters_that_are_broken_from_the_start(self):
        for name, check, words in (("no_symbol", "library", "does not export concordat_adapter_init"),
                                   ("not_a_library", "library", "is no shared library"),
                                   ("no_submit", "boundary", "submit"),
                                   ("newer_abi", "boundary", "does not speak version 1"),
                                   ("lying_abi", "boundary", "version 7"),
                                   ("refusing", "boundary", "the licence has run out"),
                                   ("crash_in_constructor", "boundary", "")):
            with self.subTest(name):
                self.assert_caught(BROKEN / name, check, words)

    def broken(self, adapter, defaults):
        """That adapter with other defaults, and samples that it would read well."""
        text = (BROKEN / adapter / "adapter.yaml").read_text()
        for old, new in defaults:
            self.assertIn(old, text)
            text = text.replace(old, new)
        folder = self.folder(f"{adapter}_{len(list(self.base.iterdir()))}", manifest=text,
                             expected="samples:\n  - {file: good.txt}\n  - {file: bad.txt}\n")
        shutil.copy(BROKEN / adapter / f"{adapter}.so", folder)
        return folder

    def test_faulty_adapters(self):
        for verb, fault, words in (("open", "segfault", "crash"), ("read", "abort", "crash"), ("read", "exit", "exit"), ("read", "throw", "a plain exception"),
                                   ("validate", "unknown_rule", "does not declare"), ("validate", "unknown_record", "not in its batch"),
                                   ("score", "unknown_dimension", "does not declare"), ("score", "score_above", "within 0 and 100"), ("destroy", "segfault", "")):
            with self.subTest(f"{verb} {fault}"):
                folder = self.broken("faulty", [("default: read", f"default: {verb}"), ("default: none", f"default: {fault}")])
                faults = failed(verify(folder, check=1))
                self.assertIn(words, faults.get("boundary", "") + faults.get("samples", ""))

    def test_a_text_that_says_how_to_mend_it(self):
        text = run("adapter", "verify", BROKEN / "no_symbol", check=1).stdout
        self.assertIn("failed  library", text)
        self.assertIn("mend: ", text)
        self.assertIn("It does not conform", text)

    def test_manifests_with_mistakes_are_an_answer_too(self):
        folder = self.compile("manifest", manifest=MANIFEST.replace("library: lies.so", "library: lies.so\nlibary: x"))
        certificate = verify(folder, check=1)
        self.assertIn("libary", failed(certificate)["manifest"])
        (folder / "adapter.yaml").write_text(MANIFEST + 'digest: "sha256:' + "0" * 64 + '"\n')
        self.assertIn("digest", failed(verify(folder, check=1))["manifest"])
        self.assertEqual(run("adapter", "verify", self.base / "nowhere").returncode, 3)

    def test_an_input_that_broke_it_is_kept_and_made_again_by_the_seed(self):
        folder = self.compile("kept", "-DLIE_any_bytes")
        keep = self.base / "kept_inputs"
        verify(folder, "--time", "PT5S", "--keep", keep, check=1)
        kept = sorted(keep.iterdir())
        self.assertTrue(kept)
        self.assertTrue(any(not is_utf8(path.read_bytes()) for path in kept))


def is_utf8(data):
    try:
        data.decode()
        return True
    except UnicodeDecodeError:
        return False


if __name__ == "__main__":
    unittest.main()
