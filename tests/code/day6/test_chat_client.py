"""day6/chat_client.py as people use it: in a terminal and without one, and every way to go."""

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import socket
import subprocess
import sys
import termios
import threading
import time

import pytest

from chat_peer import Client, Peer, drain, losses
from iolab.launch import run, serve
from iolab.launch.scripts import find

OTHERS = 60  # seconds of lease for the peers that do not beat


@pytest.fixture
def room():
    with serve("day6/chat_server.py") as server:
        yield server


@pytest.fixture
def patient_room():
    with serve("day6/chat_server.py", "--lease", OTHERS) as server:
        yield server


def test_input_lines_become_messages_and_the_end_of_input_a_goodbye(patient_room):
    """chatroom-3-broadcast, chatroom-4-leave-notice"""
    with Peer(patient_room.address) as ming:
        ming.join("小明")
        result = run("day6/chat_client.py", "--port", patient_room.port, input="小红\n你好\n\n再见", quiet=True)
        assert (result.status, result.output) == (0, "（你进入了聊天室）\n")
        assert ming.heard() == [f"MSG {number} {text}" for number, text in enumerate(
            ("小红 进入了聊天室", "小红：你好", "小红：再见", "小红 退出了聊天室"), start=1)]


def test_another_name_is_asked_for_when_one_is_taken(patient_room):
    """chatroom-1-unique-name"""
    with Peer(patient_room.address) as ming:
        ming.join("小明")
        result = run("day6/chat_client.py", "--port", patient_room.port, input="小明\n\n小红\n", quiet=True)
        assert result.status == 0 and result.output == (
            "（姓名 小明 已经有人用了，请换一个）\n（姓名要 1 到 12 个字，请换一个）\n（你进入了聊天室）\n")
        result = run("day6/chat_client.py", "--port", patient_room.port, input="小明\n", quiet=True)
        assert result.status == 1 and result.output.endswith("没有加入聊天室\n")


