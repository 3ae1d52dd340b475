"""`plot` draws what a page measured, and refuses what cannot be measured."""

from itertools import pairwise

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


RUNS = {"甲": [3, 1, 2], "乙": [20]}


def combs(picture, teeth):
    """The lines of a plan that have so many teeth, as the places of the teeth."""
    from iolab.draw import plan
    from iolab.draw.plan import Line

    lines = [shape for artist in plan(picture.scene).artists for shape in artist.shapes if isinstance(shape, Line)]
    return [line.points[::4] for line in lines if len(line.points) == 4 * teeth]


def test_every_run_has_a_tooth_and_the_median_is_told():
    picture = plot("dots", "时间", RUNS, notes=["本机"], unit="微秒")
    assert repr(picture) == "时间\n甲：2 微秒（1–3）\n乙：20 微秒\n本机"
    (places,), (other,) = combs(picture, 3), combs(picture, 1)
    one, two, three = (x for x, _ in places)
    assert two - one == pytest.approx(three - two) and two - one > 1 and other[0][0] > three


def test_tenfold_takes_the_same_space_everywhere_on_a_scale_of_tenfolds():
    ((one, two, three),) = combs(plot("dots", "内存", {"甲": [1, 10, 100]}, unit="字节", log=True), 3)
    assert two[0] - one[0] == pytest.approx(three[0] - two[0]) and two[0] - one[0] > 1


CURVES = {"平": [(0, 5), (0, 7), (0, 6), (100, 6)], "陡": [(0, 6), (100, 60)], "也平": [(0, 6), (100, 6)]}


def test_a_curve_goes_through_the_medians_and_shows_all_runs():
    from iolab.draw import plan
    from iolab.draw.plan import Line, Text

    picture = plot("curves", "时间", CURVES, along="个空闲的", unit="微秒")
    assert "平：0 个空闲的 6 微秒；100 个空闲的 6 微秒" in repr(picture)
    drawn = plan(picture.scene)
    ((high, middle, low),) = (sorted(y for _, y in places) for places in combs(picture, 3))
    flat = [shape.points for artist in drawn.artists for shape in artist.shapes
            if isinstance(shape, Line) and len(shape.points) == 2 and shape.stroke == "blue"]
    assert flat == [((flat[0][0][0], middle), (flat[0][1][0], middle))] and high < middle < low
    labels = [shape for artist in drawn.artists for shape in artist.shapes
              if isinstance(shape, Text) and shape.text in CURVES]
    heights = sorted(label.y for label in labels)
    assert len(labels) == 3 and all(two - one > 12.9 for one, two in pairwise(heights))
    assert all(0 < label.y < drawn.height and label.x < drawn.width for label in labels)


def test_as_many_curves_as_there_are_rows():
    many = {f"第 {number} 条": [(0, number + 1), (1, number + 2)] for number in range(9)}
    assert len(combs(plot("curves", "时间", many, along="个", unit="微秒"), 1)) == 2 * len(many)


@pytest.mark.parametrize(("kind", "rows", "options", "message"), [
    ("dots", {"甲": []}, {}, "'甲' has no run"), ("dots", {"甲": [-1]}, {}, "less than 0"),
    ("dots", {"甲": [0, 1]}, {"log": True}, "no place on a scale"), ("dots", {"甲": [0]}, {}, "nothing longer"),
    ("curves", {"甲": [(1, 2)]}, {"along": "个"}, "two places"), ("curves", {"甲": []}, {"along": "个"}, "no run"),
    ("curves", {"甲": [(0, 0), (1, 0)]}, {"along": "个"}, "nothing longer"),
])
def test_measurements_without_a_place(kind, rows, options, message):
    with pytest.raises(SceneError, match=message):
        plot(kind, "", rows, **options)
