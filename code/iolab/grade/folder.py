"""The judge's own folder, which nobody leaves behind, not even a judge that was killed."""

import contextlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

# Its standard input ends with the judge, however that ends; the programs, which may still write, end soon after.
SWEEPER = """
import shutil, sys, time
sys.stdin.read()
for _ in range(100):
    shutil.rmtree(sys.argv[1], ignore_errors=True)
    time.sleep(0.1)
    try:
        shutil.os.lstat(sys.argv[1])
    except FileNotFoundError:
        break
"""


@contextlib.contextmanager
def own_folder():
    """The Path of a new folder, which is removed at the end of the with block or of this process."""
    folder = tempfile.mkdtemp(prefix="iolab-lab-")
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", SWEEPER, folder], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as sweeper:
        try:
            yield Path(folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            sweeper.kill()
