"""The scripts about the rules of pipes print what the page says, and what they show is so because of what they say."""

import subprocess
import sys

import pytest

from iolab.launch import run, show
from iolab.launch.scripts import find
from leftovers import nothing_left  # noqa: F401
from preludes import output_without

TEXT = """
=== day7/pipe_wait_broken.py
1 秒过去，子进程没有结束，管道里有 65536 字节
=== day7/pipe_wait_fixed.py
得到 100000 字节，退出码 0
=== day7/pipe_records.py
每条 100 字节：没有被插断的
每条 4096 字节：没有被插断的
每条 4097 字节：有被插断的
=== day7/pipe_copy_broken.py
关了第一个的写端，它 还在等
关了第二个的写端，两个都下班了
=== day7/pipe_copy_fixed.py
关了第一个的写端，它 下班了
关了第二个的写端，两个都下班了
"""
OUTPUT = dict(part.split(".py\n", 1) for part in TEXT.split("\n=== day7/")[1:])


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day7/{name}.py", quiet=True)
    assert (result.status, result.output.rstrip("\n")) == (0, OUTPUT[name].rstrip("\n"))


@pytest.mark.parametrize("name", [f"pipe_{pair}_{kind}" for pair in ("wait", "copy", "gone")
                                  for kind in ("broken", "fixed")])
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day7/{name}.py").source.startswith(expected)


def test_short_output_is_why_nobody_notices(tmp_path):
    assert output_without({'"100000"': '"65536"'}, "day7/pipe_wait_broken.py",
                          tmp_path) == "得到 65536 字节，退出码 0\n"


def test_records_are_looked_at_from_both_sides(tmp_path):
    """Each record is written by two calls: then the short ones are torn too."""
    torn = {"os.write(w, record)": "os.write(w, record[:2]), os.write(w, record[2:])"}
    assert "每条 100 字节：有被插断的" in output_without(torn, "day7/pipe_records.py", tmp_path)


def gone(script, **options):
    """(what head printed, exit status, last line of stderr or "") of script | head -1."""
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          **options) as writer:
        head = subprocess.run(["head", "-1"], stdin=writer.stdout, capture_output=True, text=True, timeout=20)
        writer.stdout.close()
        return head.stdout, writer.wait(20), "".join(writer.stderr.read().splitlines()[-1:])


def test_who_prints_on_when_the_reader_is_gone():
    first, status, error = gone(find("day7/pipe_gone_broken.py"))
    assert (first, error) == ("1\n", "BrokenPipeError: [Errno 32] Broken pipe")
    assert status in (1, 120), "120 where the rest is left for the end, which fails too"
    assert gone(find("day7/pipe_gone_fixed.py")) == ("1\n", 1, "")


@pytest.mark.parametrize("cure", ["os.dup2(nowhere, sys.stdout.fileno())", "sys.stdout.flush()"])
def test_each_line_of_the_recipe_is_needed(cure, tmp_path):
    """A short output fails only when it is flushed; what is left in the buffer then fails once more at the end."""
    text = find("day7/pipe_gone_fixed.py").read_text(encoding="utf-8")
    short = text.replace("100_001", "11").replace("    try:\n", "    sys.stdin.read()\n    try:\n")
    assert cure in short
    script = tmp_path / "script.py"
    script.write_text(short, encoding="utf-8")
    assert late(script) == (1, "")
    script.write_text(short.replace(cure, "pass"), encoding="utf-8")
    status, error = late(script)
    assert status != 0 and "Broken pipe" in error


def late(script):
    """(exit status, last line of stderr) of a script whose reader is gone before it prints."""
    with subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as writer:
        writer.stdout.close()
        writer.stdin.close()
        return writer.wait(20), "".join(writer.stderr.read().splitlines()[-1:])
