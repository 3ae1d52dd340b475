"""The bench behind the book: what a page imports. Each name is loaded when it is first asked for.

run, serve, show: teaching scripts in processes of their own. play: a picture. sender: the message
sender. record, recorded: what the kernel did, made here or shipped with the book. plot: numbers as bars or lanes.
"""

from importlib import import_module

_ROOMS = {
    "run": "iolab.launch",
    "serve": "iolab.launch",
    "show": "iolab.launch",
    "play": "iolab.widgets.picture",  # loads matplotlib
    "sender": "iolab.widgets.sender",  # loads ipywidgets
    "plot": "iolab.widgets.plot",
    "record": "iolab.widgets.recording",
    "recorded": "iolab.widgets.recording",
}
__all__ = list(_ROOMS)


def __getattr__(name):
    if name not in _ROOMS:
        raise AttributeError(f"iolab offers {', '.join(__all__)}, not {name}")
    return getattr(import_module(_ROOMS[name]), name)
