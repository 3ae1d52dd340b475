"""Where /proc is, and what to say when a process is not in it."""
import errno
from pathlib import Path

ROOT = "/proc"


def of_process(pid, name, root=ROOT):
    """Path of the file `name` of process `pid` below `root`.

    Raises ProcessLookupError when there is no such process, FileNotFoundError when `root` is not a /proc.
    """
    folder = Path(root, str(pid))
    if not folder.is_dir():
        if not Path(root).is_dir():
            raise FileNotFoundError(errno.ENOENT, "no /proc here: this needs Linux with procfs mounted", str(root))
        raise no_process(pid, root)
    return folder / name


def no_process(pid, root=ROOT):
    """The error for a process that does not exist, or has just been reaped."""
    return ProcessLookupError(errno.ESRCH, f"no process {pid} in {root}: it never existed or has been reaped")
