"""Small real servers for the tests: one function serves one connection in a thread."""

import contextlib
import socket
import threading


@contextlib.contextmanager
def tcp(serve, host="127.0.0.1"):
    """A listener on loopback whose connections are handed to serve(conn), one after the other; gives its address."""
    current, family = [], socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listener:
        def work():
            with contextlib.suppress(OSError):
                while True:
                    conn, _ = listener.accept()
                    with conn, contextlib.suppress(OSError):
                        current.append(conn)
                        serve(conn)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield listener.getsockname()[:2]
        finally:
            for one in (listener, *current):
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
            thread.join()


@contextlib.contextmanager
def udp(answer):
    """A datagram socket on loopback that sends answer(data) back (None: nothing); gives its address."""
    with socket.socket(type=socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        here = one.getsockname()

        def work():
            while True:
                data, peer = one.recvfrom(70000)
                if peer == here:
                    return
                if (reply := answer(data)) is not None:
                    one.sendto(reply, peer)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            yield here
        finally:
            one.sendto(b"", here)
            thread.join()


@contextlib.contextmanager
def full_backlog():
    """A listener whose queue is full: a SYN gets no answer (listen(2), backlog); gives its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        with socket.create_connection(listener.getsockname()):
            yield listener.getsockname()


def echo(conn):
    while data := conn.recv(65536):
        conn.sendall(data)
