"""The specification of lab echo: a TCP server that sends back what it gets, whatever its clients do."""

import signal

from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab

MANY = 40  # clients at a time
LEAVERS = 60  # clients that come and go
LARGE = 3_000_000  # bytes
UNREAD = 32 << 20  # bytes that nobody takes back: more than all the kernel's buffers on loopback hold

LAB = Lab("echo", "一个活下来的回声服务器", {
    **COMMON,
    "once": Hint("只服务了一条消息：recv 要放在循环里，直到它返回空字节串", "network/tcp-socket",
                 "while data := conn.recv(65536): ……"),
    "bytes": Hint("回声不该认识内容：收到的是字节，不是文字，也不是行", "network/tcp-socket",
                  "不要 decode、strip，也不要等换行；一个汉字的三个字节可以分三次来。"),
    "partial-send": Hint("send 只交出了一部分：它返回交出了多少字节，剩下的还在你手里", "concurrency/multiplexing",
                         "阻塞的套接字用 sendall；非阻塞的，把没有交出的记下来，等可写再交。"),
    "half-close": Hint("半关闭：对方关了写端，还在收；recv 返回空以前的字节都要送回去，然后你再关",
                       "network/tcp-socket",
                       "收到空字节串以后，先把还没有交出的字节发完，再 close。"),
    "one-at-a-time": Hint("一个客户端占住了服务器：别人在排队", "concurrency/network-models",
                          "一个客户端一个线程或进程，或者用 select、epoll、asyncio 照看所有人。"),
    "slow-reader": Hint("一个只发不收的客户端，让别人都等着：你的 send 阻塞在它身上", "concurrency/multiplexing",
                        "单线程的服务器要把套接字设成非阻塞，每个客户端一个待发的缓冲区。"),
    "reset": Hint("对方用 RST 断开，recv 或 send 会抛出 ConnectionResetError：这只是这一个客户端的事",
                  "network/tcp-socket", "接住 OSError，关闭这个连接，继续服务别人。"),
    "back-pressure": Hint("没有反压：客户端不收，你还一直读、一直存", "concurrency/multiplexing",
                          "还有没交出的字节时，先不读这个客户端。asyncio：await writer.drain()；Node：pipe。"),
    "stop": Hint("收到 SIGTERM 要结束：不再等客户端，关掉所有连接", "concurrency/network-models",
                 "Python：signal.signal(signal.SIGTERM, signal.default_int_handler)，像 Ctrl-C 一样；线程设成 daemon"),
    "reuse": Hint("端口还在 TIME_WAIT，绑定不上：监听之前设置 SO_REUSEADDR", "network/socket-attributes",
                  "socket.create_server 已经设好；自己 bind 的，先 setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)。"),
})

basics = LAB.stage("一问一答", 1)


@basics.scenario("发什么，回什么", hint="once")
def says_it_back(scene):
    one = scene.client()
    one.ask(scene.draw.word().encode())


@basics.scenario("同一个连接，再来几条", hint="once")
def says_it_again(scene):
    one = scene.client()
    for _ in range(5):
        one.ask(scene.draw.sentence().encode())


@basics.scenario("一个走了，下一个来", hint="accept-again")
def serves_the_next(scene):
    for _ in range(3):
        one = scene.client()
        one.ask(scene.draw.word().encode())
        one.close()


stream = LAB.stage("字节流", 1)


@stream.scenario("一次一个字节，汉字也切开", hint="bytes")
def one_byte_at_a_time(scene):
    one = scene.client()
    text = scene.draw.chinese(4, 8).encode()
    one.send_in_pieces([bytes([byte]) for byte in text])
    one.expect(text)


@stream.scenario("任意的字节，含 0 和不是文字的", hint="bytes")
def any_bytes(scene):
    one = scene.client()
    one.ask(bytes(range(256)))
    for ends in (b"\r\n", b" ", b"\0"):
        one.ask(ends + scene.draw.word().encode() + ends)
    one.ask(scene.draw.randbytes(scene.draw.randint(1000, 5000)))


@stream.scenario("很多字节，一边发一边收", hint="partial-send")
def many_bytes(scene):
    scene.client().exchange(scene.draw.randbytes(LARGE))


@stream.scenario("发到发不动为止，然后才收", hint="partial-send")
def reads_late(scene):
    one, block = scene.client(small=True), scene.draw.randbytes(65536)
    taken = one.pour(UNREAD, block)
    one.expect_poured(taken, block)


