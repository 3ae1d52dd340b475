"""Cells that run again in a kernel whose frontend does not name its cells, and in one that does."""

import os

import pytest

from kernels import start_kernel
from processes import listens

MAKE = """
from iolab import sender, serve
server = serve("day4/tcp_server.py")
talk = sender(server)
talk.connect()
print(server.port)
talk
"""
HELD = """
import gc, os, threading, ipywidgets
gc.collect()
children = open("/proc/self/task/%d/children" % os.getpid()).read().split()
print(len(os.listdir("/proc/self/fd")), threading.active_count(), len(children),
      len(ipywidgets.widgets.widget._instances), len(get_ipython().kernel.comm_manager.comms))
"""


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_kernel()
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def run(kernel, code, **metadata):
    """Run a cell; return what it prints and the MIME types of its other outputs, one set an output."""
    printed, shown = [], []

    def output(message):
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])
        elif message["msg_type"] in ("display_data", "execute_result"):
            shown.append(set(message["content"]["data"]))

    request = kernel.session.msg("execute_request", {
        "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False,
        "stop_on_error": True}, metadata=metadata)
    kernel.shell_channel.send(request)
    while True:
        message = kernel.get_iopub_msg(timeout=30)
        if message["parent_header"].get("msg_id") == request["header"]["msg_id"]:
            output(message)
            if message["content"].get("execution_state") == "idle":
                return "".join(printed), shown


@pytest.mark.parametrize("name", [{}, {"cellId": "a cell"}], ids=["known by its text", "named"])
def test_what_a_cell_held_is_given_back_when_it_runs_again(kernel, name):
    ports = [int(run(kernel, MAKE, **name)[0]) for _ in range(3)]
    before = run(kernel, HELD)[0]
    ports += [int(run(kernel, MAKE, **name)[0]) for _ in range(20)]
    after = run(kernel, HELD)[0]
    grown = [int(now) - int(was) for was, now in zip(before.split(), after.split(), strict=True)]
    assert max(grown) <= 2, grown
    assert [listens(port) for port in ports] == [False] * 22 + [True]


def test_another_cell_ends_nothing_and_a_deleted_one_is_ended(kernel):
    port = int(run(kernel, MAKE, cellId="one")[0])
    run(kernel, "'another'", cellId="two")
    assert listens(port)
    run(kernel, "'another'", cellId="two", deletedCells=["one"])
    assert not listens(port)


def test_the_widget_and_the_still_are_one_output_but_in_jupyterlab(kernel):
    """There a page that is opened again would show the lost widget in place of the still."""
    widget, still = {"application/vnd.jupyter.widget-view+json"}, {"text/plain", "text/html"}
    assert run(kernel, MAKE)[1] == [widget | still]
    assert run(kernel, MAKE, cellId="three")[1] == [widget, still]


def test_outside_of_a_kernel_a_server_is_just_a_server():
    from iolab import serve
    with serve("day4/tcp_server.py") as server:
        assert listens(server.port) and os.getpid() != server.pid


def test_what_a_cell_made_ends_when_it_is_forgotten(kernel):
    """Its cell keeps no hold of it."""
    forget = "\nimport gc\nport = server.port\ndel server, talk\n_ = __ = ___ = None\nOut.clear()\ngc.collect()"
    held = "\nprint(port)"
    port = int(run(kernel, MAKE.replace("print(server.port)\ntalk", "") + forget + held, cellId="four")[0])
    assert not listens(port)
