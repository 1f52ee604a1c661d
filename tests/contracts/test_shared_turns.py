"""Two processes over one database, as if they were one: watched, stopped, answered, decided."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, closing, contextmanager
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import redis

from chat.core.errors import CapabilityError, Conflict, NotFound
from chat.core.events import Saved, TextDelta, TurnEvent, UserAsked
from chat.core.live_log import Heard, LiveLog, LogPiece
from chat.core.messages import now
from chat.core.parts import plain_text
from chat.turns.jobs import Job, RemoteJob
from chat.turns.outgoing import Outgoing
from chat.turns.replay_steps import Step
from storage.data_dir_lock import Process
from storage.media.memory import MemoryMedia
from storage.media.pictures import StoredPictures
from storage.open import LIVE, open_conversations, open_live
from tests.contracts.conftest import NOT_HERE
from tests.contracts.test_live_log import STRANGE, lose_lines
from tests.patience import PATIENCE_S
from tests.scripted import Script, Wait
from tests.unit.turns.acting import House, call, decisions, results, wants
from tests.unit.turns.clockwork import Clockwork
from tests.unit.turns.test_questions import asking
from tests.unit.turns.test_replays import ONE, drawn, edited, other
from tests.unit.turns.workshop import DONE, ME, Workshop

SAYS: Script = [TextDelta("There."), DONE]


class Shared:
    """Two workshops, each a process of its own."""

    def __init__(self, url: str, live_url: str) -> None:
        self.url, self.live_url = url, live_url
        self._number = 0
        self._media: StoredPictures = MemoryMedia()
        self._open: list[Workshop] = []

    async def another(self, *scripts: Script, **more: Any) -> Workshop:
        """One more of them, whose model plays these scripts."""
        self._number += 1
        process = Process(f"process-{self._number}")
        shop = Workshop(
            scripts,
            store=open_conversations(self.url, process),
            live=open_live(self.live_url, process),
            media=self._media,
            **more,
        )
        self._open.append(shop)
        await shop.engine.settle()
        for each in self._open:  # as each does by itself in a while
            await each.engine.presence.beat()
        return shop

    async def end(self, shop: Workshop) -> None:
        """One of them ends in order, with all that it had to tell told."""
        self._open.remove(shop)
        await shop.engine.close()
        shop.store.close()

    async def close(self) -> None:
        for shop in self._open[:]:
            await self.end(shop)

    def line(self) -> LiveLog:
        """What all of them lay out, as another one finds it."""
        return open_live(self.live_url, Process("process-0"))


@pytest.fixture(params=[each for each in LIVE if each not in NOT_HERE])
def shared_of(
    request: pytest.FixtureRequest, migrated_address_of: Callable[[str], str]
) -> Callable[[], Any]:
    url = migrated_address_of("postgresql")
    live_url = url if request.param == "postgresql" else migrated_address_of(request.param)

    @asynccontextmanager
    async def made() -> AsyncIterator[Shared]:
        shared = Shared(url, live_url)
        try:
            yield shared
        finally:
            await shared.close()

    return made


async def until(shop: Workshop, holds: Callable[[], object]) -> None:
    """Return when something holds, looked at whenever pages are told that something changed."""
    with shop.news.subscribe(ME) as subscription:
        changes = subscription.changes()
        async with asyncio.timeout(PATIENCE_S):
            while not holds():
                await anext(changes)


async def known(shop: Workshop, reply_id: str) -> RemoteJob:
    """The turn of another process."""
    await until(shop, lambda: shop.jobs.get(reply_id))
    job = shop.jobs.get(reply_id)
    assert isinstance(job, RemoteJob)
    return job


async def watched(job: Job, wanted: Callable[[TurnEvent], bool]) -> list[TurnEvent]:
    """What a page is told from the beginning until something that is wanted, with it."""
    found: list[TurnEvent] = []
    async with asyncio.timeout(PATIENCE_S), aclosing(job.watch()) as batches:
        async for batch in batches:
            found += batch
            if any(map(wanted, batch)):
                break
    return found


@contextmanager
def held(url: str) -> Iterator[Callable[[], bool]]:
    """Nothing more is laid out meanwhile; gives whether somebody waits to."""
    if url.startswith("redis"):
        with redis.Redis.from_url(url, decode_responses=True) as client:
            client.client_pause(int(PATIENCE_S * 1_000), all=False)
            try:
                yield lambda: any({"x", "b"} <= set(each["flags"]) for each in client.client_list())
            finally:
                client.client_unpause()
        return
    waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'easel_live'::regclass"
    with psycopg.connect(url) as holding, psycopg.connect(url, autocommit=True) as looking:
        holding.execute("LOCK TABLE easel_live IN EXCLUSIVE MODE")
        yield lambda: looking.execute(waits).fetchone() is not None
        holding.rollback()


class Unheeding:
    """A line by a library that takes no note of being cancelled, once."""

    def __init__(self, live: LiveLog) -> None:
        self._live = live
        self.listens, self.cancelled = asyncio.Event(), False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._live, name)

    async def heard(self) -> AsyncGenerator[Heard, None]:
        while True:
            self.listens.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if self.cancelled:
                    raise
                self.cancelled = True
            yield Heard()


async def test_an_easel_ends_though_its_line_takes_no_note_of_it(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        live = Unheeding(shared.line())
        here = Workshop([], store=open_conversations(shared.url, Process("process-9")), live=live)
        await here.engine.settle()
        there = await shared.another()
        await here.engine.presence.beat()
        await here.until(live.listens)
        await here.engine.close()
        here.store.close()
        assert live.cancelled
        assert not there.jobs.running


def said(events: list[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def is_end(event: TurnEvent) -> bool:
    return isinstance(event, Saved)


async def test_a_reply_is_watched_elsewhere_from_its_start_to_its_end(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        gate = asyncio.Event()
        here = await shared.another([TextDelta("one "), Wait(gate), TextDelta("two"), DONE])
        there = await shared.another()
        conversation = await here.begin()
        started = await here.ask(conversation, "go")
        job = await known(there, started.reply_id)
        first = await watched(job, lambda event: isinstance(event, TextDelta))
        assert said(first) == "one "
        assert there.jobs.of_conversation(conversation.id) == [job]
        assert there.jobs.of_owner(ME) == []
        gate.set()
        whole = await watched(job, is_end)
        end = whole[-1]
        assert isinstance(end, Saved)
        assert said(whole) in ("one two", "one ")  # the rest comes with the end, or before it
        assert (end.message.status, plain_text(end.message.parts)) == ("complete", "one two")
        await until(there, lambda: not there.jobs.of_conversation(conversation.id))


async def test_who_starts_in_the_midst_knows_what_runs_and_may_stop_it(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        here = await shared.another([TextDelta("one "), Wait(asyncio.Event()), DONE])
        started = await here.ask(await here.begin(), "go")
        job = here.jobs.get(started.reply_id)
        assert job is not None
        await watched(job, lambda event: isinstance(event, TextDelta))
        there = await shared.another()
        assert not await there.engine.halt("mallory", started.reply_id)
        assert await there.engine.halt(ME, started.reply_id)
        reply = await here.answer(started)
        assert (reply.status, plain_text(reply.parts)) == ("stopped", "one")
        assert here.provider.closed_streams == 1


async def test_a_deletion_stops_what_runs_elsewhere(shared_of: Callable[[], Any]) -> None:
    async with shared_of() as shared:
        here = await shared.another([TextDelta("one"), Wait(asyncio.Event()), DONE])
        there = await shared.another()
        started = await here.ask(await here.begin(), "go")
        await known(there, started.reply_id)
        await there.library.delete(ME, started.conversation_id)
        await here.jobs.wait(started.reply_id)
        assert here.provider.closed_streams == 1
        with pytest.raises(NotFound):
            here.store.message(ME, started.reply_id)


async def test_a_question_asked_under_a_reply_that_grows_elsewhere_waits_for_it(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        gate = asyncio.Event()
        here = await shared.another([TextDelta("one "), Wait(gate), TextDelta("two"), DONE])
        there = await shared.another(SAYS)
        first = await here.ask(await here.begin(), "go")
        second = await there.engine.send(
            ME, first.conversation_id, Outgoing("client-2", "on"), first.reply_id
        )
        await known(there, first.reply_id)
        assert there.provider.requests == []
        gate.set()
        assert (await there.answer(second)).status == "complete"
        (request,) = there.provider.requests
        assert "one two" in [plain_text(message.parts) for message in request.messages]


async def test_what_a_tool_asks_is_answered_from_elsewhere(shared_of: Callable[[], Any]) -> None:
    async with shared_of() as shared:
        here = await shared.another(wants(call("books")), SAYS, tools={"books": asking()})
        there = await shared.another()
        started = await here.ask(await here.begin(tools_on=True), "book")
        answer = there.engine.decisions.answer_question
        await known(there, started.reply_id)
        await until(there, lambda: there.engine.decisions.wanted_in(started.conversation_id))
        job = await known(there, started.reply_id)
        events = await watched(job, lambda event: isinstance(event, UserAsked))
        (asked,) = (event for event in events if isinstance(event, UserAsked))
        with pytest.raises(CapabilityError):
            await answer(ME, started.reply_id, asked.id, {"name": "A"})
        with pytest.raises(NotFound):
            await answer("mallory", started.reply_id, asked.id, {"name": "Ada"})
        await answer(ME, started.reply_id, asked.id, {"name": "Ada", "guests": 3})
        reply = await here.answer(started)
        assert results(reply) == ["[{'name': 'Ada', 'guests': 3}]"]
        with pytest.raises((Conflict, NotFound)):
            await answer(ME, started.reply_id, asked.id, None)


async def test_a_call_that_waits_is_decided_on_elsewhere_and_goes_on_there(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        house = House()
        here = await shared.another(wants(call(times=3)), sources=[house])
        there = await shared.another(SAYS, sources=[house])
        started = await here.ask(await here.begin(tools_on=True), "go")
        reply = await here.answer(started)
        assert reply.status == "waiting"
        waits = there.engine.waiting
        await until(there, lambda: waits.holds(reply.id))
        assert there.engine.decisions.wanted_in(reply.conversation_id)
        await there.engine.decisions.decide(ME, reply.id, decisions(reply))
        ended = await there.answer_of(reply.id)
        assert (ended.status, house.done) == ("complete", ["ring 3"])
        await until(here, lambda: not here.engine.waiting.holds(reply.id))
        with pytest.raises(Conflict):
            await here.engine.decisions.decide(ME, reply.id, decisions(reply))
        assert house.done == ["ring 3"]


async def test_what_a_dead_process_wrote_ends_for_those_who_watch_elsewhere(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        here = await shared.another([TextDelta("one"), Wait(asyncio.Event()), DONE])
        there, third = await shared.another(), await shared.another()
        started = await here.ask(await here.begin(), "go")
        job, other = await known(there, started.reply_id), await known(third, started.reply_id)
        await watched(job, lambda event: isinstance(event, TextDelta))
        watching = asyncio.create_task(watched(other, is_end))
        with psycopg.connect(shared.url, autocommit=True) as connection:
            connection.execute("UPDATE replica SET id = 'gone' WHERE id = 'process-1'")
            connection.execute("UPDATE message SET lease_by = 'gone' WHERE lease_by = 'process-1'")
            connection.execute("UPDATE replica SET until = '2000-01-01' WHERE id = 'gone'")
        assert await there.engine.waiting.take_over() == 1
        for events in (await watched(job, is_end), await watching):
            end = events[-1]
            assert isinstance(end, Saved)
            assert end.message.status == "interrupted"
            assert end.message.finish is not None
            assert "Try again" in end.message.finish.message
        assert here.provider.requests
        assert there.provider.requests == []


async def test_after_the_line_was_lost_all_is_read_again_and_pages_come_back(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        gates = [asyncio.Event(), asyncio.Event()]
        script = [TextDelta("one "), Wait(gates[0]), TextDelta("two"), Wait(gates[1]), DONE]
        here = await shared.another(script)
        there = await shared.another()
        missed = asyncio.Event()
        assert there.engine.shared is not None
        there.engine.shared.missed = missed.set
        started = await here.ask(await here.begin(), "go")
        job = await known(there, started.reply_id)
        await watched(job, lambda event: isinstance(event, TextDelta))
        await asyncio.to_thread(lose_lines, shared.live_url)
        gates[0].set()
        await there.until(missed)
        whole = await watched(job, lambda event: event == TextDelta("two"))
        assert said(whole) == "one two"
        gates[1].set()
        assert said(await watched(job, is_end)) == "one two"


async def test_who_was_taken_for_dead_goes_on_and_is_watched_again(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        gate = asyncio.Event()
        here = await shared.another([TextDelta("one "), Wait(gate), TextDelta("two"), DONE])
        there = await shared.another()
        started = await here.ask(await here.begin(), "go")
        job = await known(there, started.reply_id)
        await watched(job, lambda event: isinstance(event, TextDelta))
        with psycopg.connect(shared.url, autocommit=True) as connection:
            connection.execute("DELETE FROM replica WHERE id = 'process-1'")
        assert await there.engine.waiting.take_over() == 1
        (end,) = [event for event in await watched(job, is_end) if isinstance(event, Saved)]
        assert end.message.status == "interrupted"
        again = await known(there, started.reply_id)
        assert again is not job
        gate.set()
        last = (await watched(again, is_end))[-1]
        assert isinstance(last, Saved)
        assert (last.message.status, plain_text(last.message.parts)) == ("complete", "one two")
        assert len(here.provider.requests) == 1


async def test_nothing_stays_laid_out_of_a_reply_that_ends_while_it_is_first_told(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        gate = asyncio.Event()
        here = await shared.another([TextDelta("secret words"), Wait(gate), DONE])
        await shared.another()
        with held(shared.live_url) as somebody_waits:
            started = await here.ask(await here.begin(), "go")
            async with asyncio.timeout(PATIENCE_S):
                while not await asyncio.to_thread(somebody_waits):
                    pass
            gate.set()
            assert (await here.answer(started)).status == "complete"
        await shared.end(here)
        with closing(shared.line()) as line:
            assert line.turns() == []


async def test_copies_that_a_dead_process_left_are_forgotten_and_those_of_replies_that_grow_are_not(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        here = await shared.another(SAYS, [TextDelta("one"), Wait(asyncio.Event()), DONE])
        there = await shared.another()
        ended = await here.ask(await here.begin(), "go")
        await here.answer(ended)
        grows = await here.ask(await here.begin(), "go", client_id="client-2")
        job = await known(there, grows.reply_id)
        await watched(job, lambda event: isinstance(event, TextDelta))
        with closing(shared.line()) as line:
            line.tell([LogPiece(ended.reply_id, 0, (TextDelta("There."),))])
            await asyncio.to_thread(there.engine.forget_copies)
            assert line.turns() == [grows.reply_id]


async def test_signals_that_make_no_sense_keep_no_reply_from_growing_elsewhere(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        gate = asyncio.Event()
        here = await shared.another([TextDelta("one "), Wait(gate), TextDelta("two"), DONE])
        there = await shared.another()
        for signal in (*STRANGE, '["answer","nobody","nothing"]', '["waits","o","c","t","soon"]'):
            await asyncio.to_thread(signalled, shared.live_url, f'["z",{signal}]')
        started = await here.ask(await here.begin(), "go")
        job = await known(there, started.reply_id)
        assert said(await watched(job, lambda event: isinstance(event, TextDelta))) == "one "
        gate.set()
        assert is_end((await watched(job, is_end))[-1])


def signalled(url: str, text: str) -> None:
    """Tell all something."""
    if url.startswith("redis"):
        with redis.Redis.from_url(url) as client:
            client.xadd("easel:signals", {"told": text})
            client.xadd("easel:signals", {"strange": text})
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_notify('easel_live', %s)", [text])


async def test_a_question_is_given_up_by_no_process_whose_clock_is_ahead_of_who_asked(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        house, clocks = House(), [Clockwork(), Clockwork()]
        here = await shared.another(wants(call(times=3)), sources=[house])
        there = await shared.another(sources=[house], clock=clocks[0])
        started = await here.ask(await here.begin(tools_on=True), "go")
        # As asked this moment, by a clock that is behind.
        reply = replace(await here.answer(started), finished_at=now() - 2 * there.patience)
        here.store.update(reply)
        (waits,) = here.store.waiting()
        there.engine.waiting.know(waits)
        late = await shared.another(sources=[house], clock=clocks[1])
        for shop, clock in zip((there, late), clocks, strict=True):
            clock.wind(there.patience.total_seconds() - 1)
            await shop.rung()
            assert shop.engine.waiting.holds(reply.id)
        assert here.store.message(ME, reply.id).status == "waiting"
        clocks[1].wind(1)
        await late.rung()
        assert here.store.message(ME, reply.id).status == "stopped"


async def test_who_is_signed_out_at_one_is_so_at_once_at_another(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        here = await shared.another([TextDelta("one"), Wait(asyncio.Event()), DONE])
        there = await shared.another()
        ended: asyncio.Queue[str] = asyncio.Queue()
        there.engine.shared.signed_out = ended.put_nowait
        await known(there, (await here.ask(await here.begin(), "go")).reply_id)  # it listens
        here.engine.shared.tell_signed_out("standing ada")
        async with asyncio.timeout(PATIENCE_S):
            assert await ended.get() == "standing ada"


async def test_repeated_steps_are_seen_and_stopped_from_elsewhere(
    shared_of: Callable[[], Any],
) -> None:
    async with shared_of() as shared:
        here = await shared.another(*drawn(ONE), [Wait(asyncio.Event()), DONE])
        there = await shared.another()
        conversation, version = await edited(here)
        target = await other(here)
        job = await here.replays.start(ME, conversation, version, [Step("bluer")], [target])
        await until(here, lambda: job.targets[0].reply)
        await known(there, job.targets[0].reply)
        # The reply is told of before the row of the repeat is written.
        async with asyncio.timeout(PATIENCE_S):
            with there.news.subscribe(ME) as subscription:
                changes = subscription.changes()
                (seen,) = await there.replays.of_conversation(ME, conversation)
                while seen.targets[0].state == "waiting":
                    await anext(changes)
                    (seen,) = await there.replays.of_conversation(ME, conversation)
        assert (seen.state, seen.targets[0].state) == ("running", "running")
        with pytest.raises(CapabilityError, match="still running"):
            await there.replays.put_away(ME, job.id)
        assert there.replays.stop(ME, job.id)
        await here.replays.wait(job.id)
        (seen,) = await there.replays.of_conversation(ME, conversation)
        assert seen.state == "stopped"
        await there.replays.put_away(ME, job.id)
        assert await here.replays.of_conversation(ME, conversation) == []
