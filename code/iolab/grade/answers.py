"""Judge the reader's answer to an exercise of a page, case by case."""

import asyncio
import functools
import inspect
import reprlib
from concurrent.futures import ThreadPoolExecutor


def _stub(): ...


async def _async_stub(): ...


STUBS = {_stub.__code__.co_code, _async_stub.__code__.co_code}


def check(answer, *cases, scene=None):
    """Print whether an answer is right: 还没有作答, 正确, or the first case that is not, with what came instead.

    answer: the reader's function (plain or async), class or value.
    cases: tuples (args, expected) or (args, expected, name). args is the tuple to call the answer with. expected is
    the value that must come, an exception class that must be raised, or a function of one argument that says whether
    the value will do; then `name` should say in words what is wanted. name replaces the printed call.
    scene: a function that is called as scene(answer, *args) instead of answer(*args), where a case needs a stage:
    sockets, threads, files. Without it, an answer that is no function is compared with expected as it stands.
    An answer is missing while it is `...`, or a function whose body is `...`.
    """
    if unanswered(answer):
        print("还没有作答")
        return
    for args, expected, *name in cases:
        told = name[0] if name else call(answer, args)
        if wrong := difference(lambda args=args: result(answer, args, scene), expected):
            print(f"还不对：{told} {wrong}")
            return
    print(f"正确：{len(cases)} 种情况都对" if len(cases) > 1 else "正确")


def unanswered(answer):
    """Whether this is still the stub that the page offers."""
    if inspect.isclass(answer):
        return any(map(unanswered, filter(inspect.isfunction, vars(answer).values())))
    code = getattr(answer, "__code__", None)
    return answer is ... or (bool(code) and code.co_code in STUBS)


def difference(attempt, expected):
    """What is not as expected of attempt(), in words; None if all is."""
    raises = inspect.isclass(expected) and issubclass(expected, BaseException)
    try:
        value = attempt()
    except Exception as error:
        if raises and isinstance(error, expected):
            return None
        wanted = f"应该抛出 {expected.__name__}，" if raises else ""
        return f"{wanted}却抛出了 {type(error).__name__}：{error}"
    if raises:
        return f"应该抛出 {expected.__name__}，却得到 {short(value)}"
    if inspect.isfunction(expected):
        return None if expected(value) else f"得到的 {short(value)} 不符合要求"
    same = type(value) is type(expected) and value == expected
    return None if same else f"应该得到 {short(expected)}，却得到 {short(value)}"


def result(answer, args, scene):
    """The value that a case gives. A coroutine runs in a thread of its own: a notebook's cell has a loop already."""
    attempt = functools.partial(scene, answer) if scene else answer
    value = attempt(*args) if callable(attempt) else attempt
    if not inspect.iscoroutine(value):
        return value
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, value).result()


def call(answer, args):
    name = getattr(answer, "__name__", None)
    return f"{name}({', '.join(map(short, args))})" if name else "答案"


SHORT = reprlib.Repr()
SHORT.maxstring = SHORT.maxother = 80
SHORT.maxlist = SHORT.maxtuple = SHORT.maxdict = 12


def short(value):
    return SHORT.repr(value)
