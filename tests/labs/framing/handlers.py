"""socketserver, and the stream that it makes of a connection: read() waits for all, readline() has a limit."""
import argparse
import signal
import socketserver
import struct

MOST = 1 << 20


class Length(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while (body := self.message()) is not None:
                self.wfile.write(self.frame(body.decode()[::-1].encode()))
        except (OSError, UnicodeDecodeError):
            pass

    def message(self):
        head = self.rfile.read(4)
        if len(head) < 4 or (size := struct.unpack("!I", head)[0]) > MOST:
            return None
        body = self.rfile.read(size)
        return body if len(body) == size else None

    def frame(self, body):
        return struct.pack("!I", len(body)) + body


class Lines(Length):
    def message(self):
        line = self.rfile.readline(MOST + 1)
        return line[:-1] if line.endswith(b"\n") else None

    def frame(self, body):
        return body + b"\n"


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True
    request_queue_size = 128


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--framing", choices=("length", "lines"), default="length")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with Server(("127.0.0.1", options.port), Lines if options.framing == "lines" else Length) as server:
        print("listening on %s:%d" % server.server_address, flush=True)
        server.serve_forever()
