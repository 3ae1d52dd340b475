"""TCP as RFC 9293 has it: the transitions of figure 5 and section 3.10, and the arithmetic of sequence numbers.

An `End` replays what one end of a connection does. It raises Violation for what the RFC does not allow, so that a
picture or a recording can be held against it.
"""

import re
from dataclasses import dataclass, field

# (state, what happens) -> state. "ACK" acknowledges our SYN or FIN; what is sent in answer needs no row of its own.
TRANSITIONS = {
    ("CLOSED", "passive open"): "LISTEN",
    ("CLOSED", "send SYN"): "SYN_SENT",
    ("LISTEN", "receive SYN"): "SYN_RCVD",
    ("SYN_SENT", "receive SYN"): "SYN_RCVD",
    ("SYN_SENT", "receive SYN ACK"): "ESTABLISHED",
    ("SYN_RCVD", "receive ACK"): "ESTABLISHED",
    ("SYN_RCVD", "send FIN"): "FIN_WAIT_1",
    ("ESTABLISHED", "send FIN"): "FIN_WAIT_1",
    ("ESTABLISHED", "receive FIN"): "CLOSE_WAIT",
    ("FIN_WAIT_1", "receive ACK"): "FIN_WAIT_2",
    ("FIN_WAIT_1", "receive FIN"): "CLOSING",
    ("FIN_WAIT_1", "receive FIN ACK"): "TIME_WAIT",
    ("FIN_WAIT_2", "receive FIN"): "TIME_WAIT",
    ("CLOSE_WAIT", "send FIN"): "LAST_ACK",
    ("CLOSING", "receive ACK"): "TIME_WAIT",
    ("LAST_ACK", "receive ACK"): "CLOSED",
    ("TIME_WAIT", "wait 2 MSL"): "CLOSED",
}
STATES = {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values())
MAY_SEND_DATA = {"ESTABLISHED", "CLOSE_WAIT"}
MAY_ACKNOWLEDGE = STATES - {"CLOSED", "LISTEN", "SYN_SENT"}


class Violation(AssertionError):
    """What a TCP end may not do, or not in this state."""


@dataclass(frozen=True)
class Segment:
    """seq and ack are None where a picture does not show them; `said` are the flags that it shows."""

    flags: frozenset
    seq: int | None = None
    ack: int | None = None
    length: int = 0

    @property
    def after(self):
        """The sequence number behind the segment: SYN and FIN count one each, as bytes do."""
        return self.seq + self.length + len(self.flags & {"SYN", "FIN"})


@dataclass
class End:
    """One end of a connection. `calls` are the calls of its program that allow a SYN or a FIN to leave."""

    state: str = "CLOSED"
    next: int | None = None      # the sequence number that we send next, SND.NXT
    expected: int | None = None  # the one that we want from the peer, RCV.NXT
    told: int | None = None      # the last acknowledgement that we sent
    calls: set = field(default_factory=set)
    history: list = field(default_factory=list)

    def step(self, event):
        if (self.state, event) not in TRANSITIONS:
            raise Violation(f"{event} in state {self.state}")
        self.state = TRANSITIONS[self.state, event]
        self.history.append(self.state)

    def send(self, segment):
        need(segment.flags or segment.length, "a segment without flags and data")
        if "SYN" in segment.flags:
            self._send_syn(segment)
        else:
            need(self.state in MAY_ACKNOWLEDGE, f"{segment} leaves in state {self.state}")
            need(self.state in MAY_SEND_DATA or not segment.length, f"data leaves in state {self.state}")
        if "FIN" in segment.flags:
            need("close" in self.calls, "a FIN leaves, but the program has not closed")
            if self.state != "LAST_ACK":
                self.step("send FIN")
        if segment.seq is not None:
            need(self.next in (None, segment.seq), f"seq={segment.seq}, the next is {self.next}")
            self.next = segment.after
            need((segment.ack is None) == (segment.flags == {"SYN"}), "all but the first SYN acknowledge; it does not")
        if segment.ack is not None:
            need(self.expected in (None, segment.ack), f"ack={segment.ack}, the peer's next is {self.expected}")
            need("ACK" in segment.flags or segment.length or self.told in (None, segment.ack),
                 f"{segment} acknowledges news without saying so")
            self.told = self.expected = segment.ack

    def _send_syn(self, segment):
        if "ACK" in segment.flags:
            need(self.state == "SYN_RCVD", f"SYN+ACK leaves in state {self.state}")
        else:
            need("connect" in self.calls, "a SYN leaves, but the program has not connected")
            self.step("send SYN")

    def receive(self, segment):
        need(self.state != "CLOSED", f"{segment} arrives at a closed end")
        if segment.seq is not None:
            need(self.expected in (None, segment.seq), f"seq={segment.seq} arrives, {self.expected} was due")
            self.expected = segment.after
            self.told = segment.seq if self.told is None else self.told  # what came before was acknowledged
        if segment.ack is not None:
            need(self.next in (None, segment.ack), f"ack={segment.ack} arrives, {self.next} is what we sent")
            self.next = segment.ack
        flags = segment.flags
        if "SYN" in flags:
            self.step("receive SYN ACK" if "ACK" in flags else "receive SYN")
        elif "FIN" in flags:
            self.step("receive FIN ACK" if "ACK" in flags and self.state == "FIN_WAIT_1" else "receive FIN")
        elif "ACK" in flags and (self.state, "receive ACK") in TRANSITIONS:
            self.step("receive ACK")
        else:
            need(self.state in MAY_SEND_DATA | {"FIN_WAIT_1", "FIN_WAIT_2"}, f"{segment} arrives in state {self.state}")


def need(condition, message):
    if not condition:
        raise Violation(message)


def parse(label):
    """The Segment that a label such as ``SYN+ACK  seq=300, ack=101`` or ``b'hello'`` means; None if it means none."""
    flags = re.match(r"(?:(?:SYN|ACK|FIN)\+?)+(?=\s|$)", label)
    numbers = {name: int(value) for name, value in re.findall(r"(seq|ack)=(\d+)", label)}
    if flags:
        return Segment(frozenset(flags[0].split("+")), **numbers)
    if re.match(r"b'|GET |\d{3} ", label):
        return Segment(frozenset(), length=1)
    return None
