"""day4/sockets.py says what ss says, and day4/sniff.py records what tcpdump can read."""

import os
import re
import socket
import struct

import pytest

from iolab.launch import run

HELLO = "你好".encode()
ANY = ("0.0.0.0:0",)


def table(port):
    """[(state, Recv-Q, Send-Q, local, peer, the owner's pid or "")] of day4/sockets.py."""
    result = run("day4/sockets.py", port, quiet=True)
    assert result.status == 0, result.output
    head, *rows = result.output.splitlines()
    assert head.split() == ["State", "Recv-Q", "Send-Q", "Local", "Peer", "Process"]
    return sorted((*row.split()[:5], *re.findall(r"pid=(\d+)$", row)) for row in rows)


def test_it_says_states_queues_ends_and_owners():
    me = str(os.getpid())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        here = f"127.0.0.1:{port}"
        assert table(port) == [("LISTEN", "0", "0", here, *ANY, me)]
        with socket.create_connection(listener.getsockname()) as client:
            there = f"127.0.0.1:{client.getsockname()[1]}"
            client.sendall(HELLO)
            waiting = [("ESTAB", "6", "0", here, there), ("LISTEN", "1", "0", here, *ANY, me)]
            assert table(port) == sorted([*waiting, ("ESTAB", "0", "0", there, here, me)])
            conn, _ = listener.accept()
            with conn:
                assert conn.recv(100) == HELLO
                both = [("ESTAB", "0", "0", here, there, me), ("ESTAB", "0", "0", there, here, me)]
                assert table(port) == sorted([*both, ("LISTEN", "0", "0", here, *ANY, me)])
            client.close()
            left = [row for row in table(port) if row[0] != "LISTEN"]
            assert left == [("TIME-WAIT", "0", "0", here, there)], "who closed first, with no owner"


def test_a_port_is_not_found_by_the_end_of_another():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        assert table(str(listener.getsockname()[1])[1:]) == []


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("captured")
    result = run("day4/sniff.py", "talk.pcap", cwd=folder, quiet=True)
    if result.status == 1:
        assert "抓不了" in result.output and "Traceback" not in result.output
        pytest.skip("this machine lets nobody capture: " + result.output)
    return result.output.splitlines(), (folder / "talk.pcap").read_bytes()


def test_it_prints_the_handshake_the_data_and_both_ends(captured):
    lines, _ = captured
    assert lines[:4] == ["客户端 > 服务器  [S]  seq 0，数据 0 字节", "服务器 > 客户端  [S.]  seq 0，ack 1，数据 0 字节",
                         "客户端 > 服务器  [.]  seq 1，ack 1，数据 0 字节",
                         "客户端 > 服务器  [P.]  seq 1，ack 1，数据 6 字节"]
    assert [line.split("  ")[0] for line in lines if "[F.]" in line] == ["客户端 > 服务器", "服务器 > 客户端"]
    assert lines[-1] == "客户端 > 服务器  [.]  seq 8，ack 2，数据 0 字节"


def test_the_file_is_a_pcap_of_these_frames(captured):
    """draft-ietf-opsawg-pcap: a head of 24 bytes, and of 16 before each packet."""
    lines, data = captured
    assert struct.unpack_from("=IHHiIII", data) == (0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    at, frames, times = 24, [], []
    while at < len(data):
        second, part, size, whole = struct.unpack_from("=IIII", data, at)
        assert size == whole and part < 1_000_000
        frames.append(data[at + 16:at + 16 + size])
        times.append((second, part))
        at += 16 + size
    assert len(frames) == len(lines) and times == sorted(times) and at == len(data)
    assert all(frame[12:14] == b"\x08\x00" and frame[23] == 6 for frame in frames)
    assert sum(HELLO in frame for frame in frames) == 1
