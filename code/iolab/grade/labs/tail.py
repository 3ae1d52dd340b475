"""The specification of lab tail: print a file as it grows, `PROGRAM [-n LINES] FILE`, in whole lines."""

import os
import signal
from pathlib import Path

from iolab.grade.hints import COMMON
from iolab.grade.lab import Failed, Hint, Lab
from iolab.procfs import fd

HOLE = 1 << 30  # bytes of nothing before the last lines
TURNS = 12  # rotations

LAB = Lab("tail", "跟着文件走：tail -f", {
    **COMMON,
    "read": Hint("先把文件里已有的行印出来", "files/file-read-write", "没有 -n，就从开头印起。"),
    "follow": Hint("读到末尾不是结束：文件长了，接着从上次的偏移量读", "files/buffer-offset",
                   "read 返回空，等一会儿再 read；同一个文件对象记得自己读到哪里。"),
    "flush": Hint("读到了，却停在输出的缓冲区里：每次印完都要 flush", "files/buffer-offset",
                  "print(..., flush=True)；输出不是终端时，它攒满 8 KiB 才写出去。"),
    "bytes": Hint("文件里是什么字节就印什么字节", "files/file-read-write", "以 \"rb\" 打开，写到 sys.stdout.buffer。"),
    "half": Hint("半行：没有换行的那一段还没有写完，先留着",
                 "files/buffer-offset", "留在缓冲区里，等换行来了再印整行。"),
    "cut": Hint("你把“{about}”切开了：它的几个字节分两次写进来", "files/file-read-write",
                "按字节读，凑齐一整行再印（要 decode 也在那时）。"),
    "truncate": Hint("文件变短了：你的偏移量已经在末尾之外，从头读", "files/buffer-offset",
                     "每次 os.fstat(fd).st_size，比偏移量小就 seek(0)，留着的半行也不要了。"),
    "rotate": Hint("文件被改名，换了一个新的：名字没有变，它指的已经是另一个 inode", "files/buffer-offset",
                   "比较 os.stat(名字) 和 os.fstat(fd) 的 st_ino；先把旧的读完，再打开新的。"),
    "lost": Hint("改名以后写进旧文件的行丢了：换新的以前，先把旧的读到底", "files/buffer-offset",
                 "发现名字指向别的 inode 以后，旧的再读一次，然后才关。"),
    "absent": Hint("文件还没有：等它出现", "files/file-read-write", "接住 FileNotFoundError，等一会儿再试。"),
    "seek": Hint("为了最后几行，读了整个文件：从末尾往回找换行", "files/buffer-offset",
                 "seek(-65536, SEEK_END)，不够再往前一块。"),
    "last": Hint("-n LINES：从最后 LINES 行印起；不够那么多就从头", "files/buffer-offset", "最后半行不算一行。"),
    "stop": Hint("收到 SIGTERM 要结束", "process/process-theory", ""),
    "pipe": Hint("看的人走了（| head）：write 抛出 BrokenPipeError，安静地结束", "process/ipc",
                 "接住它，结束。Python 退出时还会 flush 一次：先 os.dup2(os.open(os.devnull, os.O_WRONLY), 1)。"),
})


def append(scene, name, data):
    scene.note("写入", data)
    with open(scene.folder / name, "ab", buffering=0) as file:
        file.write(data)


def lines(scene, count=3):
    return b"".join(scene.draw.sentence().encode() + b"\n" for _ in range(count))


def begun(scene, already=None, hint="read"):
    """The name of a file with some lines, and the program that has printed them."""
    name = f"{scene.draw.word()}.log"
    already = lines(scene) if already is None else already
    append(scene, name, already)
    output = scene.run(scene.folder / name)
    try:
        output.expect(already, hint)
    except Failed as failure:
        if hint == "read" and was_read(scene, name):
            append(scene, name, lines(scene))
            try:
                output.expect_silence("")
            except Failed:  # it prints, but only what is new
                raise failure from None
            failure.hint, failure.came = "flush", f"{failure.came}；可是文件它已经读到末尾"
        raise
    return name, output


def was_read(scene, name):
    """Whether the program has this file open with its offset at the end, yet nothing has come (proc(5), fdinfo)."""
    path, pid = scene.folder / name, scene.program.pid
    try:
        numbers = [number for number, target in fd.targets(pid).items() if target == str(path)]
        infos = [Path(f"/proc/{pid}/fdinfo/{number}").read_text() for number in numbers]
    except OSError:
        return False
    return any(int(info.split()[1]) == path.stat().st_size for info in infos)


def grows(scene, name, output, hint):
    data = lines(scene, 2)
    append(scene, name, data)
    output.expect(data, hint)


follow = LAB.stage("跟着走", 1, serves=False)


@follow.scenario("已有的行，和后来的行", hint="follow")
def prints_and_follows(scene):
    name, output = begun(scene)
    for _ in range(3):
        grows(scene, name, output, "follow")


@follow.scenario("空文件开始；一次长很多", hint="follow")
def a_lot_at_once(scene):
    name, output = begun(scene, already=b"")
    grows(scene, name, output, "follow")
    data = b"".join(b"%d %s\n" % (number, scene.draw.word().encode()) for number in range(20_000))
    append(scene, name, data)
    output.expect(data)


@follow.scenario("不是文字的字节，空行，\\r", hint="bytes")
def any_bytes(scene):
    name, output = begun(scene, already=b"\n\n \xff\xfe\0 \r\n" + bytes(range(256)) + b"\n", hint="bytes")
    append(scene, name, (data := b"\r\n" + scene.draw.randbytes(100) + b" \n"))
    output.expect(data)


halves = LAB.stage("半行", 1, serves=False)


