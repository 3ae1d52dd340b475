"""The sender without a browser: its stills, its widgets, its end."""

import asyncio
import gc
import json
import re
import threading
import weakref

import ipywidgets
import pytest
from ipywidgets.widgets import widget as ipywidget

import servers
from iolab.launch import serve
from iolab.procfs import net
from iolab.widgets.sender import Sender, sender
from iolab.widgets.throttle import Throttle
from iolab.wire import Conversation, Log, WireError, as_html
from loops import run_apart
from processes import wait_until


@pytest.fixture(autouse=True)
def nothing_left():
    """No test may leave a thread or a widget."""
    threads, widgets = threading.active_count(), len(ipywidget._instances)
    yield
    assert threading.active_count() <= threads
    assert len(ipywidget._instances) == widgets


def exchange(s):
    s.connect()
    s.send("你好")
    s.wait_for(6)
    s.send("x", times=50, framing="newline")
    s.wait_for(100)
    s.half_close()
    s.wait_end()


def test_a_page_shows_the_same_still_and_text_on_every_run():
    shown = set()
    for _ in range(3):
        with serve("day4/tcp_server.py") as server, sender(server) as s:
            exchange(s)
            bundle = s._repr_mimebundle_()
            assert "application/vnd.jupyter.widget-view+json" in bundle
            shown.add((bundle["text/plain"], bundle["text/html"]))
    (plain, html), = shown
    assert plain.splitlines() == [
        "· 已连接", '→ 6 字节 "你好"', '← 6 字节 "你好"',
        '→ 100 字节（50 次 send） "' + "x\\n" * 30 + '…"', '← 100 字节 "' + "x\\n" * 30 + '…"',
        "· 半关闭：发出 FIN，还能接收", "· 对方不再发送（收到 FIN，recv 返回空）",
    ]
    for part in ("你好", "make lab", "127.0.0.1:PORT", "（50 次 send）", "半关闭"):
        assert part in html
    assert "<script" not in html and "http" not in html


def test_the_still_of_a_sender_that_did_nothing_is_not_blank():
    with servers.tcp(servers.echo) as address, sender(*address) as s:
        assert repr(s) == "还没有交互。"
        assert "还没有交互。" in s._repr_mimebundle_()["text/html"]


def test_what_crosses_the_wire_cannot_become_markup():
    evil = "<img src=x onerror=alert(1)>&amp;"
    with servers.tcp(servers.echo) as address, sender(*address) as s:
        s.connect()
        s.send(evil)
        s.wait_for(evil)
        s.log.add("·", note=evil)
        entries = [*s.entries(), *_printed(evil)]
        for html in (s._repr_mimebundle_()["text/html"], as_html.log_table(entries, 0, 0)):
            assert "<img" not in html and "&lt;img src=x onerror=alert(1)&gt;&amp;amp;" in html


def _printed(text):
    log = Log()
    return [log.add("|", note=text)]


def test_the_sender_does_what_its_conversation_does():
    with servers.tcp(servers.echo) as address, sender(*address, receive_size=3) as s:
        exchange(s)
        assert s.log[0].note == "已连接" and s.receive_size == 3 and s.finished
        with pytest.raises(AttributeError):
            s.no_such_thing  # noqa: B018


def test_wrong_addresses_are_refused_in_chinese():
    with pytest.raises(WireError, match="端口 99999"):
        sender("127.0.0.1", 99999)
    with pytest.raises(WireError, match="不是本机"):
        sender("192.0.2.1", 80)


def test_a_remote_sender_says_so():
    with sender("192.0.2.1", 80, allow_remote=True) as s:
        assert "已允许连接其他主机" in s.view.children[4].value
    with sender("127.0.0.1", 80) as s:
        assert "其他主机" not in s.view.children[4].value


def test_the_status_line_names_each_queue_of_each_end():
    here = net.Socket(("127.0.0.1", 4000), ("127.0.0.1", 80), "ESTABLISHED", 11, 22, 1)
    there = net.Socket(("127.0.0.1", 80), ("127.0.0.1", 4000), "CLOSE", 33, 44, 2)
    talk = Conversation("127.0.0.1", 80)
    talk.log.add("→", b"x" * 5)
    talk.log.add("←", b"y" * 7)
    talk.kernel = lambda: (here, there)
    text = re.sub("<[^>]*>", "", as_html.status(talk))
    assert text == ("TCP 127.0.0.1:80 · 本端 ESTABLISHED（待确认 11，待读 22 字节） · "
                    "服务器端 CLOSED（待确认 33，待读 44 字节） · 共发 5，共收 7 字节")
    talk.kernel = lambda: (None, None)
    assert " · 本端 CLOSED · 共发" in re.sub("<[^>]*>", "", as_html.status(talk))
    talk.protocol = "udp"
    assert re.sub("<[^>]*>", "", as_html.status(talk)) == (
        "UDP 127.0.0.1:80 · 没有连接状态 · 共发 5，共收 7 字节")


