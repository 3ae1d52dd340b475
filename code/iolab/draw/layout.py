"""Which layout draws which kind of scene."""

import dataclasses
import math

from iolab.draw import bars, board, graph, journey, layers, runs, sequence, timeline
from iolab.model import Bars, Curves, Dots, Graph, Journey, Layers, Machine, Sequence, Sweep, Timeline

LAYOUTS = {Sequence: sequence.plan, Graph: graph.plan, Journey: journey.plan, Layers: layers.plan,
           Timeline: timeline.plan, Bars: bars.plan, Dots: runs.dots, Curves: runs.curves, Machine: board.plan,
           Sweep: board.plan}


def plan(scene):
    """The plan of any scene but a Table. Raises TypeError for what is no scene."""
    try:
        layout = LAYOUTS[type(scene)]
    except KeyError:
        raise TypeError(f"{scene!r} is no scene that can be drawn") from None
    drawn = layout(scene)
    return dataclasses.replace(drawn, height=math.ceil(drawn.height))
