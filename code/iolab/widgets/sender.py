"""`sender(server)`: send a message to a server by hand and see what crossed the wire."""

from iolab.widgets import cells, sender_html
from iolab.widgets.sender_view import View
from iolab.wire import Conversation


class Sender:
    """A Conversation and, once a cell shows it, the buttons and the log for it.

    It does whatever its conversation does: connect, send, send_hex, half_close, reset, close, wait_for, wait_end,
    log, state, queues, transcript, … (see iolab.wire.Conversation). text/plain is the transcript, text/html a still of
    the exchange: both are the same on every run if the page waits for what the server answers (wait_for, wait_end)
    before it shows them. It ends with end(), when the cell that made it is run again or
    deleted, and with the kernel; before it was shown, also when it is forgotten.
    """

    def __init__(self, conversation):
        self.conversation = conversation
        self._view = None
        cells.ends_with_this_cell(self)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.conversation, name)

    def __repr__(self):
        return self.conversation.transcript() or "还没有交互。"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    @property
    def view(self):
        """The widget, made when it is first asked for."""
        if self._view is None:
            self._view = View(self.conversation, self._closed)
        return self._view.box

    def end(self):
        """Close the connection and take the widget from the page. To call it again does nothing."""
        self.conversation.close()
        if self._view:
            self.view.close()

    def _closed(self):
        self._view = None
        self.conversation.close()

    def _repr_mimebundle_(self, include=None, exclude=None):
        shown = self.view._repr_mimebundle_(include=include, exclude=exclude)
        return {**shown, "text/plain": repr(self), "text/html": sender_html.still(self.conversation)}


def sender(server_or_host, port=None, *, protocol="tcp", receive_size=1024, allow_remote=False):
    """The Sender for a server of serve(), or for a host (str) and port (int).

    protocol: "tcp" or "udp"; receive_size: bytes one recv asks for; allow_remote: whether other machines than this
    one are allowed. With a Server its printed lines stand in the log too. Raises WireError for a wrong host or port.
    """
    host, lines = server_or_host, None
    if port is None:
        host, port = server_or_host.host, server_or_host.port
        lines = lambda: server_or_host.lines  # noqa: E731
    return Sender(Conversation(host, port, protocol=protocol, receive_size=receive_size, allow_remote=allow_remote,
                               server_lines=lines))
