"""What a member hears, held against the real client of the chat room and a server that loses what the reader loses."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from iolab import diagrams
from iolab.diagrams.lost_message import SENTENCES
from iolab.model import Went

SCENE = diagrams.load("lost_message")
CLIENT = Path(__file__).parents[3] / "code/day6/chat_client.py"


def runs():
    """The longest ways through the picture, and where they end: repetitions once, each end once."""
    ends, left = {}, [(SCENE.start, ())]
    while left:
        state, way = left.pop()
        moves = SCENE.moves[SCENE.states.index(state)]
        on = [(name, went.state) for name, went in moves.items() if isinstance(went, Went)
              and not (name == "twice" and way[-1:] == ("twice",))]
        ends |= {} if on else {way: state}
        left += [(after, (*way, name)) for name, after in on]
    return {way: state for way, state in ends.items() if way.count("twice") <= 1}


@pytest.fixture
def client():
    """(a server's socket, the client's address, the client) after it has come in."""
    with (socket.socket(type=socket.SOCK_DGRAM) as server):
        server.bind(("127.0.0.1", 0))
        server.settimeout(10)
        with subprocess.Popen([sys.executable, CLIENT, "--port", str(server.getsockname()[1]), "--name", "乙"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
            request, address = server.recvfrom(2000)
            assert request.decode() == "JOIN 1 乙"
            server.sendto(b"OK 1 600", address)
            yield server, address, child
            child.kill()


WAYS = sorted(runs().items(), key=lambda run: (-len(run[0]), run[0]))


def test_every_way_that_a_reader_can_lose_is_there():
    fates = {tuple(name for name in way if name in ("arrives", "lost")) for way, _ in WAYS}
    assert len(fates) == 2 ** len(SENTENCES)


@pytest.mark.parametrize(("way", "end"), WAYS[::4] + WAYS[-1:], ids=lambda value: " ".join(map(str, value)))
def test_the_real_client_shows_the_same_lines(way, end, client):
    server, address, child = client
    sent = 0
    for name in way:
        sent += name in ("arrives", "lost")
        if name in ("arrives", "twice"):
            server.sendto(f"MSG {sent} 甲：{SENTENCES[sent - 1]}".encode(), address)
        elif name == "beat":
            server.sendto(f"OK 0 {sent}".encode(), address)
    server.sendto("BYE 0 完".encode(), address)
    said = child.communicate()[0].splitlines()
    assert said[0] == "（你进入了聊天室）" and said[-1] == "（完）"
    assert tuple(said[1:-1]) == end[2]


def test_nothing_is_lost_without_being_counted():
    for sent, seen, screen in SCENE.states:
        counted = sum(int(number) for line in screen for number in re.findall(r"丢失了 (\d+) 条", line))
        heard = sum(line.startswith("甲：") for line in screen)
        assert counted + heard == seen <= sent
        held = SCENE.look((sent, seen, screen))
        assert (held["seen"][1] == "amber") == (seen < sent) or seen == sent
        assert [cell for cell in held if cell[0] == "c"] == [f"c{row}" for row in range(sent)]
