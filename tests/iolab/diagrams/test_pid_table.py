"""The four numbers held against a kernel: a pid namespace of its own, whose pid_max is 304."""

import json
import random
import subprocess
import sys

import pytest

from iolab import diagrams
from iolab.diagrams.pid_table import COUNT, FIRST
from iolab.model import Went

SCENE = diagrams.load("pid_table")
REAL = """
import json, os, signal, sys
with open("/proc/sys/kernel/pid_max", "w") as most:
    most.write(sys.argv[1])
with open("/proc/sys/kernel/ns_last_pid", "w") as last:
    last.write(sys.argv[2])
given, alive = [], []
for order in json.loads(sys.argv[3]):
    if order == "fork":
        try:
            pid = os.fork()
        except BlockingIOError:
            pid = None
        if pid == 0:
            signal.pause()
        given.append(pid)
    else:
        os.kill(int(order), signal.SIGKILL)
        os.waitpid(int(order), 0)
print(json.dumps(given))
os.kill(-1, signal.SIGKILL)
"""


def walk(seed, count):
    """Presses, and the number that the picture says each fork gives (None: it fails)."""
    state, chance, orders, given = SCENE.start, random.Random(seed), [], []
    for _ in range(count):
        name = chance.choice(["fork"] * 4 + list(map(str, state[1])))
        went = SCENE.press(state, name)
        if name == "fork":
            given.append(went.state[0] if isinstance(went, Went) else None)
        orders.append(name)
        state = went.state if isinstance(went, Went) else state
    return orders, given


@pytest.mark.parametrize("seed", range(3))
def test_a_kernel_gives_the_same_numbers(seed):
    orders, given = walk(seed, 40)
    argv = [sys.executable, "-I", "-c", REAL, str(FIRST + COUNT), str(FIRST - 1), json.dumps(orders)]
    for unshare in (["unshare", "-Urpf"], ["unshare", "-pf"]):
        done = subprocess.run([*unshare, *argv], capture_output=True, text=True, timeout=30)
        if done.stdout:
            assert json.loads(done.stdout) == given and None in given and len(set(given)) == COUNT + 1
            return
    pytest.skip(f"no pid namespace with a pid_max of its own can be made here: {done.stderr.strip()[-80:]}")
