"""/proc/net/tcp, tcp6, udp and udp6: the sockets of this network namespace.

Source: Documentation/networking/proc_net_tcp.rst and, for the state names, include/net/tcp_states.h in the kernel.
"""
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from iolab.procfs.root import ROOT

STATES = {
    0x01: "ESTABLISHED", 0x02: "SYN_SENT", 0x03: "SYN_RECV", 0x04: "FIN_WAIT1", 0x05: "FIN_WAIT2", 0x06: "TIME_WAIT",
    0x07: "CLOSE", 0x08: "CLOSE_WAIT", 0x09: "LAST_ACK", 0x0A: "LISTEN", 0x0B: "CLOSING", 0x0C: "NEW_SYN_RECV",
    0x0D: "BOUND_INACTIVE",
}


@dataclass(frozen=True)
class Socket:
    """One socket as the kernel sees it.

    local and remote are (ip, port). tx_queue: bytes not yet acknowledged by the peer. rx_queue: bytes not yet read
    by the program; for LISTEN the connections that wait for accept(). inode is 0 when no process holds the socket
    any more (TIME_WAIT). A UDP socket is CLOSE until connect() gives it a peer, then ESTABLISHED.
    """

    local: tuple[str, int]
    remote: tuple[str, int]
    state: str
    tx_queue: int
    rx_queue: int
    inode: int


def tcp(root=ROOT, port=None):
    """All TCP sockets over IPv4 and IPv6, in the kernel's order. An address family that is switched off has none.

    port: only sockets with this port at one end, which is much faster on a machine with many sockets.
    """
    return _table("tcp", root, port) + _table("tcp6", root, port)


def udp(root=ROOT, port=None):
    """All UDP sockets over IPv4 and IPv6, in the kernel's order; port as for tcp()."""
    return _table("udp", root, port) + _table("udp6", root, port)


def find(sockets, local, remote):
    """The socket with exactly these two ends, or None. Ends are (ip, port)."""
    return next((one for one in sockets if (one.local, one.remote) == (local, remote)), None)


def parse(line):
    """One line of such a table as a Socket. Raises ValueError when it is none."""
    fields = line.split()
    try:
        _, local, remote, state, queues, _, _, _, _, inode, *_ = fields
        sending, receiving = queues.split(":")
        return Socket(
            _end(local), _end(remote), STATES[int(state, 16)], int(sending, 16), int(receiving, 16), int(inode)
        )
    except (ValueError, KeyError):
        raise ValueError(f"not a line of /proc/net/tcp: {line!r}") from None


def _table(name, root, port):
    path = Path(root, "net", name)
    try:
        lines = path.read_text().splitlines()
    except FileNotFoundError:
        if path.parent.is_dir():
            return []
        raise
    mark = "" if port is None else f":{port:04X} "
    return [parse(line) for line in lines[1:] if mark in line]


def _end(text):
    """The kernel prints each 32-bit word of the address in the machine's byte order, the port as a plain number."""
    words, port = text.split(":")
    family = {8: socket.AF_INET, 32: socket.AF_INET6}[len(words)]
    raw = b"".join(int(words[at:at + 8], 16).to_bytes(4, sys.byteorder) for at in range(0, len(words), 8))
    return socket.inet_ntop(family, raw), int(port, 16)
