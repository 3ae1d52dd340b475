"""The rings read three pipes, or the script says why not."""

import shutil
import subprocess
import sys

import pytest

from iolab.launch import run, scripts


def test_it_reads_or_says_why_not():
    result = run("day10/uring_read.py", quiet=True)
    if result.status:
        assert result.output.startswith("这里不能用 io_uring：") and result.output.count("\n") == 1
    else:
        assert result.output.endswith("一共 2 次系统调用，没有调用过 read\n")


@pytest.mark.parametrize("refused", ["EPERM", "ENOSYS"])
def test_a_kernel_that_refuses_is_told_in_words(refused):
    if not shutil.which("strace"):
        pytest.skip("strace is missing: apt-get install strace")
    script = str(scripts.find("day10/uring_read.py"))
    rules = ["-e", "trace=io_uring_setup", "-e", f"inject=io_uring_setup:error={refused}", "-o", "/dev/null"]
    done = subprocess.run(["strace", "-qq", *rules, sys.executable, script], capture_output=True, text=True, timeout=20)
    if "strace:" in done.stderr:
        pytest.skip(done.stderr)
    assert done.returncode == 1 and done.stderr.startswith("这里不能用 io_uring：") and "Traceback" not in done.stderr
