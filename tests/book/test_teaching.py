"""What teachers plan with: each page and lab has its aim, and a plan names what is there, in an order to read in."""

import copy
import re
from types import SimpleNamespace

import pytest

from cells import BOOK, pages, source
from iolab.sphinxext import roadmap, teaching
from pages import PAGES

PLANS, AIMS = teaching.load(BOOK, teaching.PLANS), teaching.load(BOOK, teaching.AIMS)
CELLS = pages()


def text(page):
    return "\n".join(source(cell) for cell in CELLS[page] if cell["cell_type"] == "markdown").replace("*", "")


def figures(page):
    shown = ("".join(output.get("data", {}).get("text/html", "")) for cell in CELLS[page]
             for output in cell.get("outputs", ()))
    return {name: title for html in shown for name, title in teaching.figures(html).items()}


@pytest.fixture(scope="module")
def known():
    """What the notebooks themselves say, without a build."""
    listed = [page.removesuffix(".html") for page in PAGES if page.removesuffix(".html") in CELLS]
    minutes = {page: int(roadmap.TOLD.search(text(page))[1]) for page in listed}
    needs = {page: row.get("needs", ()) for page, row in roadmap.load(BOOK).items()}
    return teaching.Known(minutes, needs, {page: figures(page) for page in listed})


def test_the_plans_and_aims_are_right(known):
    assert list(PLANS) == list(teaching.LENGTHS)
    assert not list(teaching.problems(PLANS, AIMS, known))


def test_a_plan_that_is_wrong_is_left_out_and_not_the_book(known, monkeypatch):
    gone = teaching.Known({page: spent for page, spent in known.minutes.items() if page != "files/io"})
    monkeypatch.setattr(teaching, "known_of", lambda app: gone)
    assert "8/1: there is no page files/io, or it says no minutes" in teaching.problems(PLANS, AIMS, gone)
    assert teaching.plan(SimpleNamespace(srcdir=BOOK), "teaching/plans", 8) == ""


def test_every_page_and_lab_has_its_aim_in_the_order_of_the_book(known):
    assert list(AIMS) == list(known.minutes) and len(AIMS) > 50
    assert all(len(aim) >= 15 and aim.endswith("。") for aim in AIMS.values())
    assert len(set(AIMS.values())) == len(AIMS)


def test_the_long_plan_has_the_whole_book(known):
    named = [page for week in PLANS[16]["weeks"] for page in [*teaching.pages_of(week), week.get("lab")] if page]
    assert sorted(named) == sorted(known.minutes)


@pytest.mark.parametrize("length", teaching.LENGTHS)
def test_a_lab_comes_when_the_page_has_been_read_that_it_asks_for(length):
    read = set()
    for week in PLANS[length]["weeks"]:
        read |= set(teaching.pages_of(week))
        if lab := week.get("lab"):
            first = re.search(r"读过：\[[^]]*\]\(\.\./([\w/-]+)\.ipynb\)", text(lab))[1]
            assert first in read, f"{lab} asks for {first}"


def changed(change):
    plans = copy.deepcopy(PLANS)
    change(plans[8]["weeks"])
    return plans


@pytest.mark.parametrize(("change", "said"), [
    (lambda weeks: weeks[0]["class"].append("files/nothing"), "8/1: there is no page files/nothing"),
    (lambda weeks: weeks[0].update(lab="labs/none"), "8/1: there is no page labs/none"),
    (lambda weeks: weeks[0].update(lab="files/durable-write"), "8/1: files/durable-write is no lab"),
    (lambda weeks: weeks[0]["screen"].append("lost_update"), "8/1: no page so far has the picture or level lost_upd"),
    (lambda weeks: weeks[5]["screen"].append("no_level"), "8/6: no page so far has the picture or level no_level"),
    (lambda weeks: weeks[0]["class"].reverse(), "8/1: files/buffer-offset needs files/file-read-write"),
    (lambda weeks: weeks.insert(0, weeks.pop(1)), "8/1: network/network-basics needs files/file-read-write"),
    (lambda weeks: weeks[1]["class"].append("network/tls"), "8/2: 216 minutes in class, but there are 180"),
    (lambda weeks: weeks[7].update(home=["thread/futures", *["network/tls"] * 6]), "8/8: 259 minutes at home, but at"),
    (lambda weeks: weeks[7].update(home=["files/io"]), "8/8: files/io was there before"),
    (lambda weeks: weeks[7].update(lab="labs/tail"), "8/8: labs/tail was there before"),
    (lambda weeks: weeks[0].pop("goal"), "8/1: goal is missing"),
    (lambda weeks: weeks[0].update(labs="labs/tail"), "8/1: unknown key labs"),
    (lambda weeks: weeks.pop(), "the plan of 8 weeks has 7"),
])
def test_what_is_wrong_with_a_plan_is_told(change, said, known):
    assert any(line.startswith(said) for line in teaching.problems(changed(change), AIMS, known))


