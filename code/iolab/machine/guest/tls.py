"""Stands where Python's ssl would be: the first program that imports it has the page bring the real one, with OpenSSL.

Modules of Python's own library (asyncio, http.client) import ssl only to see whether it is there. For them it is not,
or every program would load OpenSSL, until the program itself imports it: then those that saw nothing look again.
"""

import sys

_ADDRESS = "\0iolab-later"  # where the supervisor answers (later.py)
_PATIENCE = 90  # seconds; the page gives up before
_LIBRARY = __file__.rpartition("/")[0]
_REAL = f"{_LIBRARY}/tls/ssl.pyc"
_GIVEN = ("asyncio.base_events", "asyncio.selector_events")  # they have a name ssl, and that is all
_LOOK_AGAIN = ("asyncio.sslproto", "http.client", "urllib.request", "ftplib", "poplib", "smtplib")


def _importer():
    """The file of the code that imports this module."""
    frame = sys._getframe(2)
    while frame and frame.f_code.co_filename.startswith(("<frozen importlib", f"{_LIBRARY}/importlib/")):
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


def _wait():
    """Until the real one is there. Raises ImportError when it cannot be had; to try again is no mistake."""
    import socket

    try:
        with socket.socket(socket.AF_UNIX) as supervisor:
            supervisor.settimeout(_PATIENCE)
            supervisor.connect(_ADDRESS)
            why = supervisor.recv(4096).decode()
    except TimeoutError:
        why = f"等了 {_PATIENCE} 秒，没有等到"
    except OSError as error:
        why = str(error)
    if why:
        raise ImportError(f"页面里的 Linux 没有载入 ssl：{why}。再 import 一次，就再载入一次", name="ssl")


def _become():
    """The real one, here."""
    from importlib.machinery import SourcelessFileLoader

    exec(SourcelessFileLoader("ssl", _REAL).get_code("ssl"), globals())


def _tell():
    """Those who have looked for it in vain."""
    from importlib import reload

    for name in _GIVEN:
        if name in sys.modules:
            sys.modules[name].ssl = sys.modules[__name__]
    for name in _LOOK_AGAIN:
        if name in sys.modules:
            reload(sys.modules[name])


if _importer().startswith(f"{_LIBRARY}/"):
    raise ModuleNotFoundError("No module named 'ssl'", name="ssl")
_wait()
_become()
_tell()
