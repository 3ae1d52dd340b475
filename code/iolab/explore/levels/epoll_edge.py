"""边缘触发只在新数据到来时通知：没有读完就再去等，数据躺着，服务器睡着。"""

from iolab.explore.level import level, stuck
from iolab.explore.program import Program

SETUP = """\
import contextlib, select, socket
here, there = socket.socketpair()
there.setblocking(False)
poller = select.epoll()
poller.register(there, select.EPOLLIN | select.EPOLLET)
got = 0

def client():
    here.send(b"a")
    here.send(b"b")

def server():
    global got
    while got < 2:
        poller.poll()
"""
BROKEN = SETUP + """\
        got += len(there.recv(1))
"""
DRAIN = SETUP + """\
        with contextlib.suppress(BlockingIOError):
            while True:
                got += len(there.recv(1))
"""

WHO = {"客户端": "client()", "服务器": "server()"}

LEVEL = level(
    title="睡在没有读完的数据上",
    task="客户端发了两个字节。让服务器睡着，而缓冲区里还有一个字节。",
    why="边缘触发只说“来了新的”，不说“还有没读的”。要读到 EAGAIN 为止，或者用水平触发。",
    broken=Program(BROKEN, WHO),
    cured={"读到 EAGAIN": Program(DRAIN, WHO), "水平触发": Program(BROKEN.replace(" | select.EPOLLET", ""), WHO)},
    goals=[stuck("还有数据没有读，服务器却在睡")],
)
