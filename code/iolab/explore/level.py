"""A level: a program with a mistake in it, what its reader shall bring about, and the program without the mistake."""

from dataclasses import dataclass
from functools import cached_property

from iolab.explore.graph import explore
from iolab.explore.machine import Machine
from iolab.explore.program import Program


@dataclass(frozen=True)
class Goal:
    """What must not happen: `text` tells it (str), happened(view, stuck) tests what a system shows of a state (a View
    of a Machine), stuck being whether nothing can move. See ends_with, ever and stuck.
    """

    text: str
    happened: object


def ends_with(text, test):
    """A Goal at the end of a run, when everything that can move has moved: test(view)."""
    return Goal(text, lambda view, stuck: stuck and not view.waiting and bool(test(view)))


def ever(text, test):
    """A Goal that counts as soon as it is so, in the middle of a run too: test(view)."""
    return Goal(text, lambda view, stuck: bool(test(view)))


def stuck(text="谁也走不动了：死锁"):
    """The Goal that somebody has not ended and nobody can move."""
    return Goal(text, lambda view, stuck: stuck and bool(view.waiting))


@dataclass(frozen=True)
class Variant:
    """One system of a level. title (str): what it does; goals: what may happen in it or must not.

    system: a Machine or another that graph.py explores, which shows readers a state (view) and goals too (observe).
    """

    title: str
    system: object
    goals: tuple

    @cached_property
    def graph(self):
        return explore(self.system.start, self.system.moves,
                       lambda state, stuck: any(self._happened(goal, state, stuck) for goal in self.goals))

    def _happened(self, goal, state, stuck):
        return goal.happened(self.system.observe(state), stuck)

    def goal_of(self, number):
        """The text of the first goal that a state of the graph fulfils, "" if none."""
        state, over = self.graph.states[number], not self.graph.edges[number]
        return next((goal.text for goal in self.goals if self._happened(goal, state, over)), "")


@dataclass(frozen=True)
class Level:
    """title and task (str): what readers shall bring about; broken: a Variant where it can happen; cured: one or more
    where it cannot. why (str) is shown when it is solved.
    """

    name: str
    title: str
    task: str
    why: str
    broken: Variant
    cured: tuple

    @property
    def variants(self):
        return self.broken, *self.cured


def level(*, title, task, why, broken, cured, goals, name=""):
    """A Level of a Program (or a system) `broken`, and of `cured`, {title: Program}; all have the same goals."""
    goals = tuple(goals)

    def variant(title, given):
        return Variant(title, Machine(given) if isinstance(given, Program) else given, goals)

    return Level(name, title, task, why, variant("有毛病的", broken),
                 tuple(variant(title, given) for title, given in cured.items()))
