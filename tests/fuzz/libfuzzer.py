#!/usr/bin/env python3
"""Builds a libFuzzer target with ASan and UBSan, and runs it for a bounded time: 10 seconds, 300 with CONCORDAT_LONG=1, else
CONCORDAT_FUZZ_SECONDS. libfuzzer.py SEEDS-PROGRAM TARGET.cc SOURCE.cc ... (below the repository); the program writes seeds to
$CONCORDAT_CORPUS. Where there is no clang with libFuzzer it says so and passes."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
SECONDS = os.environ.get("CONCORDAT_FUZZ_SECONDS") or ("300" if os.environ.get("CONCORDAT_LONG") == "1" else "10")
SANITIZE = "-fsanitize=fuzzer,address,undefined"


def can_fuzz(clang, folder):
    probe = folder / "probe.cc"
    probe.write_text('extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }\n')
    return subprocess.run([clang, SANITIZE, probe, "-o", folder / "probe"], capture_output=True).returncode == 0


def build(clang, sources, folder):
    libraries = sorted(pathlib.Path("/usr/lib").glob("*-linux-gnu/libabsl_*.a"))
    program = folder / "fuzzer"
    subprocess.run([clang, "-std=c++20", "-O1", "-g", SANITIZE, "-fno-sanitize-recover=undefined", f"-I{SOURCE}", *[SOURCE / source for source in sources],
                    "-Wl,--start-group", *libraries, "-Wl,--end-group", "-lfmt", "-lpthread", "-o", program], check=True)
    return program


def main():
    seeds, *sources = sys.argv[1:]
    clang = shutil.which("clang++")
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        if clang is None or not can_fuzz(clang, folder):
            print("skipped: no clang with libFuzzer here (Debian: clang and libclang-rt-dev)")
            return 0
        corpus = folder / "corpus"
        subprocess.run([seeds], env={**os.environ, "CONCORDAT_CORPUS": str(corpus)}, check=True, stdout=subprocess.DEVNULL)
        program = build(clang, sources, folder)
        done = subprocess.run([program, corpus, f"-max_total_time={SECONDS}", "-rss_limit_mb=1024", "-timeout=10", "-max_len=4096",
                               f"-artifact_prefix={folder}/find-", "-print_final_stats=1"], capture_output=True, text=True, cwd=folder)
        if done.returncode != 0:
            print(done.stderr[-6000:])
            for find in folder.glob("find-*"):
                print(find.name, find.read_bytes().hex())
            return 1
        print("\n".join(line for line in done.stderr.splitlines() if line.startswith(("stat::number_of", "Done "))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
