"""Where measurements go of which every run is shown, as a tooth: a comb for each thing, or a curve through medians."""

import math
from itertools import cycle, pairwise
from statistics import median

from iolab.draw import text
from iolab.draw.listing import short
from iolab.draw.plan import WIDTH, Artist, Line, Plan

EDGE, NUMBER, ROW, TOP, HEIGHT, TOOTH, LETTERS = 8, 46, 21, 8, 190, 4.5, 10.5
STROKES = ("blue", False), ("violet", False), ("soft", False), ("blue", True), ("violet", True), ("soft", True)


def dots(scene):
    """The plan of Dots, less the notes: a row's comb goes from its least run to its most, its number is the median."""
    left = EDGE + max(text.width(label, LETTERS) for label, _ in scene.rows) + 9
    right, bottom = WIDTH - NUMBER, TOP + ROW * len(scene.rows)
    place, ticks = _scale([value for _, values in scene.rows for value in values], left, right, scene.log)
    artists = [_tick(place(value), TOP, bottom, _mark(value)) for value in ticks]
    for number, (label, values) in enumerate(scene.rows):
        y = TOP + ROW * (number + 0.5)
        artists.append(Artist((
            *text.lines(left - 9, y, label, LETTERS, anchor="end"),
            Line(_comb([(place(value), y) for value in sorted(values)], 0, TOOTH), "blue", 1.5),
            *text.lines(place(max(values)) + 7, y, short(median(values)), LETTERS, anchor="start"))))
    artists.append(Artist(text.lines(EDGE, bottom + 13, scene.unit, LETTERS, anchor="start", colour="soft")))
    return Plan(scene.title, bottom + 24, tuple(artists))


def curves(scene):
    """The plan of Curves, less the notes; each line ends in its label, and no label covers another."""
    right = WIDTH - EDGE - max(text.width(label, LETTERS) for label, _ in scene.rows) - 8
    top, bottom = TOP + 16, TOP + 16 + HEIGHT
    upright, ticks = _scale([value for _, points in scene.rows for _, value in points], bottom, top, scene.log)
    left = EDGE + max(text.width(_mark(value), LETTERS) for value in ticks) + 6
    places = sorted({x for _, points in scene.rows for x, _ in points})
    along, _ = _scale(places, left, right, False)
    artists = [Artist((Line(((left, upright(value)), (right, upright(value))), "box", 1),
                       *text.lines(left - 5, upright(value), _mark(value), LETTERS, anchor="end", colour="soft")))
               for value in ticks]
    artists += [_tick(along(x), bottom, bottom, f"{x:g}") for x in places
                if x == places[-1] or along(places[-1]) - along(x) > 30]
    artists.append(Artist((*text.lines(EDGE, TOP, scene.unit, LETTERS, anchor="start", colour="soft"),
                           *text.lines(right, bottom + 28, scene.along, LETTERS, anchor="end", colour="soft"))))
    ends = []
    for (label, points), (colour, dashed) in zip(scene.rows, cycle(STROKES), strict=False):
        middles = [(along(x), upright(median(value for at, value in points if at == x)))
                   for x in sorted({x for x, _ in points})]
        runs = {x: sorted(upright(value) for at, value in points if at == x) for x, _ in points}
        artists.append(Artist((Line(tuple(middles), colour, 1.5, dashed),
                               *(Line(_comb([(along(x), y) for y in found], TOOTH - 1, 0), colour, 1.3)
                                 for x, found in runs.items()))))
        ends.append([middles[-1][1], label, colour])
    artists += [Artist(text.lines(right + 7, y, label, LETTERS, anchor="start", colour=colour))
                for y, label, colour in _apart(ends)]
    return Plan(scene.title, bottom + 36, tuple(artists))


def _scale(values, start, end, log):
    """(value -> place, values worth a mark) between two places."""
    if log:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        high = max(high, low + 1)
        return (lambda value: start + (end - start) * (math.log10(value) - low) / (high - low),
                [10.0 ** power for power in range(low, high + 1)])
    most = max(values)
    step = 10 ** math.floor(math.log10(most / 2))
    step *= next(factor for factor in (1, 2, 5, 10) if most / (step * factor) <= 5)
    return (lambda value: start + (end - start) * value / most,
            [step * number for number in range(int(most / step + 1e-9) + 1)])


def _mark(value):
    return f"{value / 1000:,g}k" if value >= 10_000 else f"{value:g}"


def _comb(places, dx, dy):
    """A line through these places with a tooth at each, as one path: it takes a tenth of the bytes of so many discs."""
    return tuple(point for x, y in places for point in ((x, y), (x - dx, y - dy), (x + dx, y + dy), (x, y)))


def _tick(x, top, bottom, words):
    return Artist((Line(((x, top), (x, bottom + 4)), "box" if top < bottom else "line", 1),
                   *text.lines(x, bottom + 13, words, LETTERS, colour="soft")))


def _apart(ends, room=13):
    """The labels, moved down as far as the one above them needs, then all of them up if that is too low."""
    ends = sorted(ends)
    for one, other in pairwise(ends):
        other[0] = max(other[0], one[0] + room)
    low = TOP + 16 + HEIGHT + 4
    for other, one in pairwise([[low + room], *reversed(ends)]):
        one[0] = min(one[0], other[0] - room)
    return ends