def test_what_waits_in_the_servers_queue_is_named_as_unread():
    gate = threading.Event()
    with servers.tcp(lambda conn: gate.wait(10)) as address, sender(*address) as s:
        s.connect()
        s.send("x" * 1000)
        wait_until(lambda: "服务器端 <b>ESTABLISHED</b>（待确认 0，待读 1000 字节）" in as_html.status(
            s.conversation), "the bytes wait in the server's receive queue")
        gate.set()


def test_a_row_of_the_log_has_its_columns():
    with sender("127.0.0.1", 80) as s:
        s.log.begin()
        s.log.add("→", "é<".encode() + b"z" * 300)
        s.log.add("←", b"\xff" * 3)
        s.log.add("·", note="gaierror：no such host")
        entries = [*s.entries(), *_printed("a line of the server")]
    rows = re.findall(r"<tr( class='trouble')?>(.*?)</tr>", as_html.log_table(entries, 0, 0))
    cells = [[re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)] for _, row in rows]
    assert cells[0] == ["秒", "方向", "字节", "内容", "十六进制", "往返毫秒", "服务器打印"]
    sent, received, event, printed = cells[1:]
    assert sent[1:3] == ["→ 发送", "303"] and sent[3] == "&quot;é&lt;" + "z" * 198 + "…&quot;"
    assert sent[4] == "c3 a9 3c " + " ".join(["7a"] * 61) and sent[5:] == ["", ""]
    assert received[1:5] == ["← 收到", "3", "十六进制 ff ff ff", "ff ff ff"] and float(received[5]) >= 0
    assert event[1:] == ["· 事件", "", "gaierror：no such host", "", "", ""]
    assert printed[1:] == ["", "", "", "", "", "a line of the server"]
    assert [bool(trouble) for trouble, _ in rows] == [False, False, False, True, False]
    assert all(re.fullmatch(r"\d\.\d{4}", row[0]) for row in cells[1:])


def test_a_burst_is_shown_soon_and_a_flood_ten_times_a_second():
    async def count(asks, pause, seconds):
        ran = []
        throttle = Throttle(lambda: ran.append(loop.time()))
        loop = asyncio.get_running_loop()
        begin = loop.time()
        for _ in range(asks):
            throttle.ask()
            await asyncio.sleep(pause)
        await asyncio.sleep(max(0, seconds - asks * pause))
        throttle.stop()
        took = loop.time() - begin
        throttle.ask()
        await asyncio.sleep(0.02)
        return len(ran), took

    assert run_apart(count(1, 0, 0.2))[0] == 1
    assert run_apart(count(3, 0.02, 0.07))[0] == 3
    times, seconds = run_apart(count(100, 0.005, 0.6))
    assert 4 <= times <= 4 + 10 * seconds


def test_a_throttle_that_was_stopped_does_nothing_of_what_was_planned():
    async def trouble():
        loop, found = asyncio.get_running_loop(), []
        loop.set_exception_handler(lambda _, context: found.append(context))
        throttle = Throttle(lambda: found.append("ran"), gather=0.01)
        throttle.ask()
        await asyncio.sleep(0)  # now it is planned
        throttle.stop()
        await asyncio.sleep(0.05)
        return found

    assert run_apart(trouble()) == []


def test_to_ask_a_throttle_whose_loop_is_closed_does_nothing():
    """A kernel that ends closes its loop while the threads of a link still tell what comes."""
    async def make():
        return Throttle(lambda: pytest.fail("nobody is there to run it"))

    throttle = run_apart(make())
    assert throttle._loop.is_closed()
    for _ in range(2):
        throttle.ask()


def test_only_what_makes_sense_can_be_clicked():
    with servers.tcp(servers.echo) as address, sender(*address) as s:
        s.view  # noqa: B018 - makes the widgets
        view = s._view

        def clickable():
            view.refresh()
            names = ("connect", "send", "half_close", "reset", "close", "protocol", "host", "port")
            return {name for name in names if not getattr(view, name).disabled}

        before = {"connect", "protocol", "host", "port"}
        assert clickable() == before
        view.connect.click()
        wait_until(lambda: s.phase == "open", "the connection")
        assert clickable() == {"send", "half_close", "reset", "close"}
        view.half_close.click()
        assert "half_close" not in clickable() and "send" not in clickable()
        s.wait_end()
        wait_until(lambda: s.phase == "ended", "both directions are closed")
        assert clickable() == before
        view.protocol.value = "udp"
        view.connect.click()
        wait_until(lambda: s.phase == "open", "the datagram socket")
        assert clickable() == {"send", "close"}
        view.close.click()
        assert clickable() == before


