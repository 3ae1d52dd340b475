"""The Chinese of a Python module: its literals but for docstrings; an f-string is one msgid with named places."""

import ast
import re
from string import Formatter

CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def messages(source):
    """The msgids of a module's source, as they come."""
    found = []
    _Words(lambda msgid: found.append(msgid)).visit(ast.parse(source))
    return found


def translated(source, say):
    """The syntax tree of a module with what `say` answers to a msgid in the place of a literal; None leaves it."""
    return ast.fix_missing_locations(_Words(say).visit(ast.parse(source)))


def places(text):
    """The named places of a msgid or msgstr, as a sorted list; empty where it has braces of another kind."""
    try:
        names = sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)
    except ValueError:
        return []
    return names if all(re.fullmatch(r"\w+", name, re.ASCII) for name in names) else []


class _Words(ast.NodeTransformer):
    """Asks `say` for each msgid; where it answers with a str, that stands in the tree."""

    def __init__(self, say):
        self.say = say

    def visit_Module(self, node):
        first = node.body[0] if node.body else None
        docstring = first if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) else None
        if docstring:
            node.body = node.body[1:]
        self.generic_visit(node)
        if docstring:
            node.body = [docstring, *node.body]
        return node

    visit_ClassDef = visit_FunctionDef = visit_AsyncFunctionDef = visit_Module

    def visit_keyword(self, node):
        self.generic_visit(node)
        if node.arg and CHINESE.search(node.arg):
            node.arg = self.say(node.arg) or node.arg
        return node

    def visit_Constant(self, node):
        if isinstance(node.value, str) and CHINESE.search(node.value):
            said = self.say(node.value)
            return ast.copy_location(ast.Constant(said), node) if said else node
        return node

    def visit_JoinedStr(self, node):
        parts, msgid = {}, ""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                name = _name(part.value, parts)
                parts[name] = part
                msgid += f"{{{name}}}"
            else:
                msgid += part.value.replace("{", "{{").replace("}", "}}")
        for part in parts.values():
            part.value = self.visit(part.value)  # not its format: that is no text
        said = self.say(msgid) if CHINESE.search(msgid) else None
        if said:
            node.values = []
            for text, name, _, _ in Formatter().parse(said):
                node.values += [ast.Constant(text)] if text else []
                node.values += [parts[name]] if name is not None else []
        return node


def _name(value, taken):
    """What a translator reads in place of an expression: its last name, or its number where it has none."""
    name = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
    return name if name and name not in taken else str(len(taken))
