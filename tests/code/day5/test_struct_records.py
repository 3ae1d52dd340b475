"""day5/struct_send.py and day5/struct_recv.py: records over UDP, and what is refused."""

import os
import re
import signal
import socket
import struct
import subprocess
import sys
import threading

import pytest

from iolab.launch import run, scripts, serve, show
from preludes import NO_MEMORY, serve_after

GOOD = struct.pack("!4sI16sd", b"STU1", 7, "小明".encode(), 92.5)


@pytest.fixture
def receiver():
    with serve("day5/struct_recv.py") as server:
        yield server


@pytest.fixture
def stranger():
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock


def test_records_travel(receiver):
    result = run("day5/struct_send.py", "--port", receiver.port, input="1 小明 92.5\n4294967295 Ann -1\n", quiet=True)
    assert result.status == 0
    assert result.output.splitlines()[0] == (
        "发出 53545531 00000001 e5b08fe6 988e0000 00000000 00000000 40572000 00000000")
    assert receiver.wait_for("分", count=2) == "收到 1 号 '小明' 92.5 分\n收到 4294967295 号 'Ann' -1.0 分\n"


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "长度是 0 字节，应为 32 字节"),
    (GOOD[:-1], "长度是 31 字节，应为 32 字节"),
    (GOOD + b"\0", "长度是 33 字节，应为 32 字节"),
    (b"x" * 60000, "长度是 60000 字节，应为 32 字节"),
    (b"STU2" + GOOD[4:], "记号是 b'STU2'，应为 b'STU1'"),
    (bytes(32), r"记号是 b'\x00\x00\x00\x00'，应为 b'STU1'"),
    (GOOD[:8] + b"\xe5\xb0" + bytes(14) + GOOD[24:], "can't decode"),
])
def test_what_is_no_record_is_refused_and_the_next_one_comes(receiver, stranger, data, reason):
    stranger.sendto(data, receiver.address)
    stranger.sendto(GOOD, receiver.address)
    refused, received = receiver.wait_for("分").splitlines()
    assert refused.startswith("拒绝 127.0.0.1:%d：" % stranger.getsockname()[1]) and reason in refused
    assert received == "收到 7 号 '小明' 92.5 分"


def test_a_name_cannot_paint_the_terminal(receiver, stranger):
    stranger.sendto(struct.pack("!4sI16sd", b"STU1", 7, b"\x1b[31m", 1), receiver.address)
    assert r"'\x1b[31m'" in receiver.wait_for("分")


@pytest.mark.parametrize(("line", "reason"), [
    ("1 小明", "not enough values"),
    ("1 小明 92 5", "too many values"),
    ("一号 小明 92", "invalid literal"),
    ("1 小明 好", "could not convert"),
    ("-1 小明 92", "编号 -1 放不进 4 字节"),
    ("4294967296 小明 92", "编号 4294967296 放不进 4 字节"),
    ("1 一二三四五六 92", "姓名 一二三四五六 有 18 字节，最多 16 字节"),
])
def test_what_cannot_be_packed_is_not_sent_and_the_next_line_is(receiver, line, reason):
    result = run("day5/struct_send.py", "--port", receiver.port, input=line + "\n2 小红 60\n", quiet=True)
    refused, sent = result.output.splitlines()
    assert refused.startswith(f"没有发送 '{line}'：") and reason in refused and sent.startswith("发出 53545531")
    assert receiver.wait_for("分") == "收到 2 号 '小红' 60.0 分\n"


def test_nobody_receives():
    with socket.socket(type=socket.SOCK_DGRAM) as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    result = run("day5/struct_send.py", "--port", port, input="1 小明 92.5\n" * 3, quiet=True)
    assert result.status == 0 and result.output.count("发出") == 3


def test_the_port_is_taken(receiver):
    result = run("day5/struct_recv.py", "--port", receiver.port, quiet=True)
    assert result.status == 1 and f"不能绑定 127.0.0.1:{receiver.port}" in result.output


@pytest.mark.parametrize("port", ["70000", "-1", "x"])
def test_a_bad_port(port):
    for script in ("day5/struct_send.py", "day5/struct_recv.py"):
        result = run(script, "--port", port, input="1 小明 92.5\n", quiet=True)
        assert result.status != 0 and port in result.output and "Traceback" not in result.output


