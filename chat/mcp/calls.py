"""A call that is under way at a server: its progress, and what the server asks in the middle of it.

A server asks over its connection, which many calls share. Whose question it is says the context in
which it comes, where the wire has one; else it is that of the only call that is under way. Where
several are, nobody is asked: it might be somebody else.
"""

import asyncio
import logging
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import mcp_types as types
from mcp.client.session import ClientRequestContext

from chat.core.errors import ToolFailed
from chat.core.redaction import without_known_keys
from chat.core.tools import ToolContext
from chat.mcp.faults import opens_no_address
from chat.mcp.schemas import words

log = logging.getLogger(__name__)

_NOTE = 200


class Call:
    """One call, and who waits for it."""

    def __init__(self, context: ToolContext, secrets: Collection[str]) -> None:
        """Ask and tell by this context, but none of the host's secrets."""
        self._context = context
        self._secrets = secrets
        self._asking: set[asyncio.Task[Any]] = set()
        self.refused = ""
        """Why something that the server asked was not asked; the end of a sentence."""

    async def progress(self, progress: float, total: float | None, message: str | None) -> None:
        """What the server says of its work."""
        share = progress / total if total and total > 0 else None
        count = f"{progress:g} of {total:g}" if total else f"{progress:g}"
        note = words(without_known_keys(message or "", self._secrets), _NOTE) or count
        self._context.progress(note, share)

    async def ask(self, params: types.ElicitRequestFormParams) -> types.ElicitResult:
        """Ask the user, until the call is over."""
        message = without_known_keys(params.message, self._secrets)
        asking = asyncio.ensure_future(self._context.ask(message, params.requested_schema))
        self._asking.add(asking)
        try:
            await asyncio.wait({asking})
        finally:
            asking.cancel()
            self._asking.discard(asking)
        if asking.cancelled():
            return types.ElicitResult(action="cancel")
        if isinstance(asking.exception(), ToolFailed):
            self.refused = f"asked something that could not be asked: {asking.exception()}"
            return types.ElicitResult(action="decline")
        answer = asking.result()
        if answer is None:
            return types.ElicitResult(action="decline")
        return types.ElicitResult(action="accept", content=dict(answer))

    def close(self) -> None:
        """Ask no more."""
        for asking in self._asking:
            asking.cancel()


_CURRENT: ContextVar[Call | None] = ContextVar("call", default=None)


class Calls:
    """Those that are under way at one server."""

    def __init__(self, title: str, secrets: Collection[str]) -> None:
        """Of the server that people call so, which the host gave these secrets."""
        self._title = title
        self._secrets = secrets
        self._running: set[Call] = set()

    @contextmanager
    def running(self, context: ToolContext) -> Iterator[Call]:
        """A call, while the block lasts."""
        call = Call(context, self._secrets)
        token = _CURRENT.set(call)
        self._running.add(call)
        try:
            yield call
        finally:
            self._running.discard(call)
            _CURRENT.reset(token)
            call.close()

    async def elicit(
        self, context: ClientRequestContext, params: types.ElicitRequestParams
    ) -> types.ElicitResult | types.ErrorData:
        """Answer what the server asks of a user."""
        del context
        call = _CURRENT.get()
        if call is None or call not in self._running:
            call = next(iter(self._running)) if len(self._running) == 1 else None
        if call is None:
            log.warning("%s asked something, and it cannot be said of whom", self._title)
            return types.ElicitResult(action="cancel")
        if isinstance(params, types.ElicitRequestURLParams):
            call.refused = opens_no_address(params.url, params.message)
            return types.ElicitResult(action="decline")
        return await call.ask(params)
