"""Messages through two buffers, held against a real connection and against what a stream is."""

import fcntl
import socket
import struct
import termios
import threading

import pytest

from iolab import diagrams
from processes import wait_until

SCENE = diagrams.load("byte_stream")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}


@pytest.fixture
def connection():
    with (socket.create_server(("127.0.0.1", 0)) as listener,
          socket.create_connection(listener.getsockname()) as sender, listener.accept()[0] as receiver):
        yield sender, receiver


def row(view, name):
    """What the cells of a row hold, one after the other."""
    places = sorted((int(cell.removeprefix(name)), text) for cell, (text, _) in view.held.items()
                    if cell.startswith(name))
    return [text for _, text in places]


def queued(receiver):
    return struct.unpack("i", fcntl.ioctl(receiver, termios.FIONREAD, b"\0" * 4))[0]


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_a_real_recv_returns_the_same_pieces(at, setting, connection):
    """When the sender is the faster one: all bytes are there before the first recv()."""
    (size, most), (sender, receiver) = setting, connection
    for letter in "abc":
        sender.sendall(letter.encode() * size)
    wait_until(lambda: queued(receiver) == 3 * size, "all bytes")
    sender.shutdown(socket.SHUT_WR)
    pieces = list(iter(lambda: receiver.recv(most).decode(), ""))
    assert row(SCENE.films[at][-1], "piece") == pieces


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_no_byte_is_lost_doubled_or_overtaken_and_no_buffer_overflows(at, setting):
    whole = "".join(letter * setting[0] for letter in "abc")
    for view in SCENE.films[at]:
        places = [row(view, name) for name in ("piece", "receive", "send", "message")]
        assert "".join(map("".join, places)) == whole
        assert len(places[1]) <= 8 and len(places[2]) <= 8
        amber = [cell for cell, (_, colour) in view.held.items() if colour == "amber"]
        assert bool(amber) == (len(places[2]) == 8 and bool(places[3])), "who cannot put its bytes down waits"


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_each_piece_is_called_what_it_is(at, setting):
    size, most = setting
    for view in SCENE.films[at]:
        if view.caption.startswith("recv"):
            piece = row(view, "piece")[-1]
            kinds, whole = len(set(piece)), piece in [letter * size for letter in "abc"]
            assert view.caption.startswith(f"recv({most}) 返回 {len(piece)} 字节：b'{piece}'")
            assert ("粘在一起" in view.caption, "正好一条" in view.caption) == (kinds > 1, whole)
            colours = [colour for cell, (_, colour) in view.held.items() if cell.startswith("piece")]
            assert colours[-1] == ("green" if whole else "red")
    end = SCENE.films[at][-1]
    pieces = row(end, "piece")
    whole = [one for one in pieces if len(set(one)) == 1 and len(one) == size]
    assert f"返回了 {len(pieces)} 次，其中 {len(whole)} 次" in end.caption


def test_sendall_waits_as_soon_as_both_buffers_are_full_and_goes_on_when_somebody_reads(connection):
    sender, receiver = connection
    sender.setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:
            sender.send(b"x" * 65536)
    sender.setblocking(True)
    last = threading.Thread(target=sender.sendall, args=(b"y" * (1 << 22),))
    last.start()
    last.join(0.05)
    assert last.is_alive()
    received = b""
    while not received.endswith(b"y" * (1 << 22)):
        received += receiver.recv(1 << 20)
    last.join(10)
    assert not last.is_alive()
