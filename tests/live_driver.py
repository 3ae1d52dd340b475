"""The server of live pages for the tests, and what a reader does on such a page, with playwright."""

import html
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cells import sanitizers
from processes import marked, wait_until

ROOT = Path(__file__).parent.parent
BUNDLE = ROOT / ".venv/live"
DONE = "{ok: 1, error: 1}"
IGNORED = "nbval-ignore-output"  # the tag of a cell whose output nbval does not compare
KEYS = ("text/plain", "text/html", "text/markdown")

# A page that tests of the front need
CELLS = [  # (tags, code, recorded output or None)
    ("", "import time\nx = 20", None),
    ("", "print(x + 22)", "42"),
    ("", "print('this time')", "in the book"),
    ("answer:double", "def double(n): ...", None),
    ("check:double", "print('正确' if double(4) == 8 else '还不对')", "还不对"),
    ("", "time.sleep(0)", "something"),
]


def page(cells):
    """The HTML of a page of cells, in the classes of MyST-NB."""
    return ('<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>A page</title>\n'
            '<link rel="icon" href="data:,"></head><body><main><h1>A page</h1>\n'
            f'{"".join(_cell(*cell) for cell in cells)}</main></body></html>')


def _cell(tags, code, recorded):
    tag = f"tag_{tags} " if tags else ""
    output = f'<div class="cell_output"><div class="output stream">{_listing(recorded)}</div></div>' if recorded else ""
    return (f'<div class="cell {tag}docutils container"><div class="cell_input"><div class="highlight-python">'
            f"{_listing(code)}</div></div>{output}</div>\n<p>Text.</p>")


def _listing(text):
    return f'<div class="highlight"><pre><span></span>{html.escape(text)}\n</pre></div>'


SANITIZERS = sanitizers().values()


def clean(text):
    for pattern, instead in SANITIZERS:
        text = pattern.sub(instead, text)
    return text


def recorded(cell):
    """What a cell of a notebook has printed and shown, as nbval compares it."""
    return _told((output.output_type, output) for output in cell.outputs)


def given(run):
    """The same of what an engine gave the page (`outputs` of run_all)."""
    return _told((event["kind"], event) for event in run["outputs"])


def _told(outputs):
    found = {}
    for kind, output in outputs:
        if kind == "stream":
            found[output["name"]] = found.get(output["name"], "") + output["text"]
        elif kind == "error":
            found["error"] = output.get("ename") or output["name"]
        else:
            for key in KEYS:
                if key in output["data"]:
                    found.setdefault(key, []).append(clean("".join(output["data"][key])))
    return {key: clean(value) if isinstance(value, str) else value for key, value in found.items()}


