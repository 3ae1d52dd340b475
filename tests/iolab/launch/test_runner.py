import io
import os
import re
import runpy
import signal
import subprocess
import sys
import threading
import tracemalloc

import pytest

from iolab.launch import ScriptError, child, run, scripts
from iolab.launch.child import describe
from iolab.launch.output import Output, write_all
from processes import marked


def test_prints_what_the_script_prints_and_returns_its_status(mark, script, capsys):
    name = script("import sys\nprint('到达', *sys.argv[1:], flush=True)\nprint('错误', file=sys.stderr)\nsys.exit(3)")
    result = run(name, "a b", 7)
    assert result.output == "到达 a b 7\n错误\n"
    assert capsys.readouterr().out == "到达 a b 7\n错误\n（退出状态 3）\n"
    assert result.status == 3 and repr(result) == "退出状态 3"


def test_quiet(mark, script, capsys):
    assert run(script("print('x')"), quiet=True).output == "x\n"
    assert capsys.readouterr().out == ""


def test_input_reaches_the_script(mark, script, capsys):
    assert run(script("print(input() + input())"), input="你\n好\n").output == "你好\n"


def test_without_input_the_script_reads_the_end_of_file(mark, script, capsys):
    assert "EOFError" in run(script("input()")).output


def test_a_script_that_reads_nothing_of_a_large_input(mark, script, capsys):
    assert run(script("print('done')"), input="x" * 1_000_000).output == "done\n"


def test_a_reader_that_has_gone_is_no_error(monkeypatch):
    raised = []
    monkeypatch.setattr(threading, "excepthook", raised.append)
    before, (reading, writing) = set(threading.enumerate()), os.pipe()
    os.close(reading)
    write_all(os.fdopen(writing, "wb", buffering=0), b"x" * 1_000_000)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
    assert raised == []


def test_a_long_line_does_not_fill_the_memory():
    """As of a script that prints no newline before it is ready."""
    reading, writing = os.pipe()
    tracemalloc.start()
    try:
        output = Output(reading, re.compile("^ready$", re.M), keep=1000)
        with open(writing, "wb", buffering=0) as pipe:
            for _ in range(128):
                pipe.write(b"x" * 65536)
            pipe.write(b"\nready\n")
        assert output.join(30) and output.found and tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_time_is_up(mark, script):
    name = script("import time\nprint('begun', flush=True)\nwhile True: time.sleep(60)")
    with pytest.raises(ScriptError, match=r"在 0.3 秒内没有结束，已经全部终止(.|\n)*begun") as caught:
        run(name, timeout=0.3)
    # who keeps the error keeps what run() held; a kernel keeps the last one
    assert caught.tb and not marked(mark)


def test_a_child_that_stays_is_told_and_ended(mark, script):
    name = script("import os, time\nif os.fork() == 0:\n    while True: time.sleep(60)\nprint('parent ends')")
    with pytest.raises(ScriptError, match=r"它启动的进程还在运行，已经全部终止(.|\n)*parent ends") as caught:
        run(name, timeout=0.5)
    assert caught.tb and not marked(mark)


def test_an_orphan_that_ends_in_time_is_waited_for(mark, script, capsys):
    name = script("import os, time\nif os.fork() == 0:\n    time.sleep(0.2); print('orphan', flush=True)")
    assert run(name).output == "orphan\n"


@pytest.mark.parametrize("gone", [FileNotFoundError, ProcessLookupError])
def test_the_guardian_passes_over_a_process_that_ends_while_it_looks(monkeypatch, gone):
    def opened(name):
        if "/8/" in name:
            raise gone
        return io.StringIO(f"{name.split('/')[2]} (a) b) S {os.getpid() if '/7/' in name else 7} 0")

    descendants = runpy.run_path(str(child.GUARDIAN))["descendants"]
    monkeypatch.setattr(os, "listdir", lambda _: ["7", "8", "9", "self"])
    monkeypatch.setitem(descendants.__globals__, "open", opened)
    assert descendants() == [7, 9]


def test_killed_by_a_signal(mark, script, capsys):
    assert repr(run(script("import os; os.abort()"))) == "被信号 SIGABRT 终止"
    assert capsys.readouterr().out == "（被信号 SIGABRT 终止）\n"


