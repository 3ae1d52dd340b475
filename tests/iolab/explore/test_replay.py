"""Real threads, processes and kernels take the paths of the levels, and are held to what was predicted.

A few here; `make soak` does every level's shortest bad path and one random path of each program a hundred times.
"""

import random
from dataclasses import replace

import pytest

from iolab import explore
from iolab.explore.program import Program
from iolab.explore.replay import ReplayError, replay
from soak import amount

TIMES = amount(0, 100)
FEW = ["both_send", "condition_if", "event_missed", "fork_buffer", "lost_update", "orphan_zombie", "queue_join",
       "sigchld_merged", "two_locks"]
FAR = 60


def some_path(graph, seed=7):
    """The keys of a random run, or of its first steps if it has no end."""
    chance, at, keys = random.Random(seed), 0, []
    while graph.edges[at] and len(keys) < FAR:
        move, at = chance.choice(graph.edges[at])
        keys.append(move.key)
    return keys


def shortest(variant):
    return [move.key for move in variant.graph.shortest]


def replayed(variant, keys):
    try:
        done = replay(variant, keys)
    except ReplayError as error:
        assert "这台机器上不能真的走一遍" in str(error), error
        pytest.skip(str(error))
    assert done.same, str(done)
    assert len(done.lines) == len(keys)
    return done


@pytest.mark.parametrize("name", FEW)
def test_real_ones_take_the_shortest_bad_path(name):
    broken = explore.load(name).broken
    end = broken.graph.follow(shortest(broken))[-1][1]
    assert broken.goal_of(end) in replayed(broken, shortest(broken)).outcome


@pytest.mark.parametrize("name", ["bounded_queue", "condition_if", "philosophers", "semaphore", "sigchld_merged"])
def test_real_ones_take_some_path_of_a_cured_program(name):
    cured = explore.load(name).cured[-1]
    assert "没有出事" in replayed(cured, some_path(cured.graph)).outcome


def test_two_kernels_lose_the_last_acknowledgement():
    broken = explore.load("network").broken
    assert "RST" in replayed(broken, shortest(broken)).outcome


@pytest.mark.parametrize("name", explore.names() if TIMES else [])
def test_every_replay_is_the_same(name):
    for variant in explore.load(name).variants:
        paths = [some_path(variant.graph)] + ([shortest(variant)] if variant.graph.shortest else [])
        for path in paths:
            for _ in range(TIMES):
                replayed(variant, path)


# --- what a replay notices ---

def test_a_thread_that_dies_is_noticed():
    variant = explore.load("lost_update").broken
    other = Program(variant.system.program.text.replace("balance + 1", "balance + one"), variant.system.program.actors)
    done = replay(swapped(variant, other), shortest(variant))
    assert not done.same and "死于 NameError" in done.outcome


def test_a_program_that_computes_something_else_is_noticed():
    variant = explore.load("lost_update").broken
    path = shortest(variant)
    other = Program(variant.system.program.text.replace("balance + 1", "balance + 2"), variant.system.program.actors)
    done = replay(swapped(variant, other), path)
    assert not done.same
    assert done.outcome == "和推算的不一样：甲 走完以后 balance 是 2，应当是 1"


def test_a_deadlock_that_is_none_is_noticed():
    variant = explore.load("self_lock").broken
    other = Program(variant.system.program.text.replace("Lock()", "RLock()"), variant.system.program.actors)
    done = replay(swapped(variant, other), shortest(variant))
    assert not done.same
    assert done.outcome == "和推算的不一样：甲 应当停在这里，却往前走了"


def swapped(variant, program):
    """The variant with its graph, but another program on the stage."""
    system = variant.system
    stand_in = type(system).__new__(type(system))
    stand_in.__dict__.update(system.__dict__, program=program)
    copy = replace(variant, system=stand_in)
    copy.__dict__["graph"] = variant.graph
    return copy


def test_a_path_that_does_not_exist_is_refused():
    with pytest.raises(KeyError, match="第 2 步没有 '丙' 可走，这时能走的：甲、乙"):
        replay(explore.load("lost_update").broken, ["甲", "丙"])
