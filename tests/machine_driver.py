"""The Linux in the page as its reader uses it, with playwright."""

import time
from pathlib import Path

import pytest

from live_driver import LivePage

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "book/_static/machine/main.js"
PAGE = "network/tcp-socket.html"
START = 240  # seconds, on a busy machine


def needs_machine():
    if not BUILT.exists():
        pytest.skip("lacks the Linux of the page: `make machine` builds it (Debian, npm, some minutes)")


class MachinePage(LivePage):
    """A page whose Linux has been started. Cells are counted from 1."""

    def unfold(self):
        """Show the code of every cell and every listing."""
        super().unfold()
        self.tab.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")

    def agree(self):
        """Say yes to what is loaded, if it is asked, and wait until it runs."""
        self.tab.locator(".machine-yes").click()
        self.tab.locator(".machine-consent").wait_for(state="detached", timeout=START * 1000)

    def start(self):
        """Run the first cell, if none has run: now all have their buttons."""
        if not self.tab.locator(".live-run").count():
            self.tab.locator(".machine-run").first.click()
            self.wait(1, timeout=START)

    def terminal(self, number=1):
        return self.tab.locator(f'.machine-pane[data-shell="{number}"]')

    def screen(self, number=1):
        """What the terminal shows."""
        return self.terminal(number).locator(".xterm-rows").inner_text()

    def type(self, text, number=1):
        self.terminal(number).locator("textarea").focus()
        self.tab.keyboard.insert_text(text)
        self.tab.keyboard.press("Enter")

    def until(self, test, number=1, timeout=60):
        """Wait until test(screen) is true and return the screen."""
        deadline = time.monotonic() + timeout
        while not test(screen := self.screen(number)):
            assert time.monotonic() < deadline, f"not on the screen: {screen}"
            self.tab.wait_for_timeout(100)
        return screen
