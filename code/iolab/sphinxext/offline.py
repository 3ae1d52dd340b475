"""HTML that needs no other host, says nothing in the console and loads little, from http and from disk alike.

The theme's structure and style sheets stay. Its scripts (Bootstrap, 1.5 MB of icons, the search index on every page)
give way to static/book-theme.js, its icon fonts to the masks of static/icons.css.
"""

import re
import shutil
from pathlib import Path

HERE = Path(__file__).parent
THEME_CSS = "styles/pydata-sphinx-theme.css"
LIGHT_CSS = "theme-without-icons.css"
NEVER_LOADED = [
    *("scripts", "vendor", "locales", "images", THEME_CSS, THEME_CSS + ".map", "styles/theme.css"),
    *("webpack-macros.html", "sbt-webpack-macros.html"),
]
DROPPED_SCRIPTS = ("doctools.js", "sphinx_highlight.js", "translations.js", "sphinx-book-theme.js")
ICON_SELECTOR = re.compile(r"\.(fa[bsr]?|fa-[\w-]+|sr-only[\w-]*)(:not\(:focus\))?(::?(before|after))?")
RULE = re.compile(r"(?P<selector>[^{}]+)\{(?P<body>[^{}]*)\}")


def add_own_files(app, config):
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_static_path.append(str(HERE / "static"))


def choose_scripts(app, pagename, templatename, context, doctree):
    """Keep the scripts that this page uses, each inline one once."""
    chosen, bodies = [], set()
    for script in context["script_files"]:
        name = str(script.filename or "")
        body = script.attributes.get("body")
        unused = "design-tabs.js" in name and "sd-tab-set" not in context.get("body", "")
        if unused or name.split("?")[0].endswith(DROPPED_SCRIPTS):
            continue
        if body and (body in bodies or body.startswith("DOCUMENTATION_OPTIONS.")):
            continue
        bodies.add(body)
        chosen.append(script)
    context["script_files"] = chosen


def without_icon_fonts(css):
    """Return the style sheet without Font Awesome's 1,900 icon rules and its fonts."""
    css = re.sub(r"/\*!\s*\* Font Awesome.*?\*/|/\*# sourceMappingURL.*?\*/", "", css, flags=re.DOTALL)

    def keep(rule):
        selectors = [selector.strip() for selector in rule["selector"].split(",")]
        icon = all(ICON_SELECTOR.fullmatch(selector) for selector in selectors)
        return "" if icon or selectors == ["@font-face"] else rule[0]

    return RULE.sub(keep, css)


def lighten(app, exception):
    """Drop from the built book what no page loads."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    css = (static / THEME_CSS).read_text(encoding="utf-8")
    (static / LIGHT_CSS).write_text(without_icon_fonts(css), encoding="utf-8")
    for name in NEVER_LOADED:
        path = static / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def setup(app):
    app.connect("config-inited", add_own_files)
    app.connect("html-page-context", choose_scripts, priority=950)
    app.connect("build-finished", lighten)
