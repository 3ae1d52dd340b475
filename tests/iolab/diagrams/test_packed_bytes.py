"""Bytes held against struct itself, on a machine of either order."""

import struct
import sys

import pytest

from iolab import diagrams
from iolab.diagrams.packed_bytes import FIRST

SCENE = diagrams.load("packed_bytes")
SETTINGS = {at: [slider.values[place] for slider, place in zip(SCENE.sliders, at, strict=True)] for at in SCENE.films}


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_struct_packs_the_same_bytes(at, setting):
    order, number = setting
    if order[0] == "@" and sys.byteorder == "big":
        pytest.skip("the picture shows a little-endian machine")
    data = struct.pack(order, FIRST, number)
    end = SCENE.films[at][-1]
    shown = {int(cell[4:]): held[0] for cell, held in end.held.items() if cell.startswith("byte")}
    assert bytes(int(shown[place], 16) for place in sorted(shown)) == data
    assert any(f"一共 {len(data)} 字节" in view.caption for view in SCENE.films[at])
    gaps = {int(cell[5:]) for cell, held in end.held.items() if held[0] == "空"}
    assert gaps == set(range(2, struct.calcsize(order) - 4))


@pytest.mark.parametrize(("at", "setting"), SETTINGS.items())
def test_who_expects_network_order_reads_the_same(at, setting):
    order, number = setting
    end = SCENE.films[at][-1]
    try:
        got = struct.unpack("!HI", struct.pack(order, FIRST, number))
    except struct.error:
        assert end.held["read"] == ("读不了", "red") and "struct.error" in end.caption
    else:
        assert f"读到 {got[0]} 和 {got[1]}" in end.caption
        assert end.held["read"] == (f"{got[0]}，{got[1]}", "green" if got == (FIRST, number) else "red")
