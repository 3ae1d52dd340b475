"""The specification of lab framing: messages over a stream of bytes, with a length before or a newline behind each.

Each message is text in UTF-8 of at most MOST bytes; the answer is the same text, character by character from its end,
in the same framing. What is no message ends this connection, without an answer, and nothing else.
"""

import struct

from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab

MOST = 1 << 20
ODD = "\r\x0b\x1c\x85\u2028"  # what str.splitlines takes for ends of lines

LAB = Lab("framing", "在字节流里划出消息", {
    **COMMON,
    "once": Hint("一个连接里有很多条消息：一条答完，再等下一条", "network/tcp-socket", "读消息的代码放在循环里。"),
    "byte-order": Hint("长度是 4 个字节的无符号整数，网络字节序（大端）", "network/struct",
                       "struct.pack(\"!I\", n)，或者 n.to_bytes(4, \"big\")。"),
    "bytes": Hint("长度数的是字节，不是字符：“{about}”是几个字节？", "network/struct",
                  "先 encode，再取 len。"),
    "sticky": Hint("粘包：一次 recv 里有好几条消息，你只认出了一条", "network/tcp-framing",
                   "recv 得到的先放进缓冲区；缓冲区里够一条就取一条，直到不够。剩下的留着。"),
    "half": Hint("半包：一条消息分几次才来齐，你没有等齐", "network/tcp-framing",
                 "recv(n) 最多给 n 个字节，可以更少：循环到够为止。"),
    "header": Hint("长度前缀自己也会被切开：四个字节分两次来",
                   "network/struct", "读长度和读正文，用同一个“读满 n 个字节”。"),
    "cut": Hint("半包：你把“{about}”切开了，它的几个字节分两次来", "network/tcp-framing",
                "先按字节凑齐一整条消息，再 decode；不要 decode 每次 recv 得到的那一段。"),
    "empty": Hint("空消息也是消息：长度是 0，或者一行里什么也没有", "network/udp-socket",
                  "“正文为空”和“连接结束”是两回事：前者长度前缀来了，后者 recv 返回空。"),
    "newline": Hint("只有 \\n 结束一行：\\r、U+2028 这些都是正文", "files/file-read-write",
                    "str.splitlines 认识十来种行尾，strip 还会去掉空白；在字节里找 b\"\\n\"。"),
    "unfinished": Hint("连接结束时没有来齐的消息不是消息：不回答，关闭", "network/tcp-framing",
                       "对方可能死在半路。readline 在结束时会返回没有 \\n 的半行：先看它是不是以 \\n 结束。"),
    "limit": Hint(f"长度是对方说的：超过 {MOST} 字节，不分配、不等，断开", "network/struct",
                  "按行也一样：缓冲区里攒了这么多还没有换行，断开。"),
    "too-early": Hint(f"一行可以有 {MOST} 字节：还没有到上限，就不等了", "network/tcp-framing",
                      "库里的默认上限常常小得多：asyncio 的 readline 是 64 KiB，start_server(..., limit=…) 能改。"),
    "invalid": Hint("不是 UTF-8 的消息：不猜，断开这个连接，别的照常", "files/file-read-write",
                    "decode 抛出 UnicodeDecodeError；errors=\"replace\" 会让两边看到不同的消息。"),
    "one-at-a-time": Hint("一个只发来半条消息的客户端，让所有人都等着", "concurrency/network-models",
                          "一个客户端一个线程，或者每个客户端一个缓冲区、一个循环照看所有人。"),
})


def framed(text):
    body = text.encode()
    return struct.pack("!I", len(body)) + body


def line(text):
    return text.encode() + b"\n"


def answer(text, frame):
    return frame(text[::-1])


def ask(one, text, frame, hint=None):
    one.send(frame(text))
    one.expect(answer(text, frame), hint)


def cut_inside(scene, text, before=0):
    """The bytes of a text in two pieces that part in the middle of one of its wide characters, which hints name."""
    wide = [at for at, character in enumerate(text) if len(character.encode()) > 1]
    at = scene.draw.choice(wide)
    scene.about = text[at]
    cut = before + len(text[:at].encode()) + scene.draw.randint(1, len(text[at].encode()) - 1)
    return lambda data: [data[:cut], data[cut:]]


