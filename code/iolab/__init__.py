"""The bench behind the book: what a page imports. Each name is loaded when it is first asked for.

run, serve, show: teaching scripts in processes of their own. play: a picture, or a recording that
ships with the book. level: a small program whose every schedule the reader may try. ask: a question that is answered
before the output below it shows. record: the same recording made here. recording: the data of one that ships, as JSON
has it. plot: numbers as bars or lanes. sender: the message sender. compete: all server models under one load. check:
the judge of an exercise's answer. grade: the judge of a lab's program.
"""

import os
import sys
from importlib import import_module

_ROOMS = {
    "run": "iolab.launch",
    "serve": "iolab.widgets.serving",
    "show": "iolab.launch",
    "play": "iolab.widgets.picture",  # loads matplotlib
    "level": "iolab.widgets.explorer",
    "ask": "iolab.widgets.question",
    "sender": "iolab.widgets.sender",  # loads ipywidgets
    "plot": "iolab.widgets.plot",
    "record": "iolab.widgets.recording",
    "recording": "iolab.watch",
    "compete": "iolab.arena",
    "check": "iolab.grade",
    "grade": "iolab.widgets.grading",
}
__all__ = list(_ROOMS)


def __getattr__(name):
    if name not in _ROOMS:
        raise AttributeError(f"iolab offers {', '.join(__all__)}, not {name}")
    return getattr(import_module(_ROOMS[name]), name)


if os.environ.get("IOLAB_LANGUAGE"):
    import_module("iolab.words").listen()
if sys.platform != "linux":
    import_module("iolab.widgets.elsewhere").explain_cells()
