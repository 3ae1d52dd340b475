"""The page on Windows names what the standard library lacks there, exactly: typeshed knows, and the book's own code."""

import ast
import re
import sys
from pathlib import Path

import pytest

import cells
from pages import ROOT

jedi = pytest.importorskip("jedi", reason="typeshed comes with jedi, and jedi with IPython")
STUBS = Path(jedi.__file__).parent / "third_party/typeshed/stdlib"
PAGE = (ROOT / "book/appendix/windows.md").read_text(encoding="utf-8")
NEWEST = (3, 15)   # with all names, whichever Python asks
MODULES = {"fcntl", "pty", "resource", "termios", "tty"}   # whole ones
FAMILIES = {"os.W": "os.waitid", "os.P_": "os.waitid", "select.EPOLL": "select.epoll", "select.POLL": "select.poll",
            "signal.SIG_": "signal.pthread_sigmask"}       # constants that come and go with a function


def holds(test, platform):
    """Whether a stub's `if` is true of CPython on this platform."""
    match test:
        case ast.BoolOp(op=ast.And()):
            return all(holds(part, platform) for part in test.values)
        case ast.BoolOp():
            return any(holds(part, platform) for part in test.values)
        case ast.Compare(ops=[ast.Eq() | ast.NotEq() as op]) if ast.unparse(test.left) == "sys.platform":
            return (ast.literal_eval(test.comparators[0]) == platform) == isinstance(op, ast.Eq)
        case ast.Compare(ops=[ast.GtE() | ast.Lt() as op]) if ast.unparse(test.left) == "sys.version_info":
            return (ast.literal_eval(test.comparators[0]) <= NEWEST) == isinstance(op, ast.GtE)
    return True


def given(module, platform):
    """The names that a module of the standard library has on this platform, as typeshed says."""
    path = STUBS / module.replace(".", "/")
    path = path / "__init__.pyi" if path.is_dir() else path.with_suffix(".pyi")

    def walk(body):
        for node in body:
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                    yield name
                case ast.AnnAssign(target=ast.Name(id=name)):
                    yield name
                case ast.Assign(targets=targets):
                    yield from (target.id for target in targets if isinstance(target, ast.Name))
                case ast.If():
                    yield from walk(node.body if holds(node.test, platform) else node.orelse)
                case ast.ImportFrom(module=str() as source, names=[ast.alias(name="*")]):
                    yield from given(source, platform)
                case ast.ImportFrom(names=names):
                    yield from (alias.asname for alias in names if alias.asname)   # so a stub hands a name on

    return set(walk(ast.parse(path.read_text(encoding="utf-8")).body)) if path.exists() else set()


def lacking(module, cache={}):  # noqa: B006
    if module not in cache:
        cache[module] = given(module, "linux") - given(module, "win32")
    return cache[module]


def used():
    """{module.name: where} of what scripts and cells call by that name."""
    sources = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in (ROOT / "code").glob("day*/**/*.py")}
    for page, parts in cells.pages().items():
        sources[page] = "\n".join(cells.source(cell) for cell in parts if cell["cell_type"] == "code"
                                  and not cells.source(cell).lstrip().startswith(("%", "!")))
    found = {}
    for where, text in sources.items():
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Attribute(value=ast.Name(id=module), attr=name) if module in sys.stdlib_module_names:
                    found.setdefault(f"{module}.{name}", where)
                case ast.ImportFrom(module=str() as module, names=names):
                    found.update((f"{module}.{alias.name}", where) for alias in names)
    return found


ROWS = PAGE.partition("### 没有的")[2].partition("\n### ")[0]
NAMED = [name for row in re.findall(r"^\| (`.*?) \|", ROWS, re.M) for name in re.findall(r"`([\w.]+)`", row)]


def test_what_the_page_says_is_missing_is_missing():
    wrong = [name for name in NAMED if name not in MODULES and
             name.rpartition(".")[2] not in lacking(name.rpartition(".")[0])]
    assert len(NAMED) > 50 and len(NAMED) == len(set(NAMED)) and set(NAMED) > MODULES and not wrong
    for module in MODULES:
        assert lacking(module) and not [name for name in given(module, "win32") if not name.startswith("_")], module


def test_what_the_book_uses_and_windows_lacks_stands_on_the_page():
    def told(name):
        return name in NAMED or name.partition(".")[0] in MODULES or any(
            name.startswith(family) and one in NAMED for family, one in FAMILIES.items())

    missing = {name: where for name, where in used().items()
               if name.rpartition(".")[2] in lacking(name.rpartition(".")[0]) and not told(name)}
    assert not missing


def test_what_to_use_instead_is_there():
    instead = re.findall(r"`([\w.]+)`", "\n".join(row.rpartition(" | ")[2] for row in ROWS.splitlines()))
    known = [name for name in instead if name.rpartition(".")[0] in {"os", "select", "socket", "signal", "shutil"}]
    assert len(known) >= 6
    assert not [name for name in known if name.rpartition(".")[2] not in given(name.rpartition(".")[0], "win32")]


def test_five_commands_install_linux_and_open_the_book():
    commands = re.findall(r"^(wsl --install|sudo .*|git .*|make .*)$", PAGE.partition("## 直接用")[0], re.M)
    assert len(commands) == 5 and commands[0] == "wsl --install" and commands[-1] == "make -C ~/io-book read"