def test_how_a_script_ended_is_said_in_words():
    assert [describe(status) for status in (0, 3, -15, -64, -100)] == [
        "退出状态 0", "退出状态 3", "被信号 SIGTERM 终止", "被信号 SIGRTMAX 终止", "被信号 -100 终止".replace("-", "")]


def test_a_script_that_cannot_be_started_says_so(mark, script, monkeypatch):
    name = script("print('never')")
    real = child.GUARDIAN.read_text(encoding="utf-8")
    broken = scripts.CODE / "guardian.py"
    broken.write_text(real.replace("argv, process_group", "['/nowhere/python'], process_group"), encoding="utf-8")
    monkeypatch.setattr(child, "GUARDIAN", broken)
    with pytest.raises(ScriptError, match=r"script.py 没有启动起来。(.|\n)*/nowhere/python"):
        run(name)


def test_what_is_shown_is_not_cut_before_20_000_characters(mark, script, capsys):
    run(script("print('x' * 19_999)"))
    assert capsys.readouterr().out == "x" * 19_999 + "\n"


def test_a_flood_is_cut_and_the_cut_is_told(mark, script, capsys):
    result = run(script("import os\nfor _ in range(1600): os.write(1, b'x' * 65536)\nprint('end')"), timeout=60)
    shown = capsys.readouterr().out
    assert shown.startswith(f"（前面省略了 {1600 * 65536 + 4 - 20_000} 个字符）\n") and shown.endswith("xend\n")
    assert len(shown) < 21_000 and len(result.output) < 300_000


def test_a_traceback_has_no_colours(mark, script, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # as the kernel of a notebook has it, and Python 3.13 obeys
    assert run(script("1 / 0")).output.endswith("\nZeroDivisionError: division by zero\n")


def test_the_tracebacks_of_a_scripts_own_isolated_children_have_no_colours(mark, script, monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")
    child = "import os, subprocess, sys\nsubprocess.run([sys.executable, '-I', '-c', '1 / 0'])\n"
    result = run(script(child + "print(os.environ['NO_COLOR'], 'FORCE_COLOR' in os.environ)"))
    assert "\x1b" not in result.output and result.output.endswith("\n1 False\n")


IGNORING = """
import signal
from iolab.launch import run, scripts
scripts.CODE = __import__("pathlib").Path({code!r})
for number in (signal.SIGINT, signal.SIGCHLD, signal.SIGPIPE, signal.SIGHUP, signal.SIGTERM):
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGUSR1])
print(repr(run("day1/script.py")))
"""


def test_signals_that_the_starter_ignores_or_blocks_are_not_ignored_by_the_script(mark, script):
    """As with `make test &` of a script, or in a kernel that lets its children reap themselves."""
    name = script("import os, signal, sys\nprint(open('/proc/self/status').read())\n"
                  "print(os.waitstatus_to_exitcode(os.system('exit 7')), flush=True)\nsys.exit(3)")
    code = scripts.find(name).parents[1]
    done = subprocess.run([sys.executable, "-c", IGNORING.format(code=str(code))], stdout=subprocess.PIPE, text=True,
                          timeout=30)
    ignored, blocked = (
        {one for one in signal.valid_signals() if int(mask, 16) >> one - 1 & 1}
        for mask in re.search(r"SigBlk:\s+(\w+)\nSigIgn:\s+(\w+)", done.stdout).group(2, 1))
    assert (ignored, blocked) == ({signal.SIGPIPE, signal.SIGXFSZ}, set())  # these two Python itself ignores
    assert done.stdout.endswith("\n7\n（退出状态 3）\n退出状态 3\n")


def test_other_variables_reach_the_script_as_they_are(mark, script, monkeypatch):
    monkeypatch.setenv("IOLAB_TEST_OTHER", "你好 = 1")
    assert run(script("import os\nprint(os.environ['IOLAB_TEST_OTHER'])"), quiet=True).output == "你好 = 1\n"


def test_variables_that_change_python_do_not_reach_the_script(mark, script, monkeypatch, capsys):
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    monkeypatch.setenv("PYTHON_COLORS", "1")
    monkeypatch.setenv("COVERAGE_PROCESS_START", "/nowhere")
    code = "import os, sys\nprint(sorted(n for n in os.environ if n[:6] in ('PYTHON', 'COVERA')), sys.stdout.encoding)"
    assert run(script(code)).output == "['PYTHONDONTWRITEBYTECODE', 'PYTHONUTF8', 'PYTHON_COLORS'] utf-8\n"
