"""The live connection: everything that a page is told, and the few things it says.

By a WebSocket, which does not count against the six connections that a browser opens to a host,
so that six pages can stream at once; where a proxy lets none through, by long polling
(``live_polling``). The page says what it shows; the server sends the window, then differences,
the growing replies in it, and rows of the sidebar that changed. It is never silent for long, so
that a page notices when the line is dead, and a page that comes back says what it has.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from fastapi import WebSocket, WebSocketDisconnect
from starlette.websockets import WebSocketState

from chat.conversations.changes import Subscription
from chat.core.errors import ChatError, NotFound
from chat.core.messages import Message
from chat.core.ports import ConversationHit
from chat.turns.app_state import AppState
from chat.version import Build
from chat.web.commands import conversation_row
from chat.web.conversation_settings import tools_at_the_box
from chat.web.drain import Drain
from chat.web.live_messages import (
    Asked,
    Beat,
    Blank,
    CloseConversation,
    ConversationGone,
    ConversationMissing,
    Fault,
    FollowMessage,
    HeldStream,
    Hello,
    ModelsChanged,
    NotUnderstood,
    OpenConversation,
    Patch,
    Ping,
    Restarting,
    RowChanged,
    SayHello,
    ShowOlder,
    StreamBegins,
    Told,
    ToolsChanged,
    TranscriptWindow,
    Unknown,
    read_request,
    written,
)
from chat.web.live_polling import PolledPages
from chat.web.model_facts import model_facts
from chat.web.owner import Owner
from chat.web.render_cache import RenderCache
from chat.web.reply_stream import ReplyStreams, Subscriber
from chat.web.routes import Routes
from chat.web.sidebar_rows import SidebarRows
from chat.web.transcript_view import TranscriptView

log = logging.getLogger(__name__)

MAX_WAITING_FRAMES = 2_000
"""A page that falls further behind is cut off; it comes back and says what it has."""

BEAT_S = 15.0
"""Shorter than the silence after which common proxies close a connection: nginx's is 60 s."""

TOO_SLOW = ""
"""Stands in a page's queue for the end of it."""


class LineClosed(Exception):
    """The page was gone before it could be told."""


