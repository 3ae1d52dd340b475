"""What the colours of a picture say: only those that it uses, always in the same words."""

from iolab.draw.theme import MEANINGS, tone
from iolab.model import Block, Enter, Graph, Journey, Machine, Message, Sequence, State, Sweep


def legend(scene):
    """[(colour, words)] of a picture that moves; nothing for the others, whose parts all bear their names."""
    match scene:
        case Machine() | Sweep():
            return list(scene.legend)
        case Sequence():
            used = {_colour(event) for step in scene.steps for event in step.events}
        case Graph():
            used = {tone(node.title) for node in scene.nodes}
        case Journey():
            used = {"blue"}
        case _:
            used = set()
    return [(colour, words) for colour, words in MEANINGS.items() if colour in used]


def _colour(event):
    match event:
        case Block():
            return "amber"
        case Enter():
            return "green"
        case Message():
            return "red" if event.lost else "blue"
        case State():
            return tone(event.text)
        case _:
            return None
