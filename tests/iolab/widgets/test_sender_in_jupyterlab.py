"""A reader with mouse and keyboard in a real JupyterLab."""

import re
import statistics
import threading
import time

import pytest

import servers
from iolab.procfs import net, stat
from jupyterlab_driver import output, restart_kernel, run_all, run_cell, save
from processes import wait_until
from soak import amount

SERVE = """
import os
from iolab import sender, serve
server = serve("day4/tcp_server.py")
print(server.pid, server.port)
"""
MAKE = "s = sender(server)\ns"
BARE = """
import socket, statistics, time
with socket.create_connection(server.address) as bare:
    trips = []
    for _ in range(100):
        began = time.perf_counter()
        bare.sendall(b"ping")
        bare.recv(100)
        trips.append((time.perf_counter() - began) * 1000)
print("%.3f %.3f" % (statistics.median(trips), sorted(trips)[94]))
"""
MEMORY = r"import re; print(re.search(r'VmRSS:\s*(\d+)', open('/proc/self/status').read())[1])"
WATCH_ECHO = """() => {
  window.trips = [];
  let began = null;
  document.addEventListener('keydown', event => { if (event.key === 'Enter') began = performance.now() }, true);
  new MutationObserver(() => {
    const rows = [...document.querySelectorAll('.iolab-sender-box tr')].map(row => row.textContent);
    if (began !== null && rows.some(row => row.includes('←') && row.includes('"m' + window.trips.length + '"'))) {
      window.trips.push(performance.now() - began);
      began = null;
    }
  }).observe(document.querySelector('.iolab-sender-box'), {childList: true, subtree: true, characterData: true});
}"""


class Desk:
    """The one sender on a page."""

    def __init__(self, page):
        self.page, self.box = page, page.locator(".iolab-sender-box")
        self.field = self.box.get_by_placeholder("输入消息")

    def click(self, name):
        self.box.get_by_role("button", name=name, exact=True).click()

    def connect(self):
        self.click("连接")
        self.see("已连接")

    def enter(self, text):
        self.field.fill(text)
        self.field.press("Enter")

    def see(self, text, timeout=15):
        self.page.wait_for_function(
            "text => document.querySelector('.iolab-sender-box').innerText.includes(text)", arg=text,
            timeout=timeout * 1000)

    def calls(self, sign):
        """The number of bytes of each logged call in this direction."""
        return [int(row[2]) for row in self.rows() if row[1].startswith(sign)]

    def received(self):
        """How many bytes the status line says have come."""
        return int(re.search(r"共收 (\d+)", self.box.inner_text())[1])

    def rows(self):
        """The log's rows as lists of str."""
        return self.page.evaluate("""() => [...document.querySelectorAll('.iolab-sender-box tr')].slice(1)
            .map(row => [...row.cells].map(cell => cell.innerText))""")


@pytest.fixture
def open_page(jupyterlab, lab_page, request):
    """open_page(cell, …) writes a notebook, opens it and runs it all; its kernel ends with the test."""
    def opened(*cells):
        name = re.sub(r"\W", "_", request.node.name) + ".ipynb"
        jupyterlab.write(name, *cells)
        jupyterlab.open(lab_page, name)
        run_all(lab_page)
        return lab_page

    return opened


def test_a_reader_talks_to_a_server_until_it_dies_and_restarts_the_kernel(jupyterlab, open_page):
    page = open_page(SERVE, MAKE, "if 'dead' in globals():\n    os.kill(server.pid, 9)\ndead = True")
    desk = Desk(page)
    desk.connect()
    desk.see("ESTABLISHED")
    desk.enter("你好，世界")
    desk.see("← 收到")
    sent, received = [row for row in desk.rows() if row[1][:1] in ("→", "←")]
    assert sent[2:5] == ["15", '"你好，世界"', "e4 bd a0 e5 a5 bd ef bc 8c e4 b8 96 e7 95 8c"]
    assert received[2:5] == sent[2:5] and float(received[5]) > 0
    desk.see("到来")
    desk.enter("你好，世界")
    wait_until(lambda: desk.calls("←") == [15, 15], "the same message once more")

    desk.box.get_by_label("连发").fill("100")
    desk.box.get_by_label("连发").press("Tab")
    desk.field.fill("粘")
    desk.click("发送")
    wait_until(lambda: sum(desk.calls("←")) == 330, "the echo of 100 messages")
    assert len(desk.calls("→")) > 2 * len(desk.calls("←"))

    run_cell(page, 2)
    desk.see("CLOSE_WAIT")
    desk.see("收到 FIN")
    desk.field.fill("有人吗")
    desk.click("发送")
    desk.see("BrokenPipeError（EPIPE）")

    run_cell(page, 0)
    pid, port = map(int, output(page, 0).inner_text().split())
    run_cell(page, 1)
    desk.connect()
    assert connections(port)
    restart_kernel(page)
    wait_until(lambda: not connections(port), "the connection's end")
    wait_until(lambda: pid not in [one.pid for one in stat.everyone()], "the server's end")
    kernels = [one for one in stat.descendants(jupyterlab.pid) if one.state != "Z"]
    assert len(kernels) == 1 and not stat.descendants(kernels[0].pid)