def refused(scene, one, hint):
    """The connection ends without an answer, and another client is served."""
    one.expect_end(hint, "不回答，断开这个连接", reset=True)
    return scene.client()


lengths = LAB.stage("长度前缀", 1, "--framing", "length")


@lengths.scenario("一条消息，倒过来回答", hint="byte-order")
def one_message(scene):
    ask(scene.client(), scene.draw.word(), framed)


@lengths.scenario("一个连接，几条消息", hint="once")
def some_messages(scene):
    one = scene.client()
    for _ in range(4):
        ask(one, scene.draw.word(1, 200), framed)


@lengths.scenario("汉字：长度是字节数", hint="bytes")
def chinese(scene):
    text = scene.draw.chinese(3, 9)
    scene.about = text
    ask(scene.client(), text, framed)


@lengths.scenario("两条一起来", hint="sticky")
def together(scene):
    one, texts = scene.client(), [scene.draw.sentence(), scene.draw.sentence()]
    one.send(b"".join(map(framed, texts)))
    one.expect(b"".join(answer(text, framed) for text in texts))


@lengths.scenario("一条空的，再一条不空的", hint="empty")
def an_empty_one(scene):
    one = scene.client()
    ask(one, "", framed)
    ask(one, scene.draw.word(), framed)


pieces = LAB.stage("切在任何地方", 1, "--framing", "length")


@pieces.scenario("正文分两次来", hint="half")
def a_cut_body(scene):
    one, text = scene.client(), scene.draw.word(20, 40)
    one.send_in_pieces([framed(text)[:10], framed(text)[10:]])
    one.expect(answer(text, framed))


@pieces.scenario("长度前缀分两次来", hint="header")
def a_cut_header(scene):
    one, text = scene.client(), scene.draw.word()
    at = scene.draw.randint(1, 3)
    one.send_in_pieces([framed(text)[:at], framed(text)[at:]])
    one.expect(answer(text, framed))


@pieces.scenario("切在一个汉字中间", hint="cut")
def a_cut_character(scene):
    one, text = scene.client(), scene.draw.chinese(4, 8)
    one.send_in_pieces(cut_inside(scene, text, before=4)(framed(text)))
    one.expect(answer(text, framed))


@pieces.scenario("两条半：第三条的后半以后才来", hint="sticky")
def two_and_a_half(scene):
    one, texts = scene.client(), [scene.draw.sentence() for _ in range(3)]
    data = b"".join(map(framed, texts))
    at = len(data) - scene.draw.randint(1, len(texts[2].encode()) - 1)
    one.send_in_pieces([data[:at], data[at:]])
    one.expect(b"".join(answer(text, framed) for text in texts))


@pieces.scenario("一次一个字节", hint="half")
def byte_by_byte(scene):
    one, texts = scene.client(), [scene.draw.chinese(1, 3), scene.draw.word()]
    one.send_in_pieces([bytes([byte]) for byte in b"".join(map(framed, texts))])
    one.expect(b"".join(answer(text, framed) for text in texts))


lines = LAB.stage("一行一条", 2, "--framing", "lines")


@lines.scenario("一行，倒过来回答", hint="once")
def one_line(scene):
    one = scene.client()
    for _ in range(3):
        ask(one, scene.draw.sentence(), line)


@lines.scenario("两行一起来", hint="sticky")
def lines_together(scene):
    one, texts = scene.client(), [scene.draw.sentence(), scene.draw.sentence()]
    one.send(b"".join(map(line, texts)))
    one.expect(b"".join(answer(text, line) for text in texts))


@lines.scenario("一行空的，再一行不空的", hint="empty")
def an_empty_line(scene):
    one = scene.client()
    ask(one, "", line)
    ask(one, scene.draw.word(), line)


@lines.scenario("切在一个汉字中间", hint="cut")
def a_cut_line(scene):
    one, text = scene.client(), scene.draw.chinese(4, 8)
    one.send_in_pieces(cut_inside(scene, text)(line(text)))
    one.expect(answer(text, line))


@lines.scenario("正文里有 \\r、U+2028 和两端的空格", hint="newline")
def odd_characters(scene):
    one = scene.client()
    text = f" {scene.draw.word()}{''.join(scene.draw.sample(ODD, len(ODD)))}{scene.draw.chinese()}\r "
    ask(one, text, line)


