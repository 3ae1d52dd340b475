"""Show a teaching script as a page shows it: highlighted, and compared with the file by nbval."""

import ast
from dataclasses import dataclass

from iolab.launch import scripts


@dataclass(frozen=True)
class Listing:
    """A piece of Python: its heading and its source. Jupyter shows it as Markdown."""

    heading: str
    source: str

    def __repr__(self):
        return f"{self.heading}\n{self.source}"

    def _repr_markdown_(self):
        return f"**{self.heading}**\n\n```python\n{self.source}\n```"


def show(script, function=None):
    """Return the Listing of code/<script>, or of one top-level function or class of it.

    Raises ScriptNotFound, and LookupError, with the names there are, when there is no such function.
    """
    path = scripts.find(script)
    source = path.read_text(encoding="utf-8").rstrip("\n")
    heading = path.relative_to(scripts.CODE.parent).as_posix()
    if function is None:
        return Listing(heading, source)
    named = {node.name: node for node in ast.parse(source).body
             if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}
    if function not in named:
        raise LookupError(f"{heading} 里没有 {function}，有：{'、'.join(named) or '（没有函数）'}。")
    node = named[function]
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return Listing(f"{heading}：{function}", "\n".join(source.split("\n")[first - 1:node.end_lineno]))
