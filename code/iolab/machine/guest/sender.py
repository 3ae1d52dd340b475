"""`sender(server)` in the machine: a form of the page, and a thread of the cells' process that does what it orders."""

import contextlib
import json
import os
import select
import threading
import time
from html import escape

from iolab.wire import WireError, as_html
from iolab.wire.by_hand import MOST_TIMES, ByHand, attempt, conversation_with, possible
from iolab.wire.errors import explain
from iolab.wire.log import PRINTED

LOOK_EVERY = 0.5  # seconds between two looks at the kernel's tables, which cost some milliseconds here
PACE = 0.1  # seconds that pass at least between two news
SHOWN, FLOOD, SHOWN_IN_FLOOD = 250, 60, 30  # rows on the page; from so many at once on, only the newest
PATIENCE = 2  # seconds that one send waits for a server that does not read


class Sender(ByHand):
    """A Conversation and, once a cell shows it, a form on the page. As iolab.widgets.sender.Sender otherwise."""

    def __init__(self, conversation, desk):
        super().__init__(conversation)
        self.number, self._desk = None, desk

    def _ipython_display_(self):
        self._desk.show(self)

    def end(self):
        """Close the connection and end the form. To call it again does nothing."""
        super().end()
        self._desk.forget(self)


class Desk:
    """Where the orders of all forms come in, and whence news go out: one thread, begun with the first form.

    orders: a descriptor with lines of JSON; tell(**message) gives the page a message and may be called by any thread;
    draw(event) lets the page show something in the running cell's output. What goes out beside `draw`:
    {sender, done, refused} for each order: its number, and "" or the sentence that says why not;
    {sender, fresh, rows, left_out, trouble, status, can, phase} what is new: rows of the log, as HTML;
    {sender, ended} it takes no more orders.
    """

    def __init__(self, orders, tell, draw):
        self._orders, self._tell, self._draw = orders, tell, draw
        self._shown, self._count = {}, 0
        self._bell = self._ring = None
        self._changing = threading.Lock()

    def show(self, sender):
        """Let the page draw its form; after another time, one more of the same."""
        talk = sender.conversation
        if sender.number is None:
            self._count += 1
            sender.number = self._count
        self._draw({
            "kind": "sender", "sender": sender.number, "style": as_html.STYLE,
            "head": as_html.log_head(talk.server_lines), "protocol": talk.protocol, "host": talk.host,
            "port": talk.port, "receive_size": talk.receive_size})
        if self._ring is None:
            self._bell, self._ring = os.pipe()
            for fd in (self._bell, self._ring):
                os.set_blocking(fd, False)
            threading.Thread(target=self._serve, name="sender", daemon=True).start()
        with self._changing:
            self._shown[sender.number] = News(sender)
        talk.log.on_change = self.ring
        self.ring()

    def forget(self, sender):
        """Take no more orders for it."""
        with self._changing:
            shown = self._shown.pop(sender.number, None)
        if shown:
            sender.conversation.log.on_change = None
            self._tell(sender=sender.number, ended=True)

    def ring(self):
        """Something has changed; from any thread."""
        with contextlib.suppress(BlockingIOError):  # it rings already
            os.write(self._ring, b"!")

    def _serve(self):
        begun, free = b"", 0
        while True:
            now = time.monotonic()
            waited = select.poll()
            waited.register(self._orders, select.POLLIN)
            if now >= free:
                waited.register(self._bell, select.POLLIN)
            looking = any(news.alive for news in self._everyone().values())
            patience = free - now if now < free else LOOK_EVERY if looking else None
            ready = [fd for fd, _ in waited.poll(patience and patience * 1000)]
            if self._orders in ready:
                data = os.read(self._orders, 65536)
                if not data:
                    return
                *lines, begun = (begun + data).split(b"\n")
                for line in lines:
                    self._obey(json.loads(line))
            if now < free and not ready:
                continue
            if self._bell in ready:
                os.read(self._bell, 4096)
            for number, news in self._everyone().items():
                if found := news.take():
                    self._tell(sender=number, **found)
            free = time.monotonic() + PACE

    def _everyone(self):
        with self._changing:
            return dict(self._shown)

    def _obey(self, order):
        number, news = order["sender"], self._everyone().get(order["sender"])
        if news is None:
            return self._tell(sender=number, ended=True)
        try:
            error = attempt(news.sender.conversation, lambda: ORDERS[order["order"]](news.sender.conversation, order))
        except Exception as unforeseen:  # the thread must go on for the others
            error = f"{type(unforeseen).__name__}：{unforeseen}"
        return self._tell(sender=number, done=order["number"], refused=str(error or ""))


