"""The live book on a jupyter_server that is already there: a user's own on a JupyterHub, below /user/NAME/book/.

Enabled by  c.ServerApp.jpserver_extensions = {"iolab.live.extension": True};  .ci/jupyterhub_config.py shows the whole.
Who may read and run is that server's affair; so is the end of kernels that a closed page leaves behind.
"""

from pathlib import Path
from urllib.parse import urlencode

from traitlets import Unicode
from traitlets.config import Configurable

from iolab.live import pages

HERE = Path(__file__).parents[3]


class LiveBook(Configurable):
    """Where the book is: `html`, as `make book` builds it; `bundle`, the scripts that .ci/bundle/bundle makes; and
    `beside`, the folder of the pages' sources in the server's own (""), next to whose pages cells run."""

    html = Unicode(str(HERE / "book/_build/html"), config=True)
    bundle = Unicode(str(HERE / ".venv/live"), config=True)
    beside = Unicode("book", config=True)


class ToLogin:
    """A stranger is led to the server's login, and from there back to the page."""

    def refuse_strangers(self):
        if not self.current_user and self.request.method == "GET":
            login = self.get_login_url()   # a hub's says itself where to come back
            self.redirect(login if "?" in login else f"{login}?{urlencode({'next': self.request.uri})}")
            return True
        return super().refuse_strangers()


class Page(ToLogin, pages.Page):
    pass


def _jupyter_server_extension_points():
    return [{"module": __name__}]


def _load_jupyter_server_extension(app):
    """Add the pages to `app` (ServerApp); where the book is not built, say so and add nothing."""
    book = LiveBook(parent=app)
    for file, made in ((Path(book.html, "index.html"), "make book"), (Path(book.bundle, "main.js"), "make read")):
        if not file.exists():
            app.log.error("No live book: %s is missing, %s makes it.", file, made)
            return
    app.web_app.add_handlers(".*$", pages.routes(app.base_url, Path(book.html), Path(book.bundle), book.beside, Page))
    app.log.info("The live book: %sbook/index.html", app.base_url)
