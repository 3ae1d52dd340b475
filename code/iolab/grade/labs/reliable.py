"""The specification of lab reliable: messages over UDP that all arrive, once, in order, whatever the network does.

    PROGRAM --port PORT       receives: each message is a line on standard output, as soon as it is its turn
    PROGRAM --to HOST:PORT    sends the lines of standard input; ends with 0 when all of them have been acknowledged,
                              with another status when nobody has acknowledged anything for GIVE_UP seconds

What the datagrams look like is the program's own affair. Between the two lies the book's relay (day4/lossy_relay.py).
"""

import json
import signal
import socket
import sys
import time
from pathlib import Path

from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab
from iolab.grade.program import Program
from iolab.grade.transcript import shown
from iolab.launch.scripts import find
from iolab.launch.server import READY

ROAD, REFERENCE = (Path(__file__).parents[1] / name for name in ("road.py", "stop_and_wait.py"))
LONGEST = 1000  # bytes of a message
GIVE_UP = 3  # seconds
LATE = 4  # times the patience for the end of the sender: its last messages may be lost many times
DELAY = 0.02  # seconds each way, where the speed is measured
FAST = 2  # times as fast as the reference
REFERENCE_COUNT, COUNT = 15, 100  # messages
ATTEMPTS = 2  # a busy machine may slow down one of the two that are compared
FLOOD = 80  # datagrams a second for one message

LAB = Lab("reliable", "坏网络上的可靠消息", {
    **COMMON,
    "start": Hint("收的一方第一行打印 listening on HOST:PORT，端口是 --port 给的，0 表示由内核挑；马上 flush",
                  "network/udp-socket", "UDP 的套接字也有 getsockname()。"),
    "arrives": Hint("输入的一行，马上发出去；收到的一行，马上印出来", "network/udp-socket",
                    "不要等输入结束；print(..., flush=True)。"),
    "bytes": Hint("消息是字节：除了换行，什么都可以有，空的也是一条", "network/udp-socket",
                  "不要 decode 和 strip；空的数据报和“没有数据报”不一样。"),
    "end": Hint("输入结束，全部确认了，发的一方就结束，退出状态 0", "network/transport-services",
                "读到 EOF 以后，还要等到手里没有未确认的消息。"),
    "lost": Hint("数据报会丢：没有确认就重发，直到确认", "network/transport-services",
                 "每条消息记着什么时候发的；过了 0.1 秒没有确认，再发一遍。"),
    "early": Hint("发的一方说完成了，可是有的消息没有到", "network/transport-services",
                  "sendto 返回只说明内核收下了；要等到对方的确认。"),
    "repeated": Hint("同一条消息印了两遍：确认丢了，消息重发，收的一方要认得它来过", "network/transport-services",
                     "编号小于下一个该来的，只确认，不再印。"),
    "ack-again": Hint("来过的消息又来了，也要再确认一次：上一个确认可能丢了", "network/transport-services",
                      "不确认的话，发的一方会永远重发，直到放弃。"),
    "order": Hint("消息印出来的次序不对：后发的可能先到", "network/transport-services",
                  "不是下一个该来的，先放进字典，或者扔掉等它重发。"),
    "slow": Hint("和一条一条地等差不多：一个来回只送了一条", "network/transport-services",
                 "窗口：让许多条同时在路上，各有各的编号。重发的间隔也不要太长，丢了一条不要让所有人都等。"),
    "flood": Hint("重发得太急：确认还在路上，你已经又发了许多遍", "network/transport-services",
                  "两次之间至少 0.05 秒，最多 0.2 秒。"),
    "give-up": Hint(f"没有人收：{GIVE_UP} 秒里一个确认也没有，就放弃，退出状态不是 0",
                    "network/transport-services",
                    "记着上一次收到确认是什么时候；收到一个就重新算起。"),
    "session": Hint("换了一个发的人，编号又从头开始：收的一方把新的当成了旧的，或者把旧的当成了新的",
                    "network/transport-services", "启动时抽一个随机的会话号，写在每个数据报里；各个会话的编号分开记。"),
    "garbage": Hint("谁都可以往你的端口发数据报：不是你的格式就扔掉", "network/udp-socket",
                    "开头放几个固定的字节（magic），长度不够的先扔掉；解析出错不能结束程序。"),
    "stop": Hint("收到 SIGTERM 要结束", "process/process-theory", "线程设成 daemon。"),
})


