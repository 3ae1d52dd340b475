"""Questions that a reader answers before the output shows: data beside the pages, and their HTML.

``book/<part>/<page>.questions.yml`` maps a name to ``{ask, choices, right, shows}``. choices: 2 to 4, each with what to
say to who chooses it, in the order shown. right: one of them. shows: what the cell below prints when that is so,
``{right}`` standing for the answer. A number to be typed has ``else``, what to say to any other; what is asked again
at the end of a page has ``recall: true`` and no shows. `code` between backticks is code.
"""

from dataclasses import dataclass
from pathlib import Path

from iolab import words

BOOK = words.book(Path(__file__).resolve().parents[3])
SUFFIX = ".questions.yml"
KEYS = {"ask", "choices", "right", "shows", "else", "recall"}


@dataclass(frozen=True)
class Question:
    """name: ``page/key``; choices: ((choice, what to say), …); otherwise: what to say to any other number, or ""."""

    name: str
    ask: str
    choices: tuple
    right: str
    shows: str
    otherwise: str
    recall: bool

    @property
    def wrong(self):
        return [choice for choice, _ in self.choices if choice != self.right]

    @property
    def why(self):
        return dict(self.choices)[self.right]


def files(book=BOOK):
    """{page: path} of all files with questions, a page as in ``files/io``."""
    return {str(path.relative_to(book)).removesuffix(SUFFIX): path for path in sorted(Path(book).glob(f"*/*{SUFFIX}"))}


def load(path):
    """The questions of one file, in its order. Raises ValueError with one line for each thing that is wrong."""
    import yaml  # not with the standard library: a page without a question does not need it

    stem = Path(path).name.removesuffix(SUFFIX)
    rows = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
    wrong = [f"{stem}/{key}: {line}" for key, row in rows.items() for line in problems(row)]
    if wrong:
        raise ValueError("\n".join(wrong))
    return [
        Question(f"{stem}/{key}", row["ask"], tuple((str(choice), said) for choice, said in row["choices"].items()),
                 str(row["right"]), row.get("shows", ""), row.get("else", ""), row.get("recall", False))
        for key, row in rows.items()
    ]


def problems(row):
    """One line for each thing that is wrong with a question as YAML gives it."""
    if not isinstance(row, dict):
        yield f"is {row!r}, not a mapping with ask, choices and right"
        return
    yield from (f"{key} is missing" for key in ("ask", "choices", "right") if row.get(key) in (None, ""))
    yield from (f"unknown key {key}" for key in sorted(row.keys() - KEYS))
    choices = row.get("choices") or {}
    if not (isinstance(choices, dict) and 2 <= len(choices) <= 4):
        yield "needs 2 to 4 choices, each with what to say to who chooses it"
        return
    yield from (f"nothing is said to who chooses {choice!r}" for choice, said in choices.items() if not said)
    if row.get("right") not in choices:
        yield f"right is {row.get('right')!r}, none of the choices"
    if bool(row.get("recall")) == bool(row.get("shows")):
        yield "needs either shows, what the cell below prints, or recall: true"
    if "else" in row:
        yield from (f"{choice!r} is no number" for choice in choices if not isinstance(choice, int | float))


def find(name, book=BOOK):
    """The Question called ``page/key``. Raises LookupError, with the names that there are."""
    stem, _, _ = name.partition("/")
    known = [one for page, path in files(book).items() if page.rpartition("/")[2] == stem for one in load(path)]
    for one in known:
        if one.name == name:
            return one
    there = "、".join(one.name for one in known) or f"没有 book/*/{stem}{SUFFIX}"
    raise LookupError(f"没有叫 {name!r} 的问题。有：{there}")
