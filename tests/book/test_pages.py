"""What all pages share in a real browser: how they look, lead on, are copied from, remember the reader."""

import posixpath
import re
import statistics

import pytest

from iolab.sphinxext.offline import ALIKE
from pages import PAGES, ROOT
from processes import wait_until

PHONE = 360
MEDIAN_HTML = 85_000  # bytes of the HTML of half of the pages

TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def test_half_of_the_pages_are_small(built_book):
    assert statistics.median((built_book / page).stat().st_size for page in PAGES) <= MEDIAN_HTML


def test_a_token_without_its_own_class_looks_as_with_it(reader, site):
    """The build merges and leaves out classes: sphinxext/offline.py. Only operators look otherwise than in Pygments."""
    with reader(site, color_scheme="light") as (tab, _):
        tab.goto(site + "network/tcp-socket.html", wait_until="load")
        code = tab.locator(".cell:not(.plumbing) > .cell_input pre").first
        for theme in ("light", "dark"):
            tab.emulate_media(color_scheme=theme)
            tab.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
            for name, names in ALIKE.items():
                looks = code.evaluate("""(code, names) => names.map((name) => {
                  const token = Object.assign(document.createElement("span"), { className: name, textContent: "x" });
                  code.append(token);
                  const { color, fontStyle, fontWeight, backgroundColor } = getComputedStyle(token);
                  return [color, fontStyle, fontWeight, backgroundColor].join();
                })""", [name, *set(names.split()) - {"o"}])
                assert len(set(looks)) == 1, (theme, name, names, looks)


def test_pages_lead_on_and_back(reader, site, built_book):
    assert [neighbour(built_book, page, "right-next") for page in PAGES] == [*PAGES[1:], None]
    assert [neighbour(built_book, page, "left-prev") for page in PAGES] == [None, *PAGES[:-1]]
    with reader(site) as (tab, _):
        tab.goto(site + PAGES[0])
        tab.locator("a.right-next").click()
        assert tab.url == site + PAGES[1]
        tab.locator("a.left-prev").click()
        assert tab.url == site + PAGES[0]


def neighbour(built_book, page, way):
    """The page that a page's link of class `way` leads to, None without one."""
    link = re.search(rf'<a class="{way}"\s+href="([^"]*)"', (built_book / page).read_text(encoding="utf-8"))
    return link and posixpath.normpath(posixpath.join(posixpath.dirname(page), link[1]))


def test_code_can_be_copied(reader, site, built_book):
    page = next(page for page in PAGES if "cell_input" in (built_book / page).read_text(encoding="utf-8"))
    with reader(site, permissions=["clipboard-read", "clipboard-write"]) as (tab, trouble):
        tab.goto(site + page, wait_until="load")
        cell = tab.locator(".cell:not(.plumbing) > .cell_input").first
        cell.hover()
        cell.locator(".copybtn").click()
        tab.wait_for_function("navigator.clipboard.readText().then((text) => text.length > 0)")
        assert tab.evaluate("navigator.clipboard.readText()").strip() == cell.locator("pre").text_content().strip()
        assert tab.locator("pre:not(.io-code)").count() == tab.locator(".copybtn").count()
        assert trouble == []


def test_a_transcript_is_copied_whole(reader, site):
    with reader(site, permissions=["clipboard-read", "clipboard-write"]) as (tab, _):
        tab.goto(site + "concurrency/io-kinds.html", wait_until="load")
        box = tab.locator("div.highlight", has_text="$ python code/day9/io_calls.py").first
        box.hover()
        box.locator(".copybtn").click()
        tab.wait_for_function("navigator.clipboard.readText().then((text) => text.length > 0)")
        copied = tab.evaluate("navigator.clipboard.readText()")
        shown = box.locator("pre").text_content()
        assert copied.strip() == shown.replace("$ ", "", 1).strip() and len(copied.splitlines()) > 5


def test_what_the_theme_says_is_chinese(built_book):
    english = re.compile(r'(?:title|aria-label|placeholder)="([A-Z][a-z]+(?: [a-z]+)*)"')
    said = {page: english.findall((built_book / page).read_text(encoding="utf-8")) for page in [*PAGES, "search.html"]}
    assert {page: words for page, words in said.items() if words} == {}


def test_every_page_names_its_licences_and_brings_them(built_book):
    for page in PAGES:
        text = (built_book / page).read_text(encoding="utf-8")
        assert all(f'{name}.txt">' in text for name in ("LICENSE", "LICENSE-CC-BY-4.0")), page
    for name in ("LICENSE", "LICENSE-CC-BY-4.0"):
        assert (built_book / f"{name}.txt").read_bytes() == (ROOT / name).read_bytes()


def test_what_a_page_asks_of_another_host_is_told_and_reaches_nobody(reader, site):
    with reader(site) as (tab, trouble):
        tab.goto(site + "index.html", wait_until="load")
        assert trouble == []
        assert tab.evaluate("fetch('http://other.example/').then(() => 'answered', () => 'nobody')") == "nobody"
        assert trouble[0] == "asks another host: http://other.example/"


def test_github_pages_would_serve_every_folder(built_book):
    assert (built_book / ".nojekyll").exists(), "without it Jekyll drops _static"


