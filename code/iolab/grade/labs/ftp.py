"""The specification of lab ftp: a file server and its client (the five demands of the notes), in the book's protocol.

Server, `--folder FOLDER`, any number of commands on a connection, each one line of UTF-8:

    LIST             OK COUNT, then COUNT lines SIZE NAME       GET NAME    OK SIZE, then so many bytes
    PUT SIZE NAME    OK, then the client sends so many bytes, then OK once more
                     whatever cannot be: ERR and a reason; the connection goes on

Client, `--connect HOST:PORT --folder FOLDER`: the commands list, get NAME, put NAME, quit on standard input.
"""

import signal
import socket

from iolab.grade.client import Peer
from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab
from iolab.grade.transcript import difference, shown

CROWD = 20  # clients at a time
LEAVERS = 24
LARGE = 80 << 20  # bytes of a file: more than the kernel's buffers on loopback hold, and more than a server should
ENDLESS = 16 << 20  # bytes of a command that never ends

LAB = Lab("ftp", "文件服务器和它的客户端", {
    **COMMON,
    "answer": Hint("每个命令先答一行：OK …，或者 ERR 原因", "concurrency/ftp",
                   "一行以 \\n 结束；看不懂的命令也要答 ERR。"),
    "list": Hint("LIST：OK 个数，再每个文件一行“长度 名字”", "concurrency/ftp",
                 "长度是字节数（st_size）；名字里可以有空格和汉字，放在最后。只列普通文件。"),
    "bytes": Hint("文件是字节：以 \"rb\"、\"wb\" 打开，不要 decode，也不要靠结束标记", "concurrency/ftp",
                  "长度已经说了有多少字节：收够为止，一个不多，一个不少。"),
    "again": Hint("一个连接里有很多条命令：一条做完，等下一条", "concurrency/ftp", "读命令的代码放在循环里。"),
    "half": Hint("命令和文件都会分几次来，也会粘在一起：上传的最后一个字节后面，可能紧跟着下一条命令",
                 "network/tcp-framing", "一个连接一个缓冲区：先从里面取，不够再 recv；读多了的留着。"),
    "missing": Hint("没有这个文件：答 ERR，连接照常", "concurrency/ftp", "接住 OSError，把原因告诉对方。"),
    "taken": Hint("已经有同名的文件：答 ERR，原来的一个字节也不能变", "concurrency/ftp",
                  "最后取名的那一步要能失败：os.link 不覆盖，os.rename 和 open(…, \"wb\") 会。"),
    "one-at-a-time": Hint("一个客户端占住了服务器：别人在排队", "concurrency/network-models",
                          "一个客户端一个线程或进程；用事件循环，就不能在里面等任何一个人。"),
    "mixed": Hint("两个人同时上传同一个名字，内容混在了一起", "concurrency/ftp",
                  "各写各的临时文件，写完了再取名；后来的那个失败。"),
    "traversal": Hint("名字走出了文件夹", "concurrency/ftp",
                      "只能是一个普通的文件名：没有 / 和 \\0，不是 . 和 ..；打开时不跟随符号链接（O_NOFOLLOW）。"),
    "number": Hint("长度是对方写来的：不是十进制数的，负的，答 ERR", "concurrency/ftp",
                   "int() 还认得 +5、1_000 和别的文字里的数字：先 isascii 和 isdecimal。"),
    "limit": Hint("一行命令也要有上限：超过就答 ERR 或者断开", "concurrency/ftp", "文件名最多 255 字节，1 KiB 足够。"),
    "whole-file": Hint("把整个文件放进了内存", "files/buffer-offset",
                       "一块一块地读，一块一块地发；对方不收，就先不读。"),
    "visible": Hint("没有传完的文件，别人已经看见了", "concurrency/ftp",
                    "写到没有名字的文件（O_TMPFILE）或者看不见的临时文件里，收够了再取名。"),
    "leftover": Hint("传到一半的人走了，他那半个文件还在", "concurrency/ftp",
                     "收不够就扔掉：try/finally 里删临时文件；O_TMPFILE 的不用删。"),
    "killed": Hint("kill -9 以后，半个文件留了下来", "concurrency/ftp",
                   "kill -9 时没有一行代码会运行：只有从来没有取过名字的才不会被看见。"),
    "stop": Hint("收到 SIGTERM 要结束", "concurrency/network-models", "线程设成 daemon。"),
    "prompt": Hint("客户端一启动就该提示有哪些命令：list、get、put、quit", "concurrency/ftp",
                   "print(..., flush=True)：输出不是终端时，提示会停在缓冲区里。"),
    "client-list": Hint("客户端的 list 要把每个文件的名字印出来", "concurrency/ftp", ""),
    "client-get": Hint("get 名字：文件要出现在客户端的文件夹里，一个字节不差", "concurrency/ftp", ""),
    "client-put": Hint("put 名字：客户端文件夹里的文件，要出现在文件库里", "concurrency/ftp", ""),
    "client-error": Hint("做不到的命令，说一句话，接着等下一条", "concurrency/ftp",
                         "ERR、没有的本地文件、断开的连接，都是一句话；不该结束客户端，也不该留下空文件。"),
    "client-end": Hint("quit 或者输入结束，客户端就结束，退出状态 0", "concurrency/ftp",
                       "input() 在输入结束时抛出 EOFError。"),
    "client-half": Hint("下载到一半断了，客户端留下了半个文件", "concurrency/ftp",
                        "和服务器一样：先写到别处，收够了再取名。"),
})

