"""The live book on a server that is there already, below /user/NAME/ as on a JupyterHub; and on a real hub."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from live_driver import BUNDLE, LivePage, page
from pages import ROOT
from processes import listens, wait_until

SERVER = [sys.executable, "-m", "jupyter_server"]
BASE, TOKEN = "/user/ann", "token-of-a-test"
HUB = Path(os.environ.get("HUB", sys.prefix), "bin")    # where jupyterhub and jupyterhub-singleuser are
PROXY = shutil.which("configurable-http-proxy", path=os.pathsep.join(
    [str(ROOT / ".venv/hub/node_modules/.bin"), os.environ.get("PATH", "")]))


@contextmanager
def running(command, ready, log, **env):
    """Run a server until the end of the block; what `ready` (a pattern) finds in its log is given.

    A group of the pattern is its port; it is waited for, too: jupyter_server names it some time before it listens.
    """
    with open(log, "w") as out, tempfile.TemporaryDirectory(prefix="hub-") as sockets:
        names = ("CONFIG_DIR", "DATA_DIR")
        places = {f"JUPYTER_{name}": f"{log.parent}/{name}" for name in names} | {"JUPYTER_RUNTIME_DIR": sockets}
        server = subprocess.Popen(command, env=os.environ | places | env, stdin=subprocess.DEVNULL, stdout=out,
                                  stderr=subprocess.STDOUT, cwd=log.parent)

        def found():
            assert server.poll() is None, log.read_text()
            said = re.search(ready, log.read_text())
            return said and (not said.groups() or listens(int(said[1]))) and said

        try:
            yield wait_until(found, f"a server says {ready}", timeout=90)
        finally:
            server.terminate()
            server.wait(30)


@pytest.fixture(scope="module")
def server(html_folder, tmp_path_factory):
    """(address, log) of a jupyter_server at a base URL, with the extension and the folder of a book's sources."""
    if not (BUNDLE / "main.js").exists():
        pytest.skip("lacks the scripts of live pages: `make read`, `make test` or .ci/bundle/bundle makes them")
    home = tmp_path_factory.mktemp("extension")
    (home / "root/book/part").mkdir(parents=True)
    (html_folder / "part").mkdir(exist_ok=True)
    (html_folder / "part/deep.html").write_text(page([("", "import os\nprint(os.getcwd())", "elsewhere")]))
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--ServerApp.base_url={BASE}/",
               f"--ServerApp.root_dir={home / 'root'}", f"--IdentityProvider.token={TOKEN}",
               "--KernelManager.transport=ipc", "--ServerApp.jpserver_extensions={'iolab.live.extension': True}",
               f"--LiveBook.html={html_folder}", f"--LiveBook.bundle={BUNDLE}"]
    with running([*SERVER, *options], r"http://127\.0\.0\.1:(\d+)/", home / "log") as found:
        yield f"http://127.0.0.1:{found[1]}{BASE}", home
    assert "Traceback" not in (home / "log").read_text()


def test_a_page_runs_below_a_base_url_and_beside_its_sources(server, browser):
    url, home = server
    context = browser.new_context()
    try:
        tab = LivePage(context.new_page())
        tab.tab.goto(f"{url}/book/part/deep.html?token={TOKEN}")
        tab.ready()
        assert TOKEN not in tab.tab.url, "no bookmark needs it"
        assert str(home / "root/book/part") in tab.run(1)
        assert tab.errors == []
    finally:
        context.close()


@pytest.mark.parametrize("path", ["book/page.html", "book/part/deep.html"])
def test_a_stranger_is_led_to_the_login_and_back(server, path):
    url, _ = server
    with urllib.request.urlopen(f"{url}/{path}", timeout=10) as answer:
        assert f"{BASE}/login?next=" in answer.url and path.replace("/", "%2F") in answer.url
        assert b"cell_input" not in answer.read()


@pytest.mark.parametrize("path", ["live/main.js", "api/kernels"])
def test_a_stranger_gets_no_script_and_no_kernel(server, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{server[0]}/{path}", timeout=10)
    assert refused.value.code == 403


def test_a_book_that_is_not_built_is_told(tmp_path):
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--ServerApp.root_dir={tmp_path}",
               "--ServerApp.jpserver_extensions={'iolab.live.extension': True}", f"--LiveBook.html={tmp_path}"]
    with running([*SERVER, *options], r"No live book: .* makes it", tmp_path / "log") as found:
        assert found[0].endswith("index.html is missing, make book makes it")


