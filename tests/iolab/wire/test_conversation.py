import gc
import os
import signal
import socket
import threading
import time
import tracemalloc
import weakref

import pytest

import servers
from iolab.launch import serve
from iolab.wire import Conversation, WireError
from processes import wait_until


def test_an_echo_and_its_log():
    with servers.tcp(servers.echo) as address, Conversation(*address) as talk:
        talk.connect()
        assert talk.send("你好") == 6
        assert talk.wait_for(6) == "你好".encode()
        connected, sent, received = talk.log
        assert (connected.note, sent.direction, received.direction) == ("已连接", "→", "←")
        assert (received.text, received.hex, received.size) == ("你好", "e4 bd a0 e5 a5 bd", 6)
        assert 0 < received.round_trip_ms == (received.at - sent.at) * 1000
        assert 0 <= connected.seconds <= sent.seconds <= received.seconds < 5


def test_messages_sent_without_pause_stick_together():
    gate = threading.Event()

    def slow_echo(conn):
        gate.wait(10)
        servers.echo(conn)

    with servers.tcp(slow_echo) as address, Conversation(*address) as talk:
        talk.connect()
        assert talk.send("你好", times=100) == 600
        gate.set()
        talk.wait_for(600)
        assert [entry.size for entry in talk.log if entry.direction == "→"] == [6] * 100
        received = [entry.size for entry in talk.log if entry.direction == "←"]
        assert sum(received) == 600 and len(received) < 10


def test_one_byte_at_a_time_reaches_the_server_in_pieces():
    pieces = []

    def serve_pieces(conn):
        while data := conn.recv(1024):
            pieces.append(data)

    with servers.tcp(serve_pieces) as address, Conversation(*address) as talk:
        talk.connect()
        talk.send("你好", framing="newline", one_byte_at_a_time=True)
        talk.half_close()
        talk.wait_end()
    assert pieces == [bytes([byte]) for byte in "你好\n".encode()]


def test_one_byte_waits_until_a_slow_server_has_read_the_one_before():
    pieces = []

    def serve_slowly(conn):
        while True:
            time.sleep(0.02)
            if not (data := conn.recv(1024)):
                return
            pieces.append(data)

    with servers.tcp(serve_slowly) as address, Conversation(*address) as talk:
        talk.connect()
        talk.send("slowly", one_byte_at_a_time=True)
        talk.half_close()
        talk.wait_end()
    assert pieces == [b"s", b"l", b"o", b"w", b"l", b"y"]


def test_one_byte_at_a_time_goes_on_when_the_server_does_not_read():
    gate = threading.Event()
    with servers.tcp(lambda conn: gate.wait(10)) as address, Conversation(*address) as talk:
        talk.connect()
        assert talk.send("a" * 100, one_byte_at_a_time=True) == 100
        wait_until(lambda: talk.kernel()[1].rx_queue == 100, "all bytes have arrived")
        gate.set()


def test_the_receive_size_cuts_the_same_bytes_into_other_pieces():
    with servers.tcp(servers.echo) as address, Conversation(*address, receive_size=4) as talk:
        talk.connect()
        talk.send("0123456789")
        talk.wait_for(10)
        assert [entry.text for entry in talk.log if entry.direction == "←"] == ["0123", "4567", "89"]
        assert talk.transcript().splitlines()[-1] == '← 10 字节 "0123456789"'
        assert talk.transcript(pieces=True).splitlines()[-3:] == ['← 4 字节 "0123"', '← 4 字节 "4567"', '← 2 字节 "89"']
        talk.receive_size = 100
        talk.send("0123456789")
        talk.wait_for(10)
        assert talk.log[-1].text == "0123456789"


@pytest.mark.parametrize(("framing", "wire"), [(None, b"ab"), ("newline", b"ab\n"), ("length", b"\0\0\0\2ab")])
def test_framings_on_the_wire(framing, wire):
    with servers.tcp(servers.echo) as address, Conversation(*address) as talk:
        talk.connect()
        talk.send("ab", framing=framing)
        assert talk.wait_for(len(wire)) == wire
        talk.send_hex("61 62", framing=framing)
        assert talk.wait_for(len(wire)) == wire


