"""The broken scripts of day4 fail as their first line says; the fixed ones do not, and would without their cure."""

import io
import runpy
import socket
import struct
import threading

import pytest

import servers
from iolab.launch import run, scripts, show
from preludes import DROPS, output_without, run_after

OUTPUT = {
    "recv_empty_broken": "循环了 100000 圈，没有发现对方已经离开\n",
    "recv_empty_fixed": "循环了 1 圈，知道对方已经离开\n",
    "send_broken": "送达\n",
    "send_fixed": "没有送达\n",
    "partial_send_broken": "要发 20000000 字节，对方没有收全\n",
    "partial_send_fixed": "要发 20000000 字节，全部到达\n",
    "both_send_broken": "客户端 停在 send\n服务器 停在 send\n",
    "both_send_fixed": "客户端 交换完毕\n服务器 交换完毕\n",
    "sticky_broken": "一条消息： 存 100取 30存 5\n",
    "sticky_fixed": "一条消息： 存 100\n一条消息： 取 30\n一条消息： 存 5\n",
    "half_message_broken": "一条消息： {\"用户\": \"小\n一条消息： 明\"}\n",
    "half_message_fixed": "一条消息： {\"用户\": \"小明\"}\n",
    "restart_broken": "重启失败： [Errno 98] Address already in use\n",
    "restart_fixed": "重启成功\n",
}


@pytest.mark.parametrize("name", OUTPUT)
def test_what_it_prints(name):
    result = run(f"day4/{name}.py", quiet=True)
    assert (result.status, result.output) == (0, OUTPUT[name])


@pytest.mark.parametrize("name", OUTPUT)
def test_the_first_line_says_whether_it_fails(name):
    expected = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert show(f"day4/{name}.py").source.startswith(expected)


# What makes the difference in each fixed script, and the script without it.
CURES = {
    "recv_empty_fixed": {"if not data:": 'if data == "":'},
    "send_fixed": {'return conn.recv(1) == b"\\x06"': "return True"},
    "partial_send_fixed": {"while rest:": "if rest:"},
    "both_send_fixed": {' if name == "客户端" else ("recv", "send")': "", "settimeout(30)": "settimeout(1)"},
    "sticky_fixed": {"head = conn.recv(4)": "return conn.recv(1024) or None"},
    "half_message_fixed": {"lines.readline()": "lines.read1()"},
    "restart_fixed": {"listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)": "pass"},
}


@pytest.mark.parametrize("name", CURES)
def test_without_its_cure_it_fails(name, tmp_path):
    assert output_without(CURES[name], f"day4/{name}.py", tmp_path) != OUTPUT[name]


@pytest.mark.parametrize("name", ["sticky_fixed", "half_message_fixed", "send_fixed"])
def test_drop_by_drop_changes_nothing(name):
    ended = run_after(DROPS, f"day4/{name}.py")
    assert (ended.returncode, ended.stdout) == (0, OUTPUT[name])


def test_those_who_do_not_read_or_do_not_send_stop_at_other_steps():
    script = functions("both_send_broken")
    here, there = socket.socketpair()
    with here, there:
        results = {}
        script["exchange"]("one", here, results)             # nobody reads
        assert results == {"one": "停在 send"}
    here, there = socket.socketpair()
    with here, there:
        reader = threading.Thread(target=drain, args=(there,))
        reader.start()
        script["exchange"]("one", here, results)             # somebody reads and says nothing
        here.shutdown(socket.SHUT_WR)
        reader.join()
        assert results == {"one": "停在 recv"}


def test_both_send_broken_goes_well_if_the_other_end_reads_first():
    script = functions("both_send_broken")
    script["exchange"].__globals__["MESSAGE"] = b"x" * 100_000
    here, there = socket.socketpair()
    with here, there:
        other = threading.Thread(target=lambda: (script["receive"](there), there.sendall(b"x" * 100_000)))
        other.start()
        results = {}
        script["exchange"]("one", here, results)
        other.join()
    assert results == {"one": "交换完毕"}


