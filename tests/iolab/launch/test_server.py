import gc
import itertools
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from iolab.launch import ScriptError, ScriptNotFound, child, scripts, serve
from iolab.procfs import stat
from processes import kill_marked, listens, marked, wait_until

LISTEN = """
import os, signal, socket, subprocess, sys, time
listener = socket.create_server(("127.0.0.1", 0))
def ready():
    print("listening on %s:%d" % listener.getsockname(), flush=True)
"""


def ask(server, message):
    with socket.create_connection(server.address, timeout=5) as conn:
        conn.sendall(message)
        return conn.recv(100)


def test_serves_until_the_block_ends(mark):
    with serve("day4/tcp_server.py") as server:
        assert ask(server, b"hello") == b"hello"
        assert "离开" in server.wait_for("离开")
        assert [line.split()[-1] for _, line in server.lines] == ["到来", "离开"]
        assert server.running and server.pid in marked(mark)
        assert os.getsid(server.pid) != os.getsid(0), "a terminal's signals would reach it too"
        assert f"{server.host}:{server.port} pid={server.pid} 运行中" in repr(server)
    assert not marked(mark) and not listens(server.port)
    assert server.status == 0 and "已停止" in repr(server)


def test_an_ipv6_address_stands_in_brackets(mark, script):
    listener = LISTEN.replace('("127.0.0.1", 0)', '("::1", 0), family=socket.AF_INET6')
    name = script(listener + 'print("listening on [%s]:%d" % listener.getsockname()[:2], flush=True); time.sleep(600)')
    with serve(name) as server:
        assert server.host == "::1" and f" [::1]:{server.port} pid=" in repr(server)
        assert server.output == "" and server.lines == []
        socket.create_connection(server.address, timeout=5).close()


def test_nothing_reaches_the_cell(mark, capfd):
    with serve("day4/tcp_server.py") as server:
        ask(server, b"x")
        server.wait_for("离开")
    assert capfd.readouterr() == ("", "")


def test_starts_in_one_cell_and_stops_in_another(mark):
    server = serve("day4/tcp_server.py")
    assert ask(server, b"x") == b"x"
    assert server.stop().count("到来") == server.stop().count("到来") == 1
    assert not listens(server.port)


def test_ends_when_it_is_forgotten(mark):
    server = serve("day4/tcp_server.py")
    port = server.port
    del server
    gc.collect()
    assert not listens(port) and not marked(mark)


def test_ends_after_an_exception_in_the_block(mark):
    with pytest.raises(ZeroDivisionError), serve("day4/tcp_server.py") as server:
        raise ZeroDivisionError
    assert not listens(server.port)


def test_wait_for_fails_with_the_last_lines(mark):
    with serve("day4/tcp_server.py") as server:
        ask(server, b"x")
        server.wait_for("离开")
        with pytest.raises(ScriptError, match=r"没有打印 'never'(.|\n)*离开"):
            server.wait_for("never", timeout=0.1)


def test_wait_for_fails_at_once_when_the_script_ends(mark, script):
    name = script(LISTEN + "ready(); print('bye', flush=True); sys.exit(3)")
    with serve(name) as server, pytest.raises(ScriptError, match=r"退出状态 3(.|\n)*bye"):
        server.wait_for("never", timeout=60)


def test_no_such_script_names_the_nearest():
    with pytest.raises(ScriptNotFound, match=r"day4/tcp_sever\.py.*day4/tcp_server\.py"):
        serve("day4/tcp_sever.py")


@pytest.mark.parametrize("name", ["../pyproject.toml", "/etc/passwd", "day4", "iolab/../../tests/conftest.py", ""])
def test_only_scripts_are_run(name):
    with pytest.raises(ScriptNotFound):
        serve(name)


def test_a_script_that_dies_before_it_is_ready(mark, script):
    name = script("import sys\nprint('about to fail', flush=True)\nraise ValueError('no luck')")
    expected = r"已经结束，没有打印 listening on HOST:PORT（退出状态 1）(.|\n)*about to fail(.|\n)*no luck"
    with pytest.raises(ScriptError, match=expected):
        serve(name)


