"""What a user decides of a reply that waits, and how the reply goes on."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from chat.conversations.changes import ChangeFeed
from chat.core.errors import ChatError, Conflict, NotFound, StorageError
from chat.core.messages import Conversation, Message
from chat.core.parts import ToolCall, unanswered
from chat.core.tools import Tool
from chat.gateway.ledger import CallCost
from chat.models import Catalogues
from chat.turns.approvals import (
    CHANGED_LOOK,
    DECIDED,
    MODEL_IS_GONE,
    CallDecision,
    allowed_from_now_on,
    changed_since,
    check,
    decided,
)
from chat.turns.jobs import Job
from chat.turns.run import Turn, TurnDeps
from chat.turns.running_turns import RunningTurns
from chat.turns.tool_relay import resumed_relay
from chat.turns.waiting import WaitingReplies

log = logging.getLogger(__name__)


class Decisions:
    """Decisions on calls that wait, and answers to what running tools ask."""

    def __init__(
        self,
        deps: TurnDeps,
        catalogues: Catalogues,
        news: ChangeFeed,
        waiting: WaitingReplies,
        turns: RunningTurns,
    ) -> None:
        """Have replies go on among these turns."""
        self._deps = deps
        self._catalogues = catalogues
        self._conversations = deps.conversations
        self._jobs = deps.jobs
        self._news = news
        self._waiting = waiting
        self._turns = turns
        self.catch_up: Callable[[Job], Awaitable[None]] = _nothing_to_hear
        """Hears everything of a turn that another process runs."""

    def wanted_in(self, conversation_id: str) -> bool:
        """Whether anything in a conversation waits for its user: a call, or a question."""
        if self._waiting.of_conversation(conversation_id):
            return True
        return any(job.asks for job in self._jobs.of_conversation(conversation_id))

    async def decide(self, owner: str, reply_id: str, decisions: Sequence[CallDecision]) -> Message:
        """Decide on every call that a reply waits for, and have it go on; the reply as it does.

        Of two who decide at once one is heard.

        Raises:
            CapabilityError: it cannot be carried out now: a tool or the model is gone, denied or
                switched off, or too many replies are being written.
            Conflict: what is decided on is not what waits, or was decided on already.
            NotFound: the owner has no such reply.
        """
        reply, question, conversation = await asyncio.to_thread(self._waited, owner, reply_id)
        tools = self._deps.toolbox.of(owner).tools()
        await self._ask_again(owner, reply, tools)
        check(reply, decisions, tools, conversation)
        try:
            turn = await self._resumed(conversation, question, reply)
        except ChatError:
            if any(each.choice != "deny" for each in decisions):
                raise
            # Nobody is there to go on, and nothing was allowed: so it ends.
            await self._waiting.give_up(owner, reply_id, MODEL_IS_GONE)
            return await asyncio.to_thread(self._conversations.message, owner, reply_id)
        limits = await self._deps.gateway.quotas.of(owner)
        with self._turns.slots(owner, 1, limits):
            kept = await asyncio.to_thread(
                self._conversations.change_message,
                owner,
                reply_id,
                partial(decided, decisions=decisions),
            )
            self._waiting.forget(reply_id)
            names = [call.name for call in unanswered(kept.parts) if _for_good(call)]
            conversation = await self._allow(conversation, names, tools)
            # Who decides the moment it is told may be before the last step of the turn that asked.
            await self._jobs.wait(reply_id)
            self._turns.begin(replace(turn, conversation=conversation, reply=kept), limits)
        self._news.publish(owner, conversation.id)
        return kept

    async def answer_question(
        self,
        owner: str,
        reply_id: str,
        question_id: str,
        values: Mapping[str, object] | None,
    ) -> None:
        """Answer what a running tool asks; ``None``: decline.

        Raises:
            CapabilityError: a value does not fit; the question stays open.
            Conflict: it is not open any more.
            NotFound: the owner has no such reply at work.
        """
        job = self._jobs.get(reply_id)
        if job is None or job.owner != owner or job.questions is None:
            raise NotFound("That reply is not being written any more.")
        await self.catch_up(job)  # another process may have asked what this one has not heard
        job.questions.answer(question_id, values)

    def _waited(self, owner: str, reply_id: str) -> tuple[Message, Message, Conversation]:
        """A reply, its question and their conversation; for a thread. Raises as ``decide``."""
        reply = self._conversations.message(owner, reply_id)
        if reply.status != "waiting" or reply.parent_id is None:
            raise Conflict(DECIDED)
        question = self._conversations.message(owner, reply.parent_id)
        return reply, question, self._conversations.get(owner, reply.conversation_id)

    async def _ask_again(self, owner: str, reply: Message, tools: Mapping[str, Tool]) -> None:
        """Ask anew for what is another tool by now. Raises ``Conflict`` if there is any."""
        if changed_since(reply, tools) is None:
            return

        def anew(found: Message) -> Message:
            return changed_since(found, tools) or found

        kept = await asyncio.to_thread(self._conversations.change_message, owner, reply.id, anew)
        if kept.status == "waiting":
            self._waiting.add(owner, kept)
        self._news.publish(owner, reply.conversation_id)
        raise Conflict(CHANGED_LOOK)

    async def _resumed(self, conversation: Conversation, question: Message, reply: Message) -> Turn:
        """The turn that goes on with a reply: the model that began it, where it answered.

        Raises:
            ChatError: that model is not there any more, or not set up.
        """
        origin = reply.origin
        catalogue = self._catalogues.of(conversation.owner)
        card = catalogue.resolve(origin.model if origin else conversation.model).card
        relay = resumed_relay(origin.pictures_by if origin else "", card, catalogue)
        card = card if relay is None else relay.text
        calls = self._deps.gateway.calls(card, conversation.owner, reply)
        if origin is not None:
            calls.go_on_at(origin.endpoint, origin.deployment)
        if reply.finish is not None:
            calls.ledger.add(CallCost(reply.finish.billed, reply.cost_usd))
        await calls.open(calls.preferred.endpoint)
        return Turn(conversation, question, reply, calls, relay=relay)

    async def _allow(
        self, conversation: Conversation, names: Sequence[str], tools: Mapping[str, Tool]
    ) -> Conversation:
        """Have tools allowed in a conversation, as they are now; what is stored of it."""
        if not names:
            return conversation

        def alter(found: Conversation) -> Conversation:
            return replace(found, **allowed_from_now_on(found, names, tools))

        owner, conversation_id = conversation.owner, conversation.id
        try:
            return await asyncio.to_thread(
                self._conversations.change, owner, conversation_id, alter
            )
        except StorageError as error:
            # The calls are decided on, and that holds: they are asked for once more next time.
            log.warning("what is allowed from now on could not be kept: %s", error)
            return conversation


async def _nothing_to_hear(job: Job) -> None:
    """Every turn is this process's own."""


def _for_good(call: ToolCall) -> bool:
    return call.asked is not None and call.asked.decision == "conversation"
