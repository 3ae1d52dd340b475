"""The pictures of TCP, and the recordings that ship, held against RFC 9293's table and sequence arithmetic."""

import json
import re
import struct
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from iolab import diagrams
from iolab.model import Begin, Call, Message, Note, State
from rfc9293 import STATES, TRANSITIONS, Segment, Violation, parse
from rfc9293 import End as Tcp

TRACES = Path(__file__).parents[3] / "book" / "traces"
FLAGS = {1: "FIN", 2: "SYN", 16: "ACK"}
PROGRAM = {"listen()": "listen", "accept()": "listen", "connect()": "connect", "close()": "close"}
TOLD = ["handshake", "four_way_close", "three_segment_close"]          # with states and numbers
DRAWN = ["tcp_client_flow", "tcp_server_flow", "web_request"]          # with segments only
SERVERS = {"tcp_client_flow": "server", "tcp_server_flow": "listener", "web_request": "site"}


def replay(scene, server=None):
    """Let two ends do what a picture says; the ends by actor. Raises Violation where TCP does something else.

    In each step the states that an end goes through must be those that the picture shows, in that order.
    """
    first = {event.actor: event.text for event in scene.steps[0].events if isinstance(event, State)}
    ends = {actor.name: Tcp(first.get(actor.name, "CLOSED")) for actor in scene.actors}
    if server:
        ends[server].step("passive open")
    for number, step in enumerate(scene.steps, 1):
        before = {name: len(end.history) for name, end in ends.items()}
        for event in step.events:
            apply(event, ends, step)
        for name, end in ends.items():
            shown = [event.text for event in step.events if isinstance(event, State) and event.actor == name]
            went = end.history[before[name]:]
            if first and number > 1 and shown != went:
                raise Violation(f"step {number}: {name} goes through {went}, the picture says {shown}")
            if server and isinstance(event := next(iter(step.events), None), Begin) and event.actor == name:
                end.state = "ESTABLISHED"
    return ends


def apply(event, ends, step):
    match event:
        case Call(actor, text) if text in PROGRAM:
            ends[actor].calls.add(PROGRAM[text])
            if text == "listen()" and ends[actor].state == "CLOSED":
                ends[actor].step("passive open")
        case State(actor, "CLOSED") if ends[actor].state == "TIME_WAIT":
            if "60 秒" not in step.caption:
                raise Violation("TIME_WAIT ends without a word of the time")
            ends[actor].step("wait 2 MSL")
        case Message(source, target, label):
            if label == "三次握手":
                whole_handshake(ends, source, target)
            elif segment := parse(label):
                arrow(ends[source], ends[target], segment)


def arrow(source, target, segment):
    source.send(segment)
    target.receive(segment)


def whole_handshake(ends, source, target):
    for one, other, flags in ((source, target, ["SYN"]), (target, source, ["SYN", "ACK"]), (source, target, ["ACK"])):
        arrow(ends[one], ends[other], Segment(frozenset(flags)))
    ends["conn"] = ends[target]     # the connection is the listener's child: what comes now is its own


ENDS = {"handshake": "ESTABLISHED", "four_way_close": "CLOSED", "three_segment_close": "CLOSED"}
SEGMENTS = {
    "handshake": [(True, {"SYN"}), (False, {"SYN", "ACK"}), (True, {"ACK"})],
    "four_way_close": [(True, {"FIN"}), (False, {"ACK"}), (False, {"FIN"}), (True, {"ACK"})],
    "three_segment_close": [(True, {"FIN"}), (False, {"FIN", "ACK"}), (True, {"ACK"})],
}


def judge(scene):
    """Raise Violation unless a picture with states and numbers is what TCP does, and all of what its title says."""
    ends = replay(scene)
    if {end.state for end in ends.values()} != {ENDS[scene.name]} or segments(scene) != SEGMENTS[scene.name]:
        raise Violation(f"{scene.title}: {segments(scene)}, then {ends}")


@pytest.mark.parametrize("name", TOLD)
def test_a_picture_of_tcp_is_what_tcp_does(name):
    judge(diagrams.load(name))


def segments(scene):
    """(whether it goes out from the actor that sends first, flags) of each segment of a picture."""
    sent = [(event.source, parse(event.label)) for step in scene.steps for event in step.events
            if isinstance(event, Message)]
    return [(source == sent[0][0], segment.flags) for source, segment in sent]


