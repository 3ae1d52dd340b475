"""day5/http_test.py prints what it receives, and answers."""

import runpy
import socket
from http.client import HTTPConnection

import pytest

from iolab.launch import run, scripts, serve


@pytest.fixture
def server():
    with serve("day5/http_test.py") as server:
        yield server


def test_it_prints_the_request_line_by_line(server):
    with socket.create_connection(server.address, timeout=10) as conn:
        for part in (b"POST /form HTTP/1.1\r\nHost: x\r\nCon", b"tent-Length: 8\r\n\r\nname", b"=Tom"):
            conn.sendall(part)
        assert server.wait_for("请求体").splitlines() == [
            r"b'POST /form HTTP/1.1\r\n'", r"b'Host: x\r\n'", r"b'Content-Length: 8\r\n'", r"b'\r\n'",
            "请求体 8 字节：b'name=Tom'"]


class Dribble:
    """A connection that hands out one byte a time, as a slow network may."""

    def __init__(self, data):
        self.data = list(data)

    def recv(self, _):
        return bytes([self.data.pop(0)]) if self.data else b""


def test_a_request_that_comes_byte_by_byte(monkeypatch):
    script = scripts.find("day5/http_test.py")
    monkeypatch.syspath_prepend(script.parent)
    receive_request = runpy.run_path(str(script))["receive_request"]
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8\r\n\r\n"
    assert receive_request(Dribble(head + b"name=Tom")) == (head, b"name=Tom")


def test_the_answer_is_a_page(server):
    conn = HTTPConnection(*server.address, timeout=10)
    conn.request("GET", "/")
    response = conn.getresponse()
    body = response.read()
    assert response.status == 200 and int(response.headers["Content-Length"]) == len(body)
    assert "请求已经收到" in body.decode() and response.headers["Date"].endswith(" GMT")
    conn.close()


@pytest.mark.parametrize("request_", [
    b"", b"GET", b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc", b"\xff\0\r\n",
    b"GET / HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
    b"PUT / HTTP/1.1\r\nContent-Length: -1\r\n\r\nabc", b"PUT / HTTP/1.1\r\nContent-Length: 1_0\r\n\r\nabc"])
def test_what_is_no_whole_request_is_reported_and_the_next_one_served(server, request_):
    with socket.create_connection(server.address, timeout=10) as conn:
        conn.sendall(request_)
        conn.shutdown(socket.SHUT_WR)
        server.wait_for("没有收到完整的请求")
    test_the_answer_is_a_page(server)


def test_a_silent_client_does_not_hold_it(server):
    with socket.create_connection(server.address, timeout=10):
        test_the_answer_is_a_page(server)
    server.wait_for("没有收到完整的请求： TimeoutError")


def test_what_a_browser_sends(server, browser):
    page = browser.new_page()
    try:
        page.goto("http://%s:%d/path?q=1" % server.address)
        assert page.locator("p").inner_text() == "请求已经收到，看终端。"
    finally:
        page.close()
    output = server.wait_for("请求体")
    for line in (rb"GET /path?q=1 HTTP/1.1", b"Host: 127.0.0.1:%d" % server.port, b"Connection: keep-alive"):
        assert f"{line + bytes([13, 10])!r}\n" in output
    assert "User-Agent: " in output and "Accept-Encoding: gzip" in output


def test_the_port_is_taken(server):
    result = run("day5/http_test.py", "--port", server.port, quiet=True)
    assert result.status == 1 and f"不能监听 127.0.0.1:{server.port}" in result.output


@pytest.mark.parametrize("port", ["70000", "-1", "x"])
def test_a_bad_port(port):
    result = run("day5/http_test.py", "--port", port, quiet=True)
    assert result.status != 0 and port in result.output and "Traceback" not in result.output
