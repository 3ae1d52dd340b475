"""A page as paper has it: nothing to press, pictures with their steps as text, answers and long scripts at the end."""

import re

from iolab.export import codelines, tree
from iolab.export.about import FULL
from iolab.export.tree import classes, find, make, words

PRESSED = ("script", "style", "noscript", "template", "button", "select", "label", "output", "progress", "input")
UNSEEN = {"headerlink", "show-code", "live-hint", "copybtn", "pst-js-only", "d-print-none", "collapsed"}
CHECK = "tag_check:"  # the cell that judges an exercise: without an answer it says that there is none
KEPT = {"id", "class", "href", "title", "lang", "value", "scope", "colspan", "rowspan", "type", "start", "alt", "src"}
SAYS_HOW = re.compile(r"tag_|docutils$|container$|highlight-|reference$|internal$|output$")
VARIABLE = re.compile(r"var\(--[\w-]+,\s*([^()]*)\)")
NOTE = "网页里的图可以播放，单元格可以运行，题目当场判断。这里每幅图是最后一帧，后面是各步的文字；"
ANSWERS = "题目和练习的答案在每章末尾，整个脚本也在那里。"
NO_SOLUTIONS = "题目的答案在每章末尾，整个脚本也在那里；练习没有解答。"


def note(about):
    """What a reader of the web pages will miss, and where to find it."""
    return NOTE + (ANSWERS if about.edition == FULL else NO_SOLUTIONS)


def put_on_paper(body):
    """Change the <article> of a page in place.

    What was folded because it tells an answer stands in one section at the end, ``class="answers"``, whole scripts in
    another, ``class="scripts"``; links lead there and back.
    """
    drop_what_is_pressed(body)
    for figure in find(body, "figure", class_="iolab-picture"):
        still(figure)
    show_cells(body)
    body.extend([section for section in (answers(body), scripts(body)) if len(section) > 1])
    for parent, details in folded(body):
        tree.replace(parent, details, open_box(details))
    for pre in find(body, "pre"):
        codelines.cut(pre)
    tidy(body)


def drop_what_is_pressed(body):
    for child, parent in tree.parents(body).items():
        empty_list = "toctree-wrapper" in classes(child) and not words(child)
        gone = tree.name(child) in PRESSED or UNSEEN & set(classes(child)) or "hidden" in child.attrib or empty_list
        if gone or not tree.name(child):
            tree.replace(parent, child, *anchors(child))


def anchors(element):
    """Empty elements with the ids in an element that goes: links to them must still arrive."""
    return [make("span", id=one.get("id")) for one in element.iter() if one.get("id")]


def still(figure):
    """Let the drawing of a picture be one that readers without styles of their own can show."""
    for child, parent in tree.parents(figure).items():
        if child.get("display") == "none":
            tree.replace(parent, child)
    for svg in find(figure, "svg"):
        if label := svg.attrib.pop("aria-label", None):
            title = tree.ET.Element(f"{{{tree.SVG}}}title")
            title.text = label
            svg.insert(0, title)
    for one in figure.iter():
        if style := one.get("style"):
            one.set("style", VARIABLE.sub(r"\1", style))


def show_cells(body):
    """Leave out code that only fetches what is shown, and what judges an answer that nobody has given."""
    for cell in find(body, "div", class_="cell"):
        check = any(name.startswith(CHECK) for name in classes(cell))
        for part in list(cell):
            if check or ("plumbing" in classes(cell) and "cell_input" in classes(part)):
                tree.replace(cell, part, *anchors(part))
    for child, parent in tree.parents(body).items():
        if "cell" in classes(child) and not words(child) and not find(child, "svg"):
            tree.replace(parent, child, *anchors(child))


