import gc
import os
import signal
import socket
import time

import pytest

from iolab.launch import ScriptError, ScriptNotFound, serve
from iolab.procfs import stat
from processes import listens, marked, wait_until

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
        assert f"{server.host}:{server.port} pid={server.pid} 运行中" in repr(server)
    assert not marked(mark) and not listens(server.port)
    assert server.status == 0 and "已停止" in repr(server)


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
    with pytest.raises(ScriptError, match=r"在 0.5 秒内没有打印 listening on HOST:PORT(.|\n)*busy"):
        serve(name, timeout=0.5)


def test_a_script_that_closes_its_output_and_never_gets_ready(mark, script):
    name = script("import os, time\nos.close(1); os.close(2)\nwhile True: time.sleep(60)")
    with pytest.raises(ScriptError, match=r"在 2 秒内没有打印 listening"):
        serve(name, timeout=2)


def test_a_script_that_ignores_sigterm(mark, script):
    name = script(LISTEN + "signal.signal(signal.SIGTERM, signal.SIG_IGN); ready()\nwhile True: time.sleep(60)")
    server = serve(name)
    began = time.monotonic()
    server.stop()
    assert server.status == -signal.SIGKILL and time.monotonic() - began < 5


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
        assert len(marked(mark)) == 4  # the guardian, the script and its two hidden grandchildren
    assert not marked(mark) and not listens(server.port)


def test_children_end_too_when_the_script_is_gone_already(mark, script):
    with serve(script(FORKS + "sys.exit()")) as server:
        wait_until(lambda: not server.running, "the script's own end")
        assert len(marked(mark)) == 3
    assert not marked(mark)


def test_children_end_when_the_guardian_is_killed(mark):
    server = serve("day4/tcp_server.py")
    os.kill(server._child._guardian.pid, signal.SIGKILL)
    wait_until(lambda: not marked(mark), "the end of the script after its guardian's")
    server.stop()


def test_no_descriptor_and_no_thread_is_left(mark):
    import threading
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