def test_the_kernel_names_the_states_of_both_ends():
    """Half-close from here: RFC 9293, figure 5, except for the states that last only microseconds."""
    seen = []
    gate = threading.Event()

    def serve_one(conn):
        while conn.recv(100):
            pass
        gate.wait(10)

    with servers.tcp(serve_one) as address, Conversation(*address) as talk:
        assert talk.state == "CLOSED" and talk.kernel() == (None, None)
        talk.connect()
        seen.append((talk.state, talk.kernel()[1].state))
        talk.half_close()
        wait_until(lambda: talk.state == "FIN_WAIT2", "the FIN is acknowledged")
        seen.append((talk.state, talk.kernel()[1].state))
        gate.set()
        talk.wait_end()
        wait_until(lambda: talk.state == "TIME_WAIT", "both FINs have come")
        seen.append(talk.state)
        talk.close()
        assert talk.state == "TIME_WAIT"
    assert seen == [("ESTABLISHED", "ESTABLISHED"), ("FIN_WAIT2", "CLOSE_WAIT"), "TIME_WAIT"]


def test_the_server_closes_first_and_we_can_still_send():
    with servers.tcp(lambda conn: conn.sendall(b"bye")) as address, Conversation(*address) as talk:
        talk.connect()
        assert talk.wait_end() == b"bye"
        assert talk.state == "CLOSE_WAIT" and talk.phase == "open"
        assert talk.log[-1].note.startswith("对方不再发送")
        talk.send("too late")


def test_the_queues_are_the_kernels():
    gate = threading.Event()

    def serve_one(conn):
        gate.wait(10)
        servers.echo(conn)

    with servers.tcp(serve_one) as address, Conversation(*address) as talk:
        talk.connect()
        talk.send("x" * 1000)
        wait_until(lambda: talk.kernel()[1].rx_queue == 1000, "all bytes have arrived")
        assert talk.queues == (0, 0)
        gate.set()
        talk.wait_for(1000)
        assert talk.kernel()[1].rx_queue == 0
        assert talk.queues[1] == 0


def test_over_ipv6_both_ends_are_found_too():
    with servers.tcp(servers.echo, "::1") as (host, port), Conversation(host, port) as talk:
        talk.connect()
        talk.send("a")
        talk.wait_for("a")
        assert [end.state for end in talk.kernel()] == ["ESTABLISHED"] * 2
        assert talk.where == f"[::1]:{port}" and talk.local[0] == "::1" and len(talk.local) == 2


def test_the_next_address_of_a_name_is_tried_when_the_first_refuses(monkeypatch):
    """As with `localhost`, which is ::1 first, and a server that listens on 127.0.0.1 only."""
    with servers.tcp(servers.echo) as address, socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", one) for one in (deaf.getsockname(), address)]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: places)
        with Conversation("localhost", address[1]) as talk:
            talk.connect()
            talk.send("a")
            assert talk.wait_for("a") == b"a" and talk.kernel()[1]


def test_bytes_leave_one_at_a_time_because_nagle_is_off_meanwhile(monkeypatch):
    seen = []
    with servers.tcp(servers.echo) as address, Conversation(*address) as talk:
        talk.connect()

        def no_delay():
            return talk._link.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

        real = talk._link.send
        monkeypatch.setattr(talk._link, "send", lambda *args: (seen.append(no_delay()), real(*args)))
        talk.send("abc", one_byte_at_a_time=True)
        assert len(seen) == 3 and all(seen) and not no_delay()


def test_reset_reaches_the_server_as_reset():
    seen = []

    def serve_one(conn):
        try:
            conn.recv(100)
        except ConnectionResetError as error:
            seen.append(error)

    with servers.tcp(serve_one) as address, Conversation(*address) as talk:
        talk.connect()
        talk.reset()
        assert talk.phase == "ended" and talk.state == "CLOSED"
    assert len(seen) == 1


def test_a_connection_can_follow_another_and_the_log_is_kept():
    with servers.tcp(servers.echo) as address, Conversation(*address) as talk:
        for _ in range(3):
            talk.connect()
            talk.send("a")
            talk.wait_for("a")
            talk.close()
        assert [entry.note or entry.text for entry in talk.log] == ["已连接", "a", "a", "已关闭"] * 3


