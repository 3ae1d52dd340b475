"""The specification of lab chat: a chat room over TCP, one line of UTF-8 each (the five demands of the notes).

The first line of a client is its name: OK, or ERR and a reason, after which it may try another. Then each line is said
to all others. Who comes, who goes and what the administrator types on standard input is told to all others.
"""

import signal

from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab
from iolab.grade.transcript import shown

MANY = 12  # members at a time
LONG = 60_000  # bytes of a line
UNREAD = 80 << 20  # bytes for one who does not read

LAB = Lab("chat", "聊天室", {
    **COMMON,
    "ok": Hint("姓名可以用就回答一行 OK，不可以就回答 ERR 和原因，然后等他另起一个", "process/chatroom", ""),
    "taken": Hint("姓名不能重复", "process/chatroom", "在线的人的姓名放在一个字典里，先查再放。"),
    "release": Hint("人走了，姓名要还回来", "process/chatroom", "每一条离开的路（FIN、RST）都要经过同一个收尾。"),
    "reserved": Hint("“管理员”不能当姓名，姓名里也不能有冒号、空格和控制字符：别人会被冒充", "process/chatroom",
                     "只许 str.isalnum() 的字，1 到 12 个。"),
    "joined": Hint("有人进入，其他人收到“某某 进入了聊天室”，他自己不收", "process/chatroom", ""),
    "says": Hint("一个人发消息，其他人收到“某某：内容”", "process/chatroom", "冒号是全角的。"),
    "self": Hint("自己的话又发给了自己", "process/chatroom", "转发时跳过发送的人。"),
    "nameless": Hint("还没有姓名的人不是成员：听不到，也没有人听到他",
                     "process/chatroom", "起好姓名，才放进成员名单。"),
    "half": Hint("一行分几次来，或者几行一起来：按行凑齐再转发",
                 "network/tcp-framing", "每个人一个缓冲区，在字节里找换行。"),
    "order": Hint("大家听到的次序不一样：两个线程各自在转发",
                  "thread/sync", "一条消息发给所有人的过程要在一把锁里，或者只有一个线程转发。"),
    "left": Hint("有人离开（关闭、RST），其他人收到“某某 退出了聊天室”，只收一次", "process/chatroom",
                 "recv 返回空、recv 或 send 抛出错误，都是离开；第一次之后他已不在名单里。"),
    "admin": Hint("管理员在服务器的标准输入里输入一行，所有人收到“管理员消息：……”", "process/chatroom",
                  "标准输入和套接字要同时等：另一个线程，或者放进 select。"),
    "buffered-input": Hint("管理员一次粘贴了两行，第二行停在 sys.stdin 的缓冲区里：select 看不到它",
                           "files/buffer-offset",
                           "select 只知道内核里的；用 os.read(0, …) 自己分行，或者用一个线程读。"),
    "keyboard": Hint("标准输入结束了（管理员按了 Ctrl-D，或者根本没有键盘），聊天室照常", "process/chatroom",
                     "读到空就不再等它；不然 select 每次都说它可读。"),
    "control": Hint("控制字符原样转发给了别人：它能清掉别人的屏幕，\\r 能冒充别人", "process/chatroom",
                    "str.isprintable() 为假的字符去掉、换掉，或者回答 ERR。"),
    "invalid": Hint("不是 UTF-8 的一行，不能影响别人", "process/chatroom", "接住 UnicodeDecodeError。"),
    "stall": Hint("一个不收的成员，让大家都收不到：你的 send 阻塞在他身上", "concurrency/multiplexing",
                  "非阻塞，每人一个待发的缓冲区，太长就请他离开。"),
    "hoards": Hint("为不收的成员存着没有上限的消息", "concurrency/multiplexing", "待发的超过上限，就断开他。"),
    "stop": Hint("收到 SIGTERM 要结束", "concurrency/network-models", "线程设成 daemon。"),
})


def line(text):
    return text.encode() + b"\n"


def name(scene):
    return scene.draw.chinese(2, 4).translate({ord("𝄞"): "天", ord("😀"): "地"}) + scene.draw.word(2, 4)


def enter(scene, *present, called=None):
    """A new member, whom all present ones have heard coming."""
    one, called = scene.client(), called or name(scene)
    one.called = called
    one.send(line(called))
    one.expect(line("OK"), "ok")
    for other in present:
        other.expect(line(f"{called} 进入了聊天室"), "joined")
    return one


def say(one, *others, text, hint="says"):
    one.send(line(text))
    for other in others:
        other.expect(line(f"{one.called}：{text}"), hint)


def refused(one, hint):
    got = one.line("ERR 和原因")
    if not got.startswith(b"ERR"):
        raise Failed("ERR 和原因", shown(got), hint)


