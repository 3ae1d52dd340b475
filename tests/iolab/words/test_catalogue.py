"""The catalogues: complete, without what nobody says, with the same places; and what is read from a source."""

import ast
import functools
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from iolab import words
from iolab.words import page, po, python, sources

# What stays Chinese: the protocol of the chat, the fates of the book's relay, the bytes that the judge sends, what is
# looked for in Chinese scripts, the radicals of the export.
STAYS = {"grade/labs/chat.py", "grade/labs/ftp.py", "grade/labs/reliable.py", "grade/scene.py", "sphinxext/scripts.py",
         "explore/levels/fork_buffer.py", "export/finish.py"}
# What is looked for in the text of pages, and such a text: a book that is being translated has pages in two languages
READ = {r"用时：\D{0,4}(\d+) 分钟": "用时：约 30 分钟", "笔记本|单元格|内核": "笔记本里不是",
        r"也说：([^。]+)。$": "也说：别名。"}
LANGUAGES = sorted(path.stem for path in words.HERE.glob("*.po"))


@functools.cache
def wanted():
    """All that the book says: some seconds to read."""
    return sources.messages()


def problems(said, wanted):
    """One line for each thing that is wrong with a catalogue."""
    yield from (f"not said: {one!r}" for one in wanted if not said.get(one, "").strip("\n"))
    for key, text in said.items():
        msgid = key.rpartition(po.BETWEEN)[2]
        if not sources.uses(wanted, key):
            yield f"nobody says {key!r} any more"
        elif python.places(msgid) and python.places(msgid) != python.places(text):
            yield f"other places than {msgid!r}: {text!r}"
        elif python.CHINESE.search(text) and not STAYS & set(wanted[msgid]) and msgid not in READ:
            yield f"still Chinese: {text!r}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_all_there_is_and_nothing_else(language):
    said = po.read((words.HERE / f"{language}.po").read_text(encoding="utf-8"))
    assert not list(problems(said, wanted())), "python -m iolab.words LANGUAGE --update brings in what is new"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_in_pages_is_found_in_those_that_are_not_translated_too(language):
    said = po.read((words.HERE / f"{language}.po").read_text(encoding="utf-8"))
    assert set(READ) <= set(wanted())
    for pattern, text in READ.items():
        assert re.search(pattern, text)[0] == re.search(said[pattern], text)[0], pattern


def test_what_is_wrong_with_a_catalogue_is_told():
    wanted = {"第 {n} 步": ["draw/a.js"], "图": ["live/b.js"]}
    good = {"第 {n} 步": "step {n}", "图": "figure", "live\x04图": "Figure"}
    assert not list(problems(good, wanted))
    for change, told in (({"图": ""}, "not said"), ({"旧": "old"}, "nobody says"), ({"draw\x04图": "x"}, "nobody says"),
                         ({"第 {n} 步": "step {m}"}, "other places"), ({"图": "图 figure"}, "still Chinese")):
        assert [line for line in problems(good | change, wanted) if told in line], change


def test_a_catalogue_is_read_as_it_was_written():
    entries = [('“{n}”\n\t\\n"', 'a "{n}"\n\tb\\', ["a.py"]), (f"live{po.BETWEEN}运行", "Run", ())]
    text = po.write("xx", entries)
    assert po.read(text) == {msgid: said for msgid, said, _ in entries}
    assert 'msgctxt "live"' in text and "#: a.py" in text
    with pytest.raises(ValueError, match="line 2 is no msgid"):
        po.read('msgid "a"\nmsgstr b\n')


SOURCE = '''\
"""说明：不是话。"""
def f(n, name):
    """也不是。"""
    g(f"{name}等了 {n:.1f} 秒{'，还在等' if n else ''}", 取=1)
    return "还有{{}}" + f"{{{n}}}个"
'''
SAID = {"{name}等了 {n} 秒{2}": "{n} s for {name}{2}", "，还在等": ", still", "取": "take", "{{{n}}}个": "{{{n}}} left",
        "还有{{}}": "more{{}}"}


def test_a_module_says_its_literals_but_not_its_docstrings():
    assert set(python.messages(SOURCE)) == SAID.keys()
    tree = python.translated(SOURCE, SAID.get)
    heard = []
    scope = {"g": lambda text, **names: heard.append((text, names))}
    exec(compile(tree, "f", "exec"), scope)
    assert scope["f"](2, "Ann") == "more{{}}{2} left" and heard == [("2.0 s for Ann, still", {"take": 1})]
    assert scope["f"].__doc__ == "也不是。" and scope["__doc__"] == "说明：不是话。"
    assert ast.dump(python.translated(SOURCE, {}.get)) == ast.dump(ast.parse(SOURCE))