def test_no_time_is_negative_after_a_reconnection():
    """Lines that the server printed before a connection, and during an earlier one, stand in the log too."""
    printed = []
    with servers.tcp(servers.echo) as address, Conversation(*address, server_lines=lambda: printed) as talk:
        printed.append((time.monotonic(), "before"))
        time.sleep(0.05)
        for name in ("first", "second"):
            talk.connect()
            began = time.monotonic()
            time.sleep(0.05)
            printed.append((time.monotonic(), name))
            assert talk.entries()[-1].seconds == pytest.approx(printed[-1][0] - began, abs=0.04)
            talk.close()
        entries = talk.entries()
        assert [entry.note for entry in entries] == [
            "before", "已连接", "first", "已关闭", "已连接", "second", "已关闭"]
        seconds = {entry.note: entry.seconds for entry in entries if entry.direction == "|"}
        assert seconds["before"] == 0 and min(entry.seconds for entry in entries) >= 0
        assert 0.04 < seconds["first"] < 1 and 0.04 < seconds["second"] < 1


def test_another_peer_can_be_chosen_between_connections():
    with servers.tcp(servers.echo) as one, servers.udp(lambda data: data) as two, Conversation(*one) as talk:
        talk.connect()
        with pytest.raises(WireError, match="连接着的时候不能换对方"):
            talk.aim(*two, "udp")
        talk.close()
        with pytest.raises(WireError, match="端口"):
            talk.aim("127.0.0.1", 0, "udp")
        assert (talk.port, talk.protocol) == (one[1], "tcp")
        talk.aim(*two, "udp")
        talk.connect()
        talk.send("a")
        assert talk.wait_for("a") == b"a"


def test_the_servers_lines_stand_between_in_the_order_of_time():
    with (
        serve("day4/tcp_server.py") as server,
        Conversation(*server.address, server_lines=lambda: server.lines) as talk,
    ):
        talk.connect()
        server.wait_for("到来")
        talk.send("hi")
        talk.wait_for(2)
        talk.half_close()
        talk.wait_end()
        server.wait_for("离开")
        order = [entry.direction + (entry.text or entry.note.split()[-1]) for entry in talk.entries()]
        assert order.index("|到来") < order.index("→hi") < order.index("←hi") < order.index("|离开")
        assert "服务器" not in talk.transcript()
        assert talk.transcript(server=True).splitlines()[-3:] == [
            "服务器打印：", "| 127.0.0.1:PORT 到来", "| 127.0.0.1:PORT 离开"]
        talk.log.clear()
        assert talk.entries() == []


def test_the_transcript_is_the_same_on_every_run():
    def run():
        with servers.tcp(servers.echo) as address, Conversation(*address, receive_size=7) as talk:
            talk.connect()
            talk.send("你好", times=50)
            talk.wait_for(300)
            talk.send("x")
            talk.wait_for("x")
            talk.half_close()
            talk.wait_end()
            return talk.transcript()

    assert len({run() for _ in range(10)}) == 1


def test_datagrams_keep_their_bounds():
    with servers.udp(lambda data: data) as address, Conversation(*address, protocol="udp") as talk:
        talk.connect()
        talk.send("ab", times=3)
        talk.wait_for(6)
        assert [entry.size for entry in talk.log if entry.direction == "←"] == [2, 2, 2]
        talk.send("")
        talk.wait_for(lambda one: one.log[-1].direction == "←")
        assert talk.log[-1].size == 0


def test_a_transcript_of_datagrams_keeps_their_bounds():
    with servers.udp(lambda data: data) as address, Conversation(*address, protocol="udp", receive_size=2) as talk:
        talk.connect()
        talk.send("abc", times=2)
        talk.wait_for(lambda one: len(one.log) == 7)
        assert [line[:6] for line in talk.transcript().splitlines()] == [
            "· 已选定对", "→ 3 字节", "→ 3 字节", "← 2 字节", "· 截断：报", "← 2 字节", "· 截断：报"]


def test_only_whole_numbers_are_taken_for_the_port():
    shown = Conversation("127.0.0.1", 80).without_ports("127.0.0.1:80 [::1]:80，8080 180 80")
    assert shown == "127.0.0.1:PORT [::1]:PORT，8080 180 PORT"


def test_closing_does_not_wait_for_a_name_look_up(monkeypatch):
    gate, asked = threading.Event(), threading.Event()

    def slow(*_, **__):
        asked.set()
        gate.wait(30)
        return [(socket.AF_INET, socket.SOCK_DGRAM, 0, "", ("127.0.0.1", 9))]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    talk = Conversation("localhost", 9, protocol="udp")
    talk.connect(wait=False)
    assert asked.wait(5)
    began = time.monotonic()
    talk.close()
    assert time.monotonic() - began < 5
    gate.set()
    wait_until(lambda: talk.phase == "ended", "the thread's end")
    wait_until(lambda: not [one for one in threading.enumerate() if one.name.startswith("iolab-wire")], "no thread")
    assert [entry.note for entry in talk.log] == ["已关闭"]