def quiet(*members, hint):
    """Nobody has been told anything."""
    for one in members:
        one.expect_silence("他什么也没有收到", hint, share=0.03)


# Each scenario has a room of its own: who leaves with one scenario would be told to the next.
names = LAB.stage("姓名", 1)


@names.scenario("起一个姓名", hint="ok", fresh=True)
def a_name(scene):
    enter(scene)


@names.scenario("别人用着的姓名，换一个就可以", hint="taken", fresh=True)
def a_taken_name(scene):
    first = enter(scene)
    second = scene.client()
    second.send(line(first.called))
    refused(second, "taken")
    second.send(line(other := name(scene)))
    second.expect(line("OK"), "ok")
    first.expect(line(f"{other} 进入了聊天室"), "joined")


@names.scenario("走了的人，姓名还回来", hint="release", fresh=True)
def a_free_name(scene):
    stays = enter(scene)
    for leave in ("close", "reset"):
        goes = enter(scene, stays)
        getattr(goes, leave)()
        stays.expect(line(f"{goes.called} 退出了聊天室"), "left")
        again = enter(scene, stays, called=goes.called)
        again.close()
        stays.expect(line(f"{goes.called} 退出了聊天室"), "left")


@names.scenario("不能用的姓名", hint="reserved", fresh=True)
def bad_names(scene):
    one, good = scene.client(), name(scene)
    for bad in ("管理员", "管理员消息", f"{good}：", f"{good} {good}", f"{good}\x1b[2J", "", "长" * 200):
        one.send(line(bad))
        refused(one, "reserved")
    one.send(line(good))
    one.expect(line("OK"), "ok")


talk = LAB.stage("说话", 1)


@talk.scenario("一个人说，其他人听见，自己不听见", hint="says", fresh=True)
def says(scene):
    one = enter(scene)
    two = enter(scene, one)
    three = enter(scene, one, two)
    for speaker, *others in ((one, two, three), (three, one, two)):
        for _ in range(2):
            say(speaker, *others, text=scene.draw.sentence())
    quiet(one, two, three, hint="self")


@talk.scenario("一行分三次来，三行一起来", hint="half", fresh=True)
def pieces(scene):
    one = enter(scene)
    two = enter(scene, one)
    text = scene.draw.chinese(4, 8)
    one.send_in_pieces(scene.draw.cut(line(text), 3))
    two.expect(line(f"{one.called}：{text}"))
    texts = [scene.draw.sentence() for _ in range(3)]
    one.send(b"".join(map(line, texts)))
    two.expect(b"".join(line(f"{one.called}：{text}") for text in texts))


@talk.scenario("没有姓名的人", hint="nameless", fresh=True)
def without_a_name(scene):
    one, stranger = enter(scene), scene.client()
    two = enter(scene, one)
    say(one, two, text=scene.draw.sentence())
    quiet(stranger, hint="nameless")
    stranger.close()
    quiet(one, two, hint="nameless")


leaving = LAB.stage("离开", 2)


@leaving.scenario("关闭、半关闭、RST：其他人都知道，只知道一次", hint="left", fresh=True)
def all_ways_out(scene):
    stays = [enter(scene)]
    stays.append(enter(scene, *stays))
    for leave in ("close", "half_close", "reset"):
        goes = enter(scene, *stays)
        getattr(goes, leave)()
        for one in stays:
            one.expect(line(f"{goes.called} 退出了聊天室"), "left")
        say(stays[0], stays[1], text=scene.draw.sentence())
    quiet(*stays, hint="left")


@leaving.scenario(f"{MANY} 个人来了又走", hint="leak", fresh=True)
def many_leave(scene):
    stays = enter(scene)
    before = scene.program.figures()
    for number in range(MANY):
        goes = enter(scene, stays)
        (goes.reset if number % 2 else goes.close)()
        stays.expect(line(f"{goes.called} 退出了聊天室"), "left")
    scene.must_not_leak(before)


admin = LAB.stage("管理员", 2)


@admin.scenario("管理员输入一行", hint="admin", fresh=True)
def announces(scene):
    one = enter(scene)
    two, text = enter(scene, one), scene.draw.sentence()
    scene.note("管理员输入", line(text))
    scene.program.type(line(text))
    for member in (one, two):
        member.expect(line(f"管理员消息：{text}"), "admin")


@admin.scenario("管理员一次粘贴两行", hint="buffered-input", fresh=True)
def two_announcements(scene):
    one, texts = enter(scene), [scene.draw.sentence() for _ in range(2)]
    scene.note("管理员粘贴", b"".join(map(line, texts)))
    scene.program.type(b"".join(map(line, texts)))
    one.expect(b"".join(line(f"管理员消息：{text}") for text in texts))


