"""The arena measures real servers; the figures are not judged here, only that they are those of what was asked for."""

import json
import os
import resource
import shutil
import socket
import subprocess
import sys

import pytest

from iolab.arena import (
    CONTENDERS,
    LEFT_OUT,
    Contender,
    Course,
    compete,
    contenders,
    let_in,
    machine,
    measure,
    meet,
    tournament,
    transfer,
    visit,
)
from iolab.launch import scripts
from soak import sample

BOOK = scripts.CODE.parent / "book"

TIRED = """
import socket
with socket.create_server(("127.0.0.1", 0)) as listener:
    print("listening on %s:%d" % listener.getsockname(), flush=True)
    conns = []
    for _ in range(2):
        conns.append(listener.accept()[0])
        conns[-1].send(conns[-1].recv(1))
    conns[0].recv(64)
    print("good night", flush=True)
    conns[0].close()
"""


@pytest.mark.parametrize("name", sample(CONTENDERS, 2))
def test_every_contender_serves_the_load(name):
    active = 1 if name == "loop" else 3
    row = meet(CONTENDERS[name], active, 0, 0.5)
    assert (row.held, row.problem) == (active, None)
    assert row.rate > 0 and 0 < row.p50_ms <= row.p99_ms and row.mean_ms > 0
    assert 0 < row.waiting <= active and 0 < row.server_cpu < 2


def test_server_and_load_are_put_on_cores_of_their_own(monkeypatch):
    module, pinned = sys.modules["iolab.arena.measure"], []
    monkeypatch.setattr(module, "cores", lambda: (3, 5))
    monkeypatch.setattr(module, "pin", lambda pid, core: pinned.append((pid, core)))
    assert meet(CONTENDERS["select"], 1, 0, 0.05).held == 1
    (server, one), (load, other) = pinned
    assert server != load and (one, other) == (3, 5)


def test_the_arena_opens_without_uvloop():
    """It is not made for every system."""
    look = ("import sys; sys.modules['uvloop'] = None; import iolab.arena as arena\n"
            "print(*arena.CONTENDERS, arena.machine()['uvloop'])")
    said = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, timeout=30, check=True).stdout
    assert "epoll" in said and "uvloop" not in said and said.endswith(" None\n")


def test_a_server_that_has_ended_holds_nothing():
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        row = visit("ended", ended.pid, nobody.getsockname(), 2, 3, 0.1)
    assert (row.held, row.rate) == (0, None) and "ConnectionRefusedError" in row.problem


def test_idle_connections_are_held_and_weighed():
    row = meet(CONTENDERS["epoll"], 2, 300, 0.2)
    assert row.held == 302 and row.rate > 0
    assert row.descriptors_per_connection == 1
    assert 0 < row.bytes_per_connection < 20_000


def test_the_children_of_a_server_are_weighed_with_it():
    row = meet(CONTENDERS["fork"], 2, 20, 0.5)
    assert row.held == 22 and row.server_cpu > 0
    assert row.bytes_per_connection > 100_000 and row.descriptors_per_connection > 1


def test_the_loop_server_serves_one_and_the_row_says_so():
    row = meet(CONTENDERS["loop"], 2, 0, 0.2)
    assert row.held == 1 and row.rate is None and row.problem == "第 2 个连接：TimeoutError"


def test_select_breaks_where_its_set_is_full_and_says_so():
    row = meet(CONTENDERS["select"], 1, 1100, 0.2)
    assert 1000 < row.held < 1024 and row.rate > 0
    assert row.problem.startswith(f"第 {row.held + 1} 个连接：") and "1024" in row.says


def test_a_server_that_gives_up_under_load_is_told(tmp_path, monkeypatch):
    (tmp_path / "tired.py").write_text(TIRED)
    monkeypatch.setattr(scripts, "CODE", tmp_path)
    row = meet(Contender("tired", "tired.py"), 2, 0, 0.2)
    assert row.held == 2 and row.rate is None and row.problem.startswith("压力之下：") and row.says == "good night"


