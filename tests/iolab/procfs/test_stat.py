import dataclasses
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from iolab.procfs import root, stat
from processes import wait_until

FROZEN = Path(__file__).parent / "fixtures"


def test_a_line_becomes_a_process():
    one = stat.read(100, root=FROZEN)
    assert (one.pid, one.comm, one.state, one.ppid, one.pgrp, one.session) == (100, "python3", "R", 1, 100, 7)
    assert (one.utime, one.stime) == (250 / stat.TICKS, 50 / stat.TICKS)
    assert (one.num_threads, one.majflt, one.vsize, one.rss) == (3, 3, 3133440, 390)
    assert one.starttime == 116020 / stat.TICKS


# The numbers of the fields in proc_pid_stat(5); two are in clock ticks there
FIELDS = {"pid": 1, "ppid": 4, "pgrp": 5, "session": 6, "minflt": 10, "majflt": 12, "utime": 14, "stime": 15,
          "priority": 18, "nice": 19, "num_threads": 20, "starttime": 22, "vsize": 23, "rss": 24}


def test_every_field_is_read_from_its_place():
    numbers = [str(1000 + place) for place in range(1, 53)]
    one = stat.parse(" ".join([numbers[0], "(x)", "S", *numbers[3:]]))
    ticks = {"utime", "stime", "starttime"}
    assert {name: getattr(one, name) for name in FIELDS} == {
        name: (1000 + place) / (stat.TICKS if name in ticks else 1) for name, place in FIELDS.items()}
    assert {field.name for field in dataclasses.fields(one)} == {*FIELDS, "comm", "state"}


def test_the_states_are_those_of_the_manual():
    """proc_pid_stat(5), field 3, for Linux 2.6.33 and later, and the two of idle and parked kernel threads."""
    words = {"R": "runnable", "S": "a signal wakes", "D": "no signal", "T": "stopped by a signal", "t": "tracer",
             "Z": "zombie", "X": "dead", "I": "idle", "P": "parked"}
    assert stat.STATES.keys() == words.keys()
    assert [state for state, word in words.items() if word not in stat.STATES[state]] == []


def test_this_process_as_other_calls_see_it():
    wait_until(lambda: stat.read(os.getpid()).num_threads == len(os.listdir("/proc/self/task")),
               "both count the threads")
    me, usage = stat.read(os.getpid()), resource.getrusage(resource.RUSAGE_SELF)
    assert (me.pgrp, me.session, me.nice) == (os.getpgrp(), os.getsid(0), os.getpriority(os.PRIO_PROCESS, 0))
    assert me.minflt == pytest.approx(usage.ru_minflt, rel=0.01) and me.majflt <= usage.ru_majflt <= me.majflt + 5
    assert me.rss * resource.getpagesize() <= me.vsize
    assert 0 < me.starttime <= time.clock_gettime(time.CLOCK_BOOTTIME)


@pytest.mark.parametrize(("pid", "comm", "state"), [(101, "a) R (b c", "T"), (102, "tmux: server\nx", "Z")])
def test_the_name_may_hold_spaces_parentheses_and_newlines(pid, comm, state):
    one = stat.read(pid, root=FROZEN)
    assert (one.comm, one.state) == (comm, state)


def test_a_name_may_be_no_text(tmp_path):
    """The kernel cuts a name after 15 bytes, in the middle of a character too."""
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "stat").write_bytes(b"7 (" + "abc四个汉字".encode()[:14] + b") S 1 " + b"0 " * 30)
    assert stat.read(7, root=tmp_path).comm == "abc四个汉\udce5\udcad" and len(stat.everyone(root=tmp_path)) == 1


def test_the_family():
    assert [one.pid for one in stat.children(1, root=FROZEN)] == [100, 200]
    assert [one.pid for one in stat.descendants(1, root=FROZEN)] == [100, 200, 101, 102]
    assert stat.children(102, root=FROZEN) == []
    assert [one.pid for one in stat.everyone(root=FROZEN)] == [1, 100, 101, 102, 200]


@pytest.mark.parametrize("ask", [stat.read, stat.children, stat.descendants])
def test_a_missing_process_is_named(ask):
    with pytest.raises(ProcessLookupError, match="no process 4711 in"):
        ask(4711, root=FROZEN)


def test_the_path_of_a_missing_process_is_no_path():
    assert root.of_process(100, "stat", FROZEN) == FROZEN / "100" / "stat"
    with pytest.raises(ProcessLookupError, match="no process 4711 in"):
        root.of_process(4711, "stat", FROZEN)


@pytest.mark.parametrize("gone", [FileNotFoundError, ProcessLookupError])
def test_a_process_that_is_reaped_before_its_file_is_read(monkeypatch, gone):
    """open(2) finds no file, or read(2) fails with ESRCH."""
    def read_bytes(path):
        raise gone

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    with pytest.raises(ProcessLookupError, match="no process 100 in"):
        stat.read(100, root=FROZEN)


def test_a_process_that_ends_while_all_are_looked_at_is_left_out(tmp_path):
    shutil.copytree(FROZEN / "100", tmp_path / "100")
    (tmp_path / "4711").mkdir()
    (tmp_path / "net").mkdir()
    assert [one.pid for one in stat.everyone(root=tmp_path)] == [100]


def test_a_folder_that_is_no_proc(tmp_path):
    with pytest.raises(FileNotFoundError, match="needs Linux"):
        stat.read(1, root=tmp_path / "nothing")


@pytest.mark.parametrize("line", ["", "12 python3 R 1", "12 (python3) R 1 2 3", "x (python3) " + "1 " * 50])
def test_a_wrong_line_is_refused(line):
    with pytest.raises(ValueError):
        stat.parse(line)


def test_this_machine():
    me = stat.read(os.getpid())
    assert (me.pid, me.ppid, me.state) == (os.getpid(), os.getppid(), "R")
    assert me.utime + me.stime == pytest.approx(sum(os.times()[:2]), abs=0.1)
    assert me.pid in [one.pid for one in stat.everyone()]


def test_a_real_child_lives_becomes_a_zombie_and_is_gone():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert child.pid in [one.pid for one in stat.children(os.getpid())]
        child.stdin.close()
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        assert stat.read(child.pid).state == "Z"
    with pytest.raises(ProcessLookupError, match=str(child.pid)):
        stat.read(child.pid)
