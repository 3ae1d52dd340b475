"""The echo of the other servers on asyncio's fastest interface, with its own event loop or with uvloop's.

Run:  python code/iolab/arena/protocol_server.py --loop uvloop --port 9000
"""

import argparse
import asyncio
import socket


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def pause_writing(self):
        self.transport.pause_reading()  # back-pressure: a client that does not read is not read from

    def resume_writing(self):
        self.transport.resume_reading()


async def main(host, port):
    listener = socket.create_server((host, port), backlog=1024)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = await asyncio.get_running_loop().create_server(Echo, sock=listener, backlog=1024)
    async with server:
        print("listening on %s:%d" % server.sockets[0].getsockname(), flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--loop", choices=("asyncio", "uvloop"), default="asyncio")
    options = parser.parse_args()
    if options.loop == "uvloop":
        import uvloop as loop
    else:
        loop = asyncio
    with asyncio.Runner(loop_factory=loop.new_event_loop) as runner:
        runner.run(main(options.host, options.port))
