"""Two programs, their kernels' TCP, and between them a network that the reader is: a system for graph.py.

The network delivers what is on its way in order, each way by itself and as late as it likes; a few times it may lose
a segment, double one, or let one overtake those before it. Timers are slower than it: one runs out
only when nothing is on its way.
"""

from dataclasses import dataclass, replace

from iolab.explore import tcp
from iolab.explore.graph import Move

CODE = """\
def client():
    conn = socket.create_connection(SERVER)
    conn.sendall(b"hi")
    conn.close()

def server():
    conn, _ = listener.accept()
    while conn.recv(100):
        pass
    conn.close()
"""
CLIENT, SERVER, NETWORK = "客户端", "服务器", "网络"
CONNECT, WRITE, CLOSE, ACCEPT, READ, CLOSE_TOO = 2, 3, 4, 7, 8, 10
DATA = 2
WORDS = {number: line.strip() for number, line in enumerate(CODE.splitlines(), 1)}


@dataclass(frozen=True)
class State:
    client: tcp.End
    server: tcp.End
    going: tuple = ()    # Segments on their way to the server, the first sent first
    coming: tuple = ()   # and to the client
    at: int = 0          # which line the client is at; the server follows its kernel
    tricks: int = 1      # how often the network may still lose, double or reorder

    @property
    def waiting(self):
        """The ends that have not come to their end."""
        return [end for end in (self.client, self.server) if end.state != "CLOSED"]


class Connection:
    """The system. patient: whether the client stays in TIME_WAIT; tricks: how bad the network may be."""

    code, source = CODE.splitlines(), ""

    def __init__(self, patient=True, tricks=1):
        self.start = State(tcp.End(patient=patient), tcp.End("LISTEN"), tricks=tricks)

    def moves(self, state):
        return [*self._calls(state), *self._network(state), *self._timers(state)]

    # The programs

    def _calls(self, state):
        end = state.client
        if state.at == 0 and end.state == "CLOSED":
            yield self._move(state, CLIENT, WORDS[CONNECT], tcp.connect(end))
        elif state.at == 1:
            yield self._move(state, CLIENT, WORDS[WRITE], tcp.write(end, DATA), line=2)
        elif state.at == 2:
            yield self._move(state, CLIENT, WORDS[CLOSE], tcp.close(end), line=3)
        if state.server.state == "CLOSE_WAIT":
            yield self._move(state, SERVER, WORDS[CLOSE_TOO], tcp.close(state.server))

    def _move(self, state, actor, words, done, line=None, key=""):
        end, out = done
        if actor == SERVER:
            return Move(actor, words, replace(state, server=end, coming=(*state.coming, *out)), key)
        line = state.at if line is None else line
        if line == 0 and end.state == "ESTABLISHED":
            line = 1
        return Move(actor, words, replace(state, client=end, going=(*state.going, *out), at=line), key)

    # The network

    def _network(self, state):
        number = 0
        for way, target in (("going", SERVER), ("coming", CLIENT)):
            segments = getattr(state, way)
            for place, segment in enumerate(segments):
                number += 1
                if segment in segments[:place]:
                    continue  # the same as one before it
                without = replace(state, **{way: segments[:place] + segments[place + 1:]})
                tricked = replace(without, tricks=state.tricks - 1)
                if not place or state.tricks:
                    before = tricked if place else without
                    end = before.server if target == SERVER else before.client
                    arrived = self._move(before, target, "", tcp.receive(end, segment)).after
                    words = "插队，先送到" if place else "送到"
                    yield Move(NETWORK, f"{words}{target}：{segment}", arrived, f"送{number}")
                if state.tricks:
                    yield Move(NETWORK, f"弄丢：{segment}", tricked, f"丢{number}")
                if state.tricks and "ACK" in segment.flags:
                    twice = replace(tricked, **{way: (*segments, segment)})
                    yield Move(NETWORK, f"再来一份：{segment}", twice, f"重{number}")

    # Time

    def _timers(self, state):
        if state.going or state.coming:
            return
        waiting = [(CLIENT, state.client), (SERVER, state.server)]
        for actor, end in waiting:
            if end.sent:
                yield self._move(state, actor, f"等不到确认，重发 {tcp.fresh(end, end.sent[0])}", tcp.timeout(end),
                                 key=f"{actor}超时")
        if state.client.state == "TIME_WAIT" and not state.server.sent:
            yield Move(CLIENT, "2 MSL 过去了", replace(state, client=tcp.wait_is_over(state.client)), "客户端2MSL")

    # What goals and readers see

    def observe(self, state):
        return state

    def view(self, state):
        at, why = {}, {}
        if state.at < 3:
            at[CLIENT] = (CONNECT, WRITE, CLOSE)[state.at]
        if state.client.state == "SYN_SENT":
            why[CLIENT] = "等三次握手"
        line = {"LISTEN": ACCEPT, "SYN_RCVD": ACCEPT, "ESTABLISHED": READ, "CLOSE_WAIT": CLOSE_TOO}
        if state.server.state in line:
            at[SERVER] = line[state.server.state]
            why[SERVER] = "等连接" if at[SERVER] == ACCEPT else "等数据，或者对方的 FIN"
        for actor, end in ((CLIENT, state.client), (SERVER, state.server)):
            if actor not in at:
                why[actor] = "程序做完了" if end.state == "CLOSED" else "程序做完了，内核还在收尾"
        if not state.going and not state.coming:
            why[NETWORK] = "路上什么也没有"
        values = {"客户端的内核": state.client.state, "服务器的内核": state.server.state,
                  "服务器收到": f"{state.server.received} 字节"}
        for label, segments in (("路上，去服务器", state.going), ("路上，去客户端", state.coming)):
            if segments:
                values[label] = "；".join(map(str, segments))
        for actor, end in ((CLIENT, state.client), (SERVER, state.server)):
            if end.early:
                values[f"{actor}先收着"] = "；".join(map(str, end.early))
            if end.was_reset:
                values[f"{actor}的连接"] = "被 RST 断开"
        values["网络还可以捣乱"] = f"{state.tricks} 次"
        return {"at": at, "why": why, "values": values}