@halves.scenario("没有换行的先不印", hint="half")
def half_a_line(scene):
    name, output = begun(scene)
    line = scene.draw.sentence().encode() + b"\n"
    append(scene, name, line[:5])
    output.expect_silence("换行来之前什么也不印")
    append(scene, name, line[5:])
    output.expect(line)


@halves.scenario("汉字分两次写进来", hint="cut")
def a_cut_character(scene):
    name, output = begun(scene)
    text = scene.draw.chinese(3, 3)
    scene.about, at = text[1], len(text[0].encode()) + 1
    append(scene, name, text.encode()[:at])
    output.expect_silence("换行来之前什么也不印")
    append(scene, name, text.encode()[at:] + b"\n")
    output.expect(text.encode() + b"\n")


@halves.scenario("已有的最后半行", hint="half")
def a_first_half(scene):
    name, already, rest = f"{scene.draw.word()}.log", lines(scene), scene.draw.word().encode()
    append(scene, name, already + rest)
    output = scene.run(scene.folder / name)
    output.expect(already, "read")
    output.expect_silence("半行先不印")
    append(scene, name, b"\n")
    output.expect(rest + b"\n")


changes = LAB.stage("变短，改名", 2, serves=False)


@changes.scenario("文件被清空，再从头写", hint="truncate")
def truncated(scene):
    name, output = begun(scene, already=lines(scene, 6))
    append(scene, name, b"half")
    output.expect_silence("半行先不印", "half")
    scene.note("清空文件")
    os.truncate(scene.folder / name, 0)
    output.expect_silence("清空以后，什么也不印")
    grows(scene, name, output, "truncate")


@changes.scenario("文件改名，换上新的", hint="rotate")
def rotated(scene):
    name, output = begun(scene)
    scene.note("改名")
    os.rename(scene.folder / name, scene.folder / f"{name}.1")
    grows(scene, name, output, "rotate")
    grows(scene, name, output, "rotate")


@changes.scenario("改名以后，还有一行写进旧的", hint="lost")
def a_late_line(scene):
    name, output = begun(scene)
    for turn in range(4):  # it may be just about to read when it is stopped, and then the line is not late
        late, data = lines(scene, 1), lines(scene, 2)
        scene.settle()
        scene.program.signal(signal.SIGSTOP)  # it sees the name and the line at once
        with open(scene.folder / name, "ab", buffering=0) as old:
            scene.note("改名，往旧的里写", late)
            os.rename(scene.folder / name, scene.folder / f"{name}.{turn}")
            old.write(late)
            append(scene, name, data)
        scene.program.signal(signal.SIGCONT)
        output.expect(late, "lost")
        output.expect(data, "rotate")


@changes.scenario("文件还没有，或者删了再来", hint="absent")
def absent(scene):
    name = f"{scene.draw.word()}.log"
    output = scene.run(scene.folder / name)
    scene.settle(share=1)  # it has looked, and waits
    output.expect_silence("什么也不印，等着")
    grows(scene, name, output, "absent")
    scene.note("删掉")
    os.unlink(scene.folder / name)
    output.expect_silence("什么也不印，等着")
    grows(scene, name, output, "absent")


thrift = LAB.stage("不浪费", 2, serves=False)


@thrift.scenario("最后几行：-n", hint="last")
def last_lines(scene):
    rows = [scene.draw.sentence().encode() + b"\n" for _ in range(scene.draw.randint(8, 20))]
    count = scene.draw.randint(1, 6)
    name = f"{scene.draw.word()}.log"
    append(scene, name, b"".join(rows))
    output = scene.run("-n", count, scene.folder / name)
    try:
        output.expect(b"".join(rows[-count:]), "last")
    except Failed as failure:
        if "一个字节也没有" in failure.came and was_read(scene, name):
            failure.hint = "flush"
        raise
    grows(scene, name, output, "follow")
    output = scene.run("-n", 100, scene.folder / name)
    output.expect(b"".join(rows), "last")


@thrift.scenario("1 GiB 的文件，只要最后三行", hint="seek", excess="seek")
def the_end_of_much(scene):
    name, rows = "huge.log", lines(scene, 3)
    with open(scene.folder / name, "wb") as file:
        file.seek(HOLE)
        file.write(b"\n" + rows)
    scene.note("1 GiB 的文件，末尾三行", rows)
    output = scene.run("-n", 3, scene.folder / name)
    output.expect(rows)
    memory = scene.program.figures().peak  # it may have let go of what it read before anybody looks
    if memory > HOLE // 4:
        raise Failed("内存和文件的大小无关", f"占了 {memory >> 20} MiB")


@thrift.scenario(f"改名 {TURNS} 次，描述符不变多；没有新行时几乎不用处理器", hint="leak")
def keeps_little(scene):
    name, output = begun(scene)
    before = scene.program.figures()
    for turn in range(TURNS):
        os.rename(scene.folder / name, scene.folder / f"{name}.{turn}")
        grows(scene, name, output, "rotate")
    scene.must_not_leak(before)
    scene.must_rest()


ending = LAB.stage("收场", 3, serves=False)


@ending.scenario("SIGTERM", hint="stop")
def ends_on_sigterm(scene):
    begun(scene)
    scene.must_end(signal.SIGTERM)


@ending.scenario("看的人走了", hint="pipe")
def nobody_reads(scene):
    name, output = begun(scene)
    scene.note("关闭它的输出那一头")
    output.socket.close()
    program, scene.program = scene.program, None
    for _ in range(2):
        append(scene, name, lines(scene, 400))
    scene.soon(lambda: program.wait(0.05), "它发现了，自己结束", program.end)
    if "Traceback" in program.output.text:
        raise Failed("安静地结束", program.words())
