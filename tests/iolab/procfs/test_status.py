import mmap
import os
import resource
import subprocess
import sys

import pytest

from iolab.procfs import stat, status
from processes import wait_until

ONCE = "import mmap; held = mmap.mmap(-1, 64 << 20); held.write(bytes(64 << 20)); held.close(); input('given back')"


def test_the_peak_is_that_of_getrusage():
    peak, most = status.peak_memory(os.getpid()), 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert peak == pytest.approx(most, rel=0.02)


def test_memory_that_was_given_back_counts():
    with subprocess.Popen([sys.executable, "-c", ONCE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout.read(10) == b"given back"
        now = stat.read(child.pid).rss * mmap.PAGESIZE
        assert now < 64 << 20 < status.peak_memory(child.pid) < now + (70 << 20)
        child.communicate()


def test_who_has_no_memory_has_no_peak():
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {})
    try:
        wait_until(lambda: stat.read(child).state == "Z", "it has ended")
        assert status.peak_memory(child) == 0
    finally:
        os.waitpid(child, 0)
    with pytest.raises(ProcessLookupError, match=str(child)):
        status.peak_memory(child)
