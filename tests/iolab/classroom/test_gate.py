"""The gate of a class: who comes in, who does not and why, what is shown, and how it ends."""

import asyncio
import contextlib
import html
import os
import re
import resource
import select
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from chat_peer import Client, Peer
from hostile import receive_all, receive_exactly
from iolab import launch
from iolab.classroom import room as classroom
from iolab.classroom import table
from iolab.classroom.chat import GONE, ChatGate
from iolab.classroom.limits import Bucket, Buckets, Limits
from iolab.classroom.roster import CHAT, ECHO, Refused, Roster
from iolab.launch.columns import width
from iolab.launch.scripts import find
from iolab.wire import Conversation
from loops import run_apart
from processes import wait_until

ROOM = [sys.executable, "-m", "iolab.classroom"]
WORD = "芝麻开门"


def opened(*options):
    return launch.serve("iolab.classroom", "--word", WORD, *options, command=ROOM)


@pytest.fixture(scope="module")
def room():
    with opened("--per-address", 40) as server:
        yield server


@pytest.fixture(scope="module")
def small():
    with opened("--students", 3, "--per-address", 2, "--idle", 1, "--rate", 50_000) as server:
        yield server


@contextlib.contextmanager
def guest(room, line=f"{WORD} 小明\n", source="127.0.0.1"):
    """A connection to the echo server behind the gate, let in."""
    with socket.create_connection(room.address, timeout=10, source_address=(source, 0)) as conn:
        conn.sendall(line.encode())
        assert receive_exactly(conn, len(line.encode())) == line.encode()
        yield conn


def says(room, line, source="127.0.0.1"):
    """What the gate answers to a first line, until it closes."""
    with socket.create_connection(room.address, timeout=10, source_address=(source, 0)) as conn:
        conn.sendall(line.encode())
        return receive_all(conn).decode()


def shown(room, host=None):
    url = re.search(r"http://[\d.:]+/", room.output)[0]
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read().decode()


def test_without_host_only_this_machine_is_let_in(room):
    assert room.host == "127.0.0.1" and "不只是这台机器" not in room.output


def test_a_room_open_to_the_network_says_so():
    with opened("--host", "0.0.0.0") as server:
        server.wait_for("0.0.0.0 不只是这台机器")


def test_the_word_may_be_left_to_chance():
    with launch.serve("iolab.classroom", command=ROOM) as server:
        assert re.search(r"^暗号 \d{6}$", server.output, re.M)


@pytest.mark.parametrize("line", ["1234 小明\n", f"{WORD}x 小明\n", f"{WORD}\n", "\n", f" {WORD[:2]} {WORD[2:]}\n"])
def test_who_does_not_say_the_word_and_a_name_hears_why(room, line):
    assert "暗号" in says(room, line)


@pytest.mark.parametrize("name", ["长" * 13, "a b", "\x1b[2J", "<b>", "："])
def test_a_name_that_could_do_harm_is_refused(room, name):
    assert "1 到 12 个文字" in says(room, f"{WORD} {name}\n")


def test_the_rest_of_the_first_piece_reaches_the_server(room):
    with guest(room) as conn:
        conn.sendall(b"a")
        conn.shutdown(socket.SHUT_WR)
        assert receive_all(conn) == b"a", "half-closed, and what was on its way came back"
    line = f"{WORD} 小明\nhello".encode()
    with socket.create_connection(room.address, timeout=10) as conn:
        conn.sendall(line)
        assert receive_exactly(conn, len(line)) == line


def test_the_books_client_and_sender_come_in(room):
    script = [sys.executable, find("day4/tcp_client.py"), "--port", str(room.port)]
    done = subprocess.run(script, input=f"{WORD} 小明\n你好\n", capture_output=True, text=True, timeout=30)
    assert done.stdout.splitlines() == [f"收到 {WORD} 小明", "收到 你好", "连接关闭"]
    with Conversation(*room.address) as conversation:
        conversation.connect()
        for line in (f"{WORD} 小红", "hello"):
            conversation.send(line, framing="newline")
        with conversation.log.changed:
            assert conversation.log.changed.wait_for(lambda: conversation.log.received == conversation.log.sent, 10)


def test_the_chat_is_joined_by_the_word_and_left_again(room, tmp_path):
    with Peer(room.address) as peer, Client(room.address, tmp_path, "错的 小红") as student:
        assert peer.ask("SAY 1 hi").startswith("ERR 0 先说暗号")
        assert peer.ask("JOIN 1 小明").startswith("ERR 1 先说暗号")
        peer.join(f"{WORD} 小明")
        assert peer.join(f"{WORD} 小明"), "a request may come twice"
        student.sees("先说暗号：写 暗号 空格 姓名，请换一个")
        student.types(f"{WORD} 小明")
        student.sees("姓名 小明 已经有人用了")
        student.types("小红")
        student.sees("（你进入了聊天室）")
        assert peer.hears() == "MSG 1 小红 进入了聊天室"
        assert "<td>小红</td><td>聊天室</td>" in shown(room)
        student.types("大家好")
        assert peer.hears() == "MSG 2 小红：大家好"
        student.leaves()
        assert peer.hears() == "MSG 3 小红 退出了聊天室"
        assert peer.ask("LEAVE 2").startswith("OK 2")
        wait_until(lambda: "聊天室 0 人" in shown(room), "nobody in the chat")
        assert peer.ask(f"JOIN 1 {WORD} 小明").startswith("OK 1"), "and comes again"
        assert peer.ask("LEAVE 2").startswith("OK 2")


