"""Slow work waits in threads of its own: the conversations never queue behind it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from chat.core.calling import Provider, ToolSpec
from chat.core.events import TextDelta
from chat.core.models import Endpoint
from chat.core.parts import Json, Text, ToolCall
from chat.core.tools import ToolContext, ToolFacts, ToolOutput
from chat.gateway.pool import ProviderPool
from chat.providers.registry import open_provider
from chat.turns.pictures import Pictures
from chat.turns.toolbox import Toolbox
from storage.media.memory import MemoryMedia
from storage.memory import MemoryConversations
from tests.patience import PATIENCE_S
from tests.scripted import Wait
from tests.unit.turns.workshop import DONE, INGEST, ME, Workshop, png

UPLOADS = 8


class Gate:
    """Holds whoever comes until it is opened."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._open = threading.Event()

    def pass_through(self) -> None:
        self._loop.call_soon_threadsafe(self.entered.set)
        assert self._open.wait(PATIENCE_S), "nobody opened the gate"

    def open(self) -> None:
        self._open.set()


class SlowMedia(MemoryMedia):
    """A disk that takes its time."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Gate()

    def put(self, name: str, data: bytes) -> None:
        self.gate.pass_through()
        super().put(name, data)


class SlowTool:
    """A tool that computes for long."""

    spec = ToolSpec("slow", "Takes long.", {"type": "object"})
    title = "Slow"
    facts = ToolFacts()

    def __init__(self) -> None:
        self.gate = Gate()

    async def run(
        self, arguments: Mapping[str, Json], context: ToolContext
    ) -> Sequence[ToolOutput]:
        await context.in_thread(self.gate.pass_through)
        return [str(arguments["say"])]


@asynccontextmanager
async def one_shared_thread() -> AsyncIterator[None]:
    """A loop whose default executor, which every database call uses, has one thread."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    async with asyncio.timeout(PATIENCE_S):
        yield


async def test_a_heap_of_uploads_does_not_hold_up_the_conversations() -> None:
    store, media = MemoryConversations(), SlowMedia()
    pictures = Pictures(INGEST, media, store)
    async with one_shared_thread(), asyncio.TaskGroup() as uploads:
        kept = [
            uploads.create_task(pictures.keep(ME, png("red", 10 + n), "upload"))
            for n in range(UPLOADS)
        ]
        try:
            await media.gate.entered.wait()
            assert await asyncio.to_thread(store.search, ME) == []
            assert not any(upload.done() for upload in kept)
        finally:
            media.gate.open()
    assert len({upload.result()[0].sha256 for upload in kept}) == UPLOADS
    pictures.close()
    pictures.close()


async def test_a_tool_that_takes_long_does_not_hold_up_the_conversations() -> None:
    store, tool = MemoryConversations(), SlowTool()
    pictures = Pictures(INGEST, MemoryMedia(), store)
    toolbox = Toolbox({"slow": tool}, pictures)
    async with one_shared_thread(), asyncio.TaskGroup() as running:
        call = running.create_task(toolbox.run(ToolCall("c1", "slow", {"say": "done"}), tool, ME))
        try:
            await tool.gate.entered.wait()
            assert await asyncio.to_thread(store.search, ME) == []
            assert not call.done()
        finally:
            tool.gate.open()
    assert call.result().content == (Text("done"),)
    toolbox.close()
    toolbox.close()


class CountingThreads(ThreadPoolExecutor):
    """Remembers how often work was handed to it."""

    visits = 0

    def submit(self, *args: Any, **kwargs: Any) -> Future[Any]:
        self.visits += 1
        return super().submit(*args, **kwargs)


async def test_a_message_of_words_visits_the_store_twice_before_it_is_answered_for() -> None:
    """Once for all that is read, once for all that is kept: a busy disk is waited for twice."""
    gate = asyncio.Event()
    shop = Workshop([[TextDelta("a"), DONE], [Wait(gate), TextDelta("b"), DONE]])
    conversation = await shop.begin()
    await shop.answer(await shop.ask(conversation, "hello"))
    threads = CountingThreads(2)
    asyncio.get_running_loop().set_default_executor(threads)
    started = await shop.ask(conversation, "and now?", client_id="client-2")
    assert threads.visits == 2
    gate.set()
    assert (await shop.answer(started)).status == "complete"
    await shop.engine.close()


async def test_a_provider_is_opened_once_and_off_the_loop_however_many_ask() -> None:
    opened_in: list[threading.Thread] = []

    def opening(endpoint: Endpoint) -> Provider:
        opened_in.append(threading.current_thread())
        return open_provider(endpoint)

    pool = ProviderPool(opening)
    google = Endpoint("google", "gemini", "Google", api_key="a-key")
    router = Endpoint("router", "openai_chat", "Router", api_key="a-key")
    async with asyncio.timeout(PATIENCE_S):
        first, *others = await asyncio.gather(*(pool.opened(google) for _ in range(5)))
        assert all(other is first for other in others)
        assert await pool.opened(router) is not first
        await pool.close()
    assert len(opened_in) == 2
    assert threading.current_thread() not in opened_in