@pytest.mark.timeout(20)
def test_both_send_broken_takes_an_early_end_for_an_error():
    here, there = socket.socketpair()
    with here, there:
        there.shutdown(socket.SHUT_WR)
        with pytest.raises(ConnectionError):
            functions("both_send_broken")["receive"](here)


def drain(conn):
    while conn.recv(1 << 20):
        pass


FRAMES = b"".join(struct.pack("!I", len(message)) + message for message in (b"one", b"", b"two"))


@pytest.mark.parametrize("end", range(len(FRAMES) + 1))
def test_a_frame_is_whole_or_an_error(end):
    """Wherever the stream ends: an empty message is a message, an end between two is None, one inside an error."""
    got, error = read_all(functions("sticky_fixed")["receive_message"], FRAMES[:end])
    whole = sum(end >= boundary for boundary in (7, 11, 18))
    assert got == [b"one", b"", b"two"][:whole]
    assert (error is None) == (end in (0, 7, 11, 18))


def test_an_empty_message_does_not_end_the_loop(capsys):
    script = functions("sticky_fixed")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        with socket.create_connection(listener.getsockname()) as conn:
            conn.sendall(FRAMES)
        sent = threading.Event()
        sent.set()
        script["print_messages"](listener, sent)
    assert capsys.readouterr().out == "一条消息： one\n一条消息： \n一条消息： two\n"


def read_all(receive_message, data):
    here, there = socket.socketpair()
    with here:
        with there:
            there.sendall(data)
        got = []
        try:
            while (message := receive_message(here)) is not None:
                got.append(message)
        except ConnectionError as error:
            return got, error
    return got, None


@pytest.mark.parametrize(
    ("stream", "messages", "whole"),
    [
        (b"", [], True),
        (b"one\n\ntwo\n", ["one", "", "two"], True),
        (b"one\ntw", ["one"], False),
        (b"a\rb\r\n", ["a\rb\r"], True),
        (b"  a  \n", ["  a  "], True),
        ("小明\n".encode()[:4], [], False),
    ],
)
def test_a_line_is_whole_or_an_error(stream, messages, whole):
    receive_message = functions("half_message_fixed")["receive_message"]
    got, lines = [], io.BytesIO(stream)
    try:
        while (message := receive_message(lines)) is not None:
            got.append(message)
        ended = True
    except ConnectionError:
        ended = False
    assert (got, ended) == (messages, whole)


def functions(name):
    return runpy.run_path(str(scripts.find(f"day4/{name}.py")))


ANSWERS = {
    "confirmed": (lambda conn: conn.sendall(b"\x06"), True),
    "something else": (lambda conn: conn.sendall(b"?"), False),
    "the end": (lambda conn: None, False),
    "a reset": (lambda conn: conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)), False),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_only_a_confirmation_counts_as_delivered(answer):
    act, delivered = ANSWERS[answer]

    def serve(conn):
        assert conn.recv(7, socket.MSG_WAITALL) == b"message"
        act(conn)

    with servers.tcp(serve) as address, socket.create_connection(address) as conn:
        assert functions("send_fixed")["deliver"](conn, b"message") is delivered


def test_an_answer_that_the_network_swallowed_is_not_delivered():
    class Vanished:
        timeout = None

        def settimeout(self, seconds):
            self.timeout = seconds

        def sendall(self, data):
            pass

        def recv(self, size):
            assert self.timeout, "it would wait for ever"
            raise TimeoutError

    assert functions("send_fixed")["deliver"](Vanished(), b"message") is False


@pytest.mark.parametrize(("old", "new", "status"), [(0, 0, 98), (0, 1, 98), (1, 0, 98), (1, 1, 0)])
def test_both_the_old_and_the_new_server_must_set_reuseaddr(old, new, status):
    """What 局限 of restart_fixed says: a port in TIME_WAIT is free only if its old connection had the option too."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, old)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = listener.getsockname()
        with socket.create_connection(address) as client:
            listener.accept()[0].close()
            client.recv(1)
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, new)
        try:
            listener.bind(address)
            got = 0
        except OSError as error:
            got = error.errno
    assert got == status
