"""The calls of a TCP client, beside those of the server it talks to.

Replaces img/1_TCP_Client.png. Sources: connect(2), send(2), recv(2), close(2); RFC 9293 section 3.5.
"""

from iolab.model import Actor, Block, Call, Code, End, Message, Sequence, Step, Wake

CODE = Code(r'''
with socket.create_connection((host, port)) as conn:
    for line in sys.stdin:
        data = line.rstrip("\n").encode()
        conn.sendall(data)
        say("收到", printable(receive_exactly(conn, len(data))))
''', ("day4/tcp_client.py",))

SCENE = Sequence(
    name="tcp_client_flow",
    title="TCP 客户端流程",
    actors=(Actor("client", "客户端"), Actor("server", "服务端")),
    steps=(
        Step("服务端已在监听，阻塞在 accept()。", Call("server", "accept()"), Block("server")),
        Step("客户端 socket() 创建套接字。不必 bind()：内核会在 connect() 时选一个端口。",
             Call("client", "socket()"), at=1),
        Step("connect() 触发三次握手，客户端阻塞到握手有结果。",
             Call("client", "connect()"), Block("client"), Message("client", "server", "SYN"),
             Message("server", "client", "SYN+ACK"), at=1),
        Step("收到 SYN+ACK，connect() 返回；客户端内核发出最后的 ACK。",
             Wake("client"), Message("client", "server", "ACK"), at=1),
        Step("服务端的 accept() 返回连接套接字，接着在它上面等数据。",
             Wake("server"), Call("server", "recv()"), Block("server")),
        Step("sendall() 把字节交给内核发送，服务端的 recv() 返回它们。",
             Call("client", "sendall()"), Message("client", "server", "b'hello'"), Wake("server"), at=4),
        Step("客户端 recv() 等回答，阻塞。", Call("client", "recv()"), Block("client"), at=5),
        Step("服务端回答，客户端的 recv() 返回。",
             Call("server", "sendall()"), Message("server", "client", "b'hello'"), Wake("client"), at=5),
        Step("服务端回到 recv()，等下一份数据。", Call("server", "recv()"), Block("server")),
        Step("客户端 close()，内核发出 FIN。",
             Call("client", "close()"), Message("client", "server", "FIN"), End("client"), at=1),
        Step("服务端的 recv() 返回 b''，它也关闭这个连接。",
             Wake("server"), Call("server", "recv() 返回 b''"), Call("server", "close()"), End("server")),
    ),
    code=CODE,
)
