"""The specification of lab c10k: an echo server for ten thousand clients, and its own bar in the arena."""

import resource
import time
from contextlib import ExitStack

from iolab.arena import CONTENDERS, all_descriptors, meet, visit
from iolab.grade.hints import COMMON
from iolab.grade.lab import Bars, Failed, Hint, Lab

MANY = 60  # clients at a time
ACTIVE = 100  # clients that speak among many that do not
LEAVERS = 200
BEYOND = 1200  # connections: more than select can number (FD_SETSIZE is 1024)
WANTED = 10_000  # connections
OWN = 100  # descriptors that load and server need for themselves
FEW = 60  # connections that the server is allowed in one scenario
BATCH = 100  # connections that come at once: what a server should have room for in its backlog
LIMIT = 20.0  # seconds after which no more connections are tried
SECONDS = 0.4  # of load
BUDGET = 5.0  # seconds after which no other contender is measured
HEAVY, SLOW = 3, 10  # times the book's threads in memory, times slower than the slowest of the book's on this machine
BESIDE = ("epoll", "asyncio")
OWN_NAME = "你的程序"

LAB = Lab("c10k", "一万个客户端", {
    **COMMON,
    "excess": Hint("每个连接一个进程：一万个连接就是一万个进程", "concurrency/network-models",
                   "一个进程照看许多连接：epoll、selectors、asyncio。"),
    "echo": Hint("发什么，回什么；几十个人同时说，谁也不等谁", "concurrency/network-models",
                 "一个循环照看所有人（select、epoll、asyncio），或者一个客户端一个线程。"),
    "select": Hint("停在一千个左右：select 只认识编号小于 1024 的描述符", "concurrency/multiplexing",
                   "FD_SETSIZE 是编译进去的，ulimit -n 改不了。换成 poll、epoll 或 selectors。"),
    "descriptors": Hint("描述符用完了（EMFILE）：不能死，不能空转，先来的照常",
                        "concurrency/multiplexing",
                        "accept 抛出 OSError 时，过一会儿再看监听的套接字；或者留一个备用的描述符，把客人请走。"),
    "room": Hint("连接还没有到一万个，你就不接受了", "concurrency/arena",
                 f"描述符、线程、内存，哪一样先到了头？listen 的队列（backlog）至少 {BATCH}。"),
    "memory": Hint("每个连接占的内存太多", "concurrency/arena",
                   "缓冲区用的时候才要，一个线程里的连接可以共用一个；空闲的连接什么也不该占。"),
    "spin": Hint("一万个连接都不说话，你还在转", "concurrency/io-kinds",
                 "等的时候要睡着：没有超时的 poll 或 epoll_wait，而不是一遍遍地看每一个。"),
    "leak": Hint("他们一起走了，描述符没有还回来", "concurrency/multiplexing",
                 "RST 断开的连接，recv 抛出 ConnectionResetError：也要 close。"),
    "slow": Hint("旁边有一万个空闲的连接，说话的人也跟着慢", "concurrency/multiplexing",
                 "一次问答的代价不能和连接的总数成正比：不要遍历所有连接，epoll 只说出有事的那几个。"),
})


def start(scene):
    """The program, with as many descriptors as this machine allows."""
    with all_descriptors():
        scene.program = scene.start()
    return scene.program


def wanted(scene, most=WANTED):
    """As many connections as are wanted at most, or as this machine has descriptors for, which is said."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard == resource.RLIM_INFINITY or hard >= most + OWN:
        return most
    scene.remarks.append(f"这台机器只允许 {hard} 个描述符（ulimit -Hn），所以只来 {hard - OWN} 个客户端")
    return hard - OWN


def visited(scene, active, idle, meanwhile=None):
    """The arena's Row of the program; Failed if it did not take all connections."""
    program = scene.program
    scene.note(f"开 {active + idle} 个连接，每批 {BATCH} 个，每个发一个字节，等它的回声；其中 {active} 个一直在问答")
    row = visit(OWN_NAME, program.pid, program.address, active, idle, SECONDS, BATCH, LIMIT, meanwhile)
    if row.held < active + idle or program.excess:
        hint = "excess" if program.excess else "select" if 950 < row.held < 1025 else "room"
        program.wait_for_end(0.1 * scene.pace.patience)  # a program that is ending closes first
        raise Failed(f"{active + idle} 个连接，个个得到回声",
                     f"得到的有 {row.held} 个。{row.problem}；{program.end()}", hint)
    if row.problem or not row.rate:
        raise Failed(f"{active} 个客户端一直在问答", f"{row.problem}；{program.words()}", "echo")
    return row


basics = LAB.stage("几十个", 1)


@basics.scenario(f"{MANY} 个客户端同时在线，各说各的", hint="echo")
def many_at_a_time(scene):
    clients = [scene.client() for _ in range(MANY)]
    said = [scene.draw.randbytes(scene.draw.randint(1, 5000)) for _ in clients]
    for _ in range(2):
        scene.draw.shuffle(clients)
        for one, data in zip(clients, said, strict=True):
            one.send(data)
        for one, data in zip(clients, said, strict=True):
            one.expect(data)


