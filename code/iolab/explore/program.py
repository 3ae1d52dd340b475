"""A small concurrent program as text, cut into steps: one line of code is one step.

The same text is run in two ways: machine.py lets all its schedules happen in a model, stage.py lets one happen with
real threads and processes. Both cut it at the same places, which are found here.
"""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CODE = Path(__file__).resolve().parents[2]


class ProgramError(ValueError):
    """A program that uses something which cannot be cut into steps."""


@dataclass(frozen=True)
class Op:
    """One step, or a jump that takes no step of its own.

    kind: do, test, for, enter, exit, call, return or jump; line: its number in the text; code: what is executed or
    evaluated; goto: where a false test, an ended loop or a jump leads, for `enter` its exit; name: what a call calls or
    what its value is assigned to.
    """

    kind: str
    line: int = 0
    code: object = None
    goto: int = 0
    name: str = ""
    store: object = None


@dataclass(frozen=True)
class Program:
    """text: Python, with functions and, above them, what they share. actors: {who: "function(arguments)"}, all there
    from the start. children: the names that processes get as they are forked, in that order. hide: variables that are
    not shown.
    """

    text: str
    actors: dict
    children: tuple = ()
    hide: frozenset = frozenset()
    source: str = ""  # the teaching script that the text comes from

    def __post_init__(self):
        for who, call in self.actors.items():
            name, _ = split_call(call)
            if name not in self.functions:
                raise ProgramError(f"{who} 要做的 {call} 不在程序里，程序里有 {'、'.join(self.functions)}")

    @cached_property
    def tree(self):
        return ast.parse(self.text)

    @cached_property
    def lines(self):
        return self.text.splitlines()

    @cached_property
    def functions(self):
        """{name: (parameters, its Ops)}"""
        found = {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}
        return {name: ([arg.arg for arg in node.args.args], _Cutter(node, found).ops) for name, node in found.items()}

    @cached_property
    def ends(self):
        """{function: its last line}"""
        return {node.name: node.end_lineno for node in self.tree.body if isinstance(node, ast.FunctionDef)}

    @cached_property
    def shared(self):
        """The code that makes what the functions share."""
        body = [node for node in self.tree.body
                if not isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom | ast.If)]
        return compile(ast.Module(body, []), "<program>", "exec")

    def words(self, line):
        """A line of the text without its indentation and comment."""
        return self.lines[line - 1].partition("  #")[0].strip()


def script(name, actors, **options):
    """The Program of the teaching script code/<name>, without its docstring and its guard."""
    text = (CODE / name).read_text(encoding="utf-8")
    body = ast.parse(text).body
    last = max(node.end_lineno for node in body if not isinstance(node, ast.If))
    return Program("\n".join(text.splitlines()[body[0].end_lineno:last]).strip() + "\n", actors, source=name, **options)


def split_call(call):
    """("name", [arguments]) of "name(arguments)", the arguments being literals."""
    node = ast.parse(call, mode="eval").body
    return node.func.id, [ast.literal_eval(argument) for argument in node.args]


def calls(statement, functions):
    """The name of the program's own function that a statement is a call of, else None."""
    value = statement.value if isinstance(statement, ast.Expr | ast.Assign | ast.Return) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in functions:
        return value.func.id
    return None


def endless(test):
    return isinstance(test, ast.Constant) and bool(test.value)


class _Cutter:
    def __init__(self, function, functions):
        self.functions, self.ops, self.loops, self.open = functions, [], [], 0
        self.globals = [name for node in ast.walk(function) if isinstance(node, ast.Global) for name in node.names]
        self.block(function.body)

    def block(self, statements):
        for statement in statements:
            kind = type(statement).__name__
            getattr(self, f"on_{kind}", self.do)(statement)

    def add(self, kind, node, code=None, **more):
        self.ops.append(Op(kind, node.lineno, code, **more))
        return len(self.ops) - 1

    def land(self, place, goto=None):
        op = self.ops[place]
        goto = len(self.ops) if goto is None else goto
        self.ops[place] = Op(op.kind, op.line, op.code, goto, op.name, op.store)

    def jump(self, goto=0):
        self.ops.append(Op("jump", goto=goto))
        return len(self.ops) - 1

    def value(self, node):
        return compile(ast.Expression(node), "<program>", "eval")

    def assign(self, target):
        """Code that assigns the value `_` to a target of the program."""
        node = ast.copy_location(ast.Assign([target], ast.copy_location(ast.Name("_", ast.Load()), target)), target)
        return self.statement(node)

    def statement(self, node):
        stated = [ast.copy_location(ast.Global(self.globals), node)] if self.globals else []
        return compile(ast.Module([*stated, node], []), "<program>", "exec")

    def do(self, node):
        if not isinstance(node, ast.Expr | ast.Assign | ast.AugAssign | ast.Delete | ast.Assert):
            raise ProgramError(f"第 {node.lineno} 行的 {type(node).__name__} 不能分成步骤，换一种写法")
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        if name := calls(node, self.functions):
            store = self.assign(node.targets[0]) if isinstance(node, ast.Assign) else None
            arguments = self.value(ast.copy_location(ast.Tuple(node.value.args, ast.Load()), node))
            self.add("call", node, arguments, name=name, store=store)
        else:
            self.add("do", node, self.statement(node))

    def on_Global(self, node):
        pass

    def on_Pass(self, node):
        pass

    def on_Return(self, node):
        if self.open or calls(node, self.functions):
            raise ProgramError(f"第 {node.lineno} 行的 return 在 with 里或者又调用函数，不能分成步骤")
        self.add("return", node, self.value(node.value or ast.copy_location(ast.Constant(None), node)))

    def on_If(self, node):
        test = self.add("test", node, self.value(node.test))
        self.block(node.body)
        if node.orelse:
            over = self.jump()
            self.land(test)
            self.block(node.orelse)
            self.land(over)
        else:
            self.land(test)

    def on_While(self, node):
        head = len(self.ops)
        self.loops.append((head, [], self.open))
        test = None if endless(node.test) else self.add("test", node, self.value(node.test))
        self.block(node.body)
        self.jump(head)
        self.leave(test)

    def on_For(self, node):
        head = self.add("for", node, self.value(node.iter), store=self.assign(node.target))
        self.loops.append((head, [], self.open))
        self.block(node.body)
        self.jump(head)
        self.leave(head)

    def leave(self, test):
        if test is not None:
            self.land(test)
        for place in self.loops.pop()[1]:
            self.land(place)

    def on_Break(self, node):
        self.within_loop(node)
        self.loops[-1][1].append(self.jump())

    def on_Continue(self, node):
        self.within_loop(node)
        self.jump(self.loops[-1][0])

    def within_loop(self, node):
        if self.loops[-1][2] != self.open:
            raise ProgramError(f"第 {node.lineno} 行从 with 里跳出循环，不能分成步骤")

    def on_With(self, node):
        if len(node.items) > 1 or node.items[0].optional_vars:
            raise ProgramError(f"第 {node.lineno} 行的 with 只能有一项，没有 as")
        enter = self.add("enter", node, self.value(node.items[0].context_expr))
        self.open += 1
        self.block(node.body)
        self.open -= 1
        self.land(enter, self.add("exit", node))
