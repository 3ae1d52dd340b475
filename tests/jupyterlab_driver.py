"""A real JupyterLab for the tests, and how to drive it with playwright."""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
import uuid
from pathlib import Path

import nbformat

from processes import wait_until

ROOT = Path(__file__).parent.parent
PANEL = ".jp-NotebookPanel:not(.lm-mod-hidden)"
TOKEN = "token-of-a-test"
BASE = "/user/x"
EMPTY = """() => window.jupyterapp && !document.querySelector('.jp-Dialog, .lm-Menu')
    && [...jupyterapp.shell.widgets('main')].every(one => !one.context)"""
CLEAR = "() => [...jupyterapp.shell.widgets('main')].forEach(one => one.dispose())"
OPEN = """async path => {
    const panel = await jupyterapp.commands.execute('docmanager:open', {path});
    [...jupyterapp.shell.widgets('main')].filter(one => one !== panel).forEach(one => one.dispose()) }"""
# The status bar may still speak of the notebook before, and a panel is 'idle' before a kernel is attached.
READY = """path => {
    const panel = window.jupyterapp?.shell.currentWidget, kernel = panel?.sessionContext?.session?.kernel;
    return panel?.context?.path === path && kernel?.connectionStatus === 'connected' && kernel.status === 'idle'
        && /Python 3[^]*Idle/.test(document.querySelector('#jp-main-statusbar')?.innerText || '') }"""


class JupyterLab:
    """A server of its own, with settings of its own, that serves `folder` on loopback. A context manager.

    It lives below a base URL, as on a JupyterHub: what asks for /lab or /api at the root finds nothing.
    """

    def __init__(self, folder):
        self.folder, self._home = Path(folder) / "notebooks", Path(folder) / "home"
        self.folder.mkdir()

    def __enter__(self):
        names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR",
                 "IPYTHONDIR")
        self._sockets = tempfile.TemporaryDirectory(prefix="lab-")  # short and over Unix sockets: see kernels.py
        places = {name: str(self._home / name) for name in names} | {"JUPYTER_RUNTIME_DIR": self._sockets.name}
        self._log = open(self.folder.parent / "log", "w+")
        self._server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0",
             f"--ServerApp.base_url={BASE}", f"--ServerApp.root_dir={self.folder}",
             f"--IdentityProvider.token={TOKEN}", "--KernelManager.transport=ipc", "--LabApp.news_url=",
             "--LabApp.expose_app_in_browser=True",
             "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
             f"--LabServerApp.extra_labextensions_path={ROOT / 'code/iolab/labextensions'}"],
            env={**os.environ, **places}, stdin=subprocess.DEVNULL, stdout=self._log, stderr=subprocess.STDOUT,
            cwd=self.folder)
        try:
            self.url = wait_until(self._address, f"JupyterLab listens: {self.log}", timeout=60)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._server.terminate()
        try:
            self._server.wait(15)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()
        self._log.close()
        self._sockets.cleanup()

    @property
    def settings(self):
        """The folder of the reader's settings."""
        return self._home / "JUPYTERLAB_SETTINGS_DIR"

    @property
    def log(self):
        self._log.flush()
        return (self.folder.parent / "log").read_text()

    def _address(self):
        found = re.search(r"http://127\.0\.0\.1:\d+", self.log)
        return found and found[0] + BASE

    def api(self, path, method="GET"):
        """What the server's REST API answers about api/`path`."""
        request = urllib.request.Request(
            f"{self.url}/api/{path}", headers={"Authorization": f"token {TOKEN}"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or "null")

    def shut_kernels(self):
        """End all kernels."""
        for session in self.api("sessions"):
            self.api(f"sessions/{session['id']}", "DELETE")

    def write(self, name, *cells):
        """Write a notebook of these code cells."""
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(notebook, self.folder / name)

    @property
    def pid(self):
        return self._server.pid

    def open(self, page, name, fresh=False):
        """Open a notebook and wait for its kernel: where clear() has left nothing else on the page, as a further one.

        Otherwise, or if fresh, JupyterLab is loaded, in a workspace of its own: five seconds of processor time.
        """
        if not fresh and page.url.startswith(f"{self.url}/lab/") and page.evaluate(EMPTY):
            page.evaluate(OPEN, name)
        else:
            page.goto(f"{self.url}/lab/workspaces/t{uuid.uuid4().hex}/tree/{name}?token={TOKEN}")
        page.wait_for_selector(f"{PANEL} .jp-Notebook .jp-Cell", timeout=60_000)
        page.wait_for_function(READY, arg=name, timeout=60_000)

    def clear(self, page):
        """Close all that is open in the page's JupyterLab, saved or not; kernels go on."""
        page.evaluate(CLEAR)


def run_all(page):
    """Run all cells and wait for their end."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator('.lm-Menu-item:has-text("Run All Cells")').first.click()
    wait_idle(page)


def run_cell(page, number):
    """Run one code cell (from 0) and wait for its end."""
    page.locator(f"{PANEL} .jp-CodeCell .cm-content").nth(number).click()
    page.keyboard.press("Control+Enter")
    wait_idle(page)


def save(page):
    """Save the notebook."""
    page.get_by_role("menuitem", name="File", exact=True).click()
    page.locator('.lm-Menu-item:has-text("Save Notebook")').first.click()


def restart_kernel(page):
    """Restart the kernel and wait until it is idle."""
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.locator('.lm-Menu-item:has-text("Restart Kernel…")').first.click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    page.wait_for_selector(".jp-Dialog", state="detached")
    page.wait_for_function(f"""() => document.querySelector('{PANEL} .jp-Notebook-ExecutionIndicator')
        ?.dataset.status === 'idle'""", timeout=60_000)


def output(page, number):
    """The output area of a code cell (from 0)."""
    return page.locator(f"{PANEL} .jp-CodeCell").nth(number).locator(".jp-Cell-outputArea")


def wait_idle(page, timeout=60):
    page.wait_for_function(f"""() => {{
        const book = document.querySelector('{PANEL} .jp-Notebook');
        const prompts = [...book.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(e => e.textContent.trim());
        return prompts.some(Boolean) && !prompts.some(text => text.includes('*'))
            && document.querySelector('{PANEL} .jp-Notebook-ExecutionIndicator').dataset.status === 'idle' }}""",
        timeout=timeout * 1000)