def test_what_cannot_be_said_is_told_to_the_sender_only(patient_room):
    with Peer(patient_room.address) as ming:
        ming.join("小明")
        result = run("day6/chat_client.py", "--port", patient_room.port, "--name", "小红", quiet=True,
                     input="长" * 400 + "\n有\t制表符\n好的\n" + "长" * 40_000 + "\n")
        assert result.output == ("（你进入了聊天室）\n（没有发出：超过 1024 字节）\n"
                                 "（内容里有控制字符 U+0009）\n（没有发出：超过 1024 字节）\n")
        assert ming.heard() == ["MSG 1 小红 进入了聊天室", "MSG 2 小红：好的", "MSG 3 小红 退出了聊天室"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_whoever_is_ended_is_announced_as_leaving_within_five_seconds(room, number, tmp_path):
    """chatroom-4-leave-notice: Ctrl-C, kill, a closed terminal, kill -9"""
    with Client(room.address, tmp_path, "小明") as ming, Client(room.address, tmp_path, "小红") as hong:
        hong.sees("你进入了")
        ming.sees("你进入了")
        begun = time.monotonic()
        ming.process.send_signal(number)
        hong.sees("小明 退出了聊天室", timeout=5)
        assert time.monotonic() - begun < (5 if number == signal.SIGKILL else 2.5)


def test_nobody_serves():
    with Peer(("127.0.0.1", 9)) as nobody:
        port = nobody.sock.getsockname()[1]
    result = run("day6/chat_client.py", "--port", port, "--name", "小明", input="", quiet=True)
    assert result.status == 1 and f"和 127.0.0.1:{port} 的通信失败" in result.output
    assert "Traceback" not in result.output


def test_somebody_who_is_no_chat_room_answers(patient_room):
    with serve("day6/chat_server.py", "--lease", "nan") as odd:
        result = run("day6/chat_client.py", "--port", odd.port, "--name", "小明", input="", quiet=True)
    assert "Traceback" not in result.output


def test_the_server_ends(patient_room, tmp_path):
    with Client(patient_room.address, tmp_path, "小明") as ming:
        ming.sees("你进入了")
        os.kill(patient_room.pid, signal.SIGINT)
        ming.sees("（聊天室关闭了）")
        assert ming.process.wait(10) == 0


def test_the_server_is_killed(room, tmp_path):
    with Client(room.address, tmp_path, "小明") as ming:
        ming.sees("你进入了")
        os.kill(room.pid, signal.SIGKILL)
        ming.sees("通信失败")
        assert ming.process.wait(10) == 1


def test_a_client_that_slept_too_long_is_told(room, tmp_path):
    with Client(room.address, tmp_path, "小明") as ming:
        ming.sees("你进入了")
        ming.process.send_signal(signal.SIGSTOP)
        room.wait_for("小明 退出了聊天室", timeout=10)
        ming.process.send_signal(signal.SIGCONT)
        ming.sees("已经被移出聊天室")
        assert ming.process.wait(10) == 1


def test_messages_that_did_not_fit_are_told_as_lost(patient_room, tmp_path):
    total = 1000
    with Client(patient_room.address, tmp_path, "小明") as ming, Peer(patient_room.address) as hong:
        ming.sees("你进入了")
        hong.join("小红")
        ming.sees("小红 进入了")
        ming.process.send_signal(signal.SIGSTOP)
        for number in range(total):
            hong.ask(f"SAY {number + 2} {number}")
        ming.process.send_signal(signal.SIGCONT)
        ming.leaves()
        assert ming.process.wait(10) == 0
    seen = [int(number) for number in re.findall("小红：([0-9]+)", ming.screen)]
    assert seen == sorted(set(seen)) and losses(ming.screen) > 0
    assert len(seen) + losses(ming.screen) == total


class Terminal:
    """day6/chat_client.py in a terminal of its own: press() keys, and what a person sees as lines."""

    def __init__(self, port, columns=80):
        self.master, slave = pty.openpty()
        termios.tcsetwinsize(slave, (24, columns))
        self.before = termios.tcgetattr(slave)
        self.slave = os.dup(slave)
        self.process = subprocess.Popen(
            [sys.executable, find("day6/chat_client.py"), "--port", str(port)], stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self.received = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for descriptor in (self.master, self.slave):
            if descriptor is not None:
                os.close(descriptor)

    def press(self, keys):
        os.write(self.master, keys.encode())

    @property
    def lines(self):
        while select.select([self.master], [], [], 0)[0]:
            self.received += os.read(self.master, 65536)
        lines, column = [""], 0
        for piece in re.findall(r"\x1b\[K|[^\x1b]", self.received.decode(errors="ignore")):
            if piece == "\r":
                column = 0
            elif piece == "\n":
                lines.append("")
            elif piece == "\x1b[K":
                lines[-1] = lines[-1][:column]
            else:
                lines[-1] = lines[-1][:column] + piece + lines[-1][column + 1:]
                column += 1
        return lines

    def shows(self, *last):
        deadline = time.monotonic() + 15
        while tuple(self.lines[-len(last):]) != last:
            assert time.monotonic() < deadline, f"waited for {last}, the terminal shows {self.lines}"
            select.select([self.master], [], [], 0.1)


def test_a_message_does_not_tear_the_line_that_is_being_typed(patient_room):
    with Peer(patient_room.address) as ming, Terminal(patient_room.port) as hong:
        ming.join("小明")
        hong.shows("姓名：")
        hong.press("小红\n")
        hong.shows("（你进入了聊天室）", "> ")
        hong.press("我正在打字")
        hong.shows("> 我正在打字")
        ming.ask("SAY 2 打断你")
        hong.shows("小明：打断你", "> 我正在打字")
        hong.press("，还没完")
        ming.ask("SAY 3 又打断")
        hong.shows("小明：打断你", "小明：又打断", "> 我正在打字，还没完")
        hong.press("\x7f\x7f\x7f\x7f\x1b[A好了\n")
        hong.shows("小明：又打断", "> 我正在打字好了", "> ")
        assert drain(ming, 0.5)[-1].endswith("小红：我正在打字好了")
        hong.press("不要了\x15\x04")
        assert hong.process.wait(10) == 0
        assert termios.tcgetattr(hong.slave) == hong.before


def test_a_long_line_stays_on_one_row(patient_room):
    with Terminal(patient_room.port, columns=20) as hong:
        hong.shows("姓名：")
        hong.press("小红\n")
        hong.shows("（你进入了聊天室）", "> ")
        hong.press("一二三四五六七八九十甲乙丙")
        hong.shows("> 六七八九十甲乙丙")
        hong.press("\n")
        patient_room.wait_for("小红：一二三四五六七八九十甲乙丙")


def test_a_line_and_the_end_of_input_in_one_read_lose_nothing(patient_room):
    with Peer(patient_room.address) as ming, Terminal(patient_room.port) as hong:
        ming.join("小明")
        hong.shows("姓名：")
        hong.press("小红\n你好\n\x04")
        assert hong.process.wait(10) == 0
        told = [notice.split(" ", 2)[2] for notice in ming.heard()]
        assert told == ["小红 进入了聊天室", "小红：你好", "小红 退出了聊天室"]


def test_after_a_stop_the_keys_are_its_own_again(patient_room):
    """What a shell does at Ctrl-Z and fg: it takes the terminal back into line mode with echo, then sends SIGCONT."""
    with Terminal(patient_room.port) as hong:
        hong.shows("姓名：")
        hong.press("小红\n")
        hong.shows("（你进入了聊天室）", "> ")
        hong.process.send_signal(signal.SIGSTOP)
        termios.tcsetattr(hong.slave, termios.TCSANOW, hong.before)
        hong.process.send_signal(signal.SIGCONT)
        deadline = time.monotonic() + 10
        while termios.tcgetattr(hong.slave)[3] & (termios.ECHO | termios.ICANON):
            assert time.monotonic() < deadline, ("the terminal still echoes by itself", hong.process.poll(), hong.lines)
            time.sleep(0.01)
        hong.press("在吗")
        hong.shows("（你进入了聊天室）", "> 在吗")


def test_who_was_stopped_for_long_does_not_take_the_server_for_dead(patient_room):
    """Stopped between a question and its answer, which then waits in the socket."""
    with Terminal(patient_room.port) as hong:
        hong.shows("姓名：")
        hong.press("小红\n")
        hong.shows("（你进入了聊天室）", "> ")
        os.kill(patient_room.pid, signal.SIGSTOP)
        time.sleep(1.5)  # it asks once a second whether the room is there
        hong.process.send_signal(signal.SIGSTOP)
        os.kill(patient_room.pid, signal.SIGCONT)
        time.sleep(4)
        hong.process.send_signal(signal.SIGCONT)
        hong.press("还在\n")
        patient_room.wait_for("小红：还在")


@contextlib.contextmanager
def false_server(answers, heard):
    """A UDP socket on a port of its own; answers(request) -> datagrams to send back. `heard` grows by what comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        sock.settimeout(0.1)
        done = threading.Event()

        def serve_falsely():
            while not done.is_set():
                with contextlib.suppress(TimeoutError, ConnectionRefusedError):
                    request, address = sock.recvfrom(65536)
                    heard.append(request)
                    for answer in answers(request):
                        sock.sendto(answer, address)

        thread = threading.Thread(target=serve_falsely)
        thread.start()
        try:
            yield sock.getsockname()[1]
        finally:
            done.set()
            thread.join()


FALSE = {
    "an echo server": lambda request: [request],
    "a lease that is no number": lambda request: [b"OK 1 abc"],
    "a lease of nothing": lambda request: [b"OK 1 0"],
    "a lease below nothing": lambda request: [b"OK 1 -5"],
    "a lease that is not a number": lambda request: [b"OK 1 nan"],
    "a talker": lambda request: [b"\xff" * 9] * 20,
}


@pytest.mark.parametrize("kind", FALSE)
def test_what_is_no_chat_room_is_left_after_some_seconds(kind):
    heard = []
    with false_server(FALSE[kind], heard) as port:
        result = run("day6/chat_client.py", "--port", port, "--name", "小明", input="你好\n", quiet=True)
    assert (result.status, result.output) == (
        1, f"和 127.0.0.1:{port} 的通信失败：服务器 4 秒没有回应\n"), kind
    assert len(heard) < 20


def test_a_bad_room_reaches_neither_the_terminal_nor_the_numbers():
    def answers(request):
        if request.startswith(b"JOIN"):
            return [b"OK 1 60", b"MSG 1 \x1b[2J\x1b]0;title\x07\xe2\x80\xae"]
        return [b"OK 2 abc", b"OK 2 99999999999999999999", b"OK 2 1"] if request.startswith(b"SAY") else [b"OK 3 1"]

    heard = []
    with false_server(answers, heard) as port:
        result = run("day6/chat_client.py", "--port", port, "--name", "小明", input="你好\n", quiet=True)
    assert (result.status, result.output) == (0, "（你进入了聊天室）\n\\x1b[2J\\x1b]0;title\\x07\\u202e\n")
    assert [request.split()[0] for request in heard if not request.startswith(b"BEAT")] == [b"JOIN", b"SAY", b"LEAVE"]


def test_who_has_left_is_not_told_that_he_was_removed_but_what_he_missed():
    """The answer to LEAVE was lost; the one to a heartbeat that followed was not."""
    leaving = iter(["ERR 0 还没有加入聊天室".encode(), b"OK 2 7"])
    answers = {b"JOIN": lambda: [b"OK 1 60"], b"BEAT": lambda: [], b"LEAVE": lambda: [next(leaving)]}
    with false_server(lambda request: answers[request.split()[0]](), []) as port:
        result = run("day6/chat_client.py", "--port", port, "--name", "小明", input="", quiet=True)
    assert (result.status, result.output) == (0, "（你进入了聊天室）\n（丢失了 7 条消息）\n")


def test_lines_of_windows_are_lines(patient_room):
    with Peer(patient_room.address) as ming:
        ming.join("小明")
        result = run("day6/chat_client.py", "--port", patient_room.port, input="小红\r\n你好\r\n", quiet=True)
        assert result.output == "（你进入了聊天室）\n"
        assert ming.heard()[1] == "MSG 2 小红：你好"


def test_ctrl_c_restores_the_terminal(patient_room):
    with Terminal(patient_room.port) as hong:
        hong.shows("姓名：")
        hong.press("小红\n")
        hong.shows("（你进入了聊天室）", "> ")
        hong.press("\x03")
        assert hong.process.wait(10) == 0
        assert termios.tcgetattr(hong.slave) == hong.before
        patient_room.wait_for("小红 退出了聊天室")


def test_a_closed_terminal_is_announced_as_leaving(room):
    """chatroom-4-leave-notice"""
    with Terminal(room.port) as hong:
        hong.shows("姓名：")
        hong.press("小红\n")
        hong.shows("（你进入了聊天室）", "> ")
        os.close(hong.slave)
        os.close(hong.master)
        hong.master = hong.slave = None
        room.wait_for("小红 退出了聊天室", timeout=2)
        hong.process.wait(10)


def test_without_a_terminal_there_are_no_escape_codes(patient_room, tmp_path):
    with Client(patient_room.address, tmp_path, "小红") as hong, Peer(patient_room.address) as ming:
        hong.sees("你进入了")
        ming.join("小明")
        ming.ask("SAY 2 你好")
        hong.sees("小明：你好")
    assert hong.screen == "（你进入了聊天室）\n小明 进入了聊天室\n小明：你好\n"
