"""How quick and how light live pages are, against the static page and the bare kernel, measured in the same run.

In `make soak` (SOAK=1): the figures of a machine that does something else say nothing. They are printed.
"""

import gzip
import statistics
import time

import pytest

from kernels import start_kernel
from live_driver import BUNDLE, LiveBook
from soak import SOAK

PAGE = "network/tcp-socket.html"  # the longest
RUNS = 10
LIGHT = 250_000  # bytes, gzipped, of all scripts of a page without widgets
READY = """
new MutationObserver((_, observer) => {
  if (!document.querySelector('.live-run')) return;
  window.runnable = performance.now();
  observer.disconnect();
}).observe(document, {childList: true, subtree: true});
"""
CLICK = """selector => new Promise(done => {
  const cell = document.querySelectorAll('div.cell')[0], began = performance.now();
  const seen = new MutationObserver(() => {
    if (!/1/.test(cell.querySelector('.live-output pre')?.textContent ?? '')) return;
    seen.disconnect();
    done(performance.now() - began);
  });
  seen.observe(cell, {childList: true, subtree: true, characterData: true});
  cell.querySelector('.live-run').click();
})"""

pytestmark = pytest.mark.skipif(not SOAK, reason="a busy machine is slow: `make soak` measures")


@pytest.fixture(scope="module")
def book(built_book, tmp_path_factory):
    with LiveBook(built_book, tmp_path_factory.mktemp("live") / "log") as running:
        yield running


def median(take, runs=RUNS):
    return statistics.median(take() for _ in range(runs))


def test_a_page_is_runnable_soon_after_it_is_there(book, browser, tabs, site):
    def live():
        context = browser.new_context()
        context.add_init_script(READY)
        with book.open(tabs, PAGE, context) as page:
            page.tab.wait_for_function("window.runnable")
            found = page.tab.evaluate("window.runnable")
        context.close()
        return found

    def static():
        tab = browser.new_page()
        tab.goto(site + PAGE, wait_until="load")
        found = tab.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        tab.close()
        return found

    with_buttons, without = median(live), median(static)
    print(f"runnable {with_buttons:.0f} ms, static page {without:.0f} ms")
    assert with_buttons - without <= 300


def bare_start():
    began = time.perf_counter()
    manager, client = start_kernel()
    bare_run(client)
    took = time.perf_counter() - began
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    return took * 1000


def bare_run(client):
    began, asked = time.perf_counter(), client.execute("print(1)")
    while True:
        message = client.get_iopub_msg(timeout=30)
        if message["msg_type"] == "stream" and message["parent_header"].get("msg_id") == asked:
            return (time.perf_counter() - began) * 1000


def test_the_first_run_is_not_much_slower_than_a_bare_kernel(book, tabs):
    def live():
        with book.open(tabs, PAGE) as page:
            page.write(1, "print(1)")
            return page.tab.evaluate(CLICK)

    first, bare = median(live), median(bare_start)
    print(f"first print(1) {first:.0f} ms, bare kernel {bare:.0f} ms")
    assert first - bare <= 1000


def test_a_warm_run_is_not_much_slower_than_in_a_bare_kernel(book, tabs):
    manager, client = start_kernel()
    with book.open(tabs, PAGE) as page:
        page.run(1, "print(1)")
        page.run(1)

        def live():
            page.wait(1)
            page.tab.evaluate("document.querySelector('.live-output').replaceChildren()")
            return page.tab.evaluate(CLICK)

        warm = median(live)
    bare = median(lambda: bare_run(client))
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    print(f"warm print(1) {warm:.1f} ms, bare kernel {bare:.1f} ms")
    assert warm - bare <= 60


def test_the_scripts_are_light():
    weights = {path.name: len(gzip.compress(path.read_bytes())) for path in BUNDLE.glob("*.*s")}
    page = sum(weight for name, weight in weights.items() if not name.startswith("widgets"))
    print(f"scripts {page / 1000:.0f} KB, for widgets {(sum(weights.values()) - page) / 1000:.0f} KB more")
    assert page <= LIGHT
