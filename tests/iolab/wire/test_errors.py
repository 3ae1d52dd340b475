"""Every error is provoked for real."""

import errno
import os
import resource
import socket
import struct
import threading

import pytest

import servers
from iolab.wire import Conversation, WireError
from iolab.wire.errors import explain
from processes import wait_until


def free_port(kind=socket.SOCK_STREAM):
    with socket.socket(type=kind) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def test_refused():
    talk = Conversation("127.0.0.1", free_port())
    with pytest.raises(WireError, match=r"^ConnectionRefusedError（ECONNREFUSED）：127.0.0.1:\d+ 拒绝.*先启动服务器"):
        talk.connect()
    assert talk.phase == "ended" and talk.log[-1].note.startswith("ConnectionRefusedError")
    talk.close()


def test_refused_without_waiting_stands_in_the_log():
    with Conversation("127.0.0.1", free_port()) as talk:
        talk.connect(wait=False)
        wait_until(lambda: talk.phase == "ended", "the connection is refused")
        assert "ECONNREFUSED" in talk.log[-1].note


def test_a_datagram_that_nobody_wants():
    with Conversation("127.0.0.1", free_port(socket.SOCK_DGRAM), protocol="udp") as talk:
        talk.connect()
        talk.send("a")
        talk.wait_for(lambda one: "ECONNREFUSED" in one.log[-1].note)
        assert talk.phase == "open"


def test_connect_times_out():
    with servers.full_backlog() as address, Conversation(*address, timeout=0.3) as talk:
        with pytest.raises(WireError, match=r"^TimeoutError：0.3 秒内连接没有建立"):
            talk.connect()
        assert talk.phase == "ended"


def test_no_answer_in_time_tells_what_came():
    with servers.tcp(servers.echo) as address, Conversation(*address) as talk:
        talk.connect()
        talk.send("ab")
        talk.wait_for(2)
        with pytest.raises(WireError, match=r"TimeoutError：0.1 秒内没有等到 3 字节，只收到 2 字节"):
            talk.wait_for(3, timeout=0.1)
        with pytest.raises(WireError, match="没有等到 '你'"):
            talk.wait_for("你", timeout=0.1)


def test_the_end_of_the_connection_ends_the_wait():
    with servers.tcp(lambda conn: conn.sendall(b"ab")) as address, Conversation(*address) as talk:
        talk.connect()
        with pytest.raises(WireError, match=r"EOFError：没有等到 3 字节，连接已经结束，只收到 2 字节"):
            talk.wait_for(3)


def test_a_server_that_never_reads():
    gate = threading.Event()
    with servers.tcp(lambda conn: gate.wait(10)) as address, Conversation(*address, timeout=0.3) as talk:
        talk.connect()
        with pytest.raises(WireError, match=r"TimeoutError：0.3 秒内发送缓冲区一直是满的，对方不收，还有 [0-9]+ 字节"):
            talk.send(b"x" * 50_000_000)
        assert talk.phase == "open" and talk.queues[0] > 0
        gate.set()


def test_reset_by_the_server_keeps_what_was_received():
    def serve_one(conn):
        conn.sendall(b"ab")
        conn.recv(1)
        reset(conn)

    with servers.tcp(serve_one) as address, Conversation(*address) as talk:
        talk.connect()
        talk.wait_for("ab")
        talk.send("c")
        talk.wait_end()
        wait_until(lambda: talk.phase == "ended", "the thread has ended")
        assert [entry.text for entry in talk.log if entry.direction == "←"] == ["ab"]
        assert talk.log[-1].note.startswith("ConnectionResetError（ECONNRESET）")
        with pytest.raises(WireError, match=r"连接已经结束，先重新连接：ConnectionResetError"):
            talk.send("d")


