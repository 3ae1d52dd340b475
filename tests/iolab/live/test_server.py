"""The server: who may ask what of it, and what is left when it has ended."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import jupyter_client
import pytest

from iolab.live import address
from iolab.procfs import stat
from live_driver import BUNDLE, LiveBook
from processes import marked, wait_until

PATHS = ["book/page.html", "book/index.html", "live/main.js", "api/kernels"]
HANDSHAKE = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(book, path, method="GET", token=True, body=None, **headers):
    """The (status, body) of an answer; redirects are not followed."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers |= {"Authorization": f"token {book.token}"} if token else {}
    request = urllib.request.Request(f"{book.base}/{path}", method=method, headers=headers, data=body)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def start_kernel(book):
    status, body = ask(book, "api/kernels", "POST", body=b'{"name": "python3"}')
    assert status == 201, body
    return json.loads(body)["id"]


def folder_of(book):
    """The folder that the running server keeps for its kernels."""
    found = [Path(argument) for pid in stat.children(book.process.pid)
             for argument in Path(f"/proc/{pid.pid}/cmdline").read_text().split("\0") if "/live-" in argument]
    return next(path if path.is_dir() else path.parent for path in found)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_without_the_token(book, path):
    status, body = ask(book, path, token=False)
    assert status == 403
    assert b"print(" not in body and book.token.encode() not in body


def test_a_wrong_token_is_none(book):
    assert ask(book, "api/kernels", token=False, Authorization="token 0000")[0] == 403
    assert ask(book, "book/page.html?token=0000", token=False)[0] == 403
    assert ask(book, "api/kernels", "POST", token=False, body=b"{}")[0] == 403


@pytest.mark.parametrize("host", ["evil.example", "evil.example:{port}", "127.0.0.1.evil.example:{port}", "127.0.0.1",
                                  "127.0.0.1:1", "192.0.2.1:{port}", "[::2]:{port}", ""])
@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_name_is_refused_even_with_the_token(book, path, host):
    """DNS rebinding: the browser then sends the name of the other page as Host."""
    assert ask(book, path, Host=host.format(port=book.port))[0] in (400, 403)


def test_the_own_names_are_answered(book):
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert ask(book, "api/kernels", Host=f"{host}:{book.port}")[0] == 200, host


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://127.0.0.1:{port}",
                                    "http://localhost:{port}"])
def test_a_foreign_page_reaches_no_kernel_even_with_the_token(book, origin):
    origin = origin.format(port=book.port)
    assert ask(book, "api/kernels", "POST", body=b'{"name": "python3"}', Origin=origin)[0] == 403
    kernel = start_kernel(book)
    try:
        for headers in (HANDSHAKE, {}):
            status, _ = ask(book, f"api/kernels/{kernel}/channels", Origin=origin, **headers)
            assert status == 403
        assert ask(book, f"api/kernels/{kernel}", "DELETE", Origin=origin)[0] == 403
        assert ask(book, f"api/kernels/{kernel}/channels", token=False, **HANDSHAKE)[0] == 403
    finally:
        assert ask(book, f"api/kernels/{kernel}", "DELETE")[0] == 204


