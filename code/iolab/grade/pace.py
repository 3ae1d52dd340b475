"""How fast this machine is now: every limit of the judge is a multiple of what a reference needs."""

import subprocess
import sys
import time

# It starts as a program does, and answers line by line as a server does.
REFERENCE = "import sys\nfor line in sys.stdin: print(line, end='', flush=True)"
ROUNDS = 100
SHARE = 50  # times as long as the reference may an answer take
MOST = 8.0  # seconds: a stage should end even where nothing moves


class Pace:
    """unit: seconds that the reference needs to start and answer ROUNDS lines; patience: seconds for one answer."""

    def __init__(self):
        self.unit = measure()

    @property
    def patience(self):
        return min(MOST, SHARE * self.unit)

    def again(self):
        """Measure again, because somebody is late: perhaps all are. Returns by how many seconds patience has grown."""
        before = self.patience
        self.unit = max(self.unit, measure())
        return self.patience - before


def measure():
    begun = time.perf_counter()
    with subprocess.Popen([sys.executable, "-I", "-c", REFERENCE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          bufsize=0) as reference:
        for _ in range(ROUNDS):
            reference.stdin.write(b"?\n")
            reference.stdout.read(2)
    return time.perf_counter() - begun
