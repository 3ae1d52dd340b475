import json
import os
import platform
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from itertools import pairwise

import pytest

from iolab.model import Timeline
from iolab.procfs import fd, stat
from iolab.watch import KINDS, Trace, WatchError, picture, process_states, record, recording, shipped, twelve_clients
from iolab.watch import sampler as sampling
from processes import wait_until


@pytest.fixture(scope="module")
def fresh():
    return {kind: record(kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_this_machine_shows_the_same_order_as_the_book(fresh, kind):
    assert fresh[kind].order == shipped(kind).order


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_recording_has_the_order_of_the_first(fresh, kind):
    assert record(kind).order == fresh[kind].order


def test_a_process_waits_is_stopped_and_dies(fresh):
    assert fresh["process_states"].order == {"子进程": list("RSRSRSRTRDRZ")}


def test_both_ends_of_a_connection(fresh):
    assert fresh["tcp_states"].order == {
        "监听套接字": ["LISTEN"],
        "客户端": ["SYN_SENT", "ESTABLISHED", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT"],
        "服务器端": ["SYN_RECV", "ESTABLISHED", "CLOSE_WAIT", "LAST_ACK"],
    }


# What made each state: the call or the segment that begins it (RFC 9293, figure 5; tcp(7), listen(2))
CAUSES = {
    ("监听套接字", "LISTEN"): ["listen"],
    ("客户端", "SYN_SENT"): ["connect", "SYN", "队列满了", "没有回音"],
    ("客户端", "ESTABLISHED"): ["SYN+ACK", "TCP_DEFER_ACCEPT"],
    ("客户端", "FIN_WAIT1"): ["客户端 shutdown", "FIN", "还没有被确认"],
    ("客户端", "FIN_WAIT2"): ["服务器收完", "FIN", "确认"],
    ("客户端", "TIME_WAIT"): ["客户端收到 FIN", "确认", "60 秒"],
    ("服务器端", "SYN_RECV"): ["重发的 SYN", "TCP_DEFER_ACCEPT", "服务器等第一个数据"],
    ("服务器端", "ESTABLISHED"): ["数据到了", "服务器端也建立"],
    ("服务器端", "CLOSE_WAIT"): ["服务器收完", "FIN"],
    ("服务器端", "LAST_ACK"): ["服务器 shutdown", "它的 FIN"],
}
# The same of a process, in order: signal(7), flock(2), vfork(2), wait(2), proc_pid_stat(5)
STEPS = [("R", "CPU"), ("S", "time.sleep"), ("R", "信号叫醒"), ("S", "read：等管道"), ("R", "输入到了"),
         ("S", "flock：等"), ("R", "拿到了锁"), ("T", "SIGSTOP"), ("R", "SIGCONT"),
         ("D", "vfork"), ("R", "换了程序"), ("Z", "没有 wait")]


@pytest.mark.parametrize("made", ["fresh", "shipped"])
def test_every_state_says_what_made_it(fresh, made):
    tcp, process = (fresh[kind] if made == "fresh" else shipped(kind) for kind in ("tcp_states", "process_states"))
    wrong = [(lane.label, span.state, span.cause) for lane in tcp.lanes for span in lane.spans
             if not all(words in span.cause for words in CAUSES[lane.label, span.state])]
    assert wrong == []
    steps = [(span.state, span.cause) for span in process.lanes[0].spans]
    assert len(steps) == len(STEPS)
    assert [step for step, (state, words) in zip(steps, STEPS, strict=True)
            if step[0] != state or words not in step[1]] == []


def test_time_wait_lasts_the_60_seconds_that_the_recording_names():
    """Its timer in /proc/net/tcp (proc_net_tcp.rst: type 3, then the time until it ends)."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        with listener.accept()[0] as server:
            ends = ["0100007F:%04X" % end.getsockname()[1] for end in (client, server)]
            client.close()
            assert server.recv(1) == b""

    def timer():
        with open("/proc/net/tcp") as table:
            rows = [line.split() for line in table]
        return next((row[5].split(":") for row in rows if row[1:4] == [*ends, "06"]), None)

    kind, left = wait_until(timer, "TIME_WAIT")
    assert kind == "03" and 55 < int(left, 16) / os.sysconf("SC_CLK_TCK") <= 60


@pytest.mark.parametrize("kind", KINDS)
def test_spans_follow_one_another_and_every_state_was_held(fresh, kind):
    """A state counts when 20 samples at intervals of 5 ms have shown it."""
    for trace in (fresh[kind], shipped(kind)):
        for lane in trace.lanes:
            assert all(span.start < span.end for span in lane.spans)
            assert all(one.end <= two.start for one, two in pairwise(lane.spans))
            assert max(span.end - span.start for span in lane.spans) >= 0.095


@pytest.mark.parametrize("kind", KINDS)
def test_the_book_names_kernel_python_and_command(kind):
    trace = shipped(kind)
    assert trace.kernel.startswith("Linux ") and trace.python.count(".") == 2
    assert trace.command == f"python -m iolab.watch {kind} > book/traces/{kind}.json"


def test_the_kernel_is_named_without_what_a_distribution_adds(monkeypatch):
    monkeypatch.setattr(platform, "release", lambda: "6.1.0-13-amd64")
    assert Trace.made_here("tcp_states", "", ()).kernel == f"{platform.system()} 6.1.0"


def test_a_recording_that_fails_is_a_sentence_and_no_traceback(monkeypatch):
    def fail(kind):
        raise WatchError(f"{kind} 录不下来")

    monkeypatch.setattr("iolab.watch.record", fail)
    monkeypatch.setattr(sys, "argv", ["watch", "tcp_states"])
    with pytest.raises(SystemExit, match=r"^tcp_states 录不下来$"):
        runpy.run_module("iolab.watch", run_name="__main__")


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_prints_what_the_book_ships(kind):
    done = subprocess.run([sys.executable, "-m", "iolab.watch", kind], capture_output=True, text=True, timeout=60)
    trace = Trace.from_json(done.stdout)
    assert (done.returncode, done.stderr, trace.order) == (0, "", shipped(kind).order)
    assert trace.to_json() == done.stdout and json.loads(done.stdout)["kind"] == kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_becomes_a_picture(fresh, kind):
    trace = fresh[kind]
    picture = trace.to_timeline()
    assert isinstance(picture, Timeline)
    assert [label for label, _ in picture.lanes] == list(trace.order)
    assert {label: [state for *_, state in spans] for label, spans in picture.lanes} == trace.order
    assert len(picture.notes) == 1 + sum(len(lane.spans) for lane in trace.lanes)
    for lane in trace.lanes:
        for span in lane.spans:
            assert f"{lane.label} {span.start:.2f} 秒起 {span.state}：{span.cause}" in picture.notes
    assert [spans for _, spans in picture.lanes] == [
        tuple((span.start, span.end, span.state) for span in lane.spans) for lane in trace.lanes]
    assert picture.notes[0] == f"{trace.kernel}，Python {trace.python}"


def children():
    return {one.pid for one in stat.children(os.getpid())}


def test_nothing_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = children(), fd.count(os.getpid())
    for kind in KINDS:
        record(kind)
    assert (children(), fd.count(os.getpid())) == before
    assert list(tmp_path.iterdir()) == []


def test_a_state_that_does_not_come_is_named_and_nothing_is_left(monkeypatch):
    before = children()
    monkeypatch.setattr(sampling, "TIMEOUT", 0.3)
    monkeypatch.setattr(stat, "read", lambda pid: stat.parse(f"{pid} (x) X" + " 0" * 30))
    with pytest.raises(WatchError, match=r"0.3 秒，应该看到 \{'子进程': 'R'\}，内核显示的却是 \{'子进程': 'X'\}"):
        record("process_states")
    monkeypatch.undo()
    assert children() == before


def test_nothing_is_left_of_a_recording_that_fails_while_vfork_waits(monkeypatch):
    """Then the watched process has a child that waits for ever for somebody who opens the FIFO."""
    groups = []

    def fail(_fifo):
        groups.extend(one.pid for one in stat.children(os.getpid()) if one.pid not in before)
        raise WatchError("nobody opens it")

    def members():
        return [one.pid for one in stat.everyone() if one.pgrp in groups and one.state != "Z"]

    before = children()
    monkeypatch.setattr(process_states, "_open_for_writing", fail)
    with pytest.raises(WatchError, match="nobody opens it"):
        record("process_states")
    try:
        assert len(groups) == 1
        wait_until(lambda: not members(), "the end of the whole process group")
    finally:
        for pid in members():
            os.kill(pid, signal.SIGKILL)


def test_whoever_opens_the_fifo_waits_for_the_reader_who_comes_late(tmp_path):
    fifo, got = tmp_path / "fifo", []
    os.mkfifo(fifo)
    late = threading.Timer(0.1, lambda: got.append(fifo.read_bytes()))
    late.daemon = True
    late.start()
    process_states._open_for_writing(fifo)
    late.join(30)
    assert got == [b""]


def test_what_has_gone_is_not_drawn_any_longer():
    seen = iter("S" * 20 + "-" * 40)
    one = sampling.Sampler(["a"], lambda: {"a": next(seen).replace("-", "") or None})
    one.hold("there", a="S")
    one.hold("gone", a=None)
    before = one.lanes()
    one.hold("still gone", a=None)
    assert one.lanes() == before


def test_what_is_seen_is_kept_even_when_it_was_not_expected():
    seen = iter("RRDRR" + "S" * 100)
    one = sampling.Sampler(["a"], lambda: {"a": next(seen)})
    one.hold("why", a="S")
    assert [span.state for span in one.lanes()[0].spans] == ["R", "D", "R", "S"]


@pytest.mark.parametrize("name", ["arena", "tcp_states"])
def test_the_data_of_a_recording_are_found_from_anywhere(monkeypatch, tmp_path, name):
    monkeypatch.chdir(tmp_path)
    assert isinstance(recording(name), dict)
    with pytest.raises(LookupError, match=rf"没有叫 weather 的记录，有：.*{name}"):
        recording("weather")


def test_only_a_state_that_lasts_counts():
    """Nineteen samples in succession are not twenty."""
    seen = iter("S" * 19 + "R" + "S" * 20 + "Z")
    one = sampling.Sampler(["a"], lambda: {"a": next(seen)})
    one.hold("why", a="S")
    assert next(seen) == "Z"


def test_no_such_kind():
    with pytest.raises(LookupError, match="没有叫 thread_states 的记录，有：process_states、tcp_states"):
        record("thread_states")


@pytest.mark.parametrize("kind", KINDS)
def test_other_systems_get_a_clear_sentence(monkeypatch, kind):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(WatchError, match=r"这里是 darwin.*请在 Linux 上运行"):
        record(kind)
    assert shipped(kind).order


@pytest.mark.parametrize("made", ["fresh", "shipped"])
def test_a_loop_serves_one_after_the_other_and_the_others_serve_all_at_once(fresh, made):
    trace = fresh["twelve_clients"] if made == "fresh" else shipped("twelve_clients")
    lanes = {name: [lane for lane in trace.lanes if lane.label.startswith(name)] for name in twelve_clients.SERVERS}
    assert {len(found) for found in lanes.values()} == {twelve_clients.CLIENTS}
    for one, two in pairwise(lanes["循环"]):
        assert one.spans[-1].end <= two.spans[-1].start, "in the order in which they connected, never two at a time"
    at_once = {name: twelve_clients.together(trace, name) for name in lanes}
    assert at_once["循环"] == 1 and at_once["线程"] > 6 and at_once["epoll"] > 6
    for lane in trace.lanes:
        talks = lane.spans[-1]
        assert talks.end - talks.start >= twelve_clients.QUESTIONS * twelve_clients.THINKS - 0.01


def test_the_picture_of_the_twelve_shows_each_as_it_was_at_its_time():
    trace = shipped("twelve_clients")
    scene = picture(trace)
    for view in scene.steps:
        clock = float(view.held["clock"][0].split()[0])
        for lane in trace.lanes:
            waits, talks = lane.spans
            colour = "amber" if clock < waits.end - 0.005 else "green" if clock < talks.end - 0.005 else "plain"
            assert view.held[lane.label][1] == colour or min(abs(clock - waits.end), abs(clock - talks.end)) <= 0.005
        for name in twelve_clients.SERVERS:
            waiting = sum(held == ("等", "amber") for cell, held in view.held.items() if cell.startswith(name))
            told = next(part for part in view.caption.split("。")[1].split("；") if part.startswith(name))
            assert (f"{waiting} 个等" in told) == (waiting > 0)
    assert all(colour == "plain" for _, colour in scene.steps[-1].held.values())


def test_a_server_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setattr(twelve_clients, "PATIENCE", 0.2)
    with (socket.create_server(("127.0.0.1", 0), backlog=50) as silent,
          pytest.raises(WatchError, match="12 个客户端还没有得到全部回答")):
        twelve_clients._meet(silent.getsockname())