class News:
    """What the page does not know yet of one sender. alive: whether the kernel still knows its connection."""

    def __init__(self, sender):
        self.sender, self.alive = sender, True
        self._since, self._told = None, None

    def take(self):
        """The fields of the next message, None when nothing is new."""
        talk = self.sender.conversation
        log = talk.log
        with log.changed:
            entries, dropped, dropped_bytes, since = talk.entries(), log.dropped, log.dropped_bytes, log.since
        fresh = since != self._since
        if fresh:  # the log was cleared, or the form is new
            self._since, self._printed, self._entries, self._on_page = since, since, 0, 0
        printed = [entry for entry in entries if entry.direction == PRINTED]
        kept = [entry for entry in entries if entry.direction != PRINTED]
        rows = kept[max(0, self._entries - dropped):] + [entry for entry in printed if entry.at > self._printed]
        rows.sort(key=lambda entry: entry.at)
        self._entries, self._printed = dropped + len(kept), max([self._printed, *(entry.at for entry in printed)])
        if len(rows) > FLOOD:
            fresh, rows = True, rows[-SHOWN_IN_FLOOD:]
        self._on_page = min(SHOWN, (0 if fresh else self._on_page) + len(rows))
        trouble = [entry.note for entry in rows if as_html.is_trouble(entry)]
        state = {
            "left_out": as_html.left_out(max(0, len(entries) - self._on_page), dropped, dropped_bytes),
            "can": sorted(possible(talk)), "phase": talk.phase, "receive_size": talk.receive_size}
        try:
            state["status"] = as_html.status(talk)
            self.alive = state["phase"] != "ended" or talk.state != "CLOSED"
        except OSError as error:  # a cell has taken all descriptors
            state["status"] = escape(str(explain(error, talk.where)))
        if not rows and not fresh and state == self._told:
            return None
        self._told = state
        html = [as_html.log_row(entry, bool(talk.server_lines)) for entry in rows]
        return state | {"fresh": fresh, "rows": html, "trouble": trouble[-1] if trouble else ""}


def _whole(text, name):
    """A field's text as a whole number. Raises WireError."""
    try:
        return int(text)
    except ValueError:
        raise WireError("ValueError", f"{name} {text!r} 不行，要一个整数。") from None


def _connect(talk, order):
    talk.aim(order["host"], order["port"], order["protocol"])
    talk.receive_size = _whole(order["receive_size"], "recv 大小")
    talk.connect(wait=False)


def _send(talk, order):
    times = _whole(order["times"], "发送次数")
    if times > MOST_TIMES:
        raise WireError("ValueError", f"发送次数 {times} 不行，最多 {MOST_TIMES}。")
    send = talk.send_hex if order["hex"] else talk.send
    send(order["text"], times=times, framing=order["framing"] or None, one_byte_at_a_time=order["dripping"],
         timeout=PATIENCE)


def _resize(talk, order):
    talk.receive_size = _whole(order["receive_size"], "recv 大小")


ORDERS = {
    "connect": _connect,
    "send": _send,
    "resize": _resize,
    "half_close": lambda talk, _: talk.half_close(),
    "reset": lambda talk, _: talk.reset(),
    "close": lambda talk, _: talk.close(),
    "clear": lambda talk, _: talk.log.clear(),
}


def maker(desk, ends_with_this_cell):
    """sender() as iolab offers it. ends_with_this_cell(thing, end): call end(thing) when the cell is run again."""

    def sender(server_or_host, port=None, *, protocol="tcp", receive_size=1024, allow_remote=False):
        """As iolab.widgets.sender.sender. allow_remote leads nowhere: this Linux has no network but its own."""
        if allow_remote:
            print("（页面里的 Linux 只有它自己，没有别的主机：allow_remote=True 在这里没有用。）")
        made = Sender(conversation_with(server_or_host, port, protocol=protocol, receive_size=receive_size,
                                        allow_remote=allow_remote), desk)
        ends_with_this_cell(made, Sender.end)
        return made

    return sender
