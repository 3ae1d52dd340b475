"""Pages of the book in a browser that runs no scripts: every sixth in `make test`, all in `make soak`."""

import pytest

from pages import PAGES
from soak import sample

UNSEEN = """
() => [...document.querySelectorAll("article :is(p, li, pre, td, h1, h2, h3, svg)")]
  .filter((one) => !one.checkVisibility() && !one.closest("details:not([open]), [hidden], .pst-js-only"))
  .map((one) => one.outerHTML.slice(0, 100))
"""

IDLE = """
() => [...document.querySelectorAll("button")].filter((one) => one.checkVisibility()).map((one) => one.outerHTML)
"""


@pytest.mark.parametrize("page", sample(PAGES, 6))
def test_a_page_reads_without_javascript(reader, site, page):
    with reader(site, java_script_enabled=False) as (tab, trouble):
        tab.goto(site + page)
        assert tab.locator("article h1").is_visible() and tab.locator("article p").first.is_visible()
        assert tab.evaluate(UNSEEN) == []
        assert tab.evaluate(IDLE) == [], "a button that does nothing without JavaScript"
        assert trouble == []
