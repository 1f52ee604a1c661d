"""What a proxy in front says of a request: believed from the addresses that are trusted, only.

``FORWARDED_ALLOW_IPS`` names them, 127.0.0.1 if it is not set. uvicorn reads ``X-Forwarded-Proto``
and ``X-Forwarded-For``; the path below which the proxy serves us, and what it calls the request,
are read further in, and taken away here where somebody else says them.
"""

from collections.abc import Mapping
from typing import cast

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn._types import ASGI3Application
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from chat.web.root_path import PREFIX

TRUSTED = "127.0.0.1"
REQUEST_ID_HEADER = b"x-request-id"
SAID_BY_PROXIES = frozenset({PREFIX, REQUEST_ID_HEADER})
"""What is read further in, and nobody else may say."""
_PEER = "easel.peer"


def peer_of(scope: Scope) -> str:
    """The address that the connection is from, whatever is forwarded; empty: it is not known."""
    return str(scope.get(_PEER, ""))


class ForwardedHeaders:
    """The outermost layer, for it alone sees who the connection is from."""

    def __init__(self, app: ASGIApp, environ: Mapping[str, str]) -> None:
        trusted = environ.get("FORWARDED_ALLOW_IPS") or TRUSTED
        self._believing = ProxyHeadersMiddleware(cast("ASGI3Application", app), trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the request as the proxy got it."""
        client = scope.get("client")
        if "headers" in scope and not (client and client[0] in self._believing.trusted_hosts):
            headers = [each for each in scope["headers"] if each[0] not in SAID_BY_PROXIES]
            scope = {**scope, "headers": headers}
        scope = {**scope, _PEER: client[0] if client else ""}
        await self._believing(scope, receive, send)  # type: ignore[arg-type]
