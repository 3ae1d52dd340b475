"""The built book, served and opened."""

import fcntl
import subprocess
import sys
import threading
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from machine_driver import PAGE, MachinePage, needs_machine
from pages import ROOT, is_current


@pytest.fixture(scope="session")
def built_book(tmp_path_factory):
    """The folder of the HTML: what `make book` has built, if that would not build it again; or else built from nothing,
    once for all workers, and a warning fails it."""
    if is_current():
        return ROOT / "book" / "_build" / "html"
    base = tmp_path_factory.getbasetemp()
    if base.name.startswith("popen-"):  # a worker of pytest-xdist: its neighbours share the parent
        base = base.parent
    html = base / "book" / "_build" / "html"
    with open(base / "book.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (base / "book.done").exists():
            command = [Path(sys.executable).parent / "jupyter-book", "build", "-W", "-n", "--keep-going"]
            command += ["--path-output", base / "book", "book"]
            build = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
            assert build.returncode == 0, build.stdout[-2000:] + build.stderr[-4000:]
            (base / "book.done").touch()
    return html


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def site(built_book):
    """The address of the book on a loopback web server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=built_book)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session", params=["http", "file"])
def origin(request, built_book):
    """The book's address, once on a web server and once as opened from disk."""
    return request.getfixturevalue("site") if request.param == "http" else built_book.as_uri() + "/"


@pytest.fixture(scope="session")
def reader(tabs):
    """``with reader(origin, width=360, ...) as (tab, trouble)``: a tab with no way out of the book.

    ``trouble`` collects every request to another host, failed request, console message and page error.
    """

    @contextmanager
    def opened(origin, width=1280, height=900, **options):
        def look(request):
            if not request.url.startswith((origin, "data:", "about:")):
                trouble.append(f"asks another host: {request.url}")

        trouble = []
        with tabs.open(viewport={"width": width, "height": height}, **options) as tab:
            tab.context.on("request", look)  # no route(): that would take every request's cache away
            tab.on("requestfailed", lambda request: trouble.append(f"failed: {request.url} {request.failure}"))
            tab.on("response", lambda answer: answer.status >= 400 and trouble.append(f"{answer.status}: {answer.url}"))
            tab.on("console", lambda message: trouble.append(f"console {message.type}: {message.text}"))
            tab.on("pageerror", lambda error: trouble.append(f"error: {error}"))
            try:
                yield tab, trouble
            finally:
                tab.context.remove_listener("request", look)

    return opened


@pytest.fixture(scope="module")
def origin_of_machine(request):
    needs_machine()
    return request.getfixturevalue("site")


@pytest.fixture(scope="module")
def machine(origin_of_machine, browser):
    """A page whose Linux runs, its first command typed by a listing's button."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = MachinePage(context.new_page())
    page.asked = []
    page.tab.on("request", lambda request: page.asked.append(request.url))
    page.tab.goto(origin_of_machine + PAGE)
    page.unfold()
    page.tab.get_by_role("button", name="在终端里运行：day4/tcp_server.py").click()
    page.agree()
    yield page
    assert not page.errors, page.errors
    context.close()
