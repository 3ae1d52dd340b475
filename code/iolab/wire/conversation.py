"""A conversation with a server over TCP or UDP, driven by hand: connect, send, half-close, reset, close."""

import contextlib
import ipaddress
import re
import time
import weakref

from iolab.procfs import net
from iolab.wire import link as links
from iolab.wire.errors import WireError, timed_out
from iolab.wire.framing import frame, parse_hex
from iolab.wire.log import EVENT, PRINTED, Entry, Log
from iolab.wire.transcript import rows

MOST = 1 << 20
PACE = 0.02
PATIENCE = 0.2


class Conversation:
    """Talk with `host`:`port`.

    protocol: "tcp" or "udp". receive_size: the number of bytes that one recv asks for (1 to 1048576), may be changed
    while it is connected. allow_remote: False allows only 127.0.0.0/8, ::1 and localhost. timeout: seconds that a
    connect, a send and a wait may take. keep_lines, keep_bytes: see Log. server_lines: a callable that returns what
    the server printed as a list of (time.monotonic(), text).

    Receiving goes on in one background thread; close(), the end of a `with` block and garbage collection end it.
    Whatever fails raises WireError with a Chinese sentence, and stands in the log too. Not for use from many threads.
    """

    def __init__(self, host, port, protocol="tcp", receive_size=1024, allow_remote=False, timeout=5,
                 keep_lines=500, keep_bytes=1_000_000, server_lines=None):
        self.allow_remote, self.timeout, self.server_lines = allow_remote, timeout, server_lines
        self.log = Log(keep_lines, keep_bytes)
        self._link, self._end = None, None
        self.aim(host, port, protocol)
        self.receive_size = receive_size

    def __repr__(self):
        return f"<Conversation {self.protocol} {self.host}:{self.port} {self.state}>"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def receive_size(self):
        """How many bytes one recv asks for."""
        return self._receive_size

    @receive_size.setter
    def receive_size(self, size):
        if not isinstance(size, int) or not 1 <= size <= MOST:
            raise WireError("ValueError", f"接收缓冲区大小 {size!r} 不行，要 1 到 {MOST} 之间的整数。")
        self._receive_size = size
        if self._link:
            self._link.receive_size = size

    def aim(self, host, port, protocol):
        """Choose whom to talk with, as in the constructor. Raises WireError for a wrong host or port, or when it is
        connected; then nothing changes."""
        if protocol not in links.KINDS:
            raise ValueError(f"protocol {protocol!r}: choose 'tcp' or 'udp'")
        if self.phase != links.ENDED:
            raise WireError("OSError", "连接着的时候不能换对方。先关闭。")
        self.host, self.port = check_host(host, self.allow_remote), check_port(port)
        self.protocol = protocol

    def connect(self, wait=True):
        """Connect; with wait=False return at once. For UDP this only names the peer, nothing is sent.

        Raises WireError when it fails (with wait=False the log has it), or when there is a connection already.
        """
        if self.phase != links.ENDED:
            raise WireError("OSError", "已经连接。要重新连接，先关闭。")
        self.close()
        self.log.next_turn()
        try:
            self._link = links.Link(self.host, self.port, self.protocol, self.receive_size, self.timeout, self.log)
        except WireError as error:
            self.log.add(EVENT, note=str(error))
            raise
        self._end = weakref.finalize(self, self._link.stop)
        if wait:
            with self.log.changed:
                self.log.changed.wait_for(lambda: self._link.phase != links.CONNECTING)
            if self._link.local is None or self._link.error:
                raise self._link.error

    def send(self, message, times=1, framing=None, one_byte_at_a_time=False, timeout=None):
        """Send `message` (str as UTF-8, or bytes) `times` times without pause; return the number of bytes.

        framing: None, "newline", "crlf", or "length" (4 bytes, big-endian, before the message). one_byte_at_a_time:
        each byte in a segment of its own, the next one when the server has taken it. timeout: seconds it may wait for
        a server that does not read (None: this conversation's). Raises WireError when it fails.
        """
        if not isinstance(times, int) or times < 1:
            raise WireError("ValueError", f"发送次数 {times!r} 不行，要大于 0 的整数。")
        data = frame(encode(message), framing)
        link = self._connected()
        if not data and self.protocol == "tcp":
            raise WireError("ValueError", "空消息：TCP 传不了 0 个字节，先输入内容，或者附加换行。")
        timeout = self.timeout if timeout is None else timeout
        self.log.next_turn()
        for _ in range(times):
            if one_byte_at_a_time:
                self._drip(link, data, timeout)
            else:
                link.send(data, timeout)
        return times * len(data)

    def send_hex(self, text, **options):
        """Send bytes that are written as hex digits, such as "e4 bd a0"; options as for send()."""
        return self.send(parse_hex(text), **options)

    def half_close(self):
        """Say that no more will be sent (FIN) and go on receiving. Raises WireError for UDP and without connection."""
        link = self._connected("半关闭")
        self.log.next_turn()
        with self.log.changed:
            self.log.add(EVENT, note="半关闭：发出 FIN，还能接收")
            link.half_close()

    def reset(self):
        """Break the connection off with RST. Raises WireError for UDP and without connection."""
        link = self._connected("重置")
        self.log.next_turn()
        self.log.add(EVENT, note="重置：发出 RST，没有收完发完的数据作废")
        link.reset()
        self.log.touch()

    def close(self):
        """Close the connection, if there is one, and end its thread. To call it again does nothing."""
        if self.phase != links.ENDED:
            self.log.next_turn()
            self.log.add(EVENT, note="已关闭")
        if self._end:
            self._end()
            self.log.touch()

    def wait_for(self, what, timeout=None):
        """Wait for the answer to the last send and return what has been received since then (bytes).

        what: a number of bytes, bytes or str that must occur, or a callable that takes this conversation.
        Raises WireError after `timeout` seconds, or as soon as the connection ends without it.
        """
        wanted, met = self._condition(what)
        timeout = self.timeout if timeout is None else timeout
        deadline = time.monotonic() + timeout
        with self.log.changed:
            while not met():
                if self.finished and not callable(what):
                    raise WireError("EOFError", f"没有等到{wanted}，连接已经结束，只收到 {self.log.answer_size} 字节。")
                left = deadline - time.monotonic()
                if left <= 0:
                    raise timed_out(self.where, timeout, f"没有等到{wanted}，只收到 {self.log.answer_size} 字节")
                self.log.changed.wait(min(left, 0.05) if callable(what) else left)
            return bytes(self.log.answer)

    def wait_end(self, timeout=None):
        """Wait until the peer has closed its direction, or the connection has broken; return what was received."""
        return self.wait_for(lambda conversation: conversation.finished, timeout)

    @property
    def phase(self):
        """"connecting", "open" or "ended" (also before the first connect)."""
        return self._link.phase if self._link else links.ENDED

    @property
    def half_closed(self):
        """Whether half_close() was called on this connection."""
        return bool(self._link and self._link.half_closed)

    @property
    def finished(self):
        """Whether nothing more can be received."""
        return self.phase == links.ENDED or self._link.peer_closed

    @property
    def where(self):
        """host:port, as the messages name it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def local(self):
        """(ip, port) of this end, kept after the end; None before the first connect."""
        return self._link.local if self._link else None

    def kernel(self):
        """(this end, the server's end) as procfs.net.Socket from the kernel's table, None where there is none.

        The server's end stands there only when it is on this machine. TIME_WAIT is still found after close().
        """
        if not self.local:
            return None, None
        here, there = self.local, self._link.remote
        table = (net.tcp if self.protocol == "tcp" else net.udp)(port=here[1])
        return net.find(table, here, there), net.find(table, there, here)

    @property
    def state(self):
        """The TCP state that the kernel names for this end; CLOSED when its table has no such connection."""
        return self.state_of(self.kernel()[0])

    @staticmethod
    def state_of(end):
        """The state of one end that kernel() returned, in the words of RFC 9293."""
        return end.state if end and end.state != "CLOSE" else "CLOSED"

    @property
    def queues(self):
        """(send queue, receive queue) of this end in bytes, from the kernel; (0, 0) without connection."""
        own, _ = self.kernel()
        return (own.tx_queue, own.rx_queue) if own else (0, 0)

    def entries(self):
        """The log and the lines that the server printed meanwhile, in the order of time."""
        printed = [
            Entry(at, self.log.seconds(at), 0, PRINTED, note=text)
            for at, text in (self.server_lines() if self.server_lines else ()) if at >= self.log.since
        ]
        return sorted([*self.log, *printed], key=lambda entry: entry.at)

    def rows(self, pieces=False):
        """The same as transcript() without what the server printed, as a list of transcript.Row."""
        return rows(self.log, pieces or self.protocol == "udp")

    def transcript(self, pieces=False, server=False):
        """The log as text that is the same on every run: bytes and order, neither times nor ports.

        Over TCP what one order sent, and what it received, becomes one line each, unless `pieces`. With `server` the
        lines that the server printed stand at the end; wait for the last of them first (Server.wait_for), because
        they come in their own time.
        """
        lines = [self.without_ports(str(row)) for row in self.rows(pieces)]
        if server:
            printed = [entry.note for entry in self.entries() if entry.direction == PRINTED]
            lines += ["服务器打印：", *(f"| {self.without_ports(line)}" for line in printed)]
        return "\n".join(lines)

    def without_ports(self, text):
        """`text` with the port numbers of both ends replaced by PORT."""
        ports = {self.port, self.local[1] if self.local else self.port}
        return re.sub(rf"\b({'|'.join(map(str, ports))})\b", "PORT", text)

    def _connected(self, doing="发送"):
        if self.protocol == "udp" and doing != "发送":
            raise WireError("ValueError", f"UDP 没有连接，不能{doing}。要看{doing}，改用 TCP。")
        if not self._link:
            raise WireError("OSError", f"还没有连接，不能{doing}。先连接。")
        self._link.must_be_open()
        return self._link

    def _drip(self, link, data, timeout):
        link.no_delay(True)
        patient, deadline = True, time.monotonic() + timeout
        for at in range(len(data)):
            link.send(data[at:at + 1], timeout)
            if at + 1 < len(data):
                patient = patient and time.monotonic() < deadline and self._taken()
        with contextlib.suppress(WireError):
            link.no_delay(False)

    def _taken(self):
        """Wait until the server has read everything; False when it does not read."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            own, server = self.kernel()
            if server is None:
                time.sleep(PACE)  # it is on another machine: nobody can look into its queue
                return True
            if own and not own.tx_queue and not server.rx_queue:
                return True
            time.sleep(0.001)
        return False

    def _condition(self, what):
        if callable(what):
            return "条件成立", lambda: what(self)
        if isinstance(what, int):
            return f" {what} 字节", lambda: self.log.answer_size >= what
        data = encode(what)
        return f" {what!r}", lambda: data in self.log.answer


def encode(message):
    """`message` (str as UTF-8, or bytes) as bytes. Raises WireError for half of a surrogate pair."""
    try:
        return message.encode() if isinstance(message, str) else bytes(message)
    except UnicodeEncodeError as error:
        wrong = message[error.start]
        raise WireError("UnicodeEncodeError", f"第 {error.start + 1} 个字符 {wrong!r} 是半个代理对，UTF-8 里没有它。"
                                              "删掉它，或者用十六进制发送。") from None


def check_port(port):
    """`port` (int or digits) as int. Raises WireError when it is none from 1 to 65535."""
    text = str(port).strip()
    if isinstance(port, bool) or not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise WireError("ValueError", f"端口 {port!r} 不行，要 1 到 65535 之间的整数。")
    return int(text)


def check_host(host, allow_remote=False):
    """`host` without blanks around it. Raises WireError when it is empty, or not this machine without allow_remote.

    Without allow_remote no name is looked up, because a look-up already leaves this machine.
    """
    host = host.strip()
    if not host:
        raise WireError("ValueError", "主机是空的。本机写 127.0.0.1。")
    if not allow_remote and host != "localhost":
        try:
            near = ipaddress.ip_address(host).is_loopback
        except ValueError:
            near = False
        if not near:
            raise WireError("PermissionError", f"{host} 不是本机。只许连接 127.0.0.1、::1 或 localhost；"
                                               "要连别的主机，用 allow_remote=True。")
    return host
