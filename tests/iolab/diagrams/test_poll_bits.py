"""The bits held against select's constants, Python's operators and what a real poll() says."""

import select
import socket

import pytest

from iolab import diagrams
from iolab.diagrams.poll_bits import BITS
from iolab.model import Went

SCENE = diagrams.load("poll_bits")
FLIP, ADD, DROP, READS, _, WRITES, _ = SCENE.code.lines


def test_the_values_are_those_of_the_kernel():
    assert {name: getattr(select, name) for name in BITS} == BITS
    assert set(SCENE.states) == set(range(32))


def test_each_button_is_its_line_run_by_python():
    for mask, moves in zip(SCENE.states, SCENE.moves, strict=True):
        for name, went in moves.items():
            line = {"add": ADD, "drop": DROP}.get(name, FLIP)
            values = {**BITS, "mask": mask, "bit": BITS.get(name)}
            exec(line, values)
            after = values["mask"]
            assert after == (went.state if isinstance(went, Went) else mask)
            if isinstance(went, Went):
                what, _, sum_ = went.caption.rstrip("。").partition("：")
                left, _, right = sum_.partition(" = ")
                assert eval(left) == int(right) == after and left.split()[0] == str(mask)
                assert abs(after - mask) == BITS[what.split()[1]] == BITS.get(name, select.POLLOUT)


def test_the_cells_are_what_python_prints_and_decides():
    for mask in SCENE.states:
        held = {cell: (what, "plain") if isinstance(what, str) else what for cell, what in SCENE.look(mask).items()}
        assert int(held["decimal"][0]) == int(held["binary"][0], 2) == int(held["hexadecimal"][0], 16) == mask
        assert "".join(held[name][0] for name in sorted(BITS, key=BITS.get, reverse=True)) == format(mask, "05b")
        for row, line in (("read", READS), ("write", WRITES)):
            value = eval(line.removeprefix("if ").rstrip(":"), {**BITS, "mask": mask})
            assert held[row] == ((f"{value}，真", "green") if value else ("0，假", "plain"))


@pytest.mark.parametrize(("happens", "said"), [
    (lambda near, far: None, {"POLLOUT"}),
    (lambda near, far: far.send(b"x"), {"POLLIN", "POLLOUT"}),
    (lambda near, far: far.close(), {"POLLIN", "POLLOUT", "POLLHUP"}),
])
def test_a_real_poll_says_what_the_picture_calls_it(happens, said):
    near, far = socket.socketpair()
    with near, far:
        poller = select.poll()
        poller.register(near, select.POLLIN | select.POLLOUT)
        happens(near, far)
        ((_, mask),) = poller.poll(0)
    assert {name for name in BITS if SCENE.look(mask)[name] == ("1", "green")} == said
