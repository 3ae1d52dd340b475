"""The calls of a UDP server: no listen, no accept, one socket for all clients.

Replaces img/2_UDP_Server.png. Sources: udp(7), recvfrom(2), sendto(2).
"""

from iolab.model import Actor, Block, Call, Code, End, Message, Sequence, Step, Wake

CODE = Code('''
with socket.socket(family, socket.SOCK_DGRAM) as sock:
    sock.bind((host, port))
    while True:
        data, peer = receive(sock)
        sock.sendto(data, peer)
''', ("day4/udp_server.py",))

SCENE = Sequence(
    name="udp_server_flow",
    title="UDP 服务端流程",
    actors=(Actor("a", "客户端 A"), Actor("server", "服务端"), Actor("b", "客户端 B")),
    steps=(
        Step("socket(AF_INET, SOCK_DGRAM) 创建数据报套接字。", Call("server", "socket()"), at=1),
        Step("bind() 给它地址。没有 listen()，没有 accept()。", Call("server", "bind()"), at=2),
        Step("recvfrom() 等一个数据报；还没有，阻塞。", Call("server", "recvfrom()"), Block("server"), at=4),
        Step("客户端 A 发来一个数据报。服务端的 recvfrom() 返回内容和 A 的地址。",
             Call("a", "sendto()"), Message("a", "server", "b'hi'"), Wake("server"), at=4),
        Step("服务端按这个地址 sendto() 回答。",
             Call("server", "sendto()"), Message("server", "a", "b'hi'"), at=5),
        Step("回到 recvfrom()，等下一个数据报，不管它来自谁。", Call("server", "recvfrom()"), Block("server"), at=4),
        Step("客户端 B 的数据报到达同一个套接字；地址不同，套接字还是那一个。",
             Call("b", "sendto()"), Message("b", "server", "b'yo'"), Wake("server"), at=4),
        Step("服务端回答 B。", Call("server", "sendto()"), Message("server", "b", "b'yo'"), at=5),
        Step("服务端 close()。不向任何人发报文：UDP 没有连接可断。", Call("server", "close()"), End("server"), at=1),
    ),
    code=CODE,
)
