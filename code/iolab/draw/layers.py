"""Where the parts of a layer model go: columns side by side, rows of equal height."""

from iolab.draw import text
from iolab.draw.plan import WIDTH, Artist, Line, Plan, Rect
from iolab.draw.theme import FILLS

EDGE, GAP = 3, 22


def plan(scene):
    """The plan of a Layers scene."""
    linked = GAP if scene.links else 6
    total = sum(column.width for column in scene.columns)
    room = WIDTH - 2 * EDGE - linked * (len(scene.columns) - 1)
    head = 24 if any(column.title for column in scene.columns) else 0
    left, artists, place, bottom = EDGE, [], {}, 0
    for column in scene.columns:
        width = room * column.width / total
        if column.title:
            artists.append(Artist(text.lines(left + width / 2, head / 2, column.title, 12.5, bold=True)))
        top = head + 2
        for box in column.boxes:
            height = box.rows * scene.row - 4
            place[box.name] = (left, top, width, height)
            artists.append(Artist(_box(box, left, top, width, height), f"box-{box.name}"))
            top += height + 4
        left, bottom = left + width + linked, max(bottom, top)
    lines = [Artist((_link(place[link.left], place[link.right]),)) for link in scene.links]
    for note in scene.notes:
        rows = note.count("\n") + 1
        bottom += 15 * rows + 2
        artists.append(Artist(text.lines(EDGE, bottom - 15 * rows / 2, note, 11, anchor="start", colour="soft")))
    return Plan(scene.title, bottom + 4, (*lines, *artists))


def _box(box, x, y, width, height):
    fill, stroke = FILLS[box.colour]
    rows = box.title.count("\n") + 1
    detail = box.detail.count("\n") + 1 if box.detail else 0
    top = y + (height - 15.5 * rows - 13.75 * detail) / 2
    shapes = [Rect(x, y, width, height, fill, stroke, 4),
              *text.lines(x + width / 2, top + 15.5 * rows / 2, box.title, 12.5)]
    if detail:
        shapes += text.lines(x + width / 2, top + 15.5 * rows + 13.75 * detail / 2, box.detail, 11, colour="soft")
    return tuple(shapes)


def _link(left, right):
    x, y, width, height = left
    return Line(((x + width, y + height / 2), (right[0], right[1] + right[3] / 2)), "ink", 1.5)
