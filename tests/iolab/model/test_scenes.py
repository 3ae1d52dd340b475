"""Every wrong scene is refused when it is built, with a message that names what is wrong."""

import dataclasses

import pytest

from iolab.model import (
    Actor,
    Bars,
    Begin,
    Block,
    Box,
    Column,
    Edge,
    End,
    Enter,
    Graph,
    Hide,
    Journey,
    Layers,
    Leave,
    Link,
    Mark,
    Message,
    Move,
    Node,
    Note,
    Part,
    SceneError,
    Sequence,
    Show,
    State,
    Step,
    Stop,
    Table,
    Timeline,
    Token,
    Wake,
)

A, B = Actor("a", "甲"), Actor("b", "乙")


def sequence(*events, actors=(A, B)):
    return Sequence("talk", "谈话", actors, (Step("一步", *events),))


@pytest.mark.parametrize(("events", "message"), [
    ([Message("a", "c", "SYN")], "no actor 'c'; there are 'a', 'b'"),
    ([State("x", "LISTEN")], "no actor 'x'"),
    ([Note(("a", "z"), "…")], "no actor 'z'"),
    ([Note((), "…")], "beside no actor"),
    ([Message("a", "a", "SYN")], "its own sender"),
    ([Wake("a")], "Wake(actor='a') without a Block before it"),
    ([Enter("a"), Wake("a")], "without a Block"),
    ([Block("a"), Leave("a")], "without a Enter"),
    ([Block("a"), Block("a")], "while Block(actor='a') lasts"),
    ([State("b", "X"), Begin("b")], "before 'b' begins"),
    ([Begin("b"), Begin("b")], "'b' begins twice"),
    ([End("a"), State("a", "X")], "after 'a' has ended"),
    ([Block("a"), End("a")], "'a' ends inside"),
    ([Move("p", "e")], "is none of State, Call, Message"),
])
def test_wrong_events_of_a_sequence(events, message):
    with pytest.raises(SceneError) as error:
        sequence(*events)
    assert message in str(error.value)
    assert "'talk'" in str(error.value)


def test_other_wrong_sequences():
    with pytest.raises(SceneError, match="two actors are called 'a'"):
        sequence(actors=(A, A))
    with pytest.raises(SceneError, match="no actors"):
        sequence(actors=())
    with pytest.raises(SceneError, match="timeline is empty"):
        Sequence("talk", "谈话", (A,), ())
    with pytest.raises(SceneError, match="step 1 has no caption"):
        Sequence("talk", "谈话", (A,), (Step(" "),))


NODES = (Node("ready", "就绪", 50, 50), Node("running", "运行", 200, 50))
EDGES = (Edge("dispatch", "ready", "running", "调度"), Edge("preempt", "running", "ready", "时间片用完"))
P = Token("p", "P", "ready")


def graph(*events, nodes=NODES, edges=EDGES, tokens=(P,), drivable=False):
    return Graph("model", "模型", nodes, edges, (Step("一步", *events),), tokens, drivable)


@pytest.mark.parametrize(("events", "message"), [
    ([Move("p", "wake")], "no transition 'wake'; there are 'dispatch', 'preempt'"),
    ([Move("q", "dispatch")], "no token 'q'"),
    ([Move("p", "preempt")], "leaves 'running', but the token is at 'ready'"),
    ([Move("p", "dispatch"), Move("p", "dispatch")], "leaves 'ready', but the token is at 'running'"),
    ([Show("dispatch"), Show("dispatch")], "there already"),
    ([Hide("dispatch"), Hide("dispatch")], "not there"),
    ([Move("p", "dispatch"), Show("dispatch")], "not there"),
    ([Mark(("nowhere",))], "no node or edge 'nowhere'"),
    ([Mark(("dispatch",)), Show("dispatch")], "edge 'dispatch' is not there"),
    ([State("p", "R")], "is none of Move, Show, Hide, Mark"),
])
def test_wrong_events_of_a_graph(events, message):
    with pytest.raises(SceneError) as error:
        graph(*events)
    assert message in str(error.value)


@pytest.mark.parametrize(("change", "message"), [
    ({"nodes": (*NODES, NODES[0])}, "two nodes or edges are called 'ready'"),
    ({"edges": (Edge("exit", "running", "gone", "退出"),)}, "no node 'gone'"),
    ({"tokens": (dataclasses.replace(P, at="gone"),)}, "no node 'gone'"),
    ({"tokens": (P, P)}, "two tokens are called 'p'"),
    ({"tokens": (), "drivable": True}, "a drivable graph has one token, this one has 0"),
    ({"nodes": (), "edges": (), "tokens": ()}, "no nodes"),
])
def test_other_wrong_graphs(change, message):
    with pytest.raises(SceneError, match=message):
        graph(**change)


def test_a_drivable_graph_shows_all_its_transitions():
    with pytest.raises(SceneError, match="come later"):
        graph(Show("preempt"), drivable=True)


