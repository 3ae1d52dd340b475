"""Kernels that are reached over Unix sockets.

jupyter_client chooses a kernel's TCP ports and lets go of them before the kernel binds them; a server of another test
may take one in between, and then the kernel dies (write_connection_file in jupyter_client/connect.py).
"""

import tempfile
from pathlib import Path

import jupyter_client


class OverUnixSockets:
    """A kernel manager whose kernel takes no port: its sockets are files in a folder that goes with the manager."""

    def __init__(self, **traits):
        self._folder = tempfile.TemporaryDirectory(prefix="kernel-")  # short: a socket's path has at most 107 bytes
        super().__init__(transport="ipc", connection_file=str(Path(self._folder.name, "kernel.json")), **traits)


class KernelManager(OverUnixSockets, jupyter_client.KernelManager):
    pass


class AsyncKernelManager(OverUnixSockets, jupyter_client.AsyncKernelManager):
    pass


def start_kernel():
    """Start a kernel; return its (manager, client)."""
    manager = KernelManager()
    manager.start_kernel()
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    return manager, client


def pytest_configure():
    """Let nbval's kernels be such: `-p kernels`, or from conftest.py."""
    import nbval.kernel

    nbval.kernel.KernelManager = KernelManager
