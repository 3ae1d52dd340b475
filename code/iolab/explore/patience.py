"""Starvation: somebody waits while the others come and go, and what it waits for is never free in between.

That is a cycle of states in which the others move and the one that waits never can. A cycle is no state, so this system
counts what closes it: which of the others have come past a line once more since that one waits without a break.
"""

from iolab.explore.graph import Move
from iolab.explore.machine import Machine, State, View


class Watched(Machine):
    """The system of a Program in which `victim` (an actor) may starve; `again` (str) is the line that others come past.

    Its states know `passed`, the names of those that have; it is empty whenever the victim can move. Goals see it too.
    """

    def __init__(self, program, victim, again):
        self.victim, self.again = victim, again
        self.waits = {}
        super().__init__(program)
        self.start = Waiting(self.start, frozenset())

    def _moves(self, state):
        for move in super()._moves(state):
            passed = frozenset()
            if self._waits(move.after):
                passed = state.passed | ({move.actor} if self.again == move.label else frozenset())
            yield Move(move.actor, move.label, Waiting(move.after, passed), move.key)

    def _waits(self, state):
        """Whether the victim is there and cannot take its next step."""
        if state.key not in self.waits:
            ended = state.world().actor(self.victim).end
            self.waits[state.key] = not ended and isinstance(self._attempt(state, self.victim), str)
        return self.waits[state.key]

    def observe(self, state):
        view = View(state.world(), self)
        view.passed = state.passed
        return view

    def view(self, state):
        told = super().view(state)
        passed = [name for name in self.program.actors if name in state.passed]
        told["values"][f"{self.victim}等着，又进去的"] = "、".join(passed) or "（没有）"
        return told


class Waiting(State):
    """A State, and who has come past the line while the victim waited."""

    def __init__(self, state, passed):
        self.pickle, self.key, self.passed = state.pickle, (state.key, passed), passed
