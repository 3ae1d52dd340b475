"""The buttons, fields and log of the message sender, in ipywidgets' own widgets."""

import contextlib
import json
import time
import uuid
from html import escape
from pathlib import Path

import ipywidgets as ui

from iolab.widgets.throttle import Throttle
from iolab.wire import as_html
from iolab.wire.by_hand import MOST_TIMES, attempt, possible

PROTOCOLS = [("TCP", "tcp"), ("UDP", "udp")]
FRAMINGS = [("不附加", ""), ("附加换行", "newline"), ("附加回车换行", "crlf"), ("前加 4 字节长度", "length")]
LOOK_EVERY = 0.25
SEND_TIMEOUT = 0.5
FLOOD, SHOWN_IN_FLOOD = 150, 40
AHEAD, NO_BROWSER_AFTER = 1, 2
STORE_EVERY = 1
TYPING = Path(__file__).with_name("sender.js").read_text(encoding="utf-8")
COPY = ("<button class='jupyter-button widget-button jupyter-widgets' style='width: 6em' "
        "title='选中表格并复制' onclick=\"const t = this.closest('.iolab-sender-box').querySelector('table');"
        "getSelection().selectAllChildren(t); document.execCommand('copy')\">复制记录</button>")


class Box(ui.VBox):
    """A box that tells when it is closed."""

    def __init__(self, children, closed):
        super().__init__(children)
        self._on_close = closed

    def close(self):
        super().close()
        self._on_close, tell = lambda: None, self._on_close
        tell()


