"""Replies that wait for their user: no task and no connection, a row in the store and a deadline.

They outlive the process. Whoever does not decide in time has decided against it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from chat.conversations.changes import ChangeFeed
from chat.core.errors import ChatError, Conflict, NotFound
from chat.core.messages import Finish, Message, now
from chat.core.ports import Conversations, WaitingReply
from chat.turns.alarms import Alarms
from chat.turns.approvals import STOPPED, TIME_IS_UP, after_a_crash, given_up
from chat.turns.toolbox import Toolbox

log = logging.getLogger(__name__)

PATIENCE = timedelta(minutes=15)
"""How long a user is waited for."""

AGAIN_S = 60.0
"""Until the next try, where the store refused to take an end."""

CRASHED = Finish("error", "Crash", "Easel stopped during this reply. Try again.")


@dataclass(frozen=True, slots=True)
class _Known:
    owner: str
    conversation_id: str
    since: datetime
    """As whoever asked has it, by a clock that may not be this machine's."""


class WaitingReplies:
    """Those of one process, with their deadlines."""

    def __init__(
        self,
        conversations: Conversations,
        toolbox: Toolbox,
        news: ChangeFeed,
        alarms: Alarms,
        patience: timedelta = PATIENCE,
    ) -> None:
        """Wait so long for each; ``news`` hears of those that are given up."""
        self._conversations = conversations
        self._toolbox = toolbox
        self._news = news
        self._alarms = alarms
        self._patience = patience
        self._known: dict[str, _Known] = {}
        self.relay: Callable[..., None] = lambda *_: None
        """Tells other processes what this one knows: ``waits`` or ``decided``, and words."""
        self.settled: Callable[[str], None] = lambda _: None
        """Is called with each reply of a dead process that was ended here."""
        self.in_company: Callable[[], bool] = lambda: False
        """Whether other processes live, who may have asked."""
        self.ending: set[asyncio.Task[None]] = set()
        """Those that are being ended because their time was up."""

    async def settle(self) -> int:
        """After a start: what a crash left is marked, and the rest goes on waiting.

        Returns: how many replies a crash had left.
        """
        settled = await self.take_over(lapsed=False)
        self.know_all(await asyncio.to_thread(self._conversations.waiting))
        return settled

    async def take_over(self, *, lapsed: bool = True) -> int:
        """Mark what processes left that live no more, as ``Replicas.take_over`` finds it.

        No model is asked again by itself: a picture may have been billed.

        Returns: how many replies that were.
        """
        store, tools = self._conversations, self._toolbox.tools()
        left = await asyncio.to_thread(store.replicas.take_over, lapsed=lapsed)
        for owner, message in ((each.owner, each.message) for each in left):
            # When it really ended nobody knows; the time until now was not spent on it.
            ended = after_a_crash(message, tools) or replace(
                message, status="interrupted", finish=CRASHED
            )
            await asyncio.to_thread(store.update, ended)
            if ended.status == "waiting":
                self.add(owner, ended)
            self.settled(ended.id)
            self._news.publish(owner, ended.conversation_id)
        return len(left)

    def add(self, owner: str, reply: Message) -> None:
        """A reply waits, as it is stored."""
        since = reply.finished_at or now()
        self.know(WaitingReply(owner, reply.conversation_id, reply.id, since))
        self.relay("waits", owner, reply.conversation_id, reply.id, since.isoformat())

    def forget(self, reply_id: str) -> None:
        """It waits no longer."""
        self.unknow(reply_id)
        self.relay("decided", reply_id)

    def know_all(self, found: Sequence[WaitingReply]) -> None:
        """Those are all that wait, as the store has it; of what is known the time goes on."""
        for reply_id in self._known.keys() - {each.reply_id for each in found}:
            self.unknow(reply_id)
        for each in found:
            known = self._known.get(each.reply_id)
            if known is None or known.since != each.since:
                self._hold(each, self._left(each))

    def unknow(self, reply_id: str) -> None:
        """The same, without telling other processes."""
        self._known.pop(reply_id, None)
        self._alarms.forget(reply_id)

    def holds(self, reply_id: str) -> bool:
        """Whether a reply waits."""
        return reply_id in self._known

    def of_conversation(self, conversation_id: str) -> list[str]:
        """The ids of the replies of a conversation that wait, oldest first."""
        return [
            reply_id
            for reply_id, known in self._known.items()
            if known.conversation_id == conversation_id
        ]

    def owner(self, reply_id: str) -> str:
        """Whose reply it is that waits."""
        return self._known[reply_id].owner

    async def give_up(self, owner: str, reply_id: str, why: str = STOPPED) -> bool:
        """End a reply with everything denied that waits; false where nothing does any more.

        Raises:
            NotFound: the owner has no such reply.
            StorageError: the end could not be written; it waits on.
        """
        store, alter = self._conversations, partial(given_up, sentence=why)
        try:
            ended = await asyncio.to_thread(store.change_message, owner, reply_id, alter)
        except Conflict:
            return False
        self.forget(reply_id)
        self._news.publish(owner, ended.conversation_id)
        return True

    def close(self) -> None:
        """Look at no deadline any more: the next start does."""
        self._known.clear()
        self._alarms.close()

    def know(self, found: WaitingReply) -> None:
        """A reply waits from now on; other processes know or are told by who found it."""
        self._hold(found, self._patience)

    def _left(self, found: WaitingReply) -> timedelta:
        """How long one is waited for that is found in the store, since whenever it waits."""
        if self.in_company():
            # What another one asked this moment looks old to a clock that is ahead of its own. Who
            # asked ends it in time.
            return self._patience
        # A clock that was put forth or back neither ends nor prolongs it beyond the whole time.
        return min(max(found.since + self._patience - now(), timedelta()), self._patience)

    def _hold(self, found: WaitingReply, left: timedelta) -> None:
        self._known[found.reply_id] = _Known(found.owner, found.conversation_id, found.since)
        self._set(found.owner, found.reply_id, left.total_seconds())

    def _set(self, owner: str, reply_id: str, after_s: float) -> None:
        def ring() -> None:
            task = asyncio.get_running_loop().create_task(self._expire(owner, reply_id))
            self.ending.add(task)
            task.add_done_callback(self.ending.discard)

        self._alarms.set(reply_id, after_s, ring)

    async def _expire(self, owner: str, reply_id: str) -> None:
        try:
            if not await self.give_up(owner, reply_id, TIME_IS_UP):
                self.forget(reply_id)
        except NotFound:
            self.forget(reply_id)  # it was removed meanwhile, or lies in the bin
        except ChatError as error:
            log.warning("a reply that waited too long could not be ended: %s", error)
            self._set(owner, reply_id, AGAIN_S)