def test_broken_pipe():
    with servers.tcp(lambda conn: None) as address, Conversation(*address) as talk:
        talk.connect()
        talk.wait_end()
        talk.send("the first is answered by RST")
        wait_until(lambda: talk.phase == "ended", "the RST has come")
        assert talk.log[-1].note.startswith("BrokenPipeError（EPIPE）")
        with pytest.raises(WireError, match=r"连接已经结束，先重新连接：BrokenPipeError"):
            talk.send("a")


def test_sending_after_half_close_says_who_closed_and_goes_on_receiving():
    asked = threading.Event()

    def serve_one(conn):
        while conn.recv(100):
            pass
        asked.wait(10)
        conn.sendall(b"late")

    with servers.tcp(serve_one) as address, Conversation(*address) as talk:
        talk.connect()
        talk.half_close()
        with pytest.raises(WireError, match=r"BrokenPipeError（EPIPE）：这一端已经半关闭：发出 FIN 以后只能接收"):
            talk.send("a")
        assert talk.log[-1].note.startswith("BrokenPipeError（EPIPE）：这一端") and talk.phase == "open"
        asked.set()
        assert talk.wait_for("late") == b"late"


def test_half_a_surrogate_pair_is_no_text():
    with servers.tcp(servers.echo) as address, Conversation(*address) as talk:
        talk.connect()
        with pytest.raises(WireError, match=r"^UnicodeEncodeError：第 2 个字符 '\\udcff' 是半个代理对"):
            talk.send("a\udcff")
        with pytest.raises(WireError, match=r"^UnicodeEncodeError"):
            talk.wait_for("\udcff")
        assert talk.log.sent == 0 and talk.phase == "open"


