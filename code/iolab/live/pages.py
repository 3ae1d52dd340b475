"""The pages of the built book, to those who have the token, and in each that has cells the script that runs them."""

import re
from pathlib import Path

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.routing import Matcher, Rule

CELL = b'class="cell_input'
FOREIGN = """<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>需要 token</title>
<p>这本书只给在这台机器上打开它的人看：请用 <code>make read</code> 打印的、带 token 的地址打开。
<p>服务器重新启动过，就有一个新的地址；改动过的单元格和答案还在这个浏览器里。</html>"""
# A page that runs whatever its reader writes gains nothing from forbidding scripts; what counts is what they reach.
POLICY = ("default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'; base-uri 'none'; "
          "form-action 'self'")


class Guarded(JupyterHandler):
    """What only somebody with the token, or the cookie that it gave, may read."""

    def refuse_strangers(self):
        if not self.current_user:
            self.set_status(403)
            self.finish(FOREIGN)
        return self._finished

    @property
    def content_security_policy(self):
        return POLICY

    def set_default_headers(self):
        super().set_default_headers()
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Referrer-Policy", "same-origin")  # the token stands in the first address
        self.set_header("X-Content-Type-Options", "nosniff")

    def check_xsrf_cookie(self):
        """Nothing here changes anything."""


class Page(Guarded):
    """A page of HTML. One with cells gets the scripts of `bundle` at the end of its head; no file is changed."""

    def initialize(self, folder, bundle):
        self.folder, self.bundle = folder, bundle

    @allow_unauthenticated  # answers by itself who may not: JupyterHandler would lead to a form for a password
    async def get(self, path):
        if self.refuse_strangers():
            return
        _ = self.xsrf_token  # sets the cookie that the page's own requests repeat
        file = (self.folder / (path or "index.html")).resolve()
        if not file.is_relative_to(self.folder) or not file.is_file():
            raise web.HTTPError(404)
        html = file.read_bytes()
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        if CELL in html:
            html = html.replace(b"</head>", head(self.base_url, self.bundle) + b"</head>", 1)
        self.finish(html)


class File(Guarded, web.StaticFileHandler):
    """Everything else of a folder: styles, pictures, scripts."""

    @allow_unauthenticated
    async def get(self, path, include_body=True):
        if not self.refuse_strangers():
            await web.StaticFileHandler.get(self, path, include_body)

    @allow_unauthenticated
    async def head(self, path):
        await self.get(path, include_body=False)


class Refused(web.RequestHandler):
    def prepare(self):
        self.set_status(403)
        self.finish("403: this server answers its own pages only, under its own name\n")


class Foreign(Matcher):
    """Requests under another name than `names`, or from a page that stands under another.

    DNS can point any name here, and the pages of that name then count as ours; jupyter_server, for its part, would
    listen to any page that has the token.
    """

    def __init__(self, names):
        self.names = names

    def match(self, request):
        host, origin = request.host.lower(), request.headers.get("Origin")
        own = host in self.names and origin in (None, f"http://{host}")
        return None if own else {}


def head(base_url, bundle):
    """What a page with cells is given (bytes): the style that keeps room for the buttons, and the script."""
    live = url_path_join(base_url, "live")
    chunks = re.findall(r'from"\./([\w-]+\.js)"', Path(bundle, "main.js").read_text(encoding="utf-8"))
    return "".join([
        f'<link rel="stylesheet" href="{live}/main.css">',
        *(f'<link rel="modulepreload" href="{live}/{chunk}">' for chunk in chunks),
        f'<script type="module" src="{live}/main.js"></script>',
    ]).encode()


def add(application, base_url, html, bundle, names):
    """Let a jupyter_server application serve the book below book/ and its scripts below live/, under `names` only."""
    page = {"folder": html, "bundle": bundle}
    application.add_handlers(".*$", [
        (url_path_join(base_url, r"book/(.*\.html|)"), Page, page),
        (url_path_join(base_url, "book/(.*)"), File, {"path": str(html)}),
        (url_path_join(base_url, "live/(.*)"), File, {"path": str(bundle)}),
    ])
    application.default_router.rules.insert(0, Rule(Foreign(names), Refused))
