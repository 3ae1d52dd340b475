"""The specification of lab queue: a bounded queue with locks, under schedules that the judge chooses.

The program is a Python file with a class BoundedQueue(capacity) of put(item), get() and close(), and an exception
Closed. It may use what `threading` offers. See iolab/grade/schedules.py for how a schedule is driven.
"""

import json
from pathlib import Path

from iolab.grade import schedules
from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab

ROUNDS = 60  # schedules a scenario

LAB = Lab("queue", "用锁做一个有界队列", {
    **COMMON,
    "file": Hint("要一个 Python 文件，里面有类 BoundedQueue(capacity)：put、get、close，和异常 Closed",
                 "thread/sync", ""),
    "order": Hint("先放进的先取出", "thread/sync", "collections.deque：append 和 popleft。"),
    "overflow": Hint("满了还放：检查和放进之间，别人也放了；或者满了没有等", "thread/sync-tools",
                     "检查和放进要在同一把锁里；醒来以后要再查一遍（while，不是 if）。"),
    "lost": Hint("一个东西丢了，或者被取了两次：取出的几步被别人插进来了", "thread/sync", "整个 get 要在锁里。"),
    "error": Hint("空了还往下取：没有等，或者醒来以后没有再查；被叫醒和拿到锁之间，别人先来了", "thread/sync-tools",
                  "while 空: wait()，不是 if；没有锁的检查也是这样出错的。"),
    "lost-wakeup": Hint("该醒的没有人叫：大家都等在 wait 里", "thread/sync-tools",
                        "一个条件上等着两种人时，notify() 可能叫醒不该醒的那个：用两个条件，或者 notify_all()。"),
    "deadlock": Hint("死锁：拿着锁去等别的", "thread/deadlock",
                     "先拿信号量，再拿锁；等的时候不能拿着锁（只有 Condition.wait 替你放开）。用 with 释放。"),
    "spin": Hint("忙等：条件没有满足，就一遍遍地查", "thread/sync-tools",
                 "Condition.wait，或者信号量：等的时候不占处理器。"),
    "closed": Hint("close 以后：put 抛出 Closed；get 先把剩下的取完，再抛出 Closed；等着的都要醒", "thread/sync-tools",
                   "close 里 notify_all；醒来的人要看 closed。"),
    "close-wakes": Hint("close 没有叫醒等着的人",
                        "thread/sync-tools", "两个条件都要 notify_all()；信号量要一个叫一个地传下去。"),
})


def under_schedules(scene, capacity, hints=None, rounds=ROUNDS, **threads):
    """Let the threads, each a list of calls, run on a new queue under many schedules."""
    *python, path = scene.command
    if Path(path).suffix != ".py":
        raise Failed("一个 Python 文件", path, "file")
    drained = not any(call[0] == "close" for calls in threads.values() for call in calls)
    plan = {"capacity": capacity, "threads": threads, "drained": drained}
    for name, calls in threads.items():
        scene.transcript.note(name, "、".join(f"{method}({', '.join(map(repr, rest))})" for method, *rest in calls))
    seed = scene.draw.getrandbits(32)
    output = scene.run(path, seed, rounds, json.dumps(plan), command=[*python, schedules.__file__], told=False)
    said = output.receive_all("评测的驱动程序说完", answers=8).rpartition(b"\n")[0].rpartition(b"\n")[2]
    program, scene.program = scene.program, None
    try:
        found = json.loads(said)
    except ValueError:
        program.wait(scene.pace.patience)
        raise Failed("BoundedQueue 的每个调用都有结果", program.end(), "file") from None
    if found:
        for name, lines in found["steps"]:
            scene.transcript.note(name, f"走过第 {'、'.join(map(str, lines))} 行")
        kind = (hints or {}).get(found["kind"], found["kind"])
        raise Failed(f"{rounds} 种调度都对", f"第 {found['round']} 种：{found['what']}", kind)


def puts(scene, name, count):
    return [["put", f"{name}{scene.draw.randint(10, 99)}"] if count == 1 else ["put", f"{name}{number}"]
            for number in range(count)]


def gets(count):
    return [["get"]] * count


alone = LAB.stage("一个线程", 1, serves=False)


@alone.scenario("放三个，取三个", hint="order")
def in_order(scene):
    under_schedules(scene, 3, rounds=1, 甲=[*puts(scene, "a", 3), *gets(3)])


@alone.scenario("一放一取，很多次", hint="order")
def again_and_again(scene):
    calls = [call for number in range(8) for call in (["put", f"a{number}"], ["get"])]
    under_schedules(scene, 1, rounds=1, 甲=calls)


pairs = LAB.stage("一个放，一个取", 1, serves=False)


@pairs.scenario("容量 1", hint="lost")
def through_one(scene):
    under_schedules(scene, 1, 放=puts(scene, "a", 4), 取=gets(4))


@pairs.scenario("容量 2，放的快，取的慢", hint="overflow")
def through_two(scene):
    under_schedules(scene, 2, 放=puts(scene, "a", 5), 取=gets(5))


crowd = LAB.stage("几个放，几个取", 2, serves=False)


@crowd.scenario("三个放，一个取，容量 1", hint="overflow")
def three_and_one(scene):
    under_schedules(scene, 1, rounds=2 * ROUNDS, **{f"放{n}": puts(scene, n, 3) for n in "一二三"}, 取=gets(9))


@crowd.scenario("一个放，两个取，容量 1", hint="error")
def one_and_two(scene):
    under_schedules(scene, 1, 放=puts(scene, "a", 4), 取一=gets(2), 取二=gets(2))


@crowd.scenario("三个放，三个取，容量 1", hint="lost-wakeup")
def three_and_three(scene):
    under_schedules(scene, 1, rounds=2 * ROUNDS, **{f"放{n}": puts(scene, n, 2) for n in "一二三"},
                    **{f"取{n}": gets(2) for n in "一二三"})


@crowd.scenario("两个放，两个取，容量 2", hint="lost")
def two_and_two(scene):
    under_schedules(scene, 2, 放一=puts(scene, "a", 3), 放二=puts(scene, "b", 3), 取一=gets(3), 取二=gets(3))


closing = LAB.stage("关闭", 3, serves=False)
WAKES = {"lost-wakeup": "close-wakes", "deadlock": "close-wakes"}


@closing.scenario("关闭以后，剩下的取完，再抛出 Closed", hint="closed")
def drains(scene):
    under_schedules(scene, 3, WAKES, rounds=1, 甲=[*puts(scene, "a", 2), ["close"], *gets(3)])
    under_schedules(scene, 3, WAKES, rounds=1, 甲=[["close"], ["put", "x"]])


@closing.scenario("三个等着取的，都被 close 叫醒", hint="close-wakes")
def wakes_consumers(scene):
    under_schedules(scene, 1, WAKES, 放=[*puts(scene, "a", 1), ["close"]], **{f"取{n}": gets(2) for n in "一二三"})


@closing.scenario("三个等着放的，都被 close 叫醒", hint="close-wakes")
def wakes_producers(scene):
    under_schedules(scene, 1, WAKES, 关=[["get"], ["close"]], **{f"放{n}": puts(scene, n, 2) for n in "一二三"})
