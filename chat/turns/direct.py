"""A question that belongs to no conversation, and its answer, which nobody keeps.

It goes the way of every question: the same gateway with its deployments, fallbacks, guards, ledger
and records, the same fitting of what a model gets to see, the same bounds on what comes. Tools are
not run: who asks is told what the model wants to call.
"""

import logging
from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias

from chat.core.calling import ToolSpec
from chat.core.errors import BadReply, ChatError, MediaRejected, StorageError
from chat.core.events import CallDelta, Finished, ImageBytes, ReasoningDelta, TextDelta
from chat.core.messages import Finish, Message, Status, Usage, last_question, new_id
from chat.core.models import Modality, ModelCard
from chat.core.parts import Image, Json, MediaRef, ToolCall
from chat.core.recent import Recent
from chat.gateway.call import Answering, Attempt, Gateway, ModelCalls
from chat.images.edits import ImageEditing
from chat.turns import outcome
from chat.turns.file_texts import FileTexts
from chat.turns.held_pictures import MAX_EXAMINED_BYTES, Examined, HeldPictures
from chat.turns.loaded_request import loaded
from chat.turns.pictures import Pictures
from chat.turns.region_lock import RegionLock
from chat.turns.reply import cleaned
from chat.turns.reply_bounds import ReplyBounds, Said
from chat.turns.writer import UNLOCKED

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DirectQuestion:
    """What is asked."""

    card: ModelCard
    messages: tuple[Message, ...]
    """Oldest first: ends with a question, or with the results of tools."""
    pictures: HeldPictures
    """Those of the messages; what comes is held there too."""
    system: str = ""
    tools: tuple[ToolSpec, ...] = ()
    must_call: str = ""
    """As of a :class:`~chat.core.calling.ModelRequest`."""
    options: Mapping[str, Json] = field(default_factory=dict)
    """What was chosen for pictures, by the names of the settings of a conversation."""
    modalities: frozenset[Modality] = frozenset({"text", "image"})
    """What the answer may hold, of what the model can give."""


@dataclass(frozen=True, slots=True)
class AnsweredBy:
    """Who answers; comes before what is answered."""

    model: str
    """The id of the card."""


@dataclass(frozen=True, slots=True)
class PictureShown:
    """A finished picture of an answer."""

    ref: MediaRef
    data: bytes


DirectEvent: TypeAlias = AnsweredBy | TextDelta | ReasoningDelta | PictureShown | ToolCall


@dataclass(frozen=True, slots=True)
class DirectEnd:
    """How an answer ended."""

    finish: Finish
    usage: Usage | None
    cost_usd: float | None
    """Of all that was asked for it; ``None`` is unknown."""
    model: str
    """The id of the card that answered."""
    notes: tuple[str, ...]
    """Sentences on how it came about."""


class DirectAnswers:
    """Asks models for those who bring the whole conversation along."""

    def __init__(
        self,
        gateway: Gateway,
        pictures: Pictures,
        editor: ImageEditing,
        files: FileTexts | None = None,
    ) -> None:
        """Ask through this gateway."""
        self._files = files or FileTexts()
        self._gateway = gateway
        self._pictures = pictures
        self._editor = editor
        self._examined: Examined = Recent(MAX_EXAMINED_BYTES)

    def held(self) -> HeldPictures:
        """Room for the pictures of one question."""
        return HeldPictures(self._pictures, self._examined)

    async def ask(
        self, owner: str, question: DirectQuestion, tell: Callable[[DirectEvent], None]
    ) -> DirectEnd:
        """Ask, and tell each piece of the answer as it comes; closes the call when cancelled.

        Args:
            owner: on whose behalf; calls are recorded under this name.
            question: what is asked.
            tell: hears each piece, in order. It must not wait.

        Raises:
            ChatError: there was no answer, or no more of it; what was told before may be shown.
            LimitReached: the owner has asked or spent as much as they may.
        """
        quotas = self._gateway.quotas
        with quotas.question(owner, await quotas.of(owner)):
            return await self._asked(owner, question, tell)

    async def _asked(
        self, owner: str, question: DirectQuestion, tell: Callable[[DirectEvent], None]
    ) -> DirectEnd:
        reply = Message(new_id(), "", None, "assistant", ())
        recorder = self._gateway.recorder
        status: Status = "stopped"
        recorder.began("", reply.id, owner)
        try:
            calls = self._gateway.calls(question.card, owner, reply)
            answer = _Answer(self._gateway, question, owner, calls, tell, self._editor, self._files)
            end = await answer.ended()
            status, _ = outcome.finished(end.finish, calls.ledger.billed)
        except ChatError as error:
            status = "failed"
            log.info("a direct question of %s failed: %s", owner, error)
            raise
        except Exception:
            status = "failed"
            raise
        finally:
            recorder.ended(reply.id, status)
        return end


