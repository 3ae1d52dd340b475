"""Workers and queues held against asyncio, whose semaphore lets in who comes first, and against Little's law itself."""

import asyncio
import re

import pytest

from iolab import diagrams
from iolab.diagrams.workers import COME, SHOWN, SQUARE
from loops import Clock, run_apart

SCENE = diagrams.load("workers")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}


def real(each, workers):
    """[(square in which it comes, is begun, is done)], as asyncio serves them on a clock that nobody waits for."""
    clock, log = Clock(), []

    async def request(comes, gate):
        await asyncio.sleep(comes)
        async with gate:
            begins = round(clock.now)
            await asyncio.sleep(each // SQUARE)
        log.append((comes, begins, round(clock.now)))

    async def main():
        gate = asyncio.Semaphore(workers)
        await asyncio.gather(*(request(comes, gate) for comes in range(COME)))

    run_apart(main(), clock.loop)
    return sorted(log)


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_asyncio_has_as_many_at_work_and_in_the_queue_in_every_square(at, setting):
    log = real(*setting)
    for now, view in enumerate(SCENE.films[at][1:-1]):
        busy = [number for number, (_, begins, ends) in enumerate(log, 1) if begins <= now < ends]
        queue = [number for number, (comes, begins, _) in enumerate(log, 1) if comes <= now < begins]
        shown = {colour: [int(re.match(r"\d+", words)[0]) for words, tone in view.held.values() if tone == colour]
                 for colour in ("green", "amber")}
        assert sorted(shown["green"]) == busy and sorted(shown["amber"]) == queue[:SHOWN] == queue
        assert len([cell for cell in view.held if cell.startswith("worker")]) == setting[1]
        assert f"第 {now + 1} 个来了。{len(busy)} 个在服务" in view.caption
        assert (f"{len(queue)} 个在排队" in view.caption) == bool(queue)
        assert view.held["done"][0] == f"做完 {sum(ends <= now for *_, ends in log)} 个"


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_those_inside_are_the_rate_times_the_time_of_each(at, setting):
    """Little's law by counting: squares with so many inside against the sum of all stays; then what the end says."""
    each, workers = setting
    log, said = real(*setting), SCENE.films[at][-1].caption
    squares = range(max(ends for *_, ends in log))
    inside = sum(sum(comes <= now < ends for comes, _, ends in log) for now in squares)
    assert inside == sum(ends - comes for comes, _, ends in log)
    steady = [sum(begins <= now < ends for _, begins, ends in real(each, COME)) for now in range(each // SQUARE, COME)]
    assert set(steady) == {each // SQUARE} and f"同时有 {each // SQUARE} 个在里面" in said
    longest = max(begins - comes for comes, begins, _ in log) * SQUARE
    assert ("队伍越来越长" in said) == (longest > 0) == (workers < each // SQUARE)
    assert not longest or f"第 {COME} 个要等 {longest} 毫秒" in said
