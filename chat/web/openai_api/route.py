"""A route of the API: how it reads JSON with large pictures in it, and how its errors look."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from chat.providers.shared.http.set_aside import SetAside
from chat.web.api_door import key_of
from chat.web.openai_api.errors import InvalidRequest, answered
from chat.web.openai_api.whole_body import TOO_MANY_PARTS, parts_of, whole_body
from chat.web.routes import LazyRoute

LONG = 50_000
"""Bytes from which on a body is read in a thread beside the loop."""

MAX_PARTS = 1_000_000


class LargeBody(Request):
    """A request whose large pictures are taken out of its JSON as they come."""

    _taken_out: SetAside

    async def body(self) -> bytes:
        """The text, with something small in the place of each large picture.

        Raises:
            Busy: too many others arrive, or too many of the same key.
            TooSlow: it was sent away for another.
        """
        if not hasattr(self, "_body"):
            self._taken_out = SetAside()
            self._body = await whole_body(self.stream(), self._taken_out, key_of(self.scope))
        return self._body

    async def json(self) -> Any:
        """The body as JSON. Raises ``InvalidRequest``."""
        if not hasattr(self, "_json"):
            text = await self.body()
            read = _read_json
            self._json = await asyncio.to_thread(read, text) if len(text) > LONG else read(text)
        return self._json


def _read_json(text: bytes) -> Any:
    if len(text) > LONG and parts_of(text) > MAX_PARTS:
        raise InvalidRequest(TOO_MANY_PARTS)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("The body is not JSON that can be read.") from error


def _meant(error: Exception) -> Exception:
    """What went wrong: FastAPI has one error for all that may happen to a body."""
    cause = error.__cause__
    return cause if isinstance(error, HTTPException) and isinstance(cause, Exception) else error


class ApiRoute(LazyRoute):
    """Reads bodies as :class:`LargeBody`, and answers every error in OpenAI's form."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of FastAPI with both around it."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            taking = LargeBody(request.scope, request.receive)
            try:
                return await handle(taking)
            except Exception as error:
                fault = _meant(error)
                if isinstance(fault, ClientDisconnect):
                    raise fault from error
                return answered(fault)

        return handled
