"""How a script in a fork of the forge ends: in the steps of Py_RunMain and Py_FinalizeEx, but for the last.

An interpreter frees all that it has loaded, one object after the other. A fork shares that with the forge, and would
have to copy every page of it first: two thirds of a short script's time. Here only what the script made is freed.
"""

import atexit
import contextlib
import gc
import os
import signal
import sys
import threading

FAILED_FLUSH = 120  # the exit status of an interpreter that could not write what it had to write (sys.exit)


def run(code, main, loaded):
    """Run the code of the module `main` and end this process. loaded: the names of the modules that are not its own."""
    status, untold = 0, None
    try:
        exec(code, vars(main))
    except SystemExit as leaving:
        status = leaving.code
    except BaseException as error:
        status, untold = None if isinstance(error, KeyboardInterrupt) else 1, sys.exc_info()
    for stream in (sys.stdout, sys.stderr):  # before the traceback, whether it can be written or not
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    if untold:
        sys.excepthook(*untold)
    else:
        status = _exit_status(status)
    del untold
    try:
        threading._shutdown()
    except BaseException:
        sys.excepthook(*sys.exc_info())
    atexit._run_exitfuncs()
    flushed = _flush()
    _free(main, loaded)
    if not (_flush() and flushed):
        status = FAILED_FLUSH
    if status is None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(130 if status is None else status & 0xFF)


def _exit_status(code):
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


def _flush():
    """Whether all that was printed could be written."""
    flushed = True
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError):  # the script has closed it, or put something else there
            pass
        except OSError as error:
            flushed = stream is sys.stderr
            with contextlib.suppress(OSError):
                print(f"Exception ignored in: {stream!r}\n{type(error).__name__}: {error}", file=sys.stderr)
    return flushed


def _free(main, loaded):
    """Files that were not closed are written, and what has __del__ hears of its end."""
    own = [module for name, module in reversed(sys.modules.items()) if name not in loaded and module is not main]
    for module in (main, *own):
        names = getattr(module, "__dict__", {})
        for name in sorted(names, key=lambda name: not (name.startswith("_") and name[1:2] != "_")):
            if name != "__builtins__":
                names[name] = None
    gc.collect()