def receiver(scene, command=None, told=True):
    """The receiving program as a Stream, after its first line; its `address` is (host, port)."""
    stream = scene.run("--port", 0, name="收的一方", command=command, told=told)
    line = stream.line("listening on HOST:PORT")
    ready = READY.match(line.decode(errors="replace"))
    if not ready:
        raise Failed("listening on HOST:PORT", shown(line), "start")
    stream.address = ready[1] or ready[2], int(ready[3])
    return stream


def sender(scene, address, command=None, told=True):
    """The sending program as a Stream. The scene's program stays the one that receives."""
    receiving = scene.program
    stream = scene.run("--to", "%s:%d" % address, name="发的一方", command=command, told=told)
    scene.program = receiving
    return stream


def road(scene, to, delay=0, both=None, there=None, back=None):
    """The address of a relay to that address. both, there, back: {fate: chance} of its ways; none: the book's."""
    fates = {"去": there or both or {}, "回": back or both or {}} if both or there or back or delay else None
    relay = scene.keep(Program([sys.executable, "-I", str(ROAD)],
                               [str(find("day4/lossy_relay.py")), "%s:%d" % to, scene.draw.randrange(10**6), delay,
                                json.dumps(fates)], READY, name="中继"))
    scene.soon(lambda: relay.output.found, "中继启动", relay.words)
    scene.note("中继：" + ("，".join(f"{way}的路 {told(chances)}" for way, chances in fates.items()) if fates
                         else "书里的那个"))
    scene.relay = relay
    return relay.output.found[2], int(relay.output.found[3])


def told(chances):
    return "、".join(f"{chance:.0%} {fate}" for fate, chance in chances.items()) or "照送"


def words(scene, count):
    """So many messages, all different."""
    return [f"{number} {scene.draw.sentence()}".encode() for number in range(count)]


def give(stream, messages):
    stream.send(b"".join(message + b"\n" for message in messages))


def arrive(stream, messages, hint="lost"):
    """These messages are printed next, each once, in this order. hint: of what does not come."""
    for at, message in enumerate(messages):
        expected = f"第 {at + 1} 条：{shown(message)}"
        try:
            got = stream.line(expected)[:-1]
        except Failed as failure:
            failure.hint = hint
            raise
        if got != message:
            raise Failed(expected, shown(got), "repeated" if got in messages[:at] else
                         "order" if got in messages[at:] else "bytes")


def finishes(scene, stream, hint="end", given=None):
    """The sender ends with 0. All input has been given, the last at `given`: who gives up soon after has lost it."""
    stream.half_close()
    begun, limit = time.monotonic(), LATE * scene.pace.patience
    while stream.server.status is None and time.monotonic() - begun < limit:
        stream.server.wait_for_end(0.2)
    if stream.server.status != 0:
        soon = given is not None and stream.server.status and time.monotonic() - given < GIVE_UP
        raise Failed("发的一方结束，退出状态 0", stream.server.end(), "lost" if soon else hint)


def quiet(stream, hint):
    stream.expect_silence("没有别的了", hint)


def whole(scene, count, hint="lost", **how):
    """So many messages over such a road: all arrive, the sender ends, nothing more comes."""
    receiving, messages = receiver(scene), words(scene, count)
    sending = sender(scene, road(scene, receiving.address, **how))
    give(sending, messages)
    given = time.monotonic()
    arrive(receiving, messages, hint)
    finishes(scene, sending, "ack-again", given)
    quiet(receiving, "repeated")