def test_no_descriptor_is_left_for_a_connection():
    """With none free, with one, and with two: the pipe and the socket are each the first that fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with servers.tcp(servers.echo) as address:
        talk, free = Conversation(*address), os.dup(0)
        os.close(free)
        for spare in range(3):
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (free + spare, hard))
                with pytest.raises(WireError, match=r"EMFILE.*文件描述符已到上限"):
                    talk.connect()
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            wait_until(lambda: talk.phase == "ended", "the thread's end")
            assert "EMFILE" in talk.log[-1].note
        talk.close()


def test_no_thread_is_left_for_a_connection(monkeypatch):
    def refuse(_):
        raise RuntimeError("can't start new thread")

    with Conversation("127.0.0.1", free_port()) as talk:
        monkeypatch.setattr(threading.Thread, "start", refuse)
        with pytest.raises(WireError, match="RuntimeError：系统不给新的线程"):
            talk.connect()
        assert talk.phase == "ended" and "不给新的线程" in talk.log[-1].note


def test_a_datagram_that_is_too_long():
    with servers.udp(lambda data: data) as address, Conversation(*address, protocol="udp") as talk:
        talk.connect()
        with pytest.raises(WireError, match=r"EMSGSIZE.*最多 65507 字节"):
            talk.send(b"x" * 65508)
        assert talk.phase == "open"
        assert talk.send(b"x" * 65507) == 65507
        talk.wait_for(1024)


def test_a_reply_that_is_no_text_is_shown_as_hex():
    with servers.tcp(servers.echo) as address, Conversation(*address) as talk:
        talk.connect()
        talk.send_hex("ff fe 00")
        talk.wait_for(3)
        assert talk.log[-1].text is None
        assert talk.transcript().splitlines()[-1] == "← 3 字节 十六进制 ff fe 00"


@pytest.mark.parametrize(("number", "name", "says"), [
    (errno.ECONNREFUSED, "ConnectionRefusedError（ECONNREFUSED）", "没有程序在监听。先启动服务器"),
    (errno.ECONNRESET, "ConnectionResetError（ECONNRESET）", "h:1 发来 RST，连接作废"),
    (errno.EPIPE, "BrokenPipeError（EPIPE）", "h:1 已经关闭，写出去的数据没有人收"),
    (errno.ETIMEDOUT, "TimeoutError（ETIMEDOUT）", "一直没有回应，内核放弃了"),
    (errno.ENETUNREACH, "OSError（ENETUNREACH）", "没有到 h:1 的路由"),
    (errno.EHOSTUNREACH, "OSError（EHOSTUNREACH）", "到不了主机 h:1"),
    (errno.EADDRNOTAVAIL, "OSError（EADDRNOTAVAIL）", "本机没有可用的地址或端口"),
    (errno.EACCES, "PermissionError（EACCES）", "系统不允许连接 h:1（例如广播地址）"),
    (errno.EPERM, "PermissionError（EPERM）", "检查防火墙"),
    (errno.EMFILE, "OSError（EMFILE）", "文件描述符已到上限"),
    (errno.ENOBUFS, "OSError（ENOBUFS）", "连接失败：No buffer space available。"),
])
def test_every_error_is_explained_in_its_own_words(number, name, says):
    told = explain(OSError(number, os.strerror(number)), "h:1", "连接")
    assert told.name == name and str(told).startswith(f"{name}：") and says in str(told)


@pytest.mark.parametrize("port", [0, -1, 65536, "", "http", "80a", None, True, 3.5])
def test_a_wrong_port(port):
    with pytest.raises(WireError, match=r"ValueError：端口 .* 1 到 65535"):
        Conversation("127.0.0.1", port)


def test_an_unknown_host():
    with Conversation("no-such-host.invalid", 80, allow_remote=True) as talk:
        with pytest.raises(WireError, match=r"gaierror：找不到主机 no-such-host.invalid"):
            talk.connect()
        assert talk.state == "CLOSED"


@pytest.mark.parametrize("host", ["192.0.2.1", "example.org", "0.0.0.0", "::ffff:192.0.2.1"])
def test_other_machines_are_refused_without_asking_anybody(host, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pytest.fail("a name was looked up"))
    with pytest.raises(WireError, match=f"PermissionError：{host} 不是本机.*allow_remote=True"):
        Conversation(host, 80)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.2", " 127.0.0.1 ", "::1"])
def test_this_machine_is_allowed(host):
    assert Conversation(host, 80).host == host.strip()


def test_an_empty_host_and_an_impossible_one():
    with pytest.raises(WireError, match=r"主机是空的"):
        Conversation(" ", 80)
    talk = Conversation("a" * 70 + ".example", 80, allow_remote=True)
    with pytest.raises(WireError, match=r"Unicode.*主机名|gaierror"):
        talk.connect()
    talk.close()


@pytest.mark.parametrize("order", ["send", "half_close", "reset"])
def test_orders_without_connection(order):
    talk = Conversation("127.0.0.1", 80)
    with pytest.raises(WireError, match=r"还没有连接"):
        getattr(talk, order)(*(["a"] if order == "send" else []))


def test_orders_that_udp_does_not_have():
    with servers.udp(lambda data: data) as address, Conversation(*address, protocol="udp") as talk:
        talk.connect()
        with pytest.raises(WireError, match=r"UDP 没有连接，不能半关闭"):
            talk.half_close()
        with pytest.raises(WireError, match=r"UDP 没有连接，不能重置"):
            talk.reset()


def test_connecting_twice_and_sending_nothing():
    with servers.tcp(servers.echo) as address, Conversation(*address) as talk:
        talk.connect()
        with pytest.raises(WireError, match=r"已经连接"):
            talk.connect()
        with pytest.raises(WireError, match=r"空消息"):
            talk.send("")
        with pytest.raises(WireError, match=r"发送次数 0"):
            talk.send("a", times=0)


@pytest.mark.parametrize("size", [0, -1, 2_000_000, "many"])
def test_a_wrong_receive_size(size):
    with pytest.raises(WireError, match=r"接收缓冲区大小"):
        Conversation("127.0.0.1", 80, receive_size=size)


def test_a_wrong_protocol():
    with pytest.raises(ValueError, match=r"'tcp' or 'udp'"):
        Conversation("127.0.0.1", 80, protocol="sctp")
