"""A thing with buttons: every state that pressing them can reach is found when the scene is made."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

from iolab.model.board import Board, View, viewed
from iolab.model.check import known, require, unique
from iolab.model.step import Code

MANY = 400


@dataclass(frozen=True)
class Button:
    """What readers may press; `at` are the lines of code that it stands for."""

    name: str
    label: str
    at: tuple[int, ...] = ()


@dataclass(frozen=True)
class Went:
    """Where a button leads: the next state, what is said of it, the ways that something takes meanwhile."""

    state: Hashable
    caption: str
    ways: tuple[str, ...] = ()


@dataclass(frozen=True)
class Machine:
    """A picture that readers drive. Raises SceneError if it contradicts itself or has too many states.

    press(state, button name) is the rule: a Went, or a text that says why the button cannot be pressed now.
    look(state) is what the cells of the board hold then, as in a View. `story` are the buttons that are pressed in the
    numbered steps, after the `opening`. legend: (colour, what it says in this picture).
    """

    name: str
    title: str
    board: Board
    buttons: tuple[Button, ...]
    start: Hashable
    opening: str
    press: Callable
    look: Callable
    story: tuple[str, ...]
    legend: tuple[tuple[str, str], ...] = ()
    code: Code | None = None
    states: tuple = field(init=False, repr=False)   # all that can be reached, the first one first
    moves: tuple = field(init=False, repr=False)    # for each state {button name: Went or text}
    steps: tuple = field(init=False, repr=False)    # the story as views

    def __post_init__(self):
        unique(self, "buttons", [button.name for button in self.buttons])
        moves = self._explored()
        object.__setattr__(self, "states", tuple(moves))
        object.__setattr__(self, "moves", tuple(moves.values()))
        views = [View(self.opening, self.look(self.start))]
        state, at = self.start, {button.name: button.at for button in self.buttons}
        for name in self.story:
            known(self, "button", name, at)
            went = moves[state][name]
            require(isinstance(went, Went), self, f"the story presses {name!r}, but: {went}")
            views.append(View(went.caption, self.look(went.state), went.ways, at[name]))
            state = went.state
        object.__setattr__(self, "steps", tuple(views))
        viewed(self, [*views, *self.views()])
        for went in (went for ways in moves.values() for went in ways.values() if not isinstance(went, Went)):
            require(went.strip(), self, "a button cannot be pressed, and nothing says why")

    def _explored(self):
        found, left = {}, [self.start]
        while left:
            state = left.pop(0)
            if state in found:
                continue
            found[state] = {button.name: self.press(state, button.name) for button in self.buttons}
            require(len(found) <= MANY, self, f"more than {MANY} states can be reached")
            left += [went.state for went in found[state].values() if isinstance(went, Went)]
        return found

    def views(self):
        """What each press shows that can be made, state by state in the order of `moves`."""
        at = {button.name: button.at for button in self.buttons}
        return [View(went.caption, self.look(went.state), went.ways, at[name])
                for ways in self.moves for name, went in ways.items() if isinstance(went, Went)]

    def after(self, *names):
        """The state after pressing these buttons one after the other. Raises ValueError where one cannot be pressed."""
        state = self.start
        for name in names:
            went = self.press(state, name)
            if not isinstance(went, Went):
                raise ValueError(f"{name}: {went}")
            state = went.state
        return state
