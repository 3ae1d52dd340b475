"""One socket and the one thread that connects it and receives from it."""

import errno
import itertools
import os
import select
import socket
import threading
import time
import weakref

from iolab.wire.errors import WireError, explain, timed_out
from iolab.wire.log import EVENT, RECEIVED, SENT

KINDS = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}
MADE = {"tcp": "已连接", "udp": "已选定对方（UDP 没有连接，什么也没有发出）"}
BREATHE_EVERY = 100
PATIENCE = 1  # seconds; only the look-up of a host's name cannot be interrupted
CONNECTING, OPEN, ENDED = "connecting", "open", "ended"


class Stopped(Exception):
    """The owner has closed the link."""


_links = weakref.WeakSet()


def _leave_to_the_parent():
    """In a fork: close the copies of every descriptor, or the parent's close would neither send FIN nor RST."""
    for link in list(_links):
        link.log.renew_lock()
        link.let_go()


os.register_at_fork(after_in_child=_leave_to_the_parent)


class Link:
    """phase: CONNECTING, OPEN or ENDED. local, remote: (ip, port) once they are known, kept after the end.

    error: the WireError that ended it. peer_closed: the peer's FIN has come. It knows its log and not its owner,
    so that a forgotten owner is collected and can stop it. All calls on the socket happen under the log's lock and
    never block there, so the log has them in the order in which the kernel saw them. A fork of this process has no part
    in it.
    """

    def __init__(self, host, port, protocol, receive_size, timeout, log):
        self.host, self.port, self.protocol = host, port, protocol
        self.receive_size, self.timeout, self.log = receive_size, timeout, log
        self.where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self.phase, self.error, self.local, self.remote = CONNECTING, None, None, None
        self.peer_closed = self.half_closed = False
        self.socket = None
        self._thread = threading.Thread(target=self._run, name=f"iolab-wire {self.where}", daemon=True)
        try:
            self._awake, self._wake = os.pipe()
        except OSError as error:
            raise explain(error, self.where, "连接") from None
        _links.add(self)
        try:
            self._thread.start()
        except RuntimeError:
            self.let_go()
            raise WireError("RuntimeError", "系统不给新的线程了，没有连接。关闭不用的连接再试。") from None

    def let_go(self):
        """Close the descriptors and forget the thread, which is not there: it never began, or this is a fork."""
        for descriptor in (self._awake, self._wake):
            if descriptor is not None:
                os.close(descriptor)
        self._awake = self._wake = self._thread = None
        self.phase = ENDED
        if self.socket:
            self.socket.close()

    def stop(self):
        """End the thread and the socket. To call it again does nothing."""
        if self._thread is None:
            return
        with self.log.changed:
            if self._wake is not None:
                os.close(self._wake)  # the other end of the pipe sees the end of file
                self._wake = None
        if self._thread is not threading.current_thread():
            self._thread.join(PATIENCE)

    def reset(self):
        """End it with RST instead of FIN (SO_LINGER with 0 seconds, socket(7))."""
        with self.log.changed:
            self.must_be_open().setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.stop()

    def half_close(self):
        """Send FIN and go on receiving. Raises WireError when the connection is over."""
        with self.log.changed:
            try:
                self.must_be_open().shutdown(socket.SHUT_WR)
            except OSError as error:
                raise self.failed(error, "半关闭") from None
            self.half_closed = True

    def send(self, message, timeout):
        """Hand `message` (bytes) to the kernel, one log entry a call. Raises WireError, after `timeout` seconds too."""
        rest, deadline = memoryview(message), time.monotonic() + timeout
        while True:
            with self.log.changed:
                one = self.must_be_open()
                try:
                    count = one.send(rest)
                except BlockingIOError:
                    count = 0
                except OSError as error:
                    raise self.failed(error, "发送") from None
                else:
                    self.log.add(SENT, bytes(rest[:count]))
            rest = rest[count:]
            if not rest:
                return
            if not count and not _ready(one, select.POLLOUT, deadline):
                late = timed_out(
                    self.where, timeout, f"发送缓冲区一直是满的，对方不收，还有 {len(rest)} 字节没有交给内核")
                self.log.add(EVENT, note=str(late))
                raise late

    def no_delay(self, on):
        """Switch TCP_NODELAY (tcp(7)): whether small pieces leave at once."""
        if self.protocol == "tcp":
            with self.log.changed:
                self.must_be_open().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, on)

    def must_be_open(self):
        """The socket. Raises WireError when there is no connection any more, or not yet."""
        if self.phase == OPEN and self._wake is not None:
            return self.socket
        if self.phase == CONNECTING and self._wake is not None:
            raise WireError("OSError", "正在连接，还不能用，稍等片刻。")
        raise WireError("OSError", f"连接已经结束，先重新连接{f'：{self.error}' if self.error else '。'}")

    def failed(self, error, doing):
        """Note the error of a call in the log, once, and return it as a WireError. A datagram's error ends nothing."""
        if self.half_closed and error.errno == errno.EPIPE:
            told = WireError("BrokenPipeError（EPIPE）",
                             "这一端已经半关闭：发出 FIN 以后只能接收。要再发送，先重新连接。")
            self.log.add(EVENT, note=str(told))
            return told
        told = explain(error, self.where, doing)
        if self.error is None:
            self.log.add(EVENT, note=str(told))
            if self.protocol == "tcp" and self.phase != ENDED:
                self.error = told
        return told

    def _run(self):
        try:
            self._connect()
            self._receive()
        except Stopped:
            pass
        except (OSError, UnicodeError) as error:
            with self.log.changed:
                self.failed(error, "连接" if self.phase == CONNECTING else "接收")
        except WireError as error:
            self.error = error
            self.log.add(EVENT, note=str(error))
        finally:
            with self.log.changed:
                self.phase = ENDED
                if self.socket:
                    self.socket.close()
                os.close(self._awake)
                self._awake = None
                self.log.touch()

    def _connect(self):
        self.log.begin()
        deadline = time.monotonic() + self.timeout
        places = socket.getaddrinfo(self.host, self.port, type=KINDS[self.protocol])
        if self._wake is None:
            raise Stopped
        for number, (family, kind, proto, _, address) in enumerate(places, start=1):
            try:
                self._connect_to(socket.socket(family, kind, proto), address, deadline)
                break
            except OSError:
                if number == len(places):
                    raise
        with self.log.changed:
            self.phase = OPEN
            self.log.add(EVENT, note=MADE[self.protocol])

    def _connect_to(self, one, address, deadline):
        with self.log.changed:
            if self.socket:
                self.socket.close()
            self.socket = one
            one.setblocking(False)
            code = one.connect_ex(address)
            self.local, self.remote = one.getsockname()[:2], address[:2]
            self.log.touch()
        if code == errno.EINPROGRESS:
            if not self._wait(select.POLLOUT, deadline):
                raise timed_out(self.where, self.timeout, "连接没有建立：SYN 没有回音，或者对方的连接队列满了")
            code = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))

    def _receive(self):
        take = self._take_datagram if self.protocol == "udp" else self._take_piece
        for number in itertools.count(1):
            if self.peer_closed:
                break
            if not number % BREATHE_EVERY:
                time.sleep(0.001)  # in a flood the others would hardly ever get the lock, which is not fair
            self._wait(select.POLLIN)
            with self.log.changed:
                if self._wake is None or self.error:
                    return
                try:
                    take()
                except BlockingIOError:
                    continue
                except OSError as error:
                    if self.protocol == "tcp":
                        raise
                    self.failed(error, "发送")
        while not self._wait(0) & (select.POLLHUP | select.POLLERR):  # POLLHUP: both directions are shut, poll(2)
            pass
        if code := self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            raise OSError(code, os.strerror(code))

    def _take_piece(self):
        data = self.socket.recv(self.receive_size)
        if data:
            self.log.add(RECEIVED, data)
        else:
            self.peer_closed = True
            self.log.add(EVENT, note="对方不再发送（收到 FIN，recv 返回空）")

    def _take_datagram(self):
        buffer = bytearray(self.receive_size)
        size = self.socket.recv_into(buffer, 0, socket.MSG_TRUNC)  # the datagram's whole size, recv(2)
        self.log.add(RECEIVED, bytes(buffer[:size]))
        if size > len(buffer):
            self.log.add(EVENT, note=f"截断：报文有 {size} 字节，接收缓冲区只有 {len(buffer)}，"
                                     f"多出的 {size - len(buffer)} 字节被内核丢弃")

    def _wait(self, events, deadline=None):
        """Events of the socket, 0 at the deadline. Raises Stopped when the owner has closed the link."""
        poll = select.poll()
        poll.register(self.socket, events)
        poll.register(self._awake, 0)
        left = None if deadline is None else max(0, deadline - time.monotonic()) * 1000
        happened = dict(poll.poll(left))
        if self._awake in happened:
            raise Stopped
        return happened.get(self.socket.fileno(), 0)


def _ready(one, events, deadline):
    poll = select.poll()
    try:
        poll.register(one, events)
    except ValueError:  # closed meanwhile: the next call says why
        return True
    return bool(poll.poll(max(0, deadline - time.monotonic()) * 1000))
