"""Where the parts of a board go, and all that it can come to show: each look once, and which setting leads where."""

from iolab.draw import text
from iolab.draw.plan import Artist, Frame, Head, Line, Plan, Rect, Text
from iolab.draw.theme import FILLS, variable
from iolab.model import Machine, Sweep, View, Went

EMPTY = "n"
SMALL = 12                  # narrower cells are all border: a dot in the colour of the border, without words


def plan(scene):
    """The plan of a Machine or a Sweep as its last step leaves it."""
    book = _Looks(scene)
    steps = [book.moment(view) for view in scene.steps]
    told = {"steps": steps, **_driven(scene, book)}
    told |= {"cells": [f"cell-{cell.name}" for cell in scene.board.cells], "views": book.views, "words": book.words,
             "ways": [f"way-{way.name}" for way in scene.board.ways],
             "come": [place for place, cell in enumerate(scene.board.cells) if cell.comes], "tones": _tones()}
    last = scene.steps[-1].held
    artists = [Artist(text.lines(label.x, label.y, label.text, label.size, anchor=label.anchor, bold=label.bold))
               for label in scene.board.labels]
    artists += [Artist(_way(way), f"way-{way.name}") for way in scene.board.ways]
    worded = {name for view in _views(scene) for name, (words, _) in view.held.items() if words}
    artists += [Artist(_cell(cell, last.get(cell.name), cell.name in worded), f"cell-{cell.name}")
                for cell in scene.board.cells]
    return Plan(scene.title, scene.board.height, tuple(artists), tuple(_frames(scene)), board=told)


def _frames(scene):
    coming = [cell.name for cell in scene.board.cells if cell.comes]
    for view in scene.steps:
        seen = [name for name in coming if name in view.held]
        yield Frame(view.caption, tuple(f"cell-{name}" for name in seen),
                    tuple(f"cell-{name}" for name in coming if name not in seen),
                    fly=tuple(f"way-{name}" for name in view.ways), at=view.at)


def _cell(cell, held, worded):
    words, colour = held or ("", None)
    fill, stroke = FILLS[colour] if colour else ("paper", "line")
    if cell.width < SMALL:
        return (Rect(cell.x, cell.y, cell.width, cell.height, stroke, None),)
    shapes = [Rect(cell.x, cell.y, cell.width, cell.height, fill, stroke, 3 if cell.width > 2 * SMALL else 0)]
    if worded:
        middle = cell.y + cell.height / 2
        shapes.append(Text(cell.x + cell.width / 2, middle + cell.size * 0.36, words or " ", cell.size))
    return tuple(shapes)


def _way(way):
    (x0, y0), (x1, y1) = way.points[-2:]
    return Line(way.points, "line", 1.6), Head(x1, y1, x1 - x0, y1 - y0, "line")


def _tones():
    """letter -> (fill, stroke) as a style has them."""
    pairs = {EMPTY: ("paper", "line"), **{name[0]: pair for name, pair in FILLS.items()}}
    return {letter: [variable(name) for name in pair] for letter, pair in pairs.items()}


def _views(scene):
    if isinstance(scene, Sweep):
        return [view for film in scene.films.values() for view in film]
    return [*scene.steps, *scene.views()]


class _Looks:
    """Every look and every sentence of a scene, each kept once."""

    def __init__(self, scene):
        self.place = {cell.name: number for number, cell in enumerate(scene.board.cells)}
        self.way = {way.name: number for number, way in enumerate(scene.board.ways)}
        self.views, self.words = [], []

    def look(self, cells):
        """The number of a look: triples of the first cell, how many in a row, the colour's letter with the words."""
        runs = []
        for place, held in sorted((self.place[name], colour[0] + words) for name, (words, colour) in cells.items()):
            if runs and runs[-1] == held and runs[-3] + runs[-2] == place:
                runs[-2] += 1
            else:
                runs += [place, 1, held]
        return _number(self.views, runs)

    def word(self, words):
        return _number(self.words, words)

    def taken(self, ways):
        return [self.way[name] for name in ways]

    def moment(self, view):
        """[look, sentence, ways, lines of code], less empty lists at the end."""
        moment = [self.look(view.held), self.word(view.caption), self.taken(view.ways), list(view.at)]
        while not moment[-1] and len(moment) > 2:
            moment.pop()
        return moment


def _number(seen, one):
    if one not in seen:
        seen.append(one)
    return seen.index(one)


def _driven(scene, book):
    if isinstance(scene, Sweep):
        sliders = [{"label": slider.label, "values": [f"{value}{slider.unit}" for value in slider.values],
                    "at": slider.at} for slider in scene.sliders]
        films = {",".join(map(str, at)): [book.moment(view) for view in film] for at, film in scene.films.items()}
        return {"sliders": sliders, "films": films, **({"pace": scene.pace} if scene.pace else {})}
    assert isinstance(scene, Machine)
    place = {state: number for number, state in enumerate(scene.states)}
    looks = [book.look(View(".", scene.look(state)).held) for state in scene.states]
    moves = [[[place[went.state], book.word(went.caption), *([book.taken(went.ways)] if went.ways else [])]
              if isinstance(went, Went) else book.word(went) for went in ways.values()] for ways in scene.moves]
    story, state = [0], scene.start
    for name in scene.story:
        state = scene.press(state, name).state
        story.append(place[state])
    buttons = [[button.label, list(button.at)] for button in scene.buttons]
    return {"buttons": buttons, "moves": moves, "looks": looks, "story": story}
