"""HTML that needs no other host, says nothing in the console and loads little, from http and from disk alike.

The theme's structure stays. Its scripts (Bootstrap, 1.5 MB of icons, the search index on every page) give way to
static/book-theme.js, its icon fonts to the masks of static/icons.css, its 400 KB of styles to the rules that some page
of the book can use.
"""

import re
import shutil
from importlib.resources import files
from pathlib import Path

HERE = Path(__file__).parent
THEME_CSS = "styles/pydata-sphinx-theme.css"
LIGHT_CSS = "theme-used.css"
NEVER_LOADED = [
    *("scripts", "vendor", "locales", "images", THEME_CSS, THEME_CSS + ".map", "styles/theme.css"),
    *("webpack-macros.html", "sbt-webpack-macros.html"),
]
DROPPED_SCRIPTS = ("doctools.js", "sphinx_highlight.js", "translations.js", "sphinx-book-theme.js")
RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<body>[^{}]*)\}")
BETWEEN_SELECTORS = re.compile(r",(?![^()]*\))")
EMPTY_BLOCK = re.compile(r"@(?:media|supports|layer)[^{};]*\{\s*\}")
CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
WORD = re.compile(r"[\w-]+")
# Names, punctuation and blanks in code: the colour of their class is that of the code around them, light and dark
PLAIN_TOKEN = re.compile(r'<span class="[npw]">([^<]*)</span>')
UNTRANSLATED = re.compile(r'title="Link to this (\w+)"')
THINGS = {"heading": "这一节", "term": "这个词"}


def add_own_files(app, config):
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))


def choose_files(app, pagename, templatename, context, doctree):
    """Keep the scripts and style sheets that this page uses, each inline script once."""
    body = context.get("body", "")
    unused = {"design-tabs.js": "sd-tab-set" not in body, "sphinx-design.min.css": "sd-" not in body}
    unused |= dict.fromkeys(DROPPED_SCRIPTS, True)
    inline = set()

    def keep(file):
        text = file.attributes.get("body")
        if text and (text in inline or text.startswith("DOCUMENTATION_OPTIONS.")):
            return False
        inline.add(text)
        return not unused.get(Path(str(file.filename or "")).name.split("?")[0])

    context["script_files"] = [file for file in context["script_files"] if keep(file)]
    context["css_files"] = [file for file in context["css_files"] if keep(file)]


def drop_plain_tokens(app, pagename, templatename, context, doctree):
    """Leave out what a third of a page's bytes would say of its code without changing how it looks."""
    if "body" in context:
        context["body"] = PLAIN_TOKEN.sub(r"\1", context["body"])


def speak_chinese(app, pagename, templatename, context, doctree):
    """Translate what Sphinx's own Chinese leaves in English."""
    if "body" in context:
        context["body"] = UNTRANSLATED.sub(
            lambda found: f'title="{THINGS.get(found[1], "这里")}的链接"', context["body"])
        context["body"] = context["body"].replace(' aria-label="Toggle hidden content"', "")  # its words say which


def used_rules(css, words):
    """Return the style sheet without its fonts, comments, and the rules for classes that are none of ``words``.

    A class inside parentheses, as in ``:not(.class)``, is no condition: such a selector stays.
    """

    def usable(selector):
        outside = re.sub(r"\([^()]*\)", "", selector)
        return all(name in words or "\\" in name for name in CLASS.findall(outside))

    def keep(rule):
        selectors = BETWEEN_SELECTORS.split(rule["selectors"])
        if any(selector.count("(") != selector.count(")") for selector in selectors):
            return rule[0]
        kept = [selector for selector in selectors if usable(selector) and selector.strip() != "@font-face"]
        return f"{','.join(kept)}{{{rule['body']}}}" if kept else ""

    css = RULE.sub(keep, re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return EMPTY_BLOCK.sub("", css)


def words_of(folder):
    """Return every word of the built pages and scripts: whatever can become a class of an element is among them."""
    paths = [*folder.rglob("*.html"), *(folder / "_static").glob("*.js")]
    texts = (path.read_text(encoding="utf-8") for path in paths if path.name != "search-index.js")
    return {word for text in texts for word in WORD.findall(text)}


def lighten(app, exception):
    """Drop from the built book what no page loads."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    for name in NEVER_LOADED:
        path = static / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    # from the theme itself: when nothing has changed, Sphinx copies no files
    theme = files("pydata_sphinx_theme") / "theme" / "pydata_sphinx_theme" / "static"
    css = (theme / THEME_CSS).read_text(encoding="utf-8")
    (static / LIGHT_CSS).write_text(used_rules(css, words_of(Path(app.outdir))), encoding="utf-8")


def setup(app):
    app.connect("config-inited", add_own_files)
    app.connect("html-page-context", choose_files, priority=950)
    app.connect("html-page-context", drop_plain_tokens)
    app.connect("html-page-context", speak_chinese)
    app.connect("build-finished", lighten)
