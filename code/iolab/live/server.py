"""jupyter_server, reduced to the kernels' API, with the pages of the book beside it."""

import logging
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from jupyter_server.serverapp import ServerApp
from tornado.httpserver import HTTPServer
from tornado.websocket import WebSocketClosedError
from traitlets.config import Config

from iolab.live import address, leftovers, pages
from iolab.live.kernels import PageKernels

AWAY = 600  # seconds that a phone may sleep before its kernel ends
MOST_BYTES, MOST_MESSAGES = 20e6, 10_000  # of output a second
SAME_SITE = {"samesite": "Strict"}
MOST = 100  # bytes: a Unix socket's path has at most 107, on other systems 103


class Server(ServerApp):
    """Serves a book and its kernels. Reads no configuration: a reader's own is for the reader's own servers."""

    default_services = ("auth", "kernels")

    def load_config_file(self, suppress_errors=True):
        pass

    def migrate_config(self):
        pass

    def init_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stop(from_signal=True))

    async def _cleanup(self):
        await super()._cleanup()
        await self.kernel_manager.cleared()


def serve(html, bundle, host, port, sources, browser):
    """Serve the book in `html` with the scripts in `bundle` (Paths) until a signal comes; print the address first."""
    try:
        sockets = address.listen(host, port)
    except OSError as error:
        sys.exit(f"Cannot listen on {host}: {error.strerror}. "
                 "HOST is an address of this machine, 0.0.0.0 for all of them.")
    logging.getLogger("asyncio").addFilter(told)
    port, token = sockets[0].getsockname()[1], secrets.token_hex(24)
    # A browser sends a cookie to every port of a host, unless its path differs: no other server may see this one's
    root = f"/{secrets.token_hex(8)}/"
    with Room() as room:
        folders = dict.fromkeys(("runtime_dir", "config_dir", "data_dir"), str(room.folder))
        app = Server(**folders, config=settings(room.folder, host, port, root, token, sources, browser))
        app.initialize(argv=[], find_extensions=False, new_httpserver=False)
        pages.add(app.web_app, app.base_url, html, bundle, address.names(host, port))
        app._http_server = HTTPServer(app.web_app)  # as init_httpserver does, but with sockets that are bound already
        app.io_loop.add_callback(app.http_server.add_sockets, sockets)
        app.io_loop.add_callback(
            announce, f"http://{address.named(host)}:{port}{root}book/index.html?token={token}", host)
        app.start()


def told(record):
    """Whether it need be said: a page that closed while a kernel spoke is no error."""
    return not (record.exc_info and isinstance(record.exc_info[1], WebSocketClosedError))


def announce(url, host):
    print(f"Live: {url}\nCtrl-C ends it.", flush=True)
    if not address.is_local(host):
        print(f"Whoever in the network sees this address can run programs here as you: {host} is not only this machine."
              " Ctrl-C when you are done.", file=sys.stderr, flush=True)


def settings(folder, host, port, root, token, sources, browser):
    """All settings of jupyter_server that differ from its own."""
    config = Config()
    config.ServerApp.update({
        "ip": host, "port": port, "allow_root": True, "open_browser": browser,
        "base_url": root, "default_url": f"{root}book/",
        "root_dir": str(folder), "cookie_secret": secrets.token_bytes(32),
        "allow_remote_access": not address.is_local(host), "kernel_manager_class": PageKernels,
        # jupyter_server and the page's script, with a JupyterLab beside them, would find different ones of two paths
        "tornado_settings": {"compress_response": not address.is_local(host),
                             "xsrf_cookie_kwargs": SAME_SITE | {"path": "/"}},
        "log_level": logging.ERROR,
    })
    config.ZMQChannelsWebsocketConnection.iopub_data_rate_limit = MOST_BYTES
    config.ZMQChannelsWebsocketConnection.iopub_msg_rate_limit = MOST_MESSAGES
    config.IdentityProvider.update({"token": token, "cookie_options": SAME_SITE.copy()})
    config.PageKernels.update({"patience": 15 if address.is_local(host) else AWAY, "shutdown_wait_time": 2,
                               "sources": str(sources)})
    config.KernelManager.update({"transport": "ipc", "shutdown_wait_time": 2})
    config.KernelRestarter.update({"restart_limit": 0, "time_to_dead": 0.5})  # a dead kernel is said to be dead
    config.KernelSpecManager.kernel_dirs = []  # the Python that serves is the one that runs the cells
    return config


class Room:
    """A folder for sockets of kernels and for what cells write. It and all processes go, however the server ends."""

    def __enter__(self):
        usual = tempfile.gettempdir()
        self.folder = Path(tempfile.mkdtemp(prefix="live-", dir=usual if len(usual) < MOST - 60 else "/tmp"))
        mark = os.environ[leftovers.SERVER_MARK] = secrets.token_hex(8)
        environment = {name: value for name, value in os.environ.items() if name != leftovers.SERVER_MARK}
        self._waiting = subprocess.Popen(
            [sys.executable, "-I", "-S", leftovers.__file__, mark, self.folder], stdin=subprocess.PIPE, env=environment,
            start_new_session=True, stdout=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        self._waiting.stdin.close()
        self._waiting.wait()
