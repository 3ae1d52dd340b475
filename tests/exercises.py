"""The exercises that a page can judge: their cells, their published solutions, and what a cell of theirs needs."""

import ast
import builtins
import re
from dataclasses import dataclass

import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin

from cells import BOOK, source, tags

ANSWERS = BOOK.parent / "tests" / "book" / "answers"
STUB = "换成你的"
PARSER = MarkdownIt().use(colon_fence_plugin)
PLAIN = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


@dataclass(frozen=True)
class Exercise:
    page: str
    label: str
    stub: str
    check: str
    before: tuple  # the code of the page's untagged cells above the check, from top to bottom
    solution: str | None

    def cells(self, answer):
        """The code of all cells that judge an answer: what it needs of the page, itself, the check."""
        return [*prelude(self.before, answer, self.check), answer, self.check]


def find(page, cells):
    """(exercises of a page, one line for each that is not as it should be)."""
    found, wrong, before = [], [], []
    stubs, texts = {}, [source(cell) for cell in cells if cell["cell_type"] == "markdown"]
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        answered, checked = tags(cell, "answer"), tags(cell, "check")
        if STUB in source(cell) and not answered:
            wrong.append(f"{page}: a cell with {STUB} has no tag answer:<label>")
        if not answered and not checked:
            before.append(source(cell))
        for label in answered:
            wrong += [f"{page}: two cells are tagged answer:{label}"] if label in stubs else []
            stubs[label] = source(cell)
        for label in checked:
            if label not in stubs or label in {one.label for one in found}:
                wrong.append(f"{page}: check:{label} needs one cell answer:{label} above it, and is alone")
                continue
            told = "\n\n".join(text for text in texts if label in text)
            solution = published(told, label, defined(ast.parse(stubs[label])))
            wrong += [] if solution else [f"{page}: no {{solution}} {label} with code that defines what its stub does"]
            found.append(Exercise(page, label, stubs[label], source(cell), tuple(before), solution))
    unchecked = stubs.keys() - {one.label for one in found}
    return found, wrong + [f"{page}: answer:{label} has no cell check:{label}" for label in sorted(unchecked)]


def published(markdown, label, names):
    """The code in the {solution} of a label that defines these names, or None."""
    for token in PARSER.parse(markdown):
        if token.type in ("fence", "colon_fence") and re.fullmatch(rf"\{{solution\}}\s+{label}", token.info.strip()):
            for block in PARSER.parse(token.content):
                if block.type in ("fence", "code_block") and names <= defined(parsed(block.content)):
                    return block.content
    return None


def parsed(code):
    """The syntax tree of code, empty where it is none (text, IPython's magics)."""
    try:
        return ast.parse(code)
    except SyntaxError:
        return ast.Module([], [])


def defined(tree):
    """The names that the top level of a syntax tree gives."""
    names = set()
    for part in tree.body:
        match part:
            case ast.Import() | ast.ImportFrom():
                names |= {alias.asname or alias.name.partition(".")[0] for alias in part.names}
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(part.name)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                names |= mentioned(part, ast.Store)
    return names


def mentioned(tree, context):
    """The names that are loaded or stored anywhere in a syntax tree."""
    return {one.id for one in ast.walk(tree) if isinstance(one, ast.Name) and isinstance(one.ctx, context)}


def prelude(before, *needing):
    """The cells that code needs: those that only import, and plain definitions of names that it uses, transitively."""
    trees = [parsed(code) for code in before]
    plain = [all(isinstance(part, PLAIN) or is_text(part) for part in tree.body) for tree in trees]
    wanted = set().union(*(mentioned(parsed(code), ast.Load) for code in needing)) - set(dir(builtins))
    chosen = {number for number, tree in enumerate(trees)
              if tree.body and all(isinstance(part, (ast.Import, ast.ImportFrom)) for part in tree.body)}
    while more := {n for n, tree in enumerate(trees) if plain[n] and n not in chosen and defined(tree) & wanted}:
        chosen |= more
        wanted |= set().union(*(mentioned(trees[number], ast.Load) for number in more))
    return [before[number] for number in sorted(chosen)]


def is_text(part):
    return isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)


def wrong_answers():
    """stem of a page -> label -> list of {why, says, code}, from tests/book/answers/."""
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(ANSWERS.glob("*.yml"))}
