"""One request for several replies: a model that draws several pictures at once is asked once.

Each reply stays a turn of its own, which is watched, stopped and saved alone. The request is made
beside them all; its pictures are dealt out one by one, and so is what it cost. It goes on while
anybody waits for it. Where fewer pictures come than there are replies, the rest is asked for again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from chat.core.errors import ChatError
from chat.core.events import CallsEnded, Finished, ImageBytes, ProviderEvent
from chat.core.messages import Finish
from chat.gateway.call import Answering, ModelCalls
from chat.gateway.deployments import ModelDeployment
from chat.gateway.ledger import CallCost, UsageLedger, cost_of
from chat.turns.writer import ReplyWriter

Ask: TypeAlias = "Callable[[SharedCall, int], Awaitable[Finish]]"
"""Makes a request for so many pictures, and gives what comes to the call; how it ended."""


@dataclass(frozen=True, slots=True)
class _End:
    """The end of a share: how the request ended, and what of its cost is this reply's."""

    finished: Finished
    cost: CallCost


@dataclass(frozen=True, slots=True)
class _Fault:
    """The end of a share whose request came to nothing, or broke off."""

    error: BaseException
    cost: CallCost


def _own(error: BaseException) -> BaseException:
    """The same refusal for one turn alone: a turn lets go of what its error went through."""
    if not isinstance(error, ChatError):
        return error  # a bug, of which the log has the trace
    own = type(error).__new__(type(error), *error.args)
    own.__dict__.update(error.__dict__)
    own.__cause__ = error.__cause__
    return own


class Share:
    """What of a shared call is for one reply."""

    def __init__(self, call: "SharedCall") -> None:
        """Wait for a picture of this call."""
        self._call = call
        self._came: asyncio.Queue[Answering | ProviderEvent | CallsEnded | _End | _Fault]
        self._came = asyncio.Queue()
        self.served = False
        """Whether its picture has come."""
        self.open = True
        """Whether its turn still waits."""

    def put(self, came: "Answering | ProviderEvent | CallsEnded | _End | _Fault") -> None:
        """Have something for its turn."""
        if isinstance(came, _End | _Fault):
            self.open = False
        self._came.put_nowait(came)

    async def taken(self, writer: ReplyWriter, calls: ModelCalls) -> Finish:
        """Write what is for this reply; what it cost is then known to its own calls.

        Raises:
            ChatError: what the request ended with, or the store.
        """
        self._call.begin()
        while True:
            came = await self._came.get()
            if isinstance(came, _Fault):
                calls.ledger.add(came.cost)
                raise came.error
            if isinstance(came, _End):
                calls.ledger.add(came.cost)
                calls.finished = came.finished
                return came.finished.finish
            if isinstance(came, Answering):
                calls.answering = came.target
                writer.answered_by(came.target, came.notes)
            elif (cut := await writer.take(came)) is not None:
                calls.finished = Finished(cut)
                return cut

    async def left(self, calls: ModelCalls) -> None:
        """Its turn waits no longer, for whatever reason. Safe to call after the end."""
        if self.open:
            calls.ledger.add(await self._call.left(self))


class SharedCall:
    """One request, or a few after each other, for as many replies as it has shares."""

    def __init__(self, ask: Ask, calls: ModelCalls, replies: int) -> None:
        """Ask like this, on these calls; nothing is asked before a turn waits for its share."""
        self._ask = ask
        self._calls = calls
        self.shares: Sequence[Share] = tuple(Share(self) for _ in range(replies))
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Ask, if nobody has yet."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="shared-call")

    async def left(self, share: Share) -> CallCost:
        """A turn waits no longer. With the last one the connection is closed.

        Returns: what its part of the request cost; mostly nobody knows.
        """
        share.open = False
        if self._waiting():
            if self._task is None:
                return CallCost("no", 0.0)
            # The others pay for all that is counted.
            return cost_of(self._calls.card.prices, None, None, drawn=0, spoke=True)
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        ledger = self._calls.ledger
        return CallCost(ledger.billed, ledger.cost_usd)

    def answered_by(self, target: ModelDeployment, notes: tuple[str, ...] = ()) -> None:
        """Tell all who answers."""
        for share in self._waiting():
            share.put(Answering(target, notes))

    async def take(self, event: ProviderEvent | CallsEnded) -> Finish | None:
        """Deal out what came: a picture to the next reply without one, anything else to all.

        A picture too many goes to the last reply.
        """
        waiting = self._waiting()
        if isinstance(event, ImageBytes):
            unserved = [share for share in waiting if not share.served]
            for share in unserved[:1] or waiting[-1:]:
                share.served = share.served or not event.draft
                share.put(event)
        elif not isinstance(event, Finished):
            for share in waiting:
                share.put(event)
        return None

    def _waiting(self) -> list[Share]:
        return [share for share in self.shares if share.open]

    async def _run(self) -> None:
        while unserved := [share for share in self._waiting() if not share.served]:
            self._calls.ledger = UsageLedger()
            try:
                finish = await self._ask(self, len(unserved))
            except Exception as error:  # each turn says so in its own reply
                self._settle(self._waiting(), error)
                return
            served = [share for share in self._waiting() if share.served]
            finished = replace(self._calls.finished or Finished(finish), finish=finish)
            if not served or finish.kind != "stop":
                self._settle(self._waiting(), finished)
                return
            self._settle(served, finished)

    def _settle(self, shares: Sequence[Share], end: Finished | BaseException) -> None:
        """End shares, each with its part of what was counted since the last ones ended."""
        ledger, among = self._calls.ledger, max(1, len(shares))
        known = ledger.cost_usd
        cost = CallCost(ledger.billed, None if known is None else known / among)
        if isinstance(end, BaseException):
            for share in shares:
                share.put(_Fault(_own(end), cost))
            return
        usages = end.usage.shared(among) if end.usage is not None else [None] * among
        for share, usage in zip(shares, usages, strict=False):
            share.put(_End(replace(end, usage=usage), cost))
