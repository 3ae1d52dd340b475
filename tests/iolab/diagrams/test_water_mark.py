"""The marks held against asyncio's own: the same writes and reads pause and resume a real protocol."""

import asyncio

import pytest

from iolab.diagrams import water_mark
from iolab.diagrams.water_mark import DEAF, DRAIN, HIGH, LOW, SLOW, WRITE, run

KIB = 1024


class Transport(asyncio.transports._FlowControlMixin):
    """One whose buffer is a number."""

    def __init__(self, loop, protocol):
        super().__init__(None, loop)
        self._protocol, self.size = protocol, 0

    def get_write_buffer_size(self):
        return self.size

    def to(self, size):
        grows = size > self.size
        self.size = size
        (self._maybe_pause_protocol if grows else self._maybe_resume_protocol)()


class Protocol(asyncio.Protocol):
    paused = False

    def pause_writing(self):
        self.paused = True

    def resume_writing(self):
        self.paused = False


def asyncios(told):
    """Whether asyncio has paused after each of these sizes, and its limits."""
    loop, protocol = asyncio.new_event_loop(), Protocol()
    try:
        transport, paused = Transport(loop, protocol), []
        for _, size, _ in told:
            transport.to(size * KIB)
            paused.append(protocol.paused)
        return paused, transport.get_write_buffer_limits()
    finally:
        loop.close()


@pytest.mark.parametrize("peer", [SLOW, DEAF])
def test_asyncio_pauses_and_resumes_at_the_same_sizes(peer):
    told = [one for one in run(DRAIN, peer) if one[0] != "wait"]
    assert asyncios(told) == ([paused for *_, paused in told], (LOW * KIB, HIGH * KIB))
    assert any(paused for *_, paused in told)


def test_a_slow_peer_lets_it_go_on_and_a_deaf_one_does_not():
    assert [what for what, *_ in run(DRAIN, SLOW)].count("resume") == 1
    assert run(DRAIN, DEAF)[-1] == ("wait", 96, True)


@pytest.mark.parametrize("peer", [SLOW, DEAF])
def test_without_drain_the_buffer_only_grows(peer):
    sizes = [size for what, size, _ in run(WRITE, peer) if what == "write"]
    assert sizes == sorted(set(sizes)) and sizes[-1] > 2 * HIGH


def test_every_film_says_the_sizes_that_its_cells_hold():
    for how in (DRAIN, WRITE):
        for peer in (SLOW, DEAF):
            for view in water_mark.film(how, peer)[1:]:
                size = int(view.held["size"][0].split()[0])
                assert f"{size} KiB" in view.caption
                assert sum(name.startswith("box") for name in view.held) == size // 16
