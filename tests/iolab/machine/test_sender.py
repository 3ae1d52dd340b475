"""The sender of the Linux in the page: what its form is told, and what it orders, without a page."""

import inspect
import os
import re
import threading

import pytest

import servers
from iolab.machine.guest import sender as guest_sender
from iolab.procfs import net
from iolab.widgets.sender import sender as sender_outside
from processes import wait_until


class Form:
    """What the page knows of one sender, from what it was told; `order` as front/sender.js does."""

    def __init__(self, guest, code):
        self.guest, self.rows, self.done, self.troubles, self.ended = guest, [], {}, [], False
        self.count, self.can, self.status, self.left_out = 0, [], "", ""
        guest.begin(code)
        status, events = guest.end()
        assert status == "ok", events
        self.event = next(event for event in events if event.get("kind") == "sender")
        self.number = self.event["sender"]
        for message in guest.heard:
            self.hear(message)
        self.until(lambda: self.can, "the first news")

    def hear(self, message):
        if message.get("sender") != self.number:
            return
        if "rows" in message:
            if message["fresh"]:
                self.rows.clear()
            self.rows += [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in message["rows"]]
            self.can, self.status, self.left_out = message["can"], message["status"], message["left_out"]
            if message["trouble"]:
                self.troubles.append(message["trouble"])
        elif "done" in message:
            self.done[message["done"]] = message["refused"]
        elif "ended" in message:
            self.ended = True

    def until(self, test, what):
        while not test():
            self.hear(self.guest.wait(lambda message: message.get("sender") == self.number))
        return self

    def begin(self, order, **fields):
        self.count += 1
        self.guest.send(do="sender", sender=self.number, number=self.count, order=order, **fields)
        return self.count

    def order(self, order, **fields):
        """The sentence with which it was refused, "" if it was not."""
        number = self.begin(order, **fields)
        self.until(lambda: number in self.done, f"an answer to {order}")
        return self.done[number]

    def connect(self, address, protocol="tcp", receive_size="1024"):
        return self.order("connect", host=address[0], port=str(address[1]), protocol=protocol,
                          receive_size=receive_size)

    def type(self, text, hex=False, framing="", times="1", dripping=False):
        return self.begin("send", text=text, hex=hex, framing=framing, times=times, dripping=dripping)

    def send(self, text, **fields):
        number = self.type(text, **fields)
        self.until(lambda: number in self.done, f"an answer to {text}")
        return self.done[number]

    def shown(self, way):
        """The contents of all rows of this direction."""
        return [re.sub("<[^>]*>", "", row[3]) for row in self.rows if way in row[1]]


def form(guest, address, **named):
    words = "".join(f", {name}={value!r}" for name, value in named.items())
    return Form(guest, f"from iolab import sender, serve\nsender({address[0]!r}, {address[1]}{words})")


def test_it_takes_what_it_takes_outside():
    made = guest_sender.maker(None, lambda thing, end: None)
    assert inspect.signature(made) == inspect.signature(sender_outside)
    assert vars(made("127.0.0.1", 9, protocol="udp", receive_size=4).conversation).items() >= {
        "host": "127.0.0.1", "port": 9, "protocol": "udp"}.items()


def test_lines_are_sent_in_order_and_their_answers_come(guest):
    with servers.tcp(servers.echo) as address:
        one = form(guest, address)
        assert (one.event["host"], one.event["port"], one.event["protocol"]) == (*address, "tcp")
        assert one.can == ["connect"] and "CLOSED" in one.status
        assert one.connect(address) == ""
        one.until(lambda: "send" in one.can, "connected")
        assert one.shown("·") == ["已连接"] and "ESTABLISHED" in one.status
        for number in range(20):
            one.type(f"第 {number} 行\n" if number else "é")
        one.until(lambda: f"共收 {2 + 9 * 10 + 10 * 11} 字节" in re.sub("<[^>]*>", "", one.status), "all are echoed")
        assert one.shown("→ 发送") == ["&quot;é&quot;", *(f"&quot;第 {number} 行\\n&quot;" for number in range(1, 20))]
        assert not any(one.done.values()) and sorted(one.done) == list(range(1, one.count + 1))
        assert one.send("00 ff", hex=True) == ""
        one.until(lambda: "十六进制 00 ff" in one.shown("← 收到"), "what is no text comes as hex")
        assert one.send("x", framing="length", times="2") == ""
        one.until(lambda: one.rows[-1][4].endswith("00 00 00 01 78"), "two frames")
        assert one.order("half_close") == ""
        one.until(lambda: one.can == ["connect"], "both ways are closed")


def test_it_serves_while_a_cell_runs_and_a_cell_may_use_it_too(guest):
    with servers.tcp(servers.echo) as address:
        one = form(guest, address)
        guest.begin("s = _\ns.connect()\nwhile b'enough' not in s.log.answer: pass\nprint('left')")
        one.until(lambda: "send" in one.can, "the cell has connected")
        assert one.send("enough") == ""
        assert guest.end()[0] == "ok"
        assert '→ 6 字节 "enough"' in guest.run("print(s)")