class Page:
    """One open page, however it is connected."""

    def __init__(
        self,
        owner: str,
        app_state: AppState,
        streams: ReplyStreams,
        rows: SidebarRows,
        build: Build,
        open_pages: "OpenPages",
    ) -> None:
        """Serve this owner, among these pages."""
        self._open_pages = open_pages
        self._owner = owner
        self._app_state = app_state
        self._streams = streams
        self._rows = rows
        self._build = build
        self._view: TranscriptView | None = None
        self._subscribed: dict[str, Subscriber] = {}
        self.out: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING_FRAMES)
        """What it is to be told, as it travels; ``TOO_SLOW``: it is to be cut off."""
        self._looking = asyncio.Lock()

    @property
    def on_screen(self) -> tuple[str, str] | None:
        """The owner and the id of the conversation that it shows."""
        return None if self._view is None else (self._owner, self._view.conversation_id)

    async def watch(self) -> None:
        """Tell the page what changes, until this is cancelled."""
        try:
            with (
                self._open_pages.counting(self),
                self._app_state.news.subscribe(self._owner) as subscription,
            ):
                await self._hear(subscription)
        finally:
            self._leave()

    def tell_of_restart(self) -> None:
        """Say that this server is about to end."""
        self._send(Restarting())

    def say_something(self) -> None:
        """Have the page know that the line is alive."""
        self._send(Beat())

    def begin_anew(self) -> None:
        """Have the page come back and say what it has."""
        while not self.out.empty():
            self.out.get_nowait()
        self.out.put_nowait(TOO_SLOW)

    async def take(self, text: str | None) -> None:
        """Do what the page says; nonsense is told to the log, and breaks nothing."""
        try:
            asked = read_request(text)
        except Unknown as unknown:
            level = logging.ERROR if self._build.development else logging.INFO
            log.log(level, "a page said what is not understood: %s", unknown)
            self._send(NotUnderstood(reason=str(unknown)))
            return
        async with self._looking:
            try:
                await self._answer(asked)
            except NotFound:
                opened = asked.conversation if isinstance(asked, OpenConversation) else None
                self._send(ConversationMissing(conversation=opened))
            except ChatError as error:
                log.warning("a page could not be drawn: %s", error, exc_info=error)
                self._send(Fault(error=str(error)))

    async def _answer(self, asked: Asked) -> None:
        match asked:
            case SayHello():
                self._hello(asked)
            case Ping():
                self._send(Beat(answers=True))
            case OpenConversation():
                await self._open(asked)
            case FollowMessage() if self._view is not None:
                if await self._view.follow(asked.message):
                    self._tell(await self._view.look())
            case ShowOlder() if self._view is not None:
                self._send(await self._view.older())
            case CloseConversation():
                self._leave()
                self._view = None
                catalogue = self._app_state.catalogue_of(self._owner)
                begun = await self._app_state.settings.of_a_new_one_at_least(self._owner)
                self._send(Blank(facts=model_facts(catalogue, begun.model or None)))
                self._app_state.engine.readiness.soon(self._owner, begun.model)
            case _:
                pass  # it follows what it does not show any more

    def _hello(self, asked: SayHello) -> None:
        if asked.build != self._build.id:
            log.info("a page of build %.100r is told to load itself again", asked.build)
        self._send(
            Hello(build=self._build.id, version=self._build.version, beat_ms=round(BEAT_S * 1_000))
        )
        if self._open_pages.drain.begun:
            self._send(Restarting())

    async def _open(self, asked: OpenConversation) -> None:
        self._leave()
        cache, app_state = self._streams.cache, self._app_state
        view = TranscriptView(app_state, cache, self._owner, asked.conversation, self._subscribed)
        self._view = view
        if asked.held is None:
            self._tell(await view.open())
        else:
            told = await view.resume(asked.held.messages)
            if view.conversation.title:
                self._send_row(view.listed)
            self._tell(told, asked.held.streams)
        app_state.engine.readiness.soon(self._owner, view.conversation.model)
        await app_state.library.opened(view.conversation)

    def _tell(self, drawn: TranscriptWindow | Patch, held: Iterable[HeldStream] = ()) -> None:
        """Send what the view has rendered, and attach to the replies that grow in it."""
        if isinstance(drawn, TranscriptWindow):
            self._leave()  # the page starts from nothing, and so do its replies
            held = ()
        self._send(drawn)
        self._listen({(each.reply, each.stream): each.blocks for each in held})

    def _listen(self, held: dict[tuple[str, int], int]) -> None:
        """Attach to every reply on the screen that is being written."""
        if self._view is None:
            return
        for reply_id in self._view.running():
            stream = self._streams.of(reply_id)
            if reply_id in self._subscribed or stream is None:
                continue

            def ended(message: Message, redraw: str | None) -> None:
                self._subscribed.pop(message.id, None)
                told = self._view.ended(message, redraw) if self._view is not None else None
                if told is not None:
                    self._send(told)
                job = self._app_state.jobs.get(message.id)
                if job is not None and not job.over:
                    # It waited and goes on already: the page missed that while it followed this.
                    self._app_state.news.publish(self._owner, message.conversation_id)

            blocks = held.get((reply_id, stream.handle), 0)
            subscriber = Subscriber(self._put, ended, blocks)
            self._subscribed[reply_id] = subscriber
            self._send(StreamBegins(reply=reply_id, stream=stream.handle, held=blocks))
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
                if changed.models:
                    self._send(ModelsChanged())
                if changed.tools or changed.models:
                    await self._tools()
                for conversation_id in changed.conversations:
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
            self._send(ConversationGone(conversation=view.conversation_id))
            self._send(ConversationMissing(conversation=view.conversation_id))
        except ChatError as error:
            self._send(Fault(error=str(error)))
        else:
            self._send_row(view.listed)
            self._tell(drawn)

    async def _tools(self) -> None:
        """Tell the switch for tools how many there are for what is on the screen."""
        settings, view = self._app_state.settings, self._view
        try:
            if view is None:
                shown = settings.show(await settings.of_a_new_one(self._owner))
            else:
                shown = await settings.shown(self._owner, view.conversation_id)
        except NotFound:
            return  # it was deleted, which the page is told by itself
        except ChatError as error:
            self._send(Fault(error=str(error)))
            return
        at = None if view is None else view.conversation_id
        self._send(ToolsChanged(conversation=at, tools=tools_at_the_box(shown)))

    async def _row(self, conversation_id: str) -> None:
        """Tell the sidebar of a conversation that changed or went."""
        try:
            row = await self._rows.told(self._owner, conversation_id)
        except NotFound:
            self._send(ConversationGone(conversation=conversation_id))
        except ChatError as error:
            self._send(Fault(error=str(error)))
        else:
            if row:
                self._put(row)

    def _send_row(self, found: ConversationHit) -> None:
        if found.conversation.head_id is not None:
            self._send(RowChanged(row=conversation_row(self._app_state, found)))

    def _send(self, told: Told) -> None:
        self._put(written(told))

    def _put(self, text: str) -> None:
        try:
            self.out.put_nowait(text)
        except asyncio.QueueFull:
            # Only what it does not have helps this page now; closing makes it ask for that.
            self.begin_anew()


