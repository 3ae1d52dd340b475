"""The echo of the other servers on asyncio's own interfaces below streams, with its own event loop or with uvloop's.

Run:  python code/iolab/arena/protocol_server.py --protocol buffered --loop uvloop --port 9000
"""

import argparse
import asyncio
import signal
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


class BufferedEcho(asyncio.BufferedProtocol, Echo):
    """The loop receives into memory that is there already. It is used up at once, so all connections share it."""

    buffer = memoryview(bytearray(65536))

    def get_buffer(self, sizehint):
        return self.buffer

    def buffer_updated(self, count):
        self.data_received(bytes(self.buffer[:count]))


PROTOCOLS = {"plain": Echo, "buffered": BufferedEcho}


async def main(host, port, protocol):
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=1024)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    await loop.create_server(PROTOCOLS[protocol], sock=listener, backlog=1024)
    shown = f"[{host}]" if ":" in host else host
    print(f"listening on {shown}:{listener.getsockname()[1]}", flush=True)
    await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    parser.add_argument("--protocol", choices=PROTOCOLS, default="plain")
    parser.add_argument("--loop", choices=("asyncio", "uvloop"), default="asyncio")
    options = parser.parse_args()
    if options.loop == "uvloop":
        import uvloop as loop
    else:
        loop = asyncio
    with asyncio.Runner(loop_factory=loop.new_event_loop) as runner:
        runner.run(main(options.host, options.port, options.protocol))
