"""What the READMEs and CONTRIBUTING tell people to type exists: targets, scripts, options, paths, links."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from iolab.sphinxext import claims
from pages import is_current
from test_notebooks import LINES

ROOT = Path(__file__).parent.parent
GUIDES = ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "book/index.md", "book/teaching/classroom.md"]
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in GUIDES}
NAMES = {"name", "dayN", "part", "x_broken.py", "x_fixed.py"}  # stand for names that the reader chooses


def typed(text):
    """The commands of a guide: what stands between backticks, and indented lines, without their remarks."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    found = (quoted or indented for quoted, indented in re.findall(r"`([^`\n]+)`|^ {4}(\S.*)$", text, re.M))
    return [line.partition("  #")[0].strip() for line in found]


COMMANDS = sorted({(name, command) for name, text in TEXTS.items() for command in typed(text)})
PYTHON = sorted({command for _, command in COMMANDS if command.startswith("python ")})


def test_every_make_target_exists():
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {(name, target) for name, text in TEXTS.items() for target in re.findall(r"\bmake ([a-z][a-z-]*)\b", text)
             if re.search(rf"(`|^    )make {target}\b", text, re.M)}
    assert len(named) > 8 and not [f"{name}: make {target}" for name, target in sorted(named) if target not in targets]


def test_every_variable_of_make_is_read_by_the_makefile():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8") + (ROOT / ".ci" / "setup").read_text(encoding="utf-8")
    told = [command.partition("make ")[2] for _, command in COMMANDS]
    named = {word for words in told for word in re.findall(r"\b([A-Z]{4,})=", words)}
    assert "PAGES" in named and not [word for word in named if not re.search(rf"\$[({{]{word}\b", makefile)]


def test_every_path_exists():
    missing = []
    for name, command in COMMANDS:
        for path in re.findall(r"(?<![\w/.])(?:code|book|tests|\.ci)/[\w./-]+", command):
            if not NAMES & set(re.split(r"[/.]", path)) and not (ROOT / path).exists():
                missing.append(f"{name}: {path}")
    for name, text in TEXTS.items():
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
            base = (ROOT / name).parent
            if not any((base / (link + end)).exists() for end in ("", ".md", ".ipynb")):
                missing.append(f"{name}: {link}")
    assert not missing, "\n".join(missing)


def test_who_is_told_to_run_a_module_of_the_book_has_its_python():
    """In a terminal that is new, `python` is the system's, or nobody."""
    pages = [path for path in (ROOT / "book").rglob("*.[mi][dp]*") if "_build" not in path.parts]
    told = re.compile(r"^(?: {4}|    \")?python -m iolab", re.M)
    texts = {path.name: path.read_text(encoding="utf-8") for path in pages if path.suffix in (".md", ".ipynb")} | TEXTS
    asked = {name: found.start() for name, text in texts.items() if (found := told.search(text))}
    assert len(asked) > 10
    assert [name for name, at in asked.items() if "source .venv/bin/activate" not in texts[name][:at]] == []


@pytest.mark.parametrize(("typed", "given"), [
    (["HOST=::1", "WORD=-x"], ["--host=::1", "--word=-x"]), (["WORD=it's 'so"], ["--word=it's 'so"]),
    (["HOST="], []), ([], []),
])
def test_what_is_typed_behind_a_target_arrives_as_it_is(typed, given):
    told = subprocess.run(["make", "-n", "--no-print-directory", "classroom", *typed], cwd=ROOT,
                          env={**os.environ, "HOST": "my-machine"}, capture_output=True, text=True, timeout=60)
    assert shlex.split(told.stdout.replace("\\\n", ""))[-len(given) - 1:] == ["iolab.classroom", *given]


def test_a_release_begins_from_nothing():
    """Asked of an edition that nobody has built: what is built already, make would not tell."""
    told = subprocess.run(["make", "-n", "release", "EDITION=unbuilt"], cwd=ROOT, capture_output=True, text=True,
                          timeout=60).stdout
    home = "book/_build/unbuilt/_build"
    gone = told.index(f"rm -rf {home}/html/ {home}/.doctrees {home}/built\n")
    assert gone < told.index("jupyter-book build") < told.index("iolab.export"), \
        "a page that is gone would be in the release"


@pytest.mark.parametrize("command", PYTHON)
def test_a_script_takes_the_options_that_are_named(command):
    script, *arguments = shlex.split(command)[1:]
    program = ["-m", arguments[0]] if script == "-m" else [ROOT / script]
    helped = subprocess.run([sys.executable, *program, "--help"], capture_output=True, text=True, timeout=60)
    options = [word for word in arguments if word.startswith("--")]
    assert helped.returncode == 0 and not [option for option in options if option not in helped.stdout.split()]


def test_the_options_of_pytest_that_are_named_exist():
    helped = subprocess.run([sys.executable, "-m", "pytest", "--help"], capture_output=True, text=True, timeout=120)
    named = {option for _, command in COMMANDS if command.startswith("pytest ")
             for option in re.findall(r"(?<!\S)--[\w-]+", command)}
    known = set(re.findall(r"--[\w-]+", helped.stdout))
    assert "--nbval" in named and not named - known


def test_contributing_names_what_the_checks_ask_for():
    """The keys of a claim, how long a cell may be, how many wrong answers an exercise has."""
    text = TEXTS["CONTRIBUTING.md"]
    assert not [key for key in claims.PROOF if f"`{key}`" not in text]
    assert f"cells of at most {LINES} lines" in text and "two wrong answers or more" in text


def test_the_commands_without_make_are_installed():
    tools = {command.split()[0] for _, command in COMMANDS if re.match(r"(jupyter|pytest|ruff)[\w-]* ", command)}
    assert tools and not [tool for tool in tools if not (Path(sys.executable).parent / tool).exists()]


def test_a_book_is_built_again_where_anything_that_it_is_made_of_changes():
    """The tests of its pages look at what `make book` has built, unless this says that it is old."""
    parts = ("requirements.txt", "book/index.md", "code/iolab/draw/render.py", "code/day3/buffer.py")
    assert not [name for name in parts if is_current(name)]
