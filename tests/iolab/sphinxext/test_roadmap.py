"""The map of the book: where its boxes stand and how its lines run."""

from types import SimpleNamespace

from docutils import nodes

from iolab.sphinxext import roadmap

CAPTIONS = {"index": "", "a/one": "甲", "a/two": "甲", "a/three": "甲", "b/one": "乙", "b/two": "乙", "c": "丙"}


def test_a_part_is_a_column_and_its_pages_stand_below_each_other():
    pages = {name: {} for name in ("b/one", "a/three", "a/one", "b/two")}
    assert roadmap.places(pages, CAPTIONS) == {"a/one": (0, 0), "a/three": (0, 1), "b/one": (1, 0), "b/two": (1, 1)}


def test_lines_run_down_around_and_to_the_right_and_end_at_the_box():
    x, y = roadmap.corner((0, 0))
    assert roadmap.line((0, 0), (0, 1)) == f"M{x + 61} {y + 44}V{y + 61}"
    around = roadmap.line((0, 0), (0, 2))
    assert around.startswith(f"M{x + 122} {y + 22}C") and around.endswith(f" {x + 123} {y + 146}")
    assert roadmap.line((0, 0), (1, 1)).endswith(f" {x + 151} {y + 84}")


def test_a_page_that_says_no_minutes_is_on_the_map_without(monkeypatch):
    monkeypatch.setattr(roadmap.MINUTES, "of", lambda env: {"a/one": 20})
    monkeypatch.setattr(roadmap, "url", lambda *place: place[2])
    app = SimpleNamespace(env=SimpleNamespace(titles={name: nodes.title(text="页") for name in CAPTIONS}))
    place = roadmap.places({"a/one": {}, "a/two": {}}, CAPTIONS)
    told, silent = (roadmap.box(app, "index", page, {page: {}}, place) for page in place)
    assert "<title>页，约 20 分钟</title>" in told and ">20 分钟</text>" in told
    assert "<title>页</title>" in silent and "分钟" not in silent and "None" not in silent
