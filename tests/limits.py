"""Run a teaching script under limits that hold for root too."""

import ctypes
import resource
import subprocess
import sys
from dataclasses import dataclass

from iolab.launch import scripts

PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2  # prctl(2), capabilities(7)


@dataclass(frozen=True)
class Ended:
    status: int
    output: str


def run_limited(script, *args, input="", file_size=None, obey_permissions=False):
    """Run code/<script> with args; return its status and its output.

    file_size: most bytes that a file may grow to (RLIMIT_FSIZE: write fails with EFBIG), as on a disk that is full.
    obey_permissions: take from root the right to pass over a file's permission bits.
    """
    libc = ctypes.CDLL(None)

    def limit():
        if file_size is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))
        if obey_permissions:
            for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
                libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)

    done = subprocess.run(
        [sys.executable, "-B", "-X", "utf8", str(scripts.find(script)), *map(str, args)], input=input.encode(),
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, preexec_fn=limit, timeout=30,
    )
    return Ended(done.returncode, done.stdout.decode())
