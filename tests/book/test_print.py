"""Words of a page stay words in a PDF."""

import io
import re
import unicodedata

from pypdf import PdfReader


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