def test_a_meeting_changes_nothing_for_those_that_follow(monkeypatch):
    """Neither the limit of descriptors nor the variables that the server inherits."""
    _, hard = before = resource.getrlimit(resource.RLIMIT_NOFILE)
    monkeypatch.setenv("IOLAB_ARENA_OLD", "old")
    extra = (("IOLAB_ARENA_OLD", "new"), ("IOLAB_ARENA_NEW", "new"))
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard - 1, hard))
        meet(Contender("changed", "day10/epoll_server.py", env=extra), 1, 0, 0.1)
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard - 1, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert os.environ["IOLAB_ARENA_OLD"] == "old" and "IOLAB_ARENA_NEW" not in os.environ


def test_no_more_connections_are_tried_than_a_contender_bears():
    row = meet(Contender("few", "day10/epoll_server.py", most=3, why="再多就太多"), 2, 5, 0.1)
    assert (row.active, row.idle, row.held, row.problem) == (2, 5, 3, "再多就太多") and row.rate > 0


def test_the_cpu_is_told_in_cores(monkeypatch):
    """1.5 s of CPU within the 0.2 s or so that the load lasted are some cores, not 1.5."""
    clock = iter([10.0, 11.5])
    monkeypatch.setattr(measure, "_cpu", lambda _pids: next(clock))
    assert 1.6 < meet(CONTENDERS["epoll"], 1, 0, 0.2).server_cpu <= 7.5


def test_every_meeting_has_a_row_whose_figures_belong_together():
    """Little's law holds in a closed loop: of rate and mean, which are counted apart, come the clients."""
    rows = compete(("epoll", "asyncio"), active=(1, 2), seconds=0.3, repeats=2)
    turn = [("epoll", 1), ("asyncio", 1), ("epoll", 2), ("asyncio", 2)]
    assert [(row.contender, row.active) for row in rows] == turn * 2
    assert all(row.rate * row.mean_ms <= 1.01 * 1000 * row.active for row in rows)
    assert any(row.rate * row.mean_ms > 0.8 * 1000 * row.active for row in rows)
    assert all(row.rate * row.p50_ms <= 2 * 1000 * row.active for row in rows), "half wait no longer"


def test_what_a_large_receive_costs_is_not_asynchronous():
    """256 KiB at a time is dear in either model, and cheap for whoever receives into memory of its own."""
    names = ("epoll", "epoll-256k", "asyncio", "asyncio-64k", "asyncio-buffered")
    rows = compete(names, active=(50,), seconds=0.3)
    cost = {row.contender: row.server_cpu / row.rate for row in rows}
    assert cost["epoll-256k"] > 2 * cost["epoll"] and cost["asyncio"] > 2 * cost["asyncio-buffered"], cost
    assert cost["asyncio"] > 1.3 * cost["asyncio-64k"] > 1.3 * cost["asyncio-buffered"], cost


def test_an_answer_that_costs_computing_keeps_no_server_to_one_core(monkeypatch):
    """The same script, which spends more, free to run anywhere; its echo is the same."""
    pinned = []
    monkeypatch.setattr(measure, "pin", lambda pid, core: pinned.append(core))
    bare, busy = (compete(("prefork",), (4,), (0,), 0.3, loops=loops)[0] for loops in (0, 20_000))
    assert (bare.loops, busy.loops) == (0, 20_000) and pinned[2:] == [None, None]
    assert busy.held == 4 and busy.server_cpu / busy.rate > 5 * bare.server_cpu / bare.rate


def test_who_lacks_something_here_is_left_out_and_the_others_meet(monkeypatch):
    monkeypatch.setitem(LEFT_OUT, "c", "没有 C 编译器")
    monkeypatch.delitem(CONTENDERS, "c", raising=False)
    assert [row.contender for row in compete(("c", "epoll"), (1,), (0,), 0.05)] == ["epoll"]
    monkeypatch.setattr(contenders.shutil, "which", lambda _: None)
    assert contenders.compiler() is None


@pytest.mark.parametrize(("python", "said"), [
    (sys.executable, "有 GIL"), ("/nowhere/python3.14t", "No such file"), (shutil.which("false"), "失败：退出码 1")])
def test_what_is_no_python_without_gil_is_refused(python, said):
    with pytest.raises(ValueError, match=said):
        let_in(python)