def test_a_script_that_is_killed_before_it_is_ready(mark, script):
    name = script("import os; os.kill(os.getpid(), 9)")
    with pytest.raises(ScriptError, match=r"被信号 SIGKILL 终止(.|\n)*没有输出"):
        serve(name)


def test_a_script_that_never_gets_ready(mark, script):
    name = script("import time\nprint('busy', flush=True)\nwhile True: time.sleep(60)")
    with pytest.raises(ScriptError, match=r"在 0.5 秒内没有打印 listening on HOST:PORT(.|\n)*busy") as caught:
        serve(name, timeout=0.5)
    assert caught.tb and not marked(mark)


def test_a_script_that_closes_its_output_is_not_said_to_be_slow(mark, script):
    name = script("import os, time\nos.close(1); os.close(2)\nwhile True: time.sleep(60)")
    with pytest.raises(ScriptError, match=r"script.py 关闭了自己的输出，没有打印 listening") as caught:
        serve(name, timeout=60)
    assert caught.tb and not marked(mark)


def test_a_script_has_time_to_end_after_sigterm(mark, script):
    """Less than a second is enough for it; see the next test for one that takes more."""
    name = script(LISTEN + "signal.signal(signal.SIGTERM, signal.default_int_handler)\n"
                           "try: ready(); time.sleep(600)\n"
                           "except KeyboardInterrupt: time.sleep(0.3); print('goodbye', flush=True); sys.exit(4)")
    server = serve(name)
    assert server.stop() == "goodbye\n" and server.status == 4


def test_a_script_that_ignores_sigterm(mark, script):
    name = script(LISTEN + "signal.signal(signal.SIGTERM, signal.SIG_IGN); ready()\nwhile True: time.sleep(60)")
    server = serve(name)
    began = time.monotonic()
    server.stop()
    assert server.status == -signal.SIGKILL and 1 <= time.monotonic() - began < 5


def test_wait_for_counts(mark, script):
    name = script(LISTEN + "ready()\nfor n in range(3): print('tick', flush=True); time.sleep(0.2)\ntime.sleep(600)")
    with serve(name) as server:
        assert server.wait_for("tick", count=3).count("tick") == 3
        with pytest.raises(ScriptError, match=r"在 0.1 秒内没有打印 'tick'"):
            server.wait_for("tick", count=4, timeout=0.1)


def test_lines_have_the_moments_at_which_they_ended(mark, script):
    name = script(LISTEN + "ready(); sys.stdout.write('be'); sys.stdout.flush(); time.sleep(0.3)\n"
                           "print('gun\\nnext', flush=True); sys.stdout.write('rest'); sys.stdout.flush()\n"
                           "time.sleep(600)")
    began = time.monotonic()
    with serve(name) as server:
        listening = time.monotonic()
        server.wait_for("rest")
        (first, begun), (second, following), (third, rest) = server.lines
    assert (begun, following, rest) == ("begun", "next", "rest")
    assert began < listening + 0.2 < first <= second <= third <= time.monotonic()


def test_an_error_names_the_newest_lines_and_counts_the_rest(mark, script):
    name = script("for number in range(100): print(f'line {number}')\nprint('x' * 1000)\nraise SystemExit(5)")
    with pytest.raises(ScriptError) as caught:
        serve(name)
    head, left_out, *lines = str(caught.value).split("\n")
    assert head.startswith("day1/script.py 已经结束，没有打印 listening on HOST:PORT（退出状态 5）")
    assert left_out == "（前面还有 89 行）" and lines == [f"line {n}" for n in range(89, 100)] + ["x" * 500]


