"""What the SVG of a picture shows, measured in the SVG and held against the scene: arrows, heads, labels, order."""

import math
import re
import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import pytest

from iolab import diagrams
from iolab.draw import plan, svg, text
from iolab.draw.theme import BRIGHT, FILLS, LIGHT
from iolab.model import (
    Actor,
    Bars,
    Begin,
    Block,
    Box,
    Call,
    Column,
    Edge,
    End,
    Enter,
    Graph,
    Hide,
    Journey,
    Layers,
    Leave,
    Mark,
    Message,
    Node,
    Note,
    Sequence,
    Show,
    State,
    Step,
    Table,
    Timeline,
)

SVG = "{http://www.w3.org/2000/svg}"
SCENES = {name: diagrams.load(name) for name in diagrams.names()}
SEQUENCES = [name for name, scene in SCENES.items() if isinstance(scene, Sequence)]
GRAPHS = [name for name, scene in SCENES.items() if isinstance(scene, Graph)]
STILLS = [name for name, scene in SCENES.items() if isinstance(scene, Layers)]
A, B, C = Actor("a", "甲"), Actor("b", "乙"), Actor("c", "丙")


class Drawn:
    """An SVG, by group: the points of its paths, the texts with their places."""

    def __init__(self, scene):
        self.scene, self.plan = scene, plan(scene)
        self.root = ElementTree.fromstring(svg(self.plan))
        self.groups = {group.get("data-gid"): group for group in self.root.iter(SVG + "g")}

    def paths(self, gid):
        """The points of each path of a group, in order: a line, a head, a box."""
        return [points(path.get("d")) for path in self.groups[gid].iter(SVG + "path")]

    def texts(self, gid=None):
        parts = self.root.iter() if gid is None else self.groups[gid].iter()
        return [part for part in parts if part.tag == SVG + "text"]

    def words(self, gid):
        return "".join(part.text for part in self.texts(gid))

    def at(self, words):
        """Where a text stands that the picture has once."""
        part, = (part for part in self.texts() if part.text == words)
        return place(part)

    def head(self, gid):
        """(base, tip) of the only arrowhead of a group: a filled triangle, whose middle of the wings is the base."""
        closed = (path.get("d") for path in self.groups[gid].iter(SVG + "path") if path.get("d").endswith("z"))
        (tip, one, other), = (corners for data in closed if len(corners := points(data)) == 3)
        return ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2), tip

    def box(self, gid):
        """(left, top, right, bottom) of the biggest box of a group."""
        xs, ys = zip(*max(self.paths(gid), key=len), strict=True)
        return min(xs), min(ys), max(xs), max(ys)


def points(data):
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", data)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def place(part):
    moved = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", part.get("transform", ""))
    return (float(moved[1]), float(moved[2])) if moved else (float(part.get("x")), float(part.get("y")))


def told(scene):
    """(gid, event) of every event that a sequence draws."""
    return [(f"e{number}-{index}", event) for number, step in enumerate(scene.steps, 1)
            for index, event in enumerate(step.events)]


def lifelines(drawn):
    """actor -> x, found by the title in its head."""
    return {actor.name: drawn.at(actor.title.split("\n")[0])[0] for actor in drawn.scene.actors}


THREE = Sequence("talk", "谈话", (A, B, C), (
    Step("一", Message("a", "b", "去")), Step("二", Message("b", "a", "回")), Step("三", Message("a", "c", "远")),
    Step("四", Block("b"), Message("c", "b", "叫"), Message("b", "c", "丢", lost=True)),
    Step("五", Enter("a"), Call("c", "事")), Step("六", Call("c", "事"), Leave("a")),
))


@pytest.mark.parametrize("scene", [*(SCENES[name] for name in SEQUENCES), THREE], ids=lambda scene: scene.name)
def test_an_arrow_leaves_its_source_and_points_at_its_target(scene):
    drawn = Drawn(scene)
    x, last = lifelines(drawn), 0
    assert sorted(x.values()) == [x[actor.name] for actor in scene.actors]
    for gid, event in told(scene):
        if not isinstance(event, Message):
            continue
        start, end = drawn.paths(gid)[0]
        assert abs(start[0] - x[event.source]) <= 7 and start[1] < end[1], "time runs downwards"
        assert start[1] >= last, "later arrows stand lower"
        last = start[1]
        assert drawn.words(gid) == event.label
        if event.lost:
            middle = (x[event.source] + x[event.target]) / 2
            assert abs(end[0] - middle) < abs(x[event.target] - x[event.source]) / 4, "a lost one ends on the way"
        else:
            base, tip = drawn.head(gid)
            assert tip == end and abs(tip[0] - x[event.target]) <= 7
            assert abs(base[0] - x[event.source]) < abs(tip[0] - x[event.source]) and base[1] < tip[1]
        (label, *_), side = drawn.texts(gid), sorted((start[0], end[0]))
        assert side[0] - 60 < place(label)[0] < side[1] + 60