def answers(body):
    """Move what answers a question or an exercise into a section of its own, and return it."""
    section = make("section", None, make("h2", "答案"), class_="answers", id="answers")
    parents, count = tree.parents(body), 0
    for one in find(body):
        if "iolab-question" in classes(one):
            told = next(iter(find(one, "details", class_="q-told")), None)
            if told is None:
                continue
            count += 1
            ask = next(iter(find(one, "p", class_="q-ask")))
            head, question = ask[0], words(ask)
            kind = head.text
            one.set("id", f"ask-{count}")
            head.text = f"{kind} {count}"
            ask.append(make("a", "答案", class_="to-answer", href=f"#answer-{count}"))
            tree.replace(one, told)
            for other in find(told, "p", class_="q-else"):
                other.text = f"别的答案：{other.text or ''}"
            asked = question.removeprefix(kind).strip()
            section.append(make("div", None, back(f"{kind} {count}", f"#ask-{count}", asked), *unfolded(told),
                                class_="answer", id=f"answer-{count}"))
        elif "solution" in classes(one):
            solve(parents, one, section)
    return section


def solve(parents, solution, section):
    """Move a solution behind the answers; a link in its place, and one back to its exercise."""
    parent = parents[solution]
    place = list(parent).index(solution)
    exercise = next((one for one in reversed(parent[:place]) if "exercise" in classes(one)), None)
    anchor = solution.get("id")
    title = next(iter(find(solution, "p", class_="admonition-title")))
    name = words(title).removeprefix("解答").strip()
    tree.replace(parent, solution, make("p", None, make("a", "解答", href=f"#{anchor}"), class_="to-answer"))
    target = f"#{exercise.get('id')}" if exercise is not None else f"#{anchor}"
    content = [one for one in solution if one is not title]
    section.append(make("div", None, back(name, target, ""), *content, class_="answer", id=anchor))


def back(name, target, text):
    """The first line of an answer, a link to what it answers."""
    line = make("p", None, make("a", name, href=target), class_="answer-to")
    line[0].tail = f" {text}" if text else None
    return line


def scripts(body):
    """Move whole scripts, which the page folds, behind everything else, and return their section."""
    section = make("section", None, make("h2", "整个脚本"), class_="scripts", id="scripts")
    for count, (parent, details) in enumerate(
            [one for one in folded(body) if {"hide", "below-input"} <= set(classes(one[1]))], 1):
        content = unfolded(details)
        named = next((words(one) for piece in content for one in find(piece, "strong")), f"脚本 {count}")
        link = make("a", f"{named}（整个脚本在本章末尾）", href=f"#script-{count}", id=f"from-script-{count}")
        tree.replace(parent, details, make("p", None, link, class_="to-script"))
        returns = make("p", None, make("a", "回到正文", href=f"#from-script-{count}"), class_="to-answer")
        section.append(make("div", None, *content, returns, class_="script", id=f"script-{count}"))
    return section


def folded(body):
    return [(parent, child) for child, parent in tree.parents(body).items() if tree.name(child) == "details"]


def unfolded(details):
    return [one for one in details if tree.name(one) != "summary"]


def open_box(details):
    """A box that was folded, open: its summary the first line."""
    box = make("div", class_=details.get("class", ""))
    if details.get("id"):
        box.set("id", details.get("id"))
    for one in list(details):
        if tree.name(one) == "summary":
            one.tag = f"{{{tree.XHTML}}}p"
            one.set("class", "summary")
        box.append(one)
    box.tail = None
    return box


def tidy(body):
    """Take away what only scripts and Sphinx read: data, roles, names of how a cell is treated."""
    for one in body.iter():
        drawn = one.tag.startswith(f"{{{tree.SVG}}}")
        for key in list(one.attrib):
            if key.startswith("data-") or "xmlns" in key or not (drawn or key in KEPT or keeps_style(one, key)):
                del one.attrib[key]
        if one.get("role") not in (None, "img"):
            del one.attrib["role"]
        if drawn and "href" in one.attrib:
            one.set(f"{{{tree.XLINK}}}href", one.attrib.pop("href"))
        kept = [name for name in classes(one) if not SAYS_HOW.match(name) or name == "output"]
        if "class" in one.attrib:
            one.set("class", " ".join(kept))
            if not kept:
                del one.attrib["class"]


def keeps_style(element, key):
    return key == "style" and tree.name(element) in ("span", "i") and key in element.attrib
