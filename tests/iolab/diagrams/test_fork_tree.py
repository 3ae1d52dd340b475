"""The tree of processes held against real ones: workers_broken.py, workers_fixed.py and every mixture of both."""

import itertools
import re
import subprocess
import sys

import pytest

from iolab import diagrams
from iolab.diagrams.fork_tree import ROUNDS, family
from iolab.launch import run

SCENE = diagrams.load("fork_tree")
REAL = """
import os, sys
name, leads = "", True
for number, who in enumerate(sys.argv[1:], 1):
    if (leads or who == "all") and os.fork() == 0:
        name, leads = name + str(number), False
os.write(1, f"[{name}]".encode())
try:
    while True:
        os.wait()
except ChildProcessError:
    os._exit(0)
"""


@pytest.mark.parametrize("state", [s for n in range(ROUNDS + 1) for s in itertools.product(("all", "one"), repeat=n)],
                         ids="-".join)
def test_real_processes_make_the_same_tree(state):
    done = subprocess.run([sys.executable, "-I", "-c", REAL, *state], capture_output=True, text=True, timeout=30)
    assert sorted(re.findall(r"\[(\d*)\]", done.stdout)) == sorted(family(state))
    shown = SCENE.look(state)
    assert {f"p{name}" for name in family(state)} | {"count"} == shown.keys()
    assert shown["count"] == f"一共 {len(family(state))} 个"


@pytest.mark.parametrize(("name", "button"), [("broken", "all"), ("fixed", "one")])
def test_the_two_scripts_are_its_two_buttons(name, button):
    made = len(family((button,) * ROUNDS)) - 1
    assert f"多出来 {made} 个进程" in run(f"day5/workers_{name}.py", quiet=True).output
