"""day5/unix_stale: what is left of a socket with a path, and when it may be removed."""

import errno

import pytest

from iolab.launch import run
from preludes import output_without

IN_USE = "启动失败： Address already in use\n"
LEFT = "last.bind(path)"


@pytest.mark.parametrize(("script", "said"), [("broken", IN_USE), ("fixed", "重启成功\n" + IN_USE)])
def test_a_file_that_nobody_listens_at_keeps_only_the_broken_one_from_its_start(script, said):
    assert run(f"day5/unix_stale_{script}.py", quiet=True).output == said


def test_a_file_that_is_no_socket_is_not_removed(tmp_path):
    assert output_without({LEFT: "open(path, 'w').close()"}, "day5/unix_stale_fixed.py", tmp_path) == IN_USE


def test_without_a_file_there_is_nothing_to_remove(tmp_path):
    assert output_without({LEFT: "pass"}, "day5/unix_stale_fixed.py", tmp_path) == "重启成功\n" + IN_USE


def test_a_server_too_busy_to_accept_is_alive_and_keeps_nobody_waiting(tmp_path):
    full = {"listener.listen()": "listener.listen(0)", 'print("重启成功")':
            "queue = [socket.socket(socket.AF_UNIX) for _ in range(3)]\n                for client in queue:\n"
            "                    client.setblocking(False)\n                    print(client.connect_ex(path))"}
    said = output_without(full, "day5/unix_stale_fixed.py", tmp_path)
    assert said == f"0\n{errno.EAGAIN}\n{errno.EAGAIN}\n" + IN_USE
