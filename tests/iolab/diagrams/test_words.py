"""What captions and notes say beyond the events of their picture: each sentence held against calls or a standard."""

import socket
import struct
import threading

import pytest

from iolab import diagrams


def sendto_does_not_wait():
    """Neither for a receiver that never reads, nor for one that is not there."""
    with socket.socket(type=socket.SOCK_DGRAM) as deaf, socket.socket(type=socket.SOCK_DGRAM) as one:
        deaf.bind(("127.0.0.1", 0))
        one.settimeout(5)
        return all(one.sendto(b"hi", address) == 2 for address in (deaf.getsockname(), ("127.0.0.1", 9)))


def sendto_gives_a_port():
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        before = one.getsockname()[1]
        one.sendto(b"hi", ("127.0.0.1", 9))
        return before == 0 < one.getsockname()[1]


def udp_needs_no_listen():
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(OSError):
        one.listen()
    return True


def closing_udp_says_nothing():
    with socket.socket(type=socket.SOCK_DGRAM) as server, socket.socket(type=socket.SOCK_DGRAM) as one:
        server.bind(("127.0.0.1", 0))
        one.connect(server.getsockname())
        one.close()
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.recv(1)
    return True


def a_listener_carries_no_data():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        for use in (lambda: listener.recv(1), lambda: listener.send(b"x")):
            with pytest.raises(OSError):
                use()
    return True


def connect_needs_no_accept():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname(), timeout=5).close()
    return True


def connect_chooses_a_port():
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as client:
        client.connect(listener.getsockname())
        return client.getsockname()[1] > 0


def acquire_is_true():
    lock = threading.Lock()
    return lock.acquire() is True and lock.acquire(blocking=False) is False


def a_lock_stops_only_those_who_ask():
    shared = []
    with threading.Lock():
        thread = threading.Thread(target=shared.append, args=(1,))
        thread.start()
        thread.join(5)
    return shared == [1]


def wait_is_true_and_stays_so():
    event = threading.Event()
    event.set()
    told = [event.wait(0), event.wait(0)]
    event.clear()
    return [*told, event.wait(0)] == [True, True, False]


def timed_acquire_gives_up():
    lock = threading.Lock()
    with lock:
        return lock.acquire(timeout=0.01) is False


def standard():
    """Nothing to run: the words are those of the sources that the picture names."""
    return True


SENTENCES = [  # picture, what it says, what shows it
    ("udp_client_flow", "发出数据报，立即返回", sendto_does_not_wait),
    ("udp_client_flow", "内核给客户端选一个端口", sendto_gives_a_port),
    ("udp_client_flow", "不发报文，服务端不会知道它走了", closing_udp_says_nothing),
    ("udp_server_flow", "没有 listen()，没有 accept()", udp_needs_no_listen),
    ("udp_server_flow", "不向任何人发报文", closing_udp_says_nothing),
    ("tcp_server_flow", "监听套接字不收发数据", a_listener_carries_no_data),
    ("tcp_client_flow", "不必 bind()：内核会在 connect() 时选一个端口", connect_chooses_a_port),
    ("handshake", "connect() 返回：不必等服务端调用 accept()", connect_needs_no_accept),
    ("mutual_exclusion", "acquire() 返回 True", acquire_is_true),
    ("mutual_exclusion", "不调用 acquire() 就去改数据的线程，锁拦不住", a_lock_stops_only_those_who_ask),
    ("synchronisation", "wait() 返回 True", wait_is_true_and_stays_so),
    ("synchronisation", "以后的 wait() 都立即返回，直到有人 clear()", wait_is_true_and_stays_so),
    ("deadlock", "acquire(timeout=…)，拿不到就放掉手里的锁重来", timed_acquire_gives_up),
    ("deadlock", "所有线程都先拿 A 再拿 B，环就合不上", standard),         # dead_lock_order.py does it 1000 times
    ("four_way_close", "它不调用 close()，就一直停在 CLOSE_WAIT", standard),  # RFC 9293, figure 5
    ("four_way_close", "最后的 ACK 若丢失还能重发，迟到的旧报文也不会混进新连接", standard),  # RFC 9293, section 3.6.1
    ("osi_tcpip", "TCP/IP 的标准（1981）早于 OSI（1984）", standard),         # RFC 791 and 793; ISO 7498
    ("web_request", "若是 https，此处还要 TLS 握手", standard),               # RFC 9110, section 4.2.2
    ("web_request", "HTTP/1.1 的连接默认不断开", standard),                   # RFC 9112, section 9.3
    ("web_request", "HTTP/2 也走 TCP；HTTP/3 改走 UDP 上的 QUIC", standard),  # RFC 9113; RFC 9114 and 9000
    ("three_states", "没有 就绪 → 等待，也没有 等待 → 运行", standard),       # held against its edges in test_states.py
    ("five_states", "父进程 wait() 之前，内核保留它的退出码：僵尸（Z）", standard),  # wait(2), proc(5)
    ("struct_prefixes", "小端：低位字节在前；大端：高位字节在前", lambda: (1).to_bytes(2, "little") == b"\1\0"),
    ("struct_prefixes", "不写前缀就是 @", lambda: struct.calcsize("bi") == struct.calcsize("@bi") == 8),
]


@pytest.mark.parametrize(("name", "words", "shows"), SENTENCES, ids=[name for name, *_ in SENTENCES])
def test_a_sentence_stands_and_is_so(name, words, shows):
    scene = diagrams.load(name)
    said = [step.caption for step in getattr(scene, "steps", ())] + list(getattr(scene, "notes", ()))
    assert any(words in text for text in said) and shows()


# Where each box of the layers of Linux stands: its space, and how many rows it takes.
SPACES = {
    "用户空间": [("应用程序", 1), ("shell、Python 解释器、库函数（glibc）", 1)],
    "内核空间": [("系统调用接口", 1), ("进程管理 · 内存管理 · 文件系统\n网络 · 设备驱动", 2)],
    "硬件": [("CPU · 内存 · 磁盘 · 网卡", 1)],
}
# fork(2): asked for, entered, made, ready
BIRTH = {"①": "应用程序", "②": "系统调用接口", "③": "进程管理", "④": "进程管理"}


def test_the_layers_of_linux_stand_in_their_spaces():
    spaces, boxes = (column.boxes for column in diagrams.load("linux_layers").columns)
    assert [space.title for space in spaces] == list(SPACES)
    left = list(boxes)
    for space in spaces:
        inside = [left.pop(0) for _ in SPACES[space.title]]
        assert [(box.title, box.rows) for box in inside] == SPACES[space.title]
        assert space.rows == sum(box.rows for box in inside) and {box.colour for box in inside} == {space.colour}
    assert not left
    told = [(mark, box.title) for box in boxes for mark in BIRTH if mark in box.detail]
    assert [mark for mark, _ in told] == list(BIRTH) and all(title.startswith(BIRTH[mark]) for mark, title in told)
