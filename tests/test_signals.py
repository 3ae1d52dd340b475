"""`make test &` of a script: the shell has SIGINT ignored for it, and what the tests start must not inherit that."""

import os
import signal
import subprocess
import sys
from pathlib import Path

TEST = """
import signal

def test_it():
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL
"""


def test_tests_that_run_in_the_background_start_what_they_start_as_in_the_foreground(tmp_path):
    (tmp_path / "test_it.py").write_text(TEST)
    (tmp_path / "conftest.py").write_text((Path(__file__).parent / "conftest.py").read_text(encoding="utf-8"))

    def ignore():
        for number in (signal.SIGINT, signal.SIGCHLD):
            signal.signal(number, signal.SIG_IGN)

    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, preexec_fn=ignore, timeout=60)
    assert done.returncode == 0, done.stdout
