"""Servers at an address: the HTTP client under the SDK's transport, with bounds of ours.

One request that fails must not end the connection, over which others wait for their answers; so
once a server was reached, what goes wrong becomes the answer to that request.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from mcp.client.streamable_http import streamable_http_client

from chat.core.errors import ChatError
from chat.core.models import Endpoint
from chat.core.network import Network
from chat.http.transport import RoutedTransport, certificate_fault
from chat.mcp.ending import MAX_MESSAGE_BYTES, Ending, Pace
from chat.mcp.settings import Address

NOT_ANSWERED = -32090
"""The code of an error that is ours: its message is the end of a sentence after the title."""

NOT_SENT = -32091
"""The same, where the server surely heard nothing of the request."""

CONNECT_S = 10.0
WRITE_S = 60.0
"""How long to wait for an answer is for the caller to say, and a stream may be silent for long."""

_STATUS = {
    401: "wants to know who asks: give it a token, or “oauth”, in mcp.toml",
    403: "does not let Easel in",
    404: "has nothing at this address that speaks streamable HTTP",
    405: "has nothing at this address that speaks streamable HTTP",
    407: "is behind a proxy that wants to know who asks",
    429: "is asked too often",
}
_TOLD_BY_STATUS_ALONE = frozenset({401, 403, 407, 429})
_TOO_MUCH = f"sent more than {MAX_MESSAGE_BYTES // 2**20} MB at once"


@asynccontextmanager
async def reached(
    address: Address,
    title: str,
    network: Network,
    ending: Ending,
    auth: httpx2.Auth | None = None,
) -> AsyncIterator[Any]:
    """The streams that the SDK's client speaks over, to a server at an address.

    Args:
        address: where it is, and what is sent along.
        title: what people call it.
        network: proxies and authorities.
        ending: is told when the server is gone. Set ``ending.connected`` once it was reached.
        auth: signs in where the server asks for it.

    Raises:
        ConfigError: the ``ca_file`` is of no use.
    """
    endpoint = Endpoint(
        id="mcp",
        kind="mcp",
        title=title,
        base_url=address.url,
        options={"ca_file": address.ca_file} if address.ca_file else {},
        network=network,
    )
    guarded = _Guarded(RoutedTransport(endpoint), httpx2.URL(address.url), ending)
    async with (
        httpx2.AsyncClient(
            headers=dict(address.headers),
            auth=auth,
            transport=guarded,
            timeout=httpx2.Timeout(None, connect=CONNECT_S, write=WRITE_S),
            trust_env=False,
        ) as client,
        streamable_http_client(
            address.url, http_client=client, max_sse_event_size=MAX_MESSAGE_BYTES
        ) as streams,
    ):
        yield streams


class _Guarded(httpx2.AsyncBaseTransport):
    """Sends requests, and bounds what comes back."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, url: httpx2.URL, ending: Ending) -> None:
        self._inner = inner
        self._url = url
        self._ending = ending

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request. Raises what goes wrong only until the server was reached."""
        # Bounds are of what arrives, so nothing may be packed.
        request.headers["accept-encoding"] = "identity"
        try:
            response = await self._inner.handle_async_request(request)
        except (httpx2.TransportError, ChatError) as error:
            reason = unreached(error)
            if not self._ending.connected:
                raise
            if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
                self._ending.because(reason)
                return _stand_in(request, 502, reason, NOT_SENT)
            return _stand_in(request, 502, reason)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            return _stand_in(request, 502, "packs its answers though it was asked not to")
        if request.method == "POST" and request.url == self._url:
            response = await self._explained(request, response)
        response.stream = _Bounded(response, self._ending)
        return response

    async def _explained(
        self, request: httpx2.Request, response: httpx2.Response
    ) -> httpx2.Response:
        """An error that says what it means, in place of one that only has a status."""
        status = response.status_code
        is_json = response.headers.get("content-type", "").startswith("application/json")
        if status < 400 or (is_json and status not in _TOLD_BY_STATUS_ALONE):
            return response
        reason, code = _STATUS.get(status, f"answered with HTTP {status}"), NOT_ANSWERED
        if status == 404 and "mcp-session-id" in request.headers:
            reason, code = "has forgotten that it was connected", NOT_SENT
            self._ending.because(reason)
        await response.aclose()
        asked = response.headers.get("www-authenticate")
        return _stand_in(request, status, reason, code, asked)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._inner.aclose()


def _stand_in(
    request: httpx2.Request,
    status: int,
    reason: str,
    code: int = NOT_ANSWERED,
    authenticate: str | None = None,
) -> httpx2.Response:
    """An answer of ours. ``authenticate`` is the header that says how to sign in."""
    error = {"code": code, "message": reason}
    asked = {"www-authenticate": authenticate} if authenticate else {}
    return httpx2.Response(
        status,
        headers={**asked, "content-type": "application/json"},
        content=json.dumps({"jsonrpc": "2.0", "id": None, "error": error}),
        request=request,
    )


class _Bounded(httpx2.AsyncByteStream):
    """A body of which no more comes than a message may have, nor faster than is of use."""

    def __init__(self, response: httpx2.Response, ending: Ending) -> None:
        self._stream: Any = response.stream
        self._events = response.headers.get("content-type", "").startswith("text/event-stream")
        self._ending = ending

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Raises ``StreamError`` where it is too much."""
        clock, pace = asyncio.get_running_loop().time, Pace()
        size = 0
        async for piece in self._stream:
            size += len(piece)
            if self._events and pace.too_fast(piece.count(b"data:"), clock()):
                self._ending.because("sends more than anyone could read", lasting=True)
                raise httpx2.StreamError(self._ending.reason)
            if not self._events and size > MAX_MESSAGE_BYTES:
                raise httpx2.StreamError(_TOO_MUCH)
            yield piece

    async def aclose(self) -> None:
        """Close the connection."""
        await self._stream.aclose()


def unreached(error: BaseException) -> str:
    """Why a server could not be spoken to, as the end of a sentence after its title."""
    if certificate_fault(error) is not None:
        return (
            "has a certificate that is not trusted here; if it is in order, name the file of its "
            "authority as “ca_file” in mcp.toml"
        )
    if isinstance(error, ChatError):
        return f"cannot be reached: {error}".rstrip(".")
    if isinstance(error, httpx2.TimeoutException):
        return "does not answer"
    if isinstance(error, httpx2.ConnectError):
        return "cannot be reached"
    return "broke off"
