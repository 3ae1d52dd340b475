"""The pages of the built book, to those who have the token, and in each that has cells the script that runs them."""

import re
from pathlib import Path
from urllib.parse import urlencode

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import url_path_join
from tornado import web
from tornado.routing import Matcher, PathMatches, Rule

CELL = b'class="cell_input'
# The address with the token opens the book once; no bookmark and no picture of the screen needs it afterwards
TOKEN_GOES = b"""<script>{ const address = new URL(location); address.searchParams.delete("token");
history.replaceState(history.state, "", address) }</script>"""
LOST = """<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>{status}</title>
<p>{status}：书里没有这个地址。<a href="{home}">回到首页</a></html>"""
FOREIGN = """<!DOCTYPE html><html lang="zh-CN"><meta charset="utf-8"><title>需要 token</title>
<p>这本书只给在这台机器上打开它的人看：请用 <code>make read</code> 打印的、带 token 的地址打开。
<p>服务器重新启动过，就有一个新的地址；改动过的单元格和答案还在这个浏览器里。</html>"""
# A page that runs whatever its reader writes gains nothing from forbidding scripts; what counts is what they reach.
POLICY = ("default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob:; frame-ancestors 'self'; base-uri 'none'; "
          "form-action 'self'")


class Guarded(JupyterHandler):
    """What only somebody with the token, or the cookie that it gave, may read."""

    def write_error(self, status_code, **_):
        self.finish(LOST.format(status=status_code, home=url_path_join(self.base_url, "book/index.html")))

    def refuse_strangers(self):
        if "\0" in self.path_args[0]:
            raise web.HTTPError(404)
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
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def check_xsrf_cookie(self):
        """Nothing here changes anything."""


class Page(Guarded):
    """A page of HTML. One with cells gets the scripts of `bundle` at the end of its head; no file is changed."""

    def initialize(self, folder, bundle, beside=""):
        self.folder, self.bundle, self.beside = folder, bundle, beside

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
            html = html.replace(b"</head>", head(self.base_url, self.bundle, self.beside) + b"</head>", 1)
        if self.get_query_argument("token", ""):
            html = html.replace(b"</head>", TOKEN_GOES + b"</head>", 1)
        self.finish(html)

    @allow_unauthenticated
    async def head(self, path):
        await self.get(path)


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
    def initialize(self, status, why):
        self.set_status(status)
        self.why = why

    def prepare(self):
        self.finish(self.why or None)


class Foreign(Matcher):
    """Requests under another name than `names`, or from a page that stands under another.

    DNS can point any name here, and the pages of that name then count as ours; jupyter_server, for its part, would
    listen to any page that has the token.
    """

    def __init__(self, names):
        self.names = names

    def match(self, request):
        host, headers = request.host.lower(), request.headers
        own = host in self.names and headers.get("Origin") in (None, f"http://{host}")
        own &= headers.get("Sec-Fetch-Site") not in ("cross-site", "same-site") or self.follows_a_link(request)
        return None if own else {}

    @staticmethod
    def follows_a_link(request):
        """What pages of others may do: lead to a page. What it shows stays with the browser."""
        return (request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
                and request.headers.get("Sec-Fetch-Dest") == "document")


class Unlike(Matcher):
    """Requests for a path that does not begin like this (a pattern)."""

    def __init__(self, known):
        self.known = re.compile(known)

    def match(self, request):
        return None if self.known.match(request.path) else {}


def head(base_url, bundle, beside=""):
    """What a page with cells is given (bytes): the style that keeps room for the buttons, and the script."""
    query = f"?{urlencode({'beside': beside})}" if beside else ""
    live = url_path_join(base_url, "live")
    chunks = re.findall(r'from"\./([\w-]+\.js)"', Path(bundle, "main.js").read_text(encoding="utf-8"))
    return "".join([
        f'<link rel="stylesheet" href="{live}/main.css">',
        *(f'<link rel="modulepreload" href="{live}/{chunk}">' for chunk in chunks),
        f'<script type="module" src="{live}/main.js{query}"></script>',
    ]).encode()


def routes(base_url, html, bundle, beside="", page=Page):
    """Handlers for the book below book/ and its scripts below live/; beside: see extension.py."""
    return [
        (url_path_join(base_url, r"book/(.*\.html|)"), page, {"folder": html, "bundle": bundle, "beside": beside}),
        (url_path_join(base_url, "book/(.*)"), File, {"path": str(html)}),
        (url_path_join(base_url, "live/(.*)"), File, {"path": str(bundle)}),
    ]


def add(application, base_url, html, bundle, names):
    """Let a jupyter_server application serve the book and its scripts, under `names` only."""
    application.add_handlers(".*$", routes(base_url, html, bundle))
    own, begin = re.escape(base_url), application.default_router.rules
    begin[:0] = [
        Rule(Foreign(names), Refused, {"status": 403, "why": "this server answers its own pages only\n"}),
        Rule(PathMatches("/favicon.ico$"), Refused, {"status": 204, "why": ""}),  # browsers ask for it unasked
        Rule(Unlike(own), Refused, {"status": 403, "why": FOREIGN}),
        # jupyter_server offers more than a live page needs: forms for passwords, figures for operators …
        Rule(Unlike(rf"{own}(?:book/|live/|api/kernels(?:/|$)|$)"), Refused, {"status": 404, "why": "nothing here\n"}),
    ]
