"""day5/http_server.py: what it serves, what it refuses, and who cannot hold it."""

import contextlib
import email.utils
import os
import re
import resource
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from http.client import HTTPConnection, RemoteDisconnected

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iolab.launch import run, scripts, serve
from processes import wait_until

SECRET = "outside the folder"
PAGE = "<!DOCTYPE html><link rel=stylesheet href=style.css><p id=p>你好</p><script src=app.js></script>"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    root = tmp_path_factory.mktemp("http") / "www"
    for folder in (root / "sub", root / "空 格", root.parent / "www2"):
        folder.mkdir(parents=True)
    (root / "index.html").write_text(PAGE, encoding="utf-8")
    (root / "style.css").write_text("p { color: rgb(1, 2, 3) }")
    (root / "app.js").write_text("document.title = document.getElementById('p').textContent + '世界'", encoding="utf-8")
    (root / "sub/index.html").write_text("<p>sub", encoding="utf-8")
    (root / "空 格/页.txt").write_text("中文", encoding="utf-8")
    (root / "empty").write_bytes(b"")
    (root / "big.bin").write_bytes(bytes(range(256)) * 40_000)
    (root.parent / "secret.txt").write_text(SECRET)
    (root.parent / "www2/secret.txt").write_text(SECRET)
    (root / "out.txt").symlink_to(root.parent / "secret.txt")
    (root / "outdir").symlink_to(root.parent)
    (root / "in.txt").symlink_to("空 格/页.txt")
    (root / "loop").symlink_to("loop")
    (root / "links").mkdir()
    for number in range(1000):
        (root / f"links/{number + 1}").symlink_to(str(number) if number else "../index.html")
    (root / "huge").touch()
    os.truncate(root / "huge", 200_000_000)
    (root / "zero").symlink_to("/dev/zero")
    os.mkfifo(root / "fifo")
    return root


@pytest.fixture(scope="module")
def server(site):
    with serve("day5/http_server.py", "--folder", site, "--idle", "0.5", "--deadline", "1.5") as server:
        yield server
        assert server.running, server.output


def descriptors(server):
    return len(os.listdir(f"/proc/{server.pid}/fd"))


@pytest.fixture(autouse=True)
def no_descriptor_stays(server):
    before = wait_until(lambda: descriptors(server), "descriptors")
    yield
    wait_until(lambda: server.running and descriptors(server) <= before, "the server closes its descriptors")


def exchange(server, request, timeout=15):
    """Send bytes, say that nothing more comes, and return all that is answered; b"" also for a reset."""
    with socket.create_connection(server.address, timeout=timeout) as conn:
        try:
            conn.sendall(request)
            conn.shutdown(socket.SHUT_WR)
            return receive_all(conn)
        except ConnectionError:
            return b""


def receive_all(conn):
    data = b""
    while piece := conn.recv(65536):
        data += piece
    return data


def status(answer):
    match = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    return match and int(match[1])


def get(server, target, method="GET"):
    conn = HTTPConnection(*server.address, timeout=15)
    try:
        conn.putrequest(method, target)
        conn.endheaders()
        response = conn.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        conn.close()


@pytest.mark.parametrize(("target", "kind", "body"), [
    ("/", "text/html; charset=utf-8", PAGE.encode()),
    ("/index.html?q=1", "text/html; charset=utf-8", PAGE.encode()),
    ("/style.css", "text/css; charset=utf-8", b"p { color: rgb(1, 2, 3) }"),
    ("/sub/", "text/html; charset=utf-8", b"<p>sub"),
    ("/%E7%A9%BA%20%E6%A0%BC/%E9%A1%B5.txt", "text/plain; charset=utf-8", "中文".encode()),
    ("/empty", "application/octet-stream", b""),
    ("/big.bin", "application/octet-stream", bytes(range(256)) * 40_000),
    ("/./style.css", "text/css; charset=utf-8", b"p { color: rgb(1, 2, 3) }"),
    ("http://anywhere/sub/", "text/html; charset=utf-8", b"<p>sub"),
    ("HTTP://anywhere", "text/html; charset=utf-8", PAGE.encode()),
    ("http://anywhere?next=/style.css", "text/html; charset=utf-8", PAGE.encode()),
])
def test_get_and_head(server, target, kind, body):
    for method, expected in (("GET", body), ("HEAD", b"")):
        code, headers, received = get(server, target, method)
        date = headers.pop("Date")
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", date)       # RFC 9110, section 5.6.7
        date = email.utils.parsedate_to_datetime(date)
        assert (code, received) == (200, expected) and abs(date.timestamp() - time.time()) < 10
        assert headers == {"Content-Type": kind, "Content-Length": str(len(body))}


