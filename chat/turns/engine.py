"""Starting, stopping and repeating turns. Routes and panels call this, never the run itself.

A question is committed, with its queued reply, before the model is called; the same
``client_id`` twice is one turn.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from weakref import WeakValueDictionary

from chat.conversations.changes import ChangeFeed
from chat.core.asked_pictures import requests_for
from chat.core.errors import Conflict, NotFound, StorageError
from chat.core.estimate import Estimate, estimate
from chat.core.live_log import LiveLog
from chat.core.messages import STUDIO, Conversation, Finish, Message, Origin, new_id, now
from chat.core.models import ModelCard
from chat.core.parts import File, Part, pictures
from chat.models import Catalogues
from chat.telemetry.call import WatchRecorder
from chat.turns.alarms import Alarms
from chat.turns.approvals import WENT_ON
from chat.turns.commits import Commits
from chat.turns.decisions import Decisions
from chat.turns.dictation import Dictation
from chat.turns.file_texts import READ_FILE
from chat.turns.improving import PromptImprover
from chat.turns.naming import name_by_question
from chat.turns.outgoing import Outgoing, check_replies
from chat.turns.presence import Presence
from chat.turns.question import NamedFile, compose
from chat.turns.question_place import QuestionPlace, of_edited, of_question
from chat.turns.readiness import Readiness
from chat.turns.request import must_fit
from chat.turns.run import Turn, TurnDeps, ask_together
from chat.turns.running_turns import RunningTurns
from chat.turns.shared_call import SharedCall
from chat.turns.shared_turns import SharedTurns
from chat.turns.tool_relay import relay_for
from chat.turns.waiting import PATIENCE, WaitingReplies

log = logging.getLogger(__name__)


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


class Engine:
    """The turns of one process."""

    def __init__(
        self,
        deps: TurnDeps,
        catalogues: Catalogues,
        news: ChangeFeed,
        patience: timedelta = PATIENCE,
        alarms: Alarms | None = None,
        live: LiveLog | None = None,
    ) -> None:
        """Run turns with these parts and models.

        A user who is asked something is waited for so long, by these alarms. ``live`` is where
        several processes over one store tell each other of their turns.
        """
        self._deps = deps
        self._catalogues = catalogues
        self._conversations = deps.conversations
        self.history = deps.history
        self.quotas = deps.gateway.quotas
        self.files = deps.files
        self.readiness = Readiness(deps.gateway, catalogues)
        self.improver = PromptImprover(deps.gateway, catalogues)
        self.dictation = Dictation(deps.gateway, catalogues)
        self._jobs = deps.jobs
        self._news = news
        self._beginning: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        """By owner and client id; each goes when nobody holds it or waits for it."""
        alarms = alarms or Alarms()
        self.waiting = WaitingReplies(deps.conversations, deps.toolbox, news, alarms, patience)
        self.presence = Presence(deps.conversations.replicas, self.waiting.take_over)
        self.waiting.in_company = lambda: bool(self.presence.others)
        self._turns = RunningTurns(deps, news, self.waiting, alarms, patience)
        self._commits = Commits(deps.conversations, news)
        self.decisions = Decisions(deps, catalogues, news, self.waiting, self._turns)
        self.shared: SharedTurns | None = None
        if live is not None:
            self.shared = SharedTurns(
                live, deps.conversations, deps.jobs, news, self.waiting, self.presence
            )
            if isinstance(deps.gateway.recorder, WatchRecorder):
                self.shared.watches = deps.gateway.recorder
            self.decisions.catch_up = self.shared.catch_up
            deps.jobs.known = self.shared.known

    def reads_files(self, conversation: Conversation | None, card: ModelCard) -> bool:
        """Whether this model would be offered the tool that reads files."""
        if conversation is None or not (conversation.tools_on and card.tools):
            return False
        toolbox = self._deps.toolbox.of(conversation.owner)
        offered = toolbox.offered(conversation.tool_policy)
        return any(tool.name == READ_FILE for tool in offered)

    async def settle(self) -> int:
        """After a start: mark what a crash left unfinished. Returns how many there were.

        What other processes write that use the store is left alone, until they live no more.
        """
        await self.presence.start()
        if self.shared is not None:
            self.shared.start()
        return await self.waiting.settle()

    async def send(
        self, owner: str, conversation_id: str, sent: Outgoing, parent_id: str | None = None
    ) -> Started:
        """Ask. ``parent_id`` is the message above.

        ``None`` means the end of the branch shown last, and ``question_place.TOP`` that there is
        none above.

        Raises:
            CapabilityError: an empty, too long or impossible message; nothing was stored.
            NotFound: a conversation, parent, picture or file that is not there.
        """
        return (await self.send_several(owner, conversation_id, sent, parent_id, models=("",)))[0]

    async def send_several(
        self,
        owner: str,
        conversation_id: str,
        sent: Outgoing,
        parent_id: str | None = None,
        *,
        models: Sequence[str],
        paced: bool = True,
    ) -> tuple[Started, ...]:
        """Ask once, and have the question answered several times at the same time.

        Each reply is one like any other, and they are siblings of one ``created_at``. All are
        begun, or none is and nothing is stored.

        Args:
            owner: who asks.
            conversation_id: in which one.
            sent: the question.
            parent_id: as in ``send``.
            models: the card that writes each reply, in order, at most
                :data:`MAX_REPLIES_AT_ONCE`; an empty one is the conversation's own.
            paced: it counts among the messages that may be sent within a minute.

        Returns: the question with each reply, in the order of ``models``.

        Raises:
            CapabilityError: as ``send``, for any of the models; or more replies than may be
                written at once.
            ConfigError: one of the models is unknown, or its endpoint is not set up.
            LimitReached: the owner has sent or spent as much as they may; nothing was stored.
            NotFound: as ``send``.
        """
        sent = sent.sound()
        check_replies(models)
        async with self._alone(owner, sent.client_id):
            store = self._conversations
            read = await asyncio.to_thread(
                of_question, store, owner, conversation_id, parent_id, sent
            )
            return await self._ask(sent, read, models, paced=paced)

    async def edit(
        self, owner: str, message_id: str, sent: Outgoing, *, models: Sequence[str] = ("",)
    ) -> Started:
        """Ask a question in other words, as a sibling of the old one.

        ``models`` and what is raised as in ``send_several``; the last reply is returned.
        """
        sent = sent.sound()
        check_replies(models)

        async with self._alone(owner, sent.client_id):
            read = await asyncio.to_thread(of_edited, self._conversations, owner, message_id, sent)
            return (await self._ask(sent, read, models))[-1]

    async def regenerate(self, owner: str, reply_id: str) -> Started:
        """Answer the same question once more, as a sibling of the old reply."""

        def read() -> tuple[Conversation, Message]:
            old = self._conversations.message(owner, reply_id)
            if old.role != "assistant" or old.parent_id is None:
                raise NotFound("Only a reply can be made again.")
            conversation = self._conversations.get(owner, old.conversation_id)
            return conversation, self._conversations.message(owner, old.parent_id)

        conversation, question = await asyncio.to_thread(read)
        started = (await self._answer(conversation, question, stored=True))[0]
        if self.waiting.holds(reply_id):
            await self.waiting.give_up(owner, reply_id, WENT_ON)
        return started

    async def place(
        self,
        owner: str,
        conversation_id: str,
        done: Outgoing,
        made: Sequence[Part],
        parent_id: str | None = None,
        note: str = "",
    ) -> Started:
        """Put a finished exchange into a conversation: what was done, and what came of it.

        No model is asked. ``done`` says what was done in its words, and to which pictures, in
        order; the pictures in ``made`` are stored already, and each says in its derivation what it
        came of. ``parent_id`` as in ``send``; ``note`` is said under the reply.

        Raises:
            NotFound: a conversation, parent or picture that is not there.
        """
        sent = done.sound()
        store = self._conversations
        read = await asyncio.to_thread(of_question, store, owner, conversation_id, parent_id, sent)
        conversation = read.conversation
        if read.known is not None:
            return (await self._already(conversation, read.known))[0]
        refs = await self._deps.pictures.find(owner, sent.shas, read.earlier)
        parts = compose(sent.text, refs, read.earlier)
        question = Message(
            new_id(), conversation.id, read.parent_id, "user", parts, client_id=sent.client_id
        )
        reply = Message(
            id=new_id(),
            conversation_id=conversation.id,
            parent_id=question.id,
            role="assistant",
            parts=tuple(made),
            finish=Finish("stop", message=note, billed="no"),
            origin=STUDIO,
            cost_usd=0.0,
            finished_at=now(),
        )
        try:
            await asyncio.to_thread(self._add, conversation, [question, reply])
        except Conflict:  # sent twice at once: the other one was a moment earlier
            before = await self.placed(owner, conversation_id, sent.client_id, parent_id)
            if before is None:
                raise
            return before
        self._news.publish(owner, conversation.id)
        return Started(question, reply)

    async def placed(
        self, owner: str, conversation_id: str, client_id: str, parent_id: str | None
    ) -> Started | None:
        """The exchange of that name, if it came before; to be asked before any costly work.

        Raises:
            NotFound: ``place`` would find no such conversation or parent.
        """
        sent = Outgoing(client_id)
        store = self._conversations
        read = await asyncio.to_thread(of_question, store, owner, conversation_id, parent_id, sent)
        if read.known is None:
            return None
        return (await self._already(read.conversation, read.known))[0]

    def stop(self, owner: str, reply_id: str) -> bool:
        """Stop a running reply; false where it had ended already."""
        job = self._jobs.get(reply_id)
        return job is not None and job.owner == owner and self._jobs.stop(reply_id)

    async def halt(self, owner: str, reply_id: str) -> bool:
        """Stop a reply that runs or waits for the user; false where it had ended already.

        Raises:
            StorageError: it waits, and its end could not be written.
        """
        await self._jobs.known(reply_id)
        if self.stop(owner, reply_id):
            return True
        with suppress(NotFound):
            return self.waiting.holds(reply_id) and await self.waiting.give_up(owner, reply_id)
        return False

    async def stop_all(self, conversation_id: str, at_most_s: float) -> None:
        """Stop what runs or waits in a conversation; wait so long at most for each last save."""
        await self._jobs.stop_all(conversation_id, at_most_s)
        for reply_id in self.waiting.of_conversation(conversation_id):
            await self.waiting.give_up(self.waiting.owner(reply_id), reply_id)

    def forget_copies(self) -> None:
        """Forget what is laid out for other processes of replies that nobody writes any more.

        For a thread. What cannot be forgotten now is, the next time.
        """
        if self.shared is not None:
            try:
                self.shared.forget_copies()
            except StorageError as error:
                log.warning("copies of replies that ended could not be forgotten: %s", error)

    async def close(self) -> None:
        """Interrupt what runs, save it, and close the providers."""
        self.waiting.close()
        await self.readiness.close()
        await self._commits.close()
        await self._jobs.close()
        if self.shared is not None:
            await self.shared.close()
        await self.presence.close()
        await self._deps.gateway.aclose()

    def _alone(self, owner: str, client_id: str) -> asyncio.Lock:
        """Held while a question is looked up and begun.

        Sent again meanwhile, it would take places among the running turns a second time, and might
        be refused for them.
        """
        return self._beginning.setdefault((owner, client_id), asyncio.Lock())

    async def _ask(
        self,
        sent: Outgoing,
        read: QuestionPlace,
        models: Sequence[str] = ("",),
        *,
        paced: bool = True,
    ) -> tuple[Started, ...]:
        conversation, owner = read.conversation, read.conversation.owner
        if read.known is not None:
            return await self._already(conversation, read.known, models)
        find = self._deps.pictures.find
        refs = await find(owner, sent.shas, read.earlier) if sent.shas else []
        masks = await find(owner, sent.masks) if sent.masks else []
        attached = await self._attached(owner, sent.files, read.files_above) if sent.files else []
        parts = compose(
            sent.text,
            refs,
            read.earlier,
            masks,
            read.replaced,
            sent.handles,
            attached,
            fresh=sent.fresh,
        )
        question = Message(
            new_id(), conversation.id, read.parent_id, "user", parts, client_id=sent.client_id
        )
        try:
            return await self._answer(conversation, question, models, stored=False, paced=paced)
        except Conflict:
            store = self._conversations
            known = await asyncio.to_thread(store.by_client_id, conversation.id, sent.client_id)
            if known is None:
                raise
            return await self._already(conversation, known, models)

    async def _attached(
        self, owner: str, sent: Sequence[NamedFile], above: Mapping[str, File]
    ) -> list[File]:
        """The files of a question. Raises ``NotFound``."""
        refs = await self._deps.pictures.find_files(owner, [one.sha256 for one in sent], above)
        return [File(ref, one.name, handle=one.handle) for ref, one in zip(refs, sent, strict=True)]

    async def _already(
        self, conversation: Conversation, question: Message, models: Sequence[str] = ("",)
    ) -> tuple[Started, ...]:
        """The turns that a repeated click had started; of one, the newest."""
        owner, many = conversation.owner, len(models)
        replies = await asyncio.to_thread(self._replies, owner, question, many)
        if not replies:
            return await self._answer(conversation, question, models, stored=True)
        return tuple(Started(question, reply) for reply in replies)

    def _versions(self, question_id: str) -> int:
        """How many replies to a question there are; for a thread."""
        newest = self._conversations.reply_to(question_id)
        return len(self._conversations.siblings([newest.id])[newest.id]) if newest else 0

    def _replies(self, owner: str, question: Message, how_many: int) -> Sequence[Message]:
        """The replies that a question was sent with, or the newest of one; for a thread."""
        newest = self._conversations.reply_to(question.id)
        if newest is None or how_many == 1:
            return () if newest is None else (newest,)
        ids = self._conversations.siblings([newest.id])[newest.id][:how_many]
        return [self._conversations.message(owner, each) for each in ids]

    async def _answer(
        self,
        conversation: Conversation,
        question: Message,
        models: Sequence[str] = ("",),
        *,
        stored: bool,
        paced: bool = True,
    ) -> tuple[Started, ...]:
        """Commit the question if it is new, and its queued replies; then start the turns.

        Whatever is set up wrongly is said before anything is kept.

        Raises:
            CapabilityError: the question has more, or other, pictures than a model takes; or
                a model was retired, and nothing takes its place.
            ConfigError: a model is unknown, or its endpoint is not set up.
            LimitReached: the owner has sent or spent as much as they may.
        """
        owner, begun = conversation.owner, now()
        quotas = self.quotas
        limits = await quotas.of(owner)
        with self._turns.slots(owner, len(models), limits):
            turns = [
                await self._turn(conversation, question, model, begun, stored=stored)
                for model in models
            ]
            await quotas.check(owner, limits, [_at_least(turn) for turn in turns])
            if paced:
                quotas.count_message(owner, limits)
            first = await asyncio.to_thread(self._versions, question.id) if stored else 0
            turns = [replace(turn, version=first + at) for at, turn in enumerate(turns)]
            if len(turns) > 1:
                turns = self._together(turns)
            if not stored and question.parent_id and self.waiting.holds(question.parent_id):
                await self.waiting.give_up(owner, question.parent_id, WENT_ON)
            # From here on the question is kept, whatever happens.
            replies = [turn.reply for turn in turns]
            await self._commits.keep(owner, replies, lambda: self._commit(turns, stored))
            for turn in turns:
                self._turns.begin(turn, limits)
        self._news.publish(owner, conversation.id)
        return tuple(Started(question, turn.reply) for turn in turns)

    async def _turn(
        self,
        conversation: Conversation,
        question: Message,
        model: str,
        begun: datetime,
        *,
        stored: bool,
    ) -> Turn:
        """The turn that answers a question: which model answers, into which reply."""
        catalogue = self._catalogues.of(conversation.owner)
        resolved = catalogue.resolve(model or conversation.model)
        if not stored:
            must_fit(resolved.card, question)
        reply = Message(
            id=new_id(),
            conversation_id=conversation.id,
            parent_id=question.id,
            role="assistant",
            parts=(),
            status="queued",
            created_at=begun,
        )
        card = resolved.card
        if not self._deps.toolbox.of(conversation.owner).tools():
            conversation = replace(conversation, tools_on=False)
        relay = relay_for(card, catalogue, conversation, question)
        card = card if relay is None else relay.text
        calls = self._deps.gateway.calls(card, conversation.owner, reply)
        endpoint = calls.preferred.endpoint
        await calls.open(endpoint)
        said = (resolved.notice, relay.note if relay else "")
        origin = Origin(
            endpoint.kind,
            endpoint.id,
            card.id,
            notes=tuple(filter(None, said)),
            settings=dict(conversation.options),
            pictures_by=relay.pictures.id if relay else "",
        )
        reply = replace(reply, origin=origin)
        return Turn(conversation, question, reply, calls, relay=relay)

    def _together(self, turns: Sequence[Turn]) -> list[Turn]:
        """The turns, those of one model in as few requests as it can be asked with."""
        found: dict[str, list[int]] = {}
        for place, turn in enumerate(turns):
            found.setdefault(turn.calls.card.id, []).append(place)
        together = list(turns)
        for places in found.values():
            first = turns[places[0]]
            card, conversation = first.calls.card, first.conversation
            shown = bool(pictures(first.question.parts))
            rest = iter(places)
            for count in requests_for(card, conversation.options, len(places), shown=shown):
                own = list(islice(rest, count))
                if count == 1:
                    continue
                calls = self._deps.gateway.calls(card, conversation.owner, turns[own[0]].reply)
                asked = replace(turns[own[0]], calls=calls)
                call = SharedCall(partial(ask_together, asked, self._deps), calls, count)
                for place, share in zip(own, call.shares, strict=True):
                    together[place] = replace(turns[place], share=share)
        return together

    def _commit(self, turns: Sequence[Turn], stored: bool) -> None:
        """Of one question; for a thread."""
        replies = [turn.reply for turn in turns]
        if stored:
            self._conversations.add(replies)
        else:
            self._add(turns[0].conversation, [turns[0].question, *replies])

    def _add(self, conversation: Conversation, exchange: Sequence[Message]) -> None:
        """Keep a question and its reply; the first one names the conversation. For a thread."""
        if not conversation.title:
            name_by_question(self._conversations, conversation, exchange[0].parts)
        self._conversations.add(exchange)


def _at_least(turn: Turn) -> tuple[ModelCard, Estimate]:
    """What a turn costs at the least: what goes along with the question is not read yet."""
    card, conversation = turn.calls.card, turn.conversation
    own = estimate(card, (turn.question,), conversation.system, conversation.options)
    return card, own
