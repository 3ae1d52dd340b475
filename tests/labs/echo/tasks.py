"""asyncio's streams: drain() is all the back-pressure there is."""
import argparse
import asyncio
import contextlib
import signal


async def serve(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    writer.close()


async def main(host, port):
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    server = await asyncio.start_server(serve, host, port)
    print("listening on %s:%d" % server.sockets[0].getsockname(), flush=True)
    await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9000)
    asyncio.run(main(**vars(parser.parse_args())))
