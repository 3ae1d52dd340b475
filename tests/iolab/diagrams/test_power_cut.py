"""Replacing a file held against real ones, and every order in which the power may go explored."""

import itertools
import os

import pytest

from iolab import diagrams
from iolab.diagrams.power_cut import CACHE, DISK, LOST, NOTHING
from iolab.model import Went

SCENE = diagrams.load("power_cut")
STEPS = dict(zip(("write", "fsync", "replace", "folder"), (SCENE.code.lines[:3], *([line] for line in
                                                                                   SCENE.code.lines[3:])), strict=True))
KERNEL = "content", "names"             # what the kernel may do by itself, at any time


def outcomes(program):
    """{(steps of the program that returned, what is left after a power cut)}, whatever the kernel does meanwhile."""
    found, left = set(), [(SCENE.start, 0)]
    seen = set(left)
    for state, done in left:
        ways = SCENE.moves[SCENE.states.index(state)]
        if isinstance(ways["power"], Went):
            _, content, _, new = ways["power"].state
            found.add((done, "lost" if content == LOST else "new" if new else "old"))
        for name, then in [*((name, done) for name in KERNEL), *((name, done + 1) for name in program[done:done + 1])]:
            went = ways[name]           # to sync what is on disk already, or a folder without news, changes nothing
            after = (went.state if isinstance(went, Went) else state, then)
            if after not in seen:
                seen.add(after)
                left.append(after)
    return found


def test_the_right_order_leaves_old_or_new_and_after_its_end_the_new():
    found = outcomes(("write", "fsync", "replace", "folder"))
    assert found == {(0, "old"), (1, "old"), (2, "old"), (3, "old"), (3, "new"), (4, "new")}


@pytest.mark.parametrize("program", [
    steps for count in range(1, 5) for steps in itertools.permutations(STEPS, count)
    if steps[0] == "write" and "replace" in steps])
def test_whoever_renames_before_the_content_is_synced_may_lose_both(program):
    """The others cannot: the order of the two is what decides."""
    synced = "fsync" in program and program.index("fsync") < program.index("replace")
    assert ("lost" in {left for _, left in outcomes(program)}) == (not synced)


def test_real_files_are_what_the_picture_says_another_process_sees(tmp_path, monkeypatch):
    """Power and the kernel's own writing cannot be pressed here; every other button in every state can."""
    monkeypatch.chdir(tmp_path)
    tried = 0
    for state, way in ways().items():
        for name in STEPS:
            went = SCENE.moves[SCENE.states.index(state)][name]
            if isinstance(went, Went):
                assert seen_after((*way, name)) == ("new" if went.state[2] else "old"), (*way, name)
                tried += 1
    assert tried >= 6


def ways():
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for name in (*STEPS, "kill"):
            went = SCENE.moves[SCENE.states.index(state)][name]
            if isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], name)
                left.append(went.state)
    return found


def seen_after(way):
    """What x holds once the very lines of the picture have run."""
    names = {"os": os, "data": b"new", "folder": os.open(".", os.O_RDONLY)}
    with open("x", "wb") as old:
        old.write(b"old")
    try:
        for name in way:
            if name == "write" and "file" in names:
                names.pop("file").close()
                with open("x", "wb") as old:  # the next life of the program, x counted as old again
                    old.write(b"old")
            if name == "kill":          # another program looks on: the kernel keeps what it was given
                names.setdefault("file", open(os.devnull, "wb"))                    # noqa: SIM115
            else:
                exec("\n".join(STEPS[name]), names)
        with open("x", "rb") as file:
            return file.read().decode()
    finally:
        os.close(names["folder"])
        if "file" in names:
            names["file"].close()


def test_the_places_of_the_content_are_the_three_of_the_way_of_a_byte_and_its_loss():
    assert {state[1] for state in SCENE.states} == {NOTHING, CACHE, DISK, LOST}
    for alive, content, named, kept in SCENE.states:
        assert not kept or named, "the disk never knows a name that memory does not"
        assert content != LOST or (kept and not alive)
        assert content != NOTHING or not named
