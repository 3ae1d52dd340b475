"""What the judge says of an answer."""

import asyncio
import os
import signal
import subprocess
import sys
import threading

import pytest

from iolab.grade import check
from loops import run_apart


def half(n): ...


def right(n):
    if n < 0:
        raise ValueError(n)
    return n / 2


def no_refusal(n):
    return n / 2


def other_error(n):
    raise TypeError("kaputt")


CASES = [((4,), 2.0), ((-1,), ValueError)]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (half, "还没有作答"),
        (..., "还没有作答"),
        (right, "正确：2 种情况都对"),
        (lambda n: n / 4, "还不对：<lambda>(4) 应该得到 2.0，却得到 1.0"),
        (lambda n: 2, "还不对：<lambda>(4) 应该得到 2.0，却得到 2"),
        (no_refusal, "还不对：no_refusal(-1) 应该抛出 ValueError，却得到 -0.5"),
        (other_error, "还不对：other_error(4) 却抛出了 TypeError：kaputt"),
        (lambda n: other_error(n) if n < 0 else n / 2,
         "还不对：<lambda>(-1) 应该抛出 ValueError，却抛出了 TypeError：kaputt"),
        (lambda n: int("x") if n < 0 else n / 2, "正确：2 种情况都对"),
        (lambda n: b"\xff".decode() if n < 0 else n / 2, "正确：2 种情况都对"),
    ],
)
def test_an_answer_is_judged_by_its_cases(answer, said, capsys):
    check(answer, *CASES)
    assert capsys.readouterr().out == said + "\n"


@pytest.mark.parametrize("body", ["...", "pass"])
@pytest.mark.parametrize("kind", ["def", "async def", "class C:\n    def __init__(self): self.n = 0\n    def"])
def test_a_stub_of_every_kind_is_no_answer(kind, body, capsys):
    space = {}
    exec(f"{kind} answer(self, a=1, *rest, key=None):\n        {body}", space)
    check(space.get("C") or space["answer"], ((), 1))
    assert capsys.readouterr().out == "还没有作答\n"


def test_a_value_is_compared_as_it_stands(capsys):
    check([1, 2], ((), [1, 2]))
    check([1, 2], ((), [2, 1]))
    assert capsys.readouterr().out == "正确\n还不对：答案 应该得到 [2, 1]，却得到 [1, 2]\n"


def test_a_coroutine_is_awaited(capsys):
    async def double(n):
        return n * 2

    check(double, ((2,), 4))
    assert capsys.readouterr().out == "正确\n"


def test_a_scene_sets_the_stage_and_a_name_tells_the_case(capsys):
    def in_a_thread(answer, n):
        got = []
        thread = threading.Thread(target=lambda: got.append(answer(n)))
        thread.start()
        thread.join()
        return got

    check(abs, ((-3,), [3]), ((-3,), lambda got: len(got) == 2, "两个线程"), scene=in_a_thread)
    assert capsys.readouterr().out == "还不对：两个线程 得到的 [3] 不符合要求\n"


def test_a_long_value_is_cut(capsys):
    check(lambda n: "x" * n, ((1000,), ""))
    assert len(capsys.readouterr().out) < 200


class EqualToAll:
    """Its __eq__ never refuses, its __repr__ never works."""

    __hash__ = None

    def __eq__(self, other):
        return True

    def __repr__(self):
        raise ValueError


class Speechless(Exception):
    def __str__(self):
        raise ValueError


def raising(error):
    def answer():
        raise error

    return answer


def endless():
    return endless()


async def given_up():
    raise asyncio.CancelledError


def numbers():
    yield 1


