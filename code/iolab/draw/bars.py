"""Where the bars of a chart go: a heading for each group, a bar in each row, the number at its end."""

from iolab.draw import text
from iolab.draw.plan import WIDTH, Artist, Plan, Rect
from iolab.draw.theme import colours

TOP, HEADING, ROW, BAR, EDGE, NUMBER = 6, 22, 20, 14, 8, 52


def plan(scene):
    """The plan of Bars, less the notes, which the page tells. The same bar has the same colour in every group."""
    names = list(dict.fromkeys(bar for _, bars in scene.groups for bar, _ in bars))
    left = EDGE + max(text.width(name, 11) for name in names) + 8
    longest = max(value for _, bars in scene.groups for _, value in bars)
    scale = (WIDTH - EDGE - NUMBER - left) / longest
    colour, artists, y = colours(names), [], TOP
    for label, bars in scene.groups:
        artists.append(Artist(text.lines(EDGE, y + 9, label, 12, anchor="start", bold=True)))
        y += HEADING
        for name, value in bars:
            artists.append(_bar(name, f"{value:.3g} {scene.unit}", value * scale, left, y, colour[name]))
            y += ROW
        y += 6
    return Plan(scene.title, y + 4, tuple(artists))


def _bar(name, number, width, x, y, colour):
    middle = y + BAR / 2
    return Artist((*text.lines(x - 8, middle, name, 11, anchor="end"),
                   Rect(x, y, max(width, 1), BAR, *colour),
                   *text.lines(x + width + 5, middle, number, 11, anchor="start")))
