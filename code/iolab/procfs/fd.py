"""/proc/<pid>/fd: the open file descriptors of a process. Source: proc(5), proc_pid_fd(5)."""
import os

from iolab.procfs.root import ROOT, no_process, of_process


def targets(pid, root=ROOT):
    """Descriptor -> what it refers to: a path, "socket:[inode]", "pipe:[inode]", "anon_inode:[eventpoll]", …

    Raises ProcessLookupError when there is no such process, PermissionError when it belongs to somebody else.
    """
    folder = of_process(pid, "fd", root)
    try:
        names = os.listdir(folder)
    except (FileNotFoundError, ProcessLookupError):
        raise no_process(pid, root) from None
    found = {}
    for name in names:
        try:
            found[int(name)] = os.readlink(folder / name)
        except FileNotFoundError:  # closed meanwhile: listing our own fds opens one for the listing itself
            continue
    return dict(sorted(found.items()))


def count(pid, root=ROOT):
    """How many descriptors process `pid` has open."""
    return len(targets(pid, root))


def socket_inodes(pid, root=ROOT):
    """The inodes of the sockets that process `pid` holds: they lead to the lines of net.tcp()."""
    return {int(target[8:-1]) for target in targets(pid, root).values() if target.startswith("socket:[")}
