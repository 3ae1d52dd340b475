"""The chat room's server as it answers single datagrams: the five requirements of the notes, and bad input."""

import contextlib
import os
import random
import signal
import subprocess
import sys

import pytest

from chat_peer import Peer
from iolab.launch import run, serve
from iolab.launch.scripts import find
from iolab.procfs import fd, stat
from processes import wait_until

LONG = 60  # seconds of lease where the lease is not the point: these peers do not beat


@pytest.fixture
def room():
    with serve("day6/chat_server.py", "--lease", LONG) as server:
        yield server


@pytest.fixture
def peers(room):
    """ming and hong in the room, and a stranger who has not joined."""
    with Peer(room.address) as ming, Peer(room.address) as hong, Peer(room.address) as stranger:
        ming.join("小明")
        hong.join("小红")
        assert ming.heard() == ["MSG 1 小红 进入了聊天室"]
        yield ming, hong, stranger


@pytest.mark.parametrize("name", ["小明", "XIAOMING", "ＸｉａｏＭｉｎｇ"])
def test_a_name_is_unique(peers, name):
    """chatroom-1-unique-name"""
    ming, _, stranger = peers
    with Peer(stranger.sock.getpeername()) as other:
        other.join("xiaoming")
        assert stranger.ask(f"JOIN 1 {name}") == f"ERR 1 姓名 {name} 已经有人用了"
        assert stranger.ask("JOIN 2 小刚").startswith("OK 2 ")
    assert ming.heard() == ["MSG 2 xiaoming 进入了聊天室", "MSG 3 小刚 进入了聊天室"]


def test_a_name_is_free_again_when_its_owner_has_left(peers):
    """chatroom-1-unique-name"""
    ming, _, stranger = peers
    assert ming.ask("LEAVE 2") == "OK 2 1"
    stranger.join("小明")


def test_the_others_are_told_who_joins(peers):
    """chatroom-2-join-notice"""
    ming, hong, stranger = peers
    stranger.join("小刚")
    assert (ming.heard(), hong.heard(), stranger.heard()) == (
        ["MSG 2 小刚 进入了聊天室"], ["MSG 1 小刚 进入了聊天室"], [])


def test_the_others_get_what_one_says(peers):
    """chatroom-3-broadcast"""
    ming, hong, _ = peers
    assert ming.ask("SAY 2 大家好 SAY 3：没有界线问题") == "OK 2 1"
    assert (ming.heard(), hong.heard()) == ([], ["MSG 1 小明：大家好 SAY 3：没有界线问题"])


def test_the_others_are_told_who_leaves(peers):
    """chatroom-4-leave-notice"""
    ming, hong, _ = peers
    assert ming.ask("LEAVE 2") == "OK 2 1"
    assert hong.heard() == ["MSG 1 小明 退出了聊天室"]
    assert ming.ask("SAY 3 还在吗") == "ERR 3 还没有加入聊天室"


def test_a_member_who_is_silent_has_left():
    """chatroom-4-leave-notice"""
    with serve("day6/chat_server.py", "--lease", "0.8") as room, Peer(room.address) as ming, Peer(room.address) as hong:
        ming.join("小明")
        hong.join("小红")
        told = []
        wait_until(lambda: told.extend(hong.heard()) or told, "news of the silent member")
        assert told == ["MSG 1 小明 退出了聊天室"]


def administrator(*lines, members=("小明",)):
    """Start the server with a keyboard, let members join, type the lines; return what the members hear and the log."""
    with keyboard_server() as (process, address):
        try:
            peers = [Peer(address).join(name) for name in members]
            child = stat.children(process.pid)[0].pid
            process.stdin.write(b"".join(lines))
            process.stdin.close()
            wait_until(lambda: not os.path.exists(f"/proc/{child}"), "the reaping of the administrator's child")
            heard = [peer.heard() for peer in peers]
            for peer in peers:
                peer.sock.close()
        finally:
            process.send_signal(signal.SIGINT)
        return heard, process.stdout.read().decode()


