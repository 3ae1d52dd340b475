"""One scene, one SVG, always the same bytes, with nothing in it that a page would stumble over."""

import gzip
import itertools
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from ast import PyCF_ALLOW_TOP_LEVEL_AWAIT
from pathlib import Path

import pytest

from iolab import diagrams
from iolab.draw import inline_html, listing, plan, player_assets, renewed_html, svg, to_html, without_data
from iolab.draw.plan import Rect, Text
from iolab.draw.text import one_line, width
from iolab.draw.theme import MEANINGS, colours
from iolab.model import (
    Actor,
    Bars,
    Box,
    Call,
    Code,
    Column,
    Edge,
    Graph,
    Journey,
    Layers,
    Link,
    Machine,
    Message,
    Node,
    Sequence,
    Step,
    Sweep,
    Table,
    Timeline,
    Token,
)

CODE = Path(diagrams.__file__).parents[2]

SCENES = {name: diagrams.load(name) for name in diagrams.names()}
DRAWN = [name for name, scene in SCENES.items() if not isinstance(scene, Table)]
LANES = (("子进程", ((0, 0.5, "R"), (0.5, 1.25, "S"))), ("父进程", ((0, 1.25, "S"),)))
TRACE = Timeline("trace", "轨迹", LANES, ("注",))
HASH_ALL = """
import hashlib
from iolab import diagrams
from iolab.draw import to_html
print(hashlib.sha256("".join(to_html(diagrams.load(name)) for name in diagrams.names()).encode()).hexdigest())
"""


def test_same_bytes_in_every_process():
    digests = {subprocess.run([sys.executable, "-c", HASH_ALL], env={**os.environ, "PYTHONHASHSEED": seed}, check=True,
                              capture_output=True, text=True).stdout for seed in ("1", "2")}
    assert len(digests) == 1
    assert digests.pop().strip()


@pytest.mark.parametrize("name", DRAWN)
def test_an_svg_is_clean(name):
    text = svg(plan(SCENES[name]))
    root = ElementTree.fromstring(text)
    gids = [part.get("data-gid") for part in root.iter() if part.get("data-gid")]
    assert len(gids) == len(set(gids))
    for needless in (" id=", "<metadata", "<defs", "clip-path", "<?xml", "DOCTYPE", "xlink", "<use"):
        assert needless not in text
    assert not re.search(r"\d\.\d\d", re.sub(r">[^<]*<", "><", text).partition(">")[2]), "needless precision"


@pytest.mark.parametrize("name", DRAWN)
def test_steps_speak_of_parts_that_are_there(name):
    drawn = plan(SCENES[name])
    gids = {artist.gid for artist in drawn.artists}
    for frame in drawn.frames:
        named = {*frame.show, *frame.hide, *frame.late, *frame.fly, *frame.hot}
        named |= {gid for move in frame.moves for gid in move[:2] if gid}
        assert named <= gids
    assert set(drawn.home) <= gids
    assert all(artist.gid in str(drawn.frames) for artist in drawn.artists if artist.gid and drawn.frames
               and not artist.gid.startswith(("node-", "edge-", "token-", "cell-", "way-")))


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_is_small(name):
    own = re.sub("<!--iolab-player-->.*?<!--/iolab-player-->", "", to_html(SCENES[name]), flags=re.S)
    assert len(gzip.compress(own.encode())) <= 6 * 1024


def test_the_player_is_small():
    assets = player_assets()
    assert sorted(assets) == ["player.css", "player.js"]
    assert len(gzip.compress("".join(assets.values()).encode())) <= 12 * 1024


@pytest.mark.parametrize("name", SCENES)
def test_the_listing_has_every_word_of_the_timeline(name):
    scene, text = SCENES[name], listing(SCENES[name])
    assert text.startswith(scene.title)
    for number, step in enumerate(getattr(scene, "steps", ()), 1):
        assert f"\n{number}. {step.caption}" in text
    if isinstance(scene, Table):
        assert all(cell.replace("\n", " / ") in text for row in scene.rows for cell in row)
    if isinstance(scene, Layers):
        assert all(one_line(box.title) in text for column in scene.columns for box in column.boxes)


