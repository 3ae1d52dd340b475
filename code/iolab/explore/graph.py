"""All reachable states of a system, and what can be said of its runs once they are known. Standard library only.

A system has `start`, a state, and `moves(state)`, its Moves. States are hashable; there are finitely many.
"""

from collections import deque
from dataclasses import dataclass, field
from functools import cached_property

MOST = 20_000


class TooLarge(ValueError):
    """More states than a reader could ever walk through."""


@dataclass(frozen=True)
class Move:
    """`actor` (str) does `label` (str) and `after` is the state then. `key` (str) names the move among its state's."""

    actor: str
    label: str
    after: object = field(repr=False)
    key: str = ""

    def __post_init__(self):
        if not self.key:
            object.__setattr__(self, "key", self.actor)


@dataclass(frozen=True)
class Graph:
    """states[0] is the start; edges[i] are the (Move, index of the state after it) of states[i]; bad holds indices."""

    states: list
    edges: list
    bad: frozenset

    @cached_property
    def ends(self):
        """The states that nothing follows."""
        return [number for number, edges in enumerate(self.edges) if not edges]

    @cached_property
    def order(self):
        """All states, each before those that follow it; None if there is a cycle."""
        incoming = [0] * len(self.states)
        for edges in self.edges:
            for _, after in edges:
                incoming[after] += 1
        order = [number for number, count in enumerate(incoming) if not count]
        for number in order:
            for _, after in self.edges[number]:
                incoming[after] -= 1
                if not incoming[after]:
                    order.append(after)
        return order if len(order) == len(self.states) else None

    @cached_property
    def runs(self):
        """How many ways lead from the start to an end; None if a cycle makes them infinitely many."""
        return self.order and self._counts(frozenset())[0]

    @cached_property
    def bad_runs(self):
        """How many of the runs pass through a bad state; None if there are infinitely many runs."""
        return self.order and self.runs - self._counts(self.bad)[0]

    def _counts(self, avoided):
        """For each state the number of ways from it to an end that avoid these states."""
        counts = [0] * len(self.states)
        for number in reversed(self.order):
            if number not in avoided:
                counts[number] = sum(counts[after] for _, after in self.edges[number]) if self.edges[number] else 1
        return counts

    @cached_property
    def shortest(self):
        """The Moves of a shortest way to a bad state, None if there is none; of several always the same."""
        return self.path(self.bad)

    def path(self, targets):
        """The Moves of a shortest way from the start to one of these states, None if there is none."""
        came, queue = {0: None}, deque([0])
        while queue:
            number = queue.popleft()
            if number in targets:
                return self._back(came, number)
            for move, after in self.edges[number]:
                if after not in came:
                    came[after] = number, move
                    queue.append(after)
        return None

    def _back(self, came, number):
        moves = []
        while came[number]:
            number, move = came[number]
            moves.append(move)
        return moves[::-1]

    def can_reach(self, targets):
        """The states from which one of these can be reached: a fixed point, so cycles do not matter."""
        before = [[] for _ in self.states]
        for number, edges in enumerate(self.edges):
            for _, after in edges:
                before[after].append(number)
        found, queue = set(targets), list(targets)
        for number in queue:
            for earlier in before[number]:
                if earlier not in found:
                    found.add(earlier)
                    queue.append(earlier)
        return found

    def follow(self, keys):
        """The (Move, index) pairs that a sequence of keys takes from the start. Raises KeyError for one not offered."""
        number, way = 0, []
        for place, key in enumerate(keys, 1):
            offered = {move.key: (move, after) for move, after in self.edges[number]}
            if key not in offered:
                raise KeyError(f"第 {place} 步没有 {key!r} 可走，这时能走的：{'、'.join(offered) or '没有'}")
            way.append(offered[key])
            number = offered[key][1]
        return way


def explore(start, moves, bad, most=MOST):
    """The Graph of all states that can be reached from `start`, found level by level.

    bad(state, stuck) says of a state whether what must not be has happened; stuck: whether nothing can follow.
    Raises TooLarge when there are more than `most` states.
    """
    states, index, edges = [start], {start: 0}, []
    for state in states:  # grows on the way
        edges.append([])
        for move in moves(state):
            if move.after not in index:
                if len(states) == most:
                    raise TooLarge(f"超过 {most} 个状态，读者走不完：减少线程、步数或者取值。")
                index[move.after] = len(states)
                states.append(move.after)
            edges[-1].append((move, index[move.after]))
    return Graph(states, edges, frozenset(number for number, state in enumerate(states)
                                          if bad(state, not edges[number])))
