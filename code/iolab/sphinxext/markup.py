"""Small pieces of HTML that the lists of the book share."""

import html
import re


def inline(text):
    """Return a line of text as HTML; what stands between backticks becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def url(app, docname, target, anchor):
    """Return the relative address of an anchor on page ``target``, seen from page ``docname``."""
    return html.escape(app.builder.get_relative_uri(docname, target) + (f"#{anchor}" if anchor else ""))


def page_title(app, docname):
    return inline(app.env.titles[docname].astext())


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