def test_a_request_with_the_cookie_must_repeat_the_other_cookie(book):
    """So that a form on another page of the same site, which the cookie goes with, starts nothing."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    opener.open(book.url, timeout=10).close()
    before = {kernel["id"] for kernel in json.loads(opener.open(f"{book.base}/api/kernels", timeout=10).read())}
    with pytest.raises(urllib.error.HTTPError) as caught:
        opener.open(f"{book.base}/api/kernels", data=b'{"name": "python3"}', timeout=10)
    assert caught.value.code == 403
    assert book.kernels().keys() <= before  # of other tests some may still be ending


def test_the_icon_that_browsers_ask_for_unasked_is_no_trouble(book):
    root = "/".join(book.base.split("/")[:3])
    with urllib.request.urlopen(f"{root}/favicon.ico", timeout=10) as answer:
        assert (answer.status, answer.read()) == (204, b"")


@pytest.mark.parametrize(("headers", "status"), [
    ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"}, 403),
    ({"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}, 403),  # another port
    ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"}, 403),
    ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}, 200),
    ({"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"}, 200),
])
@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_page_may_only_lead_to_a_page(book, path, headers, status):
    assert ask(book, path, **headers)[0] == status


def test_no_other_server_of_this_host_sees_the_cookie_that_opens(book, browser, tabs, tmp_path):
    """Browsers send cookies to all ports: one of another user here, or one that a page tells its reader to write."""
    context, seen = browser.new_context(), []

    class Other(BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.headers.get("Cookie", ""))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    with (ThreadingHTTPServer(("127.0.0.1", 0), Other) as other, LiveBook(book.html, tmp_path / "log") as two):
        Thread(target=other.serve_forever).start()
        try:
            for one in (book, two, book, two):
                with one.open(tabs, "page.html", context) as live:
                    live.run(3)  # two books at once do not disturb each other
                    context.request.get(f"http://127.0.0.1:{other.server_port}/book/page.html")
        finally:
            other.shutdown()
    context.close()
    assert len(seen) == 4 and not any("username" in cookie for cookie in seen)


@pytest.mark.parametrize("method", ["POST", "PUT", "TRACE", "NONE"])
def test_other_methods_are_refused_quietly(book, method):
    for path in ("book/page.html", "live/main.js", "book/%00", "book/nowhere.html", "book/nowhere.css"):
        for token in (True, False):
            assert ask(book, path, method, token=token)[0] == 405
        assert ask(book, path)[0] in (200, 404)
    assert "[E " not in book.log


def test_an_address_of_the_last_time_says_so(book):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{book.port}/0123456789abcdef/book/page.html", timeout=10)
    assert caught.value.code == 403 and "make read" in caught.value.read().decode()


@pytest.mark.parametrize("path", ["api/contents", "api/sessions", "api/terminals", "terminals/1", "lab", "tree",
                                  "files/page.html", "view/page.html", "nbconvert/html/page", "api/shutdown",
                                  "api/config/x", "login", "logout", "metrics", "api", "api/me", "favicon.ico"])
def test_nothing_else_is_served(book, path):
    assert ask(book, path)[0] == 404


@pytest.mark.parametrize("path", ["book/../secret.html", "book/%2e%2e/secret.html", "book/link.html", "book/link.css",
                                  "book/..%2fsecret.html",
                                  "book//etc/passwd", "live/..%2f..%2fpyproject.toml"])
def test_no_file_outside_is_served(book, html_folder, path):
    secret = html_folder.parent / "secret.html"
    secret.write_text("secret")
    for name in ("link.html", "link.css"):
        if not (html_folder / name).is_symlink():
            (html_folder / name).symlink_to(secret)
    status, body = ask(book, path)
    assert status in (403, 404) and b"secret" not in body and b"root:" not in body


def test_only_a_page_with_cells_gets_the_script_and_no_file_changes(book, html_folder):
    for name, given in (("page.html", True), ("index.html", False)):
        written = (html_folder / name).read_bytes()
        status, served = ask(book, f"book/{name}")
        assert status == 200 and (b"live/main.js" in served) == given
        if given:
            start, end = served.index(b'<link rel="stylesheet" href="/'), served.index(b"</head>")
            served = served[:start] + served[end:]
        assert served == written


def test_the_server_listens_at_one_port_of_loopback_and_kernels_at_none(book):
    kernel = start_kernel(book)
    try:
        connection = json.loads(next(folder_of(book).glob(f"kernel-{kernel}.json")).read_text())
        assert connection["transport"] == "ipc"
        assert len(f"{connection['ip']}-9") <= 107
        with socket.socket() as other:
            other.bind(("127.0.0.2", book.port))  # would be taken if the server listened at all addresses
    finally:
        ask(book, f"api/kernels/{kernel}", "DELETE")


@contextmanager
def client_of(book, kernel):
    client = jupyter_client.BlockingKernelClient(connection_file=str(folder_of(book) / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels(hb=False)  # whose heart has not begun to beat is not dead
    try:
        client.wait_for_ready(timeout=60)
        yield client
    finally:
        client.stop_channels()


def run_in(book, kernel, code):
    with client_of(book, kernel) as client:
        reply = client.execute(code, reply=True, timeout=60)
    assert reply["content"]["status"] == "ok", reply["content"]


def test_what_a_kernel_says_faster_than_it_is_read_is_not_lost(book):
    """Nor is the word that the run has ended, without which its cell would seem to run for ever."""
    kernel, most = start_kernel(book), 6000
    with client_of(book, kernel) as client:
        asked = client.execute(f"from IPython.display import display\nfor i in range({most}): display(i)")
        with suppress(queue.Empty):  # nobody reads for so long; one that loses nothing waits
            client.get_shell_msg(timeout=3)
        said = []
        while said[-1:] != ["idle"]:
            message = client.get_iopub_msg(timeout=20)
            if message["parent_header"].get("msg_id") == asked:
                said.append(message["content"].get("execution_state", message["msg_type"]))
    assert said.count("display_data") == most
    assert ask(book, f"api/kernels/{kernel}", "DELETE")[0] == 204


STUBBORN = """
import subprocess, signal
subprocess.Popen(["sh", "-c", "trap '' TERM INT HUP; while :; do sleep 1; done"], start_new_session=True)
open("written", "w").write("by a cell")
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_however_the_server_ends(html_folder, tmp_path, number, monkeypatch):
    mark = f"live-{tmp_path}"
    monkeypatch.setenv("LIVE_TEST_MARK", mark)
    monkeypatch.setenv("TMPDIR", tempfile.mkdtemp(prefix="t"))
    with LiveBook(html_folder, tmp_path / "log") as book:
        run_in(book, start_kernel(book), STUBBORN)
        assert len(marked(mark)) >= 4  # the server, who waits for its end, the kernel, and what a cell started
        status = book.end(number)
        assert status == (-signal.SIGKILL if number == signal.SIGKILL else 0), book.log
        wait_until(lambda: not marked(mark), "the end of all processes")
        wait_until(lambda: not os.listdir(os.environ["TMPDIR"]), "the end of all files")
    assert "Traceback" not in book.log