FOLDER = ("--folder", "{folder}")


def heard(one, expected, hint=None):
    """(OK or ERR, what follows) of the next answer."""
    line = one.line(expected)
    verb, _, rest = line.decode(errors="replace").rstrip("\n").partition(" ")
    if verb not in ("OK", "ERR"):
        raise Failed(expected, shown(line), hint or "answer")
    return verb, rest


def ok(one, expected="OK", hint=None):
    try:
        verb, rest = heard(one, expected)
    except Failed as failure:
        failure.hint = failure.hint or hint
        raise
    if verb != "OK":
        raise Failed(expected, f"ERR {shown(rest)}", hint)
    return rest


def refused(one, hint, expected="ERR 和原因"):
    try:
        verb, rest = heard(one, expected)
    except Failed as failure:
        failure.hint = failure.hint or hint
        raise
    if verb != "ERR":
        raise Failed(expected, f"OK {shown(rest) if rest else ''}", hint)


def command(one, *words):
    one.send(" ".join(map(str, words)).encode() + b"\n")


def number(text, hint):
    if not (text.isascii() and text.isdecimal()):
        raise Failed("OK 和一个数", f"OK {shown(text)}", hint)
    return int(text)


def listed(one, hint):
    """name -> size of what LIST says."""
    command(one, "LIST")
    found = {}
    for _ in range(number(ok(one, "OK 个数", hint), "list")):
        size, _, name = one.line("长度 名字").decode(errors="replace").rstrip("\n").partition(" ")
        found[name] = number(size, "list")
    return found


def must_list(one, files, hint="list"):
    got, wanted = listed(one, hint), {name: len(data) for name, data in files.items()}
    if got != wanted:
        odd = next(iter(got.items() ^ wanted.items()))
        raise Failed(f"{len(wanted)} 个文件" if wanted else "没有文件",
                     f"{len(got)} 个，不同的是 {shown(f'{odd[1]} {odd[0]}')}", hint)


def must_get(one, name, data, hint="bytes"):
    command(one, "GET", name)
    size = number(ok(one, f"OK {len(data)}"), "bytes")
    if size != len(data):
        raise Failed(f"OK {len(data)}", f"OK {size}", "bytes")
    got = one.receive(size, f"{size} 字节的文件")
    if got != data:
        raise Failed(f"{size} 字节的文件", difference(got, data), hint)


def put(one, name, data, hint="answer"):
    command(one, "PUT", len(data), name)
    ok(one, "OK，可以发了", hint)
    if data:
        one.send(data)
    ok(one, "第二个 OK：收全了", hint)


def must_hold(scene, name, data, hint="bytes"):
    """The file is in the folder, whole."""
    try:
        got = (scene.folder / name).read_bytes()
    except OSError as error:
        raise Failed(f"文件夹里有 {name}", error.strerror, hint) from None
    if got != data:
        raise Failed(f"{name} 有 {len(data)} 字节，和上传的一样", f"{len(got)} 字节，{difference(got, data)}", hint)


def a_name(scene):
    return f"{scene.draw.chinese()} {scene.draw.word()}.txt"


