"""The layout of the boundary as it was promised: every member of every struct where tests/sdk/adapter_abi.layout has it."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parents[1]
HEADER = SOURCE / "plugins" / "sdk" / "adapter_abi.h"

HOW = """the boundary is a promise: members are appended at the end of structs that have struct_size, and nothing else changes
(plugins/sdk/adapter_abi.h). A member that was appended gets its line in abi_layout.c and adapter_abi.layout; all other lines stay."""


def layout_of(header_text):
    """What abi_layout.c prints with that text as the header."""
    with tempfile.TemporaryDirectory() as folder:
        sdk = pathlib.Path(folder) / "plugins" / "sdk"
        sdk.mkdir(parents=True)
        (sdk / "adapter_abi.h").write_text(header_text)
        program = pathlib.Path(folder) / "layout"
        built = subprocess.run(["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{folder}", HERE / "abi_layout.c", "-o", program],
                               capture_output=True, text=True)
        if built.returncode != 0:
            return built.stderr
        return subprocess.run([program], capture_output=True, text=True, check=True).stdout


class AbiLayout(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.header = HEADER.read_text()
        self.promised = (HERE / "adapter_abi.layout").read_text()

    def test_the_layout_is_the_one_that_was_promised(self):
        self.assertEqual(layout_of(self.header), self.promised, HOW)

    def test_changes_are_seen(self):
        changes = {
            "a member moved": ("  uint64_t batch_rows;\n  uint64_t batch_bytes;", "  uint64_t batch_bytes;\n  uint64_t batch_rows;"),
            "a member in the middle": ("  uint64_t header_line;", "  uint64_t footer_line;\n  uint64_t header_line;"),
            "a member appended, not written down": ("  void (*release)(struct concordat_adapter *self);", "  void (*release)(struct concordat_adapter *self);\n  void *more;"),
            "a member taken out": ("  int32_t (*score)(struct concordat_adapter *self, struct concordat_error *error);", ""),
            "a smaller text": ("char message[1016];", "char message[1000];"),
            "another code": ("CONCORDAT_FAILED = 5", "CONCORDAT_FAILED = 6"),
        }
        for what, (old, new) in changes.items():
            with self.subTest(what):
                self.assertIn(old, self.header)
                self.assertNotEqual(layout_of(self.header.replace(old, new)), self.promised)

    def test_every_struct_and_member_of_the_header_is_looked_at(self):
        code = re.sub(r"/\*.*?\*/", "", self.header, flags=re.S)
        structs = set(re.findall(r"^struct (\w+) \{", code, re.M))
        self.assertEqual(structs, set(re.findall(r"^struct (\w+):", self.promised, re.M)))

    def test_the_package_has_the_number_of_the_abi(self):
        number = re.search(r"#define CONCORDAT_ABI (\d+)u", self.header).group(1)
        version = (SOURCE / "plugins" / "sdk" / "ConcordatConfigVersion.cmake").read_text()
        self.assertIn(f"set(PACKAGE_VERSION {number}.", version)

    def test_the_header_is_c99_and_cxx11(self):
        for language, standard in (("c", "c99"), ("c++", "c++11")):
            done = subprocess.run(["cc", "-x", language, f"-std={standard}", "-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", HEADER], capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[1:])
