"""What the clients of a scenario did, and bytes as a reader can read them."""

MOST = 48  # bytes that are shown of a message
SHOWN = 1024  # bytes that are shown in hexadecimal
STEPS = 10  # steps that are shown in one line


class Transcript:
    """Who did what, in order. A step is (who, words, bytes or None)."""

    def __init__(self):
        self.steps = []

    def note(self, who, words, data=None):
        self.steps.append((who, words, data))

    def __str__(self):
        """One line: the first steps and the last ones."""
        told, before = [], None
        for who, words, data in self._few():
            what = words if data is None else f"{words} {shown(data)}"
            told.append(what if who == before or not who else joined(who, what))
            before = who
        return "，".join(told) or "（还什么都没有做）"

    def _few(self):
        if len(self.steps) <= STEPS:
            return self.steps
        left = len(self.steps) - STEPS
        return [*self.steps[:STEPS // 2], ("", f"……（{left} 步）……", None), *self.steps[-STEPS // 2:]]

    def lines(self):
        """Each step as a line, with all its bytes in hexadecimal (the first SHOWN)."""
        return [joined(who, words) + ("" if data is None else f" {shown(data)}  [{data[:SHOWN].hex(' ')}]")
                for who, words, data in self.steps]


def joined(who, what):
    """Who does what: with a space between two words in Latin letters, as "A sends"."""
    return f"{who} {what}" if who[-1:].isascii() and who[-1:].isalnum() and what[:1].isascii() else f"{who}{what}"


def shown(data, most=MOST):
    """Bytes as text where they are text, without a character that could move a terminal's cursor.

    >>> shown("半\\n".encode()[1:])
    '“\\\\x8d\\\\x8a\\\\n”'
    """
    if not data:
        return "“”（0 字节）"
    if len(data) <= most:
        return f"“{plain(data)}”"
    return f"“{plain(data[:most // 2])}……{plain(data[-most // 4:])}”（{len(data)} 字节）"


def plain(data):
    text = data.decode(errors="backslashreplace") if isinstance(data, bytes | bytearray) else data
    escapes = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return "".join(one if one.isprintable() else escapes.get(one) or f"\\x{ord(one):02x}" for one in text)


def difference(got, expected):
    """Where two bytes objects part, in words; both are shown from a little before."""
    at = next((at for at, (one, other) in enumerate(zip(got, expected, strict=False)) if one != other),
              min(len(got), len(expected)))
    return f"从第 {at + 1} 个字节起不同：{shown(got[at:], 24)}，应该是 {shown(expected[at:], 24)}"
