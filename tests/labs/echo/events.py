"""One thread, non-blocking sockets, one buffer for each client: the reference solution."""
import argparse
import selectors
import signal
import socket


def main(host, port):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with socket.create_server((host, port), backlog=128) as listener, selectors.DefaultSelector() as selector:
        listener.setblocking(False)
        selector.register(listener, selectors.EVENT_READ)
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    accept(listener, selector)
                else:
                    serve(key.fileobj, key.data, selector)


def accept(listener, selector):
    conn, _ = listener.accept()
    conn.setblocking(False)
    selector.register(conn, selectors.EVENT_READ, bytearray())


def serve(conn, waiting, selector):
    try:
        if not waiting:
            data = conn.recv(65536)
            if not data:
                return leave(conn, selector)
            waiting += data
        del waiting[:conn.send(waiting)]
    except BlockingIOError:
        pass
    except OSError:
        return leave(conn, selector)
    selector.modify(conn, selectors.EVENT_WRITE if waiting else selectors.EVENT_READ, waiting)


def leave(conn, selector):
    selector.unregister(conn)
    conn.close()


parser = argparse.ArgumentParser()
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=9000)
try:
    main(**vars(parser.parse_args()))
except KeyboardInterrupt:
    pass
