"""What is shared and what is copied, held against real threads and real children: every state, both sides."""

import ast
import subprocess
import sys

import pytest

from iolab import diagrams
from iolab.diagrams.shared_or_copied import END, PROCESS, THREAD, sides
from iolab.model import Went

SCENE = diagrams.load("shared_or_copied")
LINES = dict(zip(("count", "chdir", "read", "close"), SCENE.code.lines[3:], strict=True))
# The picture's own lines, done by the other one; then both say what they see.
PROGRAM = f"""
import os, sys, threading
{chr(10).join(SCENE.code.lines[:2])}

def other():
    global count
    for order in sys.argv[2:]:
        match order:
            case "count": {LINES["count"]}
            case "chdir": {LINES["chdir"]}
            case "read": {LINES["read"]}
            case "close": {LINES["close"]}

def see():
    at = None if f.closed else os.lseek(f.fileno(), 0, os.SEEK_CUR)
    print((count, os.path.basename(os.getcwd()), at), flush=True)

if sys.argv[1] == "thread":
    t = threading.Thread(target=lambda: (other(), see()))
    t.start()
    t.join()
elif os.fork() == 0:
    other()
    see()
    os._exit(0)
else:
    os.wait()
see()
"""


def ways():
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], name)
                left.append(went.state)
    return {state: way for state, way in found.items() if state[0]}


def seen(way, folder):
    """What the other one sees at its end, and then this one."""
    top = folder / "top"
    (top / "below").mkdir(parents=True)
    (top / "data").write_bytes(b"x" * END)
    done = subprocess.run([sys.executable, "-I", "-W", "ignore", "-c", PROGRAM, *way], cwd=top, text=True, check=True,
                          capture_output=True)
    return [ast.literal_eval(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("kind", [THREAD, PROCESS])
def test_real_ones_see_the_same_on_both_sides(kind, tmp_path):
    mine = {state: way for state, way in ways().items() if state[0] == kind}
    assert len(mine) == 2 * 2 * (END + 1) * 2
    for number, (state, way) in enumerate(mine.items()):
        other, this = seen(way, tmp_path / str(number))
        assert (this, other) == sides(state), way


def test_the_sentences_say_who_sees_it():
    for state, moves in zip(SCENE.states, SCENE.moves, strict=True):
        for name, went in moves.items():
            if name in LINES and isinstance(went, Went):
                (before, _), (after, _) = sides(state), sides(went.state)
                told = "这边看到了" in went.caption or "这边也" in went.caption or "这边的位置也变成" in went.caption
                assert told == (before != after), (state, name)


def test_green_is_what_both_have():
    for state in SCENE.states:
        held = SCENE.look(state)
        for row in ("count", "cwd", "at"):
            if state[0]:
                one, two = held[f"{row}-this"], held[f"{row}-other"]
                assert one[1] == two[1] and (one[1] == "plain" or one == two)
