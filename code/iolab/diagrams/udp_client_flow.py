"""The calls of a UDP client beside those of the server, and what happens when a datagram is lost.

Replaces img/2_UDP_Client.png. Sources: udp(7), sendto(2), recvfrom(2); ip(7): an unbound socket gets a port at its
first send.
"""

from iolab.model import Actor, Block, Call, Code, End, Message, Note, Sequence, Step, Wake

CODE = Code(r'''
with socket.socket(family, socket.SOCK_DGRAM) as sock:
    sock.settimeout(timeout)
    for line in sys.stdin:
        sock.sendto(line.rstrip("\n").encode(), (host, port))
        data, _ = sock.recvfrom(65535)
''', ("day4/udp_client.py",))

SCENE = Sequence(
    name="udp_client_flow",
    title="UDP 客户端流程",
    actors=(Actor("client", "客户端"), Actor("server", "服务端")),
    steps=(
        Step("服务端已绑定地址，阻塞在 recvfrom()。", Call("server", "recvfrom()"), Block("server")),
        Step("客户端 socket(AF_INET, SOCK_DGRAM)。不必 connect()，也不必 bind()。", Call("client", "socket()"), at=1),
        Step("sendto(数据, 服务端地址)：内核给客户端选一个端口，发出数据报，立即返回。",
             Call("client", "sendto()"), Message("client", "server", "b'hi'"), Wake("server"), at=4),
        Step("客户端 recvfrom() 等回答，阻塞。", Call("client", "recvfrom()"), Block("client"), at=5),
        Step("服务端按收到的地址 sendto() 回答，客户端的 recvfrom() 返回。",
             Call("server", "sendto()"), Message("server", "client", "b'hi'"), Wake("client"), at=5),
        Step("服务端回到 recvfrom()。", Call("server", "recvfrom()"), Block("server")),
        Step("数据报可能丢失。sendto() 照样正常返回，没有人通知客户端。",
             Call("client", "sendto()"), Message("client", "server", "b'hi' 丢失", lost=True), at=4),
        Step("于是 recvfrom() 等不到回答。客户端要自己设超时：settimeout(1)，到时抛出 TimeoutError。",
             Call("client", "recvfrom()"), Block("client"), Note(("client",), "1 秒后超时"), Wake("client"), at=(2, 5)),
        Step("客户端 close()。不发报文，服务端不会知道它走了。", Call("client", "close()"), End("client"), at=1),
    ),
    code=CODE,
)
