"""Hints that every lab may give, and the names of the pages that hints lead to."""

import json
from pathlib import Path

from iolab.grade.lab import Hint

BOOK = Path(__file__).resolve().parents[3] / "book"

COMMON = {
    "start": Hint("程序没有按约定启动：第一行打印 listening on HOST:PORT，端口是 --port 给的，0 表示由内核挑",
                  "network/tcp-socket", "getsockname() 说出内核挑了哪个端口。先在终端里自己启动一次，看它说什么。"),
    "flush": Hint("这一行停在缓冲区里：输出不是终端的时候，print 攒满一块才写出去",
                  "files/buffer-offset", "print(..., flush=True)，或者 C 的 fflush(stdout)。"),
    "crash": Hint("一个客户端的错误结束了整个程序：只该结束它自己的连接",
                  "network/tcp-socket", "recv 和 send 抛出的 OSError，在服务这一个客户端的那一层接住。"),
    "accept-again": Hint("服务了客户端以后就不再接受：accept 也要放在循环里", "network/tcp-socket",
                         "外层循环 accept，内层循环 recv。"),
    "excess": Hint("收到的东西一直堆着：读了多少、存着多少，都要有上限",
                   "concurrency/multiplexing", "对方不收，就先不读它；对方声称的长度，先检查再分配。"),
    "leak": Hint("描述符泄漏：断开的客户端，服务器这一头也要 close",
                 "files/buffer-offset", "recv 得到空字节串、recv 抛出错误，两条路都要走到 close。用 with 最省心。"),
    "spin": Hint("空转：没有事做的时候也在循环", "concurrency/io-kinds",
                 "常见的来源：非阻塞地一遍遍试；一直关心“可写”，而套接字几乎总是可写；读到 EOF 以后还在监视它。"),
    "zombie": Hint("僵尸：子进程结束了，没有人 wait 它", "process/orphan-zombie",
                   "处理 SIGCHLD，或者 signal(SIGCHLD, SIG_IGN)，让内核回收。"),
}


def where(hint):
    """The page of a hint for a reader: 《title》 and the path of its HTML."""
    name, _, anchor = hint.page.partition("#")
    title = title_of(name)
    return f"{f'《{title}》' if title else ''}{name}.html{'#' + anchor if anchor else ''}"


def title_of(page):
    """The first heading of a page of the book, None where the book is not beside the code."""
    try:
        notebook = BOOK / f"{page}.ipynb"
        if notebook.exists():
            cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
            text = "\n".join("".join(cell["source"]) for cell in cells)
        else:
            text = (BOOK / f"{page}.md").read_text(encoding="utf-8")
    except OSError:
        return None
    return next((line[2:].strip() for line in text.splitlines() if line.startswith("# ")), None)
