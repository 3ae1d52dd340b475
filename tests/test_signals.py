"""`make test &` of a script, `nohup make test`: what a test starts must not ignore the signals that these do."""

import os
import signal
import subprocess
import sys
from pathlib import Path

IGNORED = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD)
TEST = """
import os, signal, subprocess, sys

LOOKS = "import signal; print([signal.getsignal(number) is signal.SIG_IGN for number in {}])"

def test_it():
    numbers = {}
    told = subprocess.run([sys.executable, "-c", LOOKS.format(numbers)], capture_output=True, text=True)
    assert told.stdout.strip() == str([False] * len(numbers))
    os.kill(os.getpid(), signal.SIGHUP)  # the terminal is closed: nohup says to go on
"""


def test_tests_that_run_in_the_background_start_what_they_start_as_in_the_foreground(tmp_path):
    (tmp_path / "test_it.py").write_text(TEST.replace("numbers = {}", f"numbers = {list(map(int, IGNORED))}"))
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))

    def ignore():
        for number in IGNORED:
            signal.signal(number, signal.SIG_IGN)

    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, preexec_fn=ignore, timeout=60)
    assert done.returncode == 0, done.stdout
