"""What a notebook's cells are made of: the words that they print, the tokens of their code, their tags."""

import ast
import configparser
import html
import io
import json
import re
import tokenize
from pathlib import Path

BOOK = Path(__file__).parent.parent / "book"
SANITIZE = Path(__file__).with_name("nbval_sanitize.cfg")
WORDLESS = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING,
            tokenize.ENDMARKER}
MIDDLE = getattr(tokenize, "FSTRING_MIDDLE", None)  # since 3.12; before, an f-string is one token


def pages():
    """page -> its cells, for every notebook of the book."""
    paths = (path for path in sorted(BOOK.rglob("*.ipynb")) if not {"_build", ".ipynb_checkpoints"} & set(path.parts))
    return {str(path.relative_to(BOOK).with_suffix("")): load(path) for path in paths}


def load(path):
    return json.loads(Path(path).read_text(encoding="utf-8"))["cells"]


def tags(cell, kind):
    """What the tags of one kind name, such as the ids in claim:<id>."""
    marks = cell["metadata"].get("tags", [])
    return [tag.removeprefix(kind + ":") for tag in marks if tag.startswith(kind + ":")]


def source(cell):
    return "".join(cell["source"])


def printed(cell):
    """All text that a code cell's stored outputs show, of those that nbval compares."""
    pieces = []
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        pieces += ["".join(output.get("text", "")), "".join(data.get("text/plain", "")), words(data)]
        pieces += [f"{output['ename']}: {output['evalue']}"] if "ename" in output else []
    return "\n".join(pieces)


def words(data):
    """The text of an HTML output, without its tags, styles and scripts."""
    markup = re.sub(r"<(style|script)\b.*?</\1>", "", "".join(data.get("text/html", "")), flags=re.S)
    markup = re.sub(r"</?(?:a|b|code|em|i|span|strong)\b[^>]*>", "", markup)
    return html.unescape(re.sub(r"<[^>]*>", "\n", markup))


def sanitizers(path=SANITIZE):
    """name -> (pattern, replacement), as nbval reads them."""
    config = configparser.RawConfigParser()
    config.read(path, encoding="utf-8")
    return {name: (re.compile(config[name]["regex"]), config[name]["replace"]) for name in config.sections()}


def tokens(code):
    """The tokens of Python code, or of a piece of it, as texts: no comments, no layout, strings by their value."""
    found = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.STRING:
                found += string(token.string)
            elif token.type not in WORDLESS and token.type != MIDDLE:
                found.append(token.string)
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass  # a piece that ends inside brackets
    return found


def string(text):
    """A string literal as its value; an f-string of Python 3.11 as the tokens inside its braces."""
    try:
        return [repr(ast.literal_eval(text))]
    except (ValueError, SyntaxError):
        parts = ast.walk(ast.parse(text, mode="eval")) if text[:3].lower().lstrip("r").startswith("f") else ()
        return [token for part in parts if isinstance(part, ast.FormattedValue)
                for token in tokens(ast.unparse(part.value))]


def holds(code, piece):
    """Whether a piece of code, such as ``conn.recv(``, stands in code as code, not in a comment or a string."""
    whole, part = tokens(code), tokens(piece)
    return bool(part) and any(whole[start:start + len(part)] == part for start in range(len(whole)))
