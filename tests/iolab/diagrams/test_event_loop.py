"""Who waits for a loop, held against asyncio itself: its own scheduler, on a clock that only computing moves."""

import asyncio

import pytest

from iolab import diagrams
from iolab.diagrams.event_loop import CLIENTS, DIRECT, POOL, SLOT, served
from loops import Clock, run_apart

SCENE = diagrams.load("event_loop")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}


def run(milliseconds, how):
    """{client: (start, end) of its work} in squares, as asyncio schedules it."""
    clock, log = Clock(), {}
    loop = clock.loop()

    def compute(client, slots):
        start = round(clock.now)
        clock.now += slots
        log[client] = start, round(clock.now)

    async def handle(client):
        await asyncio.sleep(CLIENTS.index(client))
        slots = milliseconds // SLOT if client == "A" else 1
        if client == "A" and how == POOL:
            start, done = round(clock.now), loop.create_future()    # somebody else computes meanwhile
            log[client] = start, round(loop.call_later(slots, done.set_result, None).when())
            await done
        else:
            compute(client, slots)

    async def main():
        await asyncio.gather(*map(handle, CLIENTS))

    run_apart(main(), lambda: loop)
    return log


@pytest.mark.parametrize("setting", SETTINGS.values())
def test_asyncio_serves_in_the_same_order_at_the_same_times(setting):
    milliseconds, how = setting
    assert {client: (start, end) for client, _, start, end in served(milliseconds // SLOT, how)} == run(*setting)


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_the_squares_are_the_times(at, setting):
    log, end = run(*setting), SCENE.films[at][-1]
    for arrives, client in enumerate(CLIENTS):
        start, done = log[client]
        lane = {int(cell[1:]): colour for cell, (_, colour) in end.held.items() if cell[0] == client}
        assert lane == {**dict.fromkeys(range(arrives, start), "amber"), **dict.fromkeys(range(start, done), "green")}
        place = "pool" if client == "A" and setting[1] == POOL else "loop"
        assert [end.held[f"{place}{slot}"][0] for slot in range(start, done)] == [client] * (done - start)
    for number, view in enumerate(SCENE.films[at][:-1]):
        assert all(int(cell.strip("ABCDlop")) < number for cell in view.held), "nothing is shown before its time"
        waiting = [client for client in CLIENTS if view.held.get(f"{client}{number - 1}") == ("", "amber")]
        assert ("没有人看" in view.caption) == bool(waiting) and "、".join(waiting) in view.caption


def test_the_end_names_who_waited_longest_and_how_long():
    for at, (milliseconds, how) in SETTINGS.items():
        log = run(milliseconds, how)
        waits = {client: (log[client][0] - CLIENTS.index(client)) * SLOT for client in CLIENTS}
        end = SCENE.films[at][-1].caption
        assert ("没有人等过" in end) == (not any(waits.values()))
        assert not any(waits.values()) or f"{max(waits.values())} 毫秒才轮到它" in end
    assert {how for _, how in SETTINGS.values()} == {DIRECT, POOL}
