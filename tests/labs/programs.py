"""The programs that the judge is judged by: for each lab right ones, and mistakes as edits of them (broken.yml)."""

import functools
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from iolab.grade import labs
from iolab.grade.judge import FAILED, Judge

HERE = Path(__file__).parent
TOOLS = {".py": sys.executable, ".js": shutil.which("node"), ".c": shutil.which("cc")}


def right(lab):
    """The paths of the right programs of a lab."""
    return sorted(path for path in (HERE / lab).iterdir() if path.suffix in TOOLS)


@functools.cache
def broken(lab):
    """name -> {of, put, stage, hint}."""
    return yaml.safe_load((HERE / lab / "broken.yml").read_text(encoding="utf-8"))


def edited(lab, name, folder):
    """Write a broken program into the folder; its path."""
    mistake = broken(lab)[name]
    source = (HERE / lab / mistake["of"]).read_text(encoding="utf-8")
    for old, new in mistake["put"]:
        assert source.count(old) == 1, f"{lab}: {name}: {old!r} stands {source.count(old)} times in {mistake['of']}"
        source = source.replace(old, new)
    path = Path(folder, mistake["of"])
    path.write_text(source, encoding="utf-8")
    return path


def command(path, folder):
    """The argv that runs a program; a C one is compiled first. None where its tool is missing."""
    tool = TOOLS[path.suffix]
    if tool is None:
        return None
    if path.suffix != ".c":
        return [tool, str(path)]
    made = Path(folder, path.stem)
    subprocess.run([tool, "-O1", "-o", str(made), str(path)], check=True)
    return [str(made)]


def reference(lab):
    """The name of the right program that calls itself the reference solution."""
    found, = (path.name for path in right(lab) if "reference solution" in path.read_text(encoding="utf-8"))
    return found


def must_pass(lab, name, folder, only=None):
    """Judge a right program, all stages or one; skip where its tool is missing."""
    if (argv := command(HERE / lab / name, folder)) is None:
        pytest.skip(f"no tool for {name}: CI installs node and cc")
    score = Judge(labs.find(lab), argv, only=only).run()
    wrong = score.first_failure
    assert wrong is None, f"--seed {score.seed}, stage {wrong.stage}: {wrong}"
    assert score.passed


def must_fail(lab, name, folder):
    """Judge a mistake in its stage alone: it fails there, with its hint. Those before: .ci/soak_labs.py."""
    wanted = broken(lab)[name]
    if (argv := command(edited(lab, name, folder), folder)) is None:
        pytest.skip(f"no tool for {wanted['of']}: CI installs node and cc")
    score = Judge(labs.find(lab), argv, only=wanted["stage"]).run()
    failed = [(one.stage, one.hint) for one in score.verdicts if one.outcome == FAILED]
    assert failed == [(wanted["stage"], wanted["hint"])], f"--seed {score.seed}: {score.first_failure}"
    assert score.first_failure.expected and score.first_failure.came and score.first_failure.did


RIGHT = [(lab, path.name) for lab in labs.NAMES for path in right(lab)]
BROKEN = [(lab, name) for lab in labs.NAMES for name in broken(lab)]
SAMPLE = [(lab, name) for lab in labs.NAMES for name in list(broken(lab))[::6]]  # for tests that must be quick
