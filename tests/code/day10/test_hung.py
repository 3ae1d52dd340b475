"""The servers that hang answer what does not make them hang; how they hang, tests/iolab/diagrams/test_hang.py sees."""

import socket

import pytest

from iolab.launch import serve


def ask(conn, line):
    conn.sendall(line + b"\n")
    return conn.recv(100)


@pytest.mark.parametrize(("number", "line", "answer"), [
    (1, "甲 乙", b"ok\n"), (1, "甲 甲", b"?\n"), (1, "丙 乙", b"?\n"), (1, "\0", b"?\n"), (3, "ab", b"0\n"),
])
def test_it_answers_at_first(number, line, answer):
    with serve(f"day10/hung_{number}.py") as server, socket.create_connection(server.address, timeout=5) as conn:
        assert ask(conn, line.encode()) == answer


@pytest.mark.parametrize(("number", "line"), [(2, "茶"), (3, "a b"), (4, "面")])
def test_others_may_connect_while_it_hangs(number, line):
    with serve(f"day10/hung_{number}.py") as server, socket.create_connection(server.address, timeout=0.2) as conn:
        with pytest.raises(TimeoutError):
            ask(conn, line.encode())
        socket.create_connection(server.address, timeout=5).close()
