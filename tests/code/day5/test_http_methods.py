"""day5/http_methods.py: each method does what RFC 9110 says; the pairs of the HTTP page fail as they say."""

import itertools
import re
import runpy
import socket
import threading
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer

import pytest

import servers
from iolab.launch import run, scripts, serve, show

OUTPUT = {
    "http_once_broken": "请求行： POST /file HTTP/1.1\n请求体不完整\n",
    "http_once_fixed": "请求行： POST /file HTTP/1.1\n请求体完整\n",
    "http_state_broken": (
        "连接 1 POST /login  你好，小明\n连接 1 GET  /       你好，小明\n连接 2 GET  /       你好，陌生人\n"
        "连接 1，别人 GET  /       你好，小明\n"),
    "http_state_fixed": (
        "连接 1 POST /login  你好，小明\n连接 1 GET  /       你好，小明\n连接 2 GET  /       你好，小明\n"
        "连接 1，别人 GET  /       你好，陌生人\n"),
}


@pytest.mark.parametrize("name", OUTPUT)
def test_the_pairs(name):
    result = run(f"day5/{name}.py", quiet=True)
    first = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert (result.status, result.output) == (0, OUTPUT[name]) and show(f"day5/{name}.py").source.startswith(first)


def test_a_session_cannot_be_guessed_from_another():
    """128 bits that differ from those of every other login in very many places, which a counter's do not."""
    greeter = runpy.run_path(str(scripts.find("day5/http_state_fixed.py")))["Greeter"]
    numbers = []
    with ThreadingHTTPServer(("127.0.0.1", 0), greeter) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        for _ in range(4):
            conn = HTTPConnection(*server.server_address, timeout=10)
            conn.request("POST", "/login")
            cookie = conn.getresponse().headers["Set-Cookie"]
            conn.close()
            numbers.append(int(re.fullmatch("session=([0-9a-f]{32}); HttpOnly", cookie)[1], 16))
        server.shutdown()
        thread.join()
    assert all((one ^ other).bit_count() > 20 for one, other in itertools.combinations(numbers, 2))


def receives(request):
    """What http_once_fixed.py makes of a request after which the client leaves."""
    receive_request = runpy.run_path(str(scripts.find("day5/http_once_fixed.py")))["receive_request"]
    client, server = socket.socketpair()
    with client, server:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        server.settimeout(10)
        return receive_request(server)


def test_a_whole_request_is_taken_and_not_a_byte_more():
    head = b"PUT / HTTP/1.1\r\ncontent-length:3\r\n"
    assert receives(head + b"\r\nabcd") == (head, b"abc")
    assert receives(b"GET / HTTP/1.1\r\n\r\nabcd") == (b"GET / HTTP/1.1\r\n", b"")


@pytest.mark.parametrize(("request_", "error"), [
    (b"PUT / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabcd", ConnectionError),
    (b"PUT / HTTP/1.1\r\nContent-Length: 1\r\n", ConnectionError),
    (b"", ConnectionError),
    (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", ValueError),
    *((b"PUT / HTTP/1.1\r\nContent-Length: %s\r\n\r\nabcd" % length, ValueError)
      for length in (b"-1", b"+1", b"1_0", b"", b"1, 1", b"0x1", "１".encode())),
])
def test_what_is_no_whole_request_is_not_taken_for_one(request_, error):
    with pytest.raises(error):
        receives(request_)


@pytest.fixture
def ask():
    with serve("day5/http_methods.py") as server:
        conn = HTTPConnection(*server.address, timeout=10)

        def ask(method, path, body=None, **headers):
            conn.request(method, path, body, headers)
            response = conn.getresponse()
            return response.status, response.headers, response.read()

        ask.server = server
        yield ask
        conn.close()


def test_put_creates_then_replaces_and_can_be_repeated(ask):
    assert [ask("PUT", "/a", b"1")[0], ask("PUT", "/a", b"2")[0], ask("PUT", "/a", b"2")[0]] == [201, 204, 204]
    assert ask("GET", "/a")[2] == b"2"


def test_post_makes_a_new_one_each_time(ask):
    assert [ask("POST", "/notes", b"x")[1]["Location"] for _ in range(2)] == ["/notes/1", "/notes/2"]
    assert ask("GET", "/notes/2")[2] == b"x"


def test_head_tells_the_length_and_sends_nothing(ask):
    ask("PUT", "/a", b"12345")
    status, headers, body = ask("HEAD", "/a")
    assert (status, headers["Content-Length"], body) == (200, "5", b"")


def test_delete(ask):
    ask("PUT", "/a", b"1")
    assert [ask("DELETE", "/a")[0], ask("DELETE", "/a")[0], ask("GET", "/a")[0]] == [204, 404, 404]


def test_a_copy_that_is_still_good(ask):
    ask("PUT", "/a", b"1")
    tag = ask("GET", "/a")[1]["ETag"]
    status, headers, body = ask("GET", "/a", **{"If-None-Match": tag})
    assert (status, headers["ETag"], body) == (304, tag, b"")
    assert headers.get("Content-Length", "1") == "1"       # RFC 9110, section 8.6: what the 200 would have, or none
    ask("PUT", "/a", b"2")
    assert ask("GET", "/a", **{"If-None-Match": tag})[::2] == (200, b"2")


def test_options_and_trace(ask):
    assert ask("OPTIONS", "/a")[1]["Allow"] == "GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE"
    assert ask("TRACE", "/a", Mark="m")[2].startswith(b"TRACE /a HTTP/1.1\r\n")


def send(server, request):
    """The answers to raw bytes, up to the end of the connection."""
    with socket.create_connection(server.address, timeout=10) as conn:
        conn.sendall(request)
        conn.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: conn.recv(65536), b""))