def test_the_listing_of_a_still_picture():
    columns = (Column("左", (Box("a", "甲\n乙", "小"), Box("b", "丙")), 2), Column("右", (Box("c", "丁"),)))
    assert listing(Layers("l", "层", columns, (Link("a", "c"),), notes=("注",))) == (
        "层\n左：甲乙（小）；丙\n右：丁\n甲乙 — 丁\n注")
    groups = (("组", (("一", 2.0), ("二", 6.125))), ("另", (("一", 0.5),)))
    assert listing(Bars("b", "数", groups, notes=("注",))) == "数\n组：一 2 s；二 6.12 s\n另：一 0.5 s\n注"
    assert listing(Table("t", "表", ("格", "例"), (("甲\n乙", "x"), ("丙", "")))) == "表\n格 | 例\n甲 / 乙 | x\n丙 | "


@pytest.mark.parametrize("scene", [*(SCENES[name] for name in DRAWN), TRACE], ids=lambda scene: scene.name)
def test_words_stand_in_the_middle_of_their_boxes_and_in_the_picture(scene):
    drawn = plan(scene)
    for artist in drawn.artists:
        box = None
        for shape in artist.shapes:
            if isinstance(shape, Rect):
                box = shape
            if isinstance(shape, Text) and shape.anchor == "middle" and not shape.angle:
                half = width(shape.text, shape.size) / 2
                assert shape.x - half >= -4 and shape.x + half <= drawn.width + 4 and 0 < shape.y < drawn.height, shape
                assert not box or (abs(box.x + box.width / 2 - shape.x) < 0.1 and box.y < shape.y < box.y + box.height)
    if isinstance(scene, Layers):
        boxes = {artist.gid: artist.shapes[0] for artist in drawn.artists if artist.gid.startswith("box-")}
        titles = [artist.shapes[0] for artist in drawn.artists if not artist.gid and isinstance(artist.shapes[0], Text)]
        for title, column in zip(titles, (one for one in scene.columns if one.title), strict=False):
            first = boxes[f"box-{column.boxes[0].name}"]
            assert title.text == column.title and abs(title.x - first.x - first.width / 2) < 0.1 < title.y < first.y


def test_words_do_not_run_together_where_a_line_ended():
    assert one_line("HTTP FTP\nDNS SSH") == "HTTP FTP DNS SSH"
    assert one_line("局域网里的\n其他主机") == "局域网里的其他主机"
    assert one_line("被线程 1\n持有") == "被线程 1持有"
    assert "HTTP FTP DNS SSH（" in listing(SCENES["osi_tcpip"])


@pytest.mark.parametrize("name", SCENES)
def test_the_html_reads_without_scripts(name):
    block, scene = to_html(SCENES[name]), SCENES[name]
    start, stop = block.index("<figure"), block.find("<!--iolab-player-->")
    text = block[start:stop]
    assert ("<img " in text and 'alt="' in text) or "<table" in text
    for step in getattr(scene, "steps", ()):
        assert f"<li>{step.caption}</li>".replace("'", "&#x27;") in text
    assert not re.search(r"(src|href)=\"(?!data:)", block), "a request would leave the page"


def test_inlining_puts_the_svg_in_place_of_the_image_and_drops_the_player():
    inlined = inline_html("<p>先</p>" + to_html(SCENES["handshake"]) + "<p>后</p>")
    assert inlined.startswith("<p>先</p><figure") and inlined.endswith("</figure><p>后</p>")
    assert svg(plan(SCENES["handshake"])).removeprefix("<svg ") in inlined
    assert '<svg role="img" aria-label="TCP 三次握手"' in inlined
    assert "<img" not in inlined and "<style" not in inlined and "iolabPlayer" not in inlined
    assert inline_html(inlined) == inlined
    assert inline_html("<p>没有图</p>") == "<p>没有图</p>"


def test_what_a_driven_picture_can_show_is_a_file_of_its_own():
    whole = [inline_html(to_html(SCENES[name])) for name in ("handshake", "byte_way", "fork_pages")]
    html, scripts = without_data("".join(whole))
    assert sorted(scripts) == ["picture-byte_way.js", "picture-fork_pages.js"]
    assert html.startswith(whole[0]) and html.count('<script type="application/json"></script>') == 2
    for name, text in scripts.items():
        data = re.search(r'(?<=json">)\{.*?(?=</script>)', whole[1 + ("fork" in name)])[0]
        assert data in text and data not in html
    assert without_data(html) == (html, {})


