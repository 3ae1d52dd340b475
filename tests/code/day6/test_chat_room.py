"""A room full of real clients who come, talk and go in a seeded disorder: nobody misses a word without being told."""

import contextlib
import random
import re
import selectors
import signal
import socket
import threading
import time

import pytest

from chat_peer import Client, Peer, losses
from iolab.launch import run, serve
from processes import wait_until
from soak import amount

GONE = {"kill": signal.SIGKILL, "ctrl-c": signal.SIGINT, "terminate": signal.SIGTERM, "hang up": signal.SIGHUP}


def check(log, client, ended):
    """Hold one screen against the server's log, which is the order in which everything happened.

    log: its lines; ended: how the client went ("leave": at the end of its input, so it has seen everything).
    Each "（丢失了 n 条消息）" stands for exactly n lines of the log.
    """
    name = client.name
    begun, over = log.index(f"{name} 进入了聊天室"), log.index(f"{name} 退出了聊天室")
    said = [line.removeprefix(f"{name}：") for line in log if line.startswith(f"{name}：")]
    assert said == client.typed[:len(said)], f"{name} was heard twice, or not in order"
    others = [line for line in log[begun + 1:over] if not line.startswith(f"{name}：")]
    screen = client.screen.splitlines()
    assert screen[0] == "（你进入了聊天室）"
    at = 0
    for line in screen[1:]:
        if lost := re.fullmatch("（丢失了 ([0-9]+) 条消息）", line):
            at += int(lost[1])
        elif ended == "leave" or line != "离开聊天室":
            assert line == others[at], f"{name} saw {line!r} instead of {others[at]!r}"
            at += 1
    if ended == "leave":
        assert len(said) == len(client.typed) and at == len(others), f"{name} missed {others[at:]}"


def let_them_talk(room, folder, chance, count, turns, goings):
    """Run `count` clients through `turns` random acts; return them all and how each one went."""
    present, past, ended = [], [], {}
    newcomers = iter(range(count))

    def going(how):
        client = present.pop(chance.randrange(len(present)))
        past.append(client)
        ended[client.name] = how
        if how == "leave":
            client.leaves()
        else:
            client.process.send_signal(GONE[how])

    try:
        for turn in range(turns):
            act = chance.random()
            if act < 0.3 or not present:
                if (number := next(newcomers, None)) is not None:
                    present.append(Client(room.address, folder, f"客{number}"))
                    present[-1].sees("你进入了")
            elif act < 0.85:
                client = chance.choice(present)
                client.types(f"{client.name} 的第 {turn} 句")
            elif len(present) > 1:
                going(chance.choice(goings))
        while present:
            going("leave")
        for client in past:
            client.process.wait(20)
        wait_until(lambda: room.output.count(" 退出了聊天室\n") == len(past), "everybody's leaving", 10)
        return past, ended
    finally:
        for client in present + past:
            client.__exit__()


@pytest.mark.parametrize("seed", range(3))
def test_random_joins_talk_and_kills(seed, tmp_path):
    """chatroom-1-unique-name to chatroom-4-leave-notice, 2 to 15 clients at a time"""
    chance = random.Random(seed)
    with serve("day6/chat_server.py") as room:
        clients, ended = let_them_talk(room, tmp_path, chance, 15, 80, ["leave", *GONE])
    log = room.output.splitlines()
    assert len(clients) >= 10 and len(set(ended.values())) > 2
    for client in clients:
        check(log, client, ended[client.name])
    assert sum(losses(client.screen) for client in clients) == 0, "loopback is fast enough for so few"