def test_the_hub_leaves_it_to_the_user_to_bring_the_pages(tmp_path, monkeypatch):
    """Root would write, and give away, what a user's link leads to."""
    place, home = tmp_path / "the book", tmp_path / "home"
    for folder in (place / "book/_build", place / ".venv/bin", home):
        folder.mkdir(parents=True)
    (place / "book/page.ipynb").write_text("{}")
    (place / "book/_build/page.html").write_text("")
    for name in ("jupyter", "jupyterhub-singleuser"):
        (place / ".venv/bin" / name).write_text('#!/bin/sh\necho "$(basename "$0") $*"\n')
        (place / ".venv/bin" / name).chmod(0o755)
    monkeypatch.setenv("IO_BOOK", str(place))
    config, path = SimpleNamespace(Spawner=SimpleNamespace()), ROOT / ".ci/jupyterhub_config.py"
    exec(compile(path.read_text(encoding="utf-8"), path, "exec"), {"get_config": lambda: config, "__file__": str(path)})
    assert not [name for name in vars(config.Spawner) if "hook" in name]
    for turn in range(2):
        done = subprocess.run([*config.Spawner.cmd, "--port=1"], env={**os.environ, "HOME": str(home)},
                              capture_output=True, text=True, timeout=30)
        trusted, *_ = told = done.stdout.splitlines()
        assert told[-1] == "jupyterhub-singleuser --port=1" and not done.stderr
        assert trusted.startswith("jupyter trust") == (turn == 0)
        (home / "io-book/book/page.ipynb").write_text("changed")
    there = {str(path.relative_to(home)): path.read_text() for path in home.rglob("*") if path.is_file()}
    assert there == {"io-book/book/page.ipynb": "changed", "io-book/.trusted": ""}


@pytest.mark.skipif(not (HUB / "jupyterhub-singleuser").exists() or not PROXY, reason="lacks a JupyterHub: "
                    "pip install jupyterhub, npm install --prefix .venv/hub configurable-http-proxy")
def test_three_users_of_a_real_hub_at_once(server, browser, html_folder, tmp_path):
    """The configuration that .ci shows, with another way to log in and users that this machine does not have."""
    place = tmp_path / "book"   # what a hub's machine has: the pages, their HTML, the scripts, a .venv
    shutil.copytree(ROOT / ".ci", place / ".ci")
    (place / "code/iolab").mkdir(parents=True)
    (place / "code/iolab/labextensions").symlink_to(ROOT / "code/iolab/labextensions")
    (place / "book/part").mkdir(parents=True)
    (place / "book/part/deep.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
    (place / ".venv").symlink_to(HUB.parent)
    config = tmp_path / "config.py"
    config.write_text(f"""
config = {str(place / '.ci/jupyterhub_config.py')!r}
exec(compile(open(config).read(), config, "exec"), {{"get_config": lambda: c, "__file__": config}})
from jupyterhub.utils import random_port
c.JupyterHub.bind_url, c.JupyterHub.hub_port = f"http://127.0.0.1:{{random_port()}}", random_port()
c.ConfigurableHTTPProxy.command, c.ConfigurableHTTPProxy.api_url = [{PROXY!r}], f"http://127.0.0.1:{{random_port()}}"
c.JupyterHub.authenticator_class, c.Authenticator.allow_all, c.DummyAuthenticator.password = "dummy", True, "x"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {str(tmp_path)!r} + "/{{username}}"
c.JupyterHub.db_url, c.JupyterHub.cookie_secret_file = "sqlite:///:memory:", {str(tmp_path / 'cookie')!r}
c.Spawner.args = [*c.Spawner.args, "--allow-root", "--LiveBook.html={html_folder}", "--LiveBook.bundle={BUNDLE}"]
c.Spawner.environment = {{"PYTHONPATH": {str(ROOT / 'code')!r}}}
c.JupyterHub.cleanup_servers = True
""")
    command = [HUB / "jupyterhub", "--config", config]
    contexts = {name: browser.new_context() for name in ("ann", "bob", "cai")}
    try:
        with running(command, r"running at http://127\.0\.0\.1:(\d+)\b", tmp_path / "log",
                     PATH=f"{HUB}{os.pathsep}{os.environ['PATH']}") as found:
            tabs = {name: LivePage(context.new_page()) for name, context in contexts.items()}
            for name, live in tabs.items():
                live.tab.goto(f"http://127.0.0.1:{found[1]}/hub/login?next=/hub/user-redirect/book/part/deep.html")
                live.tab.fill("#username_input", name)
                live.tab.fill("#password_input", "x")
                live.tab.click("#login_submit")
            for name, live in tabs.items():
                live.tab.wait_for_url(f"**/user/{name}/book/part/deep.html", timeout=90_000)
                live.ready()
            for live in tabs.values():
                live.begin(1)
            for name, live in tabs.items():
                live.wait(1)
                assert f"/{name}/io-book/book/part" in live.output(1) and live.errors == []
                assert (tmp_path / name / "io-book/.trusted").exists()
            closed = tabs["ann"].tab.goto(f"http://127.0.0.1:{found[1]}/user/bob/book/part/deep.html")
            assert closed.status == 403
    finally:
        for context in contexts.values():
            context.close()