def test_a_datagram_that_is_longer_than_the_buffer_is_cut():
    with servers.udp(lambda data: data) as address, Conversation(*address, protocol="udp", receive_size=4) as talk:
        talk.connect()
        talk.send("0123456789")
        talk.wait_for(lambda one: "截断" in one.log[-1].note)
        assert talk.log[-1].note == "截断：报文有 10 字节，接收缓冲区只有 4，多出的 6 字节被内核丢弃"
        assert [entry.text for entry in talk.log if entry.direction == "←"] == ["0123"]
        talk.send("just")
        talk.wait_for(4)
        talk.send("on")
        talk.wait_for("on")
        assert [entry.note for entry in talk.log if "截断" in entry.note] == [talk.log[3].note], "what fits is not cut"


def test_a_forgotten_conversation_leaves_no_thread_and_no_socket():
    ended = threading.Event()

    def serve_one(conn):
        conn.recv(10)
        ended.set()

    with servers.tcp(serve_one) as address:
        talk = Conversation(*address)
        talk.connect()
        gone = weakref.ref(talk)
        del talk
        gc.collect()
        assert gone() is None
        assert ended.wait(5)
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("iolab-wire")]


def forked(work):
    """Fork; the child does work() and then lives until the returned function is called; that gives its exit status."""
    held, release = os.pipe()
    if not (child := os.fork()):
        status = 1
        try:
            os.close(release)
            signal.alarm(5)  # should it wait for ever
            work()
            os.read(held, 1)
            status = 0
        finally:
            os._exit(status)
    os.close(held)

    def end():
        os.close(release)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    return end


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("order", ["close", "reset"])
def test_a_fork_neither_ends_a_conversation_nor_keeps_it_open(order):
    told = threading.Event()

    def serve_one(conn):
        try:
            servers.echo(conn)
            told.how = "close"
        except ConnectionResetError:
            told.how = "reset"
        told.set()

    with servers.tcp(serve_one) as address, Conversation(*address) as talk:
        talk.connect()
        held, free = threading.Event(), threading.Event()

        def hold():
            with talk.log.changed:
                held.set()
                free.wait(10)

        holder = threading.Thread(target=hold)  # as the receiving thread may do just then
        holder.start()
        held.wait(10)
        end = forked(talk.close)
        free.set()
        holder.join()
        talk.send("a")
        assert talk.wait_for("a") == b"a"
        began = time.monotonic()
        getattr(talk, order)()
        assert told.wait(5) and told.how == order
        assert time.monotonic() - began < 0.9
        assert end() == 0
        wait_until(lambda: talk.state in ("CLOSED", "TIME_WAIT"), "the end of the connection")


def test_close_interrupts_a_connect_that_hangs():
    with servers.full_backlog() as address:
        talk = Conversation(*address)
        talk.connect(wait=False)
        wait_until(lambda: talk.state == "SYN_SENT", "the SYN is out")
        with pytest.raises(WireError, match="正在连接"):
            talk.send("a")
        began = time.monotonic()
        talk.close()
        assert time.monotonic() - began < 1
        assert talk.phase == "ended" and talk.state == "CLOSED"


def test_a_flood_neither_fills_the_memory_nor_keeps_others_from_running():
    size = 100_000_000
    chunk = b"x" * 1_000_000

    def flood(conn):
        for _ in range(size // len(chunk)):
            conn.sendall(chunk)

    with servers.tcp(flood) as address, Conversation(*address, receive_size=65536) as talk:
        tracemalloc.start()
        talk.connect()
        longest, ticks = 0, 0
        while talk.log.received < size:
            began = time.monotonic()
            assert len(talk.entries()) <= 500
            longest, ticks = max(longest, time.monotonic() - began), ticks + 1
            assert longest < 5
            time.sleep(0.01)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        talk.wait_end()
        assert talk.log.received == size
        assert sum(entry.size for entry in talk.log) + talk.log.dropped_bytes == size
        assert peak < 20_000_000
        assert longest < 0.5 and ticks > 2
