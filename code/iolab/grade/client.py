"""The client of a scenario: it notes what it does, and what it expects and does not get becomes a Failed."""

import contextlib
import select
import socket
import struct
import time

from iolab.grade.lab import Failed
from iolab.grade.program import SLOW_START, Program
from iolab.grade.transcript import difference, shown

PIECE = 65536


class Stream:
    """One stream of bytes to and from the program. Every wait is as patient as the pace.

    server: the Program at the other end; waits: times the patience for what is expected.
    """

    waits = 1

    def __init__(self, scene, name, program):
        self.scene, self.name, self.pace, self.server, self.socket = scene, name, scene.pace, program, None
        self._ahead = b""  # received and not yet asked for

    def note(self, words, data=None):
        self.scene.transcript.note(self.name, words, data)

    def send(self, data, words="发"):
        """Send all of it. A server that does not take it within the pace has failed."""
        self.note(words, data)
        self._send(data)

    def _send(self, data):
        self.socket.settimeout(self.pace.patience)  # receive_some leaves none
        try:
            self.socket.sendall(data)
        except TimeoutError:
            raise Failed(f"服务器读走{self.name}发的 {len(data)} 字节", "它没有读，缓冲区满了") from None
        except OSError as error:
            self.server.must_live("服务器继续服务")
            raise Failed(f"服务器读走{self.name}发的字节", f"它断开了连接（{error.strerror}）") from None

    def send_in_pieces(self, pieces):
        """Send each piece only when the server has read the one before: no recv sees two of them."""
        data = b"".join(pieces)
        self.note(f"分 {len(pieces)} 次发（一次 {'、'.join(str(len(piece)) for piece in pieces[:6])}"
                  f"{'……' if len(pieces) > 6 else ''} 字节）", data)
        for piece in pieces:
            self._send(piece)
            self.wait_until_read()

    def receive(self, size, expected):
        """Exactly `size` bytes; what is missing fails. expected: all of them, in words."""
        begun, timeout, data = time.monotonic(), self.waits * self.pace.patience, bytearray(self._ahead[:size])
        self._ahead = self._ahead[size:]
        while len(data) < size:
            self.socket.settimeout(max(0.01, begun + timeout - time.monotonic()))
            try:
                piece = self.socket.recv(min(PIECE, size - len(data)))
            except TimeoutError:
                timeout += (more := self.waits * self.pace.again())
                if more <= 0 or time.monotonic() - begun > timeout:
                    raise self.failed(expected, data, f"等了 {timeout:.1f} 秒，没有再来") from None
                continue
            except OSError as error:
                raise self.failed(expected, data, f"连接断了（{error.strerror}）", over=True) from None
            if not piece:
                raise self.failed(expected, data, "服务器关闭了连接", over=True)
            data += piece
            begun = time.monotonic()
        return bytes(data)

    def receive_all(self, expected, answers=1):
        """All bytes until the server closes. answers: as many times the patience as this may take."""
        data, self._ahead = bytearray(self._ahead), b""
        begun, timeout = time.monotonic(), answers * self.pace.patience
        while True:
            self.socket.settimeout(max(0.01, begun + timeout - time.monotonic()))
            try:
                piece = self.socket.recv(PIECE)
            except TimeoutError:
                timeout += answers * self.pace.again()
                if time.monotonic() - begun > timeout:
                    raise self.failed(expected, data, f"等了 {timeout:.1f} 秒，它没有关闭") from None
                continue
            except OSError as error:
                raise self.failed(expected, data, f"连接断了（{error.strerror}）", over=True) from None
            if not piece:
                return bytes(data)
            data += piece

    def failed(self, expected, data, how, over=False):
        self.server.must_live(expected)
        if over:
            self.server.wait_for_end(0.1 * self.pace.patience)  # a program that is ending closes first
            self.server.must_live(expected)
        return Failed(expected, f"{shown(data)} 之后{how}" if data else f"一个字节也没有，{how}")

    def expect(self, data, hint=None):
        """These bytes come next."""
        expected = shown(data)
        try:
            got = self.receive(len(data), expected)
        except Failed as failure:
            failure.hint = failure.hint or hint
            raise
        if got != data:
            raise Failed(expected, difference(got, data), hint)

    def ask(self, data, hint=None):
        """Send, and expect the same back."""
        self.send(data)
        self.expect(data, hint)

    def line(self, expected, limit=PIECE):
        """The next line, with its end."""
        return self.lines(1, expected, limit)[0]

    def lines(self, count, expected, limit=PIECE):
        """The next lines, each with its end."""
        found = []
        while len(found) < count:
            line, newline, rest = self._ahead.partition(b"\n")
            if newline:
                found.append(line + newline)
                self._ahead = rest
                continue
            if len(line) > limit:
                raise Failed(expected, f"{len(line)} 字节里没有换行：{shown(line)}")
            self._ahead = b""
            try:
                more = self.receive_some(expected)
            except Failed as failure:
                if line:
                    failure.came = f"{shown(line)}，{failure.came}"
                raise
            self._ahead = line + more
        return found

    def receive_some(self, expected):
        """One byte or more."""
        first = self.receive(1, expected)
        self.socket.settimeout(0)
        try:
            return first + self.socket.recv(1 << 20)
        except OSError:  # nothing more yet; an error comes again when the next byte is asked for
            return first

    def expect_end(self, hint=None, expected=None, reset=False):
        """The server closes the connection, and sends nothing before. reset: an RST will do as well."""
        expected = expected or f"服务器关闭{self.name}的连接"
        if self._ahead:
            raise Failed(expected, f"又来了 {shown(self._ahead)}", hint)
        self.socket.settimeout(self.pace.patience)
        while True:
            try:
                data = self.socket.recv(PIECE)
            except TimeoutError:
                more = self.pace.again()
                if more > 0:
                    self.socket.settimeout(more)
                    continue
                self.server.must_live(expected)
                raise Failed(expected, f"等了 {self.pace.patience:.1f} 秒，连接一直开着", hint) from None
            except OSError as error:
                if reset:
                    return
                self.server.must_live(expected)
                raise Failed(expected, f"连接断了（{error.strerror}）", hint) from None
            if data:
                raise Failed(expected, f"又来了 {shown(data)}", hint)
            return

    def exchange(self, data, expected=None, hint=None):
        """Send all while reading all that comes: neither side has to hold it."""
        expected = data if expected is None else expected
        self.note("一边发一边收", data)
        self.socket.setblocking(False)
        out, got, late = memoryview(data), bytearray(), self.pace.patience
        try:
            while out or len(got) < len(expected):
                readable, writable, _ = select.select([self.socket], [self.socket] if out else [], [], late)
                if not readable and not writable:
                    if (late := self.pace.again()) > 0:
                        continue
                    self.server.must_live("回声")
                    raise Failed(f"{len(expected)} 字节", f"只来了 {len(got)} 字节，"
                                 f"还有 {len(out)} 字节没有发出去，等了 {self.pace.patience:.1f} 秒，没有动静", hint)
                if readable:
                    piece = self.socket.recv(1 << 20)
                    if not piece:
                        self.server.must_live("回声")
                        raise Failed(f"{len(expected)} 字节", f"来了 {len(got)} 字节，服务器关闭了连接", hint)
                    at = len(got)
                    got += piece
                    if got[at:] != expected[at:at + len(piece)]:
                        raise Failed(f"{len(expected)} 字节，和发出的一样",
                                     f"前 {at} 个字节一样，后面{difference(got[at:], expected[at:at + len(piece)])}",
                                     hint)
                if writable:
                    out = out[self.socket.send(out[:1 << 20]):]
        except OSError as error:
            self.server.must_live("服务器继续服务")
            raise Failed(f"{len(expected)} 字节", f"来了 {len(got)} 字节，连接断了（{error.strerror}）", hint) from None
        finally:
            self.socket.setblocking(True)

    def pour(self, most, block=bytes(PIECE)):
        """Send block after block without reading until nothing is taken for a while, or `most` bytes are; how many."""
        self.note("一直发，不收")
        taken, rest = 0, memoryview(block)
        self.socket.setblocking(False)
        try:
            while taken < most:
                if not select.select([], [self.socket], [], 0.1 * self.pace.patience)[1]:
                    break
                with contextlib.suppress(BlockingIOError):
                    sent = self.socket.send(rest)
                    taken += sent
                    rest = rest[sent:] or memoryview(block)
        except OSError:
            self.server.must_live("服务器继续服务")
        finally:
            self.socket.setblocking(True)
        return taken

    def fill(self, most, block):
        """Send blocks, each when the server has read the one before, until it reads no more: it keeps what it has."""
        self.note("一块一块地发，不收，直到服务器不再读")
        taken = 0
        while taken < most:
            self._send(block)
            taken += len(block)
            if not self.wait_until_read(0.1):
                break
        return taken

    def expect_poured(self, taken, block):
        """All that was poured comes back."""
        self.note(f"现在才收（{taken} 字节）")
        came = 0
        while came < taken:
            at = came % len(block)
            wanted = block[at:at + min(PIECE, taken - came)]
            try:
                got = self.receive(len(wanted), f"{taken} 字节，和发出的一样")
            except Failed as failure:
                failure.came = f"前 {came} 个字节对，再{failure.came}"
                raise
            if got != wanted:
                raise Failed(f"{taken} 字节，和发出的一样", f"前 {came} 个字节对，后面{difference(got, wanted)}")
            came += len(got)

    def expect_silence(self, expected, hint=None, share=0.15):
        """Nothing comes for a share of the patience."""
        if self._ahead or select.select([self.socket], [], [], share * self.pace.patience)[0]:
            data = self._ahead or self.socket.recv(PIECE)
            if not data:
                self.server.wait_for_end(0.1 * self.pace.patience)  # a program that is ending closes first
            self.server.must_live(expected)
            raise Failed(expected, f"来了 {shown(data)}" if data else "它关闭了", hint)

    def half_close(self):
        self.note("关闭写端（FIN）")
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self):
        """Close with an RST: SO_LINGER with 0 seconds, socket(7)."""
        self.note("用 RST 断开")
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self):
        self.note("关闭连接")
        self.socket.close()


