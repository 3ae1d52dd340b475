"""asyncio's streams, whose readexactly and readuntil wait for whole messages."""
import argparse
import asyncio

MOST = 1 << 20


async def read_length(reader):
    size = int.from_bytes(await reader.readexactly(4), "big")
    if size > MOST:
        raise ValueError
    return await reader.readexactly(size)


async def read_lines(reader):
    return (await reader.readuntil(b"\n"))[:-1]


async def main(port, framing):
    async def serve(reader, writer):
        try:
            while True:
                body = await (read_length if framing == "length" else read_lines)(reader)
                back = body.decode()[::-1].encode()
                writer.write(len(back).to_bytes(4, "big") + back if framing == "length" else back + b"\n")
                await writer.drain()
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=MOST)
    print("listening on %s:%d" % server.sockets[0].getsockname(), flush=True)
    await server.serve_forever()


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=9000)
parser.add_argument("--framing", default="length")
asyncio.run(main(**vars(parser.parse_args())))
