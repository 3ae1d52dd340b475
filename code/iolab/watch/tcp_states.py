"""Both ends of a real TCP connection from LISTEN to TIME_WAIT, sampled from /proc/net/tcp.

A state that normally lasts microseconds is held by withholding what would end it: a full accept queue holds SYN_SENT,
TCP_DEFER_ACCEPT (tcp(7)) holds SYN_RECV until data comes, and a FIN behind bytes that the peer does not read holds
FIN_WAIT1 and LAST_ACK.
"""

import contextlib
import socket

from iolab.procfs import net
from iolab.watch.sampler import Sampler
from iolab.watch.trace import Trace

TITLE = "一条真实 TCP 连接两端的状态（/proc/net/tcp）"
LISTENER, CLIENT, SERVER = "监听套接字", "客户端", "服务器端"
BUFFER = 4096


def record():
    """Record and return the Trace. Takes about 4 seconds, most of it the wait for the second SYN."""
    with contextlib.ExitStack() as stack:
        return Trace.made_here("tcp_states", TITLE, _watch(stack))


def _watch(stack):
    listener, client = stack.enter_context(socket.socket()), stack.enter_context(socket.socket())
    listener.bind(("127.0.0.1", 0))
    client.bind(("127.0.0.1", 0))
    here, there = client.getsockname(), listener.getsockname()

    def look():
        table = net.tcp(port=there[1])
        ends = {LISTENER: (there, ("0.0.0.0", 0)), CLIENT: (here, there), SERVER: (there, here)}
        found = {label: net.find(table, *end) for label, end in ends.items()}
        return {label: one and one.state for label, one in found.items()}

    sampler = Sampler([LISTENER, CLIENT, SERVER], look)

    def hold(cause, client, server):
        sampler.hold(cause, **{LISTENER: "LISTEN", CLIENT: client, SERVER: server})

    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, 30)
    listener.listen(0)
    hold("listen", None, None)

    with socket.create_connection(there) as first:
        first.sendall(b"x")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        client.setblocking(False)
        client.connect_ex(there)
        hold("connect 发出 SYN；服务器的连接队列满了，没有回音", "SYN_SENT", None)
        listener.accept()[0].close()
    hold("队列腾出了位置，重发的 SYN 得到 SYN+ACK；TCP_DEFER_ACCEPT 让服务器等第一个数据", "ESTABLISHED", "SYN_RECV")
    client.send(b"x")
    hold("数据到了，服务器端也建立", "ESTABLISHED", "ESTABLISHED")

    server = stack.enter_context(listener.accept()[0])
    _fill(client)
    client.shutdown(socket.SHUT_WR)
    hold("客户端 shutdown；FIN 排在没有送完的数据后面，还没有被确认", "FIN_WAIT1", "ESTABLISHED")
    _drain(server)
    hold("服务器收完了数据和 FIN，并确认", "FIN_WAIT2", "CLOSE_WAIT")
    _fill(server)
    server.shutdown(socket.SHUT_WR)
    hold("服务器 shutdown；它的 FIN 也排在没有送完的数据后面", "FIN_WAIT2", "LAST_ACK")
    _drain(client)
    hold("客户端收到 FIN 并确认，自己再等 60 秒", "TIME_WAIT", None)
    return sampler.lanes()


def _fill(one):
    """Send until neither the peer's nor our buffer takes more."""
    one.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            one.send(b"x" * BUFFER)


def _drain(one):
    """Read to the peer's FIN."""
    one.settimeout(10)
    while one.recv(65536):
        pass
