"""What happens to a live page when something ends that it needs: it says what, and offers what can be done."""

import os
import signal
from pathlib import Path

import pytest

from live_driver import LiveBook
from processes import wait_until
from soak import amount

PAGES = amount(2, 20)
COLLECT_MESSAGES = """() => {
  window.messages = [];
  const look = () => window.messages.push(document.querySelector(".live-message")?.textContent);
  new MutationObserver(look).observe(document.body, {childList: true, characterData: true, subtree: true});
}"""
COLLECT_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket { constructor(...given) { super(...given); window.sockets.push(this); } };
"""


@pytest.fixture
def own(html_folder, tmp_path):
    """A server of the test's own, which it may end."""
    with LiveBook(html_folder, tmp_path / "log") as book:
        yield book


def kill_kernel(book, before):
    kernel, = book.kernels().keys() - before
    for pid in book.kernels()[kernel]:
        if b"ipykernel" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    return kernel


def test_a_kernel_that_died(book, live):
    before = book.kernels().keys()
    live.run(1)
    killed = kill_kernel(book, before)
    live.told("内核意外结束了")
    wait_until(lambda: not [name for name in sockets(book) if killed in name], "its files go")
    live.do("运行到第 1 个")
    live.wait(1, "ok")
    live.run(2)
    live.begin(3, "while True: pass")
    live.wait(3, "running")
    kill_kernel(book, before)
    live.wait(3, "error")
    live.told("内核意外结束了")
    assert "没有运行完" in live.cell(3).inner_text() and live.kernel == "内核结束了"
    live.run(1)  # a new one starts by itself
    assert live.kernel == "空闲"
    assert len(book.kernels().keys() - before) == 1


def test_a_kernel_that_does_not_start(html_folder, tmp_path, tabs, monkeypatch):
    (tmp_path / "ipykernel_launcher.py").write_text("raise SystemExit(1)")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with LiveBook(html_folder, tmp_path / "log") as book, book.open(tabs, "page.html") as live:
        live.begin(1)
        live.told("内核没有启动起来")
        live.wait(1, "idle")
        (tmp_path / "ipykernel_launcher.py").unlink()
        live.do("重来")
        live.told("内核重新启动了")
        live.run(1)


def test_a_cell_that_does_not_stop(live):
    live.begin(2, "import time\nwhile True:\n    try: time.sleep(9)\n    except KeyboardInterrupt: print('no')")
    live.wait(2, "running")
    wait_until(lambda: (live.tool("停止").click(), live.output(2))[1], "it has begun")
    live.told("它没有停下来")
    live.do("重来")
    live.told("内核重新启动了")
    live.wait(2, "error")


def test_a_server_that_was_stopped(own, tabs, html_folder, tmp_path):
    with own.open(tabs, "page.html") as live:
        live.run(1)
        live.write(2, "print('kept')")
        live.begin(3, "while True: pass")
        live.wait(3, "running")
        own.end(signal.SIGKILL)
        live.told("服务器停了")
        live.begin(2)
        live.wait(2, "idle")
        assert live.message.is_visible()
        with LiveBook(html_folder, tmp_path / "again", port=own.port) as again:
            live.begin(2)
            live.told("服务器重新启动过")
            live.tab.goto(again.page("page.html"))
            live.ready()
            assert live.cell(2).locator("pre").first.inner_text().strip() == "print('kept')"
            assert live.run(2).strip() == "kept"


def test_a_connection_that_was_lost_comes_back(book, browser, tabs):
    context = browser.new_context()
    context.add_init_script(COLLECT_SOCKETS)
    with book.open(tabs, "page.html", context) as live:
        live.run(1)
        live.tab.evaluate(COLLECT_MESSAGES)
        live.tab.evaluate("window.sockets.forEach(socket => socket.close())")
        # it may be connected again before anybody looks
        wait_until(lambda: "连接断了" in live.tab.evaluate("window.messages.join()"), "the loss is told", timeout=30)
        wait_until(lambda: live.kernel == "空闲", "connected again", timeout=30)
        assert live.run(2).strip() == "42"  # the variables are still there
    context.close()


