"""Where the parts of a sequence go: actors side by side, time running downwards."""

import math

from iolab.draw import text
from iolab.draw.plan import WIDTH, Artist, Frame, Head, Line, Plan, Rect
from iolab.draw.theme import FILLS, tone
from iolab.model import Begin, Block, Call, End, Enter, Leave, Message, Note, State, Wake

TOP, HEAD, GAP, SLANT = 4, 26, 9, 24
BEGUN = 12                 # of a wait that the step begins so much can be seen in the same step
BARS = {Block: "amber-bar", Enter: "green-bar"}


def plan(scene):
    """The plan of a Sequence."""
    return _Layout(scene).plan()


class _Layout:
    def __init__(self, scene):
        self.scene = scene
        margin = 66 if len(scene.actors) == 2 else 50
        span = (WIDTH - 2 * margin) / max(1, len(scene.actors) - 1)
        self.x = {actor.name: margin + span * number for number, actor in enumerate(scene.actors)}
        self.title = {actor.name: actor.title for actor in scene.actors}
        self.head = HEAD + (13 if any("\n" in actor.title for actor in scene.actors) else 0)
        self.now = TOP + self.head + 4
        self.free = dict.fromkeys(self.x, self.now)     # above this nothing more fits on the lifeline
        self.born = dict.fromkeys(self.x, TOP + self.head)
        self.died, self.bars, self.artists, self.frames = {}, {}, [], []

    def plan(self):
        begun = {event.actor for step in self.scene.steps for event in step.events if isinstance(event, Begin)}
        heads = [Artist(self._box(name, TOP, self.title[name])) for name in self.x if name not in begun]
        for number, step in enumerate(self.scene.steps, 1):
            self._step(number, step)
        bottom = max(self.now, *self.free.values()) + 6
        lifelines = [self._lifeline(name, bottom, name in begun) for name in self.x]
        bars = [artist for artist in self.artists if artist.gid.startswith("bar")]
        rest = [artist for artist in self.artists if not artist.gid.startswith("bar")]
        return Plan(self.scene.title, bottom + 4, (*lifelines, *bars, *heads, *rest), tuple(self.frames))

    def _step(self, number, step):
        self.show, self.late, self.fly, self.hot = [], [], [], []
        self.now += GAP
        for place, event in enumerate(step.events):
            self._event(f"e{number}-{place}", event)
        for _, start in self.bars.values():
            self.now = max(self.now, start + BEGUN)
        for name, (kind, start) in self.bars.items():
            self._segment(f"bar{number}-{name}", name, kind, start, self.now)
            self.bars[name] = kind, max(start, self.now)
        self.frames.append(Frame(step.caption, tuple(self.show), (), tuple(self.late), tuple(self.fly), (),
                                 tuple(self.hot), step.at))

    def _event(self, gid, event):
        match event:
            case State(actor, words):
                self._add(gid, self._chip(actor, words))
            case Call(actor, words):
                self._add(gid, self._call(actor, words))
            case Message():
                self._message(gid, event)
            case Note(actors, words):
                self._note(gid, actors, words)
            case Block(actor) | Enter(actor):
                self.bars[actor] = type(event), max(self.now, self.free[actor])
            case Wake(actor) | Leave(actor):
                kind, start = self.bars.pop(actor)
                self.now = max(self.now, self.free[actor], start + BEGUN)
                self._segment(f"bar{gid}", actor, kind, start, self.now)
                self.free[actor] = self.now + 2
            case Begin(actor):
                self.now = max(self.now, self.free[actor])
                self._add(gid, self._box(actor, self.now, self.title[actor]))
                self._add(f"life-{actor}", None)
                self.born[actor], self.free[actor] = self.now + self.head, self.now + self.head + 4
            case End(actor):
                x, y = self.x[actor], max(self.now, self.free[actor]) + 6
                self._add(gid, _cross(x, y))
                self.now, self.died[actor], self.free[actor] = y, y, y + 8

    def _add(self, gid, shapes):
        if shapes:
            self.artists.append(Artist(shapes, gid))
            self.hot.append(gid)
        (self.late if self.fly else self.show).append(gid)

    def _segment(self, gid, actor, kind, start, end):
        if end > start:
            bar = Rect(self.x[actor] - 5, start - 0.5, 10, end - start + 0.5, BARS[kind], None)
            self.artists.append(Artist((bar,), gid))
            self.show.append(gid)

    def _place(self, actor, height):
        y = max(self.now, self.free[actor] + self._bar_gap(actor))
        self.now, self.free[actor] = y, y + height + 3
        return y

    def _bar_gap(self, actor):
        """Room in which the bar that a box will cover can be seen."""
        return 10 if actor in self.bars else 0

    def _box(self, actor, y, words):
        width = max(text.extent(words, 13)[0] + 14, 60)
        x = self.x[actor]
        return (Rect(x - width / 2, y, width, self.head, "box", "ink", 3),
                *text.lines(x, y + self.head / 2, words, 13, bold=True))

    def _chip(self, actor, words):
        width, height = text.extent(words, 11)
        x, y, height = self.x[actor], self._place(actor, height + 5), height + 5
        return (Rect(x - width / 2 - 7, y, width + 14, height, *FILLS[tone(words) or "plain"], 9),
                *text.lines(x, y + height / 2, words, 11))

    def _call(self, actor, words):
        width, height = text.extent(words, 11.5)
        x, y, height = self.x[actor], self._place(actor, height + 5), height + 5
        return (Rect(x - width / 2 - 5, y, width + 10, height, "paper", "line", 2),
                *text.lines(x, y + height / 2, words, 11.5))

    def _note(self, gid, actors, words):
        places = sorted(self.x[actor] for actor in actors)
        width, height = text.extent(words, 11)
        middle = (places[0] + places[-1]) / 2
        middle = min(max(middle, width / 2 + 10), WIDTH - width / 2 - 10)
        under = [name for name, x in self.x.items() if abs(x - middle) < width / 2 + 12 or name in actors]
        y = max(self.now, *(self.free[name] + self._bar_gap(name) for name in under))
        self.now = y
        for name in under:
            self.free[name] = y + height + 10
        self._add(gid, (Rect(middle - width / 2 - 7, y, width + 14, height + 7, "paper", "soft", 2),
                        *text.lines(middle, y + height / 2 + 3.5, words, 11)))

    def _message(self, gid, event):
        x0, x1 = self.x[event.source], self.x[event.target]
        room = abs(x1 - x0) - 120 - text.width(event.label, 11.5)
        low = 2 if room > 0 else 9                      # a long label would touch the box above the arrow's start
        y0 = max(self.now, self.free[event.source] + low, self.free[event.target] + 2 - SLANT)
        y1 = y0 + SLANT
        across = 0.55 if event.lost else 1
        side = math.copysign(6 if event.target in self.bars else 1, x1 - x0)
        end = (x1 - side, y1) if not event.lost else (x0 + (x1 - x0) * across, y0 + SLANT * across)
        start = (x0 + math.copysign(6 if event.source in self.bars else 0, x1 - x0), y0)
        angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
        angle -= 180 * round(angle / 180)
        colour = "red" if event.lost else "blue"
        shapes = [Line((start, end), colour, 1.6, event.lost)]
        if event.lost:
            shapes += _cross(*end)
        else:
            shapes.append(Head(*end, end[0] - start[0], end[1] - start[1], colour))
        far = across * (0.27 if self._crosses(x0, x1) else 0.5)     # the label keeps clear of lifelines between
        label = text.lines(x0 + (x1 - x0) * far, y0 + SLANT * far - 8, event.label, 11.5, angle=angle)
        self._add(gid, (*shapes, *label))
        self.fly.append(gid)
        self.now = y1
        self.free[event.source] = max(self.free[event.source], y0 + 4)
        self.free[event.target] = y1 + 4

    def _crosses(self, x0, x1):
        return any(min(x0, x1) < x < max(x0, x1) for x in self.x.values())

    def _lifeline(self, name, bottom, begun):
        end = self.died.get(name, bottom)
        line = Line(((self.x[name], self.born[name]), (self.x[name], end)), "line", 1.2, True)
        return Artist((line,), f"life-{name}" if begun else "")


def _cross(x, y):
    return (Line(((x - 5, y - 5), (x + 5, y + 5)), "red", 2), Line(((x - 5, y + 5), (x + 5, y - 5)), "red", 2))