@pytest.mark.parametrize("name", SEQUENCES)
def test_what_an_actor_does_stands_on_its_lifeline_in_order(name):
    drawn = Drawn(SCENES[name])
    x, low = lifelines(drawn), dict.fromkeys(lifelines(drawn), 0)
    for gid, event in told(SCENES[name]):
        if isinstance(event, (State, Call, Begin)):
            left, top, right, bottom = drawn.box(gid)
            assert abs((left + right) / 2 - x[event.actor]) < 1 and top >= low[event.actor]
            low[event.actor] = bottom
            assert isinstance(event, Begin) or drawn.words(gid) == event.text
        elif isinstance(event, Note):
            assert drawn.words(gid) == event.text.replace("\n", "")
        elif isinstance(event, End):
            assert abs(sum(px for path in drawn.paths(gid) for px, _ in path) / 4 - x[event.actor]) < 1


@pytest.mark.parametrize("name", SEQUENCES)
def test_each_step_shows_what_happens_in_it_and_nothing_of_the_next(name):
    frames = plan(SCENES[name]).frames
    assert [frame.caption for frame in frames] == [step.caption for step in SCENES[name].steps]
    drawn = {artist.gid for artist in plan(SCENES[name]).artists}
    for number, (frame, step) in enumerate(zip(frames, SCENES[name].steps, strict=True), 1):
        own = {f"e{number}-{index}" for index, event in enumerate(step.events)} & drawn
        shown = {gid for gid in (*frame.show, *frame.late) if gid.startswith("e")}
        assert shown == own
        flying = {f"e{number}-{index}" for index, event in enumerate(step.events) if isinstance(event, Message)}
        assert set(frame.fly) == flying
        before = True
        for index, event in enumerate(step.events):
            if f"e{number}-{index}" in own:
                assert (f"e{number}-{index}" in frame.show) == before, "what follows an arrow waits for its arrival"
            before = before and not isinstance(event, Message)


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_wait_is_drawn_from_the_call_to_the_waking(name):
    """The bars of an actor: one for each stretch of waiting or work, none beside it."""
    scene, drawn = SCENES[name], Drawn(SCENES[name])
    x = lifelines(drawn)
    bars = [drawn.box(gid) for gid in drawn.groups if gid and gid.startswith("bar")]
    assert {round((left + right) / 2) for left, _, right, _ in bars} == {
        round(x[event.actor]) for _, event in told(scene) if isinstance(event, (Block, Enter))}


def test_colours_mean_one_thing_each():
    """Amber waits, green works, red is lost, blue is on its way."""
    fills = {artist.gid: artist.shapes[0] for artist in plan(THREE).artists if artist.gid}
    bars = {(round(shape.x + 5), shape.fill) for gid, shape in fills.items() if gid.startswith("bar")}
    x = lifelines(Drawn(THREE))
    assert bars == {(round(x["a"]), "green-bar"), (round(x["b"]), "amber-bar")}
    colours = {event.lost: fills[gid].stroke for gid, event in told(THREE) if isinstance(event, Message)}
    assert colours == {False: "blue", True: "red"} and fills["e4-2"].dashed and not fills["e1-0"].dashed
    assert len(set(LIGHT.values())) == len(LIGHT)
    assert {FILLS[name][1] for name in BRIGHT} == set(BRIGHT)


def test_what_is_lost_is_drawn_with_dashes_and_what_arrives_without():
    drawn = Drawn(THREE)
    for gid, event in told(THREE):
        if isinstance(event, Message):
            dashed = ["stroke-dasharray" in path.get("style") for path in drawn.groups[gid].iter(SVG + "path")]
            assert dashed[0] == event.lost and not any(dashed[1:])


