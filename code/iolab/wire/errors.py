"""What goes wrong on a socket, in Chinese: the error's name, what happened with which value, what to do."""

import errno
import socket


class WireError(Exception):
    """Something on the wire did not work. name: the name of the error behind it; str(): the Chinese sentence."""

    def __init__(self, name, sentence):
        super().__init__(f"{name}：{sentence}")
        self.name = name


def explain(error, where, doing="通信"):
    """The WireError for an OSError, UnicodeError or TimeoutError that came up while `doing` something with `where`."""
    if isinstance(error, WireError):
        return error
    if isinstance(error, socket.gaierror):
        return WireError("gaierror", f"找不到主机 {where}。检查拼写；本机写 127.0.0.1。")
    if isinstance(error, UnicodeError):
        return WireError(type(error).__name__, f"主机名 {where} 不合规则（一段最多 63 个字符）。本机写 127.0.0.1。")
    code = errno.errorcode.get(error.errno, "") if isinstance(error, OSError) and error.errno else ""
    name = f"{type(error).__name__}（{code}）" if code else type(error).__name__
    return WireError(name, _SENTENCES.get(error.errno, "{doing}失败：{reason}。").format(
        where=where, doing=doing, reason=error.strerror or error))


def timed_out(where, seconds, what):
    """The WireError for a deadline of `seconds` that passed while `what` was expected from `where`."""
    return WireError("TimeoutError", f"{seconds:g} 秒内{what}（{where}）。")


_SENTENCES = {
    errno.ECONNREFUSED: "{where} 拒绝连接：这个端口没有程序在监听。先启动服务器，再核对端口号。",
    errno.ECONNRESET: "{where} 发来 RST，连接作废：对方重置了连接，或者没有读完就关闭、进程已死。重新连接再试。",
    errno.EPIPE: "{where} 已经关闭，写出去的数据没有人收。重新连接再试。",
    errno.ETIMEDOUT: "{where} 一直没有回应，内核放弃了。检查地址和防火墙，再连一次。",
    errno.EMSGSIZE: "报文太长：UDP 一个报文最多 65507 字节（IPv4）。分成几个报文发，或者改用 TCP。",
    errno.ENETUNREACH: "没有到 {where} 的路由。检查地址和网络连接。",
    errno.EHOSTUNREACH: "到不了主机 {where}。检查地址和网络连接。",
    errno.EADDRNOTAVAIL: "本机没有可用的地址或端口连接 {where}。稍等片刻，再连一次。",
    errno.EACCES: "系统不允许连接 {where}（例如广播地址）。换一个地址。",
    errno.EPERM: "系统不允许访问 {where}。检查防火墙规则。",
    errno.EMFILE: "这个进程打开的文件描述符已到上限。关闭不用的连接再试。",
}