def a_file(scene, name=None, data=None):
    """A drawn file in the folder: its name, and what is in it."""
    name, data = name or a_name(scene), scene.draw.sentence().encode() if data is None else data
    (scene.folder / name).write_bytes(data)
    return name, data


def emptied(scene):
    """The folder, with nothing in it: a stage's scenarios share one. Before anybody has spoken to a new program,
    so that none of its own files is taken from it.
    """
    for path in files_in(scene.folder):
        path.unlink(missing_ok=True)
    return scene


def files_in(folder):
    return [path for path in folder.rglob("*") if not path.is_dir()]


def names_in(folder):
    return "、".join(path.name for path in files_in(folder)) or "没有文件"


def half_put(one, name, data, left):
    """Begin to put a file, and send all but `left` bytes of it, which the server has read."""
    command(one, "PUT", len(data), name)
    ok(one, "OK，可以发了")
    one.send(data[:len(data) - left], f"发 {len(data)} 字节里的前")
    one.wait_until_read()


basics = LAB.stage("查看和下载", 1, *FOLDER)


@basics.scenario("空的文件库，有几个文件的文件库", hint="list", fresh=True)
def lists(scene):
    must_list(one := emptied(scene).client(), {})
    one.close()
    must_list(scene.client(), dict([a_file(scene), a_file(scene), a_file(scene, data=b"")]))


@basics.scenario("下载：任意的字节，也可以是空的", hint="bytes", fresh=True)
def gets(scene):
    emptied(scene)
    for data in (None, bytes(range(256)) + b"##" + scene.draw.randbytes(50_000), b""):
        must_get(one := scene.client(), *a_file(scene, data=data))
        one.close()


@basics.scenario("一个连接，几条命令", hint="again", fresh=True)
def one_connection(scene):
    one, files = emptied(scene).client(), dict(a_file(scene) for _ in range(3))
    must_list(one, files, "again")
    for name, data in files.items():
        must_get(one, name, data, "again")
    must_list(one, files, "again")


@basics.scenario("没有的文件，没有的命令", hint="missing", fresh=True)
def cannot(scene):
    one, (name, data) = emptied(scene).client(), a_file(scene)
    command(one, "GET", scene.draw.word())
    refused(one, "missing")
    command(one, scene.draw.word().upper(), name)
    refused(one, "answer")
    must_get(one, name, data)


uploads = LAB.stage("上传", 1, *FOLDER)


@uploads.scenario("上传，再下载", hint="bytes", fresh=True)
def puts(scene):
    one = emptied(scene).client()
    for data in (scene.draw.sentence().encode(), bytes(range(256)) + scene.draw.randbytes(100_000), b""):
        put(one, name := a_name(scene), data)
        must_hold(scene, name, data)
        must_get(one, name, data)


@uploads.scenario("命令和文件切成几段；文件后面紧跟着下一条命令", hint="half", fresh=True)
def pieces(scene):
    one, (name, data) = emptied(scene).client(), (a_name(scene), scene.draw.randbytes(200))
    one.send_in_pieces(scene.draw.cut(f"PUT {len(data)} {name}\n".encode(), 4))
    ok(one, "OK，可以发了", "half")
    one.send_in_pieces(scene.draw.cut(data, 4))
    ok(one, "第二个 OK：收全了", "half")
    must_hold(scene, name, data, "half")
    command(one, "PUT", len(data), other := a_name(scene))
    ok(one, "OK，可以发了")
    one.send(data + b"LIST\n", "连着发文件和下一条命令")
    ok(one, "第二个 OK：收全了", "half")
    if number(ok(one, "OK 2", "half"), "list") != 2:
        raise Failed("LIST 的回答：OK 2", "不是 2 个文件", "half")
    must_hold(scene, other, data, "half")


@uploads.scenario("已经有的名字", hint="taken", fresh=True)
def a_taken_name(scene):
    one, (name, data) = emptied(scene).client(), a_file(scene)
    new = scene.draw.sentence().encode()
    command(one, "PUT", len(new), name)
    if heard(one, "ERR 和原因")[0] == "OK":  # it may find out when it gives the name
        one.send(new)
        refused(one, "taken")
    must_hold(scene, name, data, "taken")
    must_get(one, name, data)


crowd = LAB.stage("许多人", 2, *FOLDER)