def test_the_words_on_an_arrow_run_along_it():
    """In SVG an angle counts clockwise: to the right and down is positive, to the left and down negative."""
    drawn = Drawn(THREE)
    for gid, event in told(THREE):
        if isinstance(event, Message):
            (x0, y0), (x1, y1) = drawn.paths(gid)[0]
            angle = float(re.search(r"rotate\(([-\d.]+)", drawn.texts(gid)[0].get("transform"))[1])
            assert angle == pytest.approx(math.degrees(math.atan((y1 - y0) / (x1 - x0))), abs=0.5)


CHANGES = Graph("changes", "变", (Node("a", "甲", 60, 60), Node("b", "乙", 240, 60)), (
    Edge("ab", "a", "b", "去"), Edge("ba", "b", "a", "回", bend=30)), (
    Step("一"), Step("二", Show("ba")), Step("三", Hide("ab"), Mark(("a", "ba"))), Step("四", Hide("ba"), Show("ba"))))


def test_edges_come_and_go_as_the_steps_say():
    frames = plan(CHANGES).frames
    assert [(frame.show, frame.hide) for frame in frames] == [
        ((), ()), (("edge-ba",), ()), (("mark-a", "mark-ba"), ("edge-ab",)), (("edge-ba",), ("edge-ba",))]
    assert [frame.fly for frame in frames] == [(), ("edge-ba",), (), ("edge-ba",)]
    hidden = {group.get("data-gid") for group in Drawn(CHANGES).root.iter(SVG + "g") if group.get("display") == "none"}
    assert hidden == {"edge-ab"}


def test_text_of_several_lines_is_as_wide_as_its_longest():
    assert text.extent("一二三\n一", 10) == text.extent("一\n一二三", 10) == (30, 25)
    assert text.extent("一", 10) == (10, 12.5)


SWERVES = Graph("swerve", "弯", (Node("a", "甲", 60, 60), Node("b", "乙", 240, 120), Node("c", "丙", 90, 220)), (
    Edge("ab", "a", "b", "去", bend=20), Edge("ba", "b", "a", "回", bend=20), Edge("bc", "b", "c", "下", bend=-15),
    Edge("ca", "c", "a", "上"),
), (Step("一"),))


@pytest.mark.parametrize("scene", [*(SCENES[name] for name in GRAPHS), SWERVES], ids=lambda scene: scene.name)
def test_an_edge_leaves_its_source_and_its_head_touches_its_target(scene):
    drawn = Drawn(scene)
    middles = {node.name: (node.x, node.y) for node in scene.nodes}
    for edge in scene.edges:
        gid = f"edge-{edge.name}"
        start, _, end = drawn.paths(gid)[0]
        base, tip = drawn.head(gid)
        assert tip == end
        for point, node in ((start, edge.source), (tip, edge.target)):
            left, top, right, bottom = drawn.box(f"node-{node}")
            assert left - 4 <= point[0] <= right + 4 and top - 4 <= point[1] <= bottom + 4
            inside = left + 1 < point[0] < right - 1 and top + 1 < point[1] < bottom - 1
            assert not inside, "it ends on the border"
        assert distance(base, middles[edge.target]) > distance(tip, middles[edge.target])
        assert drawn.words(gid) == edge.label.replace("\n", "")
        side = signed(middles[edge.source], middles[edge.target], place(drawn.texts(gid)[0]))
        assert side == 0 or (side > 0) == (edge.bend >= 0), "the label stands on the side to which the edge swerves"


def distance(one, other):
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


def signed(start, end, point):
    """Positive where the point lies to the left of the way from start to end, seen by who walks it (y downwards)."""
    return round((end[1] - start[1]) * (point[0] - start[0]) - (end[0] - start[0]) * (point[1] - start[1]))


@pytest.mark.parametrize("name", GRAPHS)
def test_a_token_arrives_at_the_target_of_its_edge(name):
    scene = SCENES[name]
    drawn, edges = plan(scene), {f"edge-{edge.name}": edge for edge in scene.edges}
    middles = {node.name: (node.x, node.y) for node in scene.nodes}
    for frame in drawn.frames:
        for _, gid, x, y in frame.moves:
            assert distance((x, y), middles[edges[gid].target]) < 25
    if drawn.drive:
        assert [(gid, start, end) for gid, start, end, _ in drawn.drive["edges"]] == [
            (gid, edge.source, edge.target) for gid, edge in edges.items()]


