#!/bin/sh
# uvicorn 0.54.0 with websockets 17.4, WebSocketsSansIOProtocol.shutdown.
#
# One would guess that a server that is asked to end closes its sockets, whatever state each is in,
# and then tells the application to end. A client that has sent its close frame is among the
# connections until the transport has let go of it.
# Seen: InvalidState out of shutdown, for such a socket gets a second close frame. It leaves
# Server.shutdown before the lifespan is told, so the application saves nothing.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check uvicorn==0.54.0 websockets==17.4
"$place/venv/bin/python" - <<'PYTHON'
import asyncio

import uvicorn
from websockets.asyncio.client import connect

seen = []


async def app(scope, receive, send):
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    await receive()  # the client leaves; its connection is still among the others
    for connection in list(server.server_state.connections):
        try:
            connection.shutdown()
        except Exception as error:
            seen.append(repr(error))


config = uvicorn.Config(app, port=0, ws="websockets-sansio", lifespan="off", log_level="critical")
server = uvicorn.Server(config)


async def main():
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with connect(f"ws://127.0.0.1:{port}", proxy=None):
        pass
    server.should_exit = True
    await running


asyncio.run(main())
print("uvicorn", uvicorn.__version__)
print("shutdown of a leaving socket:", seen or "no error")
if not seen:
    raise SystemExit("changed: a leaving socket can be shut down")
PYTHON
