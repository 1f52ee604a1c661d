"""Starting, stopping and repeating turns. Routes and panels call this, never the run itself.

A question is committed, with its queued reply, before the model is called; the same
``client_id`` twice is one turn.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from chat.conversations.changes import ChangeFeed
from chat.core.errors import CapabilityError, Conflict, NotFound
from chat.core.messages import Conversation, Finish, Message, Origin, new_id
from chat.core.parts import Image, Part
from chat.core.text import clean_text
from chat.models import Catalogue
from chat.turns.jobs import Job
from chat.turns.question import check, compose, shown, title_of
from chat.turns.request import must_fit
from chat.turns.run import Turn, TurnDeps, run_turn
from chat.turns.save import save_late

MAX_RUNNING_TURNS = 12
LOOK_BACK_MESSAGES = 200
"""How far up a picture is looked for to keep its origin and alt text."""


@dataclass(frozen=True, slots=True)
class Started:
    """A turn that is under way, or was already."""

    question: Message
    reply: Message
    """As it was when the turn began, or as it is stored."""

    @property
    def conversation_id(self) -> str:
        """Where both are."""
        return self.question.conversation_id

    @property
    def question_id(self) -> str:
        """What the reply answers."""
        return self.question.id

    @property
    def reply_id(self) -> str:
        """What is being written."""
        return self.reply.id


@dataclass(frozen=True, slots=True)
class _Read:
    """What the store says of what is sent."""

    conversation: Conversation
    parent_id: str | None
    known: Message | None
    """The question itself, if it came before."""
    earlier: Mapping[str, Image] = field(default_factory=dict)
    """What was said of pictures further up."""
    replaced: Sequence[Part] = ()
    """The question that is asked in other words."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A message as it came, made sound."""

    text: str
    shas: Sequence[str]
    masks: Sequence[str]
    client_id: str


