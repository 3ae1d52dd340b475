"""Every page on paper: nothing cut off, nothing that only a screen can show, and words that stay words in a PDF."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from pages import PAGES

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


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_on_paper(reader, site, page):
    with reader(site, A4, 1000) as (tab, trouble):
        tab.emulate_media(media="print")
        tab.goto(site + page, wait_until="load")
        assert tab.locator("article h1").is_visible()
        assert tab.evaluate(CUT, A4) == []
        assert tab.evaluate(FOLDED) == [], "paper cannot be unfolded"
        assert tab.evaluate(CONTROLS) == []
        assert trouble == []


def test_words_can_be_selected_in_a_pdf(reader, site):
    with reader(site) as (tab, _):
        tab.goto(site + "network/tcp-socket.html", wait_until="load")
        said = [plain(one.inner_text()) for one in tab.locator("article :is(h1, section > p:not(.d-print-none))").all()]
        pdf = PdfReader(io.BytesIO(tab.pdf(format="A4")))
    found = plain("".join(page.extract_text() for page in pdf.pages))
    lost = [one for one in said if share(one, found) < 0.6]
    assert len(said) > 20 and lost == []


def plain(text):
    """The characters less white space and the sign behind a heading."""
    return re.sub(r"\s|#$", "", unicodedata.normalize("NFKC", text))


def share(words, found):
    """How many in 1 of the words' pieces of 4 characters are found: a PDF names some characters by their radicals."""
    pieces = [words[start:start + 4] for start in range(0, max(1, len(words) - 3), 4)]
    return sum(piece in found for piece in pieces) / len(pieces)