def test_a_server_that_slept(own, tabs):
    with own.open(tabs, "page.html") as live:
        live.run(1)
        own.process.send_signal(signal.SIGSTOP)
        live.begin(2)
        live.wait(2, "running")
        own.process.send_signal(signal.SIGCONT)
        live.wait(2, "ok")
        assert live.output(2).strip() == "42"


def test_a_tab_that_was_closed_in_the_middle_of_a_run(book, browser, tabs):
    before, context = book.kernels().keys(), browser.new_context()
    with book.open(tabs, "page.html", context) as live:
        live.begin(2, "import subprocess\nsubprocess.Popen(['sleep', '1000'], start_new_session=True)\nprint('begun')\n"
                      "while True: pass")
        live.cell(2).locator(".live-output").get_by_text("begun").wait_for()
        kernel, = book.kernels().keys() - before
        pids = book.kernels()[kernel]
        assert len(pids) >= 2
    wait_until(lambda: not [pid for pid in pids if Path(f"/proc/{pid}").exists()], "all its processes end", timeout=20)
    context.close()


def test_a_page_that_was_loaded_anew(book, live):
    before = book.kernels().keys()
    live.run(1)
    live.run(2, "print(x)")
    live.tab.reload()
    live.ready()
    live.told("上一个内核结束了")
    live.do("运行到第 2 个")
    live.wait(2, "ok")
    assert live.output(2).strip() == "20"
    wait_until(lambda: len(book.kernels().keys() - before) == 1, "the old kernel has ended")


def test_two_tabs_have_two_kernels_and_the_same_edits(book, browser, tabs):
    context = browser.new_context()
    with book.open(tabs, "page.html", context) as one, book.open(tabs, "page.html", context) as two:
        one.run(1, "x = 1; print(x)")
        wait_until(lambda: "x = 1" in two.cell(1).locator("pre").first.inner_text(), "the other tab follows")
        assert "另一个标签页" in two.advice(1).inner_text() and two.output(1) == ""
        two.run(2, state="error")
        two.write(1, "x = 2; print(x)")
        two.tab.keyboard.press("Shift+Enter")
        two.wait(1)
        assert one.run(2, "print(x)").strip() == "1" and two.run(2).strip() == "2"
        one.button(1, "还原").click()
        wait_until(lambda: two.cell(1).locator(".cm-content").inner_text().startswith("import time"), "it follows")
        two.cell(1).locator(".cm-content").focus()
        one.write(1, "x = 3")
        two.advice(1).get_by_role("button", name="换成那边的").click()
        assert two.cell(1).locator(".cm-content").inner_text() == "x = 3"
    context.close()


def test_pages_opened_and_closed_leave_nothing(own, browser, tabs):
    """Neither processes nor descriptors, and no memory worth speaking of."""
    def visit(count):
        context = browser.new_context()
        for _ in range(count):
            with own.open(tabs, "page.html", context) as live:
                live.begin(3)
                live.wait(3)
        context.close()
        wait_until(lambda: not own.kernels(), "the end of all kernels", timeout=60)

    def held():
        status = Path(f"/proc/{own.process.pid}/status").read_text()
        return (len(os.listdir(f"/proc/{own.process.pid}/fd")), int(status.partition("VmRSS:")[2].split()[0]))

    visit(2)  # what is loaded once
    (descriptors, memory), folder = held(), sockets(own)
    visit(PAGES)
    wait_until(lambda: held()[0] <= descriptors, f"{descriptors} descriptors, {held()[0]} now")
    wait_until(lambda: sockets(own) == folder, "no file of a kernel is left")
    assert held()[1] - memory < 1000 * PAGES + 3000, "KB"


def sockets(book):
    folder = next(Path(word) for pid in Path("/proc").glob("[0-9]*") for word in _arguments(pid)
                  if word.startswith(("/tmp/live-", f"{os.environ.get('TMPDIR', '/tmp')}/live-")) and _child(pid, book))
    return sorted(path.name for path in folder.iterdir() if path.name.startswith(("kernel-", "cells-")))


def _arguments(pid):
    try:
        return (pid / "cmdline").read_text().split("\0")
    except OSError:
        return []


def _child(pid, book):
    return f"PPid:\t{book.process.pid}\n" in (pid / "status").read_text()
