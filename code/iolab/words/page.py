"""The Chinese of what a browser gets: strings of scripts, strings and ids of style sheets, words of templates."""

import re

from iolab.words.python import CHINESE

# What may hold a quote that begins no string comes first: comments, and regular expressions where a value may stand.
SCRIPT = re.compile(r"""//[^\n]*|/\*.*?\*/"""
                    r"""|(?<=[(,=:\[!&|?{};\n])\s*/(?![/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*"""
                    r"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`""", re.S)
STYLE = re.compile(r"""/\*.*?\*/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|#[^\W\d_a-zA-Z]+""", re.S)
MARKUP = re.compile(r"""(?<=>)[^<>]*(?=<)|"[^"<>]*\"""")


def messages(text, suffix):
    """The msgids of a script (".js"), style sheet (".css") or template (".html", ".svg"), as they come."""
    found = []
    _walked(text, suffix, lambda msgid: found.append(msgid))
    return found


def translated(text, suffix, say):
    """The same text with what `say` answers to a msgid in its place; None leaves it."""
    return _walked(text, suffix, say)


def _walked(text, suffix, say):
    if suffix == ".js":
        return _script(text, 0, say, None)[0]
    pattern = STYLE if suffix == ".css" else MARKUP
    return pattern.sub(lambda found: _plain(found[0], say), text)


def _plain(token, say):
    """A token of a style sheet, script or template, its words said anew between the marks and spaces around them."""
    if token.startswith(("/*", "//")) or not CHINESE.search(token):
        return token
    quote = token[0] if token[0] in "'\"" else ""
    inner = token[1:-1] if quote else token.removeprefix("#")
    words = inner.strip() if not quote else inner
    said = say(words)
    if not said:
        return token
    mark = quote or "#" * token.startswith("#")
    return mark + inner.replace(words, said.replace(quote, "\\" + quote) if quote else said) + quote


def _script(text, at, say, until):
    """(the script from `at` up to the brace that closes it, where that is); until: "}" inside a template, or None."""
    out, depth = [], 0
    while at < len(text):
        if until and text[at] == "}":
            if not depth:
                break
            depth -= 1
        if until and text[at] == "{":
            depth += 1
        found = SCRIPT.match(text, at)
        if not found:
            out.append(text[at])
            at += 1
        elif found[0] == "`":
            said, at = _template(text, at + 1, say)
            out.append(said)
        else:
            out.append(_plain(found[0], say) if found[0][0] in "'\"" else found[0])
            at = found.end()
    return "".join(out), at


def _template(text, at, say):
    """A template literal as (its text with backticks, where the script goes on); its msgid has named places."""
    msgid, parts = "", {}
    while text[at] != "`":
        if text.startswith("${", at):
            inside, at = _script(text, at + 2, say, "}")
            name = re.fullmatch(r"(?:this\.|\w+\.)*(\w+)", inside)
            name = name[1] if name and name[1] not in parts else str(len(parts))
            parts[name] = inside
            msgid += f"{{{name}}}"
            at += 1
        else:
            step = 2 if text[at] == "\\" else 1
            msgid += text[at:at + step].replace("{", "{{").replace("}", "}}")
            at += step
    said = (say(msgid) if CHINESE.search(msgid) else None) or msgid
    filled = re.sub(r"\{\{|\}\}|\{(\w+)\}", lambda found: f"${{{parts[found[1]]}}}" if found[1] else found[0][0], said)
    return f"`{filled}`", at + 1