def test_a_stored_picture_gets_the_present_player():
    block = to_html(SCENES["handshake"])
    old = re.sub("<!--iolab-player-->.*?<!--/iolab-player-->", "<!--iolab-player-->old<!--/iolab-player-->", block,
                 flags=re.S)
    assert "old" in old and renewed_html(old) == block == renewed_html(block)
    assert renewed_html("<p>没有图</p>") == "<p>没有图</p>"


def test_program_text_in_a_table_is_set_as_code():
    block = to_html(Table("t", "表", ("格式", "例"), (("!i", "x"), ("!h", "")), code=(0, 1)))
    assert block.count("<code>") == 3 and "<td><code>!i</code></td><td><code>x</code></td>" in block
    assert "<th scope=\"col\">格式</th>" in block
    assert to_html(SCENES["struct_formats"]).count("<code>") == len(SCENES["struct_formats"].rows)


def test_words_that_look_like_markup_stay_words():
    scene = Sequence("odd", "a < b & \"c\"", (Actor("a", "<甲>"), Actor("b", "乙")), (
        Step("1.25 < 2 & 3.75", Call("a", "'1.2345' & \"x\""), Message("a", "b", "100% <b>#1</b>")),
    ))
    root = ElementTree.fromstring(svg(plan(scene)))
    words = {part.text for part in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {"<甲>", "'1.2345' & \"x\"", "100% <b>#1</b>"} <= words
    block = to_html(scene)
    assert "<li>1.25 &lt; 2 &amp; 3.75</li>" in block
    assert ElementTree.fromstring(re.search(r"<svg.*</svg>", inline_html(block))[0]) is not None


def test_words_of_a_picture_that_readers_drive_cannot_end_its_script():
    evil = "</script><script>alert(1)</script>"
    scene = Graph("evil", "图", (Node("a", evil, 60, 60), Node("b", "乙", 240, 60)), (Edge("ab", "a", "b", evil),),
                  (Step("一"),), (Token("p", "P", "a"),), drivable=True)
    block = to_html(scene)
    data = re.search(r'<script type="application/json">(.*?)</script>', block)[1]
    assert json.loads(data)["drive"]["titles"]["a"] == evil and "<script>alert" not in block


def test_a_timeline_shows_its_lanes():
    text = svg(plan(TRACE))
    assert "子进程" in text and "父进程" in text and ">1 s<" in text
    assert listing(TRACE) == "轨迹\n子进程：0.00–0.50 s R；0.50–1.25 s S\n父进程：0.00–1.25 s S\n注"


@pytest.mark.parametrize("scene", [
    Timeline("x", "标题", (("甲", ((0, 1, "等"),)),), notes=("注一", "注二")),
    Bars("x", "标题", (("甲", (("快", 1),)),), notes=("注一", "注二"))])
def test_notes_stand_once_below_what_they_are_about(scene):
    [lane, *notes] = listing(scene).splitlines()[1:]
    assert notes == ["注一", "注二"]
    assert f'<ul><li>{lane}</li></ul><ul class="io-notes"><li>注一</li><li>注二</li></ul>' in to_html(scene)


def test_what_is_no_scene_is_refused():
    with pytest.raises(TypeError, match="no scene"):
        plan("handshake")


CODED = [scene for scene in SCENES.values() if isinstance(getattr(scene, "code", None), Code)]


@pytest.mark.parametrize("scene", CODED, ids=lambda scene: scene.name)
def test_the_code_beside_a_picture_is_that_of_the_scripts(scene):
    """In the order in which the scripts have the lines; lines of no script are a program that Python can read."""
    wanted = [line.strip() for line in scene.code.lines if line.strip() and not line.startswith("#")]
    compile(scene.code.text, scene.name, "exec", PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if scene.code.scripts:
        real = iter([line.partition("  #")[0].strip() for script in scene.code.scripts
                     for line in (CODE / script).read_text(encoding="utf-8").splitlines()])
        missing = [line for line in wanted if not any(line == one for one in real)]
        assert not missing, f"{scene.code.scripts} have no {missing[0]!r} there"
    assert any(step.at for step in scene.steps)
    block = to_html(scene)
    assert block.count("<span>") == len(scene.code.lines) and '<pre class="io-code">' in block
    assert '<pre class="io-code" tabindex="0">' in inline_html(block), "keys reach what scrolls"


@pytest.mark.parametrize("name", [name for name, scene in SCENES.items() if isinstance(scene, (Machine, Sweep))])
def test_what_a_cell_comes_to_hold_fits_into_it(name):
    scene = SCENES[name]
    cells = {cell.name: cell for cell in scene.board.cells}
    views = [*scene.steps, *(scene.views() if isinstance(scene, Machine) else itertools.chain(*scene.films.values()))]
    wide = {(cell, words) for view in views for cell, (words, _) in view.held.items()
            if width(words, cells[cell].size) > cells[cell].width - 2}
    assert not wide
    assert all(cell.x >= 0 and cell.x + cell.width <= 330 and cell.y + cell.height <= scene.board.height
               for cell in cells.values())


@pytest.mark.parametrize("name", [name for name, scene in SCENES.items() if hasattr(scene, "steps")])
def test_the_first_step_shows_enough_to_make_sense(name):
    """Words are there to be read: who takes part, or in which state a thing is."""
    scene, drawn = SCENES[name], plan(SCENES[name])
    come = {gid for frame in drawn.frames[1:] for gid in (*frame.show, *frame.late)} - set(drawn.frames[0].show)
    seen = [shape.text for artist in drawn.artists if artist.gid not in come for shape in artist.shapes
            if isinstance(shape, Text) and shape.text.strip()]
    assert len(seen) >= 3, f"{scene.title} begins with {seen}"


@pytest.mark.parametrize("name", [name for name, scene in SCENES.items() if hasattr(scene, "steps")])
def test_the_legend_says_what_the_colours_of_a_picture_mean(name):
    scene = SCENES[name]
    said = re.findall(r'<span class="io-(\w+)">', to_html(scene))
    if isinstance(scene, (Machine, Sweep)):
        views = [*scene.steps, *(scene.views() if isinstance(scene, Machine)
                                 else itertools.chain(*scene.films.values()))]
        used = {colour for view in views for _, colour in view.held.values()} - {"plain"}
        assert used == set(said) - {"plain"}
    else:
        shapes = [shape for artist in plan(scene).artists for shape in artist.shapes]
        strong = {getattr(shape, "stroke", None) for shape in shapes} | {
            getattr(shape, "fill", "").removesuffix("-bar") for shape in shapes if getattr(shape, "fill", None)}
        assert isinstance(scene, Journey) or (strong & set(MEANINGS)) - {"red"} == set(said) - {"red"}


def test_every_state_has_its_colour_wherever_it_is_drawn():
    """In a timeline, a chart, a sequence and a graph: what waits is amber, what runs green."""
    lanes = (("甲", ((0, 1, "R"), (1, 2, "S"), (2, 3, "D"), (3, 4, "Z"), (4, 5, "等锁"), (5, 6, "持有"))),)
    fills = {}
    for artist in plan(Timeline("t", "时", lanes)).artists:
        for shape, *words in [artist.shapes]:
            if words and getattr(shape, "height", 0) == 13:
                fills[words[0].text] = shape.stroke
    assert fills == {"R": "green", "S": "amber", "D": "amber", "Z": "red", "等锁": "amber", "持有": "green"}
    [bar] = [shape for artist in plan(Bars("b", "数", (("组", (("等外面", 2.0),)),))).artists for shape in artist.shapes
             if getattr(shape, "height", 0) == 14]
    assert bar.stroke == "amber"
    boxes = {artist.gid: artist.shapes[0].stroke for artist in plan(SCENES["five_states"]).artists}
    assert (boxes["node-running"], boxes["node-waiting"], boxes["node-terminated"]) == ("green", "amber", "red")
    looks = list(colours(["S", "D", "等", "阻塞"]).values())
    assert len(set(looks)) == 4 and all("amber" in look[1] for look in looks)
