"""A live page as its reader sees it, in a real browser with a real kernel."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from live_driver import CELLS, ROOT
from processes import wait_until
from soak import sample

OUTPUTS = """
from IPython.display import HTML, SVG, Markdown, clear_output, display
shown = display(HTML("<b id='b'>old</b>"), display_id=True)
display(HTML("<table><tr><td>cell</td></tr></table><script>document.body.dataset.ran = 'yes'</script>"))
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' width='10' height='10'><circle r='5'/></svg>"))
shown.update(HTML("<b id='b'>new</b>"))
print("\\x1b[31mred\\x1b[0m <i>text</i> 50%\\r60%")
print("\\x1b[31mred\\x1b[0m", "abcd\\b\\b12")
import sys; print("trouble", file=sys.stderr)
display(Markdown("**bold**\\n\\n```python\\ndef f():  # <b>\\n    return 1\\n```"))
[1, 2]
"""
WIDGETS = """
import ipywidgets as ui
slider, label, out = ui.IntSlider(value=3), ui.Label(), ui.Output()
slider.observe(lambda change: setattr(label, "value", f"twice {change['new'] * 2}"), "value")
button = ui.Button(description="Press")
@button.on_click
def pressed(_):
    with out: print("was pressed")
ui.VBox([slider, label, button, out])
"""


@pytest.fixture(scope="module")
def explain(browser):
    """explain(expression, code): evaluate it with what front/explain.js exports."""
    source = (ROOT / "code/iolab/live/front/explain.js").read_text(encoding="utf-8")
    tab = browser.new_page()
    yield lambda expression, code: tab.evaluate(f"""([source, code]) => import('data:text/javascript;charset=utf-8,'
        + encodeURIComponent(source)).then(({{maker, missing}}) => {expression})""", [source, code])
    tab.close()


def test_a_cell_runs_and_both_outputs_can_be_compared(live):
    assert live.cell(3).get_by_text("in the book").is_visible()
    live.begin(3)
    live.wait(3)
    shown, recorded = live.cell(3).locator(".live-output"), live.cell(3).locator(".cell_output:not(.live-output)")
    assert shown.inner_text().strip() == "this time" and not recorded.is_visible()
    assert live.cell(3).locator(".live-verdict").inner_text() == "和书里的不同"
    live.cell(3).get_by_role("button", name="书里的").click()
    assert recorded.is_visible() and not shown.is_visible()
    live.cell(3).get_by_role("button", name="对照").click()
    marks = live.cell(3).locator(".live-lines mark")
    assert [text.strip() for text in marks.all_inner_texts()] == ["in the book", "this time"]
    live.run(1)
    live.run(2)
    assert live.cell(2).locator(".live-verdict").inner_text() == "和书里的一样"
    live.run(6)
    assert "没有输出" in live.output(6) and live.cell(6).locator(".live-verdict").inner_text() == "和书里的不同"
    assert live.kernel == "空闲"


def test_shift_enter_runs_and_tab_indents(live):
    live.write(2, "for i in range(3):")
    live.tab.keyboard.press("Enter")
    live.tab.keyboard.type("print(i")  # the line after the colon begins indented
    live.tab.keyboard.type(")")
    live.tab.keyboard.press("Shift+Enter")
    live.wait(2)
    assert live.output(2).split() == ["0", "1", "2"]
    live.tab.keyboard.press("Escape")
    assert live.tab.evaluate("document.activeElement.classList.contains('live-run')")
    assert live.cell(2).locator(".cm-content span.k").first.inner_text() == "for"


HIDDEN = [
    ("setup plumbing", "times = globals().get('times', 0) + 1", None),
    ("", "seen = 1", None),
    ("unseen plumbing", "print('not asked for')", None),
    ("setup plumbing", "thrice = 3", None),
    ("", "print(times, thrice)", "1 3"),
    ("setup plumbing", "later = 1 / 0", None),
    ("", "print(later)", "1"),
]


def test_what_is_hidden_runs_before_it_is_needed_and_is_shown_when_it_fails(book, tabs, written):
    written("other.html", HIDDEN)
    with book.open(tabs, "other.html") as live:
        live.run(5)
        assert live.output(5).strip() == "1 3"
        assert [live.state(number) for number in range(1, 6)] == ["ok", "idle", "idle", "ok", "ok"]
        assert live.run(5, "print(times)").strip() == "1", "once"
        live.begin(7)
        live.wait(6, state="error")
        assert "ZeroDivisionError" in live.output(6) and "code-seen" in live.cell(6).get_attribute("class")
        assert live.state(7) == "idle"


def test_a_cell_that_lacks_an_earlier_one_says_so(live):
    live.run(2, state="error")
    assert "还没有 x：它在第 1 个单元格里" in live.advice(2).inner_text()
    live.advice(2).get_by_role("button", name="运行到这里").click()
    live.wait(2)
    assert live.output(2).strip() == "42" and live.state(1) == "ok" and live.advice(2).count() == 0
    live.run(2, "print(nowhere)", state="error")
    assert live.advice(2).count() == 0 and "NameError" in live.output(2)


def test_until_here_runs_what_is_missing_and_stops_at_an_error(live):
    live.write(1, "x = 20; print('first')")
    live.button(3, "运行到这里").click()
    live.wait(3)
    assert live.output(1).strip() == "first" and live.output(2).strip() == "42" and live.state(4) == "idle"
    live.write(2, "1 / 0")
    live.button(6, "运行到这里").click()
    live.wait(2, "error")
    live.wait(3, "ok")
    assert live.state(6) == "idle" and live.output(1).strip() == "first"
    assert "出错了：ZeroDivisionError：division by zero（第 1 行）" in live.output(2)
    assert not live.cell(2).get_by_text("Traceback").is_visible()
    live.cell(2).get_by_text("完整的回溯").click()
    assert live.cell(2).get_by_text("Traceback").is_visible()


def test_stop_interrupts_and_forgets_what_waits(live):
    live.begin(2, "print('begun')\nwhile True: pass")
    live.cell(2).locator(".live-output").get_by_text("begun").wait_for()
    live.begin(3)
    assert live.state(3) == "waiting" and live.kernel == "运行中：第 2 个"
    live.tool("停止").click()
    live.wait(2, "error")
    live.wait(3, "idle")
    assert "停下来了" in live.output(2)
    live.run(3)


def test_stop_also_helps_while_the_kernel_starts(live):
    live.begin(3)
    live.tool("停止").click()
    live.wait(3, "idle")
    wait_until(lambda: live.kernel == "空闲", "the kernel has started")
    assert live.output(3) == ""
    live.run(3)


def test_restart_forgets_the_variables_and_keeps_the_code(live):
    live.run(1, "x = 1")
    live.begin(2, "while True: pass")
    live.wait(2, "running")
    live.tool("重来").click()
    live.told("内核重新启动了")
    live.wait(2, "error")
    live.run(2, "print(x)", state="error")
    assert "还没有 x" in live.advice(2).inner_text()


def test_streams_come_while_the_cell_runs(live):
    live.begin(2, "import time\nfor i in range(600): print('line', i, flush=True); time.sleep(0.1)")
    live.cell(2).locator(".live-output").get_by_text("line 1").wait_for()
    assert live.state(2) == "running"
    live.tool("停止").click()
    live.wait(2, "error")


def test_all_kinds_of_output(live):
    text = live.run(2, OUTPUTS)
    shown = live.cell(2).locator(".live-output")
    assert shown.locator("#b").inner_text() == "new" and shown.locator("td").inner_text() == "cell"
    assert shown.locator("svg circle").count() == 1 and shown.locator(".stderr").inner_text().strip() == "trouble"
    assert live.tab.locator("body").get_attribute("data-ran") == "yes"
    assert "60% <i>text</i> 50%" in text and "red ab12" in text
    assert shown.locator(".ansi-red-fg").inner_text() == "red"
    assert shown.locator("i").count() == 0 and "[1, 2]" in text
    shown.locator("strong").wait_for()
    assert shown.locator("strong").inner_text() == "bold"
    assert shown.locator(".highlight:has(.k)").inner_text().rstrip() == "def f():  # <b>\n    return 1"
    assert shown.locator(".highlight .c1").inner_text() == "# <b>"
    live.run(2, "from IPython.display import clear_output\nfor i in range(3):\n    clear_output(wait=True); print(i)")
    assert live.output(2).strip() == "2"


def test_what_a_program_prints_is_text(live):
    live.run(2, "print('<img src=x onerror=\"document.body.dataset.hit = 1\">\\x1b]8;;javascript:alert(1)\\x07link')")
    shown = live.cell(2).locator(".live-output")
    assert shown.locator("img, a[href^=javascript]").count() == 0 and "<img src=x" in shown.inner_text()
    assert live.tab.locator("body").get_attribute("data-hit") is None


def test_a_flood_does_not_drown_the_page(live):
    text = live.run(2, "for i in range(40): print('x' * 30_000)")
    assert len(text) < 600_000 and "后面的没有显示" in text
    live.run(3)


def test_input_asks_in_the_page(live):
    live.begin(2, "import getpass\nname = input('Who? ')\nsecret = getpass.getpass('Word? ')\nprint(name, len(secret))")
    field = live.cell(2).get_by_label("Who?")
    field.wait_for()
    assert field.evaluate("field => field === document.activeElement")
    live.tab.keyboard.type("小明")
    live.tab.keyboard.press("Enter")
    field = live.cell(2).get_by_label("Word?")
    field.wait_for()
    assert field.get_attribute("type") == "password"
    live.tab.keyboard.type("secret")
    live.tab.keyboard.press("Enter")
    live.wait(2)
    assert live.output(2).split() == ["Who?", "小明", "Word?", "········", "小明", "6"]
    live.begin(2, "input('again')")
    live.cell(2).get_by_label("again").wait_for()
    live.tool("停止").click()
    live.wait(2, "error")
    assert live.cell(2).locator(".live-input").count() == 0


def test_help_is_shown_and_too_much_is_not(live):
    assert "Prints the values to a stream" in live.run(2, "print?")
    live.run(2, "import sys\nfor i in range(600):\n    print(i, flush=True)\n"
                "    print(i, file=sys.stderr, flush=True)\n1 / 0", "error")
    shown = live.output(2)
    assert "499" in shown and "599" not in shown and "输出超过 1000 个" in shown and "ZeroDivisionError" in shown
    assert live.run(2, "print('few')").strip() == "few"


def test_widgets_are_loaded_when_one_shows_and_answer(live):
    asked = []
    live.tab.on("request", lambda request: asked.append(request.url))
    live.run(3)
    assert not [url for url in asked if "widgets" in url]
    live.run(2, WIDGETS)
    shown = live.cell(2).locator(".live-output")
    shown.locator(".noUi-handle").press("ArrowRight")
    shown.get_by_text("twice 8").wait_for()
    shown.get_by_role("button", name="Press").click()
    shown.get_by_text("was pressed").wait_for()
    assert [url for url in asked if "widgets" in url]
    live.run(2, "ui.Play()")


def test_a_widget_of_another_package_says_what_to_do(live):
    live.run(2, "import ipywidgets, traitlets\nclass Map(ipywidgets.DOMWidget):\n"
                + "".join(f"    {name} = traitlets.Unicode('{value}').tag(sync=True)\n" for name, value in [
                    ("_model_module", "maps"), ("_view_module", "maps"), ("_model_name", "MapModel"),
                    ("_view_name", "MapView"), ("_model_module_version", "1"), ("_view_module_version", "1")])
                + "ipywidgets.VBox([ipywidgets.Label('beside'), Map()])")
    shown = live.cell(2).locator(".live-output")
    shown.get_by_text("这个控件在这里用不了：这里没有 maps").wait_for()
    assert "make lab" in shown.inner_text() and "beside" in shown.inner_text()


def test_an_answer_is_judged_and_stays_when_the_page_is_left(live, book):
    assert live.button(4, "运行并判断").count() == 1
    live.begin(4)
    live.wait(5, "ok")
    assert live.output(5).strip() == "还不对"
    live.begin(4, "def double(n):\n    return 2 * n")
    live.wait(5, "running")
    live.wait(5, "ok")
    assert live.output(5).strip() == "正确"
    live.tab.goto(f"{book.base}/book/other.html")
    live.ready()
    assert "return" not in live.cell(4).locator("pre").inner_text()  # every page has its own
    live.tab.goto(f"{book.base}/book/page.html")
    live.ready()
    assert "return 2 * n" in live.cell(4).locator("pre").inner_text()


def test_edits_survive_a_new_book_and_can_be_restored(book, tabs, written):
    with book.open(tabs, "rebuilt.html") as live:
        for number, code in ((2, "print('two')"), (3, "print('three')"), (4, "def double(n): return n + n")):
            live.write(number, code)
        cells = [("", "print('a new cell')", None), *CELLS]
        cells[3] = ("", "print('another text')", "in the book")
        cells[4] = ("answer:double", "def double(number): ...", None)
        written("rebuilt.html", cells)
        live.tab.reload()
        live.ready()
        code = [live.cell(number).locator(".cell_input pre").inner_text().strip() for number in range(1, 8)]
        assert code[:5] == ["print('a new cell')", CELLS[0][1], "print('two')", "print('another text')",
                            "def double(n): return n + n"]
        assert "书里的这个单元格变了" in live.advice(5).inner_text()
        live.told("1 处改动找不到原来的单元格")
        live.message.get_by_text("看看").click()
        assert live.message.get_by_text("print('three')").is_visible()
        live.tab.reload()
        live.ready()
        live.do("扔掉")
        live.button(3, "还原").click()
        assert live.cell(3).locator(".cell_input pre").inner_text().strip() == CELLS[1][1]
        assert live.tool("全部还原").inner_text() == "全部还原（1）"
        live.tool("全部还原").click()
        live.do("还原")
        live.tab.reload()
        live.ready()
        assert "number" in live.cell(5).locator(".cell_input pre").inner_text()
        assert live.tab.evaluate("localStorage.length") == 0 and not live.message.is_visible()


@pytest.mark.parametrize(("code", "made"), [
    ("x = 1", True), ("x: int = 1", True), ("a, x = 1, 2", True), ("(x := 1)", True), ("def x(): pass", True),
    ("async def x(): pass", True), ("class x: pass", True), ("import x", True), ("from a import b, x", True),
    ("from a import (\n    b,\n    x,\n)", True), ("import a as x", True), ("with a() as x: pass", True),
    ("for i, x in a: pass", True), ("    x = 1", True), ("x += 1", True),
    ("y = 1  # x = 2", False), ("print(x)", False), ("f(x=1)", False), ("a.x = 1", False), ("x == 1", False),
    ("xx = 1", False), ("y = x", False),
])
def test_what_makes_a_name(explain, code, made):
    assert explain("maker('x', [{text: code}]) !== null", code) == made


@pytest.mark.parametrize(
    ("width", "scheme"), sample([(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")], 3))
def test_it_is_accessible_and_fits(book, tabs, scheme, width):
    with book.open(tabs, "page.html", color_scheme=scheme, viewport={"width": width, "height": 800}) as live:
        live.write(2, "print('x' * 500)\n1 / 0")
        live.tab.keyboard.press("Shift+Enter")
        live.wait(2, "error")
        live.run(3)
        live.cell(3).get_by_role("button", name="对照").click()
        found = Axe().run(live.tab, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()
        assert live.tab.evaluate("document.documentElement.scrollWidth") <= width


def test_what_happened_is_said_aloud(live):
    live.run(3)
    said = live.tab.locator("[aria-live=polite]")
    wait_until(lambda: "第 3 个单元格运行完了。this time" in said.inner_text(), "the output is announced")


def test_every_button_is_reached_by_keyboard(live):
    live.tab.keyboard.press("Tab")
    names = set()
    for _ in range(12):
        names.add(live.tab.evaluate("document.activeElement.textContent"))
        live.tab.keyboard.press("Tab")
    assert {"运行", "运行并判断"} <= names and "编辑" not in names  # one stop a cell
    live.cell(2).locator(".live-run").focus()
    live.tab.keyboard.press("ArrowRight")
    assert live.tab.evaluate("document.activeElement.textContent") == "编辑"


def test_nothing_moves_when_the_buttons_come(book, browser, tabs):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script("""new PerformanceObserver(list => { for (const entry of list.getEntries())
        window.shifted = (window.shifted || 0) + entry.value }).observe({type: 'layout-shift', buffered: true})""")
    # the script comes late: what it moves would be seen
    context.route(re.compile("main.js"), lambda route: (context.pages[0].wait_for_timeout(300), route.continue_()))
    with book.open(tabs, "page.html", context) as live:
        live.tab.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert live.tab.evaluate("window.shifted || 0") == 0
    context.close()


def test_the_token_leaves_the_address(live, book):
    assert live.tab.url == f"{book.base}/book/page.html"
    live.tab.goto(book.url)  # no cell, no script of the cells
    wait_until(lambda: "token" not in live.tab.url, "it leaves any page")


def test_one_kernel_a_page_and_none_before_the_first_run(book, tabs):
    before = book.kernels().keys()
    with book.open(tabs, "page.html") as live:
        assert book.kernels().keys() <= before
        live.run(3)
        live.run(3)
        own = book.kernels().keys() - before
        assert len(own) == 1
        live.tab.close()
        wait_until(lambda: not book.kernels().keys() & own, "the page's kernel ends with it", timeout=10)