class Client(Stream):
    """A TCP connection to the program's server. small: with the least receive buffer, for one that does not read."""

    def __init__(self, scene, name, small=False):
        super().__init__(scene, name, scene.program)
        self.socket = socket.socket(socket.AF_INET6 if ":" in self.server.address[0] else socket.AF_INET)
        if small:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(self.pace.patience)
        self.note("连接")
        try:
            self.socket.connect(self.server.address)
        except OSError as error:
            self.socket.close()
            self.server.wait_for_end(0.3 * self.pace.patience)  # a program that is ending closes first
            crashed = bool(self.server.status)  # the hint of the scenario knows why
            raise Failed(f"服务器接受{name}的连接", f"连接不上（{error.strerror or error}）；{self.server.end()}",
                         None if crashed else "accept-again") from None
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def wait_until_read(self, share=0.2):
        """Whether the server has read all that was sent, within a share of the patience."""
        deadline = time.monotonic() + share * self.pace.patience
        while (unread := self.server.unread(self.socket)) and time.monotonic() < deadline:
            time.sleep(0.001)
        return not unread


class Peer(Stream):
    """The judge's end of a connection that a program makes to this listener."""

    def __init__(self, scene, name, listener, program):
        super().__init__(scene, name, program)
        listener.settimeout(self.pace.patience)
        try:
            self.socket, _ = listener.accept()
        except TimeoutError:
            raise Failed(f"程序来连接{name}", f"等了 {self.pace.patience:.1f} 秒，没有来；{program.end()}") from None
        self.socket.settimeout(self.pace.patience)


class Standard(Stream):
    """The standard input and output of a program that it starts: both ends of one socket pair."""

    waits = SLOW_START  # an answer may need the start of the program, and of what the program starts

    def __init__(self, scene, name, command, arguments):
        ours, theirs = socket.socketpair()
        with theirs:
            program = Program(command, arguments, streams=(theirs.fileno(), theirs.fileno()))
        super().__init__(scene, name, program)
        self.socket = ours
