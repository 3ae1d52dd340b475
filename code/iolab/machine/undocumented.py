"""Compile a folder of Python without docstrings, but with its asserts, which -OO would drop too.

Run by the machine's own Python: undocumented.py FOLDER PREFIX. Each x.py gets an x.pyc beside it that is never checked
(PEP 552); its code says PREFIX, and the path below it, where the file was.
"""

import ast
import marshal
import sys
from importlib.util import MAGIC_NUMBER, source_hash
from pathlib import Path

UNCHECKED = (0b01).to_bytes(4, "little")  # found by the hash of the source, which nobody looks at
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def stripped(source):
    """The syntax tree of a source (bytes), its docstrings gone."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            nothing = [] if isinstance(node, ast.Module) else [ast.copy_location(ast.Pass(), node)]
            node.body = node.body[1:] or nothing
    return tree


def main(folder, prefix):
    for path in sorted(Path(folder).rglob("*.py")):
        source = path.read_bytes()
        code = compile(stripped(source), prefix + str(path.relative_to(folder)), "exec", dont_inherit=True)
        path.with_suffix(".pyc").write_bytes(MAGIC_NUMBER + UNCHECKED + source_hash(source) + marshal.dumps(code))


if __name__ == "__main__":
    main(*sys.argv[1:])
