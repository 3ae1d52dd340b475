"""End what a cell made when that cell is run again or deleted."""

import weakref

from IPython import get_ipython

_made = weakref.WeakKeyDictionary()  # what ends -> (the cell that made it, how to end it)


def ends_with_this_cell(thing, end):
    """Call end(thing) before the running cell is run again, and when it is deleted.

    Only a weak reference to `thing` is kept. JupyterLab names the cell (metadata cellId, deletedCells) with each
    execution; in a frontend that does not, a cell is known by its text. Outside of a kernel nothing happens.
    """
    cell = _running()
    if cell is None:
        return
    if not _made:
        get_ipython().events.register("pre_run_cell", _end_what_is_replaced)
    _made[thing] = cell, end


def in_jupyterlab():
    """Whether the frontend that runs the cell is JupyterLab or another that names its cells."""
    return "cellId" in _parent().get("metadata", {})


def _end_what_is_replaced(_info):
    over = {_running(), *_parent().get("metadata", {}).get("deletedCells", ())}
    for thing, (cell, end) in list(_made.items()):
        if cell in over:
            del _made[thing]
            end(thing)
    if not _made:
        get_ipython().events.unregister("pre_run_cell", _end_what_is_replaced)


def _running():
    """What the running cell is known by, None outside of a kernel."""
    parent = _parent()
    return parent.get("metadata", {}).get("cellId") or parent.get("content", {}).get("code")


def _parent():
    """The message that runs the cell."""
    shell = get_ipython()
    return shell.get_parent() if hasattr(shell, "get_parent") else {}
