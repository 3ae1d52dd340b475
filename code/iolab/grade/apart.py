"""A reader's function called in a Python of its own, where it may fork, exit and set signals as it likes."""

import base64
import marshal
import sys
import types

from iolab.launch.child import Child, describe

PATIENCE = 10  # seconds
# What the other Python does: it makes the functions again from their code and from what their code names.
BEGIN = """
import base64, importlib, marshal, sys, types
imported, functions, values, names, args = marshal.loads(base64.b64decode(sys.stdin.read()))
space = {"__name__": "__main__", **values}
for name, (module, part) in imported.items():
    found = importlib.import_module(module)
    space[name] = getattr(found, part) if part else found
for name, (code, defaults) in functions.items():
    space[name] = types.FunctionType(code, space, name, defaults)
first, *others = (space[name] for name in names)
first(*others, *args)
"""


def printed(called, *args):
    """What called[0](*called[1:], *args) prints (str), and how that Python ended, if not with 0; nothing of it is left.

    called: functions of a page's cells; modules, functions and plain values of the cells that they name are there too.
    args: what marshal can write. Raises ScriptError when it has not ended after PATIENCE seconds.
    """
    imported, functions, values = {}, {}, {}
    for function in called:
        gather(function, imported, functions, values)
    names = [function.__name__ for function in called]
    order = base64.b64encode(marshal.dumps((imported, functions, values, names, args))).decode()
    child = Child("你的函数", (), text=order, command=[sys.executable, "-c", BEGIN])
    try:
        if not child.wait(PATIENCE):
            raise child.error(f"在 {PATIENCE} 秒内没有结束，已经终止")
    finally:
        child.stop()
    return child.output.text + (f"（{describe(child.status)}）" if child.status else "")


def gather(function, imported, functions, values):
    """Add a function, and all that its code names in its module, to three dicts by name."""
    functions[function.__name__] = function.__code__, function.__defaults__
    for name in parts(function.__code__) - functions.keys():
        value = function.__globals__.get(name)
        if isinstance(value, types.ModuleType):
            imported[name] = value.__name__, ""
        elif isinstance(value, types.FunctionType) and value.__module__ == function.__module__:
            gather(value, imported, functions, values)
        elif isinstance(value, str | bytes | int | float | tuple | list | dict | set):
            values[name] = value
        elif getattr(value, "__module__", None) and hasattr(value, "__name__"):
            imported[name] = value.__module__, value.__name__


def parts(code):
    """All global names of a code object and of those inside it."""
    return set(code.co_names).union(*(parts(each) for each in code.co_consts if isinstance(each, types.CodeType)))
