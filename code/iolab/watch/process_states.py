"""A real child process on its way through R, S, T, D and Z, sampled from /proc/<pid>/stat."""

import contextlib
import errno
import fcntl
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from iolab.procfs import stat
from iolab.watch.sampler import Sampler, WatchError
from iolab.watch.trace import Trace

TITLE = "一个真实进程的状态（/proc/<pid>/stat）"
WORKER = Path(__file__).with_name("worker.py")
LABEL = "子进程"


def record():
    """Record and return the Trace. Between two waits the child always computes, so no state follows by luck."""
    with tempfile.TemporaryDirectory(prefix="iolab-") as folder, open(Path(folder, "lock"), "w") as lock:
        fifo = Path(folder, "fifo")
        os.mkfifo(fifo)
        with _worker(lock.name, fifo) as child:
            return Trace.made_here("process_states", TITLE, _watch(child, lock, fifo))


def _watch(child, lock, fifo):
    sampler = Sampler([LABEL], lambda: {LABEL: _state(child.pid)})

    def tell(letter):
        child.stdin.write(letter)
        child.stdin.flush()

    def hold(state, cause):
        sampler.hold(cause, **{LABEL: state})

    hold("R", "在计算：正在 CPU 上，或在队列里等 CPU")
    tell(b"s")
    hold("S", "time.sleep：等时间过去")
    child.send_signal(signal.SIGUSR1)
    hold("R", "信号叫醒了它，继续计算")
    tell(b"i")
    hold("S", "read：等管道里的输入")
    tell(b".")
    hold("R", "输入到了，继续计算")
    fcntl.flock(lock, fcntl.LOCK_EX)
    tell(b"l")
    hold("S", "flock：等父进程放开锁")
    fcntl.flock(lock, fcntl.LOCK_UN)
    hold("R", "拿到了锁，继续计算")
    child.send_signal(signal.SIGSTOP)
    hold("T", "SIGSTOP：被信号停住")
    child.send_signal(signal.SIGCONT)
    hold("R", "SIGCONT：继续计算")
    tell(b"v")
    hold("D", "vfork：等它的子进程调用 execve，普通信号叫不醒")
    _open_for_writing(fifo)
    hold("R", "它的子进程换了程序，继续计算")
    tell(b"x")
    hold("Z", "已经退出，父进程还没有 wait：僵尸")
    child.wait()
    hold(None, "父进程 wait 过了，进程表里不再有它")
    return sampler.lanes()


@contextlib.contextmanager
def _worker(lock, fifo):
    child = subprocess.Popen([sys.executable, "-I", str(WORKER), lock, str(fifo)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, start_new_session=True)
    try:
        if child.stdout.readline() != b"ready\n":
            raise WatchError(f"被观察的进程没有启动起来（{WORKER.name}）。")
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)  # with the vfork child, should it still wait for the FIFO
        child.wait()
        child.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()


def _state(pid):
    try:
        return stat.read(pid).state
    except ProcessLookupError:
        return None


def _open_for_writing(fifo):
    """Open and close `fifo` once somebody waits to read from it (fifo(7): ENXIO until then)."""
    deadline = time.monotonic() + 5
    while True:
        try:
            os.close(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
            return
        except OSError as error:
            if error.errno != errno.ENXIO or time.monotonic() > deadline:
                raise
            time.sleep(0.001)
