from pathlib import Path

import pytest

from iolab.launch import ScriptNotFound, scripts, show


def test_the_listing_is_the_file():
    listing = show("day4/tcp_server.py")
    source = (scripts.CODE / "day4/tcp_server.py").read_text(encoding="utf-8")
    assert listing._repr_markdown_() == f"**code/day4/tcp_server.py**\n\n```python\n{source}```"
    assert repr(listing) == f"code/day4/tcp_server.py\n{source}".rstrip("\n")


def test_one_function_with_its_decorators(script):
    name = script("import functools\n\n\n@functools.cache\ndef f():\n    return 1\n\n\ndef g():\n    return 2\n")
    assert show(name, "f").source == "@functools.cache\ndef f():\n    return 1"
    assert show(name, "g").heading == "code/day1/script.py：g"


def test_one_class_and_one_coroutine(script):
    name = script("class C(dict):\n    def f(self): pass\n\n\nasync def g():\n    pass\n")
    assert show(name, "C").source == "class C(dict):\n    def f(self): pass"
    assert show(name, "g").source == "async def g():\n    pass"


def test_what_changed_since_another_script(script):
    body = "def f():\n    a = 1\n    b = 2\n    c = 3\n    d = 4\n    e = {}\n\n\nother = {}\n"
    old, new = script(body.format(5, 1), "day1/x_broken.py"), script(body.format(6, 2), "day1/x_fixed.py")
    changed = show(new, "f", since=old)
    assert changed._repr_markdown_() == (
        "**code/day1/x_broken.py：f → x_fixed.py：f**\n\n"
        "```diff\n     b = 2\n     c = 3\n     d = 4\n-    e = 5\n+    e = 6\n```")
    assert show(new, since=old).source.count("\n+") == 2
    with pytest.raises(LookupError, match="没有 h，有：f"):
        show(new, "h", since=old)


def test_no_such_function_names_those_there_are(script):
    with pytest.raises(LookupError, match="没有 h，有：f"):
        show(script("def f(): pass\n"), "h")


def test_no_such_script_names_the_three_nearest_or_the_first_three(script):
    for letter in "abcd":
        script("", f"day1/server_{letter}.py")
    with pytest.raises(ScriptNotFound, match=r"没有脚本 day1/server.py。是不是 \S+ 或 \S+ 或 \S+？$"):
        show("day1/server.py")
    with pytest.raises(ScriptNotFound, match=r"现有 4 个脚本，例如 \S+_a.py、\S+_b.py、\S+_c.py。$"):
        show("?")


def test_every_teaching_script_can_be_shown():
    for path in sorted(scripts.CODE.glob("day*/**/*.py")):
        assert show(Path(path).relative_to(scripts.CODE).as_posix()).source