def test_a_folder_without_its_slash_moves(server):
    code, headers, _ = get(server, "/sub?q=1")
    assert (code, headers["Location"]) == (301, "/sub/")
    assert get(server, "//sub")[1]["Location"] == "/sub/"
    assert get(server, "/.")[1]["Location"] == "/"                 # and not //, which is another host
    assert get(server, "/%E7%A9%BA%20%E6%A0%BC")[1]["Location"] == "/%E7%A9%BA%20%E6%A0%BC/"


@pytest.mark.parametrize("target", [
    "/nothing", "/empty/", "/index.html/", "/index.html/x", "/%E7%A9%BA%20%E6%A0%BC/", "/fifo", "/zero", "/loop",
    "/in.txt", "/links/1", "/links/1000",
    "/" + "x" * 300, "/" + "a/" * 3000, "/%zz", "/%252e%252e/secret.txt",
])
def test_what_is_not_there(server, target):
    code, headers, body = get(server, target)
    assert (code, body) == (404, b"404 Not Found\n") and headers["Content-Length"] == str(len(body))
    assert get(server, target, "HEAD")[::2] == (404, b"")


@pytest.mark.parametrize("target", [
    "/../secret.txt", "/sub/../../secret.txt", "/%2e%2e/secret.txt", "/%2E./secret.txt", "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt", "/sub/%2e%2e/%2e%2e/secret.txt", "/..\\secret.txt", "/..%5csecret.txt",
    "/%5c..%5csecret.txt", "//../secret.txt", "/./../secret.txt", "/../www2/secret.txt", "/../www/index.html",
    "/out.txt", "/outdir/secret.txt", "/outdir/www/index.html/../../secret.txt", "//{outside}", "/{outside}",
    "/%2f{outside}", "http://x/../secret.txt", "http://x{outside}", "/%00{outside}", "/out.txt%00.html",
    "/..%00/secret.txt", "/%c0%ae%c0%ae/secret.txt", "/%e0%80%ae%e0%80%ae/secret.txt", "/.%2e;/secret.txt",
    "/..;/secret.txt", "../secret.txt", "{outside}", "file://{outside}", "*", "/sub/..", "/..", "/%2e%2e", "/~root",
    "/proc/self/environ", "//etc/passwd", "/zero",
])
def test_no_path_leaves_the_folder(server, site, target):
    target = target.replace("{outside}", str(site.parent / "secret.txt"))
    answer = exchange(server, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert SECRET.encode() not in answer and status(answer) in (400, 404)


@contextlib.contextmanager
def in_a_thread(action):
    """Repeat action() in a thread until the end of `with`."""
    stop = threading.Event()

    def work():
        while not stop.is_set():
            action()

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("other", ["link", "fifo"])
def test_what_is_swapped_while_it_is_asked_for(server, site, other):
    """Between a check and an open there is a gap, and 10,000 requests find it."""
    place = site / f"swap-{other}"
    place.mkdir()
    (place / "now").mkdir()
    (place / "now/secret.txt").write_text("harmless")
    if other == "link":
        (place / "next").symlink_to(site.parent)
    else:
        (place / "next").mkdir()
        os.mkfifo(place / "next/secret.txt")

    def swap():
        os.rename(place / "now", place / "aside")
        os.rename(place / "next", place / "now")
        os.rename(place / "now", place / "next")
        os.rename(place / "aside", place / "now")

    request = f"GET /{place.name}/now/secret.txt HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with in_a_thread(swap):
        answers = [exchange(server, request * 200) for _ in range(50)]
    assert {status(answer) for answer in answers} <= {200, 404}
    assert SECRET.encode() not in b"".join(answers) and b"harmless" in b"".join(answers)


def test_a_target_that_is_no_utf8(server):
    assert get(server, "/%ff")[::2] == (400, b"400 Bad Request\n")


def test_a_file_that_may_not_be_read(server, site):
    path = site / "private.txt"
    path.write_text("private")
    path.chmod(0)
    assert get(server, "/private.txt")[0] == (200 if os.access(path, os.R_OK) else 403)     # root may read everything
    path.unlink()


@pytest.mark.parametrize(("request_", "expected"), [
    (b"hello\r\n", 400),
    (b"hello\n", 400),
    (b"GET /\r\n\r\n", 400),
    (b"GET / HTTP/1.1\n\n", 400),
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    (b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET / HTTP/1.1 \r\nHost: x\r\n\r\n", 400),
    (b"GET / http/1.1\r\nHost: x\r\n\r\n", 400),
    (b"GET / HTTP/11\r\nHost: x\r\n\r\n", 400),
    (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("GET /页 HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400),
    (b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\n folded\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA: \0\r\n\r\n", 400),
    (bytes.fromhex("16030100c8010000c40303"), 400),
    (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    (b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", 501),
    (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 501),
    *((b"%s / HTTP/1.1\r\nHost: x\r\n\r\n" % method, 405)
      for method in (b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH")),
    (b"GET /" + b"x" * 8000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    *((b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"x" * (size - len("GET / HTTP/1.1\r"))), code)
      for size, code in ((8000, 404), (8001, 414))),
    *((b"GET / HTTP/1.1\r\nHost: x\r\nA: %s\r\n\r\n" % (b"x" * (size - len("Host: xA: \r"))), code)
      for size, code in ((16000, 200), (16001, 431))),
    (b"x" * 1_000_000, 414),
    (b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 16000 + b"\r\n\r\n", 431),
    (b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 10000 + b"\r\n", 431),
    (b"\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 200),
    (b"GET / HTTP/1.0\r\n\r\n", 200),
    (b"GET / HTTP/1.1\r\nhOST:x\r\nEmpty:\r\n\r\n", 200),
])
def test_what_each_request_gets(server, request_, expected):
    answer = exchange(server, request_)
    assert status(answer) == expected
    assert expected in (200, 404) or b"\r\nConnection: close\r\n" in answer
    assert (b"\r\nAllow: GET, HEAD\r\n" in answer) == (expected in (405, 501))


def test_one_connection_serves_many_requests(server):
    conn = HTTPConnection(*server.address, timeout=15)
    conn.connect()
    ours = conn.sock.getsockname()
    for target, code in (("/", 200), ("/nothing", 404), ("/sub", 301), ("/empty", 200)):
        conn.request("GET", target)
        response = conn.getresponse()
        response.read()
        assert response.status == code and conn.sock.getsockname() == ours
    conn.close()


def test_a_body_does_not_wait_until_its_head_is_acknowledged(server):
    """Without TCP_NODELAY each answer after the first few takes 40 ms: Nagle's algorithm against delayed ACKs."""
    conn, waits = HTTPConnection(*server.address, timeout=15), []
    for _ in range(60):
        begun = time.monotonic()
        conn.request("GET", "/sub/")
        conn.getresponse().read()
        waits.append(time.monotonic() - begun)
    conn.close()
    assert sorted(waits[20:])[10] < 0.03


def test_pipelined_requests_are_answered_in_order(server):
    one = b"GET /%s HTTP/1.1\r\nHost: x\r\n\r\n"
    answer = exchange(server, one % b"sub/" + b"HEAD /big.bin HTTP/1.1\r\nHost: x\r\n\r\n" + one % b"empty")
    assert re.findall(rb"HTTP/1.1 (\d+)|(<p>sub)|Content-Length: (\d+)", answer) == [
        (b"200", b"", b""), (b"", b"", b"6"), (b"", b"<p>sub", b""),
        (b"200", b"", b""), (b"", b"", b"10240000"), (b"200", b"", b""), (b"", b"", b"0")]


@pytest.mark.parametrize("request_", [
    b"GET / HTTP/1.0\r\nHost: x\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nConnection: x, Close\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n",
    b"PUT / HTTP/1.1\r\nHost: x\r\n\r\n",
])
def test_it_closes_and_never_takes_a_body_for_a_request(server, request_):
    answer = exchange(server, request_ + b"GET /sub/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.count(b"HTTP/1.1 ") == 1 and b"\r\nConnection: close\r\n" in answer and b"<p>sub" not in answer


def test_a_long_body_does_not_destroy_the_answer(server):
    request = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 300000\r\n\r\n" + b"x" * 300_000
    assert status(exchange(server, request)) == 405


def test_a_client_that_does_not_close_still_gets_the_end(server):
    with socket.create_connection(server.address, timeout=15) as conn:
        conn.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert receive_all(conn).endswith(PAGE.encode())


def seconds_until_served(server):
    begun = time.monotonic()
    assert get(server, "/sub/")[2] == b"<p>sub"
    return time.monotonic() - begun


@pytest.mark.parametrize("half", [b"", b"G", b"GET / HTTP/1.1\r\nHost"])
def test_half_a_request_and_nothing_more(server, half):
    with socket.create_connection(server.address, timeout=15) as silent:
        silent.sendall(half)
        assert seconds_until_served(server) < 10
        assert status(receive_all(silent)) == (408 if half else None)


def test_one_byte_at_a_time(server):
    """The gaps are shorter than the idle limit: only the deadline of the whole request can end it."""
    with socket.create_connection(server.address, timeout=15) as slow:
        begun = time.monotonic()
        slow.settimeout(0.1)
        while True:
            assert time.monotonic() - begun < 10, "still waiting for the slow client"
            try:
                slow.sendall(b"G")
                answer = slow.recv(1000)
                break
            except TimeoutError:
                continue
        assert status(answer) == 408 and time.monotonic() - begun > 1.4
    assert seconds_until_served(server) < 10


def test_a_client_that_does_not_read(server):
    with socket.create_connection(server.address, timeout=15) as deaf:
        deaf.sendall(b"GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n" * 10)
        assert seconds_until_served(server) < 10
        server.wait_for("中断：TimeoutError")


def test_an_idle_connection_gives_way_to_who_waits(server, site):
    with serve("day5/http_server.py", "--folder", site, "--idle", "60") as patient:
        conn = HTTPConnection(*patient.address, timeout=15)
        conn.request("GET", "/empty")
        conn.getresponse().read()
        assert seconds_until_served(patient) < 10
        conn.close()


def test_who_sends_many_requests_at_once_gives_way_to_who_waits(server):
    request = b"GET /empty HTTP/1.1\r\nHost: x\r\n\r\n" * 100
    with socket.create_connection(server.address, timeout=15) as greedy:
        greedy.sendall(request)
        sender = threading.Thread(target=send_until_refused, args=(greedy, request))
        sender.start()
        receiver = threading.Thread(target=receive_until_refused, args=(greedy, last := bytearray()))
        receiver.start()
        try:
            assert seconds_until_served(server) < 10
            receiver.join(15)
        finally:
            with contextlib.suppress(OSError):       # the server may have closed it already
                greedy.shutdown(socket.SHUT_RDWR)
            receiver.join()
            sender.join()
    assert last.count(b"Connection: close") == 1 and last.rpartition(b"HTTP/1.1 200")[2].count(b"Connection: close")


def send_until_refused(conn, request):
    with contextlib.suppress(OSError):
        while True:
            conn.sendall(request)


def receive_until_refused(conn, data):
    with contextlib.suppress(OSError):
        while piece := conn.recv(65536):
            data += piece


def test_who_waits_is_seen_before_the_answer_and_the_answer_says_close(server):
    with socket.create_connection(server.address, timeout=15) as first:
        first.sendall(b"GET /empty HTTP/1.1\r\nHost: x\r\n")
        with socket.create_connection(server.address, timeout=15):
            first.sendall(b"\r\n")
            assert b"\r\nConnection: close\r\n" in receive_all(first)


def test_who_has_just_been_answered_may_still_ask_once_more(server, site):
    """Closed at once, the request that is on its way would be lost without a word."""
    with (serve("day5/http_server.py", "--folder", site, "--idle", "60") as patient,
          socket.create_connection(patient.address, timeout=15) as first):
        for _ in range(5):
            first.sendall(b"GET /empty HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"Connection: close" not in first.recv(4096)
        with socket.create_connection(patient.address, timeout=15):
            first.sendall(b"GET /empty HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"Connection: close" in first.recv(4096)


@pytest.fixture
def alone():
    """(a Client of http_common.py, its listener, the other end of its connection): no server, nothing left to luck."""
    Client = runpy.run_path(str(scripts.find("day5/http_common.py")))["Client"]
    with (socket.create_server(("127.0.0.1", 0)) as listener,
          socket.create_connection(listener.getsockname(), timeout=15) as peer, listener.accept()[0] as conn):
        yield Client(conn, listener, 15, 15), listener, peer


def test_the_grace_of_who_has_just_been_answered(alone):
    client, listener, peer = alone
    settings = client.wait.__globals__
    assert settings["GRACE"] >= 0.1
    settings["GRACE"] = 15
    later = threading.Timer(0.1, peer.sendall, [b"G"])
    with socket.create_connection(listener.getsockname()):
        later.start()
        assert client.wait(listener)
        settings["GRACE"] = 0
        client.conn.recv(1)
        assert not client.wait(listener)
    later.join()


def test_all_of_a_block_is_sent_however_little_the_kernel_takes(alone):
    client, _, peer = alone
    client.conn.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    client.start()
    block = bytes(range(256)) * 8000
    sender = threading.Thread(target=lambda: (client.send(block), client.conn.shutdown(socket.SHUT_WR)))
    sender.start()
    assert receive_all(peer) == block
    sender.join()


def test_requests_of_many_persistent_clients_are_not_lost(server):
    served, lost = [], []

    def work():
        conn = HTTPConnection(*server.address, timeout=15)
        for _ in range(300):
            try:
                conn.request("GET", "/empty")
                conn.getresponse().read()
                served.append(1)
            except (RemoteDisconnected, ConnectionError):
                lost.append(1)
                conn.close()
        conn.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(served) + len(lost) == 1200 and len(lost) < 24        # HTTP cannot avoid each of them


def test_a_steady_but_slow_reader_gives_way_to_who_waits(server):
    """400 kB/s: no single wait is long, and all of the file would take eight minutes."""
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20_000)     # or the kernel reads much of it ahead
        slow.connect(server.address)
        slow.sendall(b"GET /huge HTTP/1.1\r\nHost: x\r\n\r\n")

        def read_slowly():
            with contextlib.suppress(ConnectionError):
                slow.recv(20_000)
            threading.Event().wait(0.05)

        with in_a_thread(read_slowly):
            assert seconds_until_served(server) < 10


def test_a_slow_reader_may_take_its_time_while_nobody_waits(server):
    conn = HTTPConnection(*server.address, timeout=15)
    conn.request("GET", "/big.bin")
    response, size = conn.getresponse(), 0
    begun = time.monotonic()
    while piece := response.read(500_000):
        size += len(piece)
        threading.Event().wait(0.1)
    assert size == 10_240_000 and time.monotonic() - begun > 1.5
    conn.close()


def test_out_of_descriptors(site):
    with serve("day5/http_server.py", "--folder", site) as server:
        own = 1 + max(map(int, os.listdir(f"/proc/{server.pid}/fd")))
        soft, hard = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (own + 1, hard))        # the connection and no file
        assert get(server, "/sub/")[::2] == (503, b"503 Service Unavailable\n")
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (own, hard))
        socket.create_connection(server.address, timeout=15).close()  # for an accept() that holds a number already
        with socket.create_connection(server.address, timeout=15) as waiting:
            waiting.sendall(b"GET /sub/ HTTP/1.0\r\n\r\n")
            server.wait_for("暂时不能接受连接： Too many open files", count=3)
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (soft, hard))
            assert status(receive_all(waiting)) == 200
        first, *_, last = times = [when for when, line in server.lines if "暂时" in line]
        assert len(times) < 3 + (last - first) / 0.1                 # it pauses, and does not fill the log


def test_the_reader_of_the_log_goes_away(site):
    command = [sys.executable, "-X", "utf8", str(scripts.find("day5/http_server.py")), "--port", "0", "--folder", site]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            port = int(process.stdout.readline().rpartition(b":")[2])
            process.stdout.close()
            for _ in range(3):
                conn = HTTPConnection("127.0.0.1", port, timeout=15)
                conn.request("GET", "/empty")
                assert conn.getresponse().status == 200
                conn.close()
            process.send_signal(signal.SIGTERM)
            assert (process.wait(15), process.stderr.read()) == (0, b"")
        finally:
            process.kill()


def test_a_client_of_ipv6_that_goes_wrong(site):
    with serve("day5/http_server.py", "--host", "::1", "--folder", site, "--idle", "0.5") as server:
        with socket.create_connection(("::1", server.port), timeout=15) as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20_000)
            deaf.sendall(b"GET /huge HTTP/1.1\r\nHost: x\r\n\r\n")
            server.wait_for("中断：TimeoutError")
            assert re.match(r"\[::1\]:\d+ 中断", server.output)
        with socket.create_connection(("::1", server.port), timeout=15) as conn:
            conn.sendall(b"GET / HTTP/1.0\r\n\r\n")
            assert status(receive_all(conn)) == 200


def test_resets_do_not_end_it(server):
    for request in (b"", b"GET", b"GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n"):
        with socket.create_connection(server.address, timeout=15) as conn:
            conn.sendall(request)
            conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert get(server, "/sub/")[0] == 200


LINE = st.binary(max_size=60)
MALFORMED = st.one_of(
    st.binary(max_size=300),
    st.lists(LINE, max_size=6).map(b"\r\n".join),
    st.builds(lambda line, headers: b"\r\n".join([b" ".join(line), *headers, b"", b""]), st.tuples(
              st.one_of(st.sampled_from([b"GET", b"HEAD", b"POST", b"get", b""]), LINE),
              st.one_of(st.sampled_from([b"/", b"*", b"/%", b"/%00", b"http://", b"http://[", b"//"]), LINE,
                        st.text(max_size=20).map(lambda text: b"/" + text.encode("utf-8", "surrogatepass"))),
              st.one_of(st.sampled_from([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/9.9"]), LINE)),
              st.lists(st.one_of(LINE, st.sampled_from([
                  b"Host: x", b"Host:", b"Content-Length: -1", b"Content-Length: " + b"9" * 5000, b"Connection: \xff",
                  b"Transfer-Encoding: chunked"])), max_size=5)),
)


@settings(max_examples=400, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(MALFORMED)
def test_generated_requests_get_an_answer_or_an_end(server, request_):
    begun = time.monotonic()
    answer = exchange(server, request_)
    assert answer == b"" or status(answer) in (200, 301, 400, 403, 404, 405, 414, 431, 501, 505), answer
    assert time.monotonic() - begun < 10 and SECRET.encode() not in answer


def test_curl(server, site, tmp_path):
    url = "http://%s:%d" % server.address
    curl = ["curl", "-sS", "--noproxy", "*", "-w", "%{http_code} %{content_type} %{num_connects}\n"]
    if subprocess.run(["which", "curl"], capture_output=True).returncode:
        pytest.skip("curl is not installed; http.client has asked the same in the other tests")
    done = subprocess.run([*curl, "-o", tmp_path / "1", url + "/big.bin", "-o", tmp_path / "2", url + "/",
                           "-L", "-o", tmp_path / "3", url + "/sub"], capture_output=True, text=True, timeout=60)
    assert done.stdout == ("200 application/octet-stream 1\n200 text/html; charset=utf-8 0\n"
                           "200 text/html; charset=utf-8 0\n"), done.stderr
    assert (tmp_path / "1").read_bytes() == (site / "big.bin").read_bytes()
    assert (tmp_path / "3").read_bytes() == b"<p>sub"
    (tmp_path / "body").write_bytes(b"x" * 300_000)
    done = subprocess.run([*curl, "-d", f"@{tmp_path}/body", url + "/"], capture_output=True, text=True, timeout=60)
    assert done.stdout.startswith("405 Method Not Allowed\n405 text/plain"), done.stderr


def test_a_browser_shows_the_page_with_its_style_and_script(server, browser):
    page = browser.new_page()
    try:
        url = "http://%s:%d" % server.address
        page.goto(url + "/")
        assert page.title() == "你好世界"
        assert page.locator("p").evaluate("p => getComputedStyle(p).color") == "rgb(1, 2, 3)"
        page.goto(url + "/sub")
        assert page.url == url + "/sub/" and page.locator("p").inner_text() == "sub"
        assert page.goto(url + "/nothing").status == 404
    finally:
        page.close()


def test_the_port_is_taken(server):
    result = run("day5/http_server.py", "--port", server.port, quiet=True)
    assert result.status == 1 and f"不能在 127.0.0.1:{server.port} 发布" in result.output


@pytest.mark.parametrize("port", ["70000", "-1", "x"])
def test_a_bad_port(port):
    result = run("day5/http_server.py", "--port", port, quiet=True)
    assert result.status != 0 and port in result.output and "Traceback" not in result.output


def test_a_folder_that_is_not_there():
    result = run("day5/http_server.py", "--port", "0", "--folder", "no/such/folder", quiet=True)
    assert result.status == 1 and "no/such/folder" in result.output and "Traceback" not in result.output
