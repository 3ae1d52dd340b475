"""The chat room as it grows: each step does what the one before did, and ends one failure that can be seen there."""

import contextlib
import socket

import pytest

from iolab.launch import serve

STEPS = [1, 2, 3, 4]
BAD = [b"\xff\xfe", "SAY 我没有加入".encode(), b"LEAVE", "JOIN 小明：我".encode(), b"JOIN ",
       b"JOIN " + b"x" * 13, b"", b"x" * 1024]


@contextlib.contextmanager
def room(step, *options):
    with serve(f"day6/chat_step{step}.py", *options) as running:
        yield running


class Member:
    def __init__(self, running):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.settimeout(10)
        self.sock.connect(running.address)

    def says(self, text):
        self.sock.send(text if isinstance(text, bytes) else text.encode())

    def hears(self, text):
        while text not in (line := self.sock.recv(2048).decode()):
            pass
        return line

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()


@pytest.mark.parametrize("step", STEPS)
def test_who_comes_talks_and_goes_is_heard_by_the_others(step):
    with room(step) as running, Member(running) as one, Member(running) as two:
        one.says("JOIN 甲")
        one.hears("甲 进入了聊天室")
        two.says("JOIN 乙")
        one.hears("乙 进入了聊天室")
        two.says("SAY 大家好" if step < 4 else "SAY 1 大家好")
        one.hears("大家好")
        two.says("LEAVE")
        one.hears("乙 退出了聊天室")
        running.stop()
        one.hears("聊天室关闭了")


@pytest.mark.parametrize("bad", BAD[:3], ids=repr)
def test_one_bad_datagram_ends_the_first_step(bad):
    with room(1) as running, Member(running) as one:
        one.says(bad)
        running.wait_for("Error")


@pytest.mark.parametrize("step", STEPS[1:])
def test_later_steps_answer_what_is_bad_and_go_on(step):
    options = ["--lease", "60"] if step > 2 else []
    with room(step, *options) as running, Member(running) as one, Member(running) as two:
        one.says("JOIN 甲")
        one.hears("甲 进入了")
        for bad in [*BAD, "JOIN 甲".encode()]:
            two.says(bad)
            assert two.hears("ERR").startswith("ERR ")
        one.says("SAY 控制字符 \x1b[2J")
        assert "看不见" in one.hears("ERR")
        one.says("SAY 还在")
        one.hears("还在")
        assert "\x1b" not in running.output


def test_who_vanishes_stays_for_ever_before_the_third_step():
    for step, options, answer in (2, [], "ERR 这个姓名已经有人用了"), (3, ["--lease", "0.3"], "乙 进入了聊天室"):
        with room(step, *options) as running:
            with Member(running) as one:
                one.says("JOIN 乙")
                one.hears("乙 进入了")
            if step == 3:
                running.wait_for("乙 退出了聊天室")
            with Member(running) as two:
                two.says("JOIN 乙")
                assert two.hears("乙" if step == 3 else "ERR") == answer


def test_a_beat_keeps_a_member():
    with room(3, "--lease", "1") as running, Member(running) as one, Member(running) as two:
        one.says("JOIN 甲")
        two.says("JOIN 乙")
        while "乙 退出了" not in running.output:
            one.says("BEAT")
            with contextlib.suppress(TimeoutError):
                one.sock.settimeout(0.1)
                one.sock.recv(2048)
        assert "甲 退出了" not in running.output


def test_only_the_fourth_step_does_a_repeated_request_once():
    for step, times in (3, 2), (4, 1):
        with room(step) as running, Member(running) as one:
            one.says("JOIN 甲")
            for _ in range(2):
                one.says("SAY 1 你好")
            one.says("SAY 2 完")
            running.wait_for("完")
            assert running.output.count("你好") == times


def test_notices_are_numbered_and_answers_say_up_to_which():
    with room(4) as running, Member(running) as one, Member(running) as two:
        one.says("JOIN 甲")
        assert one.hears("进入") == "MSG 1 甲 进入了聊天室" and one.hears("OK") == "OK 1"
        two.says("JOIN 乙")
        two.says("SAY 1 好")
        assert one.hears("好") == "MSG 3 乙：好"
        one.says("BEAT")
        assert one.hears("OK") == "OK 3"
