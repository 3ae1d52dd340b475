"""The book as one PDF: its chapters on A4, printed by Chromium, with outline, page numbers and words that are found."""

import tempfile
from html import escape
from importlib.resources import files
from pathlib import Path

from iolab.export import chapters, chromium, cover, finish, links, paper, rights, tree
from iolab.export.chapters import HEADINGS

FOOTER = ('<div style="width:100%; font-size:8px; text-align:center; color:#52606d">'
          '<span class="pageNumber"></span></div>')
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="{language}" xml:lang="{language}">
<head><meta charset="utf-8"/><title>{title}</title><style>{css}</style></head>
<body>{body}</body>
</html>
"""


def make(html, toc, about, out):
    """Write the PDF of the HTML folder ``html``, its pages in the order of ``toc``, into ``out``; return its path.

    It is printed twice: the second time the table of contents knows the pages. Raises ValueError for a page that is
    missing or a link whose place is nowhere, DriverError where there is no Chromium.
    """
    read = chapters.still(html, toc)
    names = {(chapter.name, anchor): name for chapter in read for anchor, name in short_names(chapter).items()}
    links.refuse(links.lead(read, lambda *place: f"#{names[place]}"))
    for chapter in read:
        make_part_of_one(chapter, names)
    path = out / about.file("pdf")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium.paper_tab() as tab:
        printed = Path(folder, "book.pdf")
        print_it(tab, Path(folder), whole(read, about, {}), printed)
        print_it(tab, Path(folder), whole(read, about, finish.pages_of_places(printed)), printed)
        headings = {tree.words(one) for chapter in read for one in tree.find(chapter.body, *HEADINGS)}
        finish.finish(printed, path, about, headings)
    return path


def short_names(chapter):
    """Return {id in a chapter: id in the whole}, "" being the chapter itself; a PDF allows a name 127 bytes."""
    own = chapter.name.replace("/", "-")
    return {"": own, **{anchor: f"{own}.{count}" for count, anchor in enumerate(links.anchors(chapter.body), 1)}}


def make_part_of_one(chapter, names):
    """Let no id of a chapter stand in another, and its headings below its part's."""
    for one in chapter.body.iter():
        if one.get("id"):
            one.set("id", names[chapter.name, one.get("id")])
        if chapter.part and tree.name(one) in HEADINGS:
            one.tag = f"{{{tree.XHTML}}}{HEADINGS[min(HEADINGS.index(tree.name(one)) + 1, 5)]}"
    chapter.body.tag = f"{{{tree.XHTML}}}div"
    chapter.body.set("class", "chapter")
    chapter.body.set("id", names[chapter.name, ""])


def whole(read, about, pages):
    """Return the book as one page; ``pages`` maps ids to numbers of sheets, where they are known."""
    room = files("iolab.export")
    css = "".join((room / name).read_text(encoding="utf-8") for name in ("paper.css", "pdf.css"))
    body, part = [f'<div class="cover"><img src="cover.svg" alt="{escape(about.title)}"/></div>',
                  contents(read, about, pages)], ""
    for chapter in read:
        if chapter.part != part:
            part = chapter.part
            body.append(f'<h1 class="part">{escape(part)}</h1>')
        body.append(tree.to_xml(chapter.body))
    end = rights.page(about)
    end.tag, end.attrib["class"] = f"{{{tree.XHTML}}}div", "rights"
    return PAGE.format(language=about.language, title=escape(about.title), css=css,
                       body="\n".join([*body, tree.to_xml(end)]))


def contents(read, about, pages):
    lines, part = [], ""
    for chapter in read:
        if chapter.part != part:
            part = chapter.part
            lines.append(f'<li class="caption">{escape(part)}</li>')
        anchor = chapter.body.get("id")
        lines.append(f'<li><a href="#{anchor}"><span>{escape(chapter.title)}</span><span class="dots"></span>'
                     f"<span>{pages.get(anchor, '000')}</span></a></li>")
    return f'<div class="contents"><h1>目录</h1><p>{paper.note(about)}</p><ol>{"".join(lines)}</ol></div>'


def print_it(tab, folder, text, path):
    page = folder / "book.xhtml"
    page.write_text(text, encoding="utf-8")
    (folder / "cover.svg").write_text(cover.svg(), encoding="utf-8")
    tab.goto(page.as_uri(), wait_until="load", timeout=300_000)
    tab.pdf(path=path, prefer_css_page_size=True, print_background=True, outline=True, tagged=True,
            display_header_footer=True, header_template="<span></span>", footer_template=FOOTER)
