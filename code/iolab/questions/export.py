"""The book's questions and exercises as data that stands alone: in its order, with the code that they are about."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from iolab.questions import BOOK, files, load

DIRECTIVE = r"^(?P<fence>`{{3,}}|:{{3,}})\{{{}\}}(?P<argument>.*)\n(?P<body>(?:.*\n)*?)(?P=fence)[`:]*[ \t]*(?:\n|\Z)"
OPTION = re.compile(r"(?::([\w-]+):[ \t]*(.*)\n)")
ASKS = re.compile(r'ask\("([^"]+)"\)')
RUNS = re.compile(r'run\("(day[\w/]+\.py)"')
UNSEEN = {"setup", "unseen", "remove-input", "remove-cell"}


@dataclass(frozen=True)
class Page:
    name: str   # as in files/io
    part: str
    title: str
    cells: tuple


@dataclass(frozen=True)
class Asked:
    """A question, and the code that it is about ("" where it is about none)."""

    page: Page
    question: object
    code: str


@dataclass(frozen=True)
class Exercise:
    """text, solution: Markdown; stub: the code that a reader starts with; grade: ★ to ★★★."""

    page: Page
    label: str
    grade: str
    title: str
    text: str
    stub: str
    solution: str


def directive(name):
    """The pattern of a directive in Markdown, whose fence begins a line: groups argument and body, options included."""
    return re.compile(DIRECTIVE.format(name), re.M)


EXERCISE, SOLUTION = directive("exercise"), directive("solution")


def pages(book=BOOK):
    """The notebooks of the book as Pages, in the order of its table of contents."""
    import yaml

    toc = yaml.safe_load(Path(book, "_toc.yml").read_text(encoding="utf-8"))
    for part in toc["parts"]:
        for chapter in part["chapters"]:
            path = Path(book, chapter["file"] + ".ipynb")
            if path.exists():
                cells = tuple(json.loads(path.read_text(encoding="utf-8"))["cells"])
                title = source(cells[0]).partition("\n")[0].lstrip("# ")
                yield Page(chapter["file"], part["caption"], title, cells)


def source(cell):
    return "".join(cell["source"])


def tags(cell):
    return cell["metadata"].get("tags", ())


def questions(page, book=BOOK):
    """The Asked of a page, in the order of its file."""
    path = files(book).get(page.name)
    codes = dict(code_below(page, Path(book).parent / "code")) if path else {}
    return [Asked(page, one, codes.get(one.name, "")) for one in (load(path) if path else ())]


def code_below(page, scripts):
    """(question, code) for each that a cell answers: that cell's code, or the script that it only runs."""
    for cell, below in zip(page.cells, page.cells[1:], strict=False):
        asks = ASKS.fullmatch(source(cell).strip()) if cell["cell_type"] == "code" else None
        if not asks or below["cell_type"] != "code":
            continue
        runs = RUNS.search(source(below))
        if runs and (scripts / runs[1]).exists():
            yield asks[1], (scripts / runs[1]).read_text(encoding="utf-8").strip("\n")
        elif not UNSEEN & set(tags(below)):
            yield asks[1], source(below)


def exercises(page):
    """The Exercises of a page. Raises LookupError for one without a solution."""
    text = "\n".join(source(cell) + "\n" for cell in page.cells if cell["cell_type"] == "markdown")
    stubs = {tag.removeprefix("answer:"): source(cell) for cell in page.cells
             for tag in tags(cell) if tag.startswith("answer:")}
    solutions = {found["argument"].strip(): body_of(found["body"])[1] for found in SOLUTION.finditer(text)}
    return [exercise(page, found, stubs, solutions) for found in EXERCISE.finditer(text)]


def exercise(page, found, stubs, solutions):
    options, body = body_of(found["body"])
    label, (grade, title) = options["label"], re.fullmatch(r"(★*)\s*(.*)", found["argument"].strip()).groups()
    if label not in solutions:
        raise LookupError(f"{page.name}: the exercise {label} has no solution")
    return Exercise(page, label, grade, title, body, stubs.get(label, ""), solutions[label])


def body_of(text):
    """({option: value}, the rest) of a directive's content."""
    options = {}
    while found := OPTION.match(text):
        options[found[1]] = found[2].strip()
        text = text[found.end():]
    return options, text.strip("\n")


def as_dict(asked, tasks, solutions=True):
    """All of it as JSON has it. solutions: with those of the exercises."""
    def question(one):
        what = one.question
        return {"name": what.name, **place(one.page), "kind": "recall" if what.recall else "predict", "ask": what.ask,
                **({"code": one.code} if one.code else {}), "answer": "number" if what.otherwise else "choice",
                "right": what.right, "choices": [{"text": text, "right": text == what.right, "feedback": said}
                                                 for text, said in what.choices],
                **({"else": what.otherwise} if what.otherwise else {})}

    def task(one):
        return {"label": one.label, **place(one.page), "grade": len(one.grade), "title": one.title, "text": one.text,
                "stub": one.stub, **({"solution": one.solution} if solutions else {})}

    return {"format": 1, "markup": "`code`, Markdown", "licence": "CC BY 4.0",
            "questions": [question(one) for one in asked], "exercises": [task(one) for one in tasks]}


def place(page):
    return {"part": page.part, "page": page.name, "page_title": page.title}