def test_wrong_layers():
    left, right = Column("左", (Box("a", "甲"),)), Column("右", (Box("b", "乙"), Box("c", "丙")))
    Layers("map", "图", (left, right), (Link("a", "b"),))
    for columns, links, message in [
        ((left, right), (Link("a", "x"),), "no box 'x'"),
        ((left, right), (Link("b", "a"),), "does not go from a column to the next"),
        ((left, right), (Link("a", "b"), Link("a", "b")), "two links"),
        ((left, left), (), "two boxes are called 'a'"),
        ((Column("空", ()),), (), "no boxes"),
        ((Column("色", (Box("a", "甲", colour="pink"),)),), (), "no colour 'pink'"),
        ((Column("高", (Box("a", "甲", rows=0),)),), (), "spans no rows"),
    ]:
        with pytest.raises(SceneError, match=message):
            Layers("map", "图", columns, links)


def test_wrong_journeys():
    def journey(*stops):
        return Journey("way", "路", ("应用", "传输", "网络"), (Part("m", "消息"), Part("h", "首部")), stops)

    journey(Stop("一", "甲", "应用", ("m",)), Stop("二", "甲", "传输", ("h", "m")))
    for stops, message in [
        ((), "timeline is empty"),
        ((Stop("一", "甲", "会话", ("m",)),), "no layer '会话'"),
        ((Stop("一", "甲", "应用", ("x",)),), "no part 'x'"),
        ((Stop("一", "甲", "应用", ()),), "step 1 carries nothing"),
        ((Stop("一", "甲", "应用", ("m", "m")),), "two parts of step 1"),
        ((Stop("一", "甲", "应用", ("m",)), Stop("二", "甲", "网络", ("m",))), "step 2 skips a layer of '甲'"),
        ((Stop("一", "甲", "应用", ("m",)), Stop("二", "乙", "应用", ("m",))), "only through '网络'"),
    ]:
        with pytest.raises(SceneError, match=message):
            journey(*stops)
    stops = (Stop("一", "甲", "应用", ("m",)),)
    for layers, parts, message in [
        (("应用", "传输", "应用"), (Part("m", "消息"),), "two layers are called '应用'"),
        (("应用",), (Part("m", "消息"), Part("m", "首部")), "two parts are called 'm'"),
        (("应用",), (Part("m", "消息", "pink"),), "no colour 'pink'"),
        (("应用",), (Part("m", "消息"),), "step 1 has no caption"),
    ]:
        with pytest.raises(SceneError, match=message):
            Journey("way", "路", layers, parts, (Stop(" ", "甲", "应用", ("m",)),) if "caption" in message else stops)


def test_wrong_tables_and_timelines():
    for arguments, message in [
        (((), (("1",),)), "header is empty"), ((("a",), ()), "no rows"),
        ((("a", "b"), (("1",),)), "has 1 cells, the header has 2"),
    ]:
        with pytest.raises(SceneError, match=message):
            Table("t", "表", *arguments)
    for column in (3, 1, -1):
        with pytest.raises(SceneError, match=f"no column {column}"):
            Table("t", "表", ("a",), (("1",),), code=(column,))
    Table("t", "表", ("a", "b"), (("1", "2"),), code=(0, 1))
    for lanes, message in [
        ((), "no lanes"), ((("甲", ()),), "no lane has an interval"),
        ((("甲", ((0, 1, "R"),)), ("甲", ())), "two lanes are called '甲'"),
        ((("甲", ((1, 1, "R"),)),), "starts at 1 s and ends at 1 s"),
        ((("甲", ((0, 2, "R"), (1, 3, "S"))),), "starts at 1 s, before 2 s"),
        ((("甲", ((0, 2, " "),)),), "has no state"),
    ]:
        with pytest.raises(SceneError, match=message):
            Timeline("t", "时间", lanes)


def test_wrong_bars():
    Bars("b", "数", (("组", (("一", 0.0), ("二", 2.5))),))
    for groups, message in [
        ((("组", (("一", -1.0), ("二", 2.0))),), "'一' is -1.0, a bar cannot be shorter than 0"),
        ((("组", (("一", 0.0),)),), "no bar longer than 0"),
        ((("组", ()),), "no bar longer than 0"),
        ((("组", (("一", 1.0),)), ("组", (("一", 1.0),))), "two groups are called '组'"),
        ((("组", (("一", 1.0), ("一", 2.0))),), "two bars of '组' are called '一'"),
    ]:
        with pytest.raises(SceneError, match=message):
            Bars("b", "数", groups)


def test_a_scene_keeps_what_it_was_given():
    """Nothing of a scene can be changed afterwards."""
    step = Step("一步", State("a", "X"), Wake("a"))
    assert (step.caption, step.events) == ("一步", (State("a", "X"), Wake("a")))
    for frozen in (step, A, P, NODES[0], EDGES[0], sequence(State("a", "X")), graph()):
        with pytest.raises(dataclasses.FrozenInstanceError):
            frozen.name = frozen.caption = "other"
