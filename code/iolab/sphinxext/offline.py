"""HTML that needs no other host, says nothing in the console and loads little, from http and from disk alike.

The theme's structure stays. Its scripts (Bootstrap, 1.5 MB of icons, the search index on every page) give way to
static/book-theme.js, its icon fonts to the masks of static/icons.css, its 400 KB of styles to the rules that some page
of the book can use.
"""

import re
import shutil
from importlib.resources import files
from pathlib import Path

from iolab import words

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
# Classes of tokens that look alike, light and dark; "" is the code around them. (Operators could be told from names.)
ALIKE = {"": "n nn nx o p w", "c": "c1 ch cm", "k": "kc kd kn kr ne ow", "m": "bp kt mb mf mh mi mo nb nd",
         "s": "dl s1 s2 sa sb sd se sh si"}
# What a third of a page's bytes would say without changing how it looks; each can be done twice.
SAID_TWICE = [
    *((re.compile(rf'<span class="(?:{names.replace(" ", "|")})">([^<]*)</span>'),
       rf'<span class="{name}">\1</span>' if name else r"\1") for name, names in ALIKE.items()),
    # what has no place to break a line at
    (re.compile(r'<span class="pre">([\w.:()=+*/\[\]{},\'"%&;#@]*)</span>', re.ASCII), r"\1"),
    (re.compile(r'<code class="docutils literal notranslate">'), '<code class="literal">'),
    (re.compile(r'(class="(?:cell_input|cell_output)[^"]*) docutils container"'), r'\1"'),
    (re.compile(r'(class="(?:output [^"]*)?highlight-[\w-]+) notranslate"'), r'\1"'),
    (re.compile(r' class="reference internal"'), ""),
    (re.compile(r"<pre><span></span>(?!\n)"), "<pre>"),  # it keeps a first line that is empty
]
SAME_TOKENS = re.compile(r'<span class="(\w{1,3})">[^<]*</span>(?:<span class="\1">[^<]*</span>)+')
KEPT_AS_IT_IS = re.compile(r"(<(pre|script|style|textarea|svg)\b.*?</\2>)", re.DOTALL)
BLANK_LINES = re.compile(r"\n\s+")
UNTRANSLATED = re.compile(r'title="Link to this (\w+)"')
THINGS = {"heading": "这一节", "term": "这个词"}


def add_own_files(app, config):
    aside = Path(app.doctreedir, "iolab")
    config.templates_path.insert(0, str(words.copied(HERE / "templates", aside / "templates")))
    config.html_static_path.append(str(words.copied(HERE / "static", aside / "static")))


def say_styles(app, exception):
    """Let the book's own styles name headings and verdicts as its pages do."""
    for path in Path(app.srcdir, "_static").glob("*.css"):
        if not exception and app.builder.format == "html" and words.language() != words.CHINESE:
            Path(app.outdir, "_static", path.name).write_text(words.handed_out(path), encoding="utf-8")


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


def said_once(html):
    """Return a page without what says nothing: classes that no style uses, tokens cut in two, blank lines."""
    for pattern, instead in SAID_TWICE:
        html = pattern.sub(instead, html)
    html = SAME_TOKENS.sub(lambda found: f'<span class="{found[1]}">{re.sub("<[^>]*>", "", found[0])}</span>', html)
    parts = KEPT_AS_IT_IS.split(html)  # text between, whole, name, text between, …
    parts[::3] = [BLANK_LINES.sub("\n", part) for part in parts[::3]]
    del parts[2::3]
    return "".join(parts)


def lighten_pages(folder):
    for path in folder.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        if (light := said_once(html)) != html:
            path.write_text(light, encoding="utf-8")


def lighten(app, exception):
    """Drop from the built book what no page loads."""
    if exception or app.builder.format != "html":
        return
    lighten_pages(Path(app.outdir))
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
    app.connect("html-page-context", speak_chinese)
    app.connect("build-finished", say_styles)
    app.connect("build-finished", lighten)
