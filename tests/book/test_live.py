"""The built book, live: every page runs whole in it and gives what it has recorded; the bench of the pages works there.

`make test` runs two pages, `make soak` all of them.
"""

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

from live_driver import IGNORED, LiveBook, given, recorded
from pages import PAGES, ROOT
from processes import wait_until
from soak import amount, sample

NOTEBOOKS = [page for page in PAGES if (ROOT / "book" / page).with_suffix(".ipynb").exists()]
SOME = ["process/ipc.html"]


@pytest.fixture(scope="module")
def book(built_book, tmp_path_factory):
    with LiveBook(built_book, tmp_path_factory.mktemp("live") / "log", sources=ROOT / "book") as running:
        yield running
        assert "Traceback" not in running.log, running.log


@pytest.mark.parametrize("page", amount(SOME, NOTEBOOKS))
def test_a_page_runs_whole_and_gives_what_it_has_recorded(book, tabs, page):
    notebook = nbformat.read((ROOT / "book" / page).with_suffix(".ipynb"), as_version=4)
    cells = [cell for cell in notebook.cells
             if cell.cell_type == "code" and "remove-input" not in cell.metadata.get("tags", [])]
    with book.open(tabs, page) as live:
        runs = live.run_all()
    wrong = []
    for number, cell in enumerate(cells, 1):
        run = runs.get(number, {"status": "was not run", "outputs": []})
        if run["status"] != "ok":
            wrong.append(f"cell {number}: {run['status']} {[one for one in run['outputs'] if one['kind'] == 'error']}")
        elif IGNORED not in cell.metadata.get("tags", []) and given(run) != recorded(cell):
            wrong.append(f"cell {number}: {given(run)} instead of {recorded(cell)}")
    assert len(runs) == len(cells) > (1 if page.startswith("labs/") else 5) and not wrong, "\n".join(wrong)


def test_the_sender_works_with_mouse_and_keys(book, tabs):
    with book.open(tabs, "network/tcp-socket.html") as live:
        live.run(1, 'from iolab import sender, serve\nserver = serve("day4/tcp_server.py")\nsender(server)')
        shown = live.cell(1).locator(".live-output")
        shown.get_by_role("button", name="连接", exact=True).click()
        shown.get_by_text("ESTABLISHED").first.wait_for()
        assert not shown.locator(".iolab-still").is_visible()
        field = shown.locator(".iolab-sender-message input")
        field.click()
        for words in ("你好", "again"):
            live.tab.keyboard.type(words)
            live.tab.keyboard.press("Enter")
            wait_until(lambda words=words: shown.locator(".iolab-sender td.text", has_text=words).count() >= 1, words)
        assert shown.locator(".iolab-sender tr.trouble").count() == 0
        shown.get_by_role("button", name="关闭", exact=True).click()
        shown.get_by_text("已关闭").first.wait_for()
        live.run(1, "del server")  # ends what the cell had made: the widget goes
        assert live.cell(1).locator(".iolab-sender-box").count() == 0


def test_a_picture_plays_in_a_new_output(book, tabs):
    with book.open(tabs, "network/struct.html") as live:
        live.run(1, 'from iolab import play\nplay("handshake")')
        picture = live.cell(1).locator(".live-output figure")
        picture.get_by_role("button", name="从头").click()
        assert picture.locator(".io-say").inner_text().startswith("1/")
        picture.get_by_role("button", name="下一步").click()
        assert picture.locator(".io-say").inner_text().startswith("2/")
        assert picture.locator("svg").count() == 1


def test_an_exercise_is_judged_and_the_answer_stays(book, tabs):
    with book.open(tabs, "network/struct.html") as live:
        count = live.tab.locator("div.cell").count()
        number = next(at for at in range(1, count + 1) if "tag_answer:" in live.cell(at).get_attribute("class"))
        live.begin(number)
        live.wait(number + 1)  # what judges is imported unasked
        assert "还没有作答" in live.output(number + 1)
        live.write(number, live.cell(number).locator("pre").first.inner_text().replace("...", "return 12345"))
        live.tab.keyboard.press("Shift+Enter")
        live.wait(number + 1, "running")
        live.wait(number + 1)
        assert "还不对" in live.output(number + 1)
        live.tab.reload()
        live.ready()
        assert "return 12345" in live.cell(number).locator("pre").first.inner_text()


@pytest.mark.parametrize("scheme", sample(["dark", "light"], 2))
def test_a_live_page_is_accessible_and_fits_a_phone(book, tabs, scheme):
    with book.open(tabs, "network/struct.html", color_scheme=scheme, viewport={"width": 390, "height": 800}) as live:
        live.run(1, "print('x' * 300)")
        live.run(2, "1 / 0", "error")
        live.run(3, state="error")
        own = [".live-buttons", ".live-bar", ".live-compare", ".live-output", ".live-advice", ".live-editor"]
        found = Axe().run(live.tab, context={"include": [[name] for name in own]},
                          options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        assert live.tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_nothing_moves_and_nothing_is_asked_elsewhere(book, browser, tabs):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script("""new PerformanceObserver(list => { for (const entry of list.getEntries())
        if (!entry.hadRecentInput)  // the driver's click on 显示代码 moves what stands below
          window.shifted = (window.shifted || 0) + entry.value }).observe({type: 'layout-shift', buffered: true})""")
    asked = []
    context.on("request", lambda request: asked.append(request.url))
    with book.open(tabs, "network/struct.html", context) as live:
        live.tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert live.tab.evaluate("window.shifted || 0") == 0
        live.run(1)
    assert asked and not [url for url in asked if not url.startswith((book.base, "data:", "blob:"))]
    context.close()


def test_the_static_page_says_once_how_to_make_it_live(built_book):
    for page in PAGES:
        html = (built_book / page).read_text(encoding="utf-8")
        assert html.count('class="live-hint') == (1 if page in NOTEBOOKS else 0), page
        assert "live/main" not in html
