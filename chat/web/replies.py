"""An answer of the login: a page for who reads HTML, a sentence for who does not."""

import json
from dataclasses import dataclass, replace

from starlette.types import Scope, Send

from chat.web.headers import RawHeaders


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: int
    sentence: str = ""
    page: bytes = b""
    """For browsers; empty: the sentence alone."""
    to: str = ""
    """Where a browser goes on."""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    """JSON, where a script has asked."""

    def with_cookie(self, cookie: str) -> "Reply":
        """The same with a cookie."""
        return replace(self, headers=(*self.headers, (b"set-cookie", cookie.encode("ascii"))))

    async def send(self, scope: Scope, send: Send) -> None:
        """Answer a request, or the opening of a live connection."""
        # Else a browser names no origin for our forms, which are then taken for a stranger's.
        headers: RawHeaders = [
            (b"cache-control", b"no-store"),
            (b"referrer-policy", b"same-origin"),
        ]
        headers += self.headers
        if self.to:
            headers.append((b"location", self.to.encode("ascii", "replace")))
        reads_html = any(k == b"accept" and b"text/html" in value for k, value in scope["headers"])
        if self.page and reads_html:
            kind, body = b"text/html; charset=utf-8", self.page
        elif self.body:
            kind, body = b"application/json", self.body
        else:
            kind, body = b"application/json", json.dumps({"error": self.sentence}).encode()
        headers += [(b"content-type", kind), (b"content-length", str(len(body)).encode("ascii"))]
        is_socket = scope["type"] == "websocket"
        if is_socket and "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        begun = "websocket.http.response" if is_socket else "http.response"
        await send({"type": f"{begun}.start", "status": self.status, "headers": headers})
        await send({"type": f"{begun}.body", "body": body})
