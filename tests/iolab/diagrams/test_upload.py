"""Uploads held against a real process that runs the picture's own lines and is killed wherever it is."""

import os
import subprocess
import sys

import pytest

from iolab import diagrams
from iolab.diagrams.upload import HALVES, NAMED, NAMELESS
from iolab.model import Went

SCENE = diagrams.load("upload")
LINES = dict(zip((NAMED, NAMELESS, "write", "fsync", "link"), SCENE.code.lines, strict=True))
HALF = b"x" * 1000
WORKER = f"""
import functools, os, sys
here = os.open(".", os.O_RDONLY)
os.link = functools.partial(os.link, dst_dir_fd=here)  # without one, Python 3.11 calls link(2), which follows no link
name, half = "file", b"x" * {len(HALF)}
for order in sys.stdin:
    try:
        match order.strip():
            case "named": {LINES[NAMED]}
            case "nameless": {LINES[NAMELESS]}
            case "write": {LINES["write"]}
            case "fsync": {LINES["fsync"]}
            case "link": {LINES["link"]}
        print("done", flush=True)
    except OSError as error:
        print(type(error).__name__, flush=True)
"""


@pytest.fixture
def real(tmp_path):
    """real(orders): (what the last one gave, how large the file is under its name or None), by a new process."""
    if not unnamed(tmp_path):
        pytest.skip("this file system has no O_TMPFILE")

    def real(*orders):
        (tmp_path / "file").unlink(missing_ok=True)
        with subprocess.Popen([sys.executable, "-I", "-c", WORKER], cwd=tmp_path, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True) as child:
            said = ""
            for order in orders:
                if order == "kill":
                    child.kill()
                    child.wait()
                    break
                child.stdin.write(order + "\n")
                child.stdin.flush()
                said = child.stdout.readline().strip()
            seen = (tmp_path / "file").stat().st_size if (tmp_path / "file").exists() else None
            child.kill()
        return said, seen

    return real


def unnamed(folder):
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY))
    except OSError:
        return False
    return True


def ways():
    """For each state the buttons that lead there without a power cut or a new start."""
    found, left = {SCENE.start: ()}, [SCENE.start]
    for state in left:
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if name not in ("power", "again") and isinstance(went, Went) and went.state not in found:
                found[went.state] = (*found[state], name)
                left.append(went.state)
    return found


WAYS = ways()


def test_a_real_file_is_seen_as_the_picture_says(real):
    assert len(WAYS) > 20
    for (way, got, _, there, alive), orders in WAYS.items():
        assert real(*orders)[1] == (got * len(HALF) if there else None), orders
        assert alive == ("kill" not in orders) and (way or not there)


def test_what_the_kernel_refuses_the_picture_refuses(real):
    for state, orders in WAYS.items():
        for name, went in SCENE.moves[SCENE.states.index(state)].items():
            if name == "link" and state[0] and state[4] and state[1] == HALVES:
                assert (real(*orders, name)[0] == "FileExistsError") == (not isinstance(went, Went)), orders


def test_a_power_cut_leaves_under_the_name_what_was_synced():
    cuts = 0
    for state, moves in zip(SCENE.states, SCENE.moves, strict=True):
        went = moves["power"]
        if isinstance(went, Went):
            _, got, stored, there, alive = went.state
            assert not alive and there == state[3] and got == stored == (state[2] if there else 0)
            cuts += there
    assert cuts


def test_only_the_way_without_a_name_never_shows_less_than_the_whole():
    """Unless somebody pulls the plug before fsync(), as the sentence of link warns."""
    shown = {way: {state[1] for state in WAYS if state[3] and state[0] == way} for way in (NAMED, NAMELESS)}
    assert shown == {NAMED: {0, 1, 2}, NAMELESS: {HALVES}}
    for state, moves in zip(SCENE.states, SCENE.moves, strict=True):
        if isinstance(went := moves["link"], Went):
            broken = went.state[1] != SCENE.press(went.state, "power").state[1]
            assert ("说不定" in went.caption) == broken == (state[2] < HALVES)


def test_what_others_see_is_what_stands_under_the_name():
    words = {0: "空文件", 1: "半个文件", 2: "整个文件"}
    for state in SCENE.states:
        held = SCENE.look(state)
        halves = [cell for cell in held if cell.startswith("file")]
        assert held["seen"][0] == (words[len(halves)] if state[3] else "没有这个文件")
        assert len([cell for cell in held if cell[:4] in ("file", "temp")]) == state[1]