def test_reading_goes_on_where_it_stopped(reader, origin):
    first, second = PAGES[1:3]
    with reader(origin, reduced_motion="reduce") as (tab, trouble):
        tab.goto(origin + PAGES[0], wait_until="load")
        assert tab.locator(".reading-on").get_attribute("href") == first
        assert tab.locator("a.read").count() == 0
        other = tab.context.new_page()  # open all the while: what it keeps must not undo what this one keeps
        other.goto(origin + PAGES[3], wait_until="load")
        tab.goto(origin + first, wait_until="load")
        tab.locator(".prev-next-footer").scroll_into_view_if_needed()
        tab.locator(".bd-docs-nav a.read").wait_for()
        other.locator(".prev-next-footer").scroll_into_view_if_needed()
        other.locator(".bd-docs-nav a.current.read").wait_for()
        other.close()
        tab.goto(origin + second, wait_until="load")
        title = tab.locator(".bd-docs-nav a.current").inner_text()

        def read():
            tab.goto(origin + PAGES[0], wait_until="load")
            return [link.get_attribute("href") for link in tab.locator(".bd-docs-nav a.read").all()]

        # a page in another process of the browser hears of it a moment later
        wait_until(lambda: read() == [first, PAGES[3]], "the two pages that were read")
        assert tab.locator(".reading-on").inner_text() == f"继续上次的阅读：{title}"
        assert tab.locator(".map-tick:visible").count() == 2
        assert [link.get_attribute("href") for link in tab.locator(".book-map a.read").all()] == [first, PAGES[3]]
        tab.locator(".reading-on").click()
        tab.wait_for_url(origin + second)
        assert trouble == []


def test_84_columns_of_code_fit_at_1280_pixels(reader, site):
    with reader(site) as (tab, _):
        tab.goto(site + "network/tcp-socket.html", wait_until="load")
        code = tab.locator(".cell:not(.plumbing) > .cell_input pre").first
        code.evaluate("(pre) => { pre.textContent = 'x'.repeat(84); }")
        assert code.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")
        code.evaluate("(pre) => { pre.textContent = 'x'.repeat(120); }")
        assert not code.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_box_that_goes_on_beyond_its_edge_shows_it(reader, site, theme):
    with reader(site, color_scheme=theme) as (tab, _):
        tab.goto(site + "network/tcp-socket.html", wait_until="load")
        code = tab.locator(".cell:not(.plumbing) > .cell_input pre").first
        code.scroll_into_view_if_needed()

        def edges(text, scrolled=0):
            code.evaluate("(pre, [text, to]) => { pre.textContent = text; pre.scrollLeft = to; }", [text, scrolled])
            tab.evaluate(TWO_FRAMES)
            box = code.bounding_box()
            strip = {"y": box["y"] + 2, "width": 5, "height": box["height"] - 4}
            return [tab.screenshot(clip={"x": x, **strip}) for x in (box["x"] + 1, box["x"] + box["width"] - 6)]

        left, right = edges("x\n")
        wide = f"x{' ' * 200}x\n"
        begin, middle, end = edges(wide), edges(wide, 300), edges(wide, 99999)
        assert begin[0] == left and begin[1] != right
        assert middle[0] != left and middle[1] != right
        assert end[0] != left and end[1] == right


def test_a_keyboard_reaches_every_copy_button_and_soon_what_follows(reader, site):
    with reader(site) as (tab, _):
        tab.goto(site + "network/tcp-socket.html", wait_until="load")
        buttons = tab.locator(".copybtn").count()
        stops = tab.locator('.copybtn[tabindex="0"]').element_handles()
        assert buttons > 50 and len(stops) <= buttons / 3
        tab.evaluate("""() => {
          document.querySelectorAll("details").forEach((answer) => { answer.open = true; });
          document.querySelector(".show-code button")?.click();
          window.seen = new Set();
          addEventListener("focusin", (event) => window.seen.add(event.target));
        }""")
        for stop in stops:
            for key in ("ArrowUp", "ArrowDown"):
                stop.focus()
                before = None
                while before != (before := tab.evaluate("window.seen.size")):
                    tab.keyboard.press(key)
        shown = tab.evaluate("""[...document.querySelectorAll('.copybtn')].filter(
          (one) => one.checkVisibility({ visibilityProperty: true })).length""")
        reached = tab.evaluate("[...window.seen].filter((one) => one.matches('.copybtn')).length")
        assert reached == shown > 50
        assert tab.locator('.copybtn[tabindex="0"]').count() == len(stops)


def test_the_choice_of_light_or_dark_stays(reader, origin):
    with reader(origin, color_scheme="light") as (tab, trouble):
        def theme(page):
            tab.goto(origin + page, wait_until="load")
            return tab.evaluate("document.documentElement.dataset.theme")

        assert theme(PAGES[0]) == "light"
        tab.locator(".theme-switch-button").click()
        assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
        # a page in another process of the browser hears of the choice a moment later
        wait_until(lambda: theme(PAGES[1]) == "dark", "the dark theme on the next page")
        assert trouble == []


def test_a_phone_reaches_both_tables_of_contents(reader, origin, built_book):
    page = next(page for page in PAGES if "secondary-toggle" in (built_book / page).read_text(encoding="utf-8"))
    with reader(origin, PHONE, 740) as (tab, trouble):
        tab.goto(origin + page, wait_until="load")
        tab.locator(".secondary-toggle:visible").click()
        tab.locator("#pst-secondary-sidebar-modal a").last.click()
        assert "#" in tab.url and not tab.locator("#pst-secondary-sidebar-modal").is_visible()
        tab.locator(".primary-toggle:visible").click()
        tab.locator("#pst-primary-sidebar-modal .bd-docs-nav a").last.click()
        tab.wait_for_url(origin + PAGES[-1])
        assert trouble == []


def test_answers_unfold(reader, site, built_book):
    page = next(page for page in PAGES if re.search(r'class="[^"]*\bdropdown\b', (built_book / page).read_text()))
    with reader(site) as (tab, trouble):
        tab.goto(site + page, wait_until="load")
        answer = tab.locator(".admonition.dropdown").first
        body = answer.locator("details > :last-child")
        assert not body.is_visible()
        answer.locator("summary").click(position={"x": 5, "y": 5})
        assert body.is_visible()
        assert trouble == []