def test_two_senders_do_not_mix(receiver):
    def send(number):
        text = "".join(f"{number} n{number} {i}\n" for i in range(20))
        run("day5/struct_send.py", "--port", receiver.port, input=text, quiet=True)

    threads = [threading.Thread(target=send, args=(number,)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = receiver.wait_for("分", count=40).splitlines()
    for number in (1, 2):
        assert [line for line in lines if line.startswith(f"收到 {number} ")] == [
            f"收到 {number} 号 'n{number}' {float(i)} 分" for i in range(20)]


NATIVE = {
    "struct_native_broken": "小端机器发出 07000000 00000000 00e05740\n大端机器读到 (117440512, 7.2639508e-317)\n",
    "struct_native_fixed": "小端机器发出 00000007 4057e000 00000000\n大端机器读到 (7, 95.5)\n",
}


@pytest.mark.parametrize("name", NATIVE)
def test_the_byte_order_pair(name):
    result = run(f"day5/{name}.py", quiet=True)
    first = '"""失败：' if name.endswith("broken") else '"""正确：'
    assert (result.status, result.output) == (0, NATIVE[name]) and show(f"day5/{name}.py").source.startswith(first)


def test_without_its_cure_the_fixed_one_fails(tmp_path):
    source = scripts.find("day5/struct_native_fixed.py").read_text(encoding="utf-8")
    assert source.count('"!id"') == 1
    script = tmp_path / "without.py"
    script.write_text(source.replace('"!id"', '"id"'), encoding="utf-8")
    ended = subprocess.run([sys.executable, "-X", "utf8", script], capture_output=True, text=True, encoding="utf-8",
                           timeout=60, check=False)
    assert ended.returncode == 0 and ended.stdout != NATIVE["struct_native_fixed"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_sigterm_ends_the_receiver_as_ctrl_c_does(host, number):
    where = f"[{host}]" if ":" in host else host
    with serve_after("", "day5/struct_recv.py", "--host", host) as receiver:
        port = re.fullmatch(rf"listening on {re.escape(where)}:(\d+)\n", receiver.first)[1]
        sent = run("day5/struct_send.py", "--host", host, "--port", port, input="1 小明 92.5\n", quiet=True)
        assert sent.status == 0 and receiver.stdout.readline() == "收到 1 号 '小明' 92.5 分\n"
        receiver.send_signal(number)
        assert receiver.communicate(timeout=10) == ("接收方停止\n", "") and receiver.returncode == 0


def test_an_error_of_the_network_does_not_end_the_receiver(stranger):
    with serve_after(NO_MEMORY, "day5/struct_recv.py") as receiver:
        assert receiver.stdout.readline() == "暂时不能接收： no memory left\n"
        stranger.sendto(GOOD, ("127.0.0.1", int(receiver.first.rpartition(":")[2])))
        assert receiver.stdout.readline() == "收到 7 号 '小明' 92.5 分\n"


def test_without_a_reader_of_its_log_it_receives_on(stranger):
    with serve_after("", "day5/struct_recv.py") as receiver:
        receiver.stdout.close()
        for _ in range(3):
            stranger.sendto(GOOD, ("127.0.0.1", int(receiver.first.rpartition(":")[2])))
        receiver.terminate()
        assert (receiver.wait(10), receiver.stderr.read()) == (0, "")


def start(script, *args):
    return subprocess.Popen([sys.executable, scripts.find(script), *map(str, args)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, env=os.environ | {"NO_COLOR": "1", "PYTHONIOENCODING": "gbk"})


def test_a_name_that_the_terminals_code_has_not_ends_neither_end(stranger):
    with start("day5/struct_recv.py", "--port", 0) as receiver:
        port = int(receiver.stdout.readline().rpartition(b":")[2])
        stranger.sendto(GOOD[:8] + "😀".encode().ljust(16, b"\0") + GOOD[24:], ("127.0.0.1", port))
        assert receiver.stdout.readline().decode("gbk") == "收到 7 号 '\\U0001f600' 92.5 分\n"
        receiver.terminate()
    with start("day5/struct_send.py", "--port", port) as sender:
        output, _ = sender.communicate(b"1 \xff 2\n2 \x81 3 4\n3 x 5\n", timeout=10)
    assert sender.returncode == 0 and "发出 53545531 00000003" in output.decode("gbk")


def test_sigterm_ends_the_sender(receiver):
    with start("day5/struct_send.py", "--port", receiver.port) as sender:
        sender.stdin.write(b"1 x 2\n")
        sender.stdin.flush()
        assert sender.stdout.readline().startswith("发出".encode("gbk"))
        sender.terminate()
        assert (sender.stdout.read().decode("gbk"), sender.wait(10)) == ("发送方停止\n", 0)


def test_without_a_reader_the_sender_ends_quietly(receiver):
    """Like `yes | struct_send.py | head -1`."""
    with start("day5/struct_send.py", "--port", receiver.port) as sender:
        sender.stdin.write(b"1 x 2\n")
        sender.stdin.flush()
        assert sender.stdout.readline()
        sender.stdout.close()
        sender.stdin.write(b"2 x 2\n")
        sender.stdin.flush()
        assert sender.wait(10) == 0            # with its input still open
