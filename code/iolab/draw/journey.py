"""Where the parts of a journey go: a row for each stop, the deeper the layer the further to the right."""

from iolab.draw import text
from iolab.draw.plan import WIDTH, Artist, Disc, Frame, Line, Plan, Rect
from iolab.draw.theme import FILLS

TOP, ROW, EDGE, STATION, LANE = 26, 27, 3, 44, 28


def plan(scene):
    """The plan of a Journey."""
    lane = {layer: EDGE + STATION + LANE * (number + 0.5) for number, layer in enumerate(scene.layers)}
    points = [(lane[stop.layer], TOP + ROW * (number + 0.5)) for number, stop in enumerate(scene.steps)]
    parts = {part.name: part for part in scene.parts}
    bottom = TOP + ROW * len(scene.steps)
    artists = [Artist(text.lines(x, TOP / 2, layer, 11.5, bold=True)) for layer, x in lane.items()]
    artists += [Artist((Line(((x, TOP), (x, bottom)), "line", 1, True),)) for x in lane.values()]
    artists += _stations(scene.steps)
    frames = []
    for number, (stop, point) in enumerate(zip(scene.steps, points, strict=True), 1):
        show, moves = [f"stop{number}"], ()
        if number > 1:
            way = f"way{number}"
            artists.append(Artist((Line((points[number - 2], point), "blue", 2),), way))
            show.append(way)
            moves = (("packet", way, *point),)
        artists.append(Artist((Disc(*point, 3.5, "blue"), *_packet(stop, parts, EDGE + STATION + LANE * len(lane) + 6,
                                                                   point[1])), f"stop{number}"))
        frames.append(Frame(stop.caption, tuple(show), (), (), (), moves, (f"stop{number}",)))
    packet = Artist((Disc(*points[-1], 7, "blue"),), "packet")
    return Plan(scene.title, bottom + 4, (*artists, packet), tuple(frames), {"packet": points[0]})


def _stations(stops):
    first = 0
    for number, stop in enumerate(stops):
        if number + 1 == len(stops) or stops[number + 1].station != stop.station:
            top, height = TOP + ROW * first, ROW * (number + 1 - first)
            yield Artist((Line(((EDGE, top + height), (WIDTH - EDGE, top + height)), "line", 1),
                          *text.lines(EDGE, top + height / 2, stop.station, 12, anchor="start", bold=True)))
            first = number + 1


def _packet(stop, parts, x, middle):
    for name in stop.parts:
        part = parts[name]
        fill, stroke = FILLS[part.colour]
        width = text.width(part.title, 10.5) + 7
        yield Rect(x, middle - 9, width, 18, fill, stroke)
        yield from text.lines(x + width / 2, middle, part.title, 10.5)
        x += width + 1.5
