"""The book as an EPUB 3: a chapter a page of the book, a table of contents, a cover, and nothing that runs."""

from html import escape
from importlib.resources import files

from iolab.export import archive, chapters, cover, links, paper, rights, tree
from iolab.export.about import CC_BY

MIMETYPE = "application/epub+zip"
TEXT = "text/"
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="EPUB/book.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="{language}" \
xml:lang="{language}">
<head><title>{title}</title><link rel="stylesheet" type="text/css" href="{top}style.css"/></head>
<body>{body}</body>
</html>
"""
PACKAGE = """<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{language}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{identifier}</dc:identifier>
<dc:title>{title}</dc:title>
<dc:creator id="author">{author}</dc:creator>
<meta refines="#author" property="role" scheme="marc:relators">aut</meta>
<dc:language>{language}</dc:language>
<dc:date>{date:%Y-%m-%d}</dc:date>
<dc:rights>{rights}</dc:rights>
<meta property="dcterms:license">{licence}</meta>
<meta property="dcterms:modified">{date:%Y-%m-%dT%H:%M:%SZ}</meta>
<meta property="schema:version">{version}</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessMode">visual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">tableOfContents</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityFeature">alternativeText</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">每幅图都有写成文字的步骤。</meta>
<meta name="cover" content="cover-image"/>
</metadata>
<manifest>
{manifest}
</manifest>
<spine>
{spine}
</spine>
</package>
"""


def make(html, toc, about, out):
    """Write the EPUB of the HTML folder ``html``, its pages in the order of ``toc``, into ``out``; return its path.

    Raises ValueError for a page that is missing, and for a link whose place is nowhere.
    """
    read = chapters.still(html, toc)
    broken = links.lead(read, lambda name, anchor: file(name) + (f"#{anchor}" if anchor else ""))
    links.refuse(broken)
    path = out / about.file("epub")
    archive.write(path, contents(read, about), first=("mimetype",))
    return path


def file(name):
    return f"{name.replace('/', '-')}.xhtml"


def contents(read, about):
    """Return {name: bytes} of everything in the archive."""
    page = {"language": about.language}
    texts = {file(chapter.name): PAGE.format(title=escape(chapter.title), top="../", **page,
                                             body=tree.to_xml(chapter.body)) for chapter in read}
    texts["cover.xhtml"] = PAGE.format(title=escape(about.title), top="../", **page, body=(
        f'<div class="cover" epub:type="cover"><img src="../cover.png" alt="{escape(about.title)}"/></div>'))
    texts["rights.xhtml"] = PAGE.format(title=rights.TITLE, top="../", **page, body=tree.to_xml(rights.page(about)))
    nav = PAGE.format(title="目录", top="", **page, body=navigation(read, about))
    room = files("iolab.export")
    css = "".join((room / name).read_text(encoding="utf-8") for name in ("paper.css", "epub.css"))
    order = ["cover.xhtml", *(file(chapter.name) for chapter in read), "rights.xhtml"]
    return {
        "mimetype": MIMETYPE.encode(),
        "META-INF/container.xml": CONTAINER.encode(),
        "EPUB/book.opf": package(about, order, texts).encode(),
        "EPUB/nav.xhtml": nav.encode(),
        "EPUB/style.css": css.encode(),
        "EPUB/cover.png": cover.png().read_bytes(),
        **{f"EPUB/{TEXT}{name}": text.encode() for name, text in texts.items()},
    }


def package(about, order, texts):
    items = ['<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>',
             '<item id="style" href="style.css" media-type="text/css"/>',
             '<item id="cover-image" href="cover.png" media-type="image/png" properties="cover-image"/>']
    for name in order:
        drawn = ' properties="svg"' if "<svg" in texts[name] else ""
        items.append(f'<item id="{identity(name)}" href="{TEXT}{name}" media-type="application/xhtml+xml"{drawn}/>')
    spine = [f'<itemref idref="{identity(name)}"/>' for name in order]
    spine.insert(1, '<itemref idref="nav"/>')
    said = {key: escape(getattr(about, key)) for key in ("identifier", "title", "author", "language", "rights",
                                                          "version")}
    return PACKAGE.format(**said, date=about.date, licence=CC_BY, manifest="\n".join(items),
                          spine="\n".join(spine))


def identity(name):
    return f"text-{name.removesuffix('.xhtml')}"


def navigation(read, about):
    """Return the table of contents, parts above chapters above sections, and where reading begins."""
    lines, part = [], ""
    for chapter in read:
        if chapter.part != part:
            lines += ["</ol></li>"] * bool(part) + [f"<li><span>{escape(chapter.part)}</span><ol>"]
            part = chapter.part
        below = "".join(f'<li><a href="{TEXT}{file(chapter.name)}#{escape(anchor)}">{escape(title)}</a></li>'
                        for anchor, title in sections(chapter))
        lines.append(f'<li><a href="{TEXT}{file(chapter.name)}">{escape(chapter.title)}</a>'
                     + (f"<ol>{below}</ol>" if below else "") + "</li>")
    lines += ["</ol></li>"] * bool(part) + [f'<li><a href="{TEXT}rights.xhtml">{rights.TITLE}</a></li>']
    first = file(read[0].name)
    return (f'<nav epub:type="toc" id="toc"><h1>目录</h1><ol>{"".join(lines)}</ol></nav><p>{paper.note(about)}</p>'
            '<nav epub:type="landmarks" hidden="hidden"><h2>从哪里读起</h2><ol>'
            f'<li><a epub:type="cover" href="{TEXT}cover.xhtml">封面</a></li>'
            '<li><a epub:type="toc" href="#toc">目录</a></li>'
            f'<li><a epub:type="bodymatter" href="{TEXT}{first}">正文</a></li></ol></nav>')


def sections(chapter):
    """Return (anchor, title) of each section right below the chapter's title."""
    return [(one.get("id"), chapters.heading(one)) for one in tree.find(chapter.body, "section")
            if one.get("id") and any(tree.name(child) == "h2" for child in one)]
