"""The kernels of live pages: each ends with its page, and with a kernel ends all that its cells have started."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import Float, Unicode

from iolab.live.leftovers import KERNEL_MARK, end, marked

# Else a kernel that prints faster than the server reads throws away what it says, the end of the run as well (zmq's
# high-water mark); so it waits.
NO_LOSS = ("get_ipython().kernel.iopub_thread.schedule(lambda thread=get_ipython().kernel.iopub_thread, "
           "option=__import__('zmq').XPUB_NODROP: thread.socket.set(option, 1))")
GRACE = 3  # seconds for those who guard a script to end it in order (launch/guardian.py needs less)


class PageKernels(AsyncMappingKernelManager):
    """Kernels of pages. One that no page has been connected to for `patience` seconds is ended.

    Each works in a folder of its own, which goes with it. From there, cells find what they would find beside their
    page's source, the folder `path` of `sources`; without sources it is empty.
    """

    patience = Float(15, config=True)
    sources = Unicode("", config=True)

    def __init__(self, **traits):
        super().__init__(**traits)
        self._folders, self._alone, self._tasks, self._ending = {}, {}, set(), set()

    async def _async_start_kernel(self, *, kernel_id=None, path=None, **options):
        kernel_id = kernel_id or self.new_kernel_id()
        folder = self._folders[kernel_id] = tempfile.mkdtemp(prefix="cells-", dir=self.root_dir)
        cwd = mirror(Path(self.sources), path or "", Path(folder)) if self.sources else folder
        options |= {"cwd": str(cwd), "env": {**os.environ, KERNEL_MARK: kernel_id},
                    "extra_arguments": ["--HistoryManager.enabled=False", f"--IPKernelApp.exec_lines={NO_LOSS}"],
                    "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # a page has what cells print
        try:
            await super()._async_start_kernel(kernel_id=kernel_id, **options)
        except BaseException:
            shutil.rmtree(self._folders.pop(kernel_id), ignore_errors=True)
            raise
        self._watch(kernel_id)
        return kernel_id

    start_kernel = _async_start_kernel

    def notify_connect(self, kernel_id):
        super().notify_connect(kernel_id)
        self._watch(kernel_id)

    def notify_disconnect(self, kernel_id):
        super().notify_disconnect(kernel_id)
        self._watch(kernel_id)

    def _watch(self, kernel_id):
        """End the kernel after a while unless somebody is connected."""
        if waiting := self._alone.pop(kernel_id, None):
            waiting.cancel()
        if kernel_id in self and not self._kernel_connections.get(kernel_id):
            self._alone[kernel_id] = asyncio.get_running_loop().call_later(self.patience, self._end, kernel_id)

    def _end(self, kernel_id):
        self._alone.pop(kernel_id, None)
        if kernel_id in self and not self._kernel_connections.get(kernel_id):
            self._in_background(self.shutdown_kernel(kernel_id))

    def _in_background(self, work):
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def start_buffering(self, kernel_id, session_key, channels):
        """Keep what a kernel says until its page is back: not for one that is being ended, or nobody closed these."""
        if kernel_id not in self._ending:
            return super().start_buffering(kernel_id, session_key, channels)
        for stream in channels.values():
            stream.on_recv(None)
            stream.close()

    async def _async_shutdown_kernel(self, kernel_id, now=False, restart=False):
        started = marked(KERNEL_MARK, kernel_id)
        self._ending.add(kernel_id)
        try:
            await super()._async_shutdown_kernel(kernel_id, now=now, restart=restart)
        finally:
            self._ending.discard(kernel_id)
        self._in_background(self._clear_away(kernel_id, started))

    shutdown_kernel = _async_shutdown_kernel

    async def _async_restart_kernel(self, kernel_id, now=False):
        started = marked(KERNEL_MARK, kernel_id)
        await super()._async_restart_kernel(kernel_id, now=now)
        self._in_background(self._clear_away(kernel_id, started))

    restart_kernel = _async_restart_kernel

    def _handle_kernel_died(self, kernel_id):
        started = marked(KERNEL_MARK, kernel_id)
        super()._handle_kernel_died(kernel_id)
        self._in_background(self._clear_away(kernel_id, started))

    async def _clear_away(self, kernel_id, started):
        """End what is left of `started`, the processes of a kernel that has ended."""
        deadline = asyncio.get_running_loop().time() + GRACE
        while (left := started & marked(KERNEL_MARK, kernel_id)) and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.1)
        end(left)
        if kernel_id not in self:
            for file in Path(self.root_dir).glob(f"kernel-{kernel_id}*"):  # one that died has left them
                file.unlink(missing_ok=True)
        if kernel_id not in self and (folder := self._folders.pop(kernel_id, None)):
            shutil.rmtree(folder, ignore_errors=True)

    async def cleared(self):
        """Wait until all that ended kernels have left behind is gone."""
        while self._tasks:
            await asyncio.wait(self._tasks)


def mirror(sources, path, folder):
    """Make the way to sources/`path` anew below `folder`, with links to all that stands beside it; return its end.

    What cells read by a relative path is there, and what they write beside them goes with `folder`. A path that is none
    of sources' folders is taken for sources itself.
    """
    place = (sources / path).resolve()
    place = place if place.is_dir() and place.is_relative_to(sources.resolve()) else sources.resolve()
    here, there = folder, sources.resolve().parent
    for part in place.relative_to(there).parts:
        link(there, here, part)
        here, there = here / part, there / part
        here.mkdir()
    link(there, here)
    return here


def link(there, here, but=None):
    for one in there.iterdir():
        if one.name != but:
            (here / one.name).symlink_to(one)
