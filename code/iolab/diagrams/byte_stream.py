"""两个缓冲区：three messages through a send and a receive buffer, and in which pieces recv() gives them out.

A stream has no borders: recv(n) takes what is there, n bytes at most. A full receive buffer stops the sender's kernel,
a full send buffer stops sendall(). Sources: tcp(7), recv(2), send(2); RFC 9293 sections 3.8.6 (window) and 3.9.1.
Buffers of 8 bytes stand for those of Linux, which are some thousand times as large; the sender is faster than the
receiver, as on one machine.
"""

from iolab.model import Board, Cell, Code, Label, Slider, Sweep, View, Way

ROOM, LETTERS = 8, "abc"
PIECES = 12                 # 3 messages of 8 bytes, 2 at a time
CODE = Code("""
for message in messages:
    sender.sendall(message)
# 另一边
while data := receiver.recv(size):
    print(data)
""")


def film(size, most):
    """The views of three messages of `size` bytes that are received `most` at a time."""
    stream = _Stream(size, most)
    stream.tell(f"三条消息，每条 {size} 字节，都还在程序手里。")
    while not stream.done():
        stream.step()
    whole = sum(piece in stream.messages for piece in stream.pieces)
    stream.tell(f"三条消息，recv() 返回了 {len(stream.pieces)} 次，其中 {whole} 次正好是一条。"
                "次序没有乱，一个字节也没有少，只是没有边界：边界要程序自己写进字节里。")
    return tuple(stream.views)


class _Stream:
    def __init__(self, size, most):
        self.messages = [letter * size for letter in LETTERS]
        self.left, self.sending, self.arrived = list(self.messages), "", ""
        self.most, self.pieces, self.views = most, [], []

    def done(self):
        return not (any(self.left) or self.sending or self.arrived)

    def step(self):
        """The kernels move what fits; then the sender goes on if there is room for it, else the receiver."""
        moved = self.sending[:ROOM - len(self.arrived)]
        self.arrived, self.sending = self.arrived + moved, self.sending[len(moved):]
        ways = ("net",) if moved else ()
        if any(self.left) and len(self.sending) < ROOM:
            self.tell(self._send(), (*ways, "in"), (2,))
        else:
            self.tell(self._receive(), (*ways, "out"), (4,))

    def _send(self):
        number = self._next()
        room, message = ROOM - len(self.sending), self.messages[number]
        self.sending, self.left[number] = self.sending + self.left[number][:room], self.left[number][room:]
        if self.left[number]:
            return f"sendall(b'{message}') 还有 {len(self.left[number])} 字节放不下：两个缓冲区都满了，它等着。"
        return f"sendall(b'{message}') 返回：字节进了发送缓冲区，对方收到没有，它不知道。"

    def _receive(self):
        piece, self.arrived = self.arrived[:self.most], self.arrived[self.most:]
        self.pieces.append(piece)
        kinds = len(set(piece))
        said = f"{kinds} 条消息的字节粘在一起" if kinds > 1 else "只是半条消息"
        said = "正好一条，碰巧而已" if piece in self.messages else said
        return f"recv({self.most}) 返回 {len(piece)} 字节：b'{piece}'，{said}。"

    def _next(self):
        return next(number for number, message in enumerate(self.left) if message)

    def tell(self, caption, ways=(), at=()):
        cells = {f"message{number}": message for number, message in enumerate(self.left) if message}
        if cells and len(self.sending) == ROOM:
            cells[f"message{self._next()}"] = self.left[self._next()], "amber"
        cells |= {f"send{place}": (letter, "blue") for place, letter in enumerate(self.sending)}
        cells |= {f"receive{place}": (letter, "blue") for place, letter in enumerate(self.arrived)}
        cells |= {f"piece{place}": (piece, "green" if piece in self.messages else "red")
                  for place, piece in enumerate(self.pieces)}
        self.views.append(View(caption, cells, ways, at))


def _row(name, count, top, width, across=0):
    return [Cell(f"{name}{place}", 6 + (width + 3) * (place % (across or count)),
                 top + 27 * (place // (across or count)), width, 24, 10.5) for place in range(count)]


SCENE = Sweep(
    name="byte_stream",
    title="两个缓冲区：消息进去，字节出来",
    board=Board(
        height=270,
        cells=(*_row("message", 3, 22, 76), *_row("send", ROOM, 84, 37), *_row("receive", ROOM, 146, 37),
               *_row("piece", PIECES, 208, 50, across=6)),
        labels=(Label(6, 11, "发送方的程序：还没有交给内核的", anchor="start", bold=True),
                Label(6, 72, "发送缓冲区", anchor="start", bold=True),
                Label(6, 134, "对方的接收缓冲区", anchor="start", bold=True),
                Label(6, 196, "接收方的程序：每次 recv() 的返回值", anchor="start", bold=True)),
        ways=(Way("in", ((285, 38), (285, 80))), Way("net", ((285, 110), (285, 142))),
              Way("out", ((285, 172), (285, 204)))),
    ),
    sliders=(Slider("每条消息", (2, 4, 6, 8), " 字节", at=2), Slider("每次 recv", (2, 3, 4, 8), " 字节", at=2)),
    film=film,
    legend=(("blue", "在路上"), ("amber", "sendall() 在等"), ("green", "正好一条消息"), ("red", "半条，或者粘在一起")),
    code=CODE,
)
