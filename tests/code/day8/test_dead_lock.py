"""day8/dead_lock*.py: a real deadlock, named by its watchdog, and four cures."""

import pytest

from iolab.launch import run


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
