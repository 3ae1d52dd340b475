"""code/day9/ftp as its users meet it: real processes, real files, faults on purpose."""

import ctypes
import errno
import hashlib
import importlib.util
import io
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import servers
from hostile import cpu_seconds, holdings, memory, reset
from iolab.launch import run, scripts, serve
from preludes import run_after
from processes import wait_until

SERVER, CLIENT = "day9/ftp/ftp_server.py", "day9/ftp/ftp_client.py"
MIB = 1 << 20
PATIENCE = 30


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "library"
    folder.mkdir()
    return folder


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def server(library):
    with serve(SERVER, "--library", library) as server:
        before = holdings(server.pid)
        yield server
        wait_until(lambda: not server.running or holdings(server.pid) == before, f"{before} again")


def client(server, home, *commands):
    return run(CLIENT, "--port", server.port, input="\n".join(commands) + "\n", cwd=home, quiet=True)


class Session:
    """The protocol by hand: say(line) gives the answer's first line."""

    def __init__(self, server):
        self.conn = socket.create_connection(server.address, timeout=PATIENCE)
        self.stream = self.conn.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.conn.close()

    def say(self, line):
        self.conn.sendall((line if isinstance(line, bytes) else line.encode()) + b"\n")
        return self.answer()

    def answer(self):
        return self.stream.readline().decode().rstrip("\n")

    def put(self, name, data):
        begun = self.say(b"PUT %d " % len(data) + os.fsencode(name))
        if begun != "OK":
            return begun
        self.conn.sendall(data)
        return self.answer()

    def get(self, name):
        verb, _, size = self.say(f"GET {name}").partition(" ")
        return self.stream.read(int(size)) if verb == "OK" else None


# What the notes ask for.


