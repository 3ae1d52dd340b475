import contextlib
import os
import socket
from pathlib import Path

import pytest

from iolab.procfs import net
from processes import wait_until

FROZEN = Path(__file__).parent / "fixtures"


def test_the_tables_are_read_whole():
    seen = [(one.state, one.tx_queue, one.rx_queue) for one in net.tcp(root=FROZEN)]
    assert seen == [
        ("LISTEN", 0, 2), ("ESTABLISHED", 0, 0), ("TIME_WAIT", 0, 0), ("ESTABLISHED", 0, 5), ("FIN_WAIT1", 1, 0),
        ("ESTABLISHED", 0, 0), ("CLOSE_WAIT", 0, 1), ("LISTEN", 0, 0), ("ESTABLISHED", 0, 0),
    ]
    assert [one.state for one in net.udp(root=FROZEN)] == ["ESTABLISHED", "CLOSE"]


# The order of the enum in the kernel's include/net/tcp_states.h, which begins at 1
ENUM = ["ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSE_WAIT",
        "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV", "BOUND_INACTIVE"]


@pytest.mark.parametrize(("number", "name"), list(enumerate(ENUM, start=1)))
def test_the_states_have_the_kernels_numbers(number, name):
    line = f"0: 0100007F:1F90 0100007F:C984 {number:02X} 0000000A:0000000B 02:00000004 00000005 1000 7 4242 1 x"
    one = net.parse(line)
    assert (one.state, one.tx_queue, one.rx_queue, one.inode) == (name, 10, 11, 4242)
    assert (one.local, one.remote) == (("127.0.0.1", 8080), ("127.0.0.1", 51588))


def test_the_queues_of_both_ends_of_a_real_connection():
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_connection(listener.getsockname()) as client,
        listener.accept()[0] as server,
    ):
        client.setblocking(False)
        sent = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                sent += client.send(b"x" * 65536)

        def both():
            table = net.tcp(port=client.getsockname()[1])
            ends = client.getsockname(), server.getsockname()
            return net.find(table, *ends), net.find(table, *reversed(ends))

        here, there = wait_until(
            lambda: (seen := both()) and seen[0].tx_queue + seen[1].rx_queue == sent and seen, "a quiet wire")
        assert here.tx_queue and there.rx_queue and (here.rx_queue, there.tx_queue) == (0, 0)


def test_addresses_of_both_families():
    listener, *_, listener6, mapped = net.tcp(root=FROZEN)
    assert (listener.local, listener.remote, listener.inode) == (("127.0.0.1", 42877), ("0.0.0.0", 0), 9640)
    assert (listener6.local, listener6.remote) == (("::1", 34007), ("::", 0))
    assert mapped.remote == ("::ffff:127.0.0.1", 42877)


def test_both_ends_of_one_connection_are_found():
    table = net.tcp(root=FROZEN)
    here, there = ("127.0.0.1", 0xC984), ("127.0.0.1", 0xA77D)
    assert net.find(table, here, there).state == "FIN_WAIT1"
    assert net.find(table, there, here).state == "CLOSE_WAIT"
    assert net.find(table, here, here) is None


def test_only_the_sockets_of_one_port():
    every = net.tcp(root=FROZEN)
    for port in (42877, 0xC984, 1, 0):
        assert net.tcp(root=FROZEN, port=port) == [one for one in every if port in (one.local[1], one.remote[1])]
    assert [one.state for one in net.udp(root=FROZEN, port=0xD74B)] == ["ESTABLISHED"]


def test_a_family_that_is_switched_off_has_no_sockets(tmp_path):
    (tmp_path / "net").mkdir()
    (tmp_path / "net" / "tcp").write_text((FROZEN / "net" / "tcp").read_text())
    assert len(net.tcp(root=tmp_path)) == 7


def test_a_folder_that_is_no_proc(tmp_path):
    with pytest.raises(FileNotFoundError):
        net.tcp(root=tmp_path / "nothing")


@pytest.mark.parametrize("line", ["", "0: 0100007F:1 0100007F:2 01", "0: 01:A 0100007F:2 01 0:0 0 0 0 0 5"])
def test_a_wrong_line_is_refused(line):
    with pytest.raises(ValueError, match="not a line of"):
        net.parse(line)


def test_sockets_of_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.create_connection(listener.getsockname()) as client:
        waiting = net.find(net.tcp(), listener.getsockname(), ("0.0.0.0", 0))
        assert (waiting.state, waiting.rx_queue) == ("LISTEN", 1)
        with listener.accept()[0] as server:
            client.send("你好".encode())
            ours = net.find(net.tcp(), server.getsockname(), server.getpeername())
            assert (ours.state, ours.rx_queue, ours.inode) == ("ESTABLISHED", 6, os.fstat(server.fileno()).st_ino)


def test_a_datagram_socket_has_a_peer_only_after_connect():
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        assert net.find(net.udp(), one.getsockname(), ("0.0.0.0", 0)).state == "CLOSE"
        one.connect(("127.0.0.1", 9))
        assert net.find(net.udp(), one.getsockname(), ("127.0.0.1", 9)).state == "ESTABLISHED"


def test_ipv6_sockets_are_found_by_the_names_that_the_socket_has():
    with (
        socket.create_server(("::1", 0), family=socket.AF_INET6) as listener,
        socket.create_connection(listener.getsockname()[:2]) as client,
        socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as datagrams,
    ):
        assert net.find(net.tcp(), client.getsockname()[:2], client.getpeername()[:2]).state == "ESTABLISHED"
        datagrams.bind(("::1", 0))
        assert net.find(net.udp(), datagrams.getsockname()[:2], ("::", 0)).inode == os.fstat(datagrams.fileno()).st_ino