@contextlib.contextmanager
def keyboard_server(**options):
    """(process, address) of a server whose standard input is a pipe; options: those of Popen."""
    argv = [sys.executable, find("day6/chat_server.py"), "--port", "0", "--lease", str(LONG)]
    streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(argv, **streams, **options) as process:
        host, _, port = process.stdout.readline().decode().removeprefix("listening on ").rpartition(":")
        yield process, (host, int(port))


def test_the_administrator_speaks_to_everybody():
    """chatroom-5-admin-broadcast"""
    heard, log = administrator("九点关门\n".encode(), members=("小明", "小红"))
    assert heard == [["MSG 1 小红 进入了聊天室", "MSG 2 管理员消息：九点关门"], ["MSG 1 管理员消息：九点关门"]]
    assert log.endswith("管理员消息：九点关门\n服务器停止\n")


def test_what_the_administrator_cannot_say():
    heard, log = administrator("长".encode() * 400, b"\n\xff\n\x1b[2J\n\n  \n", "没有换行的最后一行".encode())
    assert heard == [["MSG 1 管理员消息：没有换行的最后一行"]]
    assert log.count("公告没有发出：") == 3


BAD_NAMES = {
    "": "姓名要 1 到 12 个字",
    "一二三四五六七八九十一二三": "姓名要 1 到 12 个字",
    "小 明": "姓名只能用",
    "小\x1b[2J": "姓名只能用",
    "小\n明": "姓名只能用",
    "小\u202e明": "姓名只能用",
    "小明\u3164": "姓名只能用",  # the four letters that show nothing (Default_Ignorable_Code_Point of Unicode)
    "管\u115f理员": "姓名只能用",
    "\u1160": "姓名只能用",
    "小\uffa0明": "姓名只能用",
    "小明：我": "姓名只能用",
    "管理员": "保留",
    "管理员消息": "保留",
}


def test_a_name_that_cannot_be(peers):
    """chatroom-1-unique-name"""
    ming, hong, stranger = peers
    for name, reason in BAD_NAMES.items():
        answer = stranger.ask(f"JOIN 1 {name}")
        assert answer.startswith("ERR 1 ") and reason in answer
    assert (ming.heard(), hong.heard()) == ([], [])


BAD_DATAGRAMS = {
    b"\xff\xfe\xfd": "ERR 0 不是 UTF-8 文字",
    b"": "ERR 0 格式应该是：动词 号码 内容",
    "你好".encode(): "ERR 0 格式应该是：动词 号码 内容",
    b"SAY -1 x": "ERR 0 格式应该是：动词 号码 内容",
    "SAY ２ x".encode(): "ERR 0 格式应该是：动词 号码 内容",
    b"SAY 99999999999999999999 x": "ERR 0 格式应该是：动词 号码 内容",
    b"SHOUT 2 x": "ERR 2 动词只有 JOIN、SAY、LEAVE、BEAT",
    b"SAY 2 " + b"x" * 1019: "ERR 0 数据报超过 1024 字节",
    b"x" * 60000: "ERR 0 数据报超过 1024 字节",
    b"SAY 4 x": "ERR 4 号码应该是 2",
    "JOIN 2 小刚".encode(): "ERR 2 你已经以 小明 的名字加入了",
}


def test_a_bad_datagram_is_answered_and_nobody_else_hears_of_it(peers):
    ming, hong, _ = peers
    for datagram, answer in BAD_DATAGRAMS.items():
        assert ming.ask(datagram) == answer
        assert (ming.heard(), hong.heard()) == ([], [])
    assert ming.ask("SAY 2 我还在") == "OK 2 1"
    assert hong.heard() == ["MSG 1 小明：我还在"]


def test_a_refused_message_has_used_its_number(peers):
    ming, hong, _ = peers
    for request, answer in {
        "SAY 2": "ERR 2 内容是空的",
        "SAY 3 \u3164\u200d ": "ERR 3 内容是空的",
        "SAY 4 a\x1b[2Jb": "ERR 4 内容里有控制字符 U+001B",
        "SAY 5 a\nb": "ERR 5 内容里有控制字符 U+000A",
        "SAY 6 a\u202eb": "ERR 6 内容里有控制字符 U+202E",
    }.items():
        assert [ming.ask(request), ming.ask(request)] == [answer, answer]
    assert ming.ask("SAY 7 我还在") == "OK 7 1"
    assert hong.heard() == ["MSG 1 小明：我还在"]


