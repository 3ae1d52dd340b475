"""上传：what others find under the name while a file comes in, and after a kill or a power cut.

Written under its name, half a file can be read by anybody and stays if the server is killed. A file without a name is
gone with the process that has it open; a link gives it its name at one blow, and fsync() before it makes sure that the
name never stands for less than the whole. Sources: open(2), O_TMPFILE; link(2), "EEXIST"; fsync(2); signal(7).
code/day9/ftp/ftp_common.py does the same and syncs the folder too, which is left out here. After a power cut the worst
is shown that may be: what nobody synced is lost.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

NAMED, NAMELESS, HALVES = "named", "nameless", 2
CODE = Code('''
fd = os.open(name, os.O_CREAT | os.O_WRONLY)
fd = os.open(".", os.O_TMPFILE | os.O_WRONLY)
os.write(fd, half)
os.fsync(fd)
os.link(f"/proc/self/fd/{fd}", name)
''')
START = (None, 0, 0, False, True)


def press(state, button):
    """state: (way, halves written, halves that the disk has, whether the name is there, whether the server lives)."""
    way, *_, alive = state
    if button == "again":
        return Went(START, "清空，重新上传。") if state != START else "还没有开始。"
    if button == "power":
        return _power(state)
    if not alive:
        return "服务器已经不在了。"
    if button in (NAMED, NAMELESS):
        if way:
            return "已经打开了。"
        said = {NAMED: "直接用这个名字打开：别人马上看到一个空文件。",
                NAMELESS: "打开一个没有名字的文件：谁也看不到它。"}
        return Went((button, 0, 0, button == NAMED, True), said[button])
    if button == "kill":
        return _kill(state)
    if not way:
        return "还没有打开文件。"
    return {"write": _write, "fsync": _sync, "link": _link}[button](state)


def _write(state):
    way, got, stored, there, _ = state
    if got == HALVES:
        return "已经收全了。"
    part = "一半" if got == 0 else "另一半"
    seen = "别人看得到。" if there else "没有名字，别人看不到。"
    return Went((way, got + 1, stored, there, True), f"收到{part}，写进文件。{seen}", ("net",))


def _sync(state):
    way, got, stored, there, _ = state
    if got == stored:
        return "没有要写到磁盘的。"
    return Went((way, got, got, there, True), "fsync 等到磁盘真的写好。")


def _link(state):
    way, got, stored, there, _ = state
    if way == NAMED:
        return "FileExistsError：它一开始就有名字了。"
    if there:
        return "FileExistsError：已经有这个名字了，link 决不覆盖。"
    if got < HALVES:
        return "还没有收全：现在取名，别人看到的就是半个文件。"
    risk = "" if stored == got else "可是还没有 fsync，这时停电就说不定了。"
    return Went((way, got, stored, True, True), f"link 取名：整个文件一下子出现。{risk}", ("link",))


def _kill(state):
    way, got, stored, there, _ = state
    if not way:
        return Went((None, 0, 0, False, False), "kill -9：还没有开始，什么也没有留下。")
    if not there:
        return Went((None, 0, 0, False, False), "kill -9：没有名字的文件，内核马上收走，什么也没有留下。")
    left = ("空文件", "半个文件", "整个文件")[got]
    return Went((way, got, stored, True, False), f"kill -9：留下{left}。写过的在内核的页缓存里，不随进程消失。")


def _power(state):
    way, got, stored, there, alive = state
    if not alive and got == stored:
        return "再停电也一样。"
    if not there:
        return Went((None, 0, 0, False, False), "停电：没有名字的文件不见了，什么也没有留下。")
    left = ("空文件", "半个文件", "整个文件")[stored]
    return Went((way, stored, stored, True, False), f"停电，最坏的情形：没有 fsync 的都丢了，留下{left}。")


def look(state):
    _, got, stored, there, alive = state
    cells = {"server": ("服务器活着", "green") if alive else ("服务器死了", "red")}
    place = "file" if there else "temp"
    for half in range(got):
        cells[f"{place}{half}"] = ("后一半" if half else "前一半"), "green" if half < stored else "blue"
    seen = ("空文件", "半个文件", "整个文件")[got] if there else "没有这个文件"
    cells["seen"] = seen, "plain" if not there else "green" if got == HALVES else "red"
    return cells


SCENE = Machine(
    name="upload",
    title="上传到一半，别人看到什么",
    board=Board(
        height=192,
        cells=(Cell("server", 8, 26, 92, 36, 12), *(Cell(f"temp{half}", 176 + 74 * half, 26, 70, 36, 12)
                                                    for half in range(HALVES)),
               *(Cell(f"file{half}", 176 + 74 * half, 108, 70, 36, 12) for half in range(HALVES)),
               Cell("seen", 176, 158, 144, 28, 12.5)),
        labels=(Label(176, 14, "没有名字的文件", anchor="start", bold=True),
                Label(176, 97, "文件库里，有名字的", anchor="start", bold=True),
                Label(168, 173, "别人看到", anchor="end")),
        ways=(Way("net", ((104, 44), (170, 44))), Way("link", ((300, 66), (300, 104)))),
    ),
    buttons=(Button(NAMED, "用名字打开", (1,)), Button(NAMELESS, "不用名字打开", (2,)), Button("write", "收一半", (3,)),
             Button("fsync", "fsync", (4,)), Button("link", "link", (5,)), Button("kill", "kill -9"),
             Button("power", "停电"), Button("again", "重来")),
    start=START,
    opening="客户端要上传一个文件，分两半到达。服务器先打开一个文件来装它：用什么名字？",
    press=press,
    look=look,
    story=(NAMED, "write", "kill", "again", NAMELESS, "write", "write", "fsync", "link", "kill"),
    legend=(("blue", "只在内存里"), ("green", "到了磁盘；活着；整个文件"), ("red", "不是整个文件；死了")),
    code=CODE,
)