class View:
    """box: the widget. It lives until box.close(); closed() is called then. changed() is called after changes, too.

    The log calls refresh from the receiving thread through a Throttle, so that every widget is touched by the main
    thread only and a flood costs ten updates a second. A browser that is slower than that gets fewer: it copies the
    number of each table it was sent from _sent to _seen, and no more than AHEAD tables may be on their way to it.

    What is typed comes from sender.js through _typed, as {"page": str, "lines": [[number, text], …]}: every line that
    this page of the browser has not seen answered in _answer. Without scripts the button still sends the field.
    """

    def __init__(self, conversation, closed, changed):
        self._talk, self._closed, self._changed = conversation, closed, changed
        self._done = {}  # page -> number of the newest line that was done
        self._make()
        self.box = Box(self._layout(), self._end)
        self.box.add_class("iolab-sender-box")
        self._throttle = Throttle(self._refresh_in_step)
        self._looking = self._storing = self._skipped = None
        self._count, self._refreshed = 0, 0
        self._listen()
        conversation.log.on_change = self._throttle.ask
        self.refresh()

    def _make(self):
        talk = self._talk
        self.protocol = ui.ToggleButtons(options=PROTOCOLS, value=talk.protocol, tooltips=["字节流", "数据报"])
        self.protocol.style.button_width = "4.5em"
        self.host = _text("主机", talk.host, "13em")
        self.port = _text("端口", str(talk.port), "9em")
        self.receive_size = ui.BoundedIntText(
            value=talk.receive_size, min=1, max=1 << 20, description="recv 大小", tooltip="一次 recv 最多要多少字节",
            layout=ui.Layout(width="12em"), style={"description_width": "initial"})
        self.connect = _button("连接", "primary")
        self.half_close = _button("半关闭", tip="shutdown(SHUT_WR)：发出 FIN，还能接收")
        self.reset = _button("重置", tip="发出 RST，没有收完发完的数据作废")
        self.close = _button("关闭", tip="close()")
        self.message = ui.Text(placeholder="输入消息，按 Enter 发送", continuous_update=False,
                               layout=ui.Layout(flex="1 1 12em", width="auto"))
        self.message.add_class("iolab-sender-message")
        self.send = _button("发送", "primary")
        self.send.add_class("iolab-sender-send")
        self._typed, self._answer = ui.Text(layout=_hidden()), ui.HTML(layout=_hidden())
        self._typed.add_class("iolab-sender-typed")
        self._answer.add_class("iolab-sender-answer")
        self._seat = ui.HTML(f"<img src='data:,' hidden data-sender='{uuid.uuid4().hex}' onerror='{escape(TYPING)}'>",
                             layout=_hidden())
        self.as_hex = ui.ToggleButtons(options=[("文本", False), ("十六进制", True)], value=False)
        self.as_hex.style.button_width = "6em"
        self.framing = ui.Dropdown(options=FRAMINGS, value="", layout=ui.Layout(width="11em"))
        self.times = ui.BoundedIntText(value=1, min=1, max=MOST_TIMES, description="连发", tooltip="不停顿地发几次",
                                       layout=ui.Layout(width="9em"), style={"description_width": "initial"})
        self.dripping = ui.Checkbox(value=False, description="逐字节发送", indent=False, layout=ui.Layout(width="8em"))
        self.status, self.log = ui.HTML(), ui.HTML(layout=ui.Layout(flex="0 0 auto", width="100%"))
        self.clear = _button("清空记录")
        self._sent, self._seen = ui.IntText(), ui.IntText()
        self._copy = ui.jsdlink((self._sent, "value"), (self._seen, "value"))

    def _layout(self):
        # column-reverse keeps the newest line in sight without any script
        window = ui.Box([self.log], layout=ui.Layout(
            display="flex", flex_flow="column-reverse", overflow="auto", max_height="22em", min_height="4em",
            border="1px solid rgba(128, 128, 128, 0.4)"))
        return [
            _row(self.protocol, self.host, self.port, self.receive_size),
            _row(self.connect, self.half_close, self.reset, self.close),
            _row(self.message, self.send),
            _row(self.as_hex, self.framing, self.times, self.dripping),
            self.status, window, _row(ui.HTML(COPY), self.clear), self._typed, self._answer, self._seat,
        ]

    def _listen(self):
        self.connect.on_click(lambda _: self._do(self._connect))
        self.half_close.on_click(lambda _: self._do(self._talk.half_close))
        self.reset.on_click(lambda _: self._do(self._talk.reset))
        self.close.on_click(lambda _: self._do(self._talk.close))
        self.send.on_click(lambda _: self._on_send())
        self.clear.on_click(lambda _: self._talk.log.clear())
        self._seen.observe(self._on_seen, "value")
        self._typed.observe(self._on_typed, "value")
        self.receive_size.observe(lambda change: self._do(self._set_receive_size), "value")

    def _on_seen(self, _change):
        if self._skipped:
            self._cancel("_skipped")
            self._throttle.ask()

    def _do(self, action):
        """Do it; an error goes to the log. Return whether there was none."""
        error = attempt(self._talk, action)
        self._throttle.ask()
        return error is None

    def _connect(self):
        self._talk.aim(self.host.value, self.port.value, self.protocol.value)
        self._talk.connect(wait=False)

    def _send(self, text):
        send = self._talk.send_hex if self.as_hex.value else self._talk.send
        send(text, times=self.times.value, framing=self.framing.value or None,
             one_byte_at_a_time=self.dripping.value, timeout=SEND_TIMEOUT)

    def _on_send(self):
        if self._do(lambda: self._send(self.message.value)):
            self.message.value = ""  # only now: what could not be sent stays in the field

    def _on_typed(self, change):
        told, refused = json.loads(change["new"]), ""
        page = told["page"]
        for number, text in told["lines"]:
            if number > self._done.get(page, 0):
                self._done[page] = number
                refused = "" if self._do(lambda text=text: self._send(text)) else text
        self._answer.value = f"<i data-page='{escape(page)}' data-done='{number}' data-refused='{escape(refused)}'></i>"

    def _set_receive_size(self):
        self._talk.receive_size = self.receive_size.value

    def _cancel(self, name):
        if later := getattr(self, name):
            later.cancel()
        setattr(self, name, None)

    def _refresh_in_step(self):
        """Refresh if the browser keeps up, otherwise when it does, or after a while if there is none."""
        self._cancel("_skipped")
        behind = self._sent.value - self._seen.value > AHEAD
        if behind and time.monotonic() < self._refreshed + NO_BROWSER_AFTER:
            self._skipped = self._throttle.after(NO_BROWSER_AFTER, self._throttle.ask)
        else:
            self.refresh()

    def refresh(self):
        """Show the log and the kernel's word as they are now, and look again while there is a connection.

        In a flood only a few lines are shown, because the browser cannot draw long tables ten times a second.
        """
        self._refreshed = time.monotonic()
        log = self._talk.log
        count = len(log) + log.dropped
        flooded, self._count = count - self._count > FLOOD, count
        shown = SHOWN_IN_FLOOD if flooded else as_html.SHOWN
        self.log.value = as_html.log_table(self._talk.entries(), log.dropped, log.dropped_bytes, shown)
        self._sent.value += 1
        self._look()
        if flooded:
            self._throttle.ask()
        self._storing = self._storing or self._throttle.after(STORE_EVERY, self._store)

    def _store(self):
        self._storing = None
        self._changed()

    def _look(self):
        can, ended = possible(self._talk), self._talk.phase == "ended"
        for name in ("connect", "send", "half_close", "reset", "close"):
            getattr(self, name).disabled = name not in can
        self.protocol.disabled = self.host.disabled = self.port.disabled = not ended
        self.status.value = as_html.status(self._talk)
        self._cancel("_looking")
        self._looking = None if ended and self._talk.state == "CLOSED" else self._throttle.after(
            LOOK_EVERY, self._look_again)

    def _look_again(self):
        self._looking = None
        if self._talk.server_lines:
            self._refresh_in_step()
        if not self._looking:
            self._look()

    def _end(self):
        self._talk.log.on_change = None
        self._throttle.stop()
        for name in ("_looking", "_storing", "_skipped"):
            self._cancel(name)
        for widget in _all([*self.box.children, self._sent, self._seen, self._copy]):
            widget.close()
        self.box.layout.close()
        self._closed()


def _all(widgets):
    for widget in widgets:
        yield from _all(getattr(widget, "children", ()))
        yield widget
        for name in ("style", "layout"):
            with contextlib.suppress(AttributeError):
                yield getattr(widget, name)


def _button(label, style="", tip=""):
    return ui.Button(description=label, button_style=style, tooltip=tip or label, layout=ui.Layout(width="6em"))


def _hidden():
    return ui.Layout(display="none")


def _text(label, value, width):
    return ui.Text(value=value, description=label, layout=ui.Layout(width=width),
                   style={"description_width": "initial"})


def _row(*widgets):
    return ui.Box(widgets, layout=ui.Layout(display="flex", flex_flow="row wrap", align_items="center"))