@pytest.mark.parametrize("request_", ["SAY 1 你好", "LEAVE 1", "BEAT 1"])
def test_a_stranger_cannot_speak(peers, request_):
    ming, hong, stranger = peers
    assert stranger.ask(request_) == "ERR 1 还没有加入聊天室"
    assert (ming.heard(), hong.heard()) == ([], [])


def test_nobody_can_speak_or_leave_in_the_name_of_another_address(peers):
    ming, hong, stranger = peers
    for request in ("JOIN 1 小明", "SAY 2 我是小明", "LEAVE 2"):
        assert stranger.ask(request).startswith("ERR ")
    stranger.join("小刚")
    assert stranger.ask("SAY 2 小明：我把密码告诉大家") == "OK 2 0"
    assert hong.heard() == ["MSG 1 小刚 进入了聊天室", "MSG 2 小刚：小明：我把密码告诉大家"]
    assert ming.ask("SAY 2 我还在") == "OK 2 3"


def test_a_repeated_request_is_answered_again_and_not_done_again(peers):
    ming, hong, _ = peers
    for _ in range(3):
        assert ming.ask("JOIN 1 小明").startswith("OK 1 ")
    for _ in range(3):
        assert ming.ask("SAY 2 一次") == "OK 2 1"
    assert ming.ask("SAY 2 另一句") == "ERR 2 号码应该是 3"
    assert hong.heard() == ["MSG 1 小明：一次"]
    for _ in range(3):
        assert ming.ask("LEAVE 3") == "OK 3 1"
    assert ming.ask("LEAVE 4") == "ERR 4 还没有加入聊天室"
    assert hong.heard() == ["MSG 2 小明 退出了聊天室"]


def test_a_refused_or_other_request_does_not_replace_what_is_remembered(peers):
    ming, hong, _ = peers
    assert ming.ask("SAY 2 一次") == "OK 2 1"
    for other in ("BEAT 2", "SAY 2 另一句", "JOIN 2 小明"):
        ming.ask(other)
    assert ming.ask("SAY 2 一次") == "OK 2 1"
    assert hong.heard() == ["MSG 1 小明：一次"]


@pytest.mark.parametrize("answer", ["OK 0 1", "ERR 0 x", "MSG 1 x", "BYE 0 x"])
def test_an_answer_is_not_answered(peers, answer):
    ming, _, stranger = peers
    for peer in (ming, stranger):
        peer.sock.send(answer.encode())
        assert peer.ask("SHOUT 7").startswith("ERR 7 "), "the first thing that comes back"


def test_a_member_that_sends_back_all_it_gets_makes_no_loop(peers):
    """What a datagram with the server's own address as its source would do, or an echo server."""
    ming, _, _ = peers
    ming.sock.send(b"BEAT 0")
    ming.ask("SAY 2 x")
    came = []
    with contextlib.suppress(TimeoutError):
        for _ in range(50):
            came.append(ming.hears(timeout=0.5))
            ming.sock.send(came[-1].encode())
    assert len(came) < 5, came


def test_one_host_cannot_fill_the_room(room):
    with contextlib.ExitStack() as stack:
        for number in range(250):
            assert stack.enter_context(Peer(room.address)).ask(f"JOIN 1 n{number}").startswith("OK")
        one_more, elsewhere = (stack.enter_context(Peer(room.address, source)) for source in (None, "127.0.0.2"))
        assert one_more.ask("JOIN 1 小明") == "ERR 1 你的主机上已经有 250 个人"
        elsewhere.join("小明")


def test_it_starts_where_the_end_of_children_is_ignored():
    with keyboard_server(preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN)) as (process, address):
        process.stdin.close()
        wait_until(lambda: stat.children(process.pid) == [], "the reaping of the administrator's child")
        with Peer(address) as ming:
            ming.join("小明")
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_it_serves_on_when_nobody_reads_its_log():
    with keyboard_server() as (process, address):
        process.stdout.close()
        with Peer(address) as ming, Peer(address) as hong:
            ming.join("小明")
            hong.join("小红")
            assert hong.ask("SAY 2 还在") == "OK 2 0"
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0