@admin.scenario("管理员走了（标准输入结束），大家接着聊", hint="keyboard", fresh=True)
def no_keyboard(scene):
    one = enter(scene)
    two = enter(scene, one)
    scene.note("关闭服务器的标准输入")
    scene.program.keyboard.close()
    say(one, two, text=scene.draw.sentence(), hint="keyboard")
    enter(scene, one, two)
    scene.must_rest("keyboard")


hostile = LAB.stage("不客气的成员", 3)


@hostile.scenario(f"{MANY} 个人同时说话：人人听到，次序一样", hint="order", fresh=True)
def the_same_order(scene):
    members = []
    for _ in range(MANY):
        members.append(enter(scene, *members))
    said = {one: [line(f"{one.called}：{number} {scene.draw.word()}") for number in range(8)] for one in members[1:]}
    for number in range(8):
        for one in members[1:]:
            one.send(said[one][number].partition("：".encode())[2])
    total = sum(map(len, said.values()))
    heard = {one: [one.line("一句话") for _ in range(total - len(said.get(one, ())))] for one in members}
    everything = heard[members[0]]
    if sorted(everything) != sorted(text for texts in said.values() for text in texts):
        raise Failed("每句话一次", f"{len(everything)} 句里有缺的或者重复的", "says")
    for one in members[1:]:
        theirs = [text for text in everything if text not in said[one]]
        if heard[one] != theirs:
            at = next(at for at, pair in enumerate(zip(heard[one], theirs, strict=True)) if pair[0] != pair[1])
            raise Failed(f"{one.name}听到的次序和{members[0].name}一样", f"第 {at + 1} 句不同："
                         f"{shown(heard[one][at])}，{members[0].name}先听到 {shown(theirs[at])}")


@hostile.scenario("控制字符", hint="control", fresh=True)
def control_characters(scene):
    one = enter(scene)
    two, word = enter(scene, one), scene.draw.word()
    one.send(line(f"\x1b[2J\r管理员消息：{word}\x07"))
    say_after = scene.draw.sentence()
    one.send(line(say_after))
    got, wanted = two.line("下一句"), line(f"{one.called}：{say_after}")
    if got != wanted:
        if any(byte < 32 for byte in got[:-1]) or not got.startswith(line(one.called)[:-1]):
            raise Failed("没有控制字符的一行", shown(got))
        two.expect(wanted)


@hostile.scenario("不是 UTF-8 的一行", hint="invalid", fresh=True)
def not_text(scene):
    one = enter(scene)
    two = enter(scene, one)
    rude = enter(scene, one, two)
    rude.send(b"\xff\xfe" + scene.draw.word().encode() + b"\n")
    rude.half_close()
    for member in (one, two):
        got = member.line("他退出了聊天室")
        if got != line(f"{rude.called} 退出了聊天室"):
            member.expect(line(f"{rude.called} 退出了聊天室"), "left")
    say(one, two, text=scene.draw.sentence())


@hostile.scenario("一个成员不收：别人照样聊，内存不跟着涨", hint="stall", fresh=True)
def one_does_not_read(scene):
    one = enter(scene)
    two = enter(scene, one)
    before = scene.program.figures().memory
    deaf = scene.client(small=True)
    deaf.send(line(deaf_name := name(scene)))
    for member in (one, two):
        member.expect(line(f"{deaf_name} 进入了聊天室"), "joined")
    said = line("x" * LONG)
    heard, left = line(f"{one.called}：{'x' * LONG}"), line(f"{deaf_name} 退出了聊天室")
    scene.note(f"甲说了 {UNREAD >> 20} MiB，乙都听见，丙不收")
    for _ in range(UNREAD // LONG // 8):
        one._send(said * 8)
        got = two.lines(8, "甲的每一句话", limit=2 * LONG)
        if left in got:  # the deaf one has been shown out: right as well
            got.remove(left)
            got += two.lines(1, "甲的每一句话", limit=2 * LONG)
        if got != [heard] * 8:
            raise Failed("甲的每一句话，一句一次", next(shown(text) for text in got if text != heard))
    grown = scene.program.figures().memory - before
    if grown > UNREAD * 5 // 8:  # what a collector of garbage has not looked at is not hoarded
        raise Failed("待发的有上限：超过就请他离开", f"说了 {UNREAD >> 20} MiB，内存涨了 {grown >> 20} MiB", "hoards")


@hostile.scenario("SIGTERM", hint="stop", fresh=True)
def ends_on_sigterm(scene):
    one = enter(scene)
    scene.must_end(signal.SIGTERM)
    one.note("等着")
