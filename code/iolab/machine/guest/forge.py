"""Processes for iolab.launch without an interpreter's start: guardian and script are forks of one that is warm.

The forge is a process that has all of warm.py, one thread and nothing of the reader's. A kernel sends it an order and
the descriptors over a socket; its fork becomes the guardian, and the guardian's fork the script, run as __main__ at the
bottom of supervisor.py, so that the script ends as an interpreter ends.
"""

import array
import contextlib
import ctypes
import functools
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import types

from iolab.machine.guest import ending

ADDRESS = f"\0iolab-forge-{os.getpid()}"  # of the supervisor, whose forks all others are
GROUPS, CELLS, SHELLS = "/run/cgroup", "cells", "shells"  # init makes them
KERNEL = f"{CELLS}/kernel"
HIGH = 200  # descriptors on their way to their own numbers stand above
PR_SET_PDEATHSIG, PR_SET_MM, ARG_END = 1, 35, 9
GUARDIAN = "guardian.py"


class Becomes(BaseException):
    """Up to the bottom of supervisor.py: this process is from now on what `work` does."""

    def __init__(self, work):
        super().__init__()
        self.work = work


def start():
    """Fork the forge. Returns what it is to do, as a function, and None; in the process that called None and a
    descriptor that can be read once the forge has ended.
    """
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listening.bind(ADDRESS)
    listening.listen(50)
    if not (pid := os.fork()):
        return (lambda: _serve(listening)), None
    listening.close()
    return None, os.pidfd_open(pid)


def _serve(listening):
    importlib.import_module("iolab.machine.guest.warm")  # whatever is forked from here has it already

    end_with_parent()  # the next supervisor makes another
    gc.collect()
    gc.freeze()
    rename("forge")
    enter_group(CELLS)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ordered a process waits for it by its pidfd
    while True:
        client, _ = listening.accept()
        with client:
            order, ancillary, *_ = client.recvmsg(200_000, socket.CMSG_SPACE(64 * 4))
            descriptors = [fd for _, _, data in ancillary for fd in array.array("i", data)]
            try:
                pid = os.fork() if order else 1
            except OSError as error:  # there is no room for another process
                pid = -error.errno
            if not pid:
                client.close()
                listening.close()
                order, become = json.loads(order), {"kernel": _become_kernel, "guardian": _become_guardian}
                os.setsid()
                become_expendable()
                move(descriptors, order["numbers"])
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                return lambda: become[order["role"]](order)
            for descriptor in descriptors:
                os.close(descriptor)
            with contextlib.suppress(OSError):  # who has ordered it is no longer there
                client.send(b"%d" % pid)


class Ordered:
    """A process that the forge makes: `role`, with `descriptors` at these `numbers`, and what else the role needs."""

    def __init__(self, role, descriptors, numbers, **more):
        order = {"role": role, "numbers": numbers} | more
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as forge:
            forge.connect(ADDRESS)
            socket.send_fds(forge, [json.dumps(order).encode()], descriptors)
            self.pid = int(forge.recv(20))
        if self.pid < 0:
            raise OSError(-self.pid, os.strerror(-self.pid))
        self._ended = os.pidfd_open(self.pid)

    def fileno(self):
        """A descriptor that can be read once it has ended."""
        return self._ended

    def wait(self, timeout=None):
        if not select.select([self._ended], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(str(self.pid), timeout)

    def send_signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._ended, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)

    def __del__(self):
        if hasattr(self, "_ended"):
            os.close(self._ended)


class _Guardian(Ordered):
    """What iolab.launch.child takes for subprocess.Popen."""

    def __init__(self, argv, stdin, stdout, stderr, cwd, env, start_new_session, pass_fds):
        at = next(at for at, word in enumerate(argv) if str(word).endswith(GUARDIAN))
        control, status, _, folder, *script = map(str, argv[at + 1:])
        self.stdin = None
        theirs = stdin
        if stdin == subprocess.PIPE:
            theirs, ours = os.pipe()
            self.stdin = os.fdopen(ours, "wb")
        elif stdin == subprocess.DEVNULL:
            theirs = os.open(os.devnull, os.O_RDONLY)
        super().__init__("guardian", [theirs, stdout, stderr, *pass_fds], [0, 1, 2, *pass_fds], cwd=str(cwd), env=env,
                         control=int(control), status=int(status), folder=folder, script=script,
                         scheduler=os.sched_getscheduler(0), nice=os.nice(0))
        if theirs != stdin:
            os.close(theirs)


def install():
    """Let iolab.launch, in this process, order from the forge."""
    import iolab.launch.child

    names = {name: getattr(subprocess, name) for name in ("PIPE", "DEVNULL", "STDOUT", "TimeoutExpired")}
    iolab.launch.child.subprocess = types.SimpleNamespace(**names, Popen=_Guardian)


def _become_kernel(order):
    from iolab.machine.guest import kernel

    end_with_parent()
    rename("cells")
    enter_group(KERNEL)
    renumber_thread()
    kernel.serve(3, 4, 5, order["folder"])


