"""What goes wrong around the Linux in the page and inside it: each time a clear sentence, and nothing is stuck."""

import contextlib
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from machine_driver import PAGE, MachinePage
from processes import wait_until

NOTHING_KEPT = "Object.defineProperty(window, 'caches', {value: undefined})"
FULL = "Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'))"
SET_ITEM_FAILS = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }"
VISIBILITY = """hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});
    document.dispatchEvent(new Event('visibilitychange')) }"""
DAMAGE = """async () => { const kept = await caches.open('iolab-machine');
    const found = (await kept.keys()).find(({url}) => url.includes('state.zst'));
    const bytes = new Uint8Array(await (await kept.match(found)).arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    await kept.put(found, new Response(bytes)) }"""


@pytest.fixture
def another(machine, origin_of_machine):
    """another(script): one more tab with the same page, `script` run before it."""
    tabs = []

    def opened(script=None):
        page = MachinePage(machine.tab.context.new_page())
        tabs.append(page.tab)
        page.asked = []
        page.tab.on("request", lambda request: page.asked.append(request.url))
        if script:
            page.tab.add_init_script(script)
        page.tab.goto(origin_of_machine + PAGE)
        page.unfold()
        return page

    yield opened
    for tab in tabs:
        tab.close()


@pytest.fixture(scope="module", autouse=True)
def cells(machine):
    """The first cell has run, the drawer is out of the way."""
    machine.tab.get_by_role("button", name="收起", exact=True).click()
    machine.start()


def open_terminal(machine):
    """A new terminal, its number."""
    before = machine.tab.locator(".machine-pane").count()
    machine.tool("终端").click()
    machine.tab.locator(".machine-drawer").wait_for()
    if before:
        machine.tab.get_by_role("button", name="＋ 终端").click()
    panes = machine.tab.locator(".machine-pane")
    wait_until(lambda: panes.count() > before, "a terminal")
    number = int(panes.last.get_attribute("data-shell"))
    machine.until(lambda screen: re.search(r"[$#] *$", screen.rstrip()), number)
    return number


def hide_terminals(machine):
    if machine.tab.locator(".machine-drawer").is_visible():  # it goes with the last terminal
        machine.tab.get_by_role("button", name="收起", exact=True).click()


def begin_anew(machine):
    """The button of the bar, and then a cell runs."""
    machine.tool("重来").click()
    machine.told("重新启动了", timeout=90)
    assert "42" in machine.run(3, "print(6 * 7)")


def test_a_hidden_tab_stands_still_and_goes_on_with_the_right_time(machine):
    machine.begin(3, "import time\nfor number in range(100): time.sleep(0.1); print(number)\nprint(time.time())")
    machine.wait(3, "running")
    wait_until(lambda: "3\n" in machine.output(3), "it counts")
    for hidden in (True, False, True, False, True):  # faster than the emulator stops
        machine.tab.evaluate(VISIBILITY, hidden)
    machine.tab.wait_for_timeout(1000)
    before = machine.output(3)
    machine.tab.wait_for_timeout(2000)
    assert machine.output(3) == before
    machine.tab.evaluate(VISIBILITY, False)
    machine.wait(3)
    assert abs(float(machine.output(3).split()[-1]) - time.time()) < 30


def test_a_page_that_is_loaded_again_in_the_middle_of_a_run_says_what_is_lost(another):
    page = another()
    page.start()
    page.begin(3, "while True: pass")
    page.wait(3, "running")
    page.tab.reload()
    page.unfold()
    page.tab.locator(".machine-run").first.click()
    page.told("上一个内核结束了")
    page.wait(1)
    assert "again" in page.run(2, "print('again')")


@pytest.mark.parametrize("script", [NOTHING_KEPT, FULL, SET_ITEM_FAILS], ids=["no cache", "cache full", "storage full"])
def test_it_starts_where_nothing_can_be_kept(machine, another, script):
    if script == FULL:
        machine.tab.evaluate("caches.delete('iolab-machine')")
    page = another(script)
    page.start()
    assert "on" in page.run(2, "print('on')")
    assert not page.errors


def test_a_damaged_part_is_loaded_again(another):
    another().start()  # now it is kept
    page = another()
    page.tab.evaluate(DAMAGE)
    page.start()
    assert any("state.zst" in url for url in page.asked)
    page = another()
    page.start()
    assert not any("state.zst" in url for url in page.asked)


