"""Arrow IPC streams read by a reader that is not ours: npm's apache-arrow through node."""
import json
import pathlib
import shutil
import subprocess

from concordat_host import BUILD, SOURCE

MODULES = BUILD / "npm-arrow"


def installed():
    """apache-arrow below the build folder; False, said in one line, when there is no npm or its registry is not reached."""
    if not (MODULES / "node_modules" / "apache-arrow").exists():
        if not shutil.which("npm"):
            print("skipped: Arrow files are not read, npm is not there")
            return False
        MODULES.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["npm", "install", "--prefix", MODULES, "--no-audit", "--no-fund", "apache-arrow@21"], capture_output=True, text=True)
        if done.returncode != 0:
            print("skipped: Arrow files are not read, the npm registry is not reached")
            return False
    return True


def read_arrow(path):
    """{columns, types, metadata, rows}; raises with the reader's words."""
    done = subprocess.run(["node", SOURCE / "tests" / "support" / "arrow_rows.mjs", MODULES, pathlib.Path(path)], capture_output=True, text=True)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return json.loads(done.stdout)
