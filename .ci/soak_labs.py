"""Judge the right programs of the labs many times, every fifth time on a busy machine, and every mistake once, whole.

Usage: soak_labs.py RUNS JOBS [LAB]     (with tests/labs on the path; JOBS: so many judges at a time)
"""

import multiprocessing
import subprocess
import sys
import tempfile
import time

import programs
from iolab.grade import labs
from iolab.grade.judge import Judge

BUSY = [sys.executable, "-c", "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"]


def judged(program):
    """(lab, name, seed, whether it passed, first failure); a mistake of broken.yml is written to a file first."""
    lab, name = program
    with tempfile.TemporaryDirectory() as folder:
        path = programs.edited(lab, name, folder) if name in programs.broken(lab) else programs.HERE / lab / name
        score = Judge(labs.find(lab), programs.command(path, folder)).run()
    return lab, name, score.seed, score.passed, score.first_failure


def main(runs, jobs, wanted=None):
    right, broken = ([(lab, name) for lab, name in kind if wanted in (None, lab)]
                     for kind in (programs.RIGHT, programs.BROKEN))
    false = 0
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for lab, name, seed, _, failed in pool.imap_unordered(judged, broken):
            mistake = programs.broken(lab)[name]
            if not failed or (failed.stage, failed.hint) != (mistake["stage"], mistake["hint"]):
                false += 1
                print(f"{lab}, {name}: --seed {seed}: {failed}", flush=True)
        for run in range(1, runs + 1):
            begun = time.monotonic()
            busy = [subprocess.Popen(BUSY) for _ in range(8)] if run % 5 == 0 else []
            try:
                for lab, name, seed, passed, failed in pool.imap_unordered(judged, right):
                    if not passed:
                        false += 1
                        print(f"run {run}{' busy' * bool(busy)}: {lab}, {name}: --seed {seed}: {failed}", flush=True)
            finally:
                for one in busy:
                    one.kill()
                    one.wait()
            print(f"run {run} of {runs}{', busy' * bool(busy)}, {len(right)} right programs, "
                  f"{time.monotonic() - begun:.0f} s: {false} false verdicts so far", flush=True)
    return bool(false)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:]))
