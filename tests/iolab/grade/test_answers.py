"""What the judge says of an answer."""

import threading

import pytest

from iolab.grade import check


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
