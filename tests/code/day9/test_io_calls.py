"""The recording of system calls that the book ships, and the command that makes it."""

import json
import re
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
    assert all(sum('"news"' in line for line in lines) == 1 for lines in calls.values())
    for line in (line for lines in calls.values() for line in lines):
        value, error = re.search(r"\) = (-?\d+)(?: (E[A-Z]+))?", line).groups()
        assert int(value) == result(line, error), line


def result(line, error):
    """What the manual pages say that a call returns: -1 with an error, else bytes, ready descriptors, or 0."""
    name = line.partition("(")[0]
    if error:
        return -1
    if name in ("recvfrom", "epoll_wait"):
        return len("news") if name == "recvfrom" else line.count("events=")
    return {"poll": 1, "select": 1, "pselect6": 1, "epoll_create1": 3, "epoll_ctl": 0}[name]
