"""Which core the server gets and which the load: left to the scheduler, two cores double or halve a figure."""

import os


def cores():
    """(server's core, load's core): two of those this process may use, or None twice where there is only one."""
    allowed = sorted(os.sched_getaffinity(0))
    return (allowed[0], allowed[1]) if len(allowed) > 1 else (None, None)


def pin(pid, core):
    """Let process `pid` run on `core` only; None leaves it free."""
    if core is not None:
        os.sched_setaffinity(pid, {core})