@pytest.mark.parametrize(("line", "name"), [(f"{WORD}\u3000小明", "小明"), (f"{WORD} ａｎｎ２", "ann2"),
                                            (f" {WORD}  e\u0301ric\u3000", "\u00e9ric")])
def test_what_a_chinese_keyboard_writes_is_the_same_name_everywhere(room, line, name):
    with Peer(room.address) as peer, Peer(room.address) as other:
        peer.join(line)
        assert f"<td>{name}</td><td>聊天室</td>" in shown(room)
        assert peer.join(line), "a request may come twice"
        other.join(f"{WORD} 旁边的")
        peer.ask("SAY 2 hi")
        assert other.hears().endswith(f" {name}：hi")
        assert peer.ask("LEAVE 3").startswith("OK 3") and other.ask("LEAVE 2").startswith("OK 2")


def test_a_room_on_ipv6():
    with opened("--host", "::1") as server:
        assert server.address == ("::1", server.port) and "--host ::1" in server.output
        with guest(server, source="::1"), Peer(server.address) as peer:
            peer.join(f"{WORD} 小明")
            assert "<td>小明</td><td>回声</td><td>::1</td>" in shown(server)


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="another process's limits are set only on Linux")
def test_without_a_descriptor_left_the_next_guest_waits_and_the_others_talk_on():
    with opened("--per-address", 40) as server, contextlib.ExitStack() as stack:
        first = stack.enter_context(Peer(server.address)).join(f"{WORD} 甲")
        _, most = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        used = len(os.listdir(f"/proc/{server.pid}/fd"))
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (used + 1, most))   # a guest needs two
        late = stack.enter_context(Peer(server.address))
        late.sock.send(f"JOIN 1 {WORD} 乙".encode())
        assert first.ask("SAY 2 hi").startswith("OK 2"), "answered after the other was read"
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (most, most))
        assert "聊天室 1 人" in shown(server), "he holds no place"
        late.join(f"{WORD} 乙")
        assert "Traceback" not in server.output


def test_who_has_left_keeps_no_socket_however_often_he_beats():
    async def leave_and_beat():
        with socket.socket(type=socket.SOCK_DGRAM) as backend, socket.socket(type=socket.SOCK_DGRAM) as student:
            for sock in (backend, student):
                sock.bind(("127.0.0.1", 0))
                sock.setblocking(False)
            stream, datagrams = classroom.sockets("127.0.0.1", 0)
            stream.close()
            loop, clock = asyncio.get_running_loop(), Clock()
            gate = ChatGate(Roster(WORD, Limits(), clock), backend.getsockname(), datagrams)
            student.connect(datagrams.getsockname())
            for at, line in ((0, f"JOIN 1 {WORD} 小明"), (1, "LEAVE 2"), (GONE, "BEAT 0")):
                clock.now = at
                student.send(line.encode())
                await asyncio.wait_for(loop.sock_recv(backend, 100), 5)
            assert len(gate.members) == 1, "what he sends last may be a question again"
            clock.now = GONE + 2
            async with asyncio.timeout(10):
                while gate.members:
                    await asyncio.sleep(0.05)
            await gate.close()

    run_apart(leave_and_beat())


@pytest.mark.skipif(sys.platform != "linux", reason="all of 127.0.0.0/8 is this machine only on Linux")
def test_an_address_and_the_room_have_only_so_many_places(small):
    with guest(small), guest(small):
        assert "你的地址上已经有 2 个" in says(small, f"{WORD} 三\n")
        with guest(small, source="127.0.0.2"):
            assert "回声满了，最多 3 个" in says(small, f"{WORD} 四\n", "127.0.0.3")
    wait_until(lambda: "回声 0 个" in shown(small), "the places are free again")


def test_who_is_silent_has_left(small):
    with guest(small) as conn:
        assert "<td>小明</td><td>回声</td><td>127.0.0.1</td>" in shown(small)
        assert receive_all(conn) == b""
    wait_until(lambda: "回声 0 个" in shown(small), "nobody there")


def test_nobody_sends_faster_than_the_rate(small):
    with guest(small) as conn:
        begun, size = time.monotonic(), 150_000   # of which a second's worth may come at once
        conn.sendall(bytes(size))
        receive_exactly(conn, size)
        assert 1.5 < time.monotonic() - begun < 8


def test_who_says_nothing_holds_few_connections(small):
    wait_until(lambda: "回声 0 个" in shown(small), "the places are free")
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.create_connection(small.address, timeout=10)) for _ in range(10)]
        poll = select.poll()
        for conn in held:
            poll.register(conn, select.POLLIN)
        wait_until(lambda: len(poll.poll(0)) == 7, "all but three are closed", 5)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere all datagrams come by one socket")