def test_what_goes_wrong_is_a_sentence_and_nothing_ends(guest):
    with servers.tcp(lambda conn: conn.recv(5)) as address:
        one = form(guest, address)
        assert "先连接" in one.send("too early")
        for port in ("http", "", "70000", "-1"):
            assert "端口" in one.connect(("127.0.0.1", port))
        assert "不是本机" in one.connect(("192.0.2.1", 80))
        assert "主机是空的" in one.connect(("", 80))
        assert "recv 大小 'x' 不行" in one.connect(address, receive_size="x")
        assert "接收缓冲区大小 0 不行" in one.connect(address, receive_size="0")
        assert one.connect(address) == ""
        one.until(lambda: "send" in one.can, "connected")
        assert "十六进制里不能有 'g'" in one.send("4g", hex=True)
        assert "发送次数 'many' 不行" in one.send("x", times="many")
        assert "最多 10000" in one.send("x", times="10001")
        assert "半个代理对" in one.send("\ud800")
        assert "空消息" in one.send("")
        assert "KeyError" in one.order("sing")
        assert one.send("12345") == ""
        one.until(lambda: any("收到 FIN" in row for row in one.shown("·")), "closed by the peer")
        assert one.order("close") == ""
    assert one.connect(address) == ""
    one.until(lambda: any("拒绝连接" in told for told in one.troubles), "nobody listens any more")
    assert one.can == ["connect"] and "拒绝连接" in one.rows[-1][3]


def test_a_reset_of_the_peer_is_told(guest):
    gate = threading.Event()
    with servers.tcp(lambda conn: gate.wait(20)) as address:  # closed with bytes unread: RST
        one = form(guest, address)
        one.connect(address)
        one.until(lambda: "send" in one.can, "connected")
        one.send("unread")
        one.until(lambda: "待读 6 字节" in one.status, "it lies there")
        gate.set()
        one.until(lambda: any("RST" in told for told in one.troubles), "the reset")


def test_datagrams_are_cut_and_the_servers_lines_stand_there(guest):
    one = Form(guest, "from iolab import sender, serve\nserver = serve('day4/udp_server.py')\n"
                      "sender(server, protocol='udp', receive_size=4)")
    assert "服务器打印" in one.event["head"]
    assert one.connect((one.event["host"], one.event["port"]), "udp", "4") == ""
    one.until(lambda: one.can == ["close", "send"], "the peer is chosen")
    one.send("0123456789")
    one.until(lambda: any("截断" in row for row in one.shown("·")), "cut")
    one.until(lambda: any(len(row) == 7 and row[6] not in ("", "<code></code>") for row in one.rows), "a printed line")
    guest.run("server.stop()")


def test_a_flood_is_cut_to_the_newest_and_the_rest_counted(guest):
    with servers.tcp(servers.echo) as address:
        one = form(guest, address)
        one.connect(address)
        one.until(lambda: "send" in one.can, "connected")
        assert one.send("x", times="2000") == ""
        one.until(lambda: "共收 2000 字节" in re.sub("<[^>]*>", "", one.status), "all are back")
        assert len(one.rows) <= guest_sender.SHOWN and "没有显示" in one.left_out and "不再保留" in one.left_out
        assert one.order("clear") == ""
        one.until(lambda: not one.rows and not one.left_out, "the log is empty")
        assert one.send("after") == ""
        one.until(lambda: one.shown("→ 发送") == ["&quot;after&quot;"], "only what came since")


def sockets_to(address):
    return [one for one in net.tcp(port=address[1]) if one.remote[1] == address[1] and one.inode]


@pytest.mark.parametrize("end", ["its cell runs again", "the kernel restarts", "the kernel ends"])
def test_no_socket_is_left(guest, end):
    with servers.tcp(servers.echo) as address:
        code = f"from iolab import sender\nsender('127.0.0.1', {address[1]})"
        guest.cell = "cell-3"
        one = Form(guest, code)
        one.connect(address)
        one.until(lambda: "send" in one.can, "connected")
        assert sockets_to(address)
        if end == "its cell runs again":
            guest.run("1")
            assert {"sender": one.number, "ended": True} in guest.heard
        elif end == "the kernel restarts":
            guest.restart()
        else:
            guest.begin("import os; os._exit(0)")
            assert guest.end()[0] == "died"
        guest.cell = None
        wait_until(lambda: not sockets_to(address), "the socket is gone")
        if end != "the kernel restarts":  # a new kernel's first form has the same number
            one.begin("send", text="x")
            one.until(lambda: one.ended, "nobody takes it any more")
    assert guest.run("'on'") == "'on'\n"


def test_a_server_ends_when_its_cell_runs_again(guest):
    guest.cell = "cell-9"
    pid = int(guest.run("from iolab import serve\nserver = serve('day4/tcp_server.py')\nserver.pid"))
    guest.run("1")
    wait_until(lambda: not os.path.exists(f"/proc/{pid}"), "the server has ended")
    guest.cell = None


def test_a_kernel_that_takes_no_orders_blocks_nobody(guest):
    with servers.tcp(servers.echo) as address:
        one = form(guest, address)
        pid = int(guest.run("import os; os.getpid()"))
        os.kill(pid, 19)
        try:
            for _ in range(30):
                one.type("x" * 3000)
            guest.send(do="sing")
            guest.wait(lambda message: "no such order" in message.get("trouble", ""))
        finally:
            os.kill(pid, 18)
        one.until(lambda: one.done.get(one.count), "all are refused")
        assert all("先连接" in one.done[number] for number in range(1, 31))


def test_it_says_that_there_is_no_other_host(guest):
    one = Form(guest, "from iolab import sender\nsender('192.0.2.1', 80, allow_remote=True)")
    assert any("没有别的主机" in message.get("event", {}).get("text", "") for message in guest.heard)
    assert "已允许连接其他主机" in one.status
