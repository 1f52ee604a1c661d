"""One turn, read from top to bottom. The only place that writes a reply."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from chat.core.calling import ModelRequest, Provider, ToolSpec
from chat.core.errors import BadReply, ChatError, MediaRejected, Unavailable
from chat.core.events import Finished, ImageBytes, TextDelta
from chat.core.messages import Conversation, Finish, Message, Status
from chat.core.models import Endpoint, ModelCard, price
from chat.core.parts import Image, Text, ToolCall, ToolResult, pictures, plain_text
from chat.core.ports import Conversations
from chat.turns.cleaning import cleaned
from chat.turns.ending import save_end
from chat.turns.jobs import Job
from chat.turns.pictures import Pictures
from chat.turns.reply import Event, Reply
from chat.turns.request import prepare
from chat.turns.saver import Saver
from chat.turns.toolbox import Toolbox

log = logging.getLogger(__name__)

MAX_TOOL_ROUNDS = 8
MAX_CALLS_PER_ROUND = 8
RENEW_S = 1.0
"""Patience with a stream is renewed this often; a timer for each word costs more than the word."""

STATUS_OF_FINISH: dict[str, Status] = {
    "stop": "complete",
    "length": "complete",
    "tool_calls": "complete",
    "blocked": "blocked",
    "no_image": "blocked",
    "error": "failed",
    "cancelled": "stopped",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """What a turn works with."""

    conversations: Conversations
    pictures: Pictures
    toolbox: Toolbox


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that waits for its answer."""

    conversation: Conversation
    question: Message
    history: Callable[[], Awaitable[Sequence[Message]]]
    """What stands above the question, oldest first; waits for a reply there that still grows."""
    reply: Message
    """The queued assistant message, already in the store."""
    card: ModelCard
    endpoint: Endpoint
    provider: Provider


async def run_turn(job: Job, turn: Turn, desk: Desk) -> Message | None:
    """Ask the model, run the tools it wants, keep what it says, and save how it ended.

    Every end is saved: complete, blocked, failed, stopped by the user, or interrupted when
    the program shuts down. What had arrived by then is part of it.

    Returns: what could not be saved, if the store refused.
    """
    reply = Reply(turn.reply)
    status: Status
    try:
        async with Saver(
            desk.conversations, lambda: reply.version, lambda: reply.message("streaming")
        ) as saver:
            finish = await _converse(job, turn, desk, reply, saver)
        status = STATUS_OF_FINISH[finish.kind]
    except asyncio.CancelledError:
        status, finish = _cancelled(job)
    except ChatError as error:
        log.warning("turn %s failed: %s", job.id, error, exc_info=error.__cause__)
        status, finish = "failed", Finish("error", type(error).__name__, str(error))
    except Exception as error:  # a bug: the log has the trace, the user a sentence, the turn an end
        log.exception("turn %s met a bug", job.id)
        status = "failed"
        finish = Finish(
            "error", type(error).__name__, "Easel failed inside. The log has the cause."
        )
    if finish.native in _CUT and reply.parts:
        status = "interrupted"
    job.ending = True
    ended = reply.message(status, finish, price(reply.usage, turn.card.prices))
    return None if await save_end(job, desk.conversations, ended) else ended


_CUT = frozenset({BadReply.__name__, Unavailable.__name__})
"""A stream that breaks off after something arrived was interrupted, not refused."""


async def _converse(job: Job, turn: Turn, desk: Desk, reply: Reply, saver: Saver) -> Finish:
    """Rounds of model and tools until the model has nothing more to ask."""
    owner, conversation = turn.conversation.owner, turn.conversation
    offered = turn.card.tools and conversation.tools_on
    tools = desk.toolbox.offered(offered, conversation.tool_policy)
    finish = Finish("stop")
    branch = (*await turn.history(), turn.question)
    for round_number in range(MAX_TOOL_ROUNDS + 1):
        # The last round declares no tools, so that the model has to answer in words.
        declared = tools if round_number < MAX_TOOL_ROUNDS else ()
        finish = await _ask(job, turn, desk, reply, saver, branch, declared)
        calls = reply.unanswered()
        if not calls or finish.kind not in ("tool_calls", "stop"):
            break
        if round_number == MAX_TOOL_ROUNDS:
            return Finish(
                "error",
                "ToolRounds",
                f"The model asked for tools more than {MAX_TOOL_ROUNDS} times.",
            )
        for number, call in enumerate(calls):
            if number < MAX_CALLS_PER_ROUND:
                result = await desk.toolbox.run(call, owner, offered, conversation.tool_policy)
            else:
                result = _too_many(call)
            _take(job, reply, result)
        await saver.save()
    if finish.kind in ("stop", "tool_calls") and not _says_anything(reply):
        raise BadReply(
            f"{turn.card.title} answered nothing at all. Try again, or reword the message."
        )
    return finish


