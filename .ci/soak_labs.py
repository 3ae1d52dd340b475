"""Judge the right programs of the labs many times, every fifth time on a busy machine, and every mistake once, whole.

Usage: soak_labs.py RUNS [LAB]     (with tests/labs on the path)
"""

import subprocess
import sys
import tempfile

import programs
from iolab.grade import labs
from iolab.grade.judge import Judge

BUSY = [sys.executable, "-c", "import os\nparent = os.getppid()\nwhile os.getppid() == parent: pass"]


def judged(lab, path, folder):
    return Judge(labs.find(lab), programs.command(path, folder)).run()


def main(runs, wanted=None):
    false = 0
    for lab, name in programs.BROKEN:
        if wanted in (None, lab):
            with tempfile.TemporaryDirectory() as folder:
                score = judged(lab, programs.edited(lab, name, folder), folder)
            failed, mistake = score.first_failure, programs.broken(lab)[name]
            if not failed or (failed.stage, failed.hint) != (mistake["stage"], mistake["hint"]):
                false += 1
                print(f"{lab}, {name}: --seed {score.seed}: {failed}", flush=True)
    for run in range(1, runs + 1):
        busy = [subprocess.Popen(BUSY) for _ in range(8)] if run % 5 == 0 else []
        try:
            for lab, name in programs.RIGHT:
                if wanted in (None, lab):
                    with tempfile.TemporaryDirectory() as folder:
                        score = judged(lab, programs.HERE / lab / name, folder)
                    if not score.passed:
                        false += 1
                        print(f"run {run}{' busy' * bool(busy)}: {lab}, {name}: --seed {score.seed}: "
                              f"{score.first_failure}", flush=True)
        finally:
            for one in busy:
                one.kill()
                one.wait()
        print(f"run {run} of {runs}{', busy' * bool(busy)}: {false} false verdicts so far", flush=True)
    return bool(false)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:]))