@crowd.scenario("一个上传到一半停下，一个下载了不收：别人照常", hint="one-at-a-time", fresh=True)
def stands_still(scene):
    emptied(scene)
    large = a_file(scene, "large.bin", scene.draw.randbytes(1 << 20) * 12)[0]
    small, text = a_file(scene)
    slow, lazy = scene.client(), scene.client(small=True)
    half_put(slow, name := a_name(scene), data := scene.draw.randbytes(1000), left=500)
    must_get(scene.client(), small, text)
    command(lazy, "GET", large)
    lazy.line("OK 和长度")
    must_get(scene.client(), small, text)
    slow.send(data[500:])
    ok(slow, "第二个 OK：收全了")
    must_hold(scene, name, data)


@crowd.scenario(f"{CROWD} 个人同时上传", hint="one-at-a-time", fresh=True)
def many(scene):
    emptied(scene)
    clients = [scene.client() for _ in range(CROWD)]
    files = [(f"{number}-{scene.draw.word()}", scene.draw.randbytes(20_000)) for number in range(CROWD)]
    for one, (name, data) in zip(clients, files, strict=True):
        command(one, "PUT", len(data), name)
    for one in clients:
        ok(one, "OK，可以发了")
    for at in (0, 10_000):
        for one, (_, data) in zip(clients, files, strict=True):
            one.send(data[at:at + 10_000])
    for one, (name, data) in zip(clients, files, strict=True):
        ok(one, "第二个 OK：收全了")
        must_hold(scene, name, data, "mixed")
    must_list(clients[0], dict(files))


@crowd.scenario("两个人同时上传同一个名字", hint="mixed", fresh=True)
def the_same_name(scene):
    emptied(scene)
    name = a_name(scene)
    both = {scene.client(): bytes([scene.draw.randrange(1, 100) + add]) * 40_000 for add in (0, 100)}
    for one, data in both.items():
        command(one, "PUT", len(data), name)
    going = [one for one in both if heard(one, "OK 或者 ERR")[0] == "OK"]
    for at in range(0, 40_000, 10_000):
        for one in going:
            one.send(both[one][at:at + 10_000])
            one.wait_until_read()
    stored = [one for one in going if heard(one, "OK 或者 ERR")[0] == "OK"]
    if len(stored) != 1:
        raise Failed("一个人得到 OK，另一个 ERR", f"{len(stored)} 个 OK", "taken")
    must_hold(scene, name, both[stored[0]])


@crowd.scenario(f"{LEAVERS} 个人传到一半走了", hint="leak", fresh=True)
def leavers(scene):
    emptied(scene)
    large = a_file(scene, "large.bin", scene.draw.randbytes(1 << 20) * 12)[0]
    small, text = a_file(scene)
    must_get(scene.client(), small, text)
    before = scene.program.figures()
    for turn in range(LEAVERS):
        one = scene.client(f"第 {turn + 1} 个", small=True)
        if turn % 3:
            command(one, "GET", large)
            one.line("OK 和长度")
        else:
            half_put(one, a_name(scene), scene.draw.randbytes(1000), left=1)
        (one.reset if turn % 2 else one.close)()
    must_get(scene.client(), small, text)
    scene.must_not_leak(before)
    scene.must_rest()


hostile = LAB.stage("不能信的话", 2, *FOLDER)


@hostile.scenario("名字走出文件夹：下载", hint="traversal", fresh=True)
def reads_outside(scene):
    emptied(scene)
    secret = f"secret-{scene.draw.word()}"
    (scene.folder.parent / secret).write_text(secret)
    (scene.folder / "link").symlink_to(f"../{secret}")
    one = scene.client()
    for name in (f"../{secret}", str(scene.folder.parent / secret), "link", ".", "..", "", "a\0b", "长" * 100):
        command(one, "GET", name)
        refused(one, "traversal", f"ERR：{shown(name)} 不是文件库里的文件")
    must_get(one, *a_file(scene))


@hostile.scenario("名字走出文件夹：上传", hint="traversal", fresh=True)
def writes_outside(scene):
    one = emptied(scene).client()
    outside = scene.folder.parent / f"outside-{scene.draw.word()}"
    (scene.folder / "link").symlink_to(outside)
    for name in (f"../{outside.name}", str(outside), "link", "..", "", "a\0b", "长" * 100):
        command(one, "PUT", 3, name)
        if heard(one, "ERR 和原因")[0] == "OK":
            one.send(b"!!!")
            refused(one, "traversal", f"ERR：{shown(name)} 不是文件库里的名字")
        if outside.exists():
            raise Failed(f"ERR：{shown(name)} 不是文件库里的名字", "它写到了文件夹外面")
    put(one, name := a_name(scene), b"inside")
    must_hold(scene, name, b"inside")