def test_a_compiler_that_fails_keeps_the_others_from_nothing(monkeypatch, tmp_path):
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\necho 'stdio.h: No such file' >&2\nexit 1\n")
    broken.chmod(0o755)
    entrant = Contender("c", "iolab/arena/echo.c")
    monkeypatch.setattr(contenders, "compiler", lambda: str(broken))
    monkeypatch.setitem(CONTENDERS, "c", entrant)
    monkeypatch.setitem(LEFT_OUT, "c", "")
    contenders.compiled.cache_clear()
    assert [row.contender for row in compete(("c", "epoll"), (1,), (0,), 0.05)] == ["epoll"]
    assert LEFT_OUT["c"] == f"{broken} 失败：stdio.h: No such file"
    monkeypatch.setitem(CONTENDERS, "c", entrant)  # to be put back as it was


def test_another_default_of_asyncio_is_noticed():
    server = scripts.find("iolab/arena/asyncio_64k_server.py")
    other = ("import asyncio.selector_events as events, runpy; events._SelectorSocketTransport.max_size = 1; "
             f"runpy.run_path({str(server)!r}, run_name='__main__')")
    done = subprocess.run([sys.executable, "-c", other], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "asks recv for 1 bytes" in done.stderr


@pytest.mark.parametrize("wrong", [["--courses", "crowdd"], ["--contenders", "nginx"], ["--free-threaded", "/nowhere"]])
def test_a_wrong_option_is_refused_before_anything_is_measured(wrong):
    done = subprocess.run([sys.executable, "-m", "iolab.arena", *wrong], capture_output=True, text=True, timeout=60)
    assert done.returncode == 2 and wrong[0] in done.stderr and wrong[1] in done.stderr and not done.stdout


def test_threads_without_gil_run_on_the_python_that_is_given(tmp_path):
    """Any interpreter will do for this: the argv begins with it."""
    (tmp_path / "free").symlink_to(sys.executable)
    python = str(tmp_path / "free")
    entrant = Contender("free", "day9/thread_server.py", python=python)
    assert meet(entrant, 1, 0, 0.05).held == 1
    assert entrant.command()[0] == python and entrant.at_work(5).command()[1].endswith("/working_server.py")


def test_a_tournament_takes_turns_through_all_courses():
    courses = [Course("one", ("epoll", "nobody"), (1, 2), (0,), 2), Course("other", ("poll",), (1,), (0,), 1)]
    said = []
    rows = tournament(courses, 0.05, said.append)
    assert [(row.contender, row.active) for row in rows] == [
        ("epoll", 1), ("epoll", 2), ("poll", 1), ("epoll", 1), ("epoll", 2)]
    assert said[2:4] == ["1/1  poll: 1 active, 0 idle", "2/2  epoll: 1 active, 0 idle"]


def test_an_unknown_contender_names_those_there_are():
    with pytest.raises(LookupError, match=f"没有 nginx，有：{'、'.join(CONTENDERS)}。"):
        compete(("nginx",))


def test_the_machine_is_described():
    assert machine()["cores"] >= 1 and machine()["kernel"].startswith("Linux")


def test_a_file_goes_both_ways_through_both_servers():
    allowed = os.sched_getaffinity(0)
    found, memory = transfer(3 << 20, pairs=2)
    assert [one.way for one in found] == ["get", "put", "drop"]
    assert all(one.bare > 0 and one.book > 0 and one.share > 0 for one in found)
    assert 5 << 20 < memory < 32 << 20
    assert os.sched_getaffinity(0) == allowed, "the test runs where it ran before"


def test_the_command_prints_what_the_book_ships():
    """The same fields as in the shipped record, whose figures are those of its own machine."""
    small = ["--courses", "crowd", "--contenders", "epoll,thread-nogil", "--seconds", "0.1", "--repeats", "1"]
    command = [sys.executable, "-m", "iolab.arena", *small, "--file-mib", "1", "--pairs", "2"]
    printed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    said = printed.stderr.splitlines()
    assert "1/1  epoll: 100 active, 0 idle" in said and said[-1] == "a file both ways"
    assert ("1/1  thread-nogil" in printed.stderr) != ("thread-nogil was left out" in printed.stderr)
    fresh, shipped = json.loads(printed.stdout), json.loads((BOOK / "traces" / "arena.json").read_text("utf-8"))
    for part in (lambda record: record, lambda record: record["machine"], lambda record: record["rows"][0],
                 lambda record: record["transfers"][0]):
        assert list(part(fresh)) == list(part(shipped))
    assert (fresh["seconds"], fresh["file_mib"], fresh["pairs"]) == (0.1, 1, 2)
