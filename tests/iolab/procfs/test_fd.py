import os
import shutil
import socket
from pathlib import Path

import pytest

from iolab.procfs import fd, net

FROZEN = Path(__file__).parent / "fixtures"
TARGETS = {0: "/dev/null", 1: "pipe:[77]", 2: "pipe:[77]", 3: "socket:[9641]", 10: "anon_inode:[eventpoll]"}


@pytest.fixture
def frozen(tmp_path):
    """A frozen /proc in which process 100 holds descriptors. Their links are made here: a zip keeps none."""
    shutil.copytree(FROZEN / "net", tmp_path / "net")
    (tmp_path / "100/fd").mkdir(parents=True)
    for number in sorted(TARGETS, reverse=True):
        (tmp_path / f"100/fd/{number}").symlink_to(TARGETS[number])
    return tmp_path


def test_targets_in_the_order_of_the_descriptors(frozen):
    assert fd.targets(100, root=frozen) == TARGETS
    assert list(fd.targets(100, root=frozen)) == [0, 1, 2, 3, 10]
    assert fd.count(100, root=frozen) == 5


def test_a_process_leads_to_its_sockets(frozen):
    inodes = fd.socket_inodes(100, root=frozen)
    assert inodes == {9641}
    assert [one.remote for one in net.tcp(root=frozen) if one.inode in inodes] == [("127.0.0.1", 42877)]


def test_a_missing_process_is_named():
    with pytest.raises(ProcessLookupError, match="no process 4711 in"):
        fd.count(4711, root=FROZEN)


@pytest.mark.parametrize("gone", [FileNotFoundError, ProcessLookupError])
def test_a_process_that_is_reaped_before_its_folder_is_listed(monkeypatch, gone):
    def listdir(folder):
        raise gone

    monkeypatch.setattr(fd.os, "listdir", listdir)
    with pytest.raises(ProcessLookupError, match="no process 100 in"):
        fd.targets(100, root=FROZEN)


def test_this_process():
    before = fd.count(os.getpid())
    with open(__file__) as source, socket.socket() as one:
        now = fd.targets(os.getpid())
        assert now[source.fileno()] == os.path.realpath(__file__)
        assert now[one.fileno()] == f"socket:[{os.fstat(one.fileno()).st_ino}]"
        assert fd.count(os.getpid()) == before + 2
    assert fd.count(os.getpid()) == before
