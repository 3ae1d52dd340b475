"""For teachers: plans of a course and what each page is to reach, with the minutes that the pages themselves say.

``teaching/plans.yml`` maps a number of weeks to ``{minutes, home, weeks}`` and a week to ``{title, goal, class, home,
screen, lab}``; ``teaching/aims.yml`` maps a page or lab to one line. What they name and the pages do not have fails the
build: see problems().
"""

import re
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from docutils import nodes
from sphinx.util.logging import getLogger

from iolab.sphinxext import datafile, roadmap
from iolab.sphinxext.facts import PageFacts
from iolab.sphinxext.lists import add_list, book_file
from iolab.sphinxext.markup import inline, page_link, parts, url

PLANS, AIMS = "teaching/plans.yml", "teaching/aims.yml"
LENGTHS = (8, 16)  # weeks: a directive {teaching-plan-N} for each
TALK = 1.5  # reading together takes this many times as long as a page says
KEYS = {"title", "goal", "class", "home", "screen", "lab"}
LAB = "labs/"
FIGURES = PageFacts("figures")  # docname -> {name of a picture or level: its title as HTML}
FIGURE = re.compile(r'<figure class="iolab-picture[^"]*" data-name="(\w+)">'
                    r'(?:<table[^>]*>)?<(?:figcaption|caption)>(.*?)</')

logger = getLogger(__name__)


@dataclass
class Known:
    """What the pages have. minutes: page -> int; needs: page -> pages; figures: page -> {name: title}."""

    minutes: dict
    needs: dict = field(default_factory=dict)
    figures: dict = field(default_factory=dict)


def load(folder, name):
    return datafile.read(Path(folder, name)) or {}


def figures(html):
    """{name: title as HTML} of the pictures and levels in a piece of HTML."""
    return dict(FIGURE.findall(html))


def pages_of(week):
    return [*week.get("class", ()), *week.get("home", ())]


def in_class(week, minutes):
    """Minutes of lessons that the week's pages take."""
    return round(TALK * sum(minutes[page] for page in week.get("class", ())))


def at_home(week, minutes):
    return sum(minutes[page] for page in [*week.get("home", ()), *filter(None, [week.get("lab")])])


def problems(plans, aims, known):
    """One line for each thing that is wrong with the plans and the aims."""
    for length, plan in plans.items():
        yield from wrong_in(length, plan, known)
    told = [page for page in known.minutes]
    yield from (f"{page}: no aim in {AIMS}" for page in told if not aims.get(page))
    yield from (f"{page}: an aim, but no such page" for page in aims if page not in told)


def wrong_in(length, plan, known):
    """One line for each thing that is wrong with a plan of so many weeks."""
    if length != len(plan["weeks"]):
        yield f"the plan of {length} weeks has {len(plan['weeks'])}"
    read = []
    for number, week in enumerate(plan["weeks"], 1):
        yield from (f"{length}/{number}: {line}" for line in wrong_with(week, plan, read, known))
        read += [*pages_of(week), week.get("lab")]


def wrong_with(week, plan, read, known):
    """One line for each thing that is wrong with a week. read: the pages and labs of the weeks before."""
    yield from (f"{key} is missing" for key in ("title", "goal", "class") if not week.get(key))
    yield from (f"unknown key {key}" for key in sorted(week.keys() - KEYS))
    named = [*pages_of(week), *filter(None, [week.get("lab")])]
    missing = [page for page in named if page not in known.minutes]
    yield from (f"there is no page {page}, or it says no minutes" for page in missing)
    yield from (f"{page} is no lab" for page in filter(None, [week.get("lab")]) if not page.startswith(LAB))
    yield from (f"{page} was there before" for page in named if page in read)
    before = list(read)
    for page in pages_of(week):
        yield from (f"{page} needs {need}" for need in known.needs.get(page, ()) if need not in before)
        before.append(page)
    shown = {name for page in before if page for name in known.figures.get(page, ())}
    yield from (f"no page so far has the picture or level {name}"
                for name in week.get("screen", ()) if name not in shown)
    if not missing:
        minutes = known.minutes
        if (long := in_class(week, minutes)) > plan["minutes"]:
            yield f"{long} minutes in class, but there are {plan['minutes']}"
        if (long := at_home(week, minutes)) > plan["home"]:
            yield f"{long} minutes at home, but at most {plan['home']}"


