"""The two processes between the notebook and a script: they see to it that nothing outlives the notebook.

Run as  python -I -S guardian.py CONTROL_FD STATUS_FD STARTER_PID FOLDER SCRIPT_ARGV...  by iolab.launch.child, never
imported. Its child, the inner guardian, starts the script; the outer one takes the order to stop. A script may kill or
stop the process above it: that is the inner one, and the outer one then ends everything. When the outer one is killed,
the inner one does.

Both adopt the orphans that the script leaves (PR_SET_CHILD_SUBREAPER, prctl(2)) and reap them. The inner one writes two
lines to STATUS_FD: the script's pid, and its exit status once it has ended (negative: the signal's number). Both end by
themselves when the last descendant has ended; the outer one then removes FOLDER ("" for none).

The order to stop is a byte, or the end of file, from CONTROL_FD. The end of file also comes when the starter is killed
with SIGKILL, because the kernel closes the descriptors of a dead process. (A fork of the starter would keep the pipe
open, so a change of parent is an order too.) Then: SIGTERM to the script, GRACE seconds, SIGKILL to all descendants.
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
PATIENCE = 0.5  # seconds more until the outer guardian does what the inner one should have done
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
        except OSError:
            continue
        children.setdefault(parent, []).append(int(name))
    found, queue = [], [os.getpid()]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def tracks_resources(pid):
    """Whether it is the tracker of multiprocessing: once all others have gone it removes what they shared, and ends."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as cmdline:
            words = cmdline.read().split(b"\0")
        return any(word.startswith(b"from multiprocessing.resource_tracker import") for word in words)
    except OSError:  # it has gone, or is not ours to look at
        return False


def kill_all(child):
    """SIGKILL to all descendants, again and again: until the main thread has reaped the last and ended this process.

    A resource tracker has PATIENCE seconds for its own work: semaphores and shared memory outlive who is killed.
    """
    patient_until = time.monotonic() + PATIENCE
    while True:
        for pid in descendants() if sys.platform == "linux" else [-child]:
            if time.monotonic() < patient_until and tracks_resources(pid):
                continue
            with contextlib.suppress(OSError):  # one that has gone, or has become another user's, spares no other
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)


def in_a_thread(work, *args):
    threading.Thread(target=work, args=args, daemon=True).start()


def reaped():
    """(pid, wait status) of each descendant that has ended, until there is none."""
    with contextlib.suppress(ChildProcessError):
        while True:
            yield os.waitpid(-1, 0)


def close_standard_streams():
    """Or the readers at the other ends would wait for this process too."""
    for standard in (0, 1, 2):
        os.close(standard)


def guard_outside(inner, control, bond, starter):
    """Stop when it is ordered or when `starter` has gone. The inner guardian knows when `bond` is closed."""
    close_standard_streams()

    def stop_on_order():
        while not select.select([control], [], [], 1)[0] and os.getppid() == starter:
            pass
        os.close(bond)
        time.sleep(GRACE + PATIENCE)
        kill_all(inner)

    in_a_thread(stop_on_order)
    for pid, _ in reaped():
        if pid == inner:
            in_a_thread(kill_all, inner)  # it was killed, or there is nobody left to kill


def guard_inside(status, bond, argv):
    """Start the script, tell `status` of it, and stop when the other end of `bond` is closed."""
    os.setpgid(0, 0)
    # The name `process` stays: a Popen that is forgotten reaps its child, and the loop below would miss its status.
    process = subprocess.Popen(argv, process_group=0, preexec_fn=become_script)
    script = process.pid
    os.write(status, b"%d\n" % script)
    close_standard_streams()

    def stop_on_order():
        select.select([bond], [], [])
        with contextlib.suppress(ProcessLookupError):
            os.killpg(script, signal.SIGTERM)
        time.sleep(GRACE)
        kill_all(script)

    in_a_thread(stop_on_order)
    for pid, wait_status in reaped():
        if pid == script:
            with contextlib.suppress(BrokenPipeError):
                os.write(status, b"%d\n" % os.waitstatus_to_exitcode(wait_status))


def become_script():
    """Between fork and exec: begin as from a terminal, whatever signals the starter ignores or blocks (signal(7))."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main(control, status, starter, folder, argv):
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # ignored, it would lose every exit status (wait(2))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    prctl(PR_SET_PDEATHSIG, signal.SIGCONT)  # should somebody have stopped it
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    theirs, ours = os.pipe()
    if inner := os.fork():
        os.close(theirs)
        os.close(status)
        guard_outside(inner, control, ours, starter)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
    else:
        os.close(ours)
        os.close(control)
        prctl(PR_SET_CHILD_SUBREAPER, 1)
        guard_inside(status, theirs, argv)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5:])