good = LAB.stage("好的网络", 1, serves=False)


@good.scenario("一条一条地发", hint="arrives")
def one_by_one(scene):
    receiving = receiver(scene)
    sending = sender(scene, receiving.address)
    for message in words(scene, 4):
        give(sending, [message])
        arrive(receiving, [message], "arrives")


@good.scenario("任意的字节，空的，一千字节的", hint="bytes")
def any_bytes(scene):
    receiving = receiver(scene)
    sending = sender(scene, receiving.address)
    odd = [b"", b" ", bytes(byte for byte in range(256) if byte != 10), scene.draw.chinese().encode()[:-1], b"\r",
           b"x" * LONGEST, scene.draw.word().encode()]
    give(sending, odd)
    for message in odd:
        arrive(receiving, [message], "bytes")


@good.scenario("输入结束：都送到了才结束", hint="end")
def ends(scene):
    receiving, messages = receiver(scene), words(scene, 40)
    sending = sender(scene, receiving.address)
    give(sending, messages)
    finishes(scene, sending)
    arrive(receiving, messages, "early")


losses = LAB.stage("丢失", 1, serves=False)


@losses.scenario("去的路上丢三成", hint="lost")
def loses_messages(scene):
    whole(scene, 20, there={"丢失": 0.3}, back={})


@losses.scenario("回的路上丢四成：确认丢了", hint="repeated")
def loses_answers(scene):
    whole(scene, 12, there={}, back={"丢失": 0.4})


@losses.scenario("先结束输入，再看到了没有", hint="early")
def ends_late(scene):
    receiving, messages = receiver(scene), words(scene, 12)
    sending = sender(scene, road(scene, receiving.address, both={"丢失": 0.2}))
    give(sending, messages)
    finishes(scene, sending)
    arrive(receiving, messages, "early")


disorder = LAB.stage("重复和乱序", 2, serves=False)


@disorder.scenario("一半的数据报来两遍", hint="repeated")
def doubles(scene):
    whole(scene, 20, both={"重复": 0.5})


@disorder.scenario("四成的数据报晚到", hint="order")
def reorders(scene):
    whole(scene, 12, both={"扣下": 0.4})


@disorder.scenario("书里的中继：丢失、重复、扣下", hint="lost")
def the_book(scene):
    whole(scene, 10)


speed = LAB.stage("快，又不急", 2, serves=False)


@speed.scenario("没有确认的一条：不要发个不停", hint="flood")
def in_no_hurry(scene):
    receiving = receiver(scene)
    sending = sender(scene, road(scene, receiving.address, both={"丢失": 1.0}))
    give(sending, words(scene, 1))
    begun = time.monotonic()
    scene.soon(lambda: sent(scene), "它发了", "一个数据报也没有发", "lost")
    time.sleep(0.8)
    count, took = sent(scene), time.monotonic() - begun
    if count > FLOOD * took:
        raise Failed("0.05 到 0.2 秒重发一次", f"{took:.1f} 秒里发了 {count} 遍")
    scene.soon(lambda: sent(scene) > 1, "0.05 到 0.2 秒重发一次", "只发了一遍", "lost")


def sent(scene):
    """Datagrams that have come to the relay, where nothing goes back."""
    lines = scene.relay.output.text.rpartition("\n")[0].splitlines()
    return int(lines[-1].split()[0]) if lines and lines[-1][:1].isdecimal() else 0


def seconds_for(scene, messages, most=None, command=None):
    """(messages that came, seconds) over the road with a delay; most: seconds after which it looks no more."""
    receiving = receiver(scene, command, told=command is None)
    sending = sender(scene, road(scene, receiving.address, DELAY, both={"丢失": 0.1}), command, told=command is None)
    arrive_first = words(scene, 1)  # both have started
    give(sending, arrive_first)
    arrive(receiving, arrive_first)
    begun = time.monotonic()
    give(sending, messages)
    came = 0
    while came < len(messages) and (most is None or time.monotonic() - begun < most):
        arrive(receiving, messages[came:came + 1])
        came += 1
    return came, time.monotonic() - begun


