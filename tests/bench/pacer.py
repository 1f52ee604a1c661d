"""``python -m tests.bench.pacer PIECES RATE_HZ``: a model that speaks at a pace and says when.

A process of its own, for every server of a comparison: each piece names its number and the moment
at which it was sent, in microseconds of the system's monotonic clock, as ``n17t123456789``.
"""

import asyncio
import json
import re
import sys
import time

MODEL = "pacer"
STAMP = re.compile(r"n(\d+)t(\d+)")
PARAGRAPH = 40
"""Pieces."""

_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nTransfer-Encoding: chunked\r\n\r\n"


def _chunk(choice: object) -> bytes:
    told = {
        "id": "chat-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": MODEL,
        "choices": [choice],
    }
    return _framed(f"data: {json.dumps(told)}\n\n".encode())


def _framed(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


async def _speak(writer: asyncio.StreamWriter, pieces: int, rate_hz: float) -> None:
    writer.write(_HEAD.format("text/event-stream").encode())
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    for number in range(pieces):
        await asyncio.sleep(max(0.0, began_s + number / rate_hz - loop.time()))
        end = ".\n\n" if number % PARAGRAPH == PARAGRAPH - 1 else " said "
        text = f"n{number}t{time.monotonic_ns() // 1000}{end}"
        writer.write(_chunk({"index": 0, "delta": {"content": text}, "finish_reason": None}))
    writer.write(_chunk({"index": 0, "delta": {}, "finish_reason": "stop"}))
    writer.write(_framed(b"data: [DONE]\n\n") + _framed(b""))
    await writer.drain()


async def _met(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, pieces: int, rate_hz: float
) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            length = re.search(r"content-length: (\d+)", head)
            await reader.readexactly(int(length[1]) if length else 0)
            if "/chat/completions" in head:
                await _speak(writer, pieces, rate_hz)
            else:
                listed = json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]})
                writer.write(_HEAD.format("application/json").encode())
                writer.write(_framed(listed.encode()) + _framed(b""))
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


async def _serve(pieces: int, rate_hz: float) -> None:
    server = await asyncio.start_server(
        lambda reader, writer: _met(reader, writer, pieces, rate_hz), "127.0.0.1", 0, backlog=500
    )
    port = server.sockets[0].getsockname()[1]
    print(f"The model is at http://127.0.0.1:{port}", flush=True)  # noqa: T201
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