@stream.scenario("发完就关写端，再收到最后一个字节", hint="half-close")
def half_close(scene):
    one, block = scene.client(small=True), scene.draw.randbytes(65536)
    taken = one.fill(UNREAD, block)
    one.half_close()
    one.expect_poured(taken, block)
    one.expect_end()


@stream.scenario("什么也不发就关写端", hint="half-close")
def silent_half_close(scene):
    one = scene.client()
    one.half_close()
    one.expect_end()


crowd = LAB.stage("许多客户端", 2)


@crowd.scenario("一个不说话，另一个照样得到回声", hint="one-at-a-time")
def a_silent_one(scene):
    silent = scene.client()
    scene.client().ask(scene.draw.word().encode())
    silent.ask(scene.draw.word().encode())


@crowd.scenario(f"{MANY} 个客户端同时在线，各说各的", hint="one-at-a-time")
def many_at_a_time(scene):
    clients = [scene.client() for _ in range(MANY)]
    words = [scene.draw.sentence().encode() for _ in clients]
    scene.draw.shuffle(clients)
    for one, words_of in zip(clients, words, strict=True):
        one.send(words_of)
    for one, words_of in zip(clients, words, strict=True):
        one.expect(words_of)


@crowd.scenario("一个只发不收，另一个照样得到回声", hint="slow-reader")
def a_slow_reader(scene):
    scene.client(small=True).pour(8 << 20)
    other = scene.client()
    other.ask(scene.draw.word().encode())
    other.ask(scene.draw.word().encode())


hostile = LAB.stage("不客气的客户端", 2)


@hostile.scenario("发了一半，用 RST 断开", hint="reset", fresh=True)
def resets(scene):
    other = scene.client()
    other.ask(scene.draw.word().encode())
    for _ in range(5):
        one = scene.client()
        one.send(scene.draw.randbytes(20_000))
        one.reset()
    other.ask(scene.draw.word().encode(), hint="reset")
    scene.client().ask(scene.draw.word().encode(), hint="reset")


@hostile.scenario("一直发、不收：内存不能跟着涨", hint="back-pressure", fresh=True)
def keeps_little(scene):
    one = scene.client(small=True)
    one.ask(b"?")
    before = scene.program.figures().memory
    taken = one.pour(UNREAD)
    grown = scene.program.figures().memory - before
    if taken >= UNREAD or grown > UNREAD // 4:
        raise Failed(f"客户端不收，服务器就不再读：内核的缓冲区放满为止，远少于 {UNREAD >> 20} MiB",
                     f"服务器读走了 {taken >> 20} MiB，内存涨了 {max(0, grown) >> 20} MiB")


@hostile.scenario(f"{LEAVERS} 个客户端来了又走", hint="leak", fresh=True)
def leaves_nothing(scene):
    scene.client().ask(b"?")
    before = scene.program.figures()
    for number in range(LEAVERS):
        one = scene.client(f"第 {number + 1} 个")
        one.ask(scene.draw.word().encode())
        (one.reset if number % 3 == 0 else one.close)()
    scene.must_not_leak(before)
    scene.soon(lambda: scene.program.figures().zombies <= before.zombies + 2, "结束的子进程都被回收",
               lambda: f"{scene.program.figures().zombies} 个僵尸", hint="zombie")


@hostile.scenario("有人在线，没有人说话", hint="spin")
def rests(scene):
    for _ in range(3):
        scene.client().ask(b"?")
    closed = scene.client()
    closed.ask(b"?")
    closed.half_close()
    closed.expect_end(hint="half-close")
    scene.must_rest()


ending = LAB.stage("收场", 3)


@ending.scenario("有人在线时收到 SIGTERM：结束，连接都关上", hint="stop")
def ends_on_sigterm(scene):
    one = scene.client()
    one.ask(scene.draw.word().encode())
    scene.must_end(signal.SIGTERM)
    one.expect_end(reset=True)


@ending.scenario("服务器先关的端口，马上再用", hint="reuse", fresh=True)
def listens_again(scene):
    port = scene.program.port
    one = scene.client()
    one.ask(scene.draw.word().encode())
    scene.must_end(signal.SIGTERM)
    scene.note("用同一个端口再启动")
    try:
        scene.program = scene.start(port=port)
    except Failed as failure:
        failure.hint = "reuse"
        raise
    scene.client().ask(scene.draw.word().encode())
