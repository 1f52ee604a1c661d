"""A small application behind the guard, and requests written by hand as a stranger would."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from tests.patience import PATIENCE_S


async def count(request: Request) -> Response:
    """Answers with the number of bytes that came in."""
    total = 0
    async for chunk in request.stream():
        total += len(chunk)
    return JSONResponse({"bytes": total})


async def page(_: Request) -> Response:
    return HTMLResponse("<p>hello</p>", headers={"Access-Control-Allow-Origin": "*"})


async def picture(_: Request) -> Response:
    own = {"Content-Security-Policy": "sandbox", "Cache-Control": "private, immutable"}
    return Response(b"png", media_type="image/png", headers=own)


async def broken(_: Request) -> Response:
    raise RuntimeError("a secret detail")


async def stream(_: Request) -> Response:
    return StreamingResponse(iter([b"data: 1\n\n"]), media_type="text/event-stream")


async def live(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(await socket.receive_text())
    await socket.close()


async def closed(socket: WebSocket) -> None:
    await socket.close()


def small_app() -> Starlette:
    """One route for each kind of answer."""
    return Starlette(
        routes=[
            Route("/", page),
            Route("/count", count, methods=["POST", "PUT", "DELETE"]),
            Route("/api/media", count, methods=["POST"]),
            Route("/picture", picture),
            Route("/broken", broken),
            Route("/stream", stream),
            WebSocketRoute("/live", live),
            WebSocketRoute("/closed", closed),
        ]
    )


@dataclass(frozen=True)
class Answer:
    """Status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def ask(
    port: int, method: str, path: str, headers: Mapping[str, str] | None = None, body: Any = None
) -> Answer:
    """One request with exactly these headers, and no Host but the one that is given."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        sent = {"Host": f"127.0.0.1:{port}", **(headers or {})}
        chunked = body is not None and not isinstance(body, bytes)
        if isinstance(body, bytes):
            sent.setdefault("Content-Length", str(len(body)))
        elif chunked:
            sent["Transfer-Encoding"] = "chunked"
        for name, value in sent.items():
            connection.putheader(name, value)
        connection.endheaders(message_body=body, encode_chunked=chunked)
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, response.read())
    finally:
        connection.close()
