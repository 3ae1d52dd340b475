"""The nouns of a lab: hints, scenarios, stages, and the failure that a scenario ends with."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Hint:
    """What a failure teaches. page: of the book, without suffix, perhaps with #anchor; more: the second hint.

    {about} in the text stands for what Failed.about says, such as the character that was cut.
    """

    text: str
    page: str
    more: str = ""


@dataclass(frozen=True)
class Scenario:
    """attack(scene) does what a client may do and raises Failed; hint: the name of the hint if it names none.

    fresh: it needs a program that nobody has spoken to. excess: the name of the hint where the program had to be ended,
    because it took so much of the machine.
    """

    name: str
    title: str
    attack: Callable
    hint: str
    fresh: bool
    excess: str


@dataclass
class Stage:
    """Scenarios that one run of the program must survive, one after the other.

    arguments: what the command gets beside --port, in which {folder} is an empty folder of the judge's.
    serves: the program is a server that is started with --port; else each scenario starts it with scene.run().
    """

    title: str
    stars: int
    arguments: tuple[str, ...] = ()
    serves: bool = True
    scenarios: list[Scenario] = field(default_factory=list)

    def scenario(self, title, hint, fresh=False, excess="excess"):
        """Decorator of an attack; the arguments are those of Scenario."""

        def add(attack):
            self.scenarios.append(Scenario(attack.__name__, title, attack, hint, fresh, excess))
            return attack

        return add


@dataclass
class Lab:
    """name: for the command; page: of the book; hints: name -> Hint; served: whether the program is a server."""

    name: str
    title: str
    hints: dict[str, Hint]
    stages: list[Stage] = field(default_factory=list)

    @property
    def page(self):
        return f"labs/{self.name}"

    def stage(self, title, stars, *arguments, serves=True):
        """Begin the next stage."""
        self.stages.append(Stage(title, stars, arguments, serves))
        return self.stages[-1]


@dataclass(frozen=True)
class Bars:
    """What a scenario measured, the program beside others. rows: (name, value in `unit`) pairs, the program's first."""

    title: str
    unit: str
    rows: tuple[tuple[str, float], ...]


class Failed(Exception):
    """expected, came: in words; hint: the name of a hint of the lab, None: that of the scenario; about: see Hint."""

    def __init__(self, expected, came, hint=None, about=""):
        super().__init__(f"{expected} / {came}")
        self.expected, self.came, self.hint, self.about = expected, came, hint, about
