"""A thread for each client."""
import argparse
import signal
import socket
import threading


def main(host, port):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with socket.create_server((host, port), backlog=128) as listener:
        print("listening on %s:%d" % listener.getsockname(), flush=True)
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=serve, args=(conn,), daemon=True).start()


def serve(conn):
    try:
        with conn:
            while data := conn.recv(65536):
                conn.sendall(data)
    except OSError:
        pass


parser = argparse.ArgumentParser()
parser.add_argument("--host", default="127.0.0.1")
parser.add_argument("--port", type=int, default=9000)
try:
    main(**vars(parser.parse_args()))
except KeyboardInterrupt:
    pass
