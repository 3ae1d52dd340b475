"""The recording of system calls that the book ships, and the command that makes it."""

import json
import shutil
from pathlib import Path

import pytest

from iolab.launch import run

SHIPPED = Path(__file__).resolve().parents[3] / "book" / "traces" / "io_calls.json"
KINDS = ["blocking", "non_blocking", "timeout", "select", "epoll", "asyncio"]


@pytest.mark.parametrize("kind", KINDS)
def test_each_way_receives_the_message_and_ends(kind):
    assert run("day9/io_calls.py", kind, quiet=True).status == 0


def test_the_recording_that_is_shipped():
    recording = json.loads(SHIPPED.read_text())
    assert recording["command"] == "python code/day9/io_calls.py --record > book/traces/io_calls.json"
    assert list(recording["calls"]) == KINDS
    check(recording["calls"])


def test_a_new_recording_shows_the_same():
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    result = run("day9/io_calls.py", "--record", quiet=True)
    assert result.status == 0, result.output
    check(json.loads(result.output)["calls"])


def check(calls):
    names = {kind: {line.partition("(")[0] for line in lines} for kind, lines in calls.items()}
    assert names["blocking"] == {"recvfrom"} and len(calls["blocking"]) == 1
    assert names["non_blocking"] == {"recvfrom"} and "EAGAIN" in calls["non_blocking"][0]
    assert names["timeout"] == {"poll", "recvfrom"}
    assert names["select"] <= {"select", "pselect6", "recvfrom"} and "recvfrom" in names["select"]
    assert {"epoll_create1", "epoll_ctl"} < names["epoll"] & names["asyncio"]