def test_the_working_folder_that_was_asked_for_is_kept(mark, script, tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    with serve(script(LISTEN + "open('made.txt', 'w').close(); ready(); time.sleep(600)"), cwd=folder):
        assert os.listdir(folder) == ["made.txt"]
    assert os.listdir(folder) == ["made.txt"]


def test_arguments_reach_the_script_behind_the_port(mark, script):
    with serve(script(LISTEN + "ready(); print(sys.argv[1:], flush=True); time.sleep(600)"), "--lease", 5) as server:
        assert server.wait_for("]") == "['--port', '0', '--lease', '5']\n"


def test_a_stopped_script(mark, script):
    with serve(script(LISTEN + "ready()\nos.kill(os.getpid(), signal.SIGSTOP)")) as server:
        wait_until(lambda: stat.read(server.pid).state == "T", "the script's stop")
    assert server.status == -signal.SIGKILL


def test_a_flood_of_output_does_not_block_or_fill_the_memory(mark, script):
    flood = "for _ in range(1600): os.write(1, b'x' * 65535 + b'\\n')\nprint('done', flush=True)\ntime.sleep(600)"
    with serve(script(LISTEN + "ready()\n" + flood)) as server:
        output = server.wait_for("done", timeout=60)
        assert 200_000 <= len(output) < 300_000 and len(server.lines) < 10


def test_a_flood_before_it_is_ready(mark, script):
    name = script(LISTEN + "for _ in range(1600): os.write(1, b'x' * 65535 + b'\\n')\nready()\ntime.sleep(600)")
    with serve(name, timeout=60) as server:
        assert listens(server.port)


def test_a_first_line_that_comes_in_pieces(mark, script):
    pieces = 'for piece in ("listening on", " 127.0.0", ".1:%d\\n" % listener.getsockname()[1]):\n'
    name = script(LISTEN + pieces + "    os.write(1, piece.encode()); time.sleep(0.1)\ntime.sleep(600)")
    with serve(name) as server:
        assert listens(server.port)


def test_invalid_utf8_is_shown_and_loses_nothing(mark, script):
    name = script(LISTEN + r"ready(); os.write(1, b'\xff\xfe ' + '中'.encode() + b'\n'); time.sleep(600)")
    with serve(name) as server:
        assert server.wait_for("中\n") == "\\xff\\xfe 中\n"


FORKS = LISTEN + """
def child():   # out of the script's process group and out of its session
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            print("hidden", flush=True)
            while True: time.sleep(60)
        os._exit(0)
    os.wait()
child(); child(); ready()
"""


def test_children_of_the_script_end_too(mark, script):
    with serve(script(FORKS + "while True: time.sleep(60)")) as server:
        server.wait_for("hidden", count=1)
        assert len(marked(mark)) == 5  # two guardians, the script and its two hidden grandchildren
    assert not marked(mark) and not listens(server.port)


SHARES = LISTEN + """
import multiprocessing
from multiprocessing import shared_memory
lock, block = multiprocessing.get_context("spawn").Lock(), shared_memory.SharedMemory(create=True, size=1)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
ready()
print("sem." + lock._semlock.name.strip("/"), block.name.strip("/"), flush=True)
while True: time.sleep(60)
"""


def test_what_a_killed_script_shared_is_removed(mark, script):
    """Semaphores and shared memory are files that outlive their processes (sem_overview(7), shm_overview(7))."""
    with serve(script(SHARES)) as server:
        names = set(server.wait_for("sem.").split())
        assert len(names) == 2 and names <= set(os.listdir("/dev/shm"))
    assert server.status == -signal.SIGKILL
    assert not names & set(os.listdir("/dev/shm"))


def test_children_end_too_when_the_script_is_gone_already(mark, script):
    with serve(script(FORKS + "sys.exit()")) as server:
        wait_until(lambda: not server.running, "the script's own end")
        assert len(marked(mark)) == 4
    assert not marked(mark)


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSTOP"])
def test_a_script_that_turns_against_its_guardian(mark, script, name):
    began = time.monotonic()
    server = serve(script(FORKS + f"os.kill(os.getppid(), signal.{name})\nwhile True: time.sleep(60)"))
    if name == "SIGKILL":
        wait_until(lambda: not marked(mark), "the end of all without any order")
    else:
        wait_until(lambda: stat.read(stat.read(server.pid).ppid).state == "T", "the guardian's stop")
    server.stop()
    assert not marked(mark) and time.monotonic() - began < 8
    assert server.status == -signal.SIGKILL and not server.running


def test_a_script_that_turns_against_the_whole_group_of_its_guardian(mark, script):
    server = serve(script(FORKS + "os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)\nwhile True: time.sleep(60)"))
    wait_until(lambda: not marked(mark), "the end of all without any order")
    server.stop()


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSTOP"])
def test_somebody_turns_against_the_outer_guardian(mark, script, name):
    server = serve(script(FORKS + "while True: time.sleep(60)"))
    folder = server._child._held._folder
    os.kill(server._child._held._guardian.pid, getattr(signal, name))
    if name == "SIGKILL":
        wait_until(lambda: not marked(mark), "the end of all without any order")
    began = time.monotonic()
    server.stop()
    assert not marked(mark) and time.monotonic() - began < 8 and not os.path.exists(folder)


def test_the_script_ends_with_both_guardians(mark):
    server = serve("day4/tcp_server.py")
    outer, inner = server._child._held._guardian.pid, stat.read(server.pid).ppid
    os.kill(outer, signal.SIGSTOP)
    for pid in (inner, outer):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not marked(mark), "the end of the script that nobody guards")
    server.stop()