@hostile.scenario("不是长度的长度", hint="number", fresh=True)
def bad_numbers(scene):
    emptied(scene)
    name = scene.draw.word()
    for size in ("-5", "x", "1e3", "+5", "0x10", "٣", "1_0", "", "9" * 30):
        one = scene.client()
        command(one, "PUT", size, name)
        refused(one, "number", f"ERR：{shown(size)} 不是长度")
        one.close()
    one = scene.client()
    command(one, "PUT", 10**15, name)
    heard(one, "OK 或者 ERR")
    one.close()
    must_get(scene.client(), *a_file(scene))


@hostile.scenario("没有尽头的一行", hint="limit", fresh=True)
def an_endless_line(scene):
    name, data = a_file(emptied(scene))
    must_get(scene.client(), name, data)
    before, one = scene.program.figures().memory, scene.client()
    one.send(b"GET ")
    taken = one.pour(ENDLESS, b"x" * 65536)
    grown = scene.program.figures().memory - before
    if taken >= ENDLESS or grown > ENDLESS // 2:
        raise Failed("到了上限就答 ERR，断开",
                     f"服务器读走了 {taken >> 20} MiB，内存涨了 {max(grown, 0) >> 20} MiB，还在读")
    must_get(scene.client(), name, data)


broken = LAB.stage("传到一半", 3, *FOLDER)


@broken.scenario("没有传完的，别人看不见", hint="visible", fresh=True)
def invisible(scene):
    one, other = emptied(scene).client(), scene.client()
    half_put(one, name := a_name(scene), data := scene.draw.randbytes(5000), left=1)
    must_list(other, {}, "visible")
    command(other, "GET", name)
    refused(other, "visible")
    one.send(data[-1:])
    ok(one, "第二个 OK：收全了")
    must_list(other, {name: data})
    must_get(other, name, data)


@broken.scenario("上传的人走了：什么也不留下", hint="leftover", fresh=True)
def nothing_left(scene):
    emptied(scene)
    for leave in ("close", "reset", "half_close"):
        one = scene.client()
        half_put(one, name := a_name(scene), data := scene.draw.randbytes(5000), left=scene.draw.randint(1, 4999))
        getattr(one, leave)()
        scene.soon(lambda: not files_in(scene.folder), "文件夹里什么也没有", lambda: names_in(scene.folder))
        put(other := scene.client(), name, data, "taken")
        must_hold(scene, name, data)
        other.close()
        (scene.folder / name).unlink()


@broken.scenario("上传到一半 kill -9，再启动", hint="killed", fresh=True)
def killed(scene):
    kept, text = a_file(emptied(scene))
    for _ in range(2):
        one = scene.client()
        half_put(one, name := a_name(scene), data := scene.draw.randbytes(200_000), left=scene.draw.randint(1, 100_000))
        scene.note("kill -9，再启动一个")
        scene.replace()
        other = scene.client()
        must_list(other, {kept: text}, "killed")
        command(other, "GET", name)
        refused(other, "killed")
    put(other, name, data, "killed")
    must_hold(scene, name, data, "killed")
    must_list(other, {kept: text, name: data}, "killed")


@broken.scenario(f"{LARGE >> 20} MiB 上传，再下载：内存几乎不涨", hint="whole-file", fresh=True)
def large(scene):
    one, block = emptied(scene).client(), scene.draw.randbytes(1 << 20)
    must_list(one, {})
    before = scene.program.figures().memory

    def must_be_small(at=0):
        if at % 8:
            return  # looking takes a while too
        grown = scene.program.figures().memory - before
        if grown > LARGE * 5 // 8:  # what a collector of garbage has not looked at is not kept
            raise Failed("占用的内存和文件的大小无关", f"内存涨了 {grown >> 20} MiB")

    command(one, "PUT", LARGE, "large.bin")
    ok(one, "OK，可以发了")
    one.note(f"发 {LARGE >> 20} MiB")
    for at in range(LARGE >> 20):
        one._send(block)
        must_be_small(at)
    ok(one, "第二个 OK：收全了")
    command(one, "GET", "large.bin")
    ok(one, f"OK {LARGE}")
    must_be_small()
    for at in range(LARGE >> 20):
        got = one.receive(1 << 20, f"{LARGE >> 20} MiB 的文件")
        if got != block:
            raise Failed("和上传的一样", f"前 {at} MiB 一样，后面{difference(got, block)}", "bytes")
        must_be_small(at)


