"""What a model says, taken into the reply and told to whoever watches, event by event."""

import asyncio
from dataclasses import replace
from typing import Protocol

from chat.core.errors import MediaRejected, NotFound, StorageError
from chat.core.events import CallDelta, CallsEnded, Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Finish, Message
from chat.core.parts import Image, Text, ToolCall, ToolResult
from chat.core.regions import answer_of
from chat.gateway.deployments import ModelDeployment
from chat.images.formats import DISPLAYED
from chat.images.limits import UNSEEN
from chat.turns.alt_text import alt_text, caption
from chat.turns.jobs import Job
from chat.turns.pictures import Pictures
from chat.turns.region_lock import RegionLock
from chat.turns.reply import Event, Reply, cleaned
from chat.turns.reply_bounds import ReplyBounds
from chat.turns.save import ReplySaver
from chat.turns.unfinished_calls import UnfinishedCalls

LOST_MASK = "The mask is lost, so the whole picture may have changed."
UNLOCKED = "The picture is shown as the model made it, outside the marked region too: {why}"
STOPPED_BEFORE = "Stop came before the marked region could be taken out of it."


class Taker(Protocol):
    """Who takes what a model says."""

    def answered_by(self, target: ModelDeployment, notes: tuple[str, ...] = ()) -> None:
        """Hear who answers."""
        ...

    async def take(self, event: ProviderEvent | CallsEnded) -> Finish | None:
        """Take what came; the end of the call where that was enough."""
        ...


class ReplyWriter:
    """One reply being written."""

    def __init__(
        self,
        job: Job,
        question: Message,
        reply: Reply,
        pictures: Pictures,
        saver: ReplySaver,
        lock: RegionLock | None = None,
    ) -> None:
        """Write this reply to this question; what it marks is all that may change."""
        self._lock = lock
        self._job = job
        self._question = question
        self._reply = reply
        self._pictures = pictures
        self._saver = saver
        self._title = ""
        # A reply that goes on has come to some of its bounds already.
        self._bounds = ReplyBounds(reply.parts)
        self._unfinished = UnfinishedCalls(job)

    def answered_by(self, target: ModelDeployment, notes: tuple[str, ...] = ()) -> None:
        """Name who answers."""
        self._title = target.card.title
        endpoint, card = target.endpoint, target.card
        self._reply.answered_by(endpoint.kind, endpoint.id, card.id, target.label, notes)

    async def lock(self) -> RegionLock | None:
        """What the question marks, measured; ``None`` where nothing is, or its mask is lost.

        Raises:
            CapabilityError: there is a mask, and it marks nothing.
            MediaRejected: it cannot be read.
            StorageError: the store does not answer.
        """
        if self._lock is None:
            return None
        try:
            await self._lock.measure()
        except NotFound:
            self._lock = None
            self._reply.noted(LOST_MASK)
        return self._lock

    async def take(self, event: ProviderEvent | CallsEnded) -> Finish | None:
        """Take in what came; the end of the reply once there is as much as one may have.

        Raises:
            StorageError: it cannot be kept.
        """
        if self._saver.fault is not None:
            raise self._saver.fault
        if isinstance(event, Finished):
            return None
        if isinstance(event, CallDelta):
            self._unfinished.take(event)
            return None
        if isinstance(event, CallsEnded):
            self._unfinished.ended()
            return None
        taken, end = self._bounds.take(event)
        if isinstance(taken, ImageBytes):
            await self._take_picture(taken)
            await self._saver.save()
        elif taken is not None:
            self.add(taken)
        return end

    def add(self, event: Event) -> None:
        """Add what is fit to be stored as it is, once made sound."""
        sound = cleaned(event)
        if isinstance(sound, ToolCall):
            sound = self._reply.distinct(sound)
        self._reply.add(sound)
        self._job.publish(sound)

    async def _take_picture(self, event: ImageBytes) -> None:
        """Store the bytes first; only then may anything name them."""
        try:
            ref, note = await self._pictures.keep(self._job.owner, event.data, "model")
        except MediaRejected as error:
            # It was paid for, and so were the words around it: they stay, and say what is missing.
            self.add(TextDelta(f"\n\n[A picture came that could not be kept. {error}]\n\n"))
            return
        alt = event.alt or alt_text(self._reply.parts, self._question.parts, self._title)
        asked = event.caption or caption(self._question.parts)
        picture = Image(ref, "model", alt, event.draft, event.echo, caption=asked)
        if self._lock is None or event.draft:
            self.add(picture)
        else:
            await self._add_locked(picture, self._lock)
        if note == UNSEEN:
            self._reply.noted(UNSEEN)
        elif note and ref.mime not in DISPLAYED:
            self.add(TextDelta(f"\n\n[{note}]\n\n"))

    async def _add_locked(self, picture: Image, lock: RegionLock) -> None:
        """Add what the region lock makes of a picture, behind the picture itself as a draft.

        Both are shown at once: until then nobody knows which of them is the result.
        """
        try:
            result = await lock.composed(picture)
        except (MediaRejected, StorageError) as error:
            self._reply.noted(UNLOCKED.format(why=error))
            self.add(picture)
        except asyncio.CancelledError:
            self._reply.noted(UNLOCKED.format(why=STOPPED_BEFORE))
            self.add(picture)
            raise
        else:
            derivation = answer_of(lock.source, lock.mask)
            self.add(replace(picture, draft=True, derivation=derivation))
            self.add(result)


def too_many(call: ToolCall, most: int) -> ToolResult:
    """The answer to a call that is one too many in its round."""
    sentence = f"Not run: at most {most} tools run at once. Ask for it again."
    return ToolResult(call.call_id, call.name, (Text(sentence),), failed=True)
