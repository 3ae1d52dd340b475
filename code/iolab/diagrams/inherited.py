"""谁还拿着端口：a listening socket, the descriptors that stand for it in two processes, and what closes them.

fork() copies the descriptors; execve() closes those that are marked close-on-exec and keeps the others; the kernel
closes all of a process that ends. The socket listens until the last descriptor is closed, and bind() is refused while
it does. Python marks what it opens (PEP 446). Sources: fork(2); execve(2); fcntl(2), FD_CLOEXEC; socket(7),
SO_REUSEADDR. Left out: connections, which have descriptors of their own.
"""

from iolab.model import Board, Button, Cell, Code, Label, Machine, Went

CODE = Code("""
listener = socket.create_server(address)
listener.set_inheritable(True)
pid = os.fork()
if pid == 0:
    os.execv(helper, [helper])
""")
COPY, HELPER = "服务器的副本", "帮手"


def press(state, button):
    """state: (the server runs, its descriptor is inheritable, the child's program or None, the child has the socket)"""
    runs, inheritable, child, held = state
    if button == "start":
        if runs:
            return "服务器在运行。"
        if held:
            return "bind() 失败：OSError，地址已经被占用（EADDRINUSE）。子进程手里还有一个描述符，套接字还在监听。"
        return Went((True, False, child, False), "服务器启动，监听。Python 打开的描述符，默认标着 close-on-exec。")
    if button == "mark":
        if not runs or inheritable:
            return "服务器没有在运行。" if not runs else "已经是可继承的了。"
        return Went((True, True, child, held), "去掉 close-on-exec 的标志。现在还什么也没有发生。")
    if button == "fork":
        if not runs or child:
            return "服务器没有在运行。" if not runs else "这幅图只画一个子进程。"
        return Went((True, inheritable, COPY, True), "fork：所有描述符都复制，标志也复制。标志管的是 exec，不管 fork。")
    if button == "exec":
        if child != COPY:
            return "没有子进程。" if child is None else "程序已经换过了。"
        said = "没有标志，帮手手里多了一个它不知道的描述符。" if inheritable else "标着 close-on-exec，内核把它关了。"
        return Went((runs, inheritable, HELPER, inheritable), f"exec：换成帮手的程序。{said}")
    if button == "stop":
        if not runs:
            return "服务器没有在运行。"
        said = ("可是子进程手里还有一个：端口还在监听，只是没有人 accept。" if held else
                "最后一个描述符关了，端口空了出来。")
        return Went((False, inheritable and held, child, held), f"服务器结束。{said}")
    if child is None:
        return "没有子进程。"
    said = "最后一个描述符关了，端口空了出来。" if held and not runs else "它有的描述符，内核都关了。"
    return Went((runs, inheritable and runs, None, False), f"子进程结束。{said}")


def look(state):
    runs, inheritable, child, held = state
    cells = {"server": ("服务器", "green") if runs else "没有在运行",
             "port": ("在监听", "green") if runs else ("在监听，没有人接", "red") if held else "空着"}
    if runs:
        cells["fd"] = ("3 → 套接字，可继承", "amber") if inheritable else "3 → 套接字"
    if child:
        cells["child"] = child, "green"
    if held:
        cells["copy"] = ("3 → 套接字，可继承", "amber") if inheritable else "3 → 套接字"
    return cells


SCENE = Machine(
    name="inherited",
    title="谁还拿着端口",
    board=Board(
        height=140,
        cells=(Cell("server", 8, 26, 130, 32, 12), Cell("fd", 8, 62, 130, 26, 11, comes=True),
               Cell("child", 190, 26, 130, 32, 12, comes=True), Cell("copy", 190, 62, 130, 26, 11, comes=True),
               Cell("port", 94, 104, 140, 30, 12)),
        labels=(Label(73, 15, "服务器", bold=True), Label(255, 15, "子进程", bold=True),
                Label(86, 119, "端口", anchor="end", bold=True)),
    ),
    buttons=(Button("start", "启动服务器", (1,)), Button("mark", "设为可继承", (2,)), Button("fork", "fork", (3, 4)),
             Button("exec", "exec", (5,)), Button("stop", "服务器结束"), Button("child", "子进程结束")),
    start=(False, False, None, False),
    opening="服务器监听一个端口，又请一个帮手去做别的事。服务器结束以后，谁还拿着端口？",
    press=press,
    look=look,
    story=("start", "fork", "exec", "stop", "start", "child", "mark", "fork", "exec", "stop", "child"),
    legend=(("green", "在运行，在监听"), ("amber", "可继承"), ("red", "泄漏")),
    code=CODE,
)