class _Answer:
    """One answer as it comes."""

    def __init__(
        self,
        gateway: Gateway,
        question: DirectQuestion,
        owner: str,
        calls: ModelCalls,
        tell: Callable[[DirectEvent], None],
        editor: ImageEditing,
        files: FileTexts,
    ) -> None:
        self._files = files
        self._gateway = gateway
        self._question = question
        self._owner = owner
        self._calls = calls
        self._tell = tell
        self._editor = editor
        self._bounds = ReplyBounds()
        self._lock: RegionLock | None = None
        self._draft: ImageBytes | None = None
        """The last one; it stands in where nothing better comes."""
        self._pictures = self._said = 0
        self._call_ids: dict[str, int] = {}
        self._notes: list[str] = []

    async def ended(self) -> DirectEnd:
        """Ask until somebody answers; how that ended."""
        asked = last_question(self._question.messages)
        parts = () if asked is None else asked.parts
        pictures = self._question.pictures
        self._lock = RegionLock.of(self._owner, parts, pictures, self._editor)
        if self._lock is not None:
            await self._lock.measure()
        for attempt in self._calls.attempts():
            async with attempt:
                await self._heard(attempt)
        finished = self._calls.finished
        assert finished is not None, "an attempt that nobody answered raises"
        if self._draft is not None and not self._pictures:
            await self._take_picture(replace(self._draft, draft=False))
        if finished.finish.kind in ("stop", "tool_calls") and not self._said:
            title = self._calls.card.title
            raise BadReply(f"{title} answered nothing at all. Try again, or reword the message.")
        return DirectEnd(
            finished.finish,
            finished.usage,
            self._calls.ledger.cost_usd,
            self._calls.card.id,
            tuple(self._notes),
        )

    async def _heard(self, attempt: Attempt) -> None:
        question = self._question
        request = await loaded(
            self._narrowed(attempt.card),
            question.messages,
            question.pictures.load,
            self._owner,
            budget=attempt.budget,
            lock=self._lock,
            system=question.system,
            tools=question.tools if attempt.card.tools else (),
            options=question.options,
            tell=partial(
                self._files.told,
                owner=self._owner,
                bytes_of=question.pictures.bytes_of,
                has_tool=False,
            ),
        )
        if request.tools:
            request = replace(request, must_call=question.must_call)
        async with aclosing(attempt.stream(request)) as events:
            async for event in events:
                if isinstance(event, Answering):
                    self._tell(AnsweredBy(event.target.card.id))
                    self._notes += [note for note in event.notes if note not in self._notes]
                elif not isinstance(event, Finished | CallDelta):  # of calls, the whole ones
                    taken, end = self._bounds.take(event)
                    if taken is not None:
                        await self._take(taken)
                    if end is not None:
                        attempt.cut(end)

    def _narrowed(self, card: ModelCard) -> ModelCard:
        """The card, giving no more than is wanted; one that cannot give that is asked as it is."""
        kept = tuple(each for each in card.output_modalities if each in self._question.modalities)
        if not kept or kept == card.output_modalities:
            return card
        return replace(card, output_modalities=kept)

    async def _take(self, event: Said) -> None:
        if isinstance(event, ImageBytes):
            if "image" not in self._question.modalities:
                return  # some models draw whatever they are asked for
            if event.draft:
                self._draft = event
            else:
                await self._take_picture(event)
            return
        sound = cleaned(event)
        if isinstance(sound, ToolCall):
            self._said += 1
            self._tell(self._distinct(sound))
        elif isinstance(sound, TextDelta | ReasoningDelta):
            self._said += isinstance(sound, TextDelta) and bool(sound.text.strip())
            self._tell(sound)

    def _distinct(self, call: ToolCall) -> ToolCall:
        """The call under an id of its own: some servers name every call ``call_0``."""
        number = self._call_ids[call.call_id] = self._call_ids.get(call.call_id, 0) + 1
        return call if number == 1 else replace(call, call_id=f"{call.call_id}-{number}")

    async def _take_picture(self, event: ImageBytes) -> None:
        pictures = self._question.pictures
        self._said += 1
        try:
            ref = await pictures.take(event.data, "model")
        except MediaRejected as error:
            # It was paid for, and so were the words around it, which stay.
            self._tell(TextDelta(f"\n\n[A picture came that could not be used. {error}]\n\n"))
            return
        if self._lock is not None:
            try:
                ref = (await self._lock.composed(Image(ref, "model", event.alt))).media
            except (MediaRejected, StorageError) as error:
                self._notes.append(UNLOCKED.format(why=error))
        self._pictures += 1
        self._tell(PictureShown(ref, pictures.data(ref.sha256)))
