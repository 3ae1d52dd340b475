"""The pool of the picture held against a real one: what it refuses, who begins what, what the end of `with` loses."""

import random
import threading
from multiprocessing.pool import ThreadPool

import pytest

from iolab import diagrams
from iolab.model import Went
from processes import wait_until

SCENE = diagrams.load("pool_work")


class Real:
    """A pool of two whose tasks end when they are told to; it keeps the same account as the picture."""

    def __init__(self):
        self.pool, self.tasks, self.done, self.over = ThreadPool(2), [], set(), False

    def press(self, name, busy):
        if name == "give":
            self._give(len(self.tasks) + 1)
        elif name in ("0", "1"):
            self.tasks[busy[int(name)] - 1][1].set()
        elif name == "close":
            self.pool.close()
        elif name == "join":
            if self.over is False and self.pool._state == "RUN":
                self.pool.join()              # raises
            for _, gate in self.tasks:
                gate.set()
            self.pool.join()
        else:
            self.pool.terminate()

    def _give(self, number):
        begun, gate = threading.Event(), threading.Event()

        def work():
            begun.set()
            gate.wait()
            self.done.add(number)

        self.pool.apply_async(work)
        self.tasks.append((begun, gate))

    def state(self):
        return {number for number, (begun, _) in enumerate(self.tasks, 1) if begun.is_set()}, set(self.done)

    def end(self):
        for _, gate in self.tasks:
            gate.set()
        self.pool.terminate()
        self.pool.join()


@pytest.mark.parametrize("seed", range(4))
def test_a_real_pool_does_the_same(seed):
    state, chance, real = SCENE.start, random.Random(seed), Real()
    try:
        for _ in range(14):
            name = chance.choice(["give", "give", "0", "1", "0", "1", "close", "join"])
            went = SCENE.press(state, name)
            if isinstance(went, str):
                if went.startswith("ValueError"):
                    with pytest.raises(ValueError, match=went.partition("：")[2].partition("。")[0]):
                        real.press(name, state[1])
                continue
            real.press(name, state[1])
            state = went.state
            _, busy, done, phase = state
            expected = {*done, *busy} - {0}, set(done)
            wait_until(lambda expected=expected: real.state() == expected, f"{name}: {state}")
            if phase == "joined":
                break
    finally:
        real.end()


def test_what_leaving_loses_is_what_is_not_done():
    for state, ways in zip(SCENE.states, SCENE.moves, strict=True):
        went = ways["leave"]
        if isinstance(went, Went):
            lost = state[0] - len(state[2])
            assert (f"{lost} 个任务丢了" in went.caption) == (lost > 0) and went.state[2] == state[2]
