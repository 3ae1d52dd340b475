"""Speaks with the page over a serial port, and looks after the cells' kernel, the shells and the forge of scripts.

It never runs the reader's code, so that whatever that does, somebody answers. One JSON object a line, both ways:
in   {do: hello, time, seed} · {do: clock, time} · {do: warm}
     {do: run, id, code, cell} · {do: answer, text} · {do: interrupt} · {do: restart, folder} · {do: end}
     {do: shell, shell, rows, columns} · {do: type, shell, text} · {do: size, shell, rows, columns} · {do: close, shell}
     {do: write, path, text}
     {do: sender, sender, number, order, …} what a sender's form orders (sender.py)
     {do: room, bytes} · {do: came, trouble} what was wanted has been loaded, and written, or why it was not (later.py)
out  {id, event} · {id, done} · {id, died, memory} · {restarted} · {shell, text} · {shell, ended}
     {sender, …} what its form shows
     {wanted} · {room: frames of memory}
     {ready} · {hello, read} · {got: bytes read so far} · {trouble}
"""

import contextlib
import os
import sys

sys.path[0] = os.path.abspath(__file__).partition("/iolab/")[0]
from iolab.machine.guest import channels, forge  # noqa: E402
from iolab.machine.guest.port import Port  # noqa: E402


def begin(device):
    """Serve the page, as long as there is one. Returns only in the forge: what that is to do, as a function."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("-1000")
    work, forge_ended = forge.start()
    return work or channels.Hub(Port(device), forge_ended).serve()


if __name__ == "__main__":
    work = begin(sys.argv[1])
    while work:  # a role may end in another: the forge's fork becomes a guardian, and the guardian's a script
        try:
            work = work()
        except forge.Becomes as other:
            work = other.work
