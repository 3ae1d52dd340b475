"""停电之后：what a power cut leaves of a file that is being replaced, at every point and in every order.

The program writes a new file, syncs it, renames it over the old one, syncs the folder; the kernel may write back the
content and the folder by itself at any time, in any order, and readers play the kernel too. Sources: rename(2), "If
newpath already exists, it will be atomically replaced"; fsync(2), "Calling fsync() does not necessarily ensure that the
entry in the directory containing the file has also reached disk"; write(2). Left out: that some file systems write the
content before the rename by themselves (ext4's auto_da_alloc, ext4(5)), and what is left under the name x.new.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Way, Went

NOTHING, CACHE, DISK, LOST = "nothing", "cache", "disk", "lost"    # where the content of the new file is
CODE = Code('''
file = open("x.new", "wb")
file.write(data)
file.flush()
os.fsync(file.fileno())
os.replace("x.new", "x")
os.fsync(folder)
''')
DEAD = "程序已经不在了，先再启动：从第一步重来。"


def press(state, button):
    """state: (alive, where the new content is, whether x is the new file in memory, on disk)."""
    alive, content, named, kept = state
    if button in ("write", "fsync", "replace", "folder"):
        return _program(button, alive, content, named, kept)
    if button == "content":
        if content != CACHE:
            return "没有等着写回的内容。"
        return Went((alive, DISK, named, kept), "内核自己把内容写到了磁盘。它什么时候写，谁也说不准。", ("data",))
    if button == "names":
        if named == kept:
            return "磁盘上的目录和内存里的一样。"
        said = "内容还没有写，名字先到了：内核不管先后。" if content == CACHE else "名字到了磁盘。"
        return Went((alive, content, named, named), f"内核自己把目录写到了磁盘。{said}", ("dir",))
    if button == "kill":
        if not alive:
            return "程序已经不在了。"
        left = "新的" if named else "旧的，完好；x.new 留在那里没有人要" if content != NOTHING else "旧的，完好"
        return Went((False, content, named, kept), f"kill -9：内存里的页缓存是内核的，还在。x 是{left}。")
    if not alive and named == kept and content in (NOTHING, DISK, LOST):
        return "已经停过了，内存里没有只此一份的东西。"
    if not kept:
        return Went((False, NOTHING, False, False), "停电：磁盘上的目录说 x 是旧的。旧的完好，新的没有了。")
    if content == CACHE:
        return Went((False, LOST, True, True), "停电：名字指着新的文件，内容却没有到磁盘。x 是空的，旧的也没有了！")
    return Went((False, DISK, True, True), "停电：x 是新的，完整。")


def _program(button, alive, content, named, kept):
    if button == "write":
        if alive and content != NOTHING:
            return "已经写过了。"
        said = "新内容写进 x.new，交给了内核。x 还是旧的。"
        return Went((True, CACHE, False, False), said if alive else f"再来一次，x 又算作旧的。{said}")
    if not alive:
        return DEAD
    if content == NOTHING:
        return "还没有写 x.new。"
    if button == "fsync":
        if content == DISK:
            return "内容已经在磁盘上了。"
        return Went((alive, DISK, named, kept), "fsync 返回：内容一定在磁盘上了。", ("data",))
    if button == "replace":
        if named:
            return "已经换过了。"
        said = "os.replace 一步换好：别的进程看 x，不是旧的就是新的。磁盘上的目录还没有变。"
        return Went((alive, content, True, kept), said)
    if not named:
        return "现在同步目录，磁盘上的 x 还是旧的。先 os.replace。"
    if kept:
        return "磁盘上的目录已经是新的了。"
    return Went((alive, content, named, True), "fsync 目录返回：名字一定在磁盘上了。", ("dir",))


def look(state):
    alive, content, named, kept = state
    cells = {"program": ("程序活着", "green") if alive else ("程序死了", "red"),
             "name": "x → 新的" if named else "x → 旧的", "kept": "x → 新的" if kept else "x → 旧的"}
    if content == LOST:
        cells["stored"] = "空的", "red"
        cells["name"] = cells["kept"] = "x → 新的", "red"
        return cells
    if content in (CACHE, DISK):
        cells["cached"] = "新内容", "green" if content == DISK else "blue"
    if content == DISK:
        cells["stored"] = "新内容", "green"
    if not (named and kept):
        cells["old"] = "旧内容", "green"
    if named != kept:
        cells["name"] = cells["name"], "blue"
    return cells


SCENE = Machine(
    name="power_cut",
    title="换掉一个文件，什么时候停电都不怕",
    board=Board(
        height=176,
        cells=(Cell("program", 236, 6, 86, 28, 11.5),
               Cell("cached", 12, 58, 96, 30), Cell("name", 226, 58, 96, 30),
               Cell("stored", 12, 138, 96, 30), Cell("old", 116, 138, 96, 30), Cell("kept", 226, 138, 96, 30)),
        labels=(Label(12, 20, "内存（内核的页缓存）", anchor="start", bold=True),
                Label(60, 48, "x.new 的内容", 10.5), Label(274, 48, "目录", 10.5),
                Label(12, 112, "磁盘", anchor="start", bold=True)),
        ways=(Way("data", ((60, 92), (60, 134))), Way("dir", ((274, 92), (274, 134)))),
    ),
    buttons=(Button("write", "写 x.new", (1, 2, 3)), Button("fsync", "fsync", (4,)),
             Button("replace", "os.replace", (5,)), Button("folder", "fsync 目录", (6,)),
             Button("content", "内核写内容"), Button("names", "内核写目录"), Button("kill", "kill -9"),
             Button("power", "停电")),
    start=(True, NOTHING, False, False),
    opening="x 是旧的，完整，在磁盘上。程序要把它换成新的。内核会自己写回，也会停电：都由你来按。",
    press=press,
    look=look,
    story=("write", "replace", "names", "power", "write", "fsync", "replace", "power", "write", "fsync", "replace",
           "folder", "power"),
    legend=(("blue", "只在内存里"), ("green", "磁盘上也有；活着"), ("red", "丢了、死了")),
    code=CODE,
)