SCRIPT = r"""
// don't: '注释'
const a = /['"、]/.test(x) ? '图' : `第 ${now + 1} 步，${bad ? `共 ${level.runs} 种` : '没有'}`; /* '也是' */
b('it\'s', "他说\"好\"");
"""


def test_a_script_says_its_strings_and_templates_but_not_its_comments():
    assert page.messages(SCRIPT, ".js") == ["图", "共 {runs} 种", "没有", "第 {0} 步，{1}", '他说\\"好\\"']
    said = {"图": "it's", "共 {runs} 种": "{runs} ways", "第 {0} 步，{1}": "{1} at {0}"}
    new = page.translated(SCRIPT, ".js", said.get)
    assert r"? 'it\'s' : `${bad ? `${level.runs} ways` : '没有'} at ${now + 1}`; /* '也是' */" in new
    assert page.translated(SCRIPT, ".js", {}.get) == SCRIPT


def test_styles_and_templates_say_theirs():
    style = 'p::before { content: "改过 "; } /* "注" */'
    assert page.translated(style, ".css", {"改过 ": "changed ", "注": "x"}.get) == style.replace("改过", "changed")
    assert page.translated("section#要点 h2 { color: #fff }", ".css", {"要点": "in-short"}.get) \
        == "section#in-short h2 { color: #fff }"
    said = {"目录": "Contents", "搜索": "Search"}.get
    assert page.translated('<a title="目录">\n  搜索 <b>x</b></a>', ".html", said) \
        == '<a title="Contents">\n  Search <b>x</b></a>'


@pytest.mark.skipif(not shutil.which("node"), reason="node, which reads scripts, is not here")
@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_can_be_read_in_every_language(language, monkeypatch, tmp_path):
    monkeypatch.setenv(words.VARIABLE, language)
    scripts = [path for path in sorted(words.ROOT.rglob("*.js")) if python.CHINESE.search(path.read_text("utf-8"))]
    for number, path in enumerate(scripts):
        (tmp_path / f"{number}-{path.name}").write_text(words.handed_out(path), encoding="utf-8")
    read = "for (const f of process.argv.slice(1)) new vm.SourceTextModule(fs.readFileSync(f, 'utf8'), {identifier: f})"
    done = subprocess.run(["node", "--experimental-vm-modules", "-e", read, *map(str, tmp_path.iterdir())],
                          capture_output=True, text=True)
    assert done.returncode == 0 and len(scripts) > 20, done.stderr


def test_a_copy_says_what_its_file_does_wherever_one_stands(monkeypatch, tmp_path):
    monkeypatch.setenv(words.VARIABLE, "en")
    monkeypatch.chdir(words.ROOT / "live")
    assert words.copied(Path("front"), tmp_path) == tmp_path
    assert '? "Stop" : this.on.judge ? "Run and judge" : "Run"' in (tmp_path / "cell.js").read_text(encoding="utf-8")
    assert (tmp_path / "engine" / "jupyter.js").exists()
    monkeypatch.setenv(words.VARIABLE, "zh_CN")
    assert words.copied(Path("front"), tmp_path) == Path("front")


def test_languages_are_named_as_sphinx_and_locales_do(monkeypatch):
    monkeypatch.delenv(words.VARIABLE, raising=False)
    assert words.language() == "zh" and words.known("zh_CN") == "zh" and words.known("en_GB.UTF-8") == "en"
    with pytest.raises(LookupError, match=r"iolab does not speak 'xx'.*zh, en"):
        words.known("xx")
    import iolab.model  # noqa: F401  a room, loaded in Chinese

    with pytest.raises(RuntimeError, match="is loaded, in 'zh': set IOLAB_LANGUAGE=en before"):
        words.speak("en")
    words.speak("zh_CN")


@pytest.mark.parametrize(("spoken", "written", "own"), [
    ("", "zh_CN", True), ("en", "zh_CN", False), ("en", "en", True), ("en_GB", "en_US", True),
])
def test_a_book_that_was_translated_is_the_book(spoken, written, own, monkeypatch, tmp_path):
    monkeypatch.setenv(words.VARIABLE, spoken)
    (tmp_path / "book").mkdir()
    (tmp_path / "book/_config.yml").write_text(f"sphinx:\n  config:\n    language: {written}\n")
    assert words.book(tmp_path) == (tmp_path / "book" if own else words.HERE / "book-en")


def test_a_full_stop_that_another_sentence_follows_has_its_space():
    """A level says how many runs there are, and then how those from here end."""
    assert words.catalogue("en")[f"draw{po.BETWEEN}。"] == ". "
