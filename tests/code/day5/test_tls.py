"""day5/tls_*: what TLS hides on its way, what select does not see, and whom a silent client stops."""

import contextlib
import os
import runpy
import socket
import ssl
import struct
import subprocess
import sys

import pytest

from iolab.launch import run, scripts, serve

COMMON = runpy.run_path(str(scripts.find("day5/tls_common.py")))


def test_only_the_password_is_hidden_and_the_name_of_the_host_is_not():
    assert run("day5/tls_wire.py", quiet=True).output == (
        "TCP：口令 看得见\nTLS：口令 看不见 ，主机名 看得见\n客户端发出的记录： 握手 占位 密文 密文\n")


@pytest.mark.parametrize(("script", "said"), [
    ("pending_broken", "第 1 次： 一二\n第 2 次： 没有可读的\n"),
    ("pending_fixed", "第 1 次： 一二\n第 2 次： 三四\n"),
    ("silent_broken", "正常的客户端： 等了 1 秒，没有回答\n"), ("silent_fixed", "正常的客户端： 你好\n")])
def test_each_pair_shows_its_lesson(script, said):
    assert run(f"day5/tls_{script}.py", quiet=True).output == said


@pytest.mark.parametrize(("script", "cure", "instead", "said"), [
    ("silent", "threading.Thread(target=greet, args=args, daemon=True).start()", "greet(*args)",
     "正常的客户端： 等了 1 秒，没有回答\n"),
    ("pending", "conn.pending() > 0 or ", "", "第 1 次： 一二\n第 2 次： 没有可读的\n")])
def test_without_its_cure_it_fails(script, cure, instead, said, tmp_path):
    folder = scripts.CODE / "day5"
    source = (folder / f"tls_{script}_fixed.py").read_text(encoding="utf-8")
    assert source.count(cure) == 1
    (tmp_path / "without.py").write_text(source.replace(cure, instead), encoding="utf-8")
    ended = subprocess.run([sys.executable, "-X", "utf8", tmp_path / "without.py"], capture_output=True, text=True,
                           encoding="utf-8", env={**os.environ, "PYTHONPATH": str(folder)}, timeout=30, check=True)
    assert ended.stdout == said


def test_where_there_is_no_openssl_the_spare_certificate_does_as_well(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    cert, key = COMMON["certificate"](str(tmp_path))
    _, client = COMMON["contexts"](cert, key)
    assert [dict(found)["commonName"] for row in client.get_ca_certs() for found in row["subject"]] == ["localhost"]
    assert ssl.cert_time_to_seconds(client.get_ca_certs()[0]["notAfter"]) > ssl.cert_time_to_seconds(
        "Jan 1 00:00:00 2100 GMT")
    assert run("day5/tls_cert.py", tmp_path, quiet=True).output == "没有 openssl 命令，用现成的：cert.pem key.pem\n"
    assert "主机名 看得见" in run("day5/tls_wire.py", quiet=True).output


def test_where_there_is_one_it_makes_a_new_key_each_time(tmp_path):
    if run("day5/tls_cert.py", tmp_path, quiet=True).output.startswith("没有"):
        pytest.skip("no openssl command here")
    first = (tmp_path / "key.pem").read_bytes()
    run("day5/tls_cert.py", tmp_path, quiet=True)
    assert first != (tmp_path / "key.pem").read_bytes()
    assert (tmp_path / "key.pem").stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """day5/tls_server.py, with the context of a client that trusts it."""
    folder = tmp_path_factory.mktemp("server")
    with serve("day5/tls_server.py", "--folder", folder, "--patience", 2) as running:
        yield running, ssl.create_default_context(cafile=folder / "cert.pem")


@contextlib.contextmanager
def connected(server):
    running, context = server
    with (socket.create_connection(running.address, timeout=10) as conn,
          context.wrap_socket(conn, server_hostname="localhost") as conn):
        yield conn


def echoed(server, message):
    with connected(server) as conn:
        conn.sendall(message)
        data = b""
        while len(data) < len(message) and (piece := conn.recv(65536)):
            data += piece
        return data


def test_the_server_echoes_more_than_one_record(server):
    message = bytes(range(256)) * 1000
    assert echoed(server, message) == message


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.0\r\n\r\n", bytes.fromhex("1603010200") + bytes(512)])
def test_who_does_not_shake_hands_disturbs_nobody(server, first):
    with socket.create_connection(server[0].address, timeout=10) as stranger:
        stranger.sendall(first)
        assert echoed(server, b"hello") == b"hello"


def test_who_says_nothing_is_put_out_after_a_while(server):
    with socket.create_connection(server[0].address, timeout=10) as silent:
        assert silent.recv(1) == b""


def test_who_leaves_without_a_word_disturbs_nobody(server):
    with connected(server) as conn:
        conn.sendall(b"x" * 100)
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert echoed(server, b"hello") == b"hello"


def test_who_waits_for_the_end_is_told_goodbye(server):
    running, context = server
    with (socket.create_connection(running.address, timeout=10) as conn,
          context.wrap_socket(conn, server_hostname="localhost", suppress_ragged_eofs=False) as conn):
        conn.sendall(b"x")
        assert conn.recv(10) == b"x"
        assert conn.unwrap()                    # fails where only a FIN comes
