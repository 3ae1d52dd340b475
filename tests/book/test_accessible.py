"""Every page of the book by axe-core and by what is painted, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from pages import PAGES

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


@pytest.mark.parametrize("page", [*PAGES, "search.html"])
def test_a_page_is_accessible_in_light_and_dark(reader, site, page):
    with reader(site, color_scheme="light") as (tab, trouble):
        tab.goto(site + page, wait_until="load")
        found = Axe().run(tab, options=AXE)
        assert found.violations_count == 0, found.generate_report()
        grounds = set()
        for theme in ("light", "dark"):
            tab.emulate_media(color_scheme=theme)
            tab.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")
            tab.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
            assert tab.evaluate(FAINT) == []
            grounds.add(tab.evaluate("getComputedStyle(document.body).backgroundColor"))
        assert len(grounds) == 2
        assert trouble == []