def test_running_the_cell_again_ends_the_old_sender(open_page):
    page = open_page(SERVE, MAKE)
    desk = Desk(page)
    _, port = map(int, output(page, 0).inner_text().split())
    desk.connect()
    assert len(connections(port)) == 1
    run_cell(page, 1)
    wait_until(lambda: not connections(port), "the end of the old connection")
    assert desk.box.count() == 1
    desk.connect()
    assert len(connections(port)) == 1


def test_deleting_the_cell_ends_its_sender(open_page):
    page = open_page(SERVE, MAKE, "1 + 1")
    _, port = map(int, output(page, 0).inner_text().split())
    Desk(page).connect()
    page.locator(".jp-CodeCell .jp-InputPrompt").nth(1).click()
    page.keyboard.press("d")
    page.keyboard.press("d")
    run_cell(page, 1)
    wait_until(lambda: not connections(port), "the end of the deleted cell's connection")


def connections(port):
    """This machine's ends of connections to `port` that a program still holds."""
    return [one for one in net.tcp() if one.remote[1] == port and one.state in ("ESTABLISHED", "CLOSE_WAIT")]


def test_a_flood_leaves_the_page_free(open_page):
    enough, chunk, stop, flooded = amount(30_000_000, 100_000_000), b"x" * 100_000, threading.Event(), []

    def flood(conn):
        sent = 0
        while not stop.is_set():
            conn.sendall(chunk)
            sent += len(chunk)
        flooded.append(sent)
        servers.echo(conn)

    with servers.tcp(flood) as (_, port):
        page = open_page(f"from iolab import sender\nsender('127.0.0.1', {port})", MEMORY)
        desk = Desk(page)
        before = int(output(page, 1).inner_text())
        desk.click("连接")
        wait_until(lambda: desk.received() > enough, f"{enough} bytes", timeout=100)
        began = time.monotonic()
        run_cell(page, 1)
        took = time.monotonic() - began
        assert took < 20, f"a cell took {took:.1f} s during the flood"
        assert int(output(page, 1).inner_text()) - before < 50_000
        assert "不再保留" in desk.box.inner_text() and len(desk.rows()) <= 250
        there = desk.received()
        wait_until(lambda: desk.received() > there, "the flood goes on")
        stop.set()
        wait_until(lambda: flooded == [desk.received()], "all of the flood", timeout=60)  # or the echo sticks to it
        desk.enter("还在吗")
        desk.see('"还在吗"')


def lines_of(desk, sign):
    return [row[3] for row in desk.rows() if row[1].startswith(sign)]


BUSY = """
import threading, time
def burn(end):
    while os.path.exists("busy") and time.monotonic() < end:
        sum(range(10000))
open("busy", "w").close()
threading.Thread(target=burn, args=(time.monotonic() + 20,)).start()   # two threads share the kernel's GIL
"""


def test_no_key_is_lost_however_fast_a_reader_types(jupyterlab, open_page):
    """Lines at 30 ms a key, the next right behind each Enter; the kernel is busy, at times for half a second."""
    page = open_page(SERVE, MAKE, BUSY)
    desk = Desk(page)
    desk.connect()
    run_cell(page, 2)
    typed = [f"line {number:02}" for number in range(amount(6, 50))]
    desk.field.click()
    for line in typed:
        page.keyboard.type(line, delay=30)
        page.keyboard.press("Enter")
        assert desk.field.input_value() == ""
    wait_until(lambda: len(lines_of(desk, "→")) == len(typed), "all lines are sent", timeout=60)
    (jupyterlab.folder / "busy").unlink()
    assert lines_of(desk, "→") == [f'"{line}"' for line in typed]


def test_quick_fills_arrive_whole_and_in_order(open_page):
    """While a cell runs, the kernel sees nothing, and then only the newest of all values."""
    page = open_page(SERVE, MAKE, "import time\ntime.sleep(3)")
    desk = Desk(page)
    desk.connect()
    page.locator(".jp-CodeCell .cm-content").nth(2).click()
    page.keyboard.press("Control+Enter")
    for number in range(5):
        desk.enter(f"msg{number}")
    desk.field.fill("by button")
    desk.click("发送")
    desk.field.fill("a draft")
    wait_until(lambda: len(lines_of(desk, "→")) == 6, "all are sent")
    assert lines_of(desk, "→") == [*(f'"msg{number}"' for number in range(5)), '"by button"']
    assert desk.field.input_value() == "a draft"