@pytest.mark.parametrize("name", STILLS)
def test_a_line_joins_the_boxes_that_correspond(name):
    scene, drawn = SCENES[name], Drawn(SCENES[name])
    boxes = {box.name: drawn.box(f"box-{box.name}") for column in scene.columns for box in column.boxes}
    lines = {path for path in map(tuple, map(points, (path.get("d") for path in drawn.root.iter(SVG + "path"))))
             if len(path) == 2}
    for link in scene.links:
        (_, top, right, bottom), (left, high, _, low) = boxes[link.left], boxes[link.right]
        assert any(abs(a[0] - right) < 1 and top < a[1] < bottom and abs(b[0] - left) < 1 and high < b[1] < low
                   for a, b in lines), link
    assert len(lines) == len(scene.links)
    for column in scene.columns:
        tops = [boxes[box.name][1] for box in column.boxes]
        assert tops == sorted(tops)
        heights = {round((boxes[box.name][3] - boxes[box.name][1] + 4) / box.rows) for box in column.boxes}
        assert heights == {round(scene.row)}


@pytest.mark.parametrize("name", STILLS)
def test_columns_fill_the_picture_as_wide_as_their_shares(name):
    scene, drawn = SCENES[name], Drawn(SCENES[name])
    sides = [{drawn.box(f"box-{box.name}")[0::2] for box in column.boxes} for column in scene.columns]
    columns = [side for each in sides for side in each]
    assert len(columns) == len(scene.columns), "the boxes of a column stand under each other"
    assert columns[0][0] < 10 and abs(drawn.plan.width - columns[-1][1] - columns[0][0]) < 1
    gaps = {round(right[0] - left[1]) for left, right in pairwise(columns)}
    assert len(gaps) <= 1 and all(gap > 3 for gap in gaps)
    assert len({round((right - left) / column.width) for (left, right), column in
                zip(columns, scene.columns, strict=True)}) == 1


def test_a_picture_is_as_high_as_its_highest_column():
    for columns in ((3, 1), (1, 3)):
        scene = Layers("high", "高", tuple(
            Column(f"{at}", tuple(Box(f"{at}-{row}", "盒", rows=2) for row in range(count)))
            for at, count in enumerate(columns)), notes=("注",))
        drawn = Drawn(scene)
        bottoms = [drawn.box(f"box-{at}-{count - 1}")[3] for at, count in enumerate(columns)]
        assert max(bottoms) < drawn.at("注")[1] < drawn.plan.height


def test_a_packet_goes_down_to_the_right_and_carries_its_parts_from_front_to_back():
    scene = next(scene for scene in SCENES.values() if isinstance(scene, Journey))
    drawn, titles = Drawn(scene), {part.name: part.title for part in scene.parts}
    spots = []
    for number, stop in enumerate(scene.steps, 1):
        texts = drawn.texts(f"stop{number}")
        assert [part.text for part in sorted(texts, key=lambda part: place(part)[0])] == [
            titles[name] for name in stop.parts]
        spots.append(drawn.paths(f"stop{number}")[0][0])
    depth = [scene.layers.index(stop.layer) for stop in scene.steps]
    assert [round((x - spots[0][0]) / 28) for x, _ in spots] == [one - depth[0] for one in depth]
    assert [y for _, y in spots] == sorted(y for _, y in spots)
    assert [move[2:] for frame in drawn.plan.frames for move in frame.moves] == [
        tuple(disc) for disc in centres(drawn.plan)[1:]]


def test_each_station_of_a_journey_ends_in_a_line_across_the_picture():
    scene = next(scene for scene in SCENES.values() if isinstance(scene, Journey))
    drawn, stops = Drawn(scene), [y for _, y in centres(plan(scene))]
    lines = [line for line in map(points, (path.get("d") for path in drawn.root.iter(SVG + "path"))) if len(line) == 2]
    across = [(left, right) for left, right in lines if right[0] - left[0] > drawn.plan.width / 2]
    assert all(left[1] == right[1] and left[0] < 10 and drawn.plan.width - right[0] < 10 for left, right in across)
    under = [max(number for number, y in enumerate(stops) if y < left[1]) for left, _ in across]
    stations = [stop.station for stop in scene.steps]
    assert under == [number for number, (one, after) in enumerate(pairwise([*stations, None])) if one != after]