@pytest.mark.parametrize(
    ("answer", "expected", "said"),
    [
        (lambda: [EqualToAll()], [1], "应该得到 [1]，却得到 [<EqualToAll instance at "),
        (lambda: EqualToAll(), 1, "应该得到 1，却得到 <EqualToAll instance at "),
        (lambda: [True], [1], "应该得到 [1]，却得到 [True]"),
        (lambda: {"a": (1.0,)}, {"a": (1,)}, "应该得到 {'a': (1,)}，却得到 {'a': (1.0,)}"),
        (lambda: [1, 2], [1], "应该得到 [1]，却得到 [1, 2]"),
        (lambda: {"a": 1}, {"a": 1, "b": 2}, "应该得到 {'a': 1, 'b': 2}，却得到 {'a': 1}"),
        (numbers, [1], "应该得到 [1]，却得到 <generator object "),
        (lambda: print("1"), 1, "应该得到 1，却得到 None"),
        (endless, RuntimeError, "应该抛出 RuntimeError，却抛出了 RecursionError：maximum recursion depth"),
        (raising(NotImplementedError("以后再写")), RuntimeError,
         "应该抛出 RuntimeError，却抛出了 NotImplementedError：以后再写"),
        (raising(SystemExit(3)), 1, "却抛出了 SystemExit：3"),
        (given_up, 1, "却抛出了 CancelledError："),
        (raising(Speechless()), 1, "却抛出了 Speechless："),
        (raising(ValueError("x" * 100_000)), 1, "却抛出了 ValueError：" + "x" * 200 + "…"),
        (lambda: 5, lambda value: len(value) == 3, "得到的 5 不符合要求"),
    ],
)
def test_a_wrong_answer_is_told_however_it_goes_wrong(answer, expected, said, capsys):
    check(answer, ((), expected, "这一种"))
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith(f"还不对：这一种 {said}") and len(line) < 300


def test_a_message_of_exactly_the_length_that_is_shown_is_not_cut(capsys):
    check(raising(ValueError("x" * 200)), ((), 1, "这一种"))
    assert capsys.readouterr().out == f"还不对：这一种 却抛出了 ValueError：{'x' * 200}\n"


@pytest.mark.parametrize(("error", "expected"), [
    (RecursionError(), RecursionError), (NotImplementedError(), NotImplementedError), (SystemExit(), SystemExit),
    (RuntimeError(), RuntimeError)])
def test_the_error_that_was_asked_for_is_right(error, expected, capsys):
    check(raising(error), ((), expected))
    assert capsys.readouterr().out == "正确\n"


def test_an_answer_that_always_gives_the_same_is_no_stub(capsys):
    for answer, expected in ((lambda: "x", "x"), (lambda: b"", b""), (lambda: 7, 7), (lambda: (1, 2), (1, 2))):
        check(answer, ((), expected))
    assert capsys.readouterr().out == "正确\n" * 4


def test_without_a_case_nothing_is_right():
    with pytest.raises(ValueError, match="没有情况可以检查"):
        check(right)


def test_a_coroutine_is_awaited_where_a_loop_runs_already(capsys):
    """As in a cell of a notebook."""
    async def double(n):
        await asyncio.sleep(0)
        return n * 2

    async def cell():
        check(double, ((2,), 4))

    run_apart(cell())
    assert capsys.readouterr().out == "正确\n"


ENDLESS = """
import asyncio, threading, time
from iolab.grade import check

async def answer():
    print("begun", flush=True)
    try:
        await asyncio.sleep(600)
    finally:
        print("cancelled", flush=True)

try:
    check(answer, ((), 1))
except KeyboardInterrupt:
    while threading.active_count() > 1:
        time.sleep(0.01)
    print("interrupted", flush=True)
"""


def test_an_interrupt_ends_a_coroutine_that_never_ends():
    with subprocess.Popen([sys.executable, "-c", ENDLESS], stdout=subprocess.PIPE, text=True) as one:
        try:
            assert one.stdout.readline() == "begun\n"
            os.kill(one.pid, signal.SIGINT)
            assert one.communicate(timeout=30)[0] == "cancelled\ninterrupted\n" and one.returncode == 0
        finally:
            one.kill()


WORDS = "打印一次"


def forks_twice():
    print(WORDS)
    if os.fork():
        os.wait()


def forks_once():
    print(WORDS, flush=True)
    if helper_forks():
        os.wait()
    else:
        os._exit(0)


def helper_forks():
    return os.fork()


def on_a_stage(answer, more):
    answer()
    print(more)


def test_an_answer_that_forks_is_called_in_a_python_of_its_own(capfd):
    for answer, said in (forks_once, "正确\n"), (forks_twice, "还不对：一次 应该得到 '打印一次\\n'，"):
        check(answer, ((), WORDS + "\n", "一次"), apart=True)
        assert capfd.readouterr().out.startswith(said)
    check(forks_once, (("再见",), WORDS + "\n再见\n", "一次"), scene=on_a_stage, apart=True)
    assert capfd.readouterr().out == "正确\n"


def test_an_answer_that_ends_its_python_ends_no_other(capfd):
    def leaves():
        os._exit(3)

    check(leaves, ((), "（退出状态 3）", "立刻结束"), apart=True)
    assert capfd.readouterr().out == "正确\n"