class LiveBook:
    """`python -m iolab.live` for the HTML of a folder, at a port that the kernel chooses. A context manager."""

    def __init__(self, folder, log, **options):
        self.html, self._log = Path(folder), Path(log)
        self._options = [word for name, value in ({"port": 0} | options).items() for word in (f"--{name}", str(value))]

    def __enter__(self):
        if not (BUNDLE / "main.js").exists():
            pytest.skip("lacks the scripts of live pages: `make read`, `make test` or .ci/bundle/bundle makes them")
        with open(self._log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "iolab.live", self.html, "--bundle", BUNDLE, *self._options],
                env=os.environ | {"BROWSER": ""}, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        try:
            self.url = wait_until(self._address, f"the live book listens: {self.log}", timeout=60)
        except BaseException:
            self.end()
            raise
        self.base, self.token = self.url.partition("/book/")[0], self.url.partition("token=")[2]
        self.port = int(re.search(r":(\d+)/", self.base)[1])
        return self

    def __exit__(self, *_):
        self.end()

    def end(self, number=signal.SIGTERM):
        """Send a signal, wait for the end, and return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)

    @property
    def log(self):
        return self._log.read_text()

    def _address(self):
        assert self.process.poll() is None, self.log
        found = re.search(r"^Live: (\S+)$", self.log, re.M)
        return found and found[1]

    def ask(self, path):
        """What the server's API answers about `path`."""
        request = urllib.request.Request(f"{self.base}/{path}", headers={"Authorization": f"token {self.token}"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())

    def kernels(self):
        """{id: the pids of the kernel and of all that it has started} of each kernel that runs."""
        return {kernel["id"]: marked(f"IOLAB_LIVE_KERNEL={kernel['id']}") for kernel in self.ask("api/kernels")}

    def page(self, name):
        return f"{self.base}/book/{name}?token={self.token}"

    @contextmanager
    def open(self, tabs, name, context=None, **options):
        """A LivePage in a tab of its own (tabs.py) or of another `context`. Errors of the page fail the test."""
        with ExitStack() as stack:
            options = {"viewport": {"width": 1280, "height": 900}} | options
            page = LivePage(context.new_page() if context else stack.enter_context(tabs.open(**options)))
            if context:
                stack.callback(page.leave)
            page.tab.goto(self.page(name))
            page.ready()
            yield page
            assert not page.errors, page.errors


class LivePage:
    """A live page as its reader handles it. Cells are counted from 1, as the page does."""

    def __init__(self, tab):
        self.tab, self.errors = tab, []
        tab.on("pageerror", lambda error: self.errors.append(str(error)))

    def leave(self):
        if not self.tab.is_closed():
            self.tab.close()

    def ready(self):
        self.tab.locator(".live-run").first.wait_for(state="attached")
        self.unfold()

    def unfold(self):
        """Show all that is folded: whole scripts, and the code of cells."""
        self.tab.evaluate("document.querySelectorAll('details.hide').forEach(one => { one.open = true })")
        for button in self.tab.get_by_role("button", name="显示代码").all():
            button.click()

    def cell(self, number):
        return self.tab.locator("div.cell:has(> .cell_input)").nth(number - 1)

    def button(self, number, name):
        return self.cell(number).locator(".live-buttons").get_by_role("button", name=name)

    def state(self, number):
        return self.cell(number).get_attribute("data-live")

    def wait(self, number, state="ok", timeout=60):
        """Wait until a cell is in this state: idle, waiting, running, ok or error."""
        try:
            self.tab.wait_for_function("""([at, state]) =>
                document.querySelectorAll('div.cell:has(> .cell_input)')[at].dataset.live === state""",
                                       arg=[number - 1, state], timeout=timeout * 1000)
        except Exception as error:
            raise AssertionError(f"cell {number} is {self.state(number)} after {timeout} s, not {state}; the bar says "
                                 f"{self.kernel!r}; the cell shows {self.output(number)!r}") from error

    def write(self, number, code):
        """Put other code into a cell, as a reader does."""
        self.button(number, "编辑").click()
        self.cell(number).locator(".cm-content:focus").wait_for()
        self.tab.keyboard.press("Control+A")
        self.tab.keyboard.press("Delete")
        self.tab.keyboard.insert_text(code)

    def begin(self, number, code=None):
        if code is not None:
            self.write(number, code)
            self.tab.keyboard.press("Shift+Enter")
        else:
            self.cell(number).locator(".live-run").click()

    def run(self, number, code=None, state="ok"):
        """Run a cell, with other code if some is given, and return what it shows."""
        self.begin(number, code)
        self.wait(number, state)
        return self.output(number)

    def output(self, number):
        shown = self.cell(number).locator(".live-output")
        return shown.inner_text() if shown.count() else ""

    def advice(self, number):
        return self.cell(number).locator(".live-advice")

    @property
    def kernel(self):
        """What the bar says of the kernel."""
        return self.tab.locator(".live-state").inner_text().strip()

    @property
    def message(self):
        return self.tab.locator(".live-message")

    def told(self, text, timeout=30):
        """Wait until the bar says it."""
        self.message.get_by_text(text).wait_for(timeout=timeout * 1000)

    def do(self, action):
        """Press a button of what the bar says."""
        self.message.get_by_role("button", name=action).click()

    def tool(self, name):
        return self.tab.locator(".live-tools").get_by_role("button", name=name)

    def run_all(self, timeout=120):
        """Run the whole page; return for each cell its status, and its outputs as they are when it ends."""
        self.tab.evaluate("""() => { const runs = window.runs = {};
            document.addEventListener('live-run', ({detail}) => { runs[detail.number] = JSON.stringify(detail) }) }""")
        self.tool("全部运行").click()
        self.tab.wait_for_function(
            f"""() => {{ const states = [...document.querySelectorAll('div.cell')].map(cell => cell.dataset.live);
                return states.at(-1) in {DONE} || states.includes('error'); }}""", timeout=timeout * 1000)
        return {int(number): json.loads(run) for number, run in self.tab.evaluate("window.runs").items()}
