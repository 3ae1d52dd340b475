"""End what a cell made when that cell is run again or deleted."""

import weakref

from IPython import get_ipython

_made = weakref.WeakKeyDictionary()  # what has end() -> id of the cell that made it


def ends_with_this_cell(thing):
    """Call thing.end() before the running cell is run again, and when it is deleted.

    Only a weak reference is kept. JupyterLab names the cell (metadata cellId, deletedCells) with each execution; in a
    frontend that does not, and outside of a kernel, nothing happens.
    """
    cell = _parent().get("cellId")
    if cell is None:
        return
    if not _made:
        get_ipython().events.register("pre_run_cell", _end_what_is_replaced)
    _made[thing] = cell


def _end_what_is_replaced(_info):
    parent = _parent()
    over = {parent.get("cellId"), *parent.get("deletedCells", ())}
    for thing, cell in list(_made.items()):
        if cell in over:
            del _made[thing]
            thing.end()
    if not _made:
        get_ipython().events.unregister("pre_run_cell", _end_what_is_replaced)


def _parent():
    """The metadata of the message that runs the cell."""
    shell = get_ipython()
    parent = shell.get_parent() if hasattr(shell, "get_parent") else None
    return (parent or {}).get("metadata", {})
