"""A level: a program with a mistake in it, what its reader shall bring about, and the program without the mistake."""

from dataclasses import dataclass
from functools import cached_property

from iolab.explore import kernel
from iolab.explore.graph import explore
from iolab.explore.machine import DIED, Machine


class LevelError(ValueError):
    """A level that contradicts itself."""


@dataclass(frozen=True)
class Goal:
    """What must not happen: `text` tells it (str), happened(view, stuck) tests a View. See `ends_with`, `stuck`."""

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


class View:
    """What a goal may ask of a state: the program's variables are its attributes (of the first process)."""

    def __init__(self, world, machine):
        self.world, self.machine = world, machine

    def __getattr__(self, name):
        memory = self.world.processes[kernel.FIRST].memory
        if name not in memory:
            raise AttributeError(f"程序里没有变量 {name}，有 {'、'.join(memory)}")
        return memory[name]

    @property
    def waiting(self):
        """The names of those that have not ended."""
        return [actor.name for actor in self.world.actors if not actor.end]

    @property
    def printed(self):
        return "".join(self.world.out)

    def died(self, *errors):
        """Those that ended with one of these exceptions, or with any."""
        ends = [f"{DIED} {error}" for error in errors]
        return [actor.name for actor in self.world.actors if actor.end in ends or not ends and actor.end[:2] == DIED]

    def before(self, words):
        """The names of those whose next line contains these words."""
        return [actor.name for actor in self.world.actors if not actor.end and not actor.parked
                and words in self.machine.label(actor)]

    def process(self, name):
        """The kernel.Process of an actor; None before it was forked."""
        for actor in self.world.actors:
            if actor.name == name:
                return self.world.processes[actor.process]
        return None


@dataclass(frozen=True)
class Variant:
    """One program of a level. title (str): what it does; goals: what may happen in it or must not."""

    title: str
    program: object
    goals: tuple

    @cached_property
    def machine(self):
        return Machine(self.program)

    @cached_property
    def graph(self):
        machine = self.machine
        return explore(machine.start, machine.moves,
                       lambda state, stuck: any(g.happened(View(state.world(), machine), stuck) for g in self.goals))

    def goal_of(self, number):
        """The text of the first goal that a state of the graph fulfils, "" if none."""
        view, over = View(self.graph.states[number].world(), self.machine), not self.graph.edges[number]
        return next((goal.text for goal in self.goals if goal.happened(view, over)), "")


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
    """A Level of a dict or one Program `broken`, and of `cured`, {title: Program}; all have the same goals."""
    goals = tuple(goals)
    return Level(name, title, task, why, Variant("有毛病的", broken, goals),
                 tuple(Variant(title, program, goals) for title, program in cured.items()))
