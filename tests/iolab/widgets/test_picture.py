"""`play` gives a notebook both forms of a picture."""

import pytest

from iolab.widgets.picture import play


def test_play_lists_the_steps_and_shows_the_figure():
    bundle = play("handshake")._repr_mimebundle_()
    lines = bundle["text/plain"].splitlines()
    assert lines[0] == "TCP 三次握手"
    assert [line.partition(".")[0] for line in lines[1:]] == [str(number) for number in range(1, len(lines))]
    assert "SYN+ACK" in bundle["text/plain"]
    assert bundle["text/html"].startswith('<figure class="iolab-picture" data-name="handshake">')
    assert repr(play("handshake")) == bundle["text/plain"]


def test_a_table_is_a_table():
    bundle = play("struct_formats")._repr_mimebundle_()
    assert "<table" in bundle["text/html"] and "<td><code>Q</code></td>" in bundle["text/html"]
    assert "Q | unsigned long long | int | 8" in bundle["text/plain"]


def test_a_misspelt_name_is_answered_in_the_readers_language():
    with pytest.raises(LookupError, match=r"没有叫 'handshak' 的图.*handshake"):
        play("handshak")
