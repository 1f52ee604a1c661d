"""Fifty users on a busy endpoint: each asks once, and what is asked beyond that trickles."""

import asyncio
import heapq

from chat.core.messages import Message
from chat.gateway.balancer import QUEUE_S
from chat.turns.outgoing import Outgoing
from tests.loopback import Loopback
from tests.patience import PATIENCE_S
from tests.unit.turns.exchange import Clock, Exchange, card, refuses, sentence
from tests.unit.turns.workshop import ME

USERS = 50


class Crowd(Clock):
    """Users who ask, at a time that stands still until it is moved on."""

    def __init__(self) -> None:
        super().__init__()
        self._naps: list[tuple[float, int, asyncio.Event]] = []
        self._changed = asyncio.Event()
        self._turns: list[asyncio.Task[Message]] = []

    async def sleep(self, seconds: float) -> None:
        over = asyncio.Event()
        heapq.heappush(self._naps, (self.moment + seconds, len(self.naps), over))
        self.naps.append(seconds)
        self._changed.set()
        await over.wait()

    def come(self, made: Exchange, users: range) -> None:
        """Have each of these ask."""
        for number in users:
            task = asyncio.create_task(asks(made, f"{ME}-{number}"))
            task.add_done_callback(lambda _: self._changed.set())
            self._turns.append(task)

    async def settled(self) -> list[Message]:
        """Wait until everybody is answered or naps; the answers."""
        async with asyncio.timeout(PATIENCE_S):
            while sum(not turn.done() for turn in self._turns) > len(self._naps):
                self._changed.clear()
                await self._changed.wait()
        return [turn.result() for turn in self._turns if turn.done()]

    def pass_by(self, seconds: float) -> int:
        """Move the time on; how many are woken."""
        self.moment += seconds
        woken = 0
        while self._naps and self._naps[0][0] <= self.moment:
            heapq.heappop(self._naps)[2].set()
            woken += 1
        return woken


async def asks(made: Exchange, owner: str) -> Message:
    conversation = await made.library.new(owner)
    started = await made.engine.send(owner, conversation.id, Outgoing("client", "hello"))
    await made.jobs.wait(started.reply_id)
    return made.store.message(owner, started.reply_id)


async def test_fifty_turns_at_once_on_a_busy_endpoint_do_not_storm() -> None:
    crowd = Crowd()
    with Loopback(lambda _: refuses(429, 2)) as server:
        made = Exchange({"a": server}, [card("a")], clock=crowd)
        crowd.come(made, range(USERS))
        await crowd.settled()
        assert len(server.requests) <= USERS, "nobody asks again while the provider wants peace"
        assert len(crowd.naps) <= QUEUE_S, "few wait; the others are told"
        for _ in range(60):
            before = len(server.requests)
            woken = crowd.pass_by(1)
            await crowd.settled()
            assert woken <= 1
            assert len(server.requests) - before <= woken
        ends = await crowd.settled()
        assert len(ends) == USERS
        assert {end.status for end in ends} == {"failed"}
        assert all("Try again in " in sentence(end) for end in ends)
        await made.engine.close()


async def test_who_comes_while_the_provider_wants_peace_asks_nothing() -> None:
    crowd = Crowd()
    with Loopback(lambda _: refuses(429, 30)) as server:
        made = Exchange({"a": server}, [card("a")], clock=crowd)
        crowd.come(made, range(1))
        await crowd.settled()
        crowd.come(made, range(1, USERS))
        assert {end.status for end in await crowd.settled()} == {"failed"}
        assert len(server.requests) == 1
        await made.engine.close()