def test_what_strangers_send_fills_no_guests_queue(room):
    with Peer(room.address) as peer, socket.socket(type=socket.SOCK_DGRAM) as stranger:
        peer.join(f"{WORD} 小明")
        os.kill(room.pid, signal.SIGSTOP)   # so that nothing is read meanwhile
        try:
            for _ in range(5000):
                stranger.sendto(bytes(1400), room.address)
            peer.sock.send(b"SAY 2 hi")
        finally:
            os.kill(room.pid, signal.SIGCONT)
        assert peer.hears() == "OK 2 0"
        peer.ask("LEAVE 3")


def test_the_page_answers_to_its_own_name_alone(room):
    assert WORD in shown(room)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        shown(room, host="evil.example")


def test_ctrl_c_tells_everybody_and_ends_whole():
    with opened() as server, Peer(server.address) as peer, guest(server) as conn:
        peer.join(f"{WORD} 小明")
        launched = server._child
        os.kill(server.pid, signal.SIGINT)
        assert peer.hears() == "BYE 0 下课了" and receive_all(conn) == b""
        wait_until(lambda: launched.status is not None, "its end")
        assert launched.status == 0 and "聊天室 1 人" not in server.lines[-1][1]


def test_a_server_that_dies_ends_the_class_in_a_sentence():
    with opened("--echo", "day9/loop_server.py") as server:
        named = {pid: command(pid) for pid in below(server.pid)}
        (child,) = [pid for pid, words in named.items() if "loop_server" in words and "guardian" not in words]
        os.kill(child, signal.SIGKILL)
        server.wait_for("书里的服务器自己结束了", timeout=10)


def below(pid):
    """Pids of all descendants of a process (proc(5), children)."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield int(child)
            yield from below(int(child))


def command(pid):
    return Path(f"/proc/{pid}/cmdline").read_text()


@pytest.mark.parametrize(("options", "words"), [
    (["--word", "a b"], "没有空格"), (["--word", " "], "没有空格"), (["--word", 'a"b'], "文字、数字"),
    (["--word", "$HOME"], "文字、数字"), (["--word", "长" * 33], "1 到 32 个"), (["--host", "192.0.2.1"], "开不了"),
    (["--host", ""], "--host 后面要有地址"), (["--port", "70000"], "开不了"), (["--echo", "day4/x.py"], "x.py"),
    (["--students", "0"], "--students 要在 1 和 250 之间"), (["--students", "251"], "--students"),
    (["--per-address", "0"], "--per-address 要在"), (["--rate", "0"], "--rate 要在 1024 和"),
    (["--idle", "nan"], "--idle 要在"),
])
def test_what_cannot_be_opened_is_a_sentence(options, words):
    done = subprocess.run([*ROOM, *options], capture_output=True, text=True, timeout=30)
    assert done.returncode == 1 and words in done.stderr and "Traceback" not in done.stderr


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_bucket_gives_what_flowed_in():
    bucket = Bucket(rate=10, most=20, now=0)
    assert bucket.take(20, 0) == 0 and bucket.take(5, 0) == 0.5 and bucket.take(5, 0.5) == 0
    assert bucket.owe(10, 0.5) == 1 and bucket.take(1, 1) == pytest.approx(0.6)
    assert bucket.take(20, 1000) == 0 and bucket.take(1, 1000) > 0, "no more than the most"


def test_only_so_many_buckets_are_remembered():
    buckets = Buckets(rate=1, most=1, remembered=3)
    assert [buckets.take(key, 0) for key in "abcd"] == [0, 0, 0, 0]
    assert buckets.take("d", 0) > 0 and buckets.take("a", 0) == 0 and len(buckets._buckets) == 3


def test_attempts_of_one_address_are_slowed_and_of_another_not():
    clock = Clock()
    roster = Roster(WORD, Limits(per_address=2), clock)
    tries = 0
    while not roster.may_knock("a"):
        tries += 1
    assert tries == 4 and roster.may_knock("b") == 0
    clock.now = 1
    assert [bool(roster.may_knock("a")) for _ in range(3)] == [False, False, True]


def test_a_word_is_the_same_however_it_is_composed():
    roster = Roster("caf\u00e9", Limits())
    assert roster.enter("cafe\u0301  小明 ", "a", ECHO).name == "小明"
    with pytest.raises(Refused):
        roster.enter("cafe 小明", "a", ECHO)
    assert roster.refused.total() == 1


def test_the_table_stands_in_columns_and_the_page_shows_text_as_text():
    roster = Roster(WORD, Limits(), Clock())
    roster.enter(f"{WORD} 小明", "10.0.0.5", CHAT)
    roster.enter(f"{WORD} ann", "10.0.0.6", ECHO).got = 20_000
    head, *lines = table.text(roster).splitlines()
    assert head == "聊天室 1 人，回声 1 个连接，没让进来 0 次"
    at = {width(re.match(r".*?(?=地址|10\.)", line)[0]) for line in lines}
    assert len(lines) == 3 and len(at) == 1
    page = table.page(roster, ["<b>"])
    assert html.escape("<b>") in page and "<td>20 KiB</td>" in page and "<b>" not in page