def _become_guardian(order):
    from iolab.launch import guardian

    if order["scheduler"]:  # as a child of who ordered it
        os.sched_setscheduler(0, order["scheduler"], os.sched_param(0))
    os.nice(order["nice"])
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    rename(f"{sys.executable} -I -S {GUARDIAN}")
    guardian.subprocess = types.SimpleNamespace(Popen=_Forked)
    if os.path.exists("/proc/thread-self/children"):
        guardian.descendants = descendants
    guardian.main(order["control"], order["status"], os.getppid(), order["folder"], order["script"])


def descendants():
    """As guardian.descendants, but without a look at every process: a file costs a millisecond in the emulator."""
    found, queue = [], [os.getpid()]
    while queue:
        pid, below = queue.pop(), []
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{pid}/task"):
                with open(f"/proc/{pid}/task/{task}/children") as children:
                    below += map(int, children.read().split())
        found += below
        queue += below
    return found


def end_with_parent():
    """Be killed when the process that forked this one ends (PR_SET_PDEATHSIG, prctl(2))."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def move(descriptors, numbers):
    """Let `descriptors` have these `numbers`, and close all others."""
    import fcntl

    high = [fcntl.fcntl(fd, fcntl.F_DUPFD, HIGH) for fd in descriptors]
    for fd, number in zip(high, numbers, strict=True):
        os.dup2(fd, number)
    below = 3
    for number in sorted(number for number in numbers if number > 2):
        os.closerange(below, number)
        below = number + 1
    os.closerange(below, 1024)


class _Forked:
    """What the guardian takes for subprocess.Popen: a script of Python is a fork, everything else is a program."""

    def __new__(cls, argv, process_group, preexec_fn):
        if argv[0] != sys.executable or not argv[1:] or not argv[1].endswith(".py"):
            return subprocess.Popen(argv, process_group=process_group, preexec_fn=preexec_fn)
        return super().__new__(cls)

    def __init__(self, argv, process_group, preexec_fn):
        self.pid = os.fork()
        if not self.pid:
            os.setpgid(0, process_group)
            preexec_fn()
            raise Becomes(lambda: _run_script(argv))


def _run_script(argv):
    """The file argv[1] as __main__, as a fresh interpreter would run it."""
    import multiprocessing.process
    import random

    os.closerange(3, 1024)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)
    rename("\0".join(argv))
    standard_streams()
    renumber_thread()
    random.seed()
    multiprocessing.process.ORIGINAL_DIR = os.getcwd()
    multiprocessing.process.current_process().authkey = os.urandom(32)
    importlib.invalidate_caches()
    path = argv[1]
    sys.argv, sys.orig_argv = argv[1:], list(argv)
    sys.path[:] = [os.path.dirname(path), *sys.path[1:]]
    loaded, main = set(sys.modules), types.ModuleType("__main__")
    vars(main).update(__file__=path, __builtins__=__builtins__, __cached__=None, __annotations__={})
    sys.modules["__main__"] = main
    here = os.path.dirname(os.path.abspath(__file__))

    def told(kind, error, trace):
        while trace is not None and trace.tb_frame.f_code.co_filename.startswith(here):
            trace = trace.tb_next
        sys.__excepthook__(kind, error.with_traceback(trace), trace)

    sys.excepthook = told
    with open(path, "rb") as file:
        source = file.read()
    ending.run(compile(source, path, "exec", dont_inherit=True), main, loaded)


def standard_streams(line_by_line=False):
    """New ones, as a fresh interpreter has: what was read or not yet written before the fork is not theirs."""
    sys.stdin = sys.__stdin__ = os.fdopen(0, closefd=False)
    sys.stdout = sys.__stdout__ = os.fdopen(1, "w", 1 if line_by_line else -1, closefd=False)
    sys.stderr = sys.__stderr__ = os.fdopen(2, "w", 1, errors="backslashreplace", closefd=False)


def renumber_thread():
    """The one thread of a fork has another number: as a fresh interpreter, threading should know."""
    threading.main_thread()._set_native_id()


def become_expendable():
    """When memory is used up, this process may be killed: the supervisor and the forge never are."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("0")


def enter_group(name):
    """Into a group of processes that are counted and have their share of the processor; no way leads back."""
    with contextlib.suppress(OSError):
        os.mkdir(f"{GROUPS}/{name}")
    _write_group(name, "cgroup.procs", "0")


def end_group(name):
    """SIGKILL to all of a group at once, so that none can fork meanwhile. Returns whether there is such a group."""
    return _write_group(name, "cgroup.kill", "1")


def _write_group(name, file, text):
    try:
        with open(f"{GROUPS}/{name}/{file}", "r+") as group:  # r+: only Linux makes them
            group.write(text)
    except OSError:
        return False
    return True


@functools.cache  # as they are before the first of them is cut
def _arguments():
    """Where this process's arguments begin and end (proc(5)); init makes them long."""
    with open("/proc/self/stat") as stat:
        start, end = stat.read().rpartition(")")[2].split()[45:47]
    return int(start), int(end)


def rename(words):
    """What ps shows of this process: words (str) are parted by NUL or blanks, written where the kernel looks."""
    start, end = _arguments()
    data = words.replace(" ", "\0").encode()[:end - start - 1] + b"\0"
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(start)
        memory.write(data.ljust(end - start, b"\0"))
    ctypes.CDLL(None).prctl(PR_SET_MM, ARG_END, ctypes.c_ulong(start + len(data)), 0, 0)
