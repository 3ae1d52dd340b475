"""day4/capture.py and the recording that ships: real frames, whole and right."""

import json
import os
import struct
from pathlib import Path

import pytest

from iolab.launch import run

SHIPPED = Path(__file__).parents[3] / "book" / "traces" / "frames.json"
CAP_SYS_ADMIN = 21


def may_record():
    """Whether this process may make network namespaces: CapEff of proc(5)."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("CapEff"))
    return bool(int(line.split()[1], 16) >> CAP_SYS_ADMIN & 1) and any(
        Path(folder, "ip").exists() for folder in os.environ["PATH"].split(":"))


@pytest.fixture(scope="module")
def fresh():
    result = run("day4/capture.py", timeout=120, quiet=True)
    if not may_record():
        assert result.status == 1 and "录不了" in result.output and "Traceback" not in result.output
        pytest.skip("only root can record")
    assert result.status == 0, result.output
    return json.loads(result.output)


@pytest.fixture(params=["shipped", "fresh"])
def recording(request):
    return json.loads(SHIPPED.read_text(encoding="utf-8")) if request.param == "shipped" else \
        request.getfixturevalue("fresh")


def total(data):
    """The sum of RFC 1071: 0xFFFF over data that contains its own right checksum."""
    data += bytes(len(data) % 2)
    value = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while value >> 16:
        value = (value & 0xFFFF) + (value >> 16)
    return value


def frames(recording, name):
    return [(one["位置"], one["方向"], bytes.fromhex(one["帧"])) for one in recording[name]]


def test_what_it_says_of_itself(recording):
    assert recording["kernel"].startswith("Linux ") and recording["python"].startswith("3.")
    assert recording["command"] == "python code/day4/capture.py > book/traces/frames.json"


@pytest.mark.parametrize("name", ["问候", "TCP", "UDP"])
def test_every_checksum_is_right(recording, name):
    for _, _, frame in frames(recording, name):
        packet = frame[14:14 + int.from_bytes(frame[16:18], "big")]
        segment = packet[20:]
        pseudo = packet[12:20] + struct.pack("!BBH", 0, packet[9], len(segment))
        assert total(packet[:20]) == 0xFFFF and total(pseudo + segment) == 0xFFFF


def test_the_router_changes_the_link_and_the_time_to_live_alone(recording):
    log = frames(recording, "问候")
    for (place, way, sent), (there, same_way, came) in zip(log[::2], log[1::2], strict=True):
        assert place != there and way == same_way
        assert sent[:12] != came[:12] and sent[22] == came[22] + 1 == 64
        assert sent[26:] == came[26:]


def test_the_good_network_shows_handshake_and_close(recording):
    flags = [frame[47] & 0x17 for place, way, frame in frames(recording, "问候")
             if frame[23] == 6 and place == "客户端一侧"]
    syn, ack, fin = 2, 16, 1
    assert flags[:3] == [syn, syn | ack, ack]
    assert flags[-4:] == [fin | ack, ack, fin | ack, ack]


def test_the_bad_network_spoils_udp_and_not_tcp(recording):
    assert recording["TCP 收到"] == recording["发出"]
    assert recording["UDP 收到"] != recording["发出"]
    assert set(recording["UDP 收到"]) < set(recording["发出"])