def test_minutes_that_grow_on_a_page_are_seen_in_the_plan(known):
    longer = teaching.Known(known.minutes | {"network/tcp-socket": 31}, known.needs, known.figures)
    assert list(teaching.problems(PLANS, AIMS, longer))[:1] == ["8/2: 182 minutes in class, but there are 180"]


def test_an_aim_that_is_missing_or_too_many_is_told(known):
    fewer = {page: aim for page, aim in AIMS.items() if page != "labs/echo"} | {"files/gone": "什么"}
    assert list(teaching.problems(PLANS, fewer, known)) == [
        "labs/echo: no aim in teaching/aims.yml", "files/gone: an aim, but no such page"]


def test_a_build_warns_of_what_is_wrong(known, monkeypatch, tmp_path):
    said = []
    monkeypatch.setattr(teaching, "known_of", lambda app: known)
    monkeypatch.setattr(teaching.logger, "warning", lambda line, *words: said.append(line % words))
    teaching.check(SimpleNamespace(srcdir=BOOK), None)
    assert not said
    (tmp_path / "teaching").mkdir()
    (tmp_path / teaching.AIMS).write_text("files/io: 一句。\n", encoding="utf-8")
    teaching.check(SimpleNamespace(srcdir=tmp_path), None)
    assert "teaching: files/file-read-write: no aim in teaching/aims.yml" in said


def test_the_page_says_the_minutes_of_the_pages_and_opens_its_pictures(built_book, known):
    page = (built_book / "teaching/plans.html").read_text(encoding="utf-8")
    plans = re.findall(r'<dl class="teaching-plan">(.*?)</dl>', page, re.S)
    for html, plan in zip(plans, PLANS.values(), strict=True):
        weeks = html.split("<dt>")[1:]
        assert len(weeks) == len(plan["weeks"])
        for told, week in zip(weeks, plan["weeks"], strict=True):
            said = dict(re.findall(r'<a href="\.\./([\w/-]+)\.html">[^<]*(?:<code.*?</code>[^<]*)*</a>（(\d+)）', told))
            assert said == {one: str(known.minutes[one]) for one in
                            [*teaching.pages_of(week), *filter(None, [week.get("lab")])]}
            lessons = sum(known.minutes[one] for one in week["class"]) * 3 / 2
            assert abs(int(re.search(r"课上 (\d+) 分钟", told)[1]) - lessons) <= 0.5
            shown = re.findall(r'href="\.\./([\w/-]+)\.html\?screen=(\w+)"', told)
            assert [name for _, name in shown] == week["screen"]
            assert not [name for where, name in shown if name not in known.figures[where]]
    assert re.search(r"没有排进去的：.*labs/reliable", page) and "每一页、每个实验都在里面" in page


def test_each_aim_stands_by_its_page(built_book):
    page = (built_book / "teaching/aims.html").read_text(encoding="utf-8")
    rows = re.findall(r'<dt><a href="\.\./([\w/-]+)\.html">.*?</dt><dd>(.*?)</dd>', page, re.S)
    assert [name for name, _ in rows] == list(AIMS)
    assert re.sub("<[^>]*>", "", rows[0][1]) == AIMS["files/io"]
