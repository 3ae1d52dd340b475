"""Judge the reader's answer to an exercise of a page, case by case."""

import asyncio
import contextlib
import functools
import inspect
import reprlib
import threading
from concurrent.futures import Future

from iolab.grade.apart import printed


def _stub(): ...


async def _async_stub(): ...


STUBS = {_stub.__code__.co_code, _async_stub.__code__.co_code}
# Errors that no exercise asks for by the name of their parent: an answer that never ends or is not there
UNASKED = (RecursionError, NotImplementedError)
MOST = 200  # characters of an error's message that are shown


def check(answer, *cases, scene=None, apart=False):
    """Print whether an answer is right: 还没有作答, 正确, or the first case that is not, with what came instead.

    answer: the reader's function (plain or async), class or value.
    cases: tuples (args, expected) or (args, expected, name). args is the tuple to call the answer with. expected is
    the value that must come, an exception class that must be raised, or a function of one argument that says whether
    the value will do; then `name` should say in words what is wanted. name replaces the printed call.
    scene: a function that is called as scene(answer, *args) instead of answer(*args), where a case needs a stage:
    sockets, threads, files. Without it, an answer that is no function is compared with expected as it stands.
    apart: the answer, and the scene with it, is called in a Python of its own, and the value of a case is what it
    prints there (str): for answers that fork, exit, or set signals. args are then plain values.
    An answer is missing while it is `...`, or a function whose body is `...`. Raises ValueError without a case.
    """
    if not cases:
        raise ValueError("check() 没有情况可以检查：什么答案都会算对。")
    if unanswered(answer):
        print("还没有作答")
        return
    for args, expected, *name in cases:
        told = name[0] if name else call(answer, args)
        if wrong := difference(lambda args=args: result(answer, args, scene, apart), expected):
            print(f"还不对：{told} {wrong}")
            return
    print(f"正确：{len(cases)} 种情况都对" if len(cases) > 1 else "正确")


def unanswered(answer):
    """Whether this is still the stub that the page offers."""
    if inspect.isclass(answer):
        return any(map(unanswered, filter(inspect.isfunction, vars(answer).values())))
    code = getattr(answer, "__code__", None)
    return answer is ... or (bool(code) and code.co_code in STUBS and set(code.co_consts) <= {None, answer.__doc__})


def difference(attempt, expected):
    """What is not as expected of attempt(), in words; None if all is."""
    raises = inspect.isclass(expected) and issubclass(expected, BaseException)
    try:
        value = attempt()
    except KeyboardInterrupt:  # the reader's, of the cell
        raise
    except BaseException as error:
        if raises and isinstance(error, expected) and not (isinstance(error, UNASKED) and expected not in UNASKED):
            return None
        wanted = f"应该抛出 {expected.__name__}，" if raises else ""
        return f"{wanted}却抛出了 {type(error).__name__}：{message(error)}"
    if raises:
        return f"应该抛出 {expected.__name__}，却得到 {short(value)}"
    if inspect.isfunction(expected):
        return None if will_do(value, expected) else f"得到的 {short(value)} 不符合要求"
    return None if same(value, expected) else f"应该得到 {short(expected)}，却得到 {short(value)}"


def will_do(value, expected):
    """Whether expected(value) says so. What it cannot even look at, such as None instead of a list, will not do."""
    try:
        return expected(value)
    except Exception:
        return False


def same(value, expected):
    """Whether both are equal and of the same types, all the way down: 1 is neither True nor 1.0."""
    if type(value) is not type(expected):
        return False
    if isinstance(expected, list | tuple):
        return len(value) == len(expected) and all(map(same, value, expected))
    if isinstance(expected, dict):
        return value.keys() == expected.keys() and all(same(value[key], wanted) for key, wanted in expected.items())
    return value == expected


def result(answer, args, scene, apart):
    """The value that a case gives."""
    if apart:
        return printed([scene, answer] if scene else [answer], *args)
    attempt = functools.partial(scene, answer) if scene else answer
    value = attempt(*args) if callable(attempt) else attempt
    return awaited(value) if inspect.iscoroutine(value) else value


def awaited(coroutine):
    """The coroutine's value. It runs in a thread of its own: a notebook's cell has a loop already."""
    loop, outcome = asyncio.new_event_loop(), Future()

    def work():
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                value = runner.run(coroutine)
        except BaseException as error:
            outcome.set_exception(error)
        else:
            outcome.set_result(value)

    try:
        threading.Thread(target=work, daemon=True).start()
        return outcome.result()
    except KeyboardInterrupt:
        with contextlib.suppress(RuntimeError):  # the loop is closed: it was the answer's own
            loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
        raise


def message(error):
    try:
        words = str(error)
    except Exception:
        return ""
    return words if len(words) <= MOST else words[:MOST] + "…"


def call(answer, args):
    name = getattr(answer, "__name__", None)
    return f"{name}({', '.join(map(short, args))})" if name else "答案"


SHORT = reprlib.Repr()
SHORT.maxstring = SHORT.maxother = 80
SHORT.maxlist = SHORT.maxtuple = SHORT.maxdict = 12


def short(value):
    return SHORT.repr(value)