class Half(BaseHTTPRequestHandler):
    """Promises a lot, gives half of it and hangs up."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "17000000")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(bytes(8_000_000))

    def log_message(self, *arguments):
        pass


@contextlib.contextmanager
def half_a_server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Half) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_a_network_that_breaks_is_told_and_the_next_try_works(machine, another):
    machine.tab.evaluate("caches.delete('iolab-machine')")
    page = another()
    with half_a_server() as url:
        page.tab.route("**/state.zst*", lambda route: route.continue_(url=url))
        page.tab.locator(".machine-run").first.click()
        page.told("下载到一半断了")
    page.tab.unroute("**/state.zst*")
    page.tab.route("**/state.zst*", lambda route: route.abort())
    page.button(2, "运行").first.click()
    page.told("网络断了")
    page.tab.unroute("**/state.zst*")
    assert "on" in page.run(2, "print('on')")


def test_much_output_can_be_stopped_and_all_of_it_comes(machine):
    machine.begin(3, "for _ in range(10 * 1024): print('x' * 1023)")
    machine.wait(3, timeout=300)
    machine.begin(3, "while True: print('x' * 1023)")
    machine.wait(3, "running")
    machine.tab.wait_for_timeout(3000)
    machine.tool("停止").click()
    machine.wait(3, "error", timeout=30)
    assert "on" in machine.run(3, "print('on')")


def test_a_full_tmp_is_a_plain_error_and_scripts_still_run(machine):
    fill = "with open('/tmp/full', 'wb') as file:\n    while True: file.write(bytes(1 << 20))"
    assert "No space left" in machine.run(3, fill, state="error")
    assert "子进程" in machine.run(3, "from iolab import run\nrun('day5/fork.py')")
    machine.run(3, "import os\nos.remove('/tmp/full')")


def test_memory_that_is_used_up_is_named(machine):
    machine.run(3, "kept = []\nwhile True: kept.append(bytearray(b'x' * (1 << 20)))", state="error")
    if "MemoryError" not in machine.output(3):
        machine.told("内存用完了", timeout=60)
    assert "on" in machine.run(3, "print('on')")


def test_a_fork_bomb_in_a_cell_ends_with_its_kernel(machine):
    machine.begin(3, "import os, time\nwhile True:\n    try: os.fork()\n    except OSError: time.sleep(1)")
    machine.wait(3, "running")
    machine.tab.wait_for_timeout(5000)
    begin_anew(machine)
    assert int(machine.run(3, "import os\nprint(sum(map(str.isdigit, os.listdir('/proc'))))")) < 120


def test_a_fork_bomb_in_a_terminal_leaves_the_cells_alone_and_ends_with_it(machine):
    number = open_terminal(machine)
    machine.type(":(){ :|:& };:", number)
    machine.until(lambda screen: "Resource temporarily unavailable" in screen, number)
    hide_terminals(machine)
    assert "42" in machine.run(3, "print(6 * 7)")
    machine.tool("终端").click()
    machine.tab.get_by_role("button", name="关掉终端").click()
    machine.terminal(number).wait_for(state="detached")
    hide_terminals(machine)
    count = "import os\nprint(sum(map(str.isdigit, os.listdir('/proc'))))"
    wait_until(lambda: int(machine.run(3, count)) < 120, "init has reaped them")


def test_a_killed_kernel_is_noticed_when_no_cell_runs(machine):
    pid = machine.run(3, "import os\nprint(os.getpid())").strip()
    number = open_terminal(machine)
    machine.type(f"kill -9 {pid}", number)
    machine.told("运行单元格的 Python 进程结束了")
    machine.type("exit", number)
    machine.terminal(number).wait_for(state="detached")
    hide_terminals(machine)
    assert "on" in machine.run(3, "print('on')")


def test_a_fork_that_outlives_its_kernel_hides_no_end(machine):
    machine.run(3, "import os, time\nif not os.fork(): time.sleep(100)\nos._exit(1)", state="error")
    machine.told("运行单元格的 Python 进程结束了")
    assert "on" in machine.run(3, "print('on')")


@pytest.mark.parametrize("victim", ["supervisor", "forge"])
def test_a_killed_supervisor_is_a_new_machine(machine, victim):
    number = open_terminal(machine)
    machine.type(f"pkill -9 -f '^{victim}'", number)
    machine.told("关掉了", timeout=60)
    assert "on" in machine.run(3, "print('on')")
    assert "子进程" in machine.run(3, "from iolab import run\nrun('day5/fork.py')")


def test_after_it_was_shut_down_it_can_be_opened_again(machine):
    open_terminal(machine)
    machine.tab.get_by_role("button", name="关机").click()
    machine.told("关掉了")
    number = open_terminal(machine)
    machine.type("echo a''gain", number)
    machine.until(lambda screen: "again" in screen, number)
    hide_terminals(machine)
    assert "on" in machine.run(3, "print('on')")