def test_many_clients_at_once(server, library, home):
    """ftp-1-concurrent-clients: thirty upload and download together, an idle one holds nobody up."""
    (library / "shared.bin").write_bytes(os.urandom(3 * MIB))
    problems = []

    def work(number):
        data = random.Random(number).randbytes(200_000 + number)
        with Session(server) as session:
            if session.put(f"from-{number}", data) != "OK" or session.get(f"from-{number}") != data:
                problems.append(number)
            if session.get("shared.bin") != (library / "shared.bin").read_bytes():
                problems.append(number)

    with Session(server):
        threads = [threading.Thread(target=work, args=(number,)) for number in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not problems and len(list(library.iterdir())) == 31


def test_list(server, library, home):
    """ftp-2-list: names and sizes of the regular files, sorted; folders, links and hidden files are not shown."""
    (library / "乙.txt").write_bytes(b"12345")
    (library / "a b.txt").write_bytes(b"")
    (library / ".hidden").write_bytes(b"x")
    (library / "folder").mkdir()
    (library / "link").symlink_to("/etc/passwd")
    os.mkfifo(library / "pipe")
    lines = client(server, home, "list", "quit").output.splitlines()
    assert [line.split(maxsplit=2) for line in lines[-4:-2]] == [["0", "字节", "a b.txt"], ["5", "字节", "乙.txt"]]
    assert lines[-2] == "共 2 个文件"


def test_many_lists_at_once(server, library):
    for number in range(300):
        (library / f"{number}.txt").write_bytes(b"x")
    counts = []

    def work():
        with Session(server) as session:
            counts.extend(session.say("LIST") for _ in range(1))
            counts.append(len([session.stream.readline() for _ in range(300)]))

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts.count("OK 300") == counts.count(300) == 12


def test_download(server, library, home):
    """ftp-3-download: every byte, with the progress bar and the SHA-256 of both sides."""
    data = os.urandom(3 * MIB + 17)
    (library / "数据.bin").write_bytes(data)
    result = client(server, home, "get 数据.bin")
    assert result.status == 0 and (home / "数据.bin").read_bytes() == data
    assert f"SHA-256 {hashlib.sha256(data).hexdigest()} 两边一致" in result.output
    assert "下载 数据.bin [####################] 100%" in result.output


def test_upload(server, library, home):
    """ftp-4-upload: every byte, with the progress bar and the SHA-256 of both sides; a second upload is refused."""
    data = os.urandom(3 * MIB + 17)
    (home / "数据.bin").write_bytes(data)
    result = client(server, home, "put 数据.bin", "put 数据.bin")
    assert result.status == 1 and (library / "数据.bin").read_bytes() == data
    assert f"SHA-256 {hashlib.sha256(data).hexdigest()} 两边一致" in result.output
    assert "上传 数据.bin [####################] 100%" in result.output and "已经有同名的文件" in result.output


def test_prompts(server, home):
    """ftp-5-prompts: the client says what can be typed, and what to do when it does not understand."""
    result = client(server, home, "", "dance", "help")
    assert result.output.count("put 文件 ") == 2
    assert "请输入命令" in result.output and "没有命令 dance，help 显示所有命令" in result.output


def test_at_a_terminal_the_prompt_is_shown(server, home):
    master, terminal = os.openpty()
    path = Path(__file__).resolve().parents[3] / "code" / CLIENT
    process = subprocess.Popen([sys.executable, path, "--port", str(server.port)], cwd=home,
                               stdin=terminal, stdout=terminal, stderr=terminal, env={**os.environ, "PYTHONUTF8": "1"})
    os.close(terminal)
    seen = b""
    try:
        for awaited, typed in ((b"ftp> ", b"list\n"), ("共 0 个文件".encode(), b"quit\n")):
            while awaited not in seen:
                seen += os.read(master, 4096)
            os.write(master, typed)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()
        os.close(master)


# Names.

BAD_NAMES = [
    b"", b".", b"..", b"../x", b"../../etc/passwd", b"/etc/passwd", b"a/b", b"a\\b", b"..\\x", b"C:x", b"%2e%2e/x",
    b"\xc0\xae\xc0\xae/x", b"x\x00y", b"x\ry", b"\x1b[2J", b".hidden", b"x.", b"x ", b" x", b"CON", b"nul.txt",
    b"com1.log", b"a*", b"a?", b"\xff", "e\u0301.txt".encode(),
    "\u202etxt.exe".encode(), "\ud800".encode("utf-8", "surrogatepass"),
    b"x" * 256, "字".encode() * 86,
]


@pytest.mark.parametrize("name", BAD_NAMES, ids=[repr(name[:16]) for name in BAD_NAMES])
def test_a_name_that_is_refused(server, library, name, tmp_path):
    for command in (b"GET " + name, b"HASH " + name, b"PUT 1 " + name):
        with Session(server) as session:
            assert session.say(command).startswith("ERR ")
    assert list(library.iterdir()) == [] and sorted(p.name for p in tmp_path.iterdir()) == ["library"]


def test_encoded_dots_are_just_a_name(server, library):
    with Session(server) as session:
        assert session.put("%2e%2e%2fx", b"data") == "OK"
    assert [path.name for path in library.iterdir()] == ["%2e%2e%2fx"]


@pytest.mark.parametrize("make", ["link", "dangling", "folder", "pipe"])
def test_what_is_no_regular_file_is_neither_read_nor_overwritten(server, library, make, tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    target = library / "x"
    {"link": lambda: target.symlink_to(secret), "dangling": lambda: target.symlink_to(tmp_path / "new"),
     "folder": target.mkdir, "pipe": lambda: os.mkfifo(target)}[make]()
    with Session(server) as session:
        assert session.say("GET x").startswith("ERR")
        assert session.put("x", b"data") == "ERR 已经有同名的文件"
        assert session.say("LIST") == "OK 0"
    assert secret.read_bytes() == b"secret" and not (tmp_path / "new").exists()


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    library = tmp_path_factory.mktemp("library")
    with serve(SERVER, "--library", library) as server:
        yield server, library


@settings(max_examples=150)
@given(name=st.one_of(st.text(max_size=40), st.text("./\\a%é\u0301", max_size=8)).filter(lambda n: "\n" not in n))
def test_any_name_is_stored_under_exactly_that_name_or_refused(shared, name):
    server, library = shared
    around = sorted(library.parent.iterdir())
    raw = name.encode("utf-8", "surrogatepass")
    with Session(server) as session:
        begun = session.say(b"PUT 3 " + raw)
        if begun == "OK":
            session.conn.sendall(b"abc")
            assert session.answer() == "OK"
    expected = [name] if begun == "OK" else []
    assert [path.name for path in library.iterdir()] == expected and sorted(library.parent.iterdir()) == around
    for path in library.iterdir():
        path.unlink()


@settings(max_examples=40)
@given(size=st.one_of(st.integers(0, 3 * MIB), st.sampled_from([0, 1, 8191, 8192, 8193, MIB - 1, MIB, MIB + 1])),
       seed=st.integers(0, 2**32))
def test_any_size_comes_back_exactly(shared, size, seed):
    server, library = shared
    data = random.Random(seed).randbytes(size)
    with Session(server) as session:
        assert session.put("x", data) == "OK"
        assert (library / "x").read_bytes() == data and session.get("x") == data
        assert session.say("HASH x") == "OK " + hashlib.sha256(data).hexdigest()
    (library / "x").unlink()


@settings(max_examples=100)
@given(line=st.binary(max_size=1500).filter(lambda line: b"\n" not in line))
def test_any_command_line_gets_an_answer(shared, line):
    server, _ = shared
    with Session(server) as session:
        assert session.say(line).startswith(("ERR ", "OK "))


@pytest.mark.parametrize("size", ["-1", "x", "", "1e3", "0x10", "９", "9" * 19, "9" * 400])
def test_a_length_that_is_refused(server, library, size):
    with Session(server) as session:
        assert session.say(f"PUT {size} x").startswith("ERR ")
        assert session.say("LIST") == "OK 0"


# Transfers that break.


def test_two_uploads_of_one_name_do_not_mix(server, library):
    one, two = b"1" * MIB, b"2" * MIB
    with Session(server) as first, Session(server) as second:
        for session in (first, second):
            assert session.say(f"PUT {MIB} same") == "OK"
        for start in range(0, MIB, 65536):
            first.conn.sendall(one[start:start + 65536])
            second.conn.sendall(two[start:start + 65536])
        answers = [first.answer(), second.answer()]
    assert sorted(answers) == ["ERR 已经有同名的文件", "OK"]
    assert (library / "same").read_bytes() == (one if answers[0] == "OK" else two)


def test_an_upload_is_seen_only_when_it_is_whole(server, library):
    with Session(server) as session, Session(server) as other:
        session.say(f"PUT {MIB} x")
        session.conn.sendall(bytes(MIB - 1))
        assert other.say("LIST") == "OK 0" and list(library.iterdir()) == []
        assert other.say("GET x") == "ERR 没有这个文件"
        session.conn.sendall(b"x")
        assert session.answer() == "OK" and other.say("LIST") == "OK 1"


@pytest.mark.parametrize("leave", [reset, socket.socket.close])
def test_an_upload_that_breaks_leaves_nothing_and_can_be_tried_again(server, library, leave):
    rest = holdings(server.pid)
    with Session(server) as session:
        session.say(f"PUT {MIB} x")
        session.conn.sendall(bytes(1000))
        session.stream.close()
        leave(session.conn)
        wait_until(lambda: holdings(server.pid) == rest, "the end of the broken upload")
    assert list(library.iterdir()) == []
    with Session(server) as session:
        assert session.put("x", b"again") == "OK"


def test_a_server_killed_at_any_moment_of_an_upload_leaves_nothing(library, home):
    (home / "x").write_bytes(bytes(64 * MIB))
    rounds = random.Random(8)
    for _ in range(4):
        with serve(SERVER, "--library", library) as server:
            begun = client_process(server, home, "put x")
            wait_until(lambda: holdings(server.pid)[1] > 1 or begun.poll() is not None, "the upload's begin")  # noqa: B023
            pause(rounds.uniform(0, 0.08))
            os.kill(server.pid, signal.SIGKILL)
            output, _ = begun.communicate(timeout=PATIENCE)
        sizes = [path.stat().st_size for path in library.iterdir()]
        assert sizes in ([], [64 * MIB]), "half a file is there"
        assert "失败" in output or "完成" in output
        for path in library.iterdir():
            path.unlink()


def test_a_client_killed_at_any_moment_leaves_nothing_on_either_side(server, library, home):
    (home / "up").write_bytes(bytes(64 * MIB))
    (library / "down").write_bytes(bytes(64 * MIB))
    rounds, rest = random.Random(9), holdings(server.pid)
    for command, place in [("put up", library / "up"), ("get down", home / "down")] * 4:
        process = client_process(server, home, command)
        wait_until(lambda: holdings(server.pid) != rest or process.poll() is not None, "the transfer's begin")  # noqa: B023
        pause(rounds.uniform(0, 0.08))
        process.kill()
        process.communicate()
        wait_until(lambda: holdings(server.pid) == rest, "the server to let go")
        assert not place.exists() or place.stat().st_size == 64 * MIB
        place.unlink(missing_ok=True)
    assert sorted(path.name for path in (*library.iterdir(), *home.iterdir())) == ["down", "up"]
    assert client(server, home, "put up", "get down").status == 0


def client_process(server, home, command):
    path = Path(__file__).resolve().parents[3] / "code" / CLIENT
    process = subprocess.Popen([sys.executable, path, "--port", str(server.port)], cwd=home, text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               env={**os.environ, "PYTHONUTF8": "1"})
    process.stdin.write(command + "\n")
    process.stdin.close()
    process.stdin = None
    return process


def pause(seconds):
    """A random moment is the point here: nothing is awaited."""
    time.sleep(seconds)


def test_a_server_that_leaves_in_the_middle_of_a_download(home):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def half():
            conn, _ = listener.accept()
            with conn:
                conn.recv(100)
                conn.sendall(b"OK 1000\n" + bytes(500))

        thread = threading.Thread(target=half)
        thread.start()
        result = run(CLIENT, "--port", listener.getsockname()[1], input="get x\n", cwd=home, quiet=True)
        thread.join()
    assert result.status == 1 and "只收到 500/1000 字节" in result.output and list(home.iterdir()) == []


BAD_ANSWERS = [
    b"OK abc\n", b"OK -1\n", b"OK\n", "OK １\n".encode(), b"OK 99999999999999999\n", b"OK 1\nno-size\n",
    b"OK 1\n5 \x1b]0;evil\x07\n", b"ERR \x1b[2J\n", b"\x1b[2J\n", b"OK \x1b[2J\n", b"\xff\n",
    b"HTTP/1.1 400 Bad\r\n\r\n",
    b"OK 3\nabcOK x\n", b"x" * 3000, b"",
]


@pytest.mark.parametrize("answer", BAD_ANSWERS, ids=[repr(answer[:20]) for answer in BAD_ANSWERS])
def test_a_server_that_is_none_or_bad_costs_a_sentence_for_each_command(home, answer):
    (home / "up").write_bytes(b"abc")

    def bad(conn):
        conn.recv(100)
        conn.sendall(answer)

    with servers.tcp(bad) as (_, port):
        result = run(CLIENT, "--port", port, input="get x\nput up\nlist\nquit\n", cwd=home, quiet=True)
    assert result.status == 1 and "Traceback" not in result.output
    assert result.output.count("失败") >= 2 and result.output.rstrip().endswith("ftp> quit")
    assert not set(result.output) & {"\x1b", "\x07", "\r"}, "a terminal would obey them"
    assert [path.name for path in home.iterdir()] == ["up"]


def test_a_name_that_the_terminal_cannot_show(server, library, home):
    """In GBK there is no 🐟, and what is typed may be no GBK either (\xff)."""
    (library / "🐟.txt").write_bytes(b"x")
    command = [sys.executable, scripts.CODE / CLIENT, "--port", str(server.port)]
    environment = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "gbk"}
    done = subprocess.run(command, input=b"list\nget \xff\xff\nlist\n", cwd=home, env=environment,
                          capture_output=True, timeout=PATIENCE)
    text = done.stdout.decode("gbk")
    assert (done.returncode, done.stderr) == (1, b"")
    assert text.count("\\U0001f41f.txt") == 2 and "文件名里有不允许的字符" in text


def test_a_file_is_on_the_disk_before_it_has_a_name_and_its_name_before_the_answer(library, monkeypatch):
    """What only a power cut would show: fsync(2) of the file, link, fsync of the folder, in this order."""
    common = load_common()
    calls, link = [], os.link
    monkeypatch.setattr(os, "fsync", lambda fd: calls.append(("fsync", os.fstat(fd).st_ino)))
    monkeypatch.setattr(os, "link", lambda *args, **options: calls.append("link") or link(*args, **options))
    folder = os.open(library, os.O_RDONLY)
    try:
        with common.create_file(folder, 3) as file:
            file.write(b"abc")
            common.publish(file, folder, "x")
    finally:
        os.close(folder)
    assert calls == [("fsync", (library / "x").stat().st_ino), "link", ("fsync", library.stat().st_ino)]


def load_common():
    spec = importlib.util.spec_from_file_location("ftp_common", scripts.CODE / "day9/ftp/ftp_common.py")
    common = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(common)
    return common


def test_a_block_that_was_not_written_is_not_forgotten_when_the_next_one_is():
    """A disk that is full for a moment, as when somebody deletes a file: what came in between is missing."""
    common, data = load_common(), random.Random(1).randbytes(3 * MIB)
    written = []

    def write(block):
        written.append(len(block))
        if len(written) == 2:
            raise OSError(errno.ENOSPC, "full")
        return len(block)

    stream = io.BufferedReader(io.BytesIO(data))
    with pytest.raises(common.Refused, match="空间不够"):
        common.receive_file(stream, SimpleNamespace(write=write), len(data))
    assert stream.read() == b""                               # all has been taken, so the answer is understood


def test_a_file_that_grows_while_it_is_sent_is_cut_to_the_length_that_was_promised(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"x" * 100)
    here, there = socket.socketpair()
    with here, there, open(path, "rb", buffering=0) as file:
        load_common().send_file(here, file, 60)
        here.shutdown(socket.SHUT_WR)
        assert len(there.recv(1000, socket.MSG_WAITALL)) == 60


def test_a_file_that_shrinks_while_it_is_sent(server, library):
    path = library / "x"
    path.write_bytes(bytes(64 * MIB))
    with Session(server) as session:
        assert session.say("GET x") == f"OK {64 * MIB}"
        os.truncate(path, 100)
        assert len(session.stream.read()) < 64 * MIB          # the end comes early, so the client knows
    with Session(server) as session:
        assert session.say("LIST") == "OK 1"


def test_a_file_that_vanishes(server, library):
    path = library / "x"
    path.write_bytes(bytes(8 * MIB))
    with Session(server) as session:
        assert session.say("GET x") == f"OK {8 * MIB}"
        path.unlink()
        assert len(session.stream.read(8 * MIB)) == 8 * MIB   # an open file outlives its name
        assert session.say("GET x") == "ERR 没有这个文件"


def test_a_client_that_stalls_is_left_and_others_are_served(library):
    (library / "big").write_bytes(bytes(64 * MIB))
    with serve(SERVER, "--library", library, "--idle", 0.5) as server:
        rest = holdings(server.pid)
        with Session(server) as silent, Session(server) as half, Session(server) as deaf:
            half.say("PUT 1000 x")
            half.conn.sendall(b"only this")
            deaf.conn.sendall(b"GET big\n")
            with Session(server) as good:
                assert good.put("good", b"data") == "OK"
            assert silent.answer() == half.answer() == "ERR 0.5 秒没有动静，连接关闭"
            wait_until(lambda: holdings(server.pid) == rest, "the end of all three")
            assert deaf.stream
        assert sorted(path.name for path in library.iterdir()) == ["big", "good"]


def test_a_command_without_end(server):
    with Session(server) as session:
        session.conn.sendall(b"GET " + b"x" * 5000)
        assert session.answer() == "ERR 一行超过 1024 字节"
        assert session.stream.read() == b""


# A machine that is full, forbids, or runs out.


def test_a_file_that_does_not_fit_is_refused_before_it_is_sent(server, library):
    with Session(server) as session:
        assert session.say("PUT 999999999999999999 x") == "ERR 空间不够"
        assert session.put("x", b"small") == "OK"


def test_a_limit_on_the_size_of_files_is_told(server, library):
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (100_000, 100_000))
    with Session(server) as session:
        assert session.put("x", bytes(200_000)) == "ERR 文件太大"
        assert session.put("y", bytes(50_000)) == "OK"


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder],
                                      stderr=subprocess.DEVNULL).returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk(small_disk, home):
    (home / "big").write_bytes(bytes(2 * MIB))
    (home / "small").write_bytes(bytes(1000))
    with serve(SERVER, "--library", small_disk) as server:
        with Session(server) as session:
            (small_disk / "half").write_bytes(bytes(600_000))
            assert session.put("x", bytes(700_000)) == "ERR 空间不够"
            assert session.put("y", bytes(100_000)) == "OK"
            assert session.say("PUT 0 z") == "OK"
        result = client(server, home, "put big", "put small")
        assert "失败： 空间不够" in result.output and "上传完成：small，1000 字节" in result.output
        (small_disk / "down").write_bytes(b"x" * 1000)
    assert not (small_disk / "big").exists()


