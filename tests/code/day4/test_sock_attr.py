"""day4/sock_attr.py prints what the kernel says about four sockets."""

import re

from iolab.launch import run

OUTPUT = """\
监听套接字
    type   SOCK_STREAM
    family AF_INET
    描述符是非负整数： True
    本地地址 ('127.0.0.1', L)
    对方地址 [Errno 107] Transport endpoint is not connected
    SO_REUSEADDR 1
客户端
    type   SOCK_STREAM
    family AF_INET
    描述符是非负整数： True
    本地地址 ('127.0.0.1', C)
    对方地址 ('127.0.0.1', L)
    SO_REUSEADDR 0
服务器的连接套接字
    type   SOCK_STREAM
    family AF_INET
    描述符是非负整数： True
    本地地址 ('127.0.0.1', L)
    对方地址 ('127.0.0.1', C)
    SO_REUSEADDR 1
accept 返回的地址和 getpeername 一样
UDP，没有绑定
    type   SOCK_DGRAM
    family AF_INET
    描述符是非负整数： True
    本地地址 ('0.0.0.0', 0)
    对方地址 [Errno 107] Transport endpoint is not connected
    SO_REUSEADDR 0
关闭以后 fileno 是 -1
"""


def test_what_it_prints():
    result = run("day4/sock_attr.py", quiet=True)
    listening, connected = list(dict.fromkeys(re.findall(r"\('127\.0\.0\.1', (\d+)\)", result.output)))
    expected = OUTPUT.replace("', L)", f"', {listening})").replace("', C)", f"', {connected})")
    assert (result.status, result.output) == (0, expected)
