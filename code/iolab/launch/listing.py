"""Show a teaching script as a page shows it: highlighted, and compared with the file by nbval."""

import ast
import difflib
from dataclasses import dataclass

from iolab.launch import scripts


@dataclass(frozen=True)
class Listing:
    """A piece of a script: its heading, its text, and in which language it is. Jupyter shows it as Markdown."""

    heading: str
    source: str
    language: str = "python"

    def __repr__(self):
        return f"{self.heading}\n{self.source}"

    def _repr_markdown_(self):
        return f"**{self.heading}**\n\n```{self.language}\n{self.source}\n```"


def show(script, function=None, *, since=None):
    """Return the Listing of code/<script>, or of one top-level function or class of it.

    since: another script; then only what changed from there is listed, with three lines around it.
    Raises ScriptNotFound, and LookupError, with the names there are, when there is no such function.
    """
    heading, source = piece(script, function)
    if since is None:
        return Listing(heading, source)
    older, before = piece(since, function)
    lines = list(difflib.unified_diff(before.split("\n"), source.split("\n"), n=3, lineterm=""))[2:]
    changed = "\n".join("…" if line.startswith("@@") else line for line in lines).removeprefix("…\n")
    return Listing(f"{older} → {heading.rpartition('/')[2]}", changed, "diff")


def piece(script, function):
    """The heading and the text of a script, or of one function or class of it."""
    path = scripts.find(script)
    source = path.read_text(encoding="utf-8").rstrip("\n")
    heading = path.relative_to(scripts.CODE.parent).as_posix()
    if function is None:
        return heading, source
    named = {node.name: node for node in ast.parse(source).body
             if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    if function not in named:
        raise LookupError(f"{heading} 里没有 {function}，有：{'、'.join(named) or '（没有函数）'}。")
    node = named[function]
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return f"{heading}：{function}", "\n".join(source.split("\n")[first - 1:node.end_lineno])
