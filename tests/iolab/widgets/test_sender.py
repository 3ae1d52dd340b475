"""The sender without a browser: its stills, its widgets, its end."""

import gc
import json
import threading
import weakref

import ipywidgets
import pytest
from ipywidgets.widgets import widget as ipywidget

import servers
from iolab.launch import serve
from iolab.widgets import sender_html
from iolab.widgets.sender import Sender, sender
from iolab.wire import Conversation, Log, WireError
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
        for html in (s._repr_mimebundle_()["text/html"], sender_html.log_table(entries, 0, 0)):
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
        html = sender_html.log_table(s.entries(), s.log.dropped, s.log.dropped_bytes)
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