FORKED = """
import os, pathlib, sys, threading, time
from iolab.launch import ScriptError, run, scripts, serve
scripts.CODE = pathlib.Path({code!r})
before = len(os.listdir("/proc/self/fd"))
server = serve("day1/script.py")
folder = os.readlink("/proc/%d/cwd" % server.pid)
if os.fork() == 0:
    server.stop()
    del server
    sys.exit()          # the finalizers of a normal end run
os.wait()
print("folder", os.listdir(folder), server.running, flush=True)
if os.fork() == 0:      # holds a copy of every descriptor
    os.close(1)
    time.sleep(60)
    os._exit(0)
began = time.monotonic()
server.stop()
print("stop", time.monotonic() - began < 3, os.path.exists(folder), flush=True)
try:
    run("day1/script.py", timeout=0.5)
except ScriptError:
    print("run", time.monotonic() - began < 8, flush=True)
print("descriptors", len(os.listdir("/proc/self/fd")) - before, threading.active_count(), flush=True)
"""


def test_a_fork_of_the_starter_ends_nothing_and_holds_nothing_up(mark, script):
    name = script(LISTEN + "open('made.txt', 'w').close(); ready(); time.sleep(600)")
    code = str(scripts.find(name).parents[1])
    with subprocess.Popen([sys.executable, "-c", FORKED.format(code=code)], stdout=subprocess.PIPE, text=True) as done:
        printed = done.stdout.read()
    kill_marked(mark)
    assert printed.splitlines() == [
        "folder ['made.txt'] True", "stop True False", "run True", "descriptors 0 1"]


FEW_DESCRIPTORS = """
import os, pathlib, resource, tempfile, threading
from iolab.launch import scripts, serve
scripts.CODE = pathlib.Path({code!r})
tempfile.tempdir = {folder!r}
serve("day1/script.py").stop()
before, failed = len(os.listdir("/proc/self/fd")), 0
hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
for spare in range(40):
    resource.setrlimit(resource.RLIMIT_NOFILE, (before - 1 + spare, hard))
    try:
        server = serve("day1/script.py")
    except OSError:
        failed += 1
    else:
        server.stop()
        break
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
print(failed > 5, len(os.listdir("/proc/self/fd")) - before, threading.active_count(), os.listdir({folder!r}))
"""


