"""What iolab offers in the machine: run, serve, show, the judges; pictures and questions are those of the page."""

import functools
import sys
import types

from iolab.grade.front import grade
from iolab.launch import run, serve
from iolab.launch.server import Server
from iolab.machine.guest import sender

PATIENCE = 120  # seconds that run() waits where a cell says nothing: a script is some ten times slower here
OF_THE_PAGE = ("play", "plot", "level", "ask")
NOT_HERE = {
    "record": "记录要读本机的 /proc 很多次，在页面里的 Linux 上太慢：书里印着记录好的结果。",
    "compete": "比赛要几个核、几万次往返，页面里的 Linux 只有一个慢的核：书里印着真机上的结果。",
}


def install(tell, desk, ends_with_this_cell):
    """Make the names of iolab that need more than the machine has.

    tell(event) gives the page an event; desk: for the forms of senders; ends_with_this_cell(thing, end): end(thing) is
    called before the running cell is run again.
    """
    import iolab

    @functools.wraps(serve)
    def serve_until_then(*args, **named):
        server = serve(*args, **named)
        ends_with_this_cell(server, Server.stop)
        return server

    @functools.wraps(run)
    def run_patiently(*args, timeout=PATIENCE, **named):
        return run(*args, timeout=timeout, **named)

    iolab.run, iolab.serve, iolab.grade = run_patiently, serve_until_then, grade
    iolab.sender = sender.maker(desk, ends_with_this_cell)
    for name in OF_THE_PAGE:
        setattr(iolab, name, lambda *args, **named: tell({"kind": "picture"}))
    for name, why in NOT_HERE.items():
        setattr(iolab, name, _saying(why))
    sys.modules["iolab.widgets"] = types.ModuleType("iolab.widgets")


def _saying(why):
    def say(*args, **named):
        print(f"（{why}）")

    return say