async def _ask(
    job: Job,
    turn: Turn,
    desk: Desk,
    reply: Reply,
    saver: Saver,
    branch: tuple[Message, ...],
    declared: tuple[ToolSpec, ...],
) -> Finish:
    """One call of the model."""
    history = (*branch, reply.message("streaming")) if reply.parts else branch
    prepared = prepare(turn.card, history, tools_on=bool(declared))
    messages, media = await desk.pictures.load(turn.card, prepared)
    request = ModelRequest(
        card=turn.card,
        messages=messages,
        system=turn.conversation.system,
        tools=declared,
        options=turn.conversation.options,
        media=media,
    )
    limits = turn.endpoint.timeouts
    # A whole-message answer is one long silence before its first event.
    first_event_s = limits.first_event_s if turn.card.stream else limits.total_s
    loop = asyncio.get_running_loop()
    finished: Finished | None = None
    renew_at = 0.0
    try:
        async with (
            asyncio.timeout(limits.total_s),
            asyncio.timeout(first_event_s) as patience,
            aclosing(turn.provider.stream(request)) as events,
        ):
            async for event in events:
                if (moment := loop.time()) >= renew_at:
                    patience.reschedule(moment + limits.idle_s)
                    renew_at = moment + min(RENEW_S, limits.idle_s / 4)
                if saver.fault is not None:
                    raise saver.fault
                if isinstance(event, Finished):
                    finished = event
                elif isinstance(event, ImageBytes):
                    await _take_picture(job, turn, desk, reply, event)
                    await saver.save()
                else:
                    _take(job, reply, event)
    except TimeoutError as error:
        raise Unavailable(
            f"{turn.endpoint.title} went silent. What had arrived is kept; try again."
        ) from error
    if finished is None:
        raise BadReply("The answer broke off before its end.")
    if finished.usage is not None:
        reply.usage = finished.usage if reply.usage is None else reply.usage + finished.usage
    reply.response_id = finished.response_id
    return finished.finish


def _take(job: Job, reply: Reply, event: Event) -> None:
    sound = reply.distinct(cleaned(event))
    reply.add(sound)
    job.publish(sound)


async def _take_picture(job: Job, turn: Turn, desk: Desk, reply: Reply, event: ImageBytes) -> None:
    """Store the bytes first; only then may anything name them."""
    try:
        ref, _ = await desk.pictures.keep(turn.conversation.owner, event.data, "model")
    except MediaRejected as error:
        # It was paid for, and so were the words around it: they stay, and say what is missing.
        _take(job, reply, TextDelta(f"\n\n[A picture came that could not be kept. {error}]\n\n"))
        return
    alt = event.alt or _alt(turn, reply)
    _take(job, reply, Image(ref, "model", alt, event.draft, event.echo))


def _alt(turn: Turn, reply: Reply) -> str:
    """What a picture shows, as far as words around it tell: the caption so far, else the wish."""
    said = [part.text for part in reply.parts if isinstance(part, Text) and part.text.strip()]
    words = said[-1] if said else plain_text(turn.question.parts)
    return " ".join(words.split())[:240] or f"Picture by {turn.card.title}"


def _too_many(call: ToolCall) -> ToolResult:
    sentence = f"Not run: at most {MAX_CALLS_PER_ROUND} tools run at once. Ask for it again."
    return ToolResult(call.call_id, call.name, (Text(sentence),), failed=True)


def _says_anything(reply: Reply) -> bool:
    return bool(plain_text(reply.parts) or pictures(reply.parts))


def _cancelled(job: Job) -> tuple[Status, Finish]:
    if job.stopped_by_user:
        return "stopped", Finish("cancelled", "", "What had arrived is kept.")
    return "interrupted", Finish("error", "Shutdown", "Easel was shut down during this reply.")
