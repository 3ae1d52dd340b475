"""What iolab says in another language: the Chinese of its sources is the msgid, LANGUAGE.po here has the rest.

Chinese needs nothing of this room. Under another language (IOLAB_LANGUAGE, or `language` of the book's _config.yml) a
module of iolab is translated where it is loaded (loading.py), a script, style sheet or template where it is handed out
(`handed_out`, `copied`): pictures stay data, and no sentence is wrapped by hand.
"""

import os
import re
import sys
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path

from iolab.words import po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VARIABLE = "IOLAB_LANGUAGE"
CHINESE = "zh"
LANGUAGE = re.compile(r"^ *language: *(\w+)", re.M)  # as Sphinx has it in _config.yml


def language():
    """The language that iolab speaks: "zh" or the name of a catalogue. Raises LookupError where there is none."""
    return known(os.environ.get(VARIABLE, ""))


def known(name):
    """The catalogue of a language as Sphinx or a locale writes it: "zh" of zh_CN, "en" of en_GB; "" is Chinese."""
    short = name.replace("-", "_").partition("_")[0].partition(".")[0] or CHINESE
    there = [CHINESE, *sorted(path.stem for path in HERE.glob("*.po"))]
    if short not in there:
        raise LookupError(f"iolab does not speak {name!r}. It speaks {', '.join(there)}; add {short}.po to {HERE}.")
    return short


def book(project):
    """The folder of the book in the language spoken (Path).

    That of the project, whose _config.yml names its language; in another language book-en beside this module, if any.
    """
    own, other = project / "book", HERE / f"book-{language()}"
    config = own / "_config.yml"
    named = LANGUAGE.search(config.read_text(encoding="utf-8")) if config.exists() else None
    return own if not other.exists() or (named and known(named[1]) == language()) else other


def speak(name):
    """Speak this language from now on, in this process and in those that it starts.

    Raises RuntimeError when modules of iolab that have words are loaded already in another one.
    """
    wanted = known(name)
    if wanted == language():
        return
    said = sorted(module for module in sys.modules if module.startswith("iolab.") and _has_words(sys.modules[module]))
    if said:
        raise RuntimeError(f"{said[0]} is loaded, in {language()!r}: set {VARIABLE}={wanted} before it is imported.")
    os.environ[VARIABLE] = wanted
    listen()


def listen():
    """Let every module of iolab that is imported from now on be translated, if the language is not Chinese."""
    if language() != CHINESE:
        from iolab.words.loading import install

        install()


@cache
def catalogue(name):
    """{msgid: msgstr} of a language; a msgid without msgstr is left out."""
    if name == CHINESE:
        return {}
    return {one: said for one, said in po.read((HERE / f"{name}.po").read_text(encoding="utf-8")).items() if said}


def sayer(path):
    """What answers, for a file or a room of iolab (Path), to a msgid: the msgstr in the language spoken, or None."""
    said = catalogue(language())
    path = path.resolve()
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else ""
    contexts = [name, name.partition("/")[0]]
    return lambda msgid: next((said[key] for key in (*(f"{one}{po.BETWEEN}{msgid}" for one in contexts), msgid)
                               if key in said), None)


def handed_out(path):
    """The text of a module, script, style sheet or template of iolab (Path), in the language spoken."""
    text = path.read_text(encoding="utf-8")
    if language() == CHINESE:
        return text
    if path.suffix == ".py":
        import ast

        from iolab.words import python

        return ast.unparse(python.translated(text, sayer(path))) + "\n"
    from iolab.words import page

    return page.translated(text, path.suffix, sayer(path))


def said_anew(value, room):
    """What a room of iolab said when it stored this (dataclass, tuple or str), in the language spoken.

    Of its strings those that are a msgid, or one and a number, as "word 07".
    """
    if language() == CHINESE:
        return value
    match value:
        case str():
            say = sayer(ROOT / room)
            word, _, number = value.rpartition(" ")
            return say(value) or (f"{say(word) or word} {number}" if number.isdecimal() else value)
        case tuple():
            return tuple(said_anew(each, room) for each in value)
        case _ if is_dataclass(value):
            parts = {field.name: said_anew(getattr(value, field.name), room) for field in fields(value)}
            return replace(value, **parts)
        case _:
            return value


def copied(folder, aside):
    """A folder of scripts and templates in the language spoken: itself for Chinese, else a copy in `aside` (Path)."""
    if language() == CHINESE:
        return folder
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            target = aside / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix in {".js", ".css", ".html"}:
                target.write_text(handed_out(path), encoding="utf-8")
            else:
                target.write_bytes(path.read_bytes())
    return aside


def _has_words(module):
    name = module.__name__
    return not name.startswith("iolab.words") and getattr(module, "__file__", None) and not name.endswith("sphinxext")
