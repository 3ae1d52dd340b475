"""两端都先发完再收，缓冲区有限：都停在 sendall。"""

from iolab.explore.level import level, stuck
from iolab.explore.program import Program

SETUP = """\
import socket
left, right = socket.socketpair()
MESSAGE = b"x" * 3_000_000

def client():
    left.sendall(MESSAGE)
    left.recv(len(MESSAGE), socket.MSG_WAITALL)

def server():
"""
SEND, RECEIVE = "    right.sendall(MESSAGE)\n", "    right.recv(len(MESSAGE), socket.MSG_WAITALL)\n"

WHO = {"客户端": "client()", "服务器": "server()"}

LEVEL = level(
    title="两端都先发",
    task="消息三段，缓冲区只装得下两段。让两端都停在 sendall。",
    why="谁也不收，缓冲区满了以后双方都等对方腾地方。约定好谁先发，一端发时另一端收。",
    broken=Program(SETUP + SEND + RECEIVE, WHO, hide=frozenset({"MESSAGE"})),
    cured={"服务器先收": Program(SETUP + RECEIVE + SEND, WHO, hide=frozenset({"MESSAGE"}))},
    goals=[stuck("两端都停在 sendall")],
)
