"""day4/capture.py and the recording that ships: real frames, whole and right."""

import json
import os
import runpy
import struct
from pathlib import Path

import pytest

from iolab.launch import run, scripts

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


@pytest.mark.parametrize("data", [
    bytes.fromhex("0001f203f4f5f6f7"),            # the example of RFC 1071, section 3
    bytes.fromhex("ffffffff0001"),                # its first carry makes another one
    bytes(20), b"\xff" * 20,
])
def test_the_router_computes_checksums_as_rfc_1071_says(data):
    checksum = runpy.run_path(str(scripts.find("day4/capture_common.py")))["checksum"](data)
    assert checksum == 0xFFFF - total(data)


def frames(recording, name):
    return [(one["位置"], one["方向"], bytes.fromhex(one["帧"])) for one in recording[name]]


def test_what_it_says_of_itself(recording):
    assert recording["kernel"].startswith("Linux ") and recording["python"].startswith("3.")
    assert recording["command"] == "python code/day4/capture.py > book/traces/frames.json"


@pytest.mark.parametrize("name", ["问候", "马上关闭", "TCP", "UDP"])
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


SYN, ACK, FIN = 2, 16, 1


def flags(recording, name):
    return [(way, frame[47] & 0x17) for place, way, frame in frames(recording, name)
            if frame[23] == 6 and place == "客户端一侧"]


HANDSHAKE = [("→", SYN), ("←", SYN | ACK), ("→", ACK)]
FOUR = [("→", FIN | ACK), ("←", ACK), ("←", FIN | ACK), ("→", ACK)]
THREE = [("→", FIN | ACK), ("←", FIN | ACK), ("→", ACK)]


def test_the_good_network_shows_handshake_and_close(recording):
    assert flags(recording, "问候")[:3] == flags(recording, "马上关闭")[:3] == HANDSHAKE
    assert flags(recording, "问候")[-4:] == FOUR


def test_a_server_that_closes_at_once_needs_three_segments(recording, request):
    closing = flags(recording, "马上关闭")
    closing = closing[next(number for number, (_, bits) in enumerate(closing) if bits & FIN):]
    busy = "fresh" in request.node.name    # a server that the machine holds up for 40 ms acknowledges first
    assert closing == THREE or (busy and closing == FOUR)


def sent_again(recording):
    """(flags, seconds since it was sent, since the last ACK with a SACK block came) of each segment sent again."""
    before, told = {}, float("-inf")
    for one in recording["TCP"]:
        tcp = bytes.fromhex(one["帧"])[34:]
        if one["位置"] == "客户端一侧" and one["方向"] == "←" and 5 in options(tcp):
            told = one["秒"]
        if one["位置"] == "客户端一侧" and one["方向"] == "→" and (tcp[13] & SYN or len(tcp) > (tcp[12] >> 4) * 4):
            number = tcp[4:8]
            if number in before:
                yield tcp[13] & 0x17, one["秒"] - before[number], one["秒"] - told
            before[number] = one["秒"]


def options(tcp):
    """The kinds of a TCP header's options (RFC 9293, 3.1)."""
    left = tcp[20:(tcp[12] >> 4) * 4]
    while left:
        yield left[0]
        left = left[1:] if left[0] < 2 else left[left[1]:]


def test_what_is_lost_is_sent_again_for_want_of_an_ack_or_because_of_one(recording, request):
    """A SYN by a timer of a second (RFC 6298); data long before, when an ACK tells of a hole (RFC 2018, 8985)."""
    again, why = list(sent_again(recording)), recording["TCP 重发"]
    assert why["TCPTimeouts"] and why["TCPFastRetrans"]
    assert "fresh" in request.node.name or len(again) == sum(why.values())  # the kernel's counters say the same
    assert again[0][0] == SYN and again[0][1] > 0.9
    assert any(bits == ACK and told < 0.02 for bits, _, told in again)


def test_the_bad_network_spoils_udp_and_not_tcp(recording):
    assert recording["TCP 收到"] == recording["发出"]
    assert recording["UDP 收到"] != recording["发出"]
    assert set(recording["UDP 收到"]) < set(recording["发出"])


def test_the_sender_cuts_a_datagram_that_is_longer_than_a_frame(recording):
    packets = [frame[14:] for place, _, frame in frames(recording, "长数据报") if place == "客户端一侧"]
    assert [(len(packet), (packet[6] & 0x20) > 0, int.from_bytes(packet[6:8], "big") % 0x2000 * 8)
            for packet in packets] == [(1500, False, 0), (1500, True, 0), (21, False, 1480)]
    assert all(total(packet[:20]) == 0xFFFF for packet in packets)
