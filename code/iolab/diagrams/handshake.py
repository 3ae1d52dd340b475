"""TCP 三次握手: both ends, their states, the three segments and their sequence numbers.

Replaces img/1_三次握手.png. Sources: RFC 9293 sections 3.3.2 (states) and 3.5 (figure 6); listen(2), accept(2),
connect(2): the kernel answers by itself, accept() only takes a finished connection out of the queue.
"""

from iolab.model import Actor, Block, Call, Code, Message, Note, Sequence, State, Step, Wake

CODE = Code('''
# 服务端
listener = socket.create_server(address)
conn, peer = listener.accept()
# 客户端
client = socket.create_connection(address)
''')

SCENE = Sequence(
    name="handshake",
    title="TCP 三次握手",
    actors=(Actor("client", "客户端"), Actor("server", "服务端")),
    steps=(
        Step("两端都还没有连接，状态是 CLOSED。", State("client", "CLOSED"), State("server", "CLOSED")),
        Step("服务端调用 listen()，套接字进入 LISTEN，从此由内核应答连接请求。",
             Call("server", "listen()"), State("server", "LISTEN"), at=2),
        Step("服务端调用 accept()。已完成的连接队列还是空的，它阻塞。",
             Call("server", "accept()"), Block("server"), at=3),
        Step("客户端调用 connect()，它阻塞到握手有结果为止。", Call("client", "connect()"), Block("client"), at=(3, 5)),
        Step("第一次：客户端内核发出 SYN，初始序号 100；服务端内核收到，为这个连接记下 SYN_RCVD。",
             State("client", "SYN_SENT"), Message("client", "server", "SYN  seq=100"), State("server", "SYN_RCVD"),
             at=(3, 5)),
        Step("第二次：服务端内核回 SYN+ACK，自己的序号 300，ack=101 表示 100 已收到。客户端进入 ESTABLISHED。",
             Message("server", "client", "SYN+ACK  seq=300, ack=101"), State("client", "ESTABLISHED"), at=(3, 5)),
        Step("connect() 返回：不必等服务端调用 accept()。", Wake("client"), Call("client", "connect() 返回"), at=5),
        Step("第三次：客户端内核发出 ACK，ack=301。服务端的连接进入 ESTABLISHED，排进已完成队列。",
             Message("client", "server", "ACK  seq=101, ack=301"), State("server", "ESTABLISHED"), at=3),
        Step("accept() 从队列取出这个连接，返回新的连接套接字。监听套接字仍是 LISTEN。",
             Wake("server"), Call("server", "accept() 返回"), Note(("client", "server"), "连接已建立，两边都可以收发"),
             at=3),
    ),
    code=CODE,
)
