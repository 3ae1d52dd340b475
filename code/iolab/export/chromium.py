"""The Chromium that prints the PDF and that the tests drive.

Run as a script it prints where it is, or fails: `make test` asks that way.
"""

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from playwright._impl import _driver
from playwright.sync_api import Error, sync_playwright

# The first has no window: a new tab costs it a fifth of the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class DriverError(RuntimeError):
    """The program with which playwright drives a browser does not run here; the message is its own."""


@contextmanager
def driver():
    """sync_playwright(), after a look whether its Node runs: otherwise it would only say that a connection closed."""
    done = subprocess.run([*_driver.compute_driver_executable(), "--version"], capture_output=True, text=True)
    if done.returncode:
        raise DriverError(f"playwright's driver does not run: {(done.stderr or done.stdout).strip()}")
    with sync_playwright() as playwright:
        yield playwright


def executable():
    """The path of an installed Chromium or Chrome, else of playwright's own; None when there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    with driver() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


@contextmanager
def paper_tab():
    """A tab for pages of this disk that run no script, no other host within its reach.

    Raises DriverError, also where there is no Chromium, and for what goes wrong in the tab.
    """
    path = executable()
    if not path:
        raise DriverError("no Chromium to print with: install Chromium or Chrome (Debian: apt-get install chromium)")
    with driver() as playwright:
        try:
            with playwright.chromium.launch(executable_path=path, args=FLAGS) as browser:
                yield browser.new_context(java_script_enabled=False, offline=True).new_page()
        except Error as error:
            raise DriverError(f"{path} did not print: {error.message.strip()}") from error


if __name__ == "__main__":
    try:
        sys.exit(print(executable()) if executable() else "no Chromium")
    except DriverError as error:
        sys.exit(str(error))
