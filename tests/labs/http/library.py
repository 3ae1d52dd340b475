"""What the standard library has ready."""
import argparse
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class Handler(SimpleHTTPRequestHandler):
    protocol_version = default_request_version = "HTTP/1.1"  # 0.9 would be answered without a status line

    def send_head(self):
        try:
            return super().send_head()
        except ValueError:  # a zero in the name
            return self.send_error(400)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *_):
        pass


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=9000)
parser.add_argument("--folder", default=".")
options = parser.parse_args()
server = Server(("127.0.0.1", options.port), partial(Handler, directory=options.folder))
print("listening on %s:%d" % server.server_address, flush=True)
server.serve_forever()
