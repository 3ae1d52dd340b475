"""The reference of lab reliable: each message waits for its acknowledgement before the next one goes.

Run as  python -I stop_and_wait.py --port 0  or  --to HOST:PORT  by labs/reliable.py, never imported.
"""

import socket
import sys

WAIT = 0.08  # seconds for an acknowledgement: two round trips of the road on which it is measured


def receive(port):
    with socket.socket(type=socket.SOCK_DGRAM) as here:
        here.bind(("127.0.0.1", port))
        print("listening on %s:%d" % here.getsockname(), flush=True)
        wanted = 0
        while True:
            data, peer = here.recvfrom(2000)
            number, _, message = data.partition(b" ")
            here.sendto(number, peer)
            if int(number) == wanted:
                wanted += 1
                sys.stdout.buffer.write(message)
                sys.stdout.flush()


def send(host, port):
    with socket.socket(type=socket.SOCK_DGRAM) as here:
        here.connect((host, port))
        here.settimeout(WAIT)
        for number, line in enumerate(sys.stdin.buffer):
            while True:
                here.send(b"%d %b" % (number, line))
                try:
                    if here.recv(100) == b"%d" % number:
                        break
                except TimeoutError:
                    continue


if __name__ == "__main__":
    way, where = sys.argv[1:]
    if way == "--port":
        receive(int(where))
    else:
        host, _, port = where.rpartition(":")
        send(host, int(port))
