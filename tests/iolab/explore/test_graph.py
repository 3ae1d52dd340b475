"""The enumeration against brute force on random small programs, and against counts that are known."""

from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iolab.explore import load
from iolab.explore.graph import Move, TooLarge, explore
from iolab.explore.level import Variant, ends_with, stuck
from iolab.explore.machine import Machine
from iolab.explore.program import Program, ProgramError
from soak import amount

# A line of a thread, and what it does to (x, owner of the lock, the thread's a), by hand: None if it must wait.
LINES = {
    "a = x": lambda x, owner, a, me: (x, owner, x),
    "x = a + 1": lambda x, owner, a, me: (a + 1, owner, a),
    "x = x * 2": lambda x, owner, a, me: (x * 2, owner, a),
    "lock.acquire()": lambda x, owner, a, me: (x, me, a) if owner is None else None,
    "lock.release()": lambda x, owner, a, me: (x, None, a) if owner == me else (x, owner, a),
}
THREADS = st.lists(st.lists(st.sampled_from(sorted(LINES)), min_size=1, max_size=4), min_size=2, max_size=3)


def text(threads):
    functions = []
    for number, lines in enumerate(threads):
        held, body = False, []
        for line in lines:  # only who holds the lock releases it
            if line == "lock.release()" and not held:
                line = "pass_ = 0"
            held = (held and line != "lock.release()") or line == "lock.acquire()"
            body.append(line)
        functions.append(f"def f{number}():\n    global x\n    " + "\n    ".join(body))
    return "import threading\nx = 1\nlock = threading.Lock()\n" + "\n".join(functions)


def by_hand(threads):
    """(runs, bad runs, length of the shortest bad one): every schedule is walked on its own."""
    found = []

    def walk(x, owner, locals, at, length):
        moved = False
        for me, lines in enumerate(threads):
            if at[me] < len(lines):
                after = LINES[lines[at[me]]](x, owner, locals[me], me)
                if after:
                    moved = True
                    walk(after[0], after[1], (*locals[:me], after[2], *locals[me + 1:]),
                         (*at[:me], at[me] + 1, *at[me + 1:]), length + 1)
        if not moved:
            over = all(at[me] == len(lines) for me, lines in enumerate(threads))
            found.append((not over or x % 3 == 0, length))

    walk(1, None, (0,) * len(threads), (0,) * len(threads), 0)
    bad = [length for wrong, length in found if wrong]
    return len(found), len(bad), min(bad, default=None)


@settings(max_examples=amount(20, 200))
@given(THREADS)
def test_runs_are_those_that_brute_force_finds(threads):
    threads = [["a = x", *lines] for lines in threads][:2] + threads[2:][:1]
    threads = [lines if lines[0] == "a = x" else ["a = x", *lines] for lines in threads]
    threads = [lines[:4] for lines in threads]
    program = Program(text(threads), {f"t{me}": f"f{me}()" for me in range(len(threads))})
    graph = Variant("", Machine(program), (stuck(), ends_with("x % 3", lambda v: v.x % 3 == 0))).graph
    shortest = graph.shortest and len(graph.shortest)
    assert (graph.runs, graph.bad_runs, shortest) == by_hand(threads)


@given(st.lists(st.lists(st.integers(0, 11), max_size=3), min_size=1, max_size=12), st.sets(st.integers(0, 11)))
def test_a_graph_is_walked_as_far_as_it_goes(arrows, bad):
    def moves(state):
        return [Move("x", f"{place}", after % len(arrows), f"{place}") for place, after in enumerate(arrows[state])]

    graph = explore(0, moves, lambda state, stuck: state in bad)
    reached, distance = {0}, {0: 0}
    for _ in arrows:
        for state in sorted(reached):
            for after in arrows[state]:
                reached.add(after % len(arrows))
                distance.setdefault(after % len(arrows), distance[state] + 1)
    assert set(graph.states) == reached
    near = [distance[state] for state in reached & bad]
    assert (len(graph.shortest) if near else graph.shortest) == min(near, default=None)
    if graph.shortest:
        assert graph.follow([move.key for move in graph.shortest])[-1][0].after in bad
    comes_to = {state: graph.states[state] in bad for state in range(len(graph.states))}
    for _ in arrows:
        for state, edges in enumerate(graph.edges):
            comes_to[state] |= any(comes_to[after] for _, after in edges)
    assert graph.can_reach(graph.bad) == {state for state, can in comes_to.items() if can}


def test_two_threads_of_three_steps():
    graph = load("lost_update").broken.graph
    assert (len(graph.states), graph.runs, graph.bad_runs) == (22, comb(6, 3), 18)


def test_three_philosophers():
    assert len(load("philosophers").broken.graph.states) == 87


def test_a_cycle_has_no_number_of_runs():
    graph = explore(0, lambda state: [Move("x", "", (state + 1) % 3)], lambda state, stuck: state == 2)
    assert graph.runs is graph.bad_runs is None
    assert len(graph.shortest) == 2 and graph.can_reach({1}) == {0, 1, 2}


def test_what_never_ends_is_refused():
    with pytest.raises(TooLarge, match="超过 100 个状态"):
        explore(0, lambda state: [Move("x", "", state + 1)], lambda state, stuck: False, most=100)


@pytest.mark.parametrize(("body", "word"), [
    ("try:\n        pass\n    except OSError:\n        pass", "Try"),
    ("with lock, lock:\n        pass", "一项"),
    ("with lock:\n        return 1", "return"),
    ("while True:\n        with lock:\n            break", "跳出循环"),
])
def test_a_program_that_cannot_be_cut_is_refused(body, word):
    with pytest.raises(ProgramError, match=word):
        Program(f"lock = 0\n\ndef f():\n    {body}\n", {"甲": "f()"})
