import pytest

from iolab.wire import WireError, parse_hex
from iolab.wire.framing import frame


def test_frames():
    assert frame(b"ab") == b"ab"
    assert frame(b"ab", "newline") == b"ab\n"
    assert frame(b"ab", "crlf") == b"ab\r\n"
    assert frame(b"ab", "length") == b"\0\0\0\2ab"
    with pytest.raises(ValueError, match="'newline'"):
        frame(b"", "semicolon")


@pytest.mark.parametrize("text", ["e4bda0 0a", "E4 BD A0 0A", "0xe4,0xbd,0xa0,0x0a", "e4:bd:a0:0a\n",
                                  "0XE4 0XBD A0 0A"])
def test_hex_in_all_usual_spellings(text):
    assert parse_hex(text) == "你\n".encode()


@pytest.mark.parametrize(("text", "why"), [("4g", "'g'"), ("48 6", "有 3 位"), ("你", "'你'")])
def test_wrong_hex_is_explained(text, why):
    with pytest.raises(WireError, match=f"ValueError：十六进制.*{why}"):
        parse_hex(text)
