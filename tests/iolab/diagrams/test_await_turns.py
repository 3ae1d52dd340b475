"""Which line runs when, held against asyncio itself: the picture's own code, traced line by line."""

import asyncio
import sys

import pytest

from iolab import diagrams
from iolab.diagrams.await_turns import TASKS, TURNS, run
from loops import Clock, run_apart

SCENE = diagrams.load("await_turns")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}


def real(how, seconds):
    """[(second, task, line)] of the picture's code, as asyncio runs it on a clock that nobody waits for."""
    clock, log = Clock(), []
    names = {"asyncio": asyncio, "seconds": seconds, "print": lambda *words: None}
    exec(compile("\n".join(SCENE.code.lines), "<picture>", "exec"), names)

    def trace(frame, event, argument):
        if frame.f_code.co_filename != "<picture>":
            return None
        if event == "line":
            task = asyncio.current_task()
            dish = frame.f_locals.get("name", "")
            log.append((round(clock.now), "main" if task is main_task[0] else dish, frame.f_lineno))
        return trace

    main_task = []

    async def main():
        main_task.append(asyncio.current_task())
        coroutine = names["one_by_one" if how == TURNS else "together"]()
        sys.settrace(trace)
        try:
            await coroutine
        finally:
            sys.settrace(None)

    run_apart(main(), clock.loop)
    return log


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_asyncio_runs_the_same_lines_in_the_same_order_at_the_same_times(at, setting):
    log = real(*setting)
    assert [one[:3] for one in run(*setting)] == log
    assert [view.at for view in SCENE.films[at][1:-1]] == [(line,) for *_, line in log]
    for (second, task, _), view in zip(log, SCENE.films[at][1:-1], strict=True):
        assert view.held["clock"][0] == f"第 {second} 秒" and view.caption.startswith(f"第 {second} 秒，{task}：")


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_one_runs_at_a_time_and_who_awaits_gives_the_thread_away(at, setting):
    log, views = real(*setting), SCENE.films[at][1:-1]
    for number, ((_, task, line), view) in enumerate(zip(log, views, strict=True)):
        states = {name: view.held[name][0] for name in ("main", "茶", "面") if name in view.held}
        assert [name for name, state in states.items() if state == "在运行"] in ([task], [])
        gone = line == 3 or (line == 11 and number > 0)
        assert states[task] == ("停在 await" if gone else "在运行")
        after = {name for _, name, _ in log[number + 1:]}
        others = {name: state for name, state in states.items() if name not in (task, "main")}
        assert all((name in after) == (state != "结束了") for name, state in others.items())
        if gone and number + 1 < len(log):
            (now, *_), (then, following, _) = log[number], log[number + 1]
            assert states.get(following) in (("就绪",) if then == now else ("停在 await",))
            assert (f"循环让 {following} 运行" in view.caption) == (line == 3 and then == now)


def test_tasks_take_as_long_as_the_longest_and_awaits_their_sum():
    for at, (how, seconds) in SETTINGS.items():
        whole = real(how, seconds)[-1][0]
        assert whole == (2 + seconds if how == TURNS else max(2, seconds))
        assert f"{whole} 秒" in SCENE.films[at][-1].caption
    assert {how for how, _ in SETTINGS.values()} == {TURNS, TASKS}