def test_a_letter_that_the_terminal_lacks_stops_nobody():
    environment = os.environ | {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"}
    with keyboard_server(env=environment) as (process, address):
        with Peer(address) as ming, Peer(address) as hong:
            ming.join("小明")
            hong.join("한국")
            assert hong.ask("SAY 2 \U0001f600") == "OK 2 0"
            assert hong.ask("LEAVE 3") == "OK 3 0"
            assert [notice.split()[2] for notice in ming.heard()] == ["한국", "한국：\U0001f600", "한국"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_it_serves_on_ipv6():
    with serve("day6/chat_server.py", "--host", "::1") as room, Peer(("::1", room.port)) as ming:
        ming.join("小明")
        result = run("day6/chat_client.py", "--host", "::1", "--port", room.port, input="小红\n你好\n", quiet=True)
        assert (result.status, result.output) == (0, "（你进入了聊天室）\n")
        assert ming.hears() == "MSG 1 小红 进入了聊天室"


def test_ten_thousand_bad_datagrams_cost_nothing(room):
    chance = random.Random(6)
    words = [b"JOIN", b"SAY", b"LEAVE", b"BEAT", b" ", b"1", "小明".encode(), b"\xff", b"\x00", b"\x1b[2J"]

    def garbage():
        if chance.random() < 0.5:
            return chance.randbytes(chance.randrange(1200))
        return b" ".join(chance.choices(words, k=chance.randrange(6))) + b"\x00"

    with Peer(room.address) as ming, Peer(room.address) as vandal:
        ming.join("小明")
        for _ in range(10_000):  # the interpreter's own memory grows until then
            assert vandal.ask(garbage()).startswith("ERR ")
        before = stat.read(room.pid).rss, fd.count(room.pid)
        for number in range(10_000):
            assert vandal.ask(garbage()).startswith("ERR ")
            if number % 1000 == 0:
                assert ming.heard() == []
        after = stat.read(room.pid).rss, fd.count(room.pid)
    assert after[0] - before[0] <= 64 and after[1] == before[1], f"pages and descriptors: {before} -> {after}"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_server_says_goodbye_and_takes_its_child_along(number):
    with keyboard_server() as (process, address):
        with Peer(address) as ming:
            ming.join("小明")
            assert len(stat.children(process.pid)) == 1
            process.send_signal(number)
            assert ming.hears() == "BYE 0 聊天室关闭了"
        assert process.wait(10) == 0
        assert process.stdout.read().decode().endswith("服务器停止\n")


def test_the_child_ends_when_the_server_is_killed():
    with keyboard_server() as (process, _):
        child = wait_until(lambda: stat.children(process.pid), "the administrator's child")[0].pid
        process.kill()
        wait_until(lambda: not os.path.exists(f"/proc/{child}") or stat.read(child).state == "Z", "the child's end")


def test_the_port_is_taken(room):
    result = run("day6/chat_server.py", "--port", room.port, quiet=True)
    assert result.status == 1 and f"聊天室 127.0.0.1:{room.port} 出错" in result.output


def test_without_a_keyboard_the_server_serves_and_has_no_zombie(room):
    wait_until(lambda: stat.children(room.pid) == [], "the reaping of the administrator's child")
    with Peer(room.address) as ming:
        ming.join("小明")


def test_a_server_that_was_stopped_does_not_blame_its_members():
    with serve("day6/chat_server.py", "--lease", "1.5") as room, Peer(room.address) as ming, Peer(room.address) as hong:
        hong.join("小红")
        ming.join("小明")
        os.kill(room.pid, signal.SIGSTOP)
        wait_until(lambda: stat.read(room.pid).state == "T", "the server to stop")
        with pytest.raises(TimeoutError):
            ming.hears(timeout=2.5)
        os.kill(room.pid, signal.SIGCONT)
        assert hong.ask("BEAT 0") == "OK 0 1"        # now it has looked whose lease is over
        assert ming.ask("BEAT 0") == "OK 0 0"
