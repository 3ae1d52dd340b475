"""Where this is no Linux, a cell that needs Linux says so in a sentence and the next one runs; no traceback."""

import re
import sys
from types import ModuleType

from IPython import get_ipython

from iolab.launch import ScriptError

FOLDERS = ("/proc", "/sys", "/dev/shm")
# What a script that serve() has started says of it
TOLD = re.compile(r"module '(\w+)' has no attribute '(\w+)'|No such file or directory: '(/(?:proc|sys|dev)/[^']*)'")


def explain_cells():
    """Explain from now on what cells cannot do here. Outside of IPython nothing happens."""
    if shell := get_ipython():
        explainer = _Explainer()
        shell.set_custom_exc((AttributeError, ImportError, OSError, NameError, ScriptError), explainer.explain)
        shell.events.register("post_run_cell", explainer.forgive)


def lacking(error):
    """Name what of Linux was asked for (str); None when the error has another reason."""
    match error:
        case AttributeError(obj=ModuleType() as module, name=name):
            return f"{module.__name__}.{name}"
        case ImportError(name=str() as name) if name.partition(".")[0] in sys.stdlib_module_names:
            return name
        case OSError(filename=str() as name) if name.startswith(FOLDERS):
            return name
        case ScriptError() if found := TOLD.search(str(error)):
            return found[3] or f"{found[1]}.{found[2]}"
    return None


class _Explainer:
    def __init__(self):
        self._left_out = False  # a cell before this one did not run
        self._explained = None

    def explain(self, shell, kind, error, traceback, tb_offset=None):
        if what := lacking(error):
            self._left_out, self._explained = True, error
            print(f"这里是 {sys.platform}，没有 {what}：这个单元格要在 Linux 上运行，书里印着它在那里的输出。")
        elif self._left_out and isinstance(error, NameError):
            self._explained = error
            print(f"前面有单元格没能在这里运行，所以还没有 {error.name}。")
        else:
            shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)

    def forgive(self, result):
        """An error that was explained does not stop the cells that follow."""
        if result.error_in_exec is not None and result.error_in_exec is self._explained:
            result.error_in_exec = None