@lines.scenario("换行和下一行的开头一起来", hint="sticky")
def a_late_newline(scene):
    one, first, second = scene.client(), scene.draw.sentence(), scene.draw.sentence()
    data, at = line(first) + line(second), len(first.encode())
    one.send_in_pieces([data[:at], data[at:at + 2], data[at + 2:]])
    one.expect(answer(first, line) + answer(second, line))


hostile = LAB.stage("大的和敌意的", 2, "--framing", "length")


@hostile.scenario("一个只发了半条，别人照样得到回答", hint="one-at-a-time")
def half_a_message(scene):
    slow, text = scene.client(), scene.draw.sentence()
    slow.send(framed(text)[:7])
    ask(scene.client(), scene.draw.sentence(), framed)
    slow.send(framed(text)[7:])
    slow.expect(answer(text, framed))


@hostile.scenario(f"正好 {MOST} 字节", hint="half")
def the_largest(scene):
    text = scene.draw.word(12, 12)
    text *= MOST // len(text) + 1
    scene.client().exchange(framed(text[:MOST]), answer(text[:MOST], framed))


@hostile.scenario("声称有 4 GiB", hint="limit")
def a_lie(scene):
    one = scene.client()
    before = scene.program.figures().peak
    one.send(struct.pack("!I", scene.draw.randint(0xF0000000, 0xFFFFFFFF)) + b"?")
    other = refused(scene, one, "limit")
    ask(other, scene.draw.word(), framed, hint="limit")
    grown = scene.program.figures().peak - before
    if grown > 64 << 20:
        raise Failed("断开，不为它分配内存", f"内存涨了 {grown >> 20} MiB")


@hostile.scenario(f"{MOST + 1} 字节：多了一个", hint="limit")
def one_too_many(scene):
    one = scene.client()
    one.send(struct.pack("!I", MOST + 1))
    refused(scene, one, "limit")


@hostile.scenario("不是 UTF-8", hint="invalid")
def not_text(scene):
    one, body = scene.client(), scene.draw.word().encode() + b"\xff" + scene.draw.word().encode()
    one.send(struct.pack("!I", len(body)) + body)
    ask(refused(scene, one, "invalid"), scene.draw.word(), framed, hint="invalid")


@hostile.scenario("说好的没有发完就关了写端", hint="unfinished")
def cut_off(scene):
    for size in (scene.draw.randint(1, 3), scene.draw.randint(5, 12)):
        one = scene.client()
        ask(one, scene.draw.word(), framed)
        one.send(framed(scene.draw.word(20, 30))[:size])
        one.half_close()
        ask(refused(scene, one, "unfinished"), scene.draw.word(), framed, hint="unfinished")


endless = LAB.stage("没有尽头的一行", 3, "--framing", "lines")


@endless.scenario("最后一行没有换行", hint="unfinished")
def no_last_newline(scene):
    one = scene.client()
    ask(one, scene.draw.sentence(), line)
    one.send(scene.draw.sentence().encode())
    one.half_close()
    refused(scene, one, "unfinished")


@endless.scenario("不是 UTF-8 的一行", hint="invalid")
def not_a_line_of_text(scene):
    one = scene.client()
    one.send(scene.draw.word().encode() + b"\xc3\n")
    ask(refused(scene, one, "invalid"), scene.draw.word(), line, hint="invalid")


@endless.scenario(f"一行正好 {MOST} 字节，分很多次来", hint="too-early")
def the_longest_line(scene):
    text = scene.draw.word(12, 12)
    text *= MOST // len(text) + 1
    scene.client().exchange(line(text[:MOST]), answer(text[:MOST], line))


@endless.scenario("永远不换行", hint="limit")
def never_ends(scene):
    one = scene.client()
    before = scene.program.figures().memory
    one.pour(32 << 20, b"x" * 65536)
    grown = scene.program.figures().memory - before
    if grown > 16 << 20:
        raise Failed(f"攒到 {MOST} 字节还没有换行，就断开", f"内存涨了 {grown >> 20} MiB，还在读")
    ask(refused(scene, one, "limit"), scene.draw.word(), line, hint="limit")
