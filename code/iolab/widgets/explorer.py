"""`level(name)`: a level of the book in a notebook."""

import json
from html import escape

import ipywidgets as ui
from IPython.display import display

from iolab import explore
from iolab.draw import level_html
from iolab.explore.replay import ReplayError, replay
from iolab.explore.text import listing
from iolab.widgets import cells

WIDGET = "application/vnd.jupyter.widget-view+json"


class Explorer:
    """A level as a notebook shows it: text/plain has its counts and its shortest bad path, text/html walks it.

    In JupyterLab the page may ask for a path to be taken by real threads; what came of it stands below the level.
    """

    def __init__(self, level):
        self.level = level

    def __repr__(self):
        return listing(self.level)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": listing(self.level), "text/html": level_html(self.level)}

    def _ipython_display_(self):
        if not cells.in_jupyterlab():
            raise NotImplementedError
        display(self._repr_mimebundle_(), raw=True)
        self._listener = Listener(self.level)
        display({WIDGET: self._listener.box._repr_mimebundle_()[WIDGET]}, raw=True)
        cells.ends_with_this_cell(self, lambda self: self._listener.box.close())

    def replay(self, path=None, cure=0):
        """Let real threads take a path and print how it went; the Replay.

        path: the names of those who move, in turn, as one str with spaces (default: the shortest bad one); cure: 0 for
        the program with the mistake, 1 for its first cure. Raises KeyError for a path that does not exist.
        """
        variant = self.level.variants[cure]
        keys = path.split() if path is not None else [move.key for move in variant.graph.shortest or ()]
        done = replay(variant, keys)
        print(done)
        return done


class Listener:
    """box: a widget without looks. What walker.js writes into its field is replayed, the outcome shown below it."""

    def __init__(self, level):
        self.level = level
        self.field = ui.Text(layout=ui.Layout(display="none"))
        self.field.add_class(f"iolab-replay-{level.name}")
        self.result = ui.HTML()
        self.result.add_class("iolab-replayed")
        self.field.observe(self._asked, "value")
        self.box = ui.VBox([self.field, self.result])

    def _asked(self, change):
        try:
            variant, keys = json.loads(change["new"])[:2]
            done = replay(self.level.variants[variant], keys)
            lines, outcome = done.lines, done.outcome
        except (ReplayError, ValueError, LookupError) as error:
            lines, outcome = [], f"没有走成：{error}"
        steps = "".join(f"<li>{escape(line.partition('. ')[2])}</li>" for line in lines)
        self.result.value = f"<ol>{steps}</ol><p><strong>{escape(outcome)}</strong></p>"


def level(name):
    """The level called `name` in iolab.explore. Raises LookupError, with names that are near, if there is none."""
    return Explorer(explore.load(name))
