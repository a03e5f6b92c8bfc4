"""A program that is measured: how it is run, what it answers, and whether the answer is the truth."""
import json
import os
import statistics
import subprocess
import tempfile
import time


def measure(commands, cwd=None):
    """Runs all commands at once: wall and CPU seconds, the largest resident set in MB, their standard outputs."""
    outputs = [tempfile.TemporaryFile() for _ in commands]
    errors = [tempfile.TemporaryFile() for _ in commands]
    start = time.perf_counter()
    processes = [subprocess.Popen([str(word) for word in command], cwd=cwd, stdout=out, stderr=err)
                 for command, out, err in zip(commands, outputs, errors)]
    cpu = peak = 0
    for process, command, err in zip(processes, commands, errors):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        cpu += usage.ru_utime + usage.ru_stime
        peak = max(peak, usage.ru_maxrss / 1024)
        if process.returncode not in (0, 1):
            err.seek(0)
            raise SystemExit(f"{command[0]} failed: {err.read().decode(errors='replace')[-2000:]}")
    wall = time.perf_counter() - start
    texts = []
    for out in outputs:
        out.seek(0)
        texts.append(out.read().decode())
    return {"wall": wall, "cpu": cpu, "peak_mb": peak}, texts


def of_concordat(text):
    result = json.loads(text)
    return ({rule["id"]: rule["fail"] for rule in result["rules"]},
            {rule["id"]: [sample["record"] for sample in rule["samples"]] for rule in result["rules"]}, result["records"]["accepted"])


def of_peer(text):
    answer = json.loads(text[text.index("{"):])
    return answer["counts"], answer["samples"], answer.get("rows_accepted")


class Program:
    """Its name, its commands (run at once), and how to read its answer; `read` None: it gives none."""

    def __init__(self, name, command, read=of_peer, cwd=None, at_once=None):
        self.name, self.commands, self.read, self.cwd = name, at_once or [command], read, cwd
        self.runs, self.answer, self.right, self.said = [], "", True, None

    def prepare(self):
        """Before each run, not measured."""

    def run(self, truth):
        self.prepare()
        figures, texts = measure(self.commands, self.cwd)
        self.runs.append(figures)
        if self.read:
            self.said = self.read(texts[0])
            self.compare(truth, *self.said)

    def compare(self, truth, counts, samples, accepted):
        if truth is None:
            self.answer = "nothing to compare with"
            return
        bad = [f"{rule}: {want}, not {counts.get(rule)}" for rule, want in truth["counts"].items() if counts.get(rule) != want]
        bad += [f"samples of {rule}" for rule, want in truth["samples"].items() if samples.get(rule, want) != want]
        if None not in (accepted, truth.get("rows_accepted")) and accepted != truth["rows_accepted"]:
            bad.append(f"accepted {accepted}, not {truth['rows_accepted']}")
        self.right = self.right and not bad
        if not self.right:
            self.answer = "; ".join(bad[:3]) or self.answer
        else:
            self.answer = "counts and samples right"

    def median(self, figure):
        return statistics.median(run[figure] for run in self.runs)

    def spread(self):
        walls = [run["wall"] for run in self.runs]
        return min(walls), max(walls)


def in_turn(programs, truth, runs):
    """A B C A B C, so that a drifting machine treats all alike."""
    for _ in range(runs):
        for program in programs:
            program.run(truth)


def show(title, programs, reference):
    """One table; `ratio` is wall time against `reference`."""
    print(f"\n{title}\n{'program':<48}{'wall s':>8}{'min':>7}{'max':>7}{'cpu s':>8}{'peak MB':>9}{'ratio':>7}  answer")
    for program in programs:
        low, high = program.spread()
        ratio = program.median("wall") / reference.median("wall")
        print(f"{program.name:<48}{program.median('wall'):>8.2f}{low:>7.2f}{high:>7.2f}{program.median('cpu'):>8.2f}{program.median('peak_mb'):>9.0f}{ratio:>7.2f}  {program.answer}", flush=True)
