"""day5/http_methods.py: each method does what RFC 9110 says; the pairs of the HTTP page fail as they say."""

import socket
from http.client import HTTPConnection

import pytest

import servers
from iolab.launch import run, serve, show

OUTPUT = {
    "http_once_broken": "请求行： POST /file HTTP/1.1\n请求体不完整\n",
    "http_once_fixed": "请求行： POST /file HTTP/1.1\n请求体完整\n",
    "http_state_broken": "/login   你好，小明\n/        你好，陌生人\n/        你好，陌生人\n",
    "http_state_fixed": "/login   你好，小明\n/        你好，小明\n/        你好，小明\n",
}


@pytest.mark.parametrize("name", OUTPUT)
def test_the_pairs(name):
    result = run(f"day5/{name}.py", quiet=True)
    first = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert (result.status, result.output) == (0, OUTPUT[name]) and show(f"day5/{name}.py").source.startswith(first)


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
    assert ask("GET", "/a", **{"If-None-Match": tag})[::2] == (304, b"")
    ask("PUT", "/a", b"2")
    assert ask("GET", "/a", **{"If-None-Match": tag})[::2] == (200, b"2")


def test_options_and_trace(ask):
    assert ask("OPTIONS", "/a")[1]["Allow"] == "GET, HEAD, POST, PUT, DELETE, OPTIONS, TRACE"
    assert ask("TRACE", "/a", Mark="m")[2].startswith(b"TRACE /a HTTP/1.1\r\n")


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
