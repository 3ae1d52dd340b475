"""Every page in a real browser, opened once: quiet and whole on a phone, accessible in light and dark, and on paper."""

import gzip
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages import PAGES
from soak import sample

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
FIRST_VIEW, SECOND_VIEW = 350_000, 60_000  # bytes, gzipped: all that a page loads, and what is its own

WIDEST = """
() => [...document.querySelectorAll("main *")].map((one) => [one.getBoundingClientRect().right, one.outerHTML])
  .sort((a, b) => b[0] - a[0]).slice(0, 3).map(([right, html]) => `${right}: ${html.slice(0, 100)}`)
"""

# How far what is seen moves while the page loads (web.dev/cls).
SHIFT = """
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifted = (window.shifted || 0) + entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# axe-core's rules for WCAG 2.2 AA; but it takes a minute for the contrast of a page's thousand coloured words: FAINT.
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
AXE = {"resultTypes": ["violations"], "runOnly": WCAG, "rules": {"color-contrast": {"enabled": False}}}

# What a reader sees: text elements with too little contrast for WCAG AA against what is painted behind them.
FAINT = """
() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((value, at) => value * a + below[at] * (1 - a));
  const painted = new Map();
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    if (!painted.has(element)) {
      painted.set(element, over(rgba(getComputedStyle(element).backgroundColor), behind(element.parentElement)));
    }
    return painted.get(element);
  };
  const faint = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join("").trim();
    const style = getComputedStyle(element);
    const away = element.closest("svg, noscript, script, style, :disabled, [hidden]") || !element.checkVisibility()
      || parseFloat(style.opacity) === 0;
    if (!text || away) continue;
    const back = behind(element), front = over(rgba(style.color), back);
    const [high, low] = [light(front), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const name = `${element.tagName}.${element.className}`;
    if (ratio < (large ? 3 : 4.5)) faint.add(`${name} ${ratio.toFixed(2)}: ${text.slice(0, 30)}`);
  }
  return [...faint];
}
"""

A4 = 718  # CSS pixels of a sheet's width between margins of 1 cm

# What paper cannot scroll to, and what is wider than the sheet.
CUT = """
(width) => [...document.querySelectorAll("article *")].filter((one) => {
  const hidden = getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
  return one.checkVisibility() && !one.closest("svg") && one.clientWidth > 1
    && (hidden || one.getBoundingClientRect().right > width + 1);
}).map((one) => `${one.scrollWidth} in ${one.clientWidth}: ${one.outerHTML.slice(0, 120)}`)
"""
FOLDED = """
() => [...document.querySelectorAll("article details > :not(summary)")].filter((one) =>
  !one.closest("[hidden]:not(details)") && !one.checkVisibility({
  contentVisibilityAuto: true })).map((one) => one.outerHTML.slice(0, 120))
"""
CONTROLS = """
() => [...document.querySelectorAll("button, input, select, .headerlink, nav")].filter((one) => one.checkVisibility())
  .map((one) => one.outerHTML.slice(0, 120))
"""


WAYS = [*(("http", page) for page in PAGES), *(("file", page) for page in sample(PAGES, 12))]


@pytest.fixture(scope="module", params=WAYS, ids="-".join)
def visit(request, reader, built_book):
    """A page that was opened on a phone: its origin and name, the tab, the trouble it had, the addresses it loaded."""
    way, page = request.param
    origin, loaded = request.getfixturevalue("site") if way == "http" else built_book.as_uri() + "/", set()
    with reader(origin, **PHONE, color_scheme="light") as (tab, trouble):
        tab.on("requestfinished", lambda one: loaded.add(one.url))
        tab.add_init_script(SHIFT)
        tab.goto(origin + page, wait_until="load")
        tab.evaluate(TWO_FRAMES)
        yield SimpleNamespace(origin=origin, page=page, tab=tab, trouble=trouble, loaded=loaded)


def test_a_page_is_quiet_light_and_fits_a_phone(visit, built_book):
    tab = visit.tab
    assert tab.evaluate("window.shifted || 0") <= 0.02
    assert visit.trouble == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], tab.evaluate(WIDEST)
    assert tab.locator("html").get_attribute("lang") == "zh-CN"
    assert tab.locator("main h1").count() == 1 and tab.locator("main h1").is_visible()
    names = {urlsplit(url.removeprefix(visit.origin)).path for url in visit.loaded if url.startswith(visit.origin)}
    weights = {name: len(gzip.compress((built_book / name).read_bytes())) for name in names}
    own = {name: weight for name, weight in weights.items() if not name.startswith("_static/")}
    assert sum(weights.values()) <= FIRST_VIEW, weights
    assert 0 < sum(own.values()) <= SECOND_VIEW, own


@pytest.mark.parametrize("visit", WAYS[:len(PAGES)], indirect=True, ids="-".join)
def test_a_page_fits_on_paper(visit):
    tab = visit.tab
    tab.set_viewport_size({"width": A4, "height": 1000})
    tab.emulate_media(media="print")
    assert tab.locator("article h1").is_visible()
    assert tab.evaluate(CUT, A4) == []
    assert tab.evaluate(FOLDED) == [], "paper cannot be unfolded"
    assert tab.evaluate(CONTROLS) == []
    assert visit.trouble == []


@pytest.mark.parametrize("visit", [*sample(WAYS[:len(PAGES)], 6), ("http", "search.html")], indirect=True, ids="-".join)
def test_a_page_is_accessible_in_light_and_dark(visit):
    tab, grounds = visit.tab, set()
    tab.set_viewport_size(DESKTOP)
    tab.emulate_media(media="screen")
    found = Axe().run(tab, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    tab.add_style_tag(content="* { transition: none !important }")  # thousands of colours that fade take long
    for theme in ("light", "dark"):
        tab.emulate_media(color_scheme=theme)
        tab.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
        tab.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
        assert tab.evaluate(FAINT) == []
        grounds.add(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(grounds) == 2
    assert visit.trouble == []
