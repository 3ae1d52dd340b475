"""The scheduler of the picture held against the kernel's own shares, and against what its rule says of itself."""

import re

import pytest

from iolab import diagrams
from iolab.diagrams.fair_turns import COMPUTES, NAMES, TURNS, WAITS, WAKES, WEIGHTS, turns
from iolab.launch import run

SCENE = diagrams.load("fair_turns")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}


def test_the_kernel_divides_a_core_by_these_weights():
    usual, polite = map(float, re.findall(r"(\d+\.\d+) 秒", run("day5/nice_shares.py", "--numbers", quiet=True).output))
    assert usual / polite == pytest.approx(1024 / WEIGHTS[5], rel=0.35)


def test_a_nice_level_is_a_quarter():
    """kernel/sched/core.c: "the weights differ by 1.25, so that a level up or down is 10 % of the CPU"."""
    assert {nice: pytest.approx(1024 / 1.25 ** nice, rel=0.03) for nice in WEIGHTS} == WEIGHTS


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_whoever_runs_has_run_least_and_the_shares_come_near_the_weights(at, setting):
    nice, visitor = setting
    found, last = turns(nice, visitor)
    for who, times, queue, waiting in found:
        assert sorted({who, *queue, *waiting}) == [0, 1, 2] and len(queue) + len(waiting) == 2
        assert all(times[who] <= times[one] + 1e-6 for one in queue)
        assert (2 in waiting) == (visitor == WAITS or (visitor == WAKES and who != 2))
    counts = [sum(who == one for who, *_ in found) for one in range(len(NAMES))]
    weights = [1024, WEIGHTS[nice], 1024 * (visitor == COMPUTES)]
    rest = TURNS - counts[2] * (visitor != COMPUTES)
    for one in (0, 1, 2) if visitor == COMPUTES else (0, 1):
        assert abs(counts[one] - rest * weights[one] / sum(weights)) <= 1
    assert counts[2] == {WAITS: 0, WAKES: 3, COMPUTES: counts[2]}[visitor]
    assert last[0] == 3 * counts[0]


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_the_lanes_and_the_words_say_who_runs(at, setting):
    views = SCENE.films[at]
    for turn, view in enumerate(views[1:-1]):
        who, *_ = turns(*setting)[0][turn]
        green = [cell for cell, (_, tone) in view.held.items() if tone == "green" and cell.endswith(f"-{turn}")]
        assert green == [f"turn{who}-{turn}"] and view.caption.startswith(NAMES[who])
    counts = [sum(tone == "green" for cell, (_, tone) in views[-1].held.items() if cell.startswith(f"turn{one}"))
              for one in range(len(NAMES))]
    assert all((f"{name} {count} 段" in views[-1].caption) == (count > 0)
               for name, count in zip(NAMES, counts, strict=True))
