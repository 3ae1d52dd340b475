"""Where the live book listens, and under which names it may be asked for."""

import errno
import ipaddress
import socket
import sys
from contextlib import suppress
from pathlib import Path

from tornado.netutil import bind_sockets

# What a page keeps of its reader's edits, the browser keeps for one address: the port should be the same next time.
REMEMBERED = Path(sys.prefix, "live-port")


def listen(host, port=None):
    """Return the listening sockets for `host` at `port` (int; 0: the kernel chooses; None: as the last time).

    Raises OSError when `host` is no address of this machine or an asked for port is taken.
    """
    if port is not None:
        return bind_sockets(port, host)
    with suppress(OSError, ValueError, OverflowError):
        return bind_sockets(int(REMEMBERED.read_text()), host)
    sockets = bind_sockets(0, host)
    with suppress(OSError):
        if not REMEMBERED.exists():
            REMEMBERED.write_text(str(sockets[0].getsockname()[1]))
    return sockets


def is_local(host):
    """Whether only this machine can reach what listens at `host`."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


def named(host):
    """What stands for `host` in a URL: for 0.0.0.0, this machine's own address in the network."""
    found = _own(host) if _is_address(host) and ipaddress.ip_address(host).is_unspecified else host
    return f"[{found}]" if ":" in found else found.lower()


def _own(host):
    family, anywhere = (socket.AF_INET6, "2001:db8::1") if ":" in host else (socket.AF_INET, "192.0.2.1")
    with socket.socket(family, socket.SOCK_DGRAM) as asked:
        try:
            asked.connect((anywhere, 9))  # UDP: nothing is sent, the kernel only chooses the way
            return asked.getsockname()[0]
        except OSError as error:
            if error.errno not in (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EHOSTUNREACH):
                raise
    return "::1" if ":" in host else "127.0.0.1"


def names(host, port):
    """Every Host header under which the server answers; any other is a name that somebody else points here."""
    return {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]", named(host))}


def _is_address(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