class OpenPages:
    """The pages that are connected now, and what all of them are told."""

    def __init__(self, drain: Drain) -> None:
        """Tell them of the restart when it begins."""
        self.drain = drain
        self._pages: set[Page] = set()
        drain.add(self._tell_of_restart)

    def __len__(self) -> int:
        return len(self._pages)

    @contextmanager
    def counting(self, page: Page) -> Iterator[None]:
        """Have a page among them."""
        self._pages.add(page)
        try:
            yield
        finally:
            self._pages.discard(page)

    def on_screen(self) -> list[tuple[str, str]]:
        """The owners and ids of the conversations that are shown now; for any thread."""
        return [shown for page in tuple(self._pages) if (shown := page.on_screen) is not None]

    def begin_anew(self) -> None:
        """Have all come back: something may have happened that they were not told."""
        for page in tuple(self._pages):
            page.begin_anew()

    def _tell_of_restart(self) -> None:
        for page in tuple(self._pages):
            page.tell_of_restart()


async def _serve(socket: WebSocket, page: Page) -> None:
    """Read, write and watch until the page goes."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_write(socket, page)), group.create_task(page.watch())]
        try:
            while True:
                said = await socket.receive()
                if said["type"] == "websocket.disconnect":
                    return
                await page.take(said.get("text"))
        finally:
            for task in tasks:
                task.cancel()


async def _write(socket: WebSocket, page: Page) -> None:
    beats = _Beats(page.say_something)
    try:
        while (text := await page.out.get()) != TOO_SLOW:
            beats.said()
            await _tell(socket, text)
        await socket.close(code=1013)
    finally:
        beats.stop()


class _Beats:
    """Has something said where nothing was for a while: one timer, however much is said."""

    def __init__(self, say_something: Callable[[], None]) -> None:
        self._say_something = say_something
        self._loop = asyncio.get_running_loop()
        self._said_s = self._loop.time()
        self._timer = self._loop.call_later(BEAT_S, self._look)

    def said(self) -> None:
        """Something is being said."""
        self._said_s = self._loop.time()

    def stop(self) -> None:
        """The line ends."""
        self._timer.cancel()

    def _look(self) -> None:
        left_s = self._said_s + BEAT_S - self._loop.time()
        if left_s <= 0:
            self._say_something()
            left_s = BEAT_S
        self._timer = self._loop.call_later(left_s, self._look)


async def _tell(socket: WebSocket, text: str) -> None:
    if socket.application_state is not WebSocketState.CONNECTED:
        raise LineClosed
    if not text.isascii():
        # What no wire carries must not keep a page from ever opening.
        text = text.encode("utf-8", "replace").decode("utf-8")
    await socket.send_text(text)


class LiveConnections:
    """The live connections of a process."""

    def __init__(self, app_state: AppState, cache: RenderCache, build: Build, drain: Drain) -> None:
        """Tell pages of this app; ``cache`` keeps what was drawn."""
        self.pages = OpenPages(drain)
        self._app_state = app_state
        self._streams = ReplyStreams(app_state.jobs, app_state.names, cache)
        self._rows = SidebarRows(app_state)
        self._build = build
        self._polled = PolledPages(self._page, BEAT_S)
        drain.on_leaving(self._polled.let_go)

    def _page(self, owner: str) -> Page:
        return Page(owner, self._app_state, self._streams, self._rows, self._build, self.pages)

    def router(self) -> Routes:
        """``/live``, as a WebSocket and by polling."""
        live = Routes()

        @live.websocket("/live")
        async def connected(socket: WebSocket, owner: Owner) -> None:
            await socket.accept()
            try:
                await _serve(socket, self._page(owner))
            except* (WebSocketDisconnect, LineClosed) as gone:
                log.debug("a page went away: %r", gone.exceptions)
            except* Exception:  # one page's trouble; it comes back and asks again
                log.exception("a page met a bug")

        live.routes.extend(self._polled.router().routes)
        return live

    async def close(self) -> None:
        """End what no connection ends by itself."""
        await self._polled.close()
