"""TLS in the page's Linux: OpenSSL is loaded with the first `import ssl`, and only then; without it a clear error."""

import contextlib

import pytest

from machine_driver import PAGE, MachinePage
from processes import wait_until

PART = "**/tls.zst*"
HANDSHAKE = """import socket, ssl, sys, tempfile, threading
sys.path.append('/book/code/day5')
from tls_common import certificate, contexts
with tempfile.TemporaryDirectory() as folder:
    server, client = contexts(*certificate(folder))
near, far = socket.socketpair()
def serve():
    with server.wrap_socket(far, server_side=True) as conn:
        conn.sendall(conn.recv(100).upper())
thread = threading.Thread(target=serve)
thread.start()
with client.wrap_socket(near, server_hostname='localhost') as conn:
    conn.sendall(b'hello')
    print(conn.recv(100), conn.version())
thread.join()"""
SERVER = """import socket
with serve('day5/tls_server.py', '--folder', '/tmp') as server:
    context = ssl.create_default_context(cafile='/tmp/cert.pem')
    with socket.create_connection(server.address) as conn:
        with context.wrap_socket(conn, server_hostname='localhost') as conn:
            conn.sendall('你好'.encode()); print(conn.recv(100).decode())"""
WITHOUT = """import subprocess
program = ['python3', '-c', 'import ftplib; print(hasattr(ftplib, "FTP_TLS"))']
print(subprocess.run(program, capture_output=True, text=True).stdout)"""
TOGETHER = """import subprocess
program = ['python3', '-c', 'import ftplib, ssl; print(hasattr(ftplib, "FTP_TLS"), ssl.OPENSSL_VERSION)']
others = [subprocess.Popen(program, stdout=subprocess.PIPE, text=True) for _ in range(2)]
import ssl
print([one.communicate()[0].startswith('True OpenSSL 3') for one in others], ssl.OPENSSL_VERSION)"""


def loaded(page):
    return [url for url in page.asked if "tls.zst" in url]


@pytest.fixture(scope="module", autouse=True)
def cells(machine):
    machine.tab.get_by_role("button", name="收起", exact=True).click()
    machine.start()


def test_a_program_without_tls_does_not_load_it(machine):
    machine.run(2, "import asyncio\nprint(await asyncio.sleep(0, 'on'))")
    assert "False" in machine.run(2, WITHOUT)
    assert loaded(machine) == []


def test_without_network_the_import_says_so_and_the_page_is_asked_again_by_the_next(machine):
    machine.tab.route(PART, lambda route: route.abort())
    for _ in range(2):
        told = machine.run(2, "import ssl", state="error")
        assert "ImportError" in told and "没有载入 ssl：下载没有成功：网络断了" in told and "没有带上" not in told
    machine.tab.unroute(PART)
    assert len(loaded(machine)) == 2


def test_an_import_that_waits_can_be_stopped_and_the_page_says_what_it_loads(machine):
    held = []
    machine.tab.route(PART, lambda route: held.append(route))
    machine.begin(2, "import ssl")
    machine.tab.get_by_text("正在载入 ssl（OpenSSL）：0.0 / ").wait_for()
    machine.tool("停止").click()
    machine.wait(2, "error")
    assert "停下来了" in machine.output(2)
    held[0].abort()
    machine.tab.locator(".machine-consent").wait_for(state="detached")
    machine.tab.unroute(PART)


def test_all_who_ask_together_have_it_and_it_is_loaded_once(machine):
    before = len(loaded(machine))
    assert "[True, True] OpenSSL 3" in machine.run(2, TOGETHER)
    assert len(loaded(machine)) == before + 1


def test_a_handshake_in_a_cell(machine):
    assert "b'HELLO' TLSv1.3" in machine.run(2, HANDSHAKE)


def test_scripts_and_servers_and_terminals_have_it_too(machine):
    assert "TLS：口令 看不见" in machine.run(2, "from iolab import run, serve\nrun('day5/tls_wire.py')")
    assert machine.run(2, SERVER).strip() == "你好"
    machine.tool("终端").click()
    machine.tab.get_by_role("button", name="＋ 终端").click()
    machine.terminal(2).wait_for()
    machine.type("python code/day5/tls_pending_fixed.py; echo $? is its end", 2)
    machine.until(lambda screen: "\n0 is its end" in screen and "第 2 次： 三四" in screen, 2)


def test_the_next_page_has_it_from_the_browser(machine, origin_of_machine):
    page = MachinePage(machine.tab.context.new_page())
    page.asked = []
    page.tab.on("request", lambda request: page.asked.append(request.url))
    page.tab.goto(origin_of_machine + PAGE)
    page.unfold()
    page.start()
    assert "OpenSSL 3" in page.run(2, "import ssl\nprint(ssl.OPENSSL_VERSION)")
    assert loaded(page) == []
    page.tab.close()


def test_a_book_from_disk_has_it_too(machine, browser, built_book):
    with contextlib.closing(browser.new_context()) as context:
        page = MachinePage(context.new_page())
        page.tab.goto(built_book.as_uri() + f"/{PAGE}")
        page.unfold()
        page.tab.locator(".machine-run").first.click()
        page.agree()
        wait_until(lambda: page.tab.locator(".live-run").count(), "the first cell has run")
        page.wait(1)
        assert "OpenSSL 3" in page.run(2, "import ssl\nprint(ssl.OPENSSL_VERSION)")
