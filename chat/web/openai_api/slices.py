"""An answer that is held in slices and sent so: large pictures are not copied once more."""

from collections.abc import Sequence

from fastapi import Response
from starlette.types import Receive, Scope, Send


class Slices(Response):
    """A whole answer of JSON."""

    def __init__(self, slices: Sequence[bytes], headers: dict[str, str]) -> None:
        """Answer with these, one behind the other."""
        length = sum(map(len, slices))
        super().__init__(None, 200, {**headers, "Content-Length": str(length)}, "application/json")
        self._slices = slices

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send them."""
        del scope, receive
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        for piece in self._slices:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
