"""The calls of a TCP server, with its two kinds of socket: the one that listens and the one for each client.

Replaces img/1_TCP_Server.png. Sources: socket(2), bind(2), listen(2), accept(2), recv(2), close(2): recv returns no
bytes once the peer has closed.
"""

from iolab.model import Actor, Begin, Block, Call, Code, End, Message, Sequence, Step, Wake

CODE = Code('''
with socket.create_server((host, port), family=family) as listener:
    while True:
        conn, peer = accept(listener)
        with conn:
            echo(conn)

def echo(conn):
    while data := conn.recv(1024):
        conn.sendall(data)
''', ("day4/tcp_server.py",))

SCENE = Sequence(
    name="tcp_server_flow",
    title="TCP 服务端流程",
    actors=(Actor("client", "客户端"), Actor("listener", "监听套接字"), Actor("conn", "连接套接字")),
    steps=(
        Step("socket() 创建一个 TCP 套接字。", Call("listener", "socket()"), at=1),
        Step("bind() 给它一个地址：IP 和端口。", Call("listener", "bind()"), at=1),
        Step("listen() 使它成为监听套接字：内核从此接受连接，放进队列。", Call("listener", "listen()"), at=1),
        Step("accept() 取一个已完成的连接；队列是空的，服务端阻塞。",
             Call("listener", "accept()"), Block("listener"), at=3),
        Step("客户端 connect()，两边的内核完成三次握手，连接排进队列。",
             Call("client", "connect()"), Message("client", "listener", "三次握手"), at=3),
        Step("accept() 返回一个新的连接套接字，专门对着这个客户端；监听套接字不收发数据。",
             Wake("listener"), Begin("conn"), at=(3, 4)),
        Step("服务端在连接套接字上调用 recv()，还没有数据，阻塞。", Call("conn", "recv()"), Block("conn"), at=8),
        Step("客户端发来数据，服务端的 recv() 返回这些字节。",
             Call("client", "sendall()"), Message("client", "conn", "b'hello'"), Wake("conn"), at=8),
        Step("服务端用同一个连接套接字回答，再回到 recv()。这是服务一个客户端的循环。",
             Call("conn", "sendall()"), Message("conn", "client", "b'hello'"), Call("conn", "recv()"), Block("conn"),
             at=(9, 8)),
        Step("客户端 close()。服务端的 recv() 返回 b''，循环结束。",
             Call("client", "close()"), Message("client", "conn", "FIN"), Wake("conn"), at=8),
        Step("服务端关闭连接套接字。", Call("conn", "close()"), End("conn"), at=4),
        Step("回到 accept()，等下一个客户端。", Call("listener", "accept()"), Block("listener"), at=3),
        Step("不再服务时，关闭监听套接字。", Wake("listener"), Call("listener", "close()"), End("listener"), at=1),
    ),
    code=CODE,
)