def reference(scene):
    """Seconds that one message takes if each waits for its acknowledgement, on this machine now."""
    scene.note("先量停等协议")
    took = seconds_for(scene, words(scene, REFERENCE_COUNT), command=[sys.executable, "-I", str(REFERENCE)])[1]
    return took / REFERENCE_COUNT


@speed.scenario(f"{COUNT} 条，一个来回 {2000 * DELAY:.0f} 毫秒，丢一成：比停等快", hint="slow")
def faster(scene):
    after = reference(scene)
    for _ in range(ATTEMPTS):
        before = after
        came, took = seconds_for(scene, words(scene, COUNT), COUNT * before / FAST)
        if came == COUNT:
            return
        after = reference(scene)
        each = max(before, after)
        if came * each >= FAST * took:
            return
    raise Failed(f"至少是停等的 {FAST} 倍：停等每秒 {1 / each:.0f} 条",
                 f"{took:.1f} 秒里到了 {came} 条，每秒 {came / took:.0f} 条，是它的 {came * each / took:.1f} 倍")


@speed.scenario("没有消息的时候，两边都几乎不用处理器", hint="spin")
def rests(scene):
    receiving, messages = receiver(scene), words(scene, 3)
    sending = sender(scene, receiving.address)
    give(sending, messages)
    arrive(receiving, messages)
    for scene.program in (sending.server, receiving.server):
        scene.must_rest()


ending = LAB.stage("换人，没有人，不相干的人", 3, serves=False)


@ending.scenario("几个人先后来发，路上还有前一个人的", hint="session")
def successors(scene):
    receiving = receiver(scene)
    address = road(scene, receiving.address, there={"重复": 0.3, "扣下": 0.3}, back={"丢失": 0.1})
    for _ in range(3):
        sending, messages = sender(scene, address), words(scene, 6)
        give(sending, messages)
        arrive(receiving, messages, "session")
        finishes(scene, sending, "session")
    quiet(receiving, "session")


@ending.scenario("不相干的数据报", hint="garbage")
def garbage(scene):
    receiving = receiver(scene)
    with socket.socket(type=socket.SOCK_DGRAM) as stranger:
        for data in (b"", b"\n", scene.draw.randbytes(3), scene.draw.sentence().encode(), scene.draw.randbytes(40),
                     scene.draw.randbytes(9000)):
            stranger.sendto(data, receiving.address)
            scene.note("陌生人发给收的一方", data)
        quiet(receiving, "garbage")
        messages = words(scene, 3)
        sending = sender(scene, receiving.address)
        give(sending, messages)
        arrive(receiving, messages, "garbage")
        finishes(scene, sending)


@ending.scenario("没有人收", hint="give-up")
def nobody(scene):
    receiving = receiver(scene)
    sending = sender(scene, road(scene, receiving.address, both={"丢失": 1.0}))
    give(sending, words(scene, 2))
    begun = time.monotonic()
    limit = GIVE_UP + 3 * scene.pace.patience
    while sending.server.status is None and time.monotonic() - begun < limit:
        sending.server.wait_for_end(0.2)
    if sending.server.status in (None, 0):
        raise Failed(f"{GIVE_UP} 秒左右以后结束，退出状态不是 0",
                     f"等了 {time.monotonic() - begun:.1f} 秒，{sending.server.end()}")


@ending.scenario("SIGTERM：两边都结束", hint="stop")
def both_end(scene):
    receiving = receiver(scene)
    sending, messages = sender(scene, receiving.address), words(scene, 2)
    give(sending, messages)
    arrive(receiving, messages)
    for scene.program in (sending.server, receiving.server):
        scene.must_end(signal.SIGTERM)
