"""Adapters of partners: built outside the tree against the installed SDK, in C++, C and Rust; and the folders that `adapter new` writes."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from concordat_host import BUILD, SOURCE, program, run  # noqa: E402

EXAMPLES = SOURCE / "plugins" / "examples"
POLICIES = SOURCE / "policies"


class OutOfTree(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.base = pathlib.Path(cls.temporary.name)
        cls.prefix = cls.base / "prefix"
        subprocess.run(["cmake", "--install", BUILD, "--prefix", cls.prefix, "--component", "sdk"], check=True, capture_output=True)
        cls.sdk = cls.prefix / "lib" / "cmake" / "Concordat"

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def copy(self, name):
        return pathlib.Path(shutil.copytree(EXAMPLES / name, self.base / name))

    def build_and_verify(self, folder, *more):
        built = json.loads(run("adapter", "build", folder, "--json", *more, check=0).stdout)
        self.assertIn(f'digest: "{built["digest"]}"', (pathlib.Path(built["folder"]) / "adapter.yaml").read_text())
        certificate = json.loads(run("adapter", "verify", folder, "--json", "--time", "1s", check=0).stdout)
        self.assertEqual(certificate["adapter"]["digest"], built["digest"])
        return pathlib.Path(built["folder"])

    def test_an_adapter_in_cxx(self):
        folder = self.copy("river_gauges")
        self.build_and_verify(folder, "--sdk", self.sdk)
        cache = (folder / "build" / "CMakeCache.txt").read_text()
        self.assertIn(f"Concordat_DIR:UNINITIALIZED={self.sdk}" if "Concordat_DIR:UNINITIALIZED" in cache else f"={self.sdk}", cache)
        self.assertNotIn(str(SOURCE / "plugins" / "sdk"), cache.replace(str(folder), ""))
        subprocess.run(["cmake", "--install", folder / "build", "--prefix", self.base / "installed"], check=True, capture_output=True)
        installed = self.base / "installed" / "adapters" / "river_gauges"
        self.assertEqual(sorted(path.name for path in installed.iterdir()), ["adapter.yaml", "river_gauges.so", "samples"])
        run("adapter", "verify", installed, "--time", "0.2s", check=0)
        self.assertIn("river_gauges", run("adapter", "list", "--adapters", installed.parent, check=0).stdout)

    def test_an_adapter_in_plain_c(self):
        folder = self.build_and_verify(self.copy("tally_sheet"), "--sdk", self.sdk)
        needed = subprocess.run(["readelf", "-d", folder / "tally_sheet.so"], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("libstdc++", needed)

    def test_an_adapter_in_rust(self):
        if not any(shutil.which("rustc", path=path) for path in ("/usr/bin", None)):
            self.skipTest("no rustc (apt-get install rustc): the adapter in Rust is not built")
        self.build_and_verify(self.copy("meter_log"), "--sdk", self.sdk)

    def test_the_source_tree_serves_without_an_installation(self):
        folder = self.copy("river_gauges").rename(self.base / "from_tree")
        self.build_and_verify(folder, "--sdk", SOURCE / "plugins" / "sdk")

    def test_another_version_of_the_abi_is_not_found(self):
        folder = self.copy("tally_sheet").rename(self.base / "too_new")
        lists = folder / "CMakeLists.txt"
        lists.write_text(lists.read_text().replace("Concordat 1 ", "Concordat 2 "))
        done = run("adapter", "build", folder, "--sdk", self.sdk, check=2)
        self.assertIn("version", done.stderr)

    def test_a_mistake_in_the_code_shows_the_compilers_words(self):
        folder = self.copy("tally_sheet").rename(self.base / "mistaken")
        source = folder / "adapter.c"
        source.write_text(source.read_text().replace("release(struct concordat_adapter *self) {", "release(struct concordat_adapter *self) { nonsense;", 1))
        done = run("adapter", "build", folder, "--sdk", self.sdk, "--json", check=2)
        self.assertIn("nonsense", done.stderr)
        self.assertIn("could not be built", json.loads(done.stdout)["error"])

    def test_building_again_keeps_comments_and_replaces_the_digest(self):
        folder = self.copy("tally_sheet").rename(self.base / "again")
        manifest = folder / "adapter.yaml"
        manifest.write_text("# of the parish office\n" + manifest.read_text() + "digest: \"sha256:" + "0" * 64 + "\"  # written by adapter build\n")
        built = json.loads(run("adapter", "build", folder, "--json", check=0).stdout)
        text = (pathlib.Path(built["folder"]) / "adapter.yaml").read_text()
        self.assertTrue(text.startswith("# of the parish office\n"))
        self.assertIn(f'digest: "{built["digest"]}"  # written by adapter build\n', text)
        self.assertEqual(text.count("digest:"), 1)

    def test_a_new_folder_builds_and_conforms_as_it_stands(self):
        folder = self.base / "new_tickets"
        run("adapter", "new", "new_tickets", "--dir", folder, check=0)
        self.build_and_verify(folder)
        done = subprocess.run(["ctest", "--test-dir", folder / "build", "--output-on-failure"], capture_output=True, text=True, env={"PATH": f"{pathlib.Path(program('concordat')).parent}:/usr/bin:/bin"})
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("1 tests", done.stdout)

    def test_a_new_folder_from_a_file_reads_that_file_and_copies_none_of_it(self):
        extract = self.base / "extract.csv"
        extract.write_bytes("Crime ID;Month;LSOA code;Crime type;\"Cost (£)\"\r\n".encode("windows-1252")
                            + b"".join(f"secret{i};2026-05;E0109900{i};Burglary \xa3;12,5\r\n".encode("latin-1") for i in range(1, 6)))
        folder = self.base / "county_crimes"
        document = json.loads(run("adapter", "new", "county_crimes", "--from", extract, "--dataset", "street-crime", "--partner", "constabulary",
                                  "--policies", POLICIES, "--dir", folder, "--json", check=0).stdout)
        self.assertIn('crime_id: "Crime ID"', document["feed"])
        self.assertIn('lsoa_code: "LSOA code"', document["feed"])
        self.assertIn("dataset: street_crime", document["feed"])
        self.assertNotIn("secret", "".join(path.read_text() for path in folder.rglob("*") if path.is_file()))
        built = self.build_and_verify(folder)
        # And it reads the file that it was made from.
        sample = built / "samples"
        shutil.copy(extract, sample / "good_real.csv")
        (sample / "expected.yaml").write_text((sample / "expected.yaml").read_text() + "  - {file: good_real.csv, records: 5, unreadable: 0}\n")
        run("adapter", "verify", built, "--time", "0.1s", check=0)

    def test_new_refuses_in_words(self):
        self.assertIn("lower-case letters", run("adapter", "new", "Bad-Name", "--dir", self.base / "bad", check=3).stderr)
        taken = self.base / "taken"
        taken.mkdir()
        (taken / "mine.txt").write_text("mine")
        self.assertIn("not empty", run("adapter", "new", "taken", "--dir", taken, check=2).stderr)
        self.assertEqual([path.name for path in taken.iterdir()], ["mine.txt"])
        self.assertIn("did you mean", run("adapter", "new", "typo", "--dataset", "street-crimes", "--policies", POLICIES, "--dir", self.base / "typo", check=3).stderr)


if __name__ == "__main__":
    unittest.main()
