"""Where the parts of a graph go: nodes where the scene puts them, edges from border to border."""

import math

from iolab.draw import text
from iolab.draw.plan import WIDTH, Artist, Disc, Frame, Head, Line, Plan, Rect
from iolab.draw.theme import FILLS, tone
from iolab.model import Hide, Mark, Move, Show

TALL = 52
RADIUS = {"state": 10, "process": 22, "resource": 2}


def plan(scene):
    """The plan of a Graph."""
    tall = TALL if scene.tokens else 40
    sizes = {node.name: (max(text.extent(node.title, 13)[0] + 22, 66), tall) for node in scene.nodes}
    nodes = {node.name: node for node in scene.nodes}
    curves = {edge.name: _curve(edge, nodes, sizes) for edge in scene.edges}
    token_at = {token.name: token.at for token in scene.tokens}
    spots = {name: (node.x, node.y + 11) for name, node in nodes.items()}
    frames, marked = [], []
    for step in scene.steps:
        frames.append(_frame(scene, step, token_at, spots, marked))
    artists = [_edge(edge, curves[edge.name]) for edge in scene.edges]
    artists += [_node(node, *sizes[node.name], bool(scene.tokens)) for node in scene.nodes]
    marks = [_edge_mark(curves[edge.name], edge) for edge in scene.edges if edge.name in marked]
    marks += [_node_mark(nodes[name], *sizes[name]) for name in nodes if name in marked]
    tokens = [_token(token, *_spot(scene, spots, token, token_at)) for token in scene.tokens]
    home = {f"token-{token.name}": _spot(scene, spots, token, {token.name: token.at}) for token in scene.tokens}
    low = max(node.y + tall / 2 for node in scene.nodes)
    height = max([low, *(point[1] for curve in curves.values() for point in curve)]) + 10
    return Plan(scene.title, height, (*marks, *artists, *tokens), tuple(frames), home, _drive(scene, spots))


def _frame(scene, step, token_at, spots, marked):
    show, hide, moves, hot, fly = [], [], [], [], []
    edges = {edge.name: edge for edge in scene.edges}
    for event in step.events:
        match event:
            case Show(edge):
                show.append(f"edge-{edge}")
                fly.append(f"edge-{edge}")
                hot.append(f"edge-{edge}")
            case Hide(edge):
                hide.append(f"edge-{edge}")
            case Mark(names):
                show += [f"mark-{name}" for name in names if name not in marked]
                marked += names
            case Move(token, edge):
                token_at[token] = edges[edge].target
                moves.append((f"token-{token}", f"edge-{edge}", *spots[token_at[token]]))
                hot += [f"edge-{edge}", f"node-{token_at[token]}"]
    if not moves and not hot:
        hot = [f"node-{node}" for node in token_at.values()]
    return Frame(step.caption, tuple(show), tuple(hide), (), tuple(fly), tuple(moves), tuple(hot), step.at)


def _spot(scene, spots, token, token_at):
    """Tokens have a slot each, side by side, so that two at one node do not cover each other."""
    x, y = spots[token_at[token.name]]
    order = [each.name for each in scene.tokens].index(token.name)
    return x + 20 * (order - (len(scene.tokens) - 1) / 2), y


def _border(x, y, size, dx, dy):
    """Where the ray from the middle of a box along (dx, dy) leaves it."""
    half_width, half_height = size[0] / 2 + 2, size[1] / 2 + 2
    scale = min(half_width / abs(dx) if dx else math.inf, half_height / abs(dy) if dy else math.inf)
    return x + dx * scale, y + dy * scale


def _curve(edge, nodes, sizes):
    source, target = nodes[edge.source], nodes[edge.target]
    dx, dy = target.x - source.x, target.y - source.y
    norm = math.hypot(dx, dy) or 1
    swerve = 2 * edge.bend / norm
    middle = (source.x + target.x) / 2 + dy * swerve, (source.y + target.y) / 2 - dx * swerve
    start = _border(source.x, source.y, sizes[edge.source], middle[0] - source.x, middle[1] - source.y)
    end = _border(target.x, target.y, sizes[edge.target], middle[0] - target.x, middle[1] - target.y)
    return start, middle, end


def _edge(edge, curve):
    start, middle, end = curve
    x, y = ((a + 2 * b + c) / 4 for a, b, c in zip(start, middle, end, strict=True))
    dx, dy = end[0] - start[0], end[1] - start[1]
    norm = math.hypot(dx, dy) or 1
    side = -1 if edge.bend < 0 else 1
    nx, ny = dy / norm * side, -dx / norm * side
    width, height = text.extent(edge.label, 11.5)
    away = abs(nx) * width / 2 + abs(ny) * height / 2 + 4
    x, y = x + nx * away, y + ny * away
    x = min(max(x, width / 2 + 2), WIDTH - width / 2 - 2)
    return Artist((Line(curve, "ink", 1.5, bent=True), _tip(middle, end, "ink"), *text.lines(x, y, edge.label, 11.5)),
                  f"edge-{edge.name}")


def _tip(middle, end, fill):
    return Head(*end, end[0] - middle[0], end[1] - middle[1], fill)


def _node(node, width, height, tokens):
    fill, stroke = FILLS[tone(node.title) or "plain"]
    title = text.lines(node.x, node.y - (11 if tokens else 0), node.title, 13, bold=True)
    box = Rect(node.x - width / 2, node.y - height / 2, width, height, fill, stroke, RADIUS[node.kind], 1.4)
    return Artist((box, *title), f"node-{node.name}")


def _edge_mark(curve, edge):
    return Artist((Line(curve, "red-fill", 9, bent=True),), f"mark-{edge.name}")


def _node_mark(node, width, height):
    halo = Rect(node.x - width / 2 - 5, node.y - height / 2 - 5, width + 10, height + 10, "red-fill", "red", 12)
    return Artist((halo,), f"mark-{node.name}")


def _token(token, x, y):
    return Artist((Disc(x, y, 9, "ink"), *text.lines(x, y, token.title, 11, colour="paper", bold=True)),
                  f"token-{token.name}")


def _drive(scene, spots):
    if not scene.drivable:
        return None
    title = {node.name: text.one_line(node.title) for node in scene.nodes}
    edges = [[f"edge-{edge.name}", edge.source, edge.target, text.one_line(edge.label)] for edge in scene.edges]
    return {"token": f"token-{scene.tokens[0].name}", "at": scene.tokens[0].at, "titles": title, "edges": edges,
            "nodes": spots}
