"""/proc/<pid>/status: what the kernel says about a process in lines of names and values. Source: proc_pid_status(5)."""
from iolab.procfs.root import ROOT, no_process, of_process


def peak_memory(pid, root=ROOT):
    """Bytes of memory that process `pid` had at its most (VmHWM); 0 for a zombie or a kernel thread, which have none.

    Raises ProcessLookupError with the pid when there is no such process.
    """
    path = of_process(pid, "status", root)
    try:
        text = path.read_bytes().decode(errors="surrogateescape")
    except (FileNotFoundError, ProcessLookupError):  # it was reaped since the folder was looked at
        raise no_process(pid, root) from None
    found = text.partition("\nVmHWM:")[2].split()
    return 1024 * int(found[0]) if found else 0
