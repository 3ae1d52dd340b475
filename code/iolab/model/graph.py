"""Nodes, edges and the tokens that travel along them: state models and wait-for graphs."""

from dataclasses import dataclass

from iolab.model.check import known, require, timeline, unique
from iolab.model.step import Code


@dataclass(frozen=True)
class Node:
    """A box whose middle is at (x, y) in picture units; kinds are `state`, `process` and `resource`."""

    name: str
    title: str
    x: float
    y: float
    kind: str = "state"


@dataclass(frozen=True)
class Edge:
    """An arrow from node to node. `bend` is how far its middle swerves to the left of the way (negative: right)."""

    name: str
    source: str
    target: str
    label: str
    bend: float = 0


@dataclass(frozen=True)
class Token:
    """Something that is always at one node, at first at `at`."""

    name: str
    title: str
    at: str


@dataclass(frozen=True)
class Move:
    """The token travels along the edge."""

    token: str
    edge: str


@dataclass(frozen=True)
class Show:
    """The edge, absent so far, comes into being."""

    edge: str


@dataclass(frozen=True)
class Hide:
    """The edge ceases to be."""

    edge: str


@dataclass(frozen=True)
class Mark:
    """These nodes and edges stand out from now on."""

    names: tuple[str, ...]


EVENTS = (Move, Show, Hide, Mark)


@dataclass(frozen=True)
class Graph:
    """A picture of nodes and edges. With `drivable`, readers may move its one token by hand.

    Raises SceneError if it contradicts itself.
    """

    name: str
    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    steps: tuple
    tokens: tuple[Token, ...] = ()
    drivable: bool = False
    code: Code | None = None

    def __post_init__(self):
        nodes, edges = [node.name for node in self.nodes], [edge.name for edge in self.edges]
        require(nodes, self, "there are no nodes")
        unique(self, "nodes or edges", nodes + edges)
        unique(self, "tokens", [token.name for token in self.tokens])
        for edge in self.edges:
            for end in (edge.source, edge.target):
                known(self, "node", end, nodes)
        for token in self.tokens:
            known(self, "node", token.at, nodes)
        timeline(self, self.steps, EVENTS)
        require(not self.drivable or len(self.tokens) == 1, self,
                f"a drivable graph has one token, this one has {len(self.tokens)}")
        self._play(nodes, {edge.name: edge for edge in self.edges})

    def _play(self, nodes, edges):
        at = {token.name: token.at for token in self.tokens}
        events = [event for step in self.steps for event in step.events]
        absent = {event.edge for event in events if isinstance(event, Show)}
        require(not (self.drivable and absent), self, f"a drivable graph shows all its edges, {absent} come later")
        for event in events:
            match event:
                case Move(token, edge):
                    known(self, "token", token, at)
                    known(self, "transition", edge, edges)
                    require(edge not in absent, self, f"{event!r}: that edge is not there")
                    require(at[token] == edges[edge].source, self,
                            f"{event!r} leaves {edges[edge].source!r}, but the token is at {at[token]!r}")
                    at[token] = edges[edge].target
                case Show(edge):
                    known(self, "edge", edge, edges)
                    require(edge in absent, self, f"{event!r}: that edge is there already")
                    absent.discard(edge)
                case Hide(edge):
                    known(self, "edge", edge, edges)
                    require(edge not in absent, self, f"{event!r}: that edge is not there")
                    absent.add(edge)
                case Mark(names):
                    for name in names:
                        known(self, "node or edge", name, [*nodes, *edges])
                        require(name not in absent, self, f"{event!r}: edge {name!r} is not there")