def test_many_clients(tmp_path):
    """chatroom-3-broadcast: so many processes, a quarter says something, 10 are killed; who stays sees all of it."""
    chance, count = random.Random(200), amount(80, 200)
    with serve("day6/chat_server.py", "--lease", "4.5") as room:
        clients = [Client(room.address, tmp_path, f"客{number}") for number in range(count)]
        ended = dict.fromkeys((client.name for client in clients), "leave")
        try:
            for client in clients:
                client.sees("你进入了", timeout=40)
            for client in chance.sample(clients, count // 4):
                client.types(f"我是{client.name}")
            wait_until(lambda: room.output.count("：我是") == count // 4, "what a quarter of them say", 30)
            for client in chance.sample(clients, 10):
                ended[client.name] = "kill"
                client.process.kill()
            wait_until(lambda: room.output.count(" 退出了聊天室\n") == 10, "the leaving of the killed", 10)
            for client in clients:
                if ended[client.name] == "leave":
                    client.leaves()
            for client in clients:
                client.process.wait(30)
            wait_until(lambda: room.output.count(" 退出了聊天室\n") == count, "everybody's leaving", 10)
        finally:
            for client in clients:
                client.__exit__()
    log = room.output.splitlines()
    for client in clients:
        check(log, client, ended[client.name])


class BadNetwork:
    """A UDP path to `server` that loses, doubles and delays datagrams in both directions, while `bad` is true."""

    def __init__(self, server, seed):
        self.server, self.chance, self.bad = server, random.Random(seed), True
        self.front = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.front.bind(("127.0.0.1", 0))
        self.address = self.front.getsockname()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.front, selectors.EVENT_READ)
        self.backs, self.late, self.over, self.lost = {}, [], False, 0
        self.thread = threading.Thread(target=self.carry)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over = True
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()
        self.selector.close()

    def carry(self):
        while not self.over:
            for key, _ in self.selector.select(0.05):
                if key.fileobj is self.front:
                    data, client = self.front.recvfrom(65536)
                    if client not in self.backs:
                        self.backs[client] = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                        self.backs[client].connect(self.server)
                        self.selector.register(self.backs[client], selectors.EVENT_READ, client)
                    self.pass_on(self.backs[client].send, data)
                else:
                    data = key.fileobj.recv(65536)
                    self.pass_on(lambda data, client=key.data: self.front.sendto(data, client), data)
            if not self.bad or self.chance.random() < 0.3:
                self.deliver_late()

    def pass_on(self, send, data):
        fate = self.chance.random() if self.bad else 1
        if fate < 0.1:
            self.lost += 1
            return
        if fate < 0.2:
            self.late.append((send, data))
        if not 0.1 <= fate < 0.15:  # late only; between 0.15 and 0.2 also now: doubled
            send(data)

    def deliver_late(self):
        while self.late:
            send, data = self.late.pop()
            send(data)


@pytest.mark.parametrize("seed", range(2))
def test_on_a_bad_network_what_is_lost_is_told_and_nothing_comes_twice(seed, tmp_path):
    lines = [f"第 {number} 句" for number in range(40)]
    with (serve("day6/chat_server.py", "--lease", "20") as room, BadNetwork(room.address, seed) as network,
          contextlib.ExitStack() as stack):
        def join(address, name):  # one after the other: who is in has heard so before somebody else comes
            client = stack.enter_context(Client(address, tmp_path, name))
            client.sees("你进入了")
            return client

        ming, hong, gang = join(network.address, "小明"), join(network.address, "小红"), join(room.address, "小刚")
        for line in lines:
            ming.types(line)
            hong.types(line)
        gang.sees("小明：第 39 句", timeout=60)
        gang.sees("小红：第 39 句", timeout=60)
        network.bad = False
        for client in (ming, hong, gang):
            client.leaves()
            assert client.process.wait(20) == 0
    log = room.output.splitlines()
    for client in (ming, hong, gang):
        check(log, client, "leave")
    assert network.lost > 20 and losses(gang.screen) == 0 and losses(ming.screen) + losses(hong.screen) > 0


def test_the_scene_is_the_same_every_time():
    """chatroom-1-unique-name, chatroom-2-join-notice, chatroom-3-broadcast, chatroom-4-leave-notice,
    chatroom-5-admin-broadcast"""
    result = run("day6/chat_scene.py", quiet=True)
    assert (result.status, result.output) == (0, """\
服务器的屏幕         小明的屏幕           小红的屏幕           小刚的屏幕
-------------------- -------------------- -------------------- --------------------
小明 进入了聊天室    （你进入了聊天室）   （姓名 小明 已经有人 （你进入了聊天室）
小红 进入了聊天室    小红 进入了聊天室    用了，请换一个）     小明：大家好
小刚 进入了聊天室    小刚 进入了聊天室    （你进入了聊天室）   管理员消息：九点关门
小明：大家好         管理员消息：九点关门 小刚 进入了聊天室    小明 退出了聊天室
管理员消息：九点关门                      小明：大家好
小明 退出了聊天室                         管理员消息：九点关门
小刚 退出了聊天室                         小明 退出了聊天室
小红 退出了聊天室                         小刚 退出了聊天室
服务器停止
""")


def test_a_member_who_only_talks_stays(tmp_path):
    """What a member says renews its lease as a beat does."""
    with serve("day6/chat_server.py", "--lease", "1.5") as room, Peer(room.address) as ming:
        ming.join("小明")
        begun, number = time.monotonic(), 2
        while time.monotonic() - begun < 2.5:
            assert ming.ask(f"SAY {number} 还在").startswith("OK ")
            number += 1
            time.sleep(0.2)
