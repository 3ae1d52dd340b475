"""Where the parts of a timeline go: a lane for each recorded thing, seconds from left to right."""

import math

from iolab.draw import text
from iolab.draw.plan import WIDTH, Artist, Line, Plan, Rect
from iolab.draw.theme import colours

TOP, LANE, BAR, EDGE = 6, 44, 22, 8


def plan(scene):
    """The plan of a Timeline, less its notes, which are sentences for the page."""
    end = max(interval[1] for _, intervals in scene.lanes for interval in intervals)
    scale = (WIDTH - 2 * EDGE) / end
    states = dict.fromkeys(interval[2] for _, intervals in scene.lanes for interval in intervals)
    colour = colours(states)
    artists = []
    for number, (label, intervals) in enumerate(scene.lanes):
        top = TOP + LANE * number
        artists.append(Artist(text.lines(EDGE, top + 8, label, 12, anchor="start", bold=True)))
        for start, stop, state in intervals:
            artists.append(Artist(_bar(EDGE + start * scale, top + 17, (stop - start) * scale, state, colour[state])))
    bottom = TOP + LANE * len(scene.lanes)
    artists += _axis(end, scale, bottom)
    bottom, legend = _legend(states, colour, bottom + 26)
    artists += legend
    return Plan(scene.title, bottom + 4, tuple(artists))


def _bar(x, y, width, state, colour):
    bar = Rect(x, y, max(width, 1), BAR, *colour)
    fits = text.width(state, 11) + 4 <= width
    return (bar, *text.lines(x + width / 2, y + BAR / 2, state, 11)) if fits else (bar,)


def _axis(end, scale, y):
    step = 10 ** math.floor(math.log10(end / 2))
    step *= next(factor for factor in (1, 2, 5, 10) if end / (step * factor) <= 6)
    yield Artist((Line(((EDGE, y), (WIDTH - EDGE, y)), "line", 1),))
    for number in range(int(end / step + 1e-9) + 1):
        x = EDGE + number * step * scale
        words = f"{number * step:g} s"
        anchor = "start" if number == 0 else "end" if x > WIDTH - 20 else "middle"
        yield Artist((Line(((x, y), (x, y + 4)), "line", 1), *text.lines(x, y + 11, words, 11, anchor=anchor,
                                                                         colour="soft")))


def _legend(states, colour, y):
    x, artists = EDGE, []
    for state in states:
        width = 18 + text.width(state, 11) + 10
        if x > EDGE and x + width > WIDTH - EDGE:
            x, y = EDGE, y + 18
        artists.append(Artist((Rect(x, y, 13, 13, *colour[state]),
                               *text.lines(x + 18, y + 6.5, state, 11, anchor="start"))))
        x += width
    return y + 16, artists
