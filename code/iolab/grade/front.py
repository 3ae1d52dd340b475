"""grade(): the judge for a notebook; and what it shares with the command line."""

import shlex
import shutil
import sys
from pathlib import Path

from iolab.grade import labs, report
from iolab.grade.judge import Judge
from iolab.launch.scripts import CODE


def grade(lab, program, *, seed=None, port=None, every=False, hint=False, stage=None):
    """Judge a program, print each scenario as it ends, and return the Score.

    lab: a name of the list (`python -m iolab.grade --list`); program: a file (str, from here or below code/) or a
    command line as a terminal takes it. seed: draws the same inputs again (None: new ones, printed); port: a fixed one
    for a program that cannot take --port 0; every: go on after a failure; hint: print the second hint too;
    stage: only this one, from 1.
    Raises LookupError for an unknown lab, FileNotFoundError when there is no such program.
    """
    judge, words = prepare(lab, program, seed=seed, port=port, every=every, stage=stage)
    judge.tell = report.Teller(judge.lab, lambda line: print(line, flush=True), second=hint)
    print(report.head(judge, words))
    score = judge.run()
    print(report.tail(score))
    return score


def prepare(lab, program, *, seed=None, port=None, every=False, stage=None):
    """The Judge that grade() lets run, and the program as words. Its `tell` is still to be set."""
    return Judge(labs.find(lab), command_of(program), seed, port, every, only=stage), shlex.split(program)


def command_of(program):
    """The argv of a file or a command line; a .py runs on this Python, a .js on node."""
    words = shlex.split(program) if isinstance(program, str) else list(program)
    if not words:
        raise FileNotFoundError("没有给出程序：在 -- 后面写启动它的命令，例如 python my.py；"
                                "用 make grade，写 CMD='python my.py'。")
    path = next((path for path in (Path(words[0]), CODE / words[0]) if path.is_file()), None)
    runner = {".py": sys.executable, ".js": shutil.which("node")}.get(path.suffix) if path else None
    if runner:
        return [runner, str(path.resolve()), *words[1:]]
    if path:
        return [str(path.resolve()), *words[1:]]
    if not shutil.which(words[0]):
        raise FileNotFoundError(f"找不到 {words[0]}：没有这个文件，也没有这个命令。")
    return words
