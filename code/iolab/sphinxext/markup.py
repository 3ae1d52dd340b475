"""Small pieces of HTML that the lists of the book share."""

import html

from iolab.questions.html import inline

__all__ = ["body", "inline", "page_link", "page_title", "parts", "table", "url"]


def url(app, docname, target, anchor):
    """Return the relative address of an anchor on page ``target``, seen from page ``docname``."""
    return html.escape(app.builder.get_relative_uri(docname, target) + (f"#{anchor}" if anchor else ""))


def page_title(app, docname):
    return inline(app.env.titles[docname].astext())


def page_link(app, docname, target, anchor=None):
    """Return a link to a page by its title, seen from page ``docname``."""
    return f'<a href="{url(app, docname, target, anchor)}">{page_title(app, target)}</a>'


def table(kind, heads, bodies):
    """Return a table of class ``kind`` that scrolls inside itself: one head a column, bodies as HTML."""
    row = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<div class="pst-scrollable-table-container"><table class="table {kind}"><thead><tr>{row}</tr></thead>'
        f"{bodies}</table></div>"
    )


def body(rows, caption="", columns=0):
    """Return a body of a table; a caption becomes a row of its own over ``columns``."""
    head = f'<tr class="list-part"><th colspan="{columns}" scope="rowgroup">{caption}</th></tr>' if caption else ""
    part = f' data-part="{caption}"' if caption else ""
    return f"<tbody{part}>{head}{''.join(rows)}</tbody>"


def parts(app):
    """Return docname -> caption of its part, for all pages in the order of the table of contents."""
    sitemap, captions = app.config.external_site_map, {}

    def walk(docname, caption):
        captions[docname] = caption
        for subtree in sitemap[docname].subtrees:
            for item in subtree.items:
                if item in sitemap:
                    walk(str(item), subtree.caption or caption)

    walk(sitemap.root.docname, "")
    return captions
