"""The process between the notebook and a script: it sees to it that nothing outlives the notebook.

Run as  python -I -S guardian.py CONTROL_FD STATUS_FD FOLDER SCRIPT_ARGV...  by iolab.launch.child, never imported.

The guardian starts the script, adopts every orphan the script leaves (PR_SET_CHILD_SUBREAPER, prctl(2)) and reaps
them all. It writes two lines to STATUS_FD: the script's pid, and its exit status once it has ended (negative: the
signal's number). It ends by itself when the last descendant has ended, and removes FOLDER ("" for none).

The starter holds the other end of CONTROL_FD and writes nothing to it. The pipe's end of file is the order to stop:
it comes when the starter closes it, and also when the starter is killed with SIGKILL, because the kernel closes the
descriptors of a dead process. (A fork of the starter would keep the pipe open, so a change of parent is an order too.)
Then: SIGTERM to the script, GRACE seconds, SIGKILL to all descendants.
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
import time

GRACE = 1.0  # seconds between SIGTERM and SIGKILL
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def prctl(option, value):
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def descendants():
    """Pids of all living processes below this one (proc(5): field 4 of /proc/<pid>/stat is the parent)."""
    children = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat") as stat:
                parent = int(stat.read().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(name))
    found, queue = [], [os.getpid()]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def kill_all(script):
    if sys.platform != "linux":
        os.killpg(script, signal.SIGKILL)
        return
    for pid in descendants():
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def stop_on_order(control, script, starter):
    while not select.select([control], [], [], 1)[0] and os.getppid() == starter:
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(script, signal.SIGTERM)
    time.sleep(GRACE)
    while True:  # until the main thread has reaped the last one and ended this process
        kill_all(script)
        time.sleep(0.05)


def become_script():
    """Between fork and exec: begin as from a terminal, whatever signals the starter ignores or blocks (signal(7))."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main(control, status, folder, argv):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, it would lose every exit status (wait(2))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    starter = os.getppid()
    # The name `process` stays: a Popen that is forgotten reaps its child, and the loop below would miss its status.
    process = subprocess.Popen(argv, process_group=0, preexec_fn=become_script)
    script = process.pid
    os.write(status, b"%d\n" % script)
    for standard in (0, 1, 2):  # or the readers at the other ends would wait for this process too
        os.close(standard)
    threading.Thread(target=stop_on_order, args=(control, script, starter), daemon=True).start()
    while True:
        try:
            pid, wait_status = os.waitpid(-1, 0)
        except ChildProcessError:
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
            os._exit(0)
        if pid == script:
            with contextlib.suppress(BrokenPipeError):
                os.write(status, b"%d\n" % os.waitstatus_to_exitcode(wait_status))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