def known_of(app):
    """What the pages of this build have, in the book's order."""
    minutes, needs = roadmap.MINUTES.of(app.env), roadmap.load(app.srcdir)
    timed = [page for page in parts(app) if page in minutes]
    return Known({page: minutes[page] for page in timed},
                 {page: row.get("needs", ()) for page, row in needs.items()}, FIGURES.of(app.env))


def find_figures(app, doctree):
    raws = (raw.astext() for raw in doctree.findall(nodes.raw) if "html" in raw.get("format", ""))
    found = {name: title for html in raws for name, title in figures(html).items()}
    if found:
        FIGURES.of(app.env)[app.env.docname] = found


def check(app, env):
    plans, aims = load(app.srcdir, PLANS), load(app.srcdir, AIMS)
    for line in problems(plans, aims, known_of(app)) if plans or aims else ():
        logger.warning("teaching: %s", line)


def plan(app, docname, length):
    """A plan as HTML: its weeks, and the pages and labs that have no place in it; "" for one that is wrong."""
    plans, known = load(app.srcdir, PLANS), known_of(app)
    if length not in plans or any(wrong_in(length, plans[length], known)):
        return ""
    weeks, minutes = plans[length]["weeks"], known.minutes
    named = {page for week in weeks for page in [*pages_of(week), week.get("lab")]}
    left = [page for page in minutes if page not in named]
    lessons, alone = (sum(spent(week, minutes) for week in weeks) for spent in (in_class, at_home))
    total = f"课上 {lessons} 分钟，课后 {alone} 分钟"
    rest = f"没有排进去的：{links(app, docname, left, minutes)}。" if left else "每一页、每个实验都在里面。"
    items = "".join(shown(app, docname, number, week, known) for number, week in enumerate(weeks, 1))
    return f'<dl class="teaching-plan">{items}</dl><p class="teaching-total">一共{total}。{rest}</p>'


def shown(app, docname, number, week, known):
    minutes = known.minutes
    spent = f"课上 {in_class(week, minutes)} 分钟" + (f"，课后 {home} 分钟" if (home := at_home(week, minutes)) else "")
    rows = [("课上", links(app, docname, week["class"], minutes)),
            ("投影", "、".join(screen(app, docname, name, known) for name in week.get("screen", ()))),
            ("课后", links(app, docname, week.get("home", ()), minutes)),
            ("实验", links(app, docname, [week["lab"]], minutes) if week.get("lab") else "")]
    told = "".join(f"<p><b>{head}</b>{words}</p>" for head, words in rows if words)
    return (f'<dt><b>第 {number} 周　{inline(week["title"])}</b> <span>{spent}</span></dt>'
            f"<dd><p>{inline(week['goal'])}</p>{told}</dd>")


def links(app, docname, pages, minutes):
    """Links to pages with their minutes; a lab goes without the word that stands before it."""
    return "、".join(f"{page_link(app, docname, page)}（{minutes[page]}）" for page in pages).replace(">实验：", ">")


def screen(app, docname, name, known):
    """A link that opens a page with that picture filling the window: static/projector.js."""
    page = next(page for page in known.minutes if name in known.figures.get(page, ()))
    return f'<a href="{url(app, docname, page, None)}?screen={name}">{known.figures[page][name]}</a>'


def aims(app, docname):
    """What each page and each lab is to reach, part by part, as HTML."""
    told, known, captions = load(app.srcdir, AIMS), known_of(app), parts(app)
    groups = {}
    for page in known.minutes:
        groups.setdefault(captions[page], []).append(
            f"<dt>{page_link(app, docname, page)} <span>{known.minutes[page]} 分钟</span></dt>"
            f"<dd>{inline(told.get(page, ''))}</dd>")
    return "".join(f'<h2 class="teaching-part">{caption}</h2><dl class="teaching-aims">{"".join(rows)}</dl>'
                   for caption, rows in groups.items())


def setup(app):
    FIGURES.connect(app)
    for length in LENGTHS:
        add_list(app, f"teaching-plan-{length}", partial(plan, length=length), book_file(PLANS))
    add_list(app, "teaching-aims", aims, book_file(AIMS))
    app.connect("doctree-read", find_figures)
    app.connect("env-check-consistency", check)
