"""The two queues held against real sockets: with a reader that does not read, and with a wire that is cut."""

import json
import subprocess
import sys

import pytest

from iolab import diagrams
from iolab.diagrams.queues import ROOM
from iolab.model import Went

SCENE = diagrams.load("queues")
# In a network of its own, whose loopback is the wire. Prints [Recv-Q, Send-Q] after each step; Send-Q is watched until
# it stays, since what was sent needs a moment to be acknowledged.
REAL = """
import ctypes, fcntl, json, socket, struct, sys, time

def queues(server, client):
    ports = {name: f":{s.getsockname()[1]:04X}" for name, s in (("server", server), ("client", client))}
    with open("/proc/self/net/tcp") as table:
        rows = [line.split() for line in table.readlines()[1:] if line.split()[3] == "01"]
    found = {name: next(row[4].split(":") for row in rows if row[1].endswith(port)) for name, port in ports.items()}
    return int(found["server"][1], 16), int(found["client"][0], 16)

def settled(server, client, want):
    end = time.monotonic() + 5
    while not want(*queues(server, client)) and time.monotonic() < end:
        time.sleep(0.01)
    return queues(server, client)

def wire(up):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        fcntl.ioctl(one, 0x8914, struct.pack("16sh14x", b"lo", up))

def fill(s):
    try:
        while True:
            s.send(b"x" * 65536)
    except BlockingIOError:
        return True

if ctypes.CDLL(None).unshare(0x50000000):
    sys.exit("no namespace")
try:
    wire(1)
except OSError:
    sys.exit("no namespace")
listener = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(listener.getsockname())
server = listener.accept()[0]
client.setblocking(False)
said = {}
client.send(b"x" * 1000)
said["sent"] = settled(server, client, lambda unread, unsent: unread == 1000 and not unsent)
fill(client)
said["full"] = settled(server, client, lambda unread, unsent: unread > 1000 and unsent)
end = time.monotonic() + 5
while queues(server, client) != (0, 0) and time.monotonic() < end:
    server.recv(1 << 20)
said["read"] = queues(server, client)
wire(0)
client.send(b"x" * 1000)
time.sleep(0.3)
said["cut"] = queues(server, client)
wire(1)
said["plugged"] = settled(server, client, lambda unread, unsent: unread == 1000 and not unsent)
print(json.dumps(said))
"""


def test_real_queues_fill_and_empty_as_in_the_picture():
    done = subprocess.run([sys.executable, "-I", "-c", REAL], capture_output=True, text=True, timeout=60)
    if done.stderr.strip() == "no namespace":
        pytest.skip("this machine gives no network namespace")
    assert done.returncode == 0, done.stderr
    real = {name: tuple(size > 0 for size in sizes) for name, sizes in json.loads(done.stdout).items()}

    def drawn(*buttons):
        unread, unsent, *_ = SCENE.after(*buttons)
        return unread > 0, unsent > 0

    many = ["send"] * (2 * ROOM)
    assert real == {"sent": drawn("send"), "full": drawn(*many), "read": drawn(*many, "recv", "recv"),
                    "cut": drawn("cut", "send"), "plugged": drawn("cut", "send", "plug")}
    assert real["full"] != real["cut"], "the two troubles that the page tells apart"


def test_what_waits_in_send_q_says_who_is_to_blame():
    for state, moves in zip(SCENE.states, SCENE.moves, strict=True):
        unread, unsent, waits, up = state
        assert 0 <= unread <= ROOM and 0 <= unsent <= ROOM
        assert not unsent or unread == ROOM or not up, "a full receiver or a broken wire, nothing else"
        assert not waits or unsent == ROOM
        assert isinstance(moves["recv"], Went) == (unread > 0)
        assert isinstance(moves["cut"], Went) == up != isinstance(moves["plug"], Went)
