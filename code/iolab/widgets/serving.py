"""`serve(script)` of a notebook: as in iolab.launch, and the server ends with its cell."""

import functools

from iolab import launch
from iolab.launch.server import Server
from iolab.widgets import cells


@functools.wraps(launch.serve)
def serve(script, *args, **options):
    server = launch.serve(script, *args, **options)
    cells.ends_with_this_cell(server, Server.stop)
    return server
