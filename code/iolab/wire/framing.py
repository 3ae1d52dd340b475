"""What is put around a message so that the receiver finds its end, and messages written as hex."""

import re

from iolab.wire.errors import WireError

FRAMINGS = {
    None: lambda message: message,
    "newline": lambda message: message + b"\n",
    "crlf": lambda message: message + b"\r\n",
    "length": lambda message: len(message).to_bytes(4, "big") + message,
}


def frame(message, framing=None):
    """`message` (bytes) as it goes over the wire: bare, with \\n or \\r\\n behind, or with its length
    (4 bytes, big-endian) before it. Raises ValueError for another framing."""
    if framing not in FRAMINGS:
        raise ValueError(f"framing {framing!r}: choose None, 'newline', 'crlf' or 'length'")
    return FRAMINGS[framing](message)


def parse_hex(text):
    """Hex digits as bytes; blanks, colons, commas, line ends and 0x are skipped. Raises WireError in Chinese."""
    digits = re.sub(r"0x|[\s:,]", "", text, flags=re.IGNORECASE)
    if wrong := re.search(r"[^0-9a-fA-F]", digits):
        raise WireError("ValueError", f"十六进制里不能有 {wrong[0]!r}，只能用 0–9 和 a–f，例如 48 65 6c 6c 6f。")
    if len(digits) % 2:
        raise WireError("ValueError", f"十六进制有 {len(digits)} 位，要两位一个字节：补上一位，例如 0a。")
    return bytes.fromhex(digits)
