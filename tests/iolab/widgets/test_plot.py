"""`plot` draws what a page measured, and refuses what cannot be measured."""

import pytest

from iolab.model import SceneError
from iolab.widgets.plot import plot

TIMES = {"循环": [("1 个线程", 0.5), ("2 个线程", 0.25)], "等待": [["2 个线程", 0]]}


def test_bars_are_listed_and_drawn():
    bundle = plot("bars", "墙上时间", TIMES, notes=["本机"])._repr_mimebundle_()
    assert bundle["text/plain"] == "墙上时间\n循环：1 个线程 0.5 s；2 个线程 0.25 s\n等待：2 个线程 0 s\n本机"
    assert bundle["text/html"].startswith('<figure class="iolab-picture" data-name="plot-bars">')
    assert "<li>循环：1 个线程 0.5 s；2 个线程 0.25 s</li>" in bundle["text/html"]


def test_a_bar_is_as_long_as_its_number():
    from iolab.draw import plan
    from iolab.draw.plan import Rect

    drawn = plan(plot("bars", "墙上时间", TIMES).scene)
    widths = [shape.width for artist in drawn.artists for shape in artist.shapes if isinstance(shape, Rect)]
    assert widths[0] == pytest.approx(2 * widths[1]) and widths[2] == 1


def test_lanes_come_from_json():
    picture = plot("timeline", "锁", {"甲": [[0, 0.5, "等待"], [0.5, 1, "持有"]]})
    assert "甲：0.00–0.50 s 等待；0.50–1.00 s 持有" in repr(picture)


def test_what_cannot_be_drawn():
    with pytest.raises(LookupError, match="bars、curves、dots、timeline"):
        plot("pie", "", {})
    with pytest.raises(SceneError, match="-1"):
        plot("bars", "", {"a": [("b", -1), ("c", 1)]})
    with pytest.raises(SceneError, match="longer than 0"):
        plot("bars", "", {"a": [("b", 0)]})
