"""Downloads one by one and at once, held against asyncio: a lock for the processor, sleep() for what is outside."""

import asyncio

import pytest

from iolab import diagrams
from iolab.diagrams.wait_together import LENGTH, ONCE, TURNS
from loops import Clock, run_apart

SCENE = diagrams.load("wait_together")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}


def real(count, asks, how):
    """[{square: what the download does in it}], as asyncio schedules it on a clock that nobody waits for."""
    clock, log = Clock(), [{} for _ in range(count)]

    def spent(number, word, since):
        log[number] |= dict.fromkeys(range(since, round(clock.now)), word)

    async def download(number, processor):
        begun = round(clock.now)
        async with processor:
            spent(number, "排", begun)
            begun = round(clock.now)
            await asyncio.sleep(asks)
            spent(number, "算", begun)
        begun = round(clock.now)
        await asyncio.sleep(LENGTH - asks)
        spent(number, "等", begun)

    async def main():
        processor = asyncio.Lock()
        if how == ONCE:
            await asyncio.gather(*(download(number, processor) for number in range(count)))
        for number in range(count if how == TURNS else 0):
            await download(number, processor)

    run_apart(main(), clock.loop)
    return log


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_asyncio_spends_the_same_squares_in_the_same_way(at, setting):
    log, end = real(*setting), SCENE.films[at][-1]
    for number, squares in enumerate(log, 1):
        lane = {int(cell.partition("-")[2]): words for cell, (words, _) in end.held.items()
                if cell.startswith(f"{number}-")}
        assert lane == squares
        busy = {int(cell[3:]) for cell, held in end.held.items() if cell[:3] == "cpu" and held[0] == str(number)}
        assert busy == {slot for slot, word in squares.items() if word == "算"}


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_the_sentences_say_what_the_squares_show(at, setting):
    log, views = real(*setting), SCENE.films[at]
    shown = 0
    for view in views[1:-1]:
        now = 1 + max(int(cell.strip("cpu").rpartition("-")[2]) for cell in view.held)
        for slot in range(shown, now):
            does = {word: [number for number, squares in enumerate(log, 1) if squares.get(slot) == word]
                    for word in "算等排"}
            names = {word: "、".join(map(str, numbers)) for word, numbers in does.items()}
            assert (f"CPU 在替下载 {names['算']} 干活" if does["算"] else "CPU 空着") in view.caption
            assert (f"下载 {names['等']} 在等回答" in view.caption) == bool(does["等"])
            assert (f"下载 {names['排']} 排队" in view.caption) == bool(does["排"])
            assert (2 in view.at, 3 in view.at) == (bool(does["算"]), bool(does["等"]))
        shown = now
    whole = 1 + max(max(squares) for squares in log)
    busy = sum(word == "算" for squares in log for word in squares.values())
    assert shown == whole
    assert views[-1].caption.startswith(f"{whole} 格做完：CPU 忙了 {busy} 格，空着 {whole - busy} 格。")


def test_waits_lie_on_top_of_each_other_and_work_does_not():
    def length(count, asks, how):
        return 1 + max(max(squares) for squares in real(count, asks, how))

    for at, (count, asks, how) in SETTINGS.items():
        if count > 1:
            other = length(count, asks, TURNS if how == ONCE else ONCE)
            assert f"要 {other} 格" in SCENE.films[at][-1].caption
    assert length(3, 1, TURNS) == 15 and length(3, 1, ONCE) == 7 and length(3, 4, ONCE) == 13
