"""The part of gettext's PO format that a catalogue needs: msgctxt, msgid, msgstr, comments; no plurals."""

import ast
import re

LINE = re.compile(r'(?:(msgctxt|msgid|msgstr)\s+)?(".*")\s*$')
BETWEEN = "\x04"  # what gettext puts between a context and its msgid
HEAD = '''# What iolab says, in {name}. The msgid is the Chinese as it stands in the source; what is new there comes in
# and what is gone goes by `python -m iolab.words {name} --update`. {{x}} stands for what the program puts there.
# msgctxt is the file, or the room, where a word is said in another way than elsewhere.
msgid ""
msgstr ""
"Language: {name}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
'''


def read(text):
    """{msgid: msgstr} of a PO file, where one with a context is "context\\x04msgid".

    Raises ValueError, with its number, for a line that is none of the format.
    """
    found, parts, key = {}, {}, None

    def close():
        if "msgstr" in parts:
            found[BETWEEN.join("".join(parts[each]) for each in ("msgctxt", "msgid") if each in parts)] = \
                "".join(parts["msgstr"])
            parts.clear()

    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.match(line)
        if not match or not (match[1] or key):
            raise ValueError(f"line {number} is no msgid, msgstr or string: {line}")
        if match[1]:
            if match[1] == "msgctxt" or (match[1] == "msgid" and key != "msgctxt"):
                close()
            key = match[1]
            parts[key] = []
        parts[key].append(ast.literal_eval(match[2]))
    close()
    found.pop("", None)
    return found


def write(name, entries):
    """A PO file of [(msgid, msgstr, [file, ...]), ...]."""
    blocks = [HEAD.format(name=name)]
    for msgid, msgstr, files in entries:
        context, _, text = msgid.rpartition(BETWEEN)
        lines = [f"#: {' '.join(files)}"] if files else []
        lines += [f"msgctxt {_quoted(context)}"] if context else []
        blocks.append("\n".join([*lines, f"msgid {_quoted(text)}", f"msgstr {_quoted(msgstr)}", ""]))
    return "\n".join(blocks)


def _quoted(text):
    lines = text.splitlines(keepends=True)
    return _string(text) if len(lines) < 2 else "\n".join(['""', *map(_string, lines)])


def _string(text):
    for char, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"), ("\x1b", "\\x1b")):
        text = text.replace(char, escaped)
    return f'"{text}"'