@basics.scenario(f"{LEAVERS} 个来了又走，有的用 RST", hint="crash", fresh=True)
def leavers(scene):
    scene.client().ask(b"?")
    before = scene.program.figures()
    for number in range(LEAVERS):
        one = scene.client(f"第 {number + 1} 个")
        one.ask(b"?")
        (one.reset if number % 3 == 0 else one.close)()
    scene.must_not_leak(before)
    scene.must_rest()


limits = LAB.stage("一千多个", 2, serves=False)


@limits.scenario(f"{BEYOND} 个在线", hint="select")
def beyond_select(scene):
    count = wanted(scene, BEYOND)
    start(scene)
    visited(scene, 20, count - 20)


@limits.scenario("描述符用完了", hint="descriptors")
def no_descriptors(scene):
    program = start(scene)
    scene.client().ask(b"?")
    most = program.figures().descriptors + FEW
    scene.note(f"限制它最多 {most} 个描述符（RLIMIT_NOFILE），再来 {2 * FEW} 个客户端")
    for one in program.family():
        resource.prlimit(one.pid, resource.RLIMIT_NOFILE, (most, most))
    with ExitStack() as stack:
        served = []
        for number in range(2 * FEW):
            one = scene.client()
            stack.callback(one.socket.close)
            if number < FEW // 2:  # there is room for these
                one.ask(b"?")
                served.append(one)
                continue
            one.socket.settimeout(0.3 * scene.pace.patience)
            try:
                one.socket.sendall(b"?")
                if one.socket.recv(1) != b"?":
                    break
            except OSError:
                break
            served.append(one)
        for one in served[::10]:
            one.ask(scene.draw.word().encode(), hint="descriptors")
        scene.must_rest("descriptors")
    scene.note("他们都走了")

    def served_again():
        try:
            one = scene.client()
            one.socket.sendall(b"?")
            return one.socket.recv(1) == b"?"
        except OSError:
            return False

    scene.soon(served_again, "他们走了以后，新来的得到回声", program.end)


crowd = LAB.stage("一万个", 3, serves=False)


@crowd.scenario(f"{WANTED} 个在线，{ACTIVE} 个说话，然后一起走了", hint="room")
def ten_thousand(scene):
    count, program = wanted(scene), start(scene)
    scene.client().ask(b"?")
    before = program.figures()
    row = visited(scene, ACTIVE, count - ACTIVE, meanwhile=lambda: scene.must_rest("spin"))
    threads = meet(CONTENDERS["thread"], 1, 100, 0.05, BATCH).bytes_per_connection
    each = row.bytes_per_connection
    scene.remarks.append(f"每个连接占 {each / 1024:.1f} KiB（书里的多线程：{threads / 1024:.1f} KiB）")
    if each > HEAVY * threads:
        raise Failed(f"不超过书里的多线程的 {HEAVY} 倍（{HEAVY * threads / 1024:.0f} KiB）",
                     f"每个连接 {each / 1024:.0f} KiB", "memory")
    scene.must_not_leak(before, "leak")
    scene.client().ask(scene.draw.word().encode())


arena = LAB.stage("竞技场", 3, serves=False)


@arena.scenario(f"同样的负载，和书里的 {'、'.join(BESIDE)} 比", hint="slow")
def beside_the_book(scene):
    count, best = wanted(scene), {}
    for _ in range(2):  # who was unlucky with the machine may try again
        for name, row in meetings(scene, count):
            if row.rate and (name not in best or row.rate > best[name].rate):
                best[name] = row
        mine, *others = best.values()
        slowest = min((row.rate for row in others), default=0)
        if mine.rate >= slowest / SLOW:
            break
    scene.remarks.extend(f"没有量到 {name}：机器正忙" for name in BESIDE if name not in best)
    scene.bars = Bars(f"{count - ACTIVE} 个空闲，{ACTIVE} 个在说话，每秒多少千次问答", "千次",
                      tuple((name, row.rate / 1000) for name, row in best.items()))
    spent = "，".join(f"{name} {1e6 * row.server_cpu / row.rate:.0f} 微秒" for name, row in best.items())
    scene.remarks.append(f"一次问答的处理器时间（和机器忙不忙几乎无关）：{spent}")
    if mine.rate < slowest / SLOW:
        raise Failed(f"不比最慢的慢 {SLOW} 倍：每秒 {slowest / 1000:.1f} 千次", f"{mine.rate / 1000:.1f} 千次")


def meetings(scene, count):
    """(name, Row) of the program, and of those of the book for which there is time."""
    begun = time.monotonic()
    start(scene)
    yield OWN_NAME, visited(scene, ACTIVE, count - ACTIVE)
    scene.program.stop()
    scene.program = None
    for at, name in enumerate(BESIDE):
        if at == 0 or time.monotonic() - begun < BUDGET:
            yield name, meet(CONTENDERS[name], ACTIVE, count - ACTIVE, SECONDS, BATCH)