def test_what_cannot_be_sent_comes_back_into_the_field(open_page):
    page = open_page(SERVE, MAKE)
    desk = Desk(page)
    desk.connect()
    desk.click("十六进制")
    desk.enter("4g")
    desk.see("十六进制里不能有 'g'")
    wait_until(lambda: desk.field.input_value() == "4g", "the refused text is back")
    desk.field.press("Backspace")
    desk.field.press("8")
    desk.field.press("Enter")
    desk.see('"H"')
    assert desk.field.input_value() == ""


def test_enter_that_chooses_a_chinese_character_sends_nothing(open_page):
    page = open_page(SERVE, MAKE)
    desk = Desk(page)
    desk.connect()
    desk.field.fill("ni hao")
    desk.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    assert desk.field.input_value() == "ni hao"
    desk.enter("你好")
    desk.see('"你好"')
    assert lines_of(desk, "→") == ['"你好"']


def test_a_page_that_is_opened_again_shows_the_still(jupyterlab, open_page):
    page = open_page(SERVE, MAKE)
    desk = Desk(page)
    still = output(page, 1).locator(".iolab-still")
    assert not still.is_visible()
    desk.connect()
    desk.enter("before the end")
    desk.see('← 收到')
    wait_until(lambda: "before the end" in still.text_content(), "the still is renewed")
    save(page)
    file, = jupyterlab.folder.glob("test_a_page_that_is_opened_again*")
    wait_until(lambda: "before the end" in file.read_text(encoding="utf-8"), "the page is saved")
    jupyterlab.shut_kernels()
    jupyterlab.open(page, file.name, fresh=True)
    still = output(page, 1).locator(".iolab-still")
    still.wait_for(state="visible")
    assert '"before the end"' in still.inner_text()
    page.wait_for_function("document.body.textContent.includes('model not found')")  # it is there, and hidden
    assert "model not found" not in output(page, 1).inner_text()


HELD = """
import gc, os, threading, ipywidgets
gc.collect()
children = open("/proc/self/task/%d/children" % os.getpid()).read().split()
print(len(os.listdir("/proc/self/fd")), threading.active_count(), len(children),
      len(ipywidgets.widgets.widget._instances), len(get_ipython().kernel.comm_manager.comms))
"""


def test_a_cell_that_runs_again_gives_back_what_it_held(open_page):
    page = open_page(SERVE + MAKE + "\ns.connect()\ns", "from iolab import serve\nserve('day4/udp_server.py')", HELD)
    run_cell(page, 0)
    run_cell(page, 1)
    run_cell(page, 2)
    before = output(page, 2).inner_text()
    for _ in range(amount(3, 20)):
        run_cell(page, 0)
        run_cell(page, 1)

    def grown():
        run_cell(page, 2)
        after = output(page, 2).inner_text()
        return [int(now) - int(was) for was, now in zip(before.split(), after.split(), strict=True)]

    deadline = time.monotonic() + 20  # the last server's end is not waited for
    while max(held := grown()) > 2:
        assert time.monotonic() < deadline, held


def test_enter_to_echo(open_page, record_property, capsys):
    page = open_page(SERVE, BARE, MAKE)
    desk = Desk(page)
    desk.connect()
    page.evaluate(WATCH_ECHO)
    for number in range(amount(20, 100)):
        desk.enter(f"m{number}")
        page.wait_for_function("count => window.trips.length > count", arg=number)
    trips = page.evaluate("window.trips")
    bare = output(page, 1).inner_text().strip()
    figures = {"median": statistics.median(trips), "p95": sorted(trips)[len(trips) * 95 // 100 - 1], "bare": bare}
    record_property("enter_to_echo_ms", figures)
    with capsys.disabled():
        print("\nEnter to echo in the log: median %(median).1f ms, 95th percentile %(p95).1f ms; "
              "bare socket (median, 95th percentile): %(bare)s ms" % figures)
    assert figures["median"] < 500


def test_the_log_is_copied_and_cleared(open_page):
    page = open_page(SERVE, MAKE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    desk = Desk(page)
    desk.connect()
    desk.enter("复制我")
    desk.see("← 收到")
    desk.click("复制记录")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert '"复制我"' in copied and "→ 发送\t9\t" in copied
    desk.click("清空记录")
    wait_until(lambda: desk.rows() == [], "an empty log")