@pytest.mark.parametrize("name", DRAWN)
def test_the_segments_of_a_flow_are_what_tcp_sends(name):
    scene = diagrams.load(name)
    ends = replay(connecting(scene), SERVERS[name])
    asks = [event for step in scene.steps for event in step.events if isinstance(event, Message) and parse(event.label)]
    assert asks or "三次握手" in str(scene)
    assert all(end.history for actor, end in ends.items() if actor != "dns")


def connecting(scene):
    """The scene, with the connect() of the browser, which it does not show."""
    if scene.name != "web_request":
        return scene
    place = next(number for number, step in enumerate(scene.steps) if "TCP 连接" in step.caption)
    return changed(scene, place, 0, Call("browser", "connect()"), scene.steps[place].events[0])


def test_a_site_answers_what_the_browser_asked():
    asked = []
    for _, _, event in events(diagrams.load("web_request")):
        match event:
            case Message("browser", target, label) if label.startswith("GET ") or label.endswith("?"):
                asked.append(({"site": "200 OK", "dns": "IP 地址"}[target], target))
            case Message(source, "browser", label) if not parse(label) or not parse(label).flags:
                assert label.startswith(asked[-1][0]) and asked.pop()[1] == source
    assert asked == []


def test_the_ports_of_the_web_are_the_registered_ones():
    """RFC 9110 section 4.2."""
    text = " ".join(step.caption for step in diagrams.load("web_request").steps)
    assert "没有写端口，http 用 80" in text and "https，此处还要 TLS 握手，端口是 443" in text


def test_a_name_is_looked_up_before_anything_is_sent_to_its_address():
    targets = [event.target for _, _, event in events(diagrams.load("web_request")) if isinstance(event, Message)]
    assert targets[:2] == ["dns", "browser"] and "dns" not in targets[2:]


# --- each falsehood that a picture of TCP could tell, told ---


def events(scene):
    steps = enumerate(scene.steps)
    return [(number, place, event) for number, step in steps for place, event in enumerate(step.events)]


def lies(scene):
    """(what is false, the scene that says it) for each arrow, number, flag and state of a picture."""
    for number, place, event in events(scene):
        match event:
            case Message(source, target, label) if parse(label):
                yield f"arrow {label}", changed(scene, number, place, Message(target, source, label))
                for word in re.findall(r"\d{3}", label):
                    wrong = label.replace(word, str(int(word) + 1))
                    yield f"number {wrong}", changed(scene, number, place, Message(source, target, wrong))
                for flags in ("SYN", "ACK", "FIN", "SYN+ACK", "FIN+ACK"):
                    other = re.sub(r"^[A-Z+]+", flags, label)
                    if other != label and {flags, label.split()[0]} != {"FIN", "FIN+ACK"}:
                        yield f"flags {other}", changed(scene, number, place, Message(source, target, other))
                yield f"no {event}", changed(scene, number, place)
            case State(actor, text) if number:
                for other in STATES - {text}:
                    yield f"{text} is {other}", changed(scene, number, place, State(actor, other))
                yield f"no {event}", changed(scene, number, place)
            case Call("active" | "passive" | "client" as actor, "close()" | "connect()"):
                yield f"no {event}", changed(scene, number, place, Note((actor,), "…"))


def changed(scene, number, place, *other):
    steps = list(scene.steps)
    told = list(steps[number].events)
    told[place:place + 1] = other
    steps[number] = type(steps[number])(steps[number].caption, *told)
    return replace(scene, steps=tuple(steps))


@pytest.mark.parametrize("name", TOLD)
def test_no_lie_about_tcp_passes(name):
    told = list(lies(diagrams.load(name)))
    passed = [what for what, scene in told if not refused(scene)]
    assert len(told) > 50 and not passed


def refused(scene):
    try:
        judge(scene)
    except Violation:
        return True
    return False


# --- the recordings ---


def recorded():
    """(way, flags, seq, ack, length) of the greeting's TCP segments, as the client's side saw them."""
    for frame in json.loads((TRACES / "frames.json").read_text("utf-8"))["问候"]:
        data = bytes.fromhex(frame["帧"])
        if frame["位置"] == "客户端一侧" and data[23] == 6:
            ip, total = (data[14] & 15) * 4, int.from_bytes(data[16:18], "big")
            tcp = data[14 + ip:14 + total]
            flags = {name for bit, name in FLAGS.items() if tcp[13] & bit}
            yield frame["方向"], flags, *struct.unpack("!II", tcp[4:12]), len(tcp) - (tcp[12] >> 4) * 4


