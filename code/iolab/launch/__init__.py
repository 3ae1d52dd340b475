"""Teaching scripts in processes of their own: run one to its end, serve with one, show one."""

from iolab.launch.child import ScriptError
from iolab.launch.listing import show
from iolab.launch.runner import run
from iolab.launch.scripts import ScriptNotFound
from iolab.launch.server import serve

__all__ = ["ScriptError", "ScriptNotFound", "run", "serve", "show"]
