"""What every test may ask for, and what every test needs of the machine."""

import ast
import collections
import importlib.util
import os
import signal
import tempfile

import pytest
import yaml

import kernels
from jupyterlab_driver import JupyterLab
from tabs import Tabs

# The tools of requirements-tests.txt by the modules that tests import.
TOOLS = {"axe_playwright_python", "html5lib", "hypothesis", "pikepdf", "playwright", "pypdf"}
MISSING = {tool for tool in TOOLS if importlib.util.find_spec(tool) is None}
# About what a test takes that asks for one of these.
SECONDS = {"own": 10, "jupyterlab": 6, "lab": 5, "open_page": 2, "browser": 2, "said": 0.6}
# A process for every tab costs a fifth of the processor time.
ONE_PROCESS = ["--renderer-process-limit=1", "--in-process-gpu"]
# What a page asks of another host finds nobody.
NOWHERE_ELSE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE [::1], EXCLUDE localhost"
# Instead of SIG_IGN, which exec() hands on: a handler is none any more in what is started.
HANDLERS = {"SIGINT": signal.default_int_handler, "SIGHUP": lambda number, frame: None,
            "SIGQUIT": signal.SIG_DFL, "SIGCHLD": signal.SIG_DFL}
LACKS = "lacks {}: `make test`, or pip install -r requirements-tests.txt, installs it"

if "hypothesis" not in MISSING:
    from hypothesis import HealthCheck, settings

    # The examples of a property test share one real server, and a busy machine is no defect.
    settings.register_profile("book", deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    settings.load_profile("book")

# libyaml reads what most workers read when they start ten times as fast.
yaml.SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def pytest_configure(config):
    kernels.pytest_configure()
    # A background job of sh starts with SIGINT ignored, nohup with SIGHUP, and so would all that the tests start.
    for name, handler in HANDLERS.items():
        if (number := getattr(signal, name, None)) and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
    # Who sets the first would not see that a script forgets to flush; the second has every script compile the package.
    for name in ("PYTHONUNBUFFERED", "PYTHONDONTWRITEBYTECODE"):
        os.environ.pop(name, None)
    home = os.environ.get("HOME")
    if home and not os.access(home, os.W_OK):  # Jupyter and matplotlib warn where they cannot write
        writable = tempfile.TemporaryDirectory(prefix="home-")
        config.add_cleanup(writable.cleanup)
        os.environ["HOME"] = writable.name


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Files of slow tests first (with --no-loadscope-reorder): one that begins last keeps all workers waiting."""
    seconds = collections.Counter()
    for item in items:
        names = getattr(item, "fixturenames", ())
        seconds[item.path] += max((SECONDS[name] for name in names if name in SECONDS), default=0.4)
    items.sort(key=lambda item: -seconds[item.path])


class Lacking(pytest.File):
    """A test file that imports a tool which is not installed."""

    def collect(self):
        pytest.skip(LACKS.format(", ".join(sorted(imported(self.path) & MISSING))), allow_module_level=True)


def imported(path):
    """The top-level names of all modules that a file imports."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module]
    return {name.partition(".")[0] for name in names}


def pytest_pycollect_makemodule(module_path, parent):
    if MISSING and imported(module_path) & MISSING:
        return Lacking.from_parent(parent, path=module_path)
    return None


@pytest.fixture(scope="session")
def browser():
    """A playwright Chromium, the system's if there is one, shared by the whole session."""
    if "playwright" in MISSING:
        pytest.skip(LACKS.format("playwright"))
    from iolab.export import chromium

    path = chromium.executable()
    if not path:
        pytest.fail("no Chromium to test in: `make test` installs one")
    with chromium.driver() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS, *ONE_PROCESS, NOWHERE_ELSE])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tabs(browser):
    """Tabs of that browser: tabs.open(**options of a context)."""
    return Tabs(browser)


@pytest.fixture(scope="session")
def jupyterlab(tmp_path_factory):
    """A running JupyterLab, shared by the whole session: see jupyterlab_driver.py."""
    with JupyterLab(tmp_path_factory.mktemp("jupyterlab")) as lab:
        yield lab


@pytest.fixture(scope="module")
def lab_context(tabs):
    """The browser context of lab_page: its last tab is the one in use."""
    with tabs.open(viewport={"width": 1280, "height": 900}) as tab:
        yield tab.context


@pytest.fixture
def lab_page(jupyterlab, lab_context, request):
    """A tab for jupyterlab.open(): that of the module's test before, emptied, or a new one if that test failed."""
    page, failed = lab_context.pages[-1], request.session.testsfailed
    yield page
    lab_context.clear_permissions()
    if request.session.testsfailed == failed:
        jupyterlab.clear(page)
    else:
        lab_context.new_page()
        page.close()
    jupyterlab.shut_kernels()