def relative():
    """The recorded segments as a picture would label them: a FIN that acknowledges nothing new is no ACK."""
    starts, told = {}, {}
    for way, flags, seq, ack, length in recorded():
        starts.setdefault(way, seq)
        other = {"→": "←", "←": "→"}[way]
        ack = ack - starts[other] if "ACK" in flags else None
        flags = flags - {"ACK"} if "FIN" in flags and told.get(way) == ack else flags
        told[way] = ack
        yield way, Segment(frozenset(flags), seq - starts[way], ack, length)


def test_the_recorded_connection_is_what_rfc_9293_says():
    client, server = Tcp(calls={"connect", "close"}), Tcp("LISTEN", calls={"close"})
    for way, segment in relative():
        arrow(*((client, server) if way == "→" else (server, client)), segment)
    assert client.history == ["SYN_SENT", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "TIME_WAIT"]
    assert server.history == ["SYN_RCVD", "ESTABLISHED", "CLOSE_WAIT", "LAST_ACK", "CLOSED"]


def numbers(scene):
    """The segments of a picture, seq and ack counted from the first of each side."""
    starts = {}
    for step in scene.steps:
        for event in step.events:
            if isinstance(event, Message):
                segment = parse(event.label)
                starts.setdefault(event.source, segment.seq)
                ack = segment.ack and segment.ack - starts.setdefault(event.target, segment.ack)
                yield event.source, Segment(segment.flags, segment.seq - starts[event.source], ack)


def test_the_pictures_show_what_was_recorded():
    drawn = [(source == "client", segment) for source, segment in numbers(diagrams.load("handshake"))]
    assert drawn == [(way == "→", segment) for way, segment in relative()][:3]
    closing = [(source == "active", segment.flags) for source, segment in numbers(diagrams.load("four_way_close"))]
    assert closing == [(way == "→", segment.flags) for way, segment in relative()][-4:]


def test_the_recorded_states_follow_the_table():
    written = {"SYN_RECV": "SYN_RCVD", "FIN_WAIT1": "FIN_WAIT_1", "FIN_WAIT2": "FIN_WAIT_2"}  # Linux's names
    steps = {(before, after) for (before, _), after in TRANSITIONS.items()}
    begins = {"监听套接字": "CLOSED", "客户端": "CLOSED", "服务器端": "LISTEN"}
    for lane in json.loads((TRACES / "tcp_states.json").read_text("utf-8"))["lanes"]:
        states = [begins[lane["label"]], *(written.get(span["state"], span["state"]) for span in lane["spans"])]
        assert set(pairwise(states)) <= steps


# What must have happened when Linux shows a state, in words of the recording: (lane, state) -> words of its cause.
CAUSES = {
    ("监听套接字", "LISTEN"): ["listen"],
    ("客户端", "SYN_SENT"): ["connect", "发出 SYN"],
    ("客户端", "ESTABLISHED"): ["得到 SYN+ACK"],
    ("服务器端", "SYN_RECV"): ["SYN+ACK", "服务器等第一个数据"],
    ("服务器端", "ESTABLISHED"): ["数据到了", "服务器端也建立"],
    ("客户端", "FIN_WAIT1"): ["客户端 shutdown", "FIN", "没有被确认"],
    ("客户端", "FIN_WAIT2"): ["服务器收完", "FIN", "确认"],
    ("服务器端", "CLOSE_WAIT"): ["服务器收完", "FIN", "确认"],
    ("服务器端", "LAST_ACK"): ["服务器 shutdown", "它的 FIN"],
    ("客户端", "TIME_WAIT"): ["客户端收到 FIN", "60 秒"],
}


def test_the_recorded_states_name_their_cause():
    lanes = json.loads((TRACES / "tcp_states.json").read_text("utf-8"))["lanes"]
    causes = {(lane["label"], span["state"]): span["cause"] for lane in lanes for span in lane["spans"]}
    assert causes.keys() == CAUSES.keys()
    assert not [place for place, words in CAUSES.items() if not all(word in causes[place] for word in words)]
