"""The model of TCP against the recorded frames and RFC 9293's table, and what it proves of a bad network."""

import json
import struct
from pathlib import Path

import pytest

from iolab.explore import tcp
from iolab.explore.graph import explore
from iolab.explore.network import DATA, Connection
from iolab.explore.tcp import End, Segment
from rfc9293 import TRANSITIONS

FRAMES = json.loads((Path(__file__).parents[3] / "book/traces/frames.json").read_text(encoding="utf-8"))
NAMES = {4: "RST", 2: "SYN", 1: "FIN", 16: "ACK"}


def recorded(name, place):
    """(way, Segment) of a recording's TCP segments that passed a place, numbers counted from each side's first."""
    first = {}
    for frame in FRAMES[name]:
        data = bytes.fromhex(frame["帧"])
        if frame["位置"] != place or data[23] != 6:
            continue
        packet = data[14 + (data[14] & 15) * 4:14 + int.from_bytes(data[16:18], "big")]
        seq, ack, offset, bits = struct.unpack_from("!IIBB", packet, 4)
        way, back = frame["方向"], {"→": "←", "←": "→"}[frame["方向"]]
        first.setdefault(way, seq)
        flags = "+".join(word for bit, word in NAMES.items() if bits & bit)
        ack = ack - first[back] if "ACK" in flags else 0
        yield way, Segment(flags, seq - first[way], ack, len(packet) - (offset >> 4) * 4)


def speak(end, segment):
    """(the end, what it says) once its program has done what lets this segment leave."""
    if segment.flags == "SYN":
        return tcp.connect(end)
    return tcp.close(end) if "FIN" in segment.flags else tcp.write(end, segment.length)


def hold(end, name, place, own):
    """Let an end hear what the recorded one heard; it must say what that one said. Returns its last state.

    A kernel may keep an acknowledgement until it has something else to say, and what its program says meanwhile
    may overtake it.
    """
    owed, told = [], 0
    for way, segment in recorded(name, place):
        if way != own:
            end, answers = tcp.receive(end, segment)
            owed.extend(answers)
            continue
        due = [one for one in owed if (one.flags, one.ack) == (segment.flags, segment.ack)]
        if due:
            assert segment.seq in (due[0].seq, end.next)
            owed = owed[owed.index(due[0]) + 1:]
        else:
            assert segment.after > segment.seq, f"{segment} leaves, the model owes {[*map(str, owed)]}"
            end, said = speak(end, segment)
            assert said == (segment,)
        told = max(told, segment.ack)
    assert all(one.flags == "ACK" and one.ack <= told for one in owed), [*map(str, owed)]
    return end


@pytest.mark.parametrize("name", ["问候", "马上关闭"])
def test_each_end_answers_as_the_recorded_one(name):
    client = hold(End(), name, "客户端一侧", "→")
    server = hold(End("LISTEN"), name, "服务器一侧", "←")
    assert (client.state, server.state) == ("TIME_WAIT", "CLOSED")
    assert client.received and server.received


def test_the_server_of_a_bad_network_answers_as_the_recorded_one():
    end = hold(End("LISTEN"), "TCP", "服务器一侧", "←")
    assert end.received == len("".join(FRAMES["TCP 收到"]).encode()) == len("".join(FRAMES["发出"]).encode())


def test_every_change_of_state_is_in_the_table_of_rfc_9293():
    table = {(before, after) for (before, _), after in TRANSITIONS.items()}
    table |= {("CLOSED", "CLOSED")} | {(state, "CLOSED") for state in tcp.OPEN}  # a reset
    table |= {(a, d) for a, b in table for c, d in table if b == c}  # one segment may acknowledge and bring a FIN
    system = Connection(patient=True, tricks=2)
    for state, edges in zip((graph := whole(system)).states, graph.edges, strict=True):
        for move, _ in edges:
            for end in ("client", "server"):
                before, after = getattr(state, end).state, getattr(move.after, end).state
                assert before == after or (before, after) in table, f"{move.label}: {before} → {after}"


def whole(system):
    return explore(system.start, system.moves, lambda state, stuck: state.server.was_reset)


@pytest.mark.parametrize("tricks", [0, 1, 2])
def test_whatever_the_network_does_the_data_comes_once_and_both_ends_close(tricks):
    graph = whole(Connection(patient=True, tricks=tricks))
    assert not graph.bad
    assert max(state.server.received for state in graph.states) == DATA
    for number in graph.ends:
        end = graph.states[number]
        assert (end.client.state, end.server.state, end.server.received) == ("CLOSED", "CLOSED", DATA)
    assert len(graph.can_reach(graph.ends)) == len(graph.states)


def test_without_time_wait_one_loss_is_enough_and_no_trick_does_not_suffice():
    assert not whole(Connection(patient=False, tricks=0)).bad
    shortest = whole(Connection(patient=False, tricks=1)).shortest
    assert [move.key[0] for move in shortest if move.key[0] in "丢重"] == ["丢"]
    assert shortest[-1].label == "送到服务器：RST seq=4"


def test_what_comes_too_early_waits_for_what_is_missing():
    end = End("ESTABLISHED", next=1, una=1, expected=1)
    late, early = Segment("ACK", 1, 1, 2), Segment("FIN+ACK", 3, 1)
    end, (answer,) = tcp.receive(end, early)
    assert (answer.ack, end.received, end.state, end.early) == (1, 0, "ESTABLISHED", (early,))
    end, (answer,) = tcp.receive(end, late)
    assert (answer.ack, end.received, end.state, end.early) == (4, 2, "CLOSE_WAIT", ())
    end, (answer,) = tcp.receive(end, late)
    assert (answer.ack, end.received) == (4, 2)


def test_what_came_early_twice_counts_once():
    end = End("ESTABLISHED", next=1, una=1, expected=1)
    for ack in (0, 1):  # sent again, it acknowledges what has come meanwhile
        end, _ = tcp.receive(end, Segment("ACK", 3, ack, 2))
    end, (answer,) = tcp.receive(end, Segment("ACK", 1, 1, 2))
    assert (answer.ack, end.received, end.early) == (5, 4, ())


def test_after_a_timeout_all_is_sent_again_as_acknowledgements_come():
    end, _ = tcp.write(End("ESTABLISHED", next=1, una=1, expected=1), 2)
    end, (fin,) = tcp.close(end)
    end, again = tcp.timeout(end)
    assert again == (Segment("ACK", 1, 1, 2),)
    end, again = tcp.receive(end, Segment("ACK", 1, 3))
    assert again == (fin,) and end.state == "FIN_WAIT_1"
    end, again = tcp.receive(end, Segment("ACK", 1, 4))
    assert again == () and end.state == "FIN_WAIT_2"
