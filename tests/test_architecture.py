"""Who may know whom: every import of the project, read from its source, against one table."""

import ast
import json
import sys
from pathlib import Path

import pytest

import iolab

ROOT = Path(__file__).parent.parent
CODE = ROOT / "code"
# the interpreters of CPython, under their names of 3.11, 3.12 and 3.13: not listed as public modules
STANDARD = sys.stdlib_module_names | {"_xxsubinterpreters", "_interpreters"}

# What each place may import beside the standard library and itself. Rooms of iolab go by their own names.
MAY_IMPORT = {
    "words": set(),
    "launch": set(),
    "procfs": set(),
    "model": set(),
    "explore": set(),
    "questions": {"words", "yaml", "markdown_it"},
    "diagrams": {"model"},
    "draw": {"words", "model", "explore", "matplotlib"},
    "watch": {"procfs", "model", "launch"},
    "wire": {"procfs"},
    "arena": {"launch", "procfs", "uvloop"},
    "grade": {"launch", "procfs", "arena"},
    "classroom": {"launch", "live"},  # of live, how an address is called
    "widgets": {"words", "draw", "watch", "wire", "launch", "diagrams", "model", "procfs", "explore", "questions",
                "grade", "ipywidgets", "IPython"},
    "live": {"jupyter_server", "tornado", "traitlets"},
    # guest/: what runs inside; the rest needs only words
    "machine": {"iolab", "words", "launch", "procfs", "watch", "wire", "grade"},
    "export": {"words", "html5lib", "pikepdf", "playwright", "yaml"},  # reads built HTML, knows nothing of the bench
    "sphinxext": {"words", "model", "draw", "watch", "questions", "sphinx", "sphinx_exercise", "docutils", "yaml"},
    "iolab": {"launch", "procfs", "model", "diagrams", "draw", "watch", "wire", "widgets",
              "arena", "grade", "explore"},
    "day": set(),
    "book": {"iolab"},
}


def place_of(path):
    """The row of the table that a file of code/ or book/ obeys."""
    if path.is_relative_to(ROOT / "book"):
        return "book"
    first, *rest = path.relative_to(CODE).parts
    return "day" if first != "iolab" else rest[0] if len(rest) > 1 else "iolab"


def sources():
    for path in sorted(CODE.rglob("*.py")):
        yield path, path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "book").rglob("*.ipynb")):
        if not {"_build", ".ipynb_checkpoints"} & set(path.parts):
            yield path, "\n".join(code_of(path))


def code_of(notebook):
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            lines = "".join(cell["source"]).splitlines()
            yield "\n".join("" if line.lstrip().startswith(("%", "!")) else line for line in lines)


def imports(path, source):
    """(line, dotted name) of each import; relative ones made absolute, and of a package each name that it gives."""
    package = list(path.relative_to(CODE).parent.parts) if path.is_relative_to(CODE) else []
    for node in ast.walk(ast.parse(source, str(path))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def rooms():
    return {path.name for path in (CODE / "iolab").iterdir() if (path / "__init__.py").exists()}


def forbidden(path, name):
    """Why this file may not import this name, or None."""
    place = place_of(path)
    top, *rest = name.split(".")
    if top in STANDARD:
        return None
    if place == "day" and (path.parent / f"{top}.py").exists():
        return None if top.endswith("_common") else "scripts share code only in a <topic>_common.py beside them"
    if place == "book" and top == "iolab" and rest:
        return None if rest[0] in iolab.__all__ else f"a page may import from iolab: {', '.join(iolab.__all__)}"
    known = rest[0] if top == "iolab" and rest and rest[0] in rooms() else top
    allowed = MAY_IMPORT[place] | ({place} if place in rooms() else set())
    return None if known in allowed else f"{place} may import {sorted(allowed) or 'the standard library only'}"


def test_every_import_is_in_the_table():
    broken = [
        f"{path.relative_to(ROOT)}:{line}: imports {name}; {reason}"
        for path, source in sources()
        for line, name in imports(path, source)
        if (reason := forbidden(path, name))
    ]
    assert not broken, "\n".join(broken)


def test_every_room_has_a_row():
    assert rooms() <= MAY_IMPORT.keys(), "a new room of iolab needs its row in MAY_IMPORT"


@pytest.mark.parametrize(
    ("file", "name", "allowed"),
    [
        ("code/iolab/launch/server.py", "matplotlib.pyplot", False),
        ("code/iolab/launch/server.py", "iolab.draw.svg", False),
        ("code/iolab/draw/render.py", "iolab.model.Scene", True),
        ("code/iolab/model/step.py", "iolab.draw.svg", False),
        ("code/iolab/sphinxext/pictures.py", "iolab.widgets.play", False),
        ("code/iolab/widgets/picture.py", "tests.servers", False),
        ("code/day4/tcp_server.py", "iolab.run", False),
        ("code/day4/tcp_server.py", "tcp_client.main", False),
        ("code/day4/tcp_server.py", "socket.socket", True),
        ("book/network/tcp-socket.ipynb", "iolab.run", True),
        ("book/network/tcp-socket.ipynb", "iolab.launch.run", False),
        ("book/network/tcp-socket.ipynb", "numpy", False),
    ],
)
def test_the_table_is_obeyed_as_it_reads(file, name, allowed):
    assert (forbidden(ROOT / file, name) is None) == allowed


def test_code_is_a_path_root_and_no_package():
    packages = [str(path.relative_to(ROOT)) for path in (CODE / "__init__.py", *CODE.glob("day*/**/__init__.py"))]
    there = [name for name in packages if (ROOT / name).exists()]
    assert not there, f"{there}: a package `code` would shadow the standard library's, a day is a folder of scripts"


def scripts():
    return [path for path in sorted(CODE.glob("day*/**/*.py")) if not path.stem.endswith("_common")]


def test_no_script_hides_a_standard_module():
    hiding = [str(path.relative_to(ROOT)) for path in CODE.glob("day*/**/*.py") if path.stem in sys.stdlib_module_names]
    assert not hiding, f"{hiding}: run from their folder, these replace modules of the standard library"


def test_every_script_says_how_to_run_it():
    silent = [
        str(path.relative_to(ROOT))
        for path in scripts()
        if "运行" not in (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "")
    ]
    assert scripts() and not silent, f"no 运行 in the docstring of {silent}"


def test_iolab_gives_pages_a_few_names_and_no_logic():
    assert 0 < len(iolab.__all__) <= 13
    assert [name for name in iolab.__all__ if not callable(getattr(iolab, name))] == []
    tree = ast.parse((CODE / "iolab" / "__init__.py").read_text(encoding="utf-8"))
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert defined in ([], ["__getattr__"]), "only what finds a name when it is asked for may stand here"