def test_while_it_connects_only_close_can_be_clicked():
    with servers.full_backlog() as address, sender(*address) as s:
        s.view  # noqa: B018 - makes the widgets
        view = s._view
        view.connect.click()
        wait_until(lambda: s.state == "SYN_SENT", "the SYN is out")
        view.refresh()
        names = ("connect", "send", "half_close", "reset", "close", "protocol", "host", "port")
        assert [name for name in names if not getattr(view, name).disabled] == ["close"]


def test_the_buttons_send_what_the_fields_say():
    with servers.tcp(servers.echo) as address, sender(*address) as s:
        s.view  # noqa: B018
        view = s._view
        view.connect.click()
        wait_until(lambda: s.phase == "open", "the connection")
        view.message.value, view.framing.value, view.times.value = "ab", "length", 2
        view.send.click()
        assert s.wait_for(12) == b"\0\0\0\2ab" * 2
        assert view.message.value == ""
        view.message.value, view.as_hex.value, view.framing.value, view.times.value = "ff 00", True, "", 1
        view.dripping.value = True
        view.send.click()
        assert s.wait_for(2) == b"\xff\x00"
        view.receive_size.value = 7
        assert s.receive_size == 7


def test_typed_lines_are_sent_once_in_order_and_answered():
    """As sender.js tells them: all that the page has not seen answered, again and again, and from two pages."""
    with servers.tcp(servers.echo) as address, sender(*address) as s:
        s.view  # noqa: B018
        view = s._view

        def type_in(page, *lines):
            view._typed.value = json.dumps({"page": page, "lines": lines})
            return view._answer.value

        s.connect()
        type_in("a", (1, "one"), (2, "two"))
        type_in("a", (1, "one"), (2, "two"), (3, "three"))
        assert type_in("b", (1, "first of b")) == "<i data-page='b' data-done='1' data-refused=''></i>"
        assert type_in("a", (3, "three"), (4, "four")) == "<i data-page='a' data-done='4' data-refused=''></i>"
        assert [entry.text for entry in s.log if entry.direction == "→"] == [
            "one", "two", "three", "first of b", "four"]
        view.as_hex.value = True
        assert type_in("a", (5, "<'4g'>")).endswith("data-refused='&lt;&#x27;4g&#x27;&gt;'></i>")
        assert type_in("a", (5, "<'4g'>"), (6, "41")).endswith("data-done='6' data-refused=''></i>")
        assert s.log[-1].text == "A" or s.log[-2].text == "A"
        view.as_hex.value, view.framing.value, view.times.value = False, "newline", 2
        type_in("a", (7, "x"))
        assert [entry.data for entry in s.log if entry.direction == "→"][-2:] == [b"x\n"] * 2


def test_errors_stand_in_the_log_once_and_what_was_typed_stays():
    with servers.tcp(servers.echo) as address, sender(*address) as s:
        s.view  # noqa: B018
        view = s._view
        view.message.value = "too early"
        view.send.click()
        view.port.value = "http"
        view.connect.click()
        view.port.value = str(address[1])
        view.connect.click()
        wait_until(lambda: s.phase == "open", "the connection")
        view.as_hex.value, view.message.value = True, "4g"
        view.send.click()
        notes = [entry.note.partition("：")[0] for entry in s.log]
        assert notes == ["OSError", "ValueError", "已连接", "ValueError"]
        assert view.message.value == "4g"
        view.refresh()
        assert view.log.value.count("class='trouble'") == 3
        view.clear.click()
        view.refresh()
        assert view.log.value.count("<tr") == 1


def test_the_log_shows_the_newest_and_counts_the_rest():
    with sender("127.0.0.1", 80) as s:
        for number in range(700):
            s.log.add("→", b"%d" % number)
        html = as_html.log_table(s.entries(), s.log.dropped, s.log.dropped_bytes)
        assert html.count("<tr>") == 251 and '&quot;699&quot;' in html and '&quot;449&quot;' not in html
        assert "更早的 250 行没有显示" in html and "最早的 200 行（" in html


def test_a_closed_widget_closes_the_connection():
    with servers.tcp(servers.echo) as address:
        s = sender(*address)
        s.connect()
        s.view.close()
        assert s.phase == "ended"
        s.connect()
        s.view  # noqa: B018 - it can be shown again
        ipywidgets.Widget.close_all()
        assert s.phase == "ended"


def test_a_sender_that_was_never_shown_is_collected():
    with servers.tcp(servers.echo) as address:
        s = sender(*address)
        s.connect()
        gone = weakref.ref(s.conversation)
        del s
        gc.collect()
        assert gone() is None


def test_a_shown_and_ended_sender_is_collected():
    with servers.tcp(servers.echo) as address:
        s = Sender(Conversation(*address))
        s._repr_mimebundle_()
        gone = weakref.ref(s)
        s.end()
        del s
        gc.collect()
        assert gone() is None