class Engine:
    """The turns of one process."""

    def __init__(self, deps: TurnDeps, catalogue: Catalogue, news: ChangeFeed) -> None:
        """Run turns with these parts and models."""
        self._deps = deps
        self._catalogue = catalogue
        self._conversations = deps.conversations
        self.history = deps.history
        self._jobs = deps.jobs
        self._news = news
        self._starting: Counter[str] = Counter()

    async def settle(self) -> int:
        """After a start: mark what a crash left unfinished. Returns how many there were."""
        debris = await asyncio.to_thread(self._conversations.unfinished)
        for message in debris:
            finish = Finish("error", "Crash", "Easel stopped during this reply. Try again.")
            # When it really ended nobody knows; the time until now was not spent on it.
            ended = replace(message, status="interrupted", finish=finish)
            await asyncio.to_thread(self._conversations.update, ended)
        return len(debris)

    async def send(
        self,
        owner: str,
        conversation_id: str,
        text: str,
        shas: Sequence[str],
        client_id: str,
        parent_id: str | None,
        masks: Sequence[str] = (),
    ) -> Started:
        """Ask. ``shas`` name stored pictures in order, ``masks`` those that mark the first one.

        ``parent_id`` is the message above; ``None`` means the end of the branch shown last.

        Raises:
            CapabilityError: an empty, too long or impossible message; nothing was stored.
            NotFound: a conversation, parent or picture that is not there.
        """
        sent = _sent(text, shas, masks, client_id)

        def read() -> _Read:
            conversation = self._conversations.get(owner, conversation_id)
            if parent_id is None:
                # Who does not say what is above goes on where the conversation stands.
                return self._read(conversation, conversation.head_id, sent)
            parent = self._conversations.message(owner, parent_id)
            if parent.conversation_id != conversation_id:
                raise NotFound("That message is not part of this conversation.")
            return self._read(conversation, parent_id, sent)

        return await self._ask(sent, await asyncio.to_thread(read))

    async def edit(
        self,
        owner: str,
        message_id: str,
        text: str,
        shas: Sequence[str],
        client_id: str,
        masks: Sequence[str] = (),
    ) -> Started:
        """Ask a question in other words, as a sibling of the old one. Raises as ``send``."""
        sent = _sent(text, shas, masks, client_id)

        def read() -> _Read:
            old = self._conversations.message(owner, message_id)
            if old.role != "user":
                raise NotFound("Only a question can be edited.")
            conversation = self._conversations.get(owner, old.conversation_id)
            return replace(self._read(conversation, old.parent_id, sent), replaced=old.parts)

        return await self._ask(sent, await asyncio.to_thread(read))

    async def regenerate(self, owner: str, reply_id: str) -> Started:
        """Answer the same question once more, as a sibling of the old reply."""

        def read() -> tuple[Conversation, Message]:
            old = self._conversations.message(owner, reply_id)
            if old.role != "assistant" or old.parent_id is None:
                raise NotFound("Only a reply can be made again.")
            conversation = self._conversations.get(owner, old.conversation_id)
            return conversation, self._conversations.message(owner, old.parent_id)

        conversation, question = await asyncio.to_thread(read)
        return await self._answer(conversation, question, stored=True)

    def stop(self, owner: str, reply_id: str) -> bool:
        """Stop a running reply; false where it had ended already."""
        job = self._jobs.get(reply_id)
        return job is not None and job.owner == owner and self._jobs.stop(reply_id)

    async def close(self) -> None:
        """Interrupt what runs, save it, and close the providers."""
        await self._jobs.close()
        await self._deps.gateway.aclose()

    def _read(self, conversation: Conversation, parent_id: str | None, sent: _Sent) -> _Read:
        """One visit to the store for all that is asked of it; for a thread."""
        store = self._conversations
        known = store.by_client_id(conversation.id, sent.client_id)
        if known is not None or not sent.shas or parent_id is None:
            return _Read(conversation, parent_id, known)
        # A long conversation is not searched for nothing.
        above = store.branch(parent_id, LOOK_BACK_MESSAGES)
        return _Read(conversation, parent_id, None, shown(above))

    async def _ask(self, sent: _Sent, read: _Read) -> Started:
        conversation, owner = read.conversation, read.conversation.owner
        if read.known is not None:
            return await self._already(conversation, read.known)
        find = self._deps.pictures.find
        refs = await find(owner, sent.shas, read.earlier) if sent.shas else []
        masks = await find(owner, sent.masks) if sent.masks else []
        parts = compose(sent.text, refs, read.earlier, masks, read.replaced)
        question = Message(
            new_id(), conversation.id, read.parent_id, "user", parts, client_id=sent.client_id
        )
        try:
            return await self._answer(conversation, question, stored=False)
        except Conflict:
            store = self._conversations
            known = await asyncio.to_thread(store.by_client_id, conversation.id, sent.client_id)
            if known is None:
                raise
            return await self._already(conversation, known)

    async def _already(self, conversation: Conversation, question: Message) -> Started:
        """The turn that a repeated click had started."""
        reply = await asyncio.to_thread(self._conversations.reply_to, question.id)
        if reply is None:
            return await self._answer(conversation, question, stored=True)
        return Started(question, reply)

    async def _answer(
        self, conversation: Conversation, question: Message, *, stored: bool
    ) -> Started:
        """Commit the question if it is new, and its queued reply; then start the turn.

        Whatever is set up wrongly is said before anything is kept.

        Raises:
            CapabilityError: the question has more, or other, pictures than the model takes; or
                the model was retired, and nothing takes its place.
            ConfigError: the model is unknown, or its endpoint is not set up.
        """
        with self._slot(conversation.owner):
            turn = await self._turn(conversation, question, stored=stored)
            # From here on the question is kept, whatever happens.
            await asyncio.to_thread(self._commit, turn, stored)
            self._jobs.start(Job(conversation.owner, turn.reply), partial(self._work, turn))
        self._news.publish(conversation.owner, conversation.id)
        return Started(question, turn.reply)

    async def _turn(self, conversation: Conversation, question: Message, *, stored: bool) -> Turn:
        """The turn that answers a question: which model answers, into which reply."""
        resolved = self._catalogue.resolve(conversation.model)
        if not stored:
            must_fit(resolved.card, question)
        reply = Message(
            id=new_id(),
            conversation_id=conversation.id,
            parent_id=question.id,
            role="assistant",
            parts=(),
            status="queued",
        )
        calls = self._deps.gateway.calls(resolved.card, conversation.owner, reply)
        endpoint = calls.preferred.endpoint
        await calls.open(endpoint)
        notes = (resolved.notice,) if resolved.notice else ()
        origin = Origin(endpoint.kind, endpoint.id, resolved.card.id, notes=notes)
        return Turn(conversation, question, replace(reply, origin=origin), calls)

    def _commit(self, turn: Turn, stored: bool) -> None:
        """For a thread."""
        store, conversation, parts = self._conversations, turn.conversation, turn.question.parts
        if not stored and not conversation.title:
            store.change(
                conversation.owner,
                conversation.id,
                lambda now: now if now.title else replace(now, title=title_of(parts)),
            )
        store.add([turn.reply] if stored else [turn.question, turn.reply])

    @contextmanager
    def _slot(self, owner: str) -> Iterator[None]:
        """A place among the running turns, held from before the first wait until the start."""
        if len(self._jobs.of_owner(owner)) + self._starting[owner] >= MAX_RUNNING_TURNS:
            raise CapabilityError(
                f"{MAX_RUNNING_TURNS} replies are being written already. "
                "Wait for one to end, or stop one."
            )
        self._starting[owner] += 1
        try:
            yield
        finally:
            self._starting[owner] -= 1

    async def _work(self, turn: Turn, job: Job) -> None:
        owner, conversation_id = turn.conversation.owner, turn.conversation.id
        unsaved = await run_turn(job, turn, self._deps)
        self._news.publish(owner, conversation_id)
        if unsaved is not None and await save_late(self._conversations, unsaved):
            # Meanwhile the job stayed, over for everybody but the one copy of its last state.
            self._news.publish(owner, conversation_id)


def _sent(text: str, shas: Sequence[str], masks: Sequence[str], client_id: str) -> _Sent:
    """What was sent, made sound. Raises ``CapabilityError`` for what cannot be sent at all."""
    text, masks = clean_text(text), list(dict.fromkeys(masks))
    shas = [sha for sha in dict.fromkeys(shas) if sha not in masks]
    check(text, shas, masks)
    return _Sent(text, shas, masks, client_id)
