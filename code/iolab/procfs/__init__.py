"""The kernel's own word about processes and sockets, read from /proc.

One module for each file of /proc; every function takes the root as an argument, so that tests read
frozen copies. Standard library only, Linux only. The formats are those of proc(5) and of the kernel's
Documentation/networking/proc_net_tcp.rst.
"""
from iolab.procfs import fd, net, stat, status
from iolab.procfs.root import ROOT

__all__ = ["ROOT", "fd", "net", "stat", "status"]
