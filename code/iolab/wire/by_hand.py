"""What a form needs to drive a conversation: what can be ordered now, and errors that go to the log."""

from iolab.wire.conversation import Conversation
from iolab.wire.errors import WireError
from iolab.wire.log import EVENT

MOST_TIMES = 10_000  # sends without pause


class ByHand:
    """Does whatever its `conversation` does; its text is the transcript. A context manager: the end calls end()."""

    def __init__(self, conversation):
        self.conversation = conversation

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

    def end(self):
        """Close the connection. To call it again does nothing."""
        self.conversation.close()


def conversation_with(server_or_host, port=None, **options):
    """The Conversation with a server of serve(), whose printed lines it has, or with a host (str) and port (int)."""
    if port is not None:
        return Conversation(server_or_host, port, **options)
    server = server_or_host
    return Conversation(server.host, server.port, server_lines=lambda: server.lines, **options)


def attempt(conversation, order):
    """Call order(); return its WireError, which then stands in the log too, or None."""
    try:
        order()
    except WireError as error:
        log = conversation.log
        if not len(log) or log[-1].note != str(error):
            log.add(EVENT, note=str(error))
        return error
    return None


def possible(conversation):
    """The set of what can be ordered now: "connect", "send", "half_close", "reset", "close"."""
    phase, tcp = conversation.phase, conversation.protocol == "tcp"
    if phase != "open":
        return {"connect"} if phase == "ended" else {"close"}
    both = not conversation.half_closed
    return {"close"} | ({"send"} if both else set()) | ({"reset"} if tcp else set()) | (
        {"half_close"} if tcp and both else set())
