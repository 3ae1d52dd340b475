"""Nothing outlives a Jupyter kernel or a pytest run, however it ends."""

import os
import signal
import subprocess
import sys

import pytest

from iolab.procfs import stat
from kernels import start_kernel
from processes import kill_marked, listens, marked, wait_until

SERVE = "from iolab import serve\nserver = serve('day4/tcp_server.py')\nprint(server.port)\n"
SERVE_IN_A_BLOCK = "from iolab import serve\nwith serve('day4/tcp_server.py') as server:\n    print(server.port)\n"


class Kernel:
    """A real kernel; run(code) returns (port printed by the cell or None, name of the cell's error or None)."""

    def __init__(self):
        self.manager, self.client = start_kernel()

    def run(self, code):
        printed = []
        reply = self.client.execute_interactive(
            code, timeout=60, output_hook=lambda message: printed.append(message["content"].get("text", "")))
        port = "".join(printed).split()
        return int(port[0]) if port and port[0].isdigit() else None, reply["content"].get("ename")

    def begin(self, code):
        """Start a cell; return (its message id, what it has printed first) and let it go on."""
        request = self.client.execute(code)
        while True:
            message = self.client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
                return request, message["content"]["text"]

    def error_of(self, request):
        """The name of the error with which the cell ended."""
        while True:
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == request:
                return reply["content"].get("ename")

    def end(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture
def kernel(mark):
    kernel = Kernel()
    yield kernel
    kernel.end()


def gone(mark, kernel=None):
    """Whether nothing with the mark lives, the kernel itself not counted."""
    own = {kernel.manager.provisioner.pid} if kernel else set()
    return not set(marked(mark)) - own


def test_end_of_the_kernel(kernel, mark):
    port, _ = kernel.run(SERVE)
    assert listens(port)
    kernel.client.shutdown()
    wait_until(lambda: gone(mark) and not listens(port), "the server's end after the kernel's normal end")


def test_restart_of_the_kernel(kernel, mark):
    port, _ = kernel.run(SERVE)
    assert listens(port)
    kernel.manager.restart_kernel(now=True)
    wait_until(lambda: gone(mark, kernel) and not listens(port), "the server's end after the kernel's restart")


def test_sigkill_of_the_kernel(kernel, mark):
    port, _ = kernel.run(SERVE)
    assert listens(port)
    folders = {os.readlink(f"/proc/{pid}/cwd") for pid in marked(mark)} - {os.getcwd()}
    os.kill(kernel.manager.provisioner.pid, signal.SIGKILL)
    wait_until(lambda: gone(mark) and not listens(port), "the server's end after the kernel was killed")
    assert folders and not any(map(os.path.exists, folders)), "its working folder is left"


def test_sigkill_of_the_kernel_while_the_guardians_are_stopped(kernel, mark):
    port, _ = kernel.run(SERVE)
    own = kernel.manager.provisioner.pid
    guardians = [one.pid for one in stat.descendants(own) if b"guardian.py" in cmdline(one.pid)]
    assert len(guardians) == 2
    for pid in guardians:
        os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: {stat.read(pid).state for pid in guardians} == {"T"}, "the guardians' stop")
    os.kill(own, signal.SIGKILL)
    wait_until(lambda: gone(mark) and not listens(port), "the server's end although its guardians were stopped")


def cmdline(pid):
    with open(f"/proc/{pid}/cmdline", "rb") as file:
        return file.read()


def test_sigkill_of_a_kernel_that_was_forked(kernel, mark):
    fork = "\nimport os, time\nif os.fork() == 0:\n    time.sleep(60)\n    os._exit(0)\n"
    port, _ = kernel.run(SERVE + fork)
    os.kill(kernel.manager.provisioner.pid, signal.SIGKILL)
    try:
        wait_until(lambda: not listens(port), "the server's end although a fork of the kernel holds its pipes")
    finally:
        kill_marked(mark)


def test_exception_in_the_cell(kernel, mark):
    port, error = kernel.run(SERVE_IN_A_BLOCK + "    1/0")
    assert error == "ZeroDivisionError" and gone(mark, kernel) and not listens(port)


def test_interrupt_of_a_cell_that_waits(kernel, mark):
    request, port = kernel.begin(SERVE_IN_A_BLOCK + "    server.wait_for('never', timeout=60)")
    kernel.manager.interrupt_kernel()
    assert kernel.error_of(request) == "KeyboardInterrupt"
    assert gone(mark, kernel) and not listens(int(port))


def test_interrupt_spares_a_server_of_another_cell(kernel, mark):
    port, _ = kernel.run(SERVE)
    request, _ = kernel.begin("import time\nprint('begun', flush=True)\ntime.sleep(60)")
    kernel.manager.interrupt_kernel()
    assert kernel.error_of(request) == "KeyboardInterrupt"
    assert listens(port)


def test_sigkill_of_pytest(mark, tmp_path):
    test = tmp_path / "test_it.py"
    test.write_text("from iolab import serve\n\n\ndef test_it():\n    s = serve('day4/tcp_server.py')\n"
                    "    print('port', s.port, flush=True)\n    s.wait_for('never', timeout=60)\n")
    command = [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", "--rootdir", tmp_path, test]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as pytest_run:
        port = next(int(line.split()[-1]) for line in pytest_run.stdout if "port" in line)
        assert listens(port)
        pytest_run.kill()
    wait_until(lambda: gone(mark) and not listens(port), "the server's end after pytest was killed")
