"""One end of a TCP connection as RFC 9293 has it: what it does with a call, a segment or the end of its timer.

An End is a value; each function returns the next one and the Segments that leave. Sequence numbers start at 0. Windows
are never full. Data is acknowledged at once; what comes too early is kept (RFC 9293, 3.10.7.4). After a timeout all
that was sent counts as lost and is sent again as acknowledgements come (RFC 5681, 3.1).
"""

from dataclasses import dataclass, replace

OPEN = {"ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2", "CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"}


@dataclass(frozen=True, order=True)
class Segment:
    """flags: "SYN", "SYN+ACK", "ACK", "FIN+ACK" or "RST"; length: of its data, in bytes."""

    flags: str
    seq: int
    ack: int = 0
    length: int = 0

    @property
    def after(self):
        """The sequence number behind it: SYN and FIN count as one byte."""
        return self.seq + self.length + ("SYN" in self.flags) + ("FIN" in self.flags)

    def __str__(self):
        words = f"{self.flags} seq={self.seq}"
        if "ACK" in self.flags:
            words += f" ack={self.ack}"
        return words + (f"，{self.length} 字节" if self.length else "")


@dataclass(frozen=True)
class End:
    """state: as in RFC 9293; unsent bytes there are none. `patient`: whether it stays in TIME_WAIT."""

    state: str = "CLOSED"
    una: int = 0            # the oldest number that is not acknowledged, SND.UNA
    next: int = 0           # SND.NXT
    expected: int = 0       # RCV.NXT
    sent: tuple = ()        # Segments that are not acknowledged
    lost: tuple = ()        # those of them that are to be sent again
    early: tuple = ()       # Segments that wait for those before them
    received: int = 0       # bytes of data in order
    was_reset: bool = False
    patient: bool = True

    @property
    def ended(self):
        """Whether the peer will send no more: its FIN is in order."""
        return self.state in ("CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT")


def send(end, flags, length=0):
    """Send something that must be acknowledged."""
    segment = Segment(flags, end.next, end.expected if "ACK" in flags else 0, length)
    return replace(end, next=segment.after, sent=(*end.sent, segment)), (segment,)


def acknowledge(end):
    return end, (Segment("ACK", end.next, end.expected),)


def connect(end):
    return send(replace(end, state="SYN_SENT"), "SYN")


def write(end, length):
    return send(end, "ACK", length)


def close(end):
    state = {"ESTABLISHED": "FIN_WAIT_1", "CLOSE_WAIT": "LAST_ACK"}[end.state]
    return send(replace(end, state=state), "FIN+ACK")


def timeout(end):
    """Nothing came for long: the oldest is sent again, the others when it is acknowledged."""
    oldest, *others = end.sent
    again = fresh(end, oldest)
    return replace(end, lost=tuple(others)), (again,)


def fresh(end, segment):
    """What is sent again acknowledges what has come meanwhile."""
    return replace(segment, ack=end.expected) if "ACK" in segment.flags else segment


def wait_is_over(end):
    """2 MSL have passed."""
    return replace(end, state="CLOSED")


def receive(end, segment):
    """RFC 9293, 3.10.7, in its order."""
    if end.state == "CLOSED":
        return end, () if segment.flags == "RST" else (refusal(segment),)
    if end.state == "LISTEN":
        if segment.flags != "SYN":
            return end, () if segment.flags == "RST" else (refusal(segment),)
        return send(replace(end, state="SYN_RCVD", expected=segment.after), "SYN+ACK")
    if end.state == "SYN_SENT":
        if segment.flags != "SYN+ACK" or segment.ack != end.next:
            return end, ()
        end = replace(acked(end, segment.ack)[0], state="ESTABLISHED", expected=segment.after)
        return acknowledge(end)
    if segment.flags == "SYN" and end.state == "SYN_RCVD":
        # The peer missed our SYN+ACK. A bare ACK, as 3.10.7.4 has it, would not help it; kernels send it again.
        return end, (fresh(end, end.sent[0]),)
    if (segment.after <= end.expected and segment.after > segment.seq) or segment.seq < end.expected:
        return unacceptable(end, segment)
    if segment.flags == "RST":
        exact = segment.seq == end.expected
        return replace(end, state="CLOSED", sent=(), lost=(), was_reset=True) if exact else end, ()
    return accepted(end, segment)


def refusal(segment):
    """What an end that knows of no connection answers."""
    return Segment("RST", segment.ack if "ACK" in segment.flags else 0)


def unacceptable(end, segment):
    """An old segment: if it has anything that could have been lost, its sender needs our acknowledgement."""
    if segment.flags == "RST":
        return end, ()
    if segment.after > segment.seq:
        # its acknowledgement may be news all the same; the RFC lets it be
        return acknowledge(end)
    return end, ()


def accepted(end, segment):
    end, again = acked(end, segment.ack)
    if end.state == "SYN_RCVD" and segment.ack == end.next:
        end = replace(end, state="ESTABLISHED")
    end = after_acknowledgement(end)
    if segment.after == segment.seq or end.state == "CLOSED":
        return end, again
    end = replace(end, early=tuple(sorted({*end.early, segment}, key=lambda one: (one.seq, one.after))))
    while end.early and end.early[0].seq <= end.expected:
        first, *rest = end.early
        end = replace(end, early=tuple(rest))
        if first.after > end.expected:
            end = in_order(end, first)
    end, answer = acknowledge(end)
    if end.state == "TIME_WAIT" and not end.patient:
        end = wait_is_over(end)
    return end, (*again, *answer)


def acked(end, ack):
    """The end once its peer has acknowledged up to `ack`, and what it then sends again."""
    if not end.una < ack <= end.next:
        return end, ()
    left = tuple(one for one in end.sent if one.after > ack)
    lost = [one for one in end.lost if one.after > ack]
    again = tuple(fresh(end, one) for one in lost[:1])
    return replace(end, una=ack, sent=left, lost=tuple(lost[1:])), again


def after_acknowledgement(end):
    if end.sent:
        return end
    state = {"FIN_WAIT_1": "FIN_WAIT_2", "CLOSING": "TIME_WAIT", "LAST_ACK": "CLOSED"}.get(end.state, end.state)
    return replace(end, state=state)


def in_order(end, segment):
    end = replace(end, expected=segment.after, received=end.received + segment.length)
    if "FIN" not in segment.flags:
        return end
    state = {"ESTABLISHED": "CLOSE_WAIT", "FIN_WAIT_1": "CLOSING", "FIN_WAIT_2": "TIME_WAIT"}[end.state]
    return replace(end, state=state)