@broken.scenario("有人在线时收到 SIGTERM", hint="stop", fresh=True)
def ends_on_sigterm(scene):
    must_list(emptied(scene).client(), {})
    scene.must_end(signal.SIGTERM)


clients = LAB.stage("客户端", 3, *FOLDER)


def user(scene, address=None):
    """The student's client in a folder of its own: (its Stream, the folder). The scene's program stays the server."""
    here = scene.folder.parent / f"client-{scene.draw.word()}"
    here.mkdir()
    server = scene.program
    stream = scene.run("--connect", "%s:%d" % (address or server.address), "--folder", here, name="用户")
    scene.program = server
    return stream, here


def until(stream, expected, hint, *wanted):
    """Read the client's words until all these are among them."""
    said = b""
    while not all(word.encode() in said for word in wanted):
        try:
            said += stream.receive_some(expected)
        except Failed as failure:
            failure.hint = hint
            failure.came = f"{shown(said, 160)}，没有再来" if said else failure.came
            raise
    return said


def greeted(scene, **where):
    stream, here = user(scene, **where)
    until(stream, "提示：list、get、put、quit", "prompt", "list", "get", "put", "quit")
    return stream, here


def holds(path, data):
    return path.exists() and path.read_bytes() == data


@clients.scenario("一启动就提示命令；list；quit", hint="prompt", fresh=True)
def prompts(scene):
    emptied(scene)
    names = [a_file(scene)[0] for _ in range(3)]
    stream, _ = greeted(scene)
    command(stream, "list")
    until(stream, "三个文件的名字", "client-list", *names)
    command(stream, "quit")
    scene.soon(lambda: stream.server.status == 0, "quit 以后结束，退出状态 0", stream.server.end, "client-end")


@clients.scenario("get，put，输入结束", hint="client-get", fresh=True)
def moves(scene):
    stream, here = greeted(emptied(scene))
    name, data = a_file(scene, data=scene.draw.randbytes(300_000))
    command(stream, "get", name)
    scene.soon(lambda: holds(here / name, data), f"客户端的文件夹里有 {name}，{len(data)} 字节",
               lambda: names_in(here))
    other, data = a_name(scene), scene.draw.randbytes(300_000)
    (here / other).write_bytes(data)
    command(stream, "put", other)
    scene.soon(lambda: holds(scene.folder / other, data), f"文件库里有 {other}，{len(data)} 字节",
               lambda: names_in(scene.folder), "client-put")
    stream.half_close()
    scene.soon(lambda: stream.server.status == 0, "输入结束，客户端结束，退出状态 0", stream.server.end, "client-end")


@clients.scenario("没有的文件，没有的命令：说一句，接着来", hint="client-error", fresh=True)
def goes_on(scene):
    stream, here = greeted(emptied(scene))
    name, data = a_file(scene)
    for words in (("get", f"{scene.draw.word()}.none"), ("put", f"{scene.draw.word()}.none"), (scene.draw.word(),)):
        command(stream, *words)
    command(stream, "get", name)
    scene.soon(lambda: holds(here / name, data), f"下一条 get 照常：{name}", stream.server.end, "client-error")
    scene.soon(lambda: len(files_in(here)) == 1, "没有的文件，一个也不留下", lambda: names_in(here), "client-error")


@clients.scenario("下载到一半，服务器断了", hint="client-half", fresh=True)
def a_broken_download(scene):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        stream, here = greeted(emptied(scene), address=listener.getsockname())
        name = a_name(scene)
        command(stream, "get", name)
        server = Peer(scene, "服务器", listener, stream.server)
        if (got := server.line("GET 名字")) != f"GET {name}\n".encode():
            raise Failed(shown(f"GET {name}\n"), shown(got), "client-get")
        server.send(b"OK 5000\n" + scene.draw.randbytes(4000), "只发 5000 字节里的 4000：")
        server.close()
        scene.settle(program=stream.server)
        scene.soon(lambda: not (here / name).exists(), f"{name} 不在客户端的文件夹里",
                   lambda: f"它在，{(here / name).stat().st_size} 字节")
