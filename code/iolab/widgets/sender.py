"""`sender(server)`: send a message to a server by hand and see what crossed the wire."""

from IPython.display import display

from iolab.widgets import cells
from iolab.widgets.sender_view import View
from iolab.wire import as_html
from iolab.wire.by_hand import ByHand, conversation_with

WIDGET = "application/vnd.jupyter.widget-view+json"


class Sender(ByHand):
    """A Conversation and, once a cell shows it, the buttons and the log for it.

    It does whatever its conversation does: connect, send, send_hex, half_close, reset, close, wait_for, wait_end,
    log, state, queues, transcript, … (see iolab.wire.Conversation). text/plain is the transcript, text/html a still of
    the exchange: both are the same on every run if the page waits for what the server answers (wait_for, wait_end)
    before it shows them. It ends with end(), when the cell that made it is run again or
    deleted, and with the kernel; before it was shown, also when it is forgotten.
    """

    def __init__(self, conversation):
        super().__init__(conversation)
        self._view, self._still, self._stored = None, None, None
        cells.ends_with_this_cell(self, Sender.end)

    @property
    def view(self):
        """The widget, made when it is first asked for."""
        if self._view is None:
            self._view = View(self.conversation, self._closed, self._store)
        return self._view.box

    def end(self):
        """Close the connection and take the widget from the page. To call it again does nothing."""
        super().end()
        self._store()
        if self._view:
            self.view.close()

    def _closed(self):
        self._view = None
        self.conversation.close()

    def _repr_mimebundle_(self, include=None, exclude=None):
        shown = self.view._repr_mimebundle_(include=include, exclude=exclude)
        return {WIDGET: shown[WIDGET], **self._without_kernel()}

    def _without_kernel(self):
        return {"text/plain": repr(self), "text/html": as_html.still(self.conversation)}

    def _ipython_display_(self):
        """In JupyterLab two outputs: the widget, and the still, which stands alone when the page is opened again."""
        if not cells.in_jupyterlab():
            raise NotImplementedError
        display({WIDGET: self.view._repr_mimebundle_()[WIDGET]}, raw=True)
        self._stored = self._without_kernel()
        self._still = display(self._stored, raw=True, display_id=True)

    def _store(self):
        """Renew the still on the page, that it be saved as it is now."""
        if self._still and self._stored != self._without_kernel():
            self._stored = self._without_kernel()
            self._still.update(self._stored, raw=True)


def sender(server_or_host, port=None, *, protocol="tcp", receive_size=1024, allow_remote=False):
    """The Sender for a server of serve(), or for a host (str) and port (int).

    protocol: "tcp" or "udp"; receive_size: bytes one recv asks for; allow_remote: whether other machines than this
    one are allowed. With a Server its printed lines stand in the log too. Raises WireError for a wrong host or port.
    """
    return Sender(conversation_with(server_or_host, port, protocol=protocol, receive_size=receive_size,
                                    allow_remote=allow_remote))