def test_a_start_that_runs_out_of_descriptors_leaves_nothing(mark, script, tmp_path):
    """One descriptor more each time, so that the start fails at each of its steps."""
    name, folder = script(LISTEN + "ready(); time.sleep(600)"), tmp_path / "temporary"
    folder.mkdir()
    code = FEW_DESCRIPTORS.format(code=str(scripts.find(name).parents[1]), folder=str(folder))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("True 0 1 []\n", "")


def test_a_start_without_room_for_a_thread_leaves_nothing(mark, script, monkeypatch):
    name = script(LISTEN + "ready(); time.sleep(600)")
    before, real = len(os.listdir("/proc/self/fd")), threading.Thread.start
    for refused in range(1, 4):
        count = itertools.count(1)

        def start(thread, count=count, refused=refused):
            if next(count) >= refused:
                raise RuntimeError("can't start new thread")
            real(thread)

        with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="new thread"):
            patch.setattr(threading.Thread, "start", start)
            serve(name)
        assert len(os.listdir("/proc/self/fd")) == before and not marked(mark)


INTERRUPTED = """
import os, pathlib, random, signal, tempfile, threading, time
from iolab.launch import run, scripts, serve
scripts.CODE = pathlib.Path({code!r})
tempfile.tempdir = {folder!r}
random.seed(1)

def held():
    return len(os.listdir("/proc/self/fd")), threading.active_count(), os.listdir({folder!r})

serve("day1/script.py").stop()
before, interrupted = held(), 0
errors = []  # as sys.last_traceback keeps the frames of a cell that failed
for number in range(30):
    timer = threading.Timer(random.uniform(0, 0.13), os.kill, (os.getpid(), signal.SIGINT))
    try:
        timer.start()
        if number % 2:
            with serve("day1/script.py") as server:
                time.sleep(1)
        else:
            run("day1/script.py", "--port", "0", timeout=1)
    except KeyboardInterrupt as error:
        interrupted += 1
        errors.append(error)
    timer.join()
deadline = time.monotonic() + 10
while held() != before and time.monotonic() < deadline:
    time.sleep(0.05)
print(interrupted == 30, held() == before, flush=True)
"""


def test_an_interrupt_at_any_moment_leaves_nothing(mark, script, tmp_path):
    name, folder = script(LISTEN + "ready(); time.sleep(600)"), tmp_path / "temporary"
    folder.mkdir()
    code = INTERRUPTED.format(code=str(scripts.find(name).parents[1]), folder=str(folder))
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as one:
        assert one.stdout.readline() == "True True\n"
    assert not marked(mark)


def test_an_interrupt_while_a_thread_starts_does_not_end_its_work():
    """Thread.start() interrupted in Condition.wait, when its lock is free and the new thread has taken it."""
    taken, done = threading.Lock(), []
    taken.acquire()

    def interrupt(frame, event, arg):
        if event == "return" and frame.f_code is threading.Condition._release_save.__code__:
            taken.acquire(timeout=5)
            raise KeyboardInterrupt
        return interrupt

    def report(frame, event, arg):
        if frame.f_code is threading.Condition.notify.__code__ and taken.locked():
            taken.release()
            time.sleep(0.2)

    before, here = threading.gettrace(), sys.gettrace()
    threading.settrace(report)
    try:
        sys.settrace(interrupt)
        child._undisturbed(done.append, 1)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(here)
        threading.settrace(before)
    wait_until(lambda: done == [1], "the work of the thread", 5)


def test_no_descriptor_and_no_thread_is_left(mark):
    serve("day4/tcp_server.py").stop()
    before = len(os.listdir("/proc/self/fd")), threading.active_count()
    for _ in range(5):
        serve("day4/tcp_server.py").stop()
    assert (len(os.listdir("/proc/self/fd")), threading.active_count()) == before


def test_the_working_folder_is_empty_and_removed(mark, script):
    name = script(LISTEN + "open('made.txt', 'w').close(); ready(); print(os.getcwd(), flush=True); time.sleep(600)")
    with serve(name) as server:
        folder = server.wait_for("\n").strip()
        assert os.listdir(folder) == ["made.txt"]
    assert not os.path.exists(folder)
