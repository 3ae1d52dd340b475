"""Copy on write held against a real tree of processes: which page each has for itself, and what is written there."""

import json
import random
import socket
import subprocess
import sys

import pytest

from iolab import diagrams
from iolab.diagrams.fork_pages import NAMES, alive
from iolab.model import Went
from processes import wait_until

SCENE = diagrams.load("fork_pages")
# One process and its descendants. Each has a socket of its own, on which it is told what to do and answers with what
# its two pages hold and, from bit 56 of /proc/self/pagemap, whether it has them for itself.
WORKER = """
import ctypes, json, os, signal, socket, sys
from mmap import MAP_ANONYMOUS, MAP_PRIVATE, PAGESIZE as PAGE, mmap
ends = [socket.socket(fileno=int(fd)) for fd in sys.argv[1:]]
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
memory = mmap(-1, 2 * PAGE, MAP_PRIVATE | MAP_ANONYMOUS)
memory[0] = memory[PAGE] = ord("-")
first = ctypes.addressof(ctypes.c_char.from_buffer(memory)) // PAGE
me = 0
while order := ends[me].recv(10).decode():
    if order == "fork" and os.fork() == 0:
        me += 1
        continue
    if order.startswith("write"):
        memory[int(order[-1]) * PAGE] = ord(str(me))
    if order == "look":
        with open("/proc/self/pagemap", "rb", buffering=0) as pagemap:
            entries = os.pread(pagemap.fileno(), 16, 8 * first)
        alone = [entry >> 56 & 1 for entry in memoryview(entries).cast("Q")]
        held = [[chr(memory[page * PAGE]), alone[page]] for page in (0, 1)]
        ends[me].send(json.dumps(held).encode())
    else:
        ends[me].send(b"done")
        if order == "exit":
            os._exit(0)
"""


@pytest.fixture
def family():
    """tell(who, order): the answer of a member of a real family of processes."""
    pairs = [socket.socketpair(type=socket.SOCK_SEQPACKET) for _ in NAMES]
    fds = [theirs.fileno() for _, theirs in pairs]
    first = subprocess.Popen([sys.executable, "-I", "-c", WORKER, *map(str, fds)], pass_fds=fds)
    for _, theirs in pairs:
        theirs.close()
    for ours, _ in pairs:
        ours.settimeout(20)

    def tell(who, order):
        pairs[who][0].send(order.encode())
        return pairs[who][0].recv(1000).decode()

    yield tell
    for ours, _ in pairs:
        ours.close()
    first.wait(10)


def expected(state, who):
    """What the picture says of one process: for each page who wrote it, and whether nobody else has it."""
    frames = [next(frame for frame in page if frame[1] >> who & 1) for page in state]
    return [["-" if text == "原" else str(NAMES.index(text)), int(users == 1 << who)] for text, users in frames]


def walks(seed, count):
    """Presses as readers may make them; a process that has ended does not come back, so that it keeps its socket."""
    state, chance, ended = SCENE.start, random.Random(seed), False
    for _ in range(count):
        ways = SCENE.moves[SCENE.states.index(state)]
        able = [name for name, went in ways.items() if isinstance(went, Went) and not (ended and "fork" in name)]
        name = chance.choice([name for name in able if "fork" in name] or able)
        if name == "exit-1-" and chance.random() < 0.8:
            continue
        ended, state = ended or "exit" in name, ways[name].state
        yield name, state


@pytest.mark.parametrize("seed", range(4))
def test_real_processes_share_and_copy_the_same_pages(seed, family):
    def shows(state):
        return all(json.loads(family(one, "look")) == expected(state, one) for one in alive(state))

    assert shows(SCENE.start)
    seen, came = set(), 0
    for name, state in walks(seed, 30):
        verb, who, page = name.split("-")
        assert family(int(who), f"{verb}{page}" if page else verb) == "done"
        if verb == "exit":
            wait_until(lambda state=state: shows(state), "the pages of the process that ends")
        assert shows(state), name
        seen.add(verb)
        came = max(came, len(alive(state)))
    assert {"fork", "write"} <= seen and came == 3


def test_the_words_tell_whether_a_page_is_copied():
    """A frame more is there exactly after what is called a copy, and the others go on seeing what they saw."""
    def frames(state):
        return sum(map(len, state))

    for state, ways in zip(SCENE.states, SCENE.moves, strict=True):
        for name, went in ways.items():
            if not isinstance(went, Went):
                continue
            more = frames(went.state) - frames(state)
            copies = "内核复制一页" in went.caption
            none = "不复制" in went.caption or "一页内容也没有复制" in went.caption
            assert (copies, none) == (more == 1, more == 0 and "exit" not in name), (name, went.caption)
            who = int(name.split("-")[1])
            for other in set(alive(state)) & set(alive(went.state)) - {who}:
                assert [text for text, _ in expected(state, other)] == [text for text, _ in expected(went.state, other)]


def test_what_is_green_is_used_by_one_process_alone():
    for state in SCENE.states:
        for cell, (_, colour) in ((cell, what) for cell, what in SCENE.look(state).items() if cell.startswith("page")):
            who, page = map(int, cell.removeprefix("page").split("-"))
            assert (colour == "green") == expected(state, who)[page][1]
        assert SCENE.look(state)["frames"] == f"一共 {sum(len(page) for page in state)} 页"
