"""asyncio's callbacks, without a task for each connection."""
import asyncio
import signal
import sys


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


async def main(port):
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.set_exception_handler(lambda *_: None)
    server = await loop.create_server(Echo, "127.0.0.1", port, backlog=1024)
    print("listening on %s:%d" % server.sockets[0].getsockname(), flush=True)
    await stop.wait()


asyncio.run(main(int(sys.argv[sys.argv.index("--port") + 1])))
