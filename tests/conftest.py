"""What every test may ask for."""

import shutil

import pytest
from playwright.sync_api import Error, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """A playwright Chromium, the system's if there is one, shared by the whole session."""
    names = ("chromium", "chromium-browser", "google-chrome")
    executable = next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        except Error as error:
            pytest.fail(f"no Chromium to test in: run `make test` once, it installs one ({error})")
        yield chromium
        chromium.close()