def test_no_permission(library, home):
    """Root may do everything, so the server gives up that right: CAP_DAC_OVERRIDE, capabilities(7)."""
    (library / "secret").write_bytes(b"x")
    (library / "secret").chmod(0)
    library.chmod(0o555)
    path = Path(__file__).resolve().parents[3] / "code" / SERVER

    def drop():
        for capability in (1, 2):
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)          # PR_CAPBSET_DROP, prctl(2)

    process = subprocess.Popen([sys.executable, path, "--port", "0", "--library", library], preexec_fn=drop,
                               stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUTF8": "1"})
    try:
        host, _, port = process.stdout.readline().split()[-1].partition(":")
        process.address = host, int(port)
        with Session(process) as session:
            assert session.say("GET secret") == "ERR 没有权限"
            assert session.put("new", b"x") == "ERR 没有权限"
            assert session.say("LIST") == "OK 1"
    finally:
        process.kill()
        process.communicate()
        library.chmod(0o755)


def test_no_descriptors_left(server, library):
    (library / "x").write_bytes(b"x")
    idle = holdings(server.pid)[0]
    with Session(server) as session:
        assert session.get("x") == b"x"
        wait_until(lambda: holdings(server.pid)[0] == idle + 1, "the file to be closed")
        highest = max(map(int, os.listdir(f"/proc/{server.pid}/fd")))
        limits = resource.prlimit(server.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (highest + 1, limits[1]))
        assert session.say("GET x") == "ERR 描述符用完了，请再试"
        with Session(server) as waiting:
            server.wait_for("暂时不能接受连接", timeout=10)
            assert cpu_seconds(server.pid) < 5
            resource.prlimit(server.pid, resource.RLIMIT_NOFILE, limits)
            assert waiting.say("LIST") == "OK 1"
        assert session.get("x") == b"x"


def test_memory_does_not_grow_with_the_file(server, library):
    with open(library / "big", "wb") as file:
        file.truncate(256 * MIB)
    before = memory(server.pid)
    with Session(server) as session:
        assert session.say("GET big") == f"OK {256 * MIB}"
        left = 256 * MIB
        while left:
            left -= len(session.stream.read(min(left, MIB)))
            highest = memory(server.pid)
            assert highest - before < 8 * MIB
        assert session.say(f"PUT {256 * MIB} copy") == "OK"
        for _ in range(256):
            session.conn.sendall(bytes(MIB))
            assert memory(server.pid) - before < 8 * MIB
        assert session.answer() == "OK"
    assert memory(server.pid) < 32 * MIB


def test_the_library_is_missing(tmp_path):
    result = run(SERVER, "--library", tmp_path / "nowhere", "--port", 0, quiet=True)
    assert result.status == 1 and "No such file" in result.output and "Traceback" not in result.output


def test_nobody_listens(home):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    result = run(CLIENT, "--port", port, input="list\n", cwd=home, quiet=True)
    assert result.status == 1 and "失败" in result.output and "refused" in result.output


def test_local_problems_of_the_client(server, library, home):
    (library / "x").write_bytes(b"theirs")
    (home / "x").write_bytes(b"mine")
    (home / "folder").mkdir()
    output = client(server, home, "get x", "put missing", "put folder", "put /dev/null", "get ../x", "get").output
    assert output.count("失败") == 6 and (home / "x").read_bytes() == b"mine"


def test_a_client_gives_back_every_descriptor_however_many_files_it_carries(server, library, home):
    for number in range(20):
        (library / f"there{number}").write_bytes(b"x")
        (home / f"here{number}").write_bytes(b"y")
    commands = "".join(f"get there{n}\nput here{n}\nget missing\nlist\n" for n in range(20))
    few = "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))"
    done = run_after(few, CLIENT, "--port", server.port, input=commands, cwd=home)
    assert (done.stdout.count("下载完成"), done.stdout.count("上传完成")) == (20, 20), done.stdout[-300:]
    assert done.stdout.count("失败： 没有这个文件") == 20 == done.stdout.count("失败：")


def test_the_client_normalises_a_name_of_macos(server, library, home):
    (home / "e\u0301.txt").write_bytes(b"x")
    assert client(server, home, "put e\u0301.txt").status == 0
    assert [path.name for path in library.iterdir()] == ["\u00e9.txt"]
