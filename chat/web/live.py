"""The live route: one WebSocket a page, for everything that the page is told.

A WebSocket does not count against the six connections that a browser opens to a host, so
six pages can stream at once. The page says what it shows; the server sends the window,
then differences, the growing replies in it, and rows of the sidebar that changed.
"""

import asyncio
import json
import logging
import re
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from chat.conversations.changes import Subscription
from chat.core.errors import ChatError, NotFound
from chat.core.messages import Conversation, Message
from chat.turns.services import Services
from chat.web.commands import conversation_row
from chat.web.model_facts import model_facts
from chat.web.owner import Owner
from chat.web.render_cache import RenderCache
from chat.web.reply_stream import ReplyStreams, Subscriber
from chat.web.transcript_view import TranscriptView

log = logging.getLogger(__name__)

MAX_WAITING_FRAMES = 2_000
"""A page that falls further behind is cut off; it comes back and starts from the whole."""

MAX_REQUEST_CHARACTERS = 1_000
MAX_REQUEST_BYTES = 4 * MAX_REQUEST_CHARACTERS
"""Of a frame, unpacked; the server closes the line of whoever sends more."""

ID = re.compile(r"[0-9a-f]{32}")


class LineClosed(Exception):
    """The page was gone before it could be told."""


class Page:
    """One open page."""

    def __init__(
        self, socket: WebSocket, owner: str, services: Services, streams: ReplyStreams
    ) -> None:
        """Serve this socket to this owner."""
        self._socket = socket
        self._owner = owner
        self._services = services
        self._streams = streams
        self._view: TranscriptView | None = None
        self._subscribed: dict[str, Subscriber] = {}
        self._out: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING_FRAMES)
        self._looking = asyncio.Lock()

    async def serve(self) -> None:
        """Read, write and watch until the page goes."""
        with self._services.news.subscribe(self._owner) as subscription:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._write()),
                    group.create_task(self._hear(subscription)),
                ]
                try:
                    await self._read()
                finally:
                    for task in tasks:
                        task.cancel()
                    self._leave()

    async def _read(self) -> None:
        while True:
            told = await self._socket.receive()
            if told["type"] == "websocket.disconnect":
                return
            asked = _request(told.get("text"))
            if asked is not None:
                await self._answer(asked)

    async def _answer(self, asked: dict[str, Any]) -> None:
        async with self._looking:
            try:
                if "open" in asked:
                    await self._open(_id(asked["open"]))
                elif "follow" in asked and self._view is not None:
                    if await self._view.follow(_id(asked["follow"])):
                        self._tell(await self._view.look())
                elif "older" in asked and self._view is not None:
                    self._send(await self._view.older())
                elif "close" in asked:
                    self._leave()
                    self._view = None
                    self._send({"t": "blank", "card": model_facts(self._services.catalogue, None)})
            except NotFound as error:
                opened = _id_or_none(asked.get("open"))
                self._send({"t": "missing", "c": opened, "error": str(error)})
            except ChatError as error:
                log.warning("a page could not be drawn: %s", error, exc_info=error)
                self._send({"t": "error", "error": str(error)})

    async def _open(self, conversation_id: str) -> None:
        self._leave()
        cache = self._streams.cache
        view = TranscriptView(self._services, cache, self._owner, conversation_id, self._subscribed)
        self._view = view
        self._tell(await view.open())

    def _tell(self, drawn: dict[str, Any]) -> None:
        """Send what the view has rendered, and attach to the replies that grow in it."""
        if drawn["t"] == "window":
            self._leave()  # the page starts from nothing, and so do its replies
        self._send(drawn)
        self._listen()

    def _listen(self) -> None:
        """Attach to every reply on the screen that is being written."""
        if self._view is None:
            return
        for reply_id in self._view.running():
            stream = self._streams.of(reply_id)
            if reply_id in self._subscribed or stream is None:
                continue

            def ended(message: Message, redraw: str | None) -> None:
                self._subscribed.pop(message.id, None)
                told = self._view.ended(message) if self._view is not None else None
                if told is not None:
                    self._send({**told, "body": redraw})

            subscriber = Subscriber(self._put, ended)
            self._subscribed[reply_id] = subscriber
            self._send({"t": "live", "m": reply_id, "h": stream.handle})
            stream.join(subscriber)

    def _leave(self) -> None:
        for reply_id, subscriber in self._subscribed.items():
            stream = self._streams.of(reply_id)
            if stream is not None:
                stream.leave(subscriber)
        self._subscribed.clear()

    async def _hear(self, subscription: Subscription) -> None:
        async for changed in subscription.changes():
            async with self._looking:
                for conversation_id in changed:
                    view = self._view
                    if view is not None and view.conversation_id == conversation_id:
                        await self._look(view)
                    else:
                        await self._row(conversation_id)

    async def _look(self, view: TranscriptView) -> None:
        """Tell the transcript and the sidebar of the conversation on the screen."""
        try:
            drawn = await view.look()
        except NotFound:
            self._send({"t": "gone", "c": view.conversation_id})
            self._send({"t": "missing", "c": view.conversation_id})
        except ChatError as error:
            self._send({"t": "error", "error": str(error)})
        else:
            self._send_row(view.conversation)
            self._tell(drawn)

    async def _row(self, conversation_id: str) -> None:
        """Tell the sidebar of a conversation that changed or went."""
        try:
            conversation = await self._services.library.get(self._owner, conversation_id)
        except NotFound:
            self._send({"t": "gone", "c": conversation_id})
        except ChatError as error:
            self._send({"t": "error", "error": str(error)})
        else:
            self._send_row(conversation)

    def _send_row(self, conversation: Conversation) -> None:
        if conversation.head_id is not None:
            running = bool(self._services.jobs.of_conversation(conversation.id))
            self._send({"t": "row", "row": conversation_row(conversation, running=running)})

    def _send(self, told: dict[str, Any]) -> None:
        self._put(json.dumps(told, ensure_ascii=False, separators=(",", ":")))

    def _put(self, text: str) -> None:
        try:
            self._out.put_nowait(text)
        except asyncio.QueueFull:
            # Only a whole window helps this page now; closing makes it ask for one.
            while not self._out.empty():
                self._out.get_nowait()
            self._out.put_nowait("")

    async def _write(self) -> None:
        while True:
            text = await self._out.get()
            if not text:
                await self._socket.close(code=1013)
                return
            if self._socket.application_state is not WebSocketState.CONNECTED:
                raise LineClosed
            # What no wire carries must not keep a page from ever opening.
            await self._socket.send_text(text.encode("utf-8", "replace").decode("utf-8"))


def _request(text: str | None) -> dict[str, Any] | None:
    """What a page asks; ``None`` for what no page of ours would say."""
    if text is None or len(text) > MAX_REQUEST_CHARACTERS:
        return None
    try:
        asked = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) else None


def _id_or_none(asked: object) -> str | None:
    return asked if isinstance(asked, str) and ID.fullmatch(asked) else None


def _id(asked: object) -> str:
    """The id that was asked for. Raises NotFound for what cannot be one."""
    found = _id_or_none(asked)
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def router(services: Services) -> APIRouter:
    """``/live``."""
    live = APIRouter()
    streams = ReplyStreams(services.jobs, services.names, RenderCache(services.names))

    @live.websocket("/live")
    async def page(socket: WebSocket, owner: Owner) -> None:
        await socket.accept()
        try:
            await Page(socket, owner, services, streams).serve()
        except* (WebSocketDisconnect, LineClosed) as gone:
            log.debug("a page went away: %r", gone.exceptions)
        except* Exception:  # one page's trouble; it comes back and asks again
            log.exception("a page met a bug")

    return live