def test_with_a_kernel_goes_what_it_started(book):
    kernel = start_kernel(book)
    mark = f"IOLAB_LIVE_KERNEL={kernel}"
    run_in(book, kernel, STUBBORN)
    assert len(marked(mark)) >= 2
    assert ask(book, f"api/kernels/{kernel}", "DELETE")[0] == 204
    wait_until(lambda: not marked(mark), "the end of the kernel's processes")
    wait_until(lambda: not [*folder_of(book).glob("cells-*"), *folder_of(book).glob("kernel-*")], "no file of a kernel")


def test_the_port_is_that_of_the_last_time(monkeypatch, tmp_path):
    monkeypatch.setattr(address, "REMEMBERED", tmp_path / "port")
    ports = []
    for _ in range(2):
        sockets = address.listen("127.0.0.1")
        ports.append(sockets[0].getsockname()[1])
        [one.close() for one in sockets]
    assert ports[0] == ports[1]
    with socket.create_server(("127.0.0.1", ports[0])):
        sockets = address.listen("127.0.0.1")  # taken: another, and the first is not forgotten
        assert sockets[0].getsockname()[1] != ports[0] == int((tmp_path / "port").read_text())
        [one.close() for one in sockets]
    (tmp_path / "port").write_text("no number")
    [one.close() for one in address.listen("127.0.0.1")]


def test_the_network_comes_in_only_when_asked_and_is_warned_of(html_folder, tmp_path):
    with LiveBook(html_folder, tmp_path / "log", host="0.0.0.0") as book:
        wait_until(lambda: "can run programs here as you" in book.log, "the warning")
        assert address.named("0.0.0.0") in book.base and "0.0.0.0" not in book.base
        assert ask(book, "api/kernels")[0] == 200
        assert ask(book, "api/kernels", token=False)[0] == 403
        assert ask(book, "api/kernels", Host=f"evil.example:{book.port}")[0] == 403


@pytest.mark.parametrize(("arguments", "said"), [
    (["{empty}", "--bundle", str(BUNDLE)], "run make book first"),
    (["{html}", "--bundle", "{empty}"], ".ci/bundle/bundle makes them"),
    (["{html}", "--bundle", str(BUNDLE), "--host", "192.0.2.1"], "Cannot listen on 192.0.2.1"),
])
def test_what_is_wrong_is_one_sentence(html_folder, tmp_path, arguments, said):
    if not BUNDLE.exists():
        pytest.skip("lacks the scripts of live pages: .ci/bundle/bundle makes them")
    command = [one.format(html=html_folder, empty=tmp_path) for one in arguments]
    done = subprocess.run([sys.executable, "-m", "iolab.live", *command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and said in done.stderr and len(done.stderr.splitlines()) == 1