@pytest.fixture(scope="module")
def empty():
    """A server that nobody succeeds in storing anything in."""
    with serve("day5/http_methods.py") as server:
        yield server
        assert "Traceback" not in server.output


LATER = b"GET /later HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize(("headers", "body", "status"), [
    (b"Host: x\r\nContent-Length: 100\r\n", b"four", 400),
    (b"Host: x\r\nTransfer-Encoding: chunked\r\n", b"1\r\na\r\n0\r\n\r\n" + LATER, 501),
    (b"Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"four" + LATER, 501),
    (b"Host: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n", b"four" + LATER, 400),
    *((b"Host: x\r\nContent-Length: %s\r\n" % length, b"four" + LATER, 400)
      for length in (b"-1", b"+4", b"4, 4", b"0x4", b"", b"four", b"\xb2")),
    (b"Host: x\r\nContent-Length: 1000001\r\n", b"", 413),
    (b"Host: x\r\nContent-Length: " + b"9" * 5000 + b"\r\n", b"", 413),
    (b"Content-Length: 4\r\n", b"four" + LATER, 400),
    (b"Host: x\r\nHost: y\r\nContent-Length: 4\r\n", b"four" + LATER, 400),
])
def test_a_body_that_is_not_whole_is_refused_and_nothing_stored(empty, method, headers, body, status):
    answer = send(empty, method.encode() + b" /notes/1 HTTP/1.1\r\n" + headers + b"\r\n" + body)
    assert answer.startswith(b"HTTP/1.1 %d " % status) and answer.count(b"HTTP/1.1 ") == 1
    assert b"\r\nConnection: close\r\n" in answer
    assert send(empty, b"GET /notes/1 HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 404 ")


def test_a_request_needs_one_host_from_1_1_on(empty):
    assert send(empty, b"GET / HTTP/1.1\r\n\r\n" + LATER).startswith(b"HTTP/1.1 400 ")
    assert send(empty, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 404 ")


def test_a_body_that_nobody_reads_is_not_taken_for_a_request(empty):
    answer = send(empty, b"DELETE /a HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(LATER) + LATER)
    assert answer.count(b"HTTP/1.1 ") == 1


def test_a_client_that_resets_leaves_no_traceback(ask):
    with socket.create_connection(ask.server.address, timeout=10) as conn:
        conn.sendall(b"PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nfour")
        conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert ask("GET", "/a")[0] == 404 and "Traceback" not in ask.server.output


def test_a_tunnel_of_which_one_direction_has_ended(ask):
    def answer_at_the_end(conn):
        conn.sendall(b"all: " + b"".join(iter(lambda: conn.recv(1000), b"")))

    with (servers.tcp(answer_at_the_end) as (host, port), socket.create_connection(ask.server.address, 10) as conn,
          conn.makefile("rb") as lines):
        conn.sendall(b"CONNECT %s:%d HTTP/1.1\r\nHost: x\r\n\r\n" % (host.encode(), port))
        while lines.readline().strip():
            pass
        conn.sendall(b"question")
        conn.shutdown(socket.SHUT_WR)
        assert lines.read() == b"all: question"


def test_connect_opens_a_tunnel(ask):
    with servers.tcp(servers.echo) as (host, port), socket.create_connection(ask.server.address, timeout=10) as conn:
        conn.sendall(b"CONNECT %s:%d HTTP/1.1\r\nHost: x\r\n\r\n" % (host.encode(), port))
        head = b""
        while b"\r\n\r\n" not in head:
            head += conn.recv(1000)
        assert head.startswith(b"HTTP/1.1 200")
        conn.sendall(b"anything")
        assert conn.recv(1000) == b"anything"


@pytest.mark.parametrize(("target", "status"), [
    ("192.0.2.1:80", 403), ("127.0.0.1:x", 403), ("127.0.0.1:99999", 502), ("nonsense", 403)])
def test_connect_to_where_it_may_not(ask, target, status):
    assert ask("CONNECT", target)[0] == status


def test_expect_gets_an_interim_answer(ask):
    with socket.create_connection(ask.server.address, timeout=10) as conn:
        conn.sendall(b"PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n")
        assert conn.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        conn.sendall(b"abc")
        assert conn.recv(1000).startswith(b"HTTP/1.1 201 Created\r\n")


@pytest.mark.parametrize("port", ["70000", "-1", "x"])
def test_a_bad_port(port):
    result = run("day5/http_methods.py", "--port", port, quiet=True)
    assert result.status != 0 and port in result.output and "Traceback" not in result.output


def test_the_port_is_taken(ask):
    result = run("day5/http_methods.py", "--port", ask.server.port, quiet=True)
    # http.server sets SO_REUSEADDR, which does not help against a listener that lives
    assert result.status == 1 and f"不能监听 127.0.0.1:{ask.server.port}" in result.output