def test_a_packet_travels_from_stop_to_stop():
    scene = next(scene for scene in SCENES.values() if isinstance(scene, Journey))
    drawn, spots = Drawn(scene), centres(plan(scene))
    assert drawn.plan.home == {"packet": spots[0]}
    for number in range(2, len(spots) + 1):
        start, end = drawn.paths(f"way{number}")[0]
        assert distance(start, spots[number - 2]) < 0.1 and distance(end, spots[number - 1]) < 0.1


def centres(drawn):
    return [(artist.shapes[0].x, artist.shapes[0].y) for artist in drawn.artists if artist.gid.startswith("stop")]


def test_a_picture_is_called_what_its_scene_is_called():
    others = [Timeline("t", "时间", (("甲", ((0, 1, "R"),)),)), Bars("b", "数", (("组", (("一", 2.0),)),))]
    drawn = [*others, *(scene for scene in SCENES.values() if not isinstance(scene, Table))]
    assert not [scene.name for scene in drawn if plan(scene).title != scene.title]


def test_a_lane_is_as_long_as_it_lasted():
    scene = Timeline("t", "时间", (("甲", ((0, 1, "R"), (1, 4, "S"))), ("乙", ((2, 4, "S"),))))
    boxes = [shape for artist in plan(scene).artists for shape in artist.shapes if getattr(shape, "height", 0) == 22]
    first, second, third = boxes
    assert round(second.width / first.width, 2) == 3 and round(third.width / first.width, 2) == 2
    assert round(second.x, 1) == round(first.x + first.width, 1) and third.x > second.x and third.y > second.y
    assert second.fill == third.fill != first.fill, "a state has one colour"
    assert 0 < first.x < 10 and round(second.x + second.width + first.x) == round(plan(scene).width)


def test_a_legend_of_many_states_stays_in_the_picture():
    states = ["ESTABLISHED", "SYN_SENT", "FIN_WAIT1", "FIN_WAIT2", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT"]
    scene = Timeline("t", "时间", (("甲", tuple((at, at + 1, state) for at, state in enumerate(states))),))
    drawn = plan(scene)
    legend = [shapes for artist in drawn.artists if getattr((shapes := artist.shapes)[0], "height", 0) == 13]
    assert [words.text for _, words in legend] == states
    for box, words in legend:
        assert box.x + box.width < words.x and words.x + text.width(words.text, words.size) <= drawn.width
        assert box.y + box.height <= drawn.height
    for (_, words), (box, _) in pairwise(legend):
        end = words.x + text.width(words.text, words.size)
        assert box.y > words.y or end < box.x, "they do not overlap"
        assert box.y < words.y or end + 30 + text.width("LAST_ACK", words.size) > drawn.width, "no row ends early"


def test_a_bar_is_as_long_as_its_number():
    scene = Bars("b", "数", (("组", (("一", 2.0), ("二", 6.0))), ("另", (("一", 4.0), ("二", 0.0)))))
    bars = [shape for artist in plan(scene).artists for shape in artist.shapes if getattr(shape, "height", 0) == 14]
    assert [round(bar.width / bars[0].width, 2) for bar in bars[:3]] == [1, 3, 2] and bars[3].width == 1
    assert bars[0].fill == bars[2].fill != bars[1].fill == bars[3].fill
    names = {part.text: place(part)[0] for part in Drawn(scene).texts()}
    assert names["一"] < bars[0].x < 60 and plan(scene).width - 80 < names["6 s"] < plan(scene).width - 30
    numbers = [part.text for part in Drawn(scene).texts() if part.text.endswith(" s")]
    assert numbers == ["2 s", "6 s", "4 s", "0 s"]


@pytest.mark.parametrize("name", SEQUENCES)
def test_what_blocks_is_drawn_at_the_step_that_says_so(name):
    """And so is what begins to work: a bar of its actor comes in the very step, long enough to be seen."""
    scene, drawn = SCENES[name], plan(SCENES[name])
    bars = {artist.gid: artist.shapes[0] for artist in drawn.artists if artist.gid.startswith("bar")}
    x = lifelines(Drawn(scene))
    for step, frame in zip(scene.steps, drawn.frames, strict=True):
        begun = {event.actor for event in step.events if isinstance(event, (Block, Enter))}
        for actor in begun:
            tall = [bars[gid].height for gid in frame.show if gid in bars and abs(bars[gid].x + 5 - x[actor]) < 1]
            assert sum(tall) >= 12, f"{step.caption} shows no bar of {actor}"
