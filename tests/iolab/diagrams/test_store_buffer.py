"""The two cores of the picture held against the script that walks through all orders, and against the literature."""

import runpy

import pytest

from iolab import diagrams
from iolab.launch.scripts import find
from iolab.model import Went

SCENE = diagrams.load("store_buffer")
SEQUENTIAL = {(0, 1), (1, 0), (1, 1)}


def ends(fence):
    """All (a, b) with which the cores of the picture can end."""
    return {state.got for state in SCENE.states if state.fence == fence and state.done == (2, 2)}


def test_the_picture_ends_as_x86_may():
    """SB of Sewell et al. 2010: both may read 0; not with MFENCE."""
    assert ends(fence=False) == SEQUENTIAL | {(0, 0)}
    assert ends(fence=True) == SEQUENTIAL


@pytest.mark.parametrize("buffered", [True, False])
def test_the_script_finds_the_same(buffered):
    outcomes = runpy.run_path(str(find("day8/store_buffer.py")))["outcomes"]
    assert outcomes(buffered) == ends(fence=not buffered)


def test_whatever_was_written_reaches_memory():
    for state, ways in zip(SCENE.states, SCENE.moves, strict=True):
        for core in (0, 1):
            drained = ways[f"drain{core}"]
            assert isinstance(drained, Went) == state.waiting[core]
            assert state.memory[core] + state.waiting[core] == (state.done[core] > 0)


def test_the_story_ends_with_both_reading_zero():
    assert SCENE.after(*SCENE.story).got == (0, 0)
    assert "都没有看见" in SCENE.steps[4].caption
