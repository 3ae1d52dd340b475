"""The map of the book: an SVG of its pages, what builds on what, how many minutes each takes, and links to them.

``book/map.yml`` maps a page to ``{needs: [pages], short: name}``; a page says its minutes itself: **用时**：约 N 分钟.
"""

import html
import re
from pathlib import Path

from iolab.sphinxext import datafile
from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.lists import add_list, book_file
from iolab.sphinxext.markup import parts, url

FILE = "map.yml"
MINUTES = PageFacts("minutes")  # docname -> int
TOLD = re.compile(r"用时：\D{0,4}(\d+) 分钟")
WIDTH, HEIGHT, ACROSS, DOWN, TOP = 122, 44, 152, 62, 34  # of a box; from box to box; above the first


def load(folder):
    return datafile.read(Path(folder, FILE)) or {}


def find_minutes(app, doctree):
    if told := TOLD.search(doctree.astext()):
        MINUTES.of(app.env)[app.env.docname] = int(told[1])


def places(pages, captions):
    """Return {page: (column, row)}: a column for each part of the book, in its order."""
    columns, found = {}, {}
    for page in (page for page in captions if page in pages):
        column = columns.setdefault(captions[page], [])
        found[page] = list(columns).index(captions[page]), len(column)
        column.append(page)
    return found


def corner(place):
    column, row = place
    return 8 + column * ACROSS, TOP + row * DOWN


def line(start, end):
    """The path from what is needed to what needs it: down, around in the same column, or to a column on the right."""
    (x, y), (to_x, to_y) = corner(start), corner(end)
    if start[0] == end[0] and end[1] - start[1] == 1:
        return f"M{x + WIDTH / 2:g} {y + HEIGHT}V{to_y - 1}"
    if start[0] == end[0]:
        middle, to = y + HEIGHT / 2, to_y + HEIGHT / 2
        return f"M{x + WIDTH} {middle:g}C{x + WIDTH + 26} {middle:g} {x + WIDTH + 26} {to:g} {x + WIDTH + 1} {to:g}"
    x, y, to_y = x + WIDTH, y + HEIGHT / 2, to_y + HEIGHT / 2
    bend = (to_x - x) / 2
    return f"M{x} {y:g}C{x + bend:g} {y:g} {to_x - bend:g} {to_y:g} {to_x - 1} {to_y:g}"


def draw(app, docname):
    """Return the map as HTML; without a page of map.yml it is empty."""
    pages, captions = load(app.srcdir), parts(app)
    place = places(pages, captions)
    lines = "".join(
        f'<path d="{line(place[need], place[page])}" marker-end="url(#map-arrow)"/>'
        for page in place for need in pages[page].get("needs", ()) if need in place
    )
    heads = "".join(f'<text class="map-part" x="{corner((column, 0))[0]}" y="20">{caption}</text>'
                    for caption, column in {captions[page]: place[page][0] for page in place}.items())
    boxes = "".join(box(app, docname, page, pages, place) for page in place)
    width, height = (max(value) for value in zip(*map(corner, place.values()), strict=True))
    size = f"0 0 {width + WIDTH + 30} {height + HEIGHT + 8}"
    return (
        f'<div class="book-map pst-scrollable-table-container"><svg viewBox="{size}" role="group" '
        'aria-label="书的地图：哪一页建立在哪一页上">'
        '<defs><marker id="map-arrow" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" markerHeight="6" '
        f'orient="auto"><path d="M0 0L6 3L0 6z"/></marker></defs>{heads}<g class="map-lines">{lines}</g>{boxes}'
        "</svg></div>"
    )


def box(app, docname, page, pages, place):
    (x, y), title, minutes = corner(place[page]), app.env.titles[page].astext(), MINUTES.of(app.env).get(page)
    needs = "、".join(app.env.titles[need].astext() for need in pages[page].get("needs", ()) if need in place)
    said = html.escape(title + (f"，约 {minutes} 分钟" if minutes else "") + (f"，建立在{needs}上" if needs else ""))
    name = html.escape(pages[page].get("short", title))
    spent = f'<text class="map-minutes" x="{x + 8}" y="{y + 36}">{minutes} 分钟</text>' if minutes else ""
    return (
        f'<a href="{url(app, docname, page, None)}" aria-label="{said}"><title>{said}</title>'
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4"/>'
        f'<text x="{x + 8}" y="{y + 19}">{name}</text>'
        f'{spent}<text class="map-tick" x="{x + WIDTH - 20}" y="{y + 37}" aria-hidden="true">✓</text></a>'
    )


def setup(app):
    MINUTES.connect(app)
    add_list(app, "book-map", draw, book_file(FILE))
    app.connect("doctree-read", find_minutes)
