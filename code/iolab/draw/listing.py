"""Any scene as plain text: what nbval compares, and what readers have where no picture can be shown."""

from statistics import median

from iolab.draw.text import one_line
from iolab.model import Bars, Curves, Dots, Layers, Table, Timeline


def listing(scene):
    """The title, then a line for each step, layer, row or lane."""
    return "\n".join([scene.title, *lines(scene)])


def lines(scene):
    match scene:
        case Table():
            rows = [" | ".join(cell.replace("\n", " / ") for cell in row) for row in (scene.header, *scene.rows)]
            return [*rows, *scene.notes]
        case Layers():
            return [*_layers(scene), *scene.notes]
        case Timeline():
            return [*_timeline(scene), *scene.notes]
        case Bars():
            return [*_bars(scene), *scene.notes]
        case Dots():
            return [*_dots(scene), *scene.notes]
        case Curves():
            return [*_curves(scene), *scene.notes]
        case _:
            return [f"{number}. {step.caption}" for number, step in enumerate(scene.steps, 1)]


def _layers(scene):
    title = {}
    for column in scene.columns:
        for box in column.boxes:
            title[box.name] = one_line(box.title)
        yield f"{column.title}：" + "；".join(
            title[box.name] + (f"（{one_line(box.detail)}）" if box.detail else "") for box in column.boxes)
    for link in scene.links:
        yield f"{title[link.left]} — {title[link.right]}"


def _timeline(scene):
    for label, intervals in scene.lanes:
        yield f"{label}：" + "；".join(f"{start:.2f}–{end:.2f} s {state}" for start, end, state in intervals)


def _bars(scene):
    for label, bars in scene.groups:
        yield f"{label}：" + "；".join(f"{bar} {value:.3g} {scene.unit}" for bar, value in bars)


def _dots(scene):
    for label, values in scene.rows:
        spread = f"（{short(min(values))}–{short(max(values))}）" if len(values) > 1 else ""
        yield f"{label}：{short(median(values))} {scene.unit}{spread}"


def _curves(scene):
    for label, points in scene.rows:
        middles = [(x, median(value for at, value in points if at == x)) for x in sorted({x for x, _ in points})]
        yield f"{label}：" + "；".join(f"{x:g} {scene.along} {short(value)} {scene.unit}" for x, value in middles)


def short(value):
    """A number of three digits that count, never in powers of ten."""
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}"
