"""The futures of the picture held against real ones: in what state each is, and what cancel() and result() answer."""

import contextlib
import random
import threading
from concurrent.futures import CancelledError, ThreadPoolExecutor

import pytest

from iolab import diagrams
from iolab.model import Went
from processes import wait_until

SCENE = diagrams.load("future_states")
WORDS = {"PENDING": "PENDING", "RUNNING": "RUNNING", "done": "FINISHED", "raised": "FINISHED", "asked": "FINISHED",
         "CANCELLED": "CANCELLED"}
PATIENCE = 10


class Real:
    """A pool of one worker whose tasks end as they are told, and a main thread that may be asked to wait."""

    def __init__(self):
        self.pool, self.main = ThreadPoolExecutor(1), ThreadPoolExecutor(1)
        self.futures, self.gates, self.asked = {}, [], None

    def submit(self):
        gate, number = threading.Event(), len(self.gates)
        gate.fails = False

        def work():
            assert gate.wait(PATIENCE)
            if gate.fails:
                raise ArithmeticError(number)
            return number

        self.gates.append(gate)
        self.futures["ab"[number]] = self.pool.submit(work)

    def end(self, number, fails):
        self.gates[number].fails = fails
        self.gates[number].set()

    def states(self):
        names = {"PENDING": "PENDING", "RUNNING": "RUNNING", "FINISHED": "FINISHED", "CANCELLED": "CANCELLED",
                 "CANCELLED_AND_NOTIFIED": "CANCELLED"}
        return [names[future._state] for future in self.futures.values()]

    def close(self):
        for gate in self.gates:
            gate.set()
        self.pool.shutdown()
        self.main.shutdown()


def said(call):
    """What a caption must say of this call of result() or cancel()."""
    try:
        value = call()
    except CancelledError:
        return "CancelledError"
    except ArithmeticError:
        return "抛出"
    return f"返回 {value}" if isinstance(value, bool) else "返回"


@pytest.mark.parametrize("seed", range(12))
def test_real_futures_do_the_same(seed):
    state, chance, real = SCENE.start, random.Random(seed), Real()
    try:
        for _ in range(16):
            name = chance.choice([button.name for button in SCENE.buttons if button.name != "leave"])
            went = SCENE.press(state, name)
            told = went.caption if isinstance(went, Went) else went
            refused = not isinstance(went, Went) and told.startswith(("还没有", "主线程停在", "甲闲着"))
            if refused:
                continue
            blocks = "停下来等" in told
            if name == "submit":
                if isinstance(went, Went):
                    real.submit()
            elif name in ("return", "raise"):
                real.end(state.futures.index("RUNNING"), name == "raise")
            elif blocks:
                real.asked = real.main.submit(said, real.futures[name[0]].result)
            else:
                assert said(getattr(real.futures[name[0]], name[2:])) in told
            state = went.state if isinstance(went, Went) else state
            expected = [WORDS[what] for what in state.futures]
            wait_until(lambda expected=expected: real.states() == expected, f"{name}: {state}")
            if "主线程醒来" in told:
                assert real.asked.result(PATIENCE) in told.partition("主线程醒来")[2]
            elif real.asked and state.waits:
                assert not real.asked.done()
    finally:
        real.close()


def test_leaving_tells_which_exceptions_nobody_asked_for():
    for state, ways in zip(SCENE.states, SCENE.moves, strict=True):
        if isinstance(went := ways["leave"], Went):
            lost = [name for name, what in zip("ab", state.futures, strict=False) if what == "raised"]
            assert ("丢了" in went.caption) == bool(lost)
            assert all(name in went.caption for name in lost)


def test_with_waits_and_keeps_quiet_about_exceptions():
    gate = threading.Event()
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(1))
        lost, late = pool.submit(divmod, 1, 0), pool.submit(gate.wait, PATIENCE)
        threading.Timer(0.02, gate.set).start()
    assert late.result() and isinstance(lost.exception(), ZeroDivisionError)
