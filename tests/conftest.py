"""What every test may ask for."""

import signal

import pytest
from hypothesis import HealthCheck, settings

import chromium
from jupyterlab_driver import JupyterLab

# The examples of a property test share one real server, and a busy machine is no defect.
settings.register_profile("book", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
settings.load_profile("book")

# `make test &` of a script ignores SIGINT, and what the tests start would inherit that.
for number in (signal.SIGINT, signal.SIGCHLD):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(scope="session")
def browser():
    """A playwright Chromium, the system's if there is one, shared by the whole session."""
    path = chromium.executable()
    if not path:
        pytest.fail("no Chromium to test in: `make test` installs one")
    with chromium.driver() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory):
    """A running JupyterLab, shared by the whole session: see jupyterlab_driver.py."""
    with JupyterLab(tmp_path_factory.mktemp("jupyterlab")) as lab:
        yield lab
