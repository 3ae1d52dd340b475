"""day8/dead_lock*.py: a real deadlock, named by its watchdog, and four cures."""

import importlib
import threading
from pathlib import Path

import pytest

from iolab.launch import run

SCRIPTS = Path(__file__).parents[3] / "code" / "day8"


@pytest.fixture
def common(monkeypatch):
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("dead_lock_common")


def test_two_threads_wait_for_each_other():
    result = run("day8/dead_lock.py", quiet=True)
    assert (result.status, result.output) == (1, (
        "死锁！等待图：\n  线程1 等 锁乙，锁乙 被 线程2 持有\n  线程2 等 锁甲，锁甲 被 线程1 持有\n"
        "  线程1 停在 transfer()：with locks[target]:\n  线程2 停在 transfer()：with locks[target]:\n"))


@pytest.mark.parametrize("count", [3, 5])
def test_the_cycle_may_be_longer(count):
    names = "甲乙丙丁戊"[:count]
    result = run("day8/dead_lock.py", *names, quiet=True)
    assert result.status == 1
    assert result.output.splitlines()[1:count + 1] == [
        f"  线程{n + 1} 等 锁{names[(n + 1) % count]}，锁{names[(n + 1) % count]} 被 线程{(n + 1) % count + 1} 持有"
        for n in range(count)]


@pytest.mark.parametrize("name", ["order", "back_off", "all_at_once", "owner"])
def test_each_cure_holds_a_thousand_times(name):
    result = run(f"day8/dead_lock_{name}.py", "--rounds", 1000, quiet=True, timeout=200)
    assert (result.status, result.output) == (0, "1000 轮都完成了 {'甲': 1000, '乙': 1000}\n")


@pytest.mark.parametrize(("programs", "states", "stuck"), [
    (("AB", "BA"), 9, "[(1, 1)]"),
    (("AB", "AB"), 8, "没有"),
    (("AB", "BC", "CA"), 27, "[(1, 1, 1)]"),
    (("AB", "BC", "AC"), 24, "没有"),
    (("AA",), 2, "[(1,)]"),
    (("A", "A"), 4, "没有"),
])
def test_all_orders_of_taking_locks(programs, states, stuck):
    output = run("day8/lock_states.py", *programs, quiet=True).output
    assert output == f"{' '.join(programs)}：能到达 {states} 个状态，死锁 {stuck}\n"


class Ended(BaseException):
    pass


@pytest.mark.parametrize(("seen", "reports"), [("ab", 0), ("a-a", 0), ("aa", 1), ("bba", 1), ("--", 0)])
def test_a_cycle_must_be_seen_twice_running(common, monkeypatch, seen, reports):
    """What the watchdog reads is a patchwork; only what does not change is a deadlock."""
    threads = {name: [threading.Thread(name=name + n) for n in "12"] for name in "ab"}
    graphs = iter([{} if name == "-" else dict(zip(threads[name], [("", t) for t in threads[name][::-1]], strict=True))
                   for name in seen])
    told = []

    def end(status):
        raise Ended

    monkeypatch.setattr(common, "wait_for_graph", lambda: next(graphs))
    monkeypatch.setattr(common, "report", lambda cycle, graph: told.append(cycle))
    monkeypatch.setattr(common.os, "_exit", end)
    with pytest.raises((Ended, StopIteration)):
        common.watch()
    assert len(told) == reports


def test_a_wait_that_ends_by_itself_is_no_edge(common):
    lock = common.NamedLock("锁")
    me = threading.current_thread()
    with lock:
        waits = [threading.Thread(target=lock.acquire, args=(seconds,), daemon=True) for seconds in (0.5, -1)]
        for t in waits:
            t.start()
        while waits[1] not in common.waiting:
            pass
        graph = common.wait_for_graph()
        assert graph == {waits[1]: (lock, me)}
        waits[0].join()
    waits[1].join()
    assert lock.owner is waits[1] and not common.waiting
    lock.release()
