import json
import os
import subprocess
import sys
import tempfile

import pytest

from iolab.model import Timeline
from iolab.procfs import fd, stat
from iolab.watch import KINDS, Trace, WatchError, record, shipped
from iolab.watch import sampler as sampling


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


@pytest.mark.parametrize("kind", KINDS)
def test_the_book_names_kernel_python_and_command(kind):
    trace = shipped(kind)
    assert trace.kernel.startswith("Linux ") and trace.python.count(".") == 2
    assert trace.command == f"python -m iolab.watch {kind} > book/traces/{kind}.json"


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


def test_what_is_seen_is_kept_even_when_it_was_not_expected():
    seen = iter("RRDRR" + "S" * 100)
    one = sampling.Sampler(["a"], lambda: {"a": next(seen)})
    one.hold("why", a="S")
    assert [span.state for span in one.lanes()[0].spans] == ["R", "D", "R", "S"]


def test_no_such_kind():
    with pytest.raises(LookupError, match="没有叫 thread_states 的记录，有：process_states、tcp_states"):
        record("thread_states")


@pytest.mark.parametrize("kind", KINDS)
def test_other_systems_get_a_clear_sentence(monkeypatch, kind):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(WatchError, match=r"这里是 darwin.*请在 Linux 上运行"):
        record(kind)
    assert shipped(kind).order
