"""A call that is still being written is told to those who watch, within bounds, and never kept."""

from collections.abc import AsyncIterator, Sequence

from chat.core.events import CallDelta, CallsEnded, Finished, TextDelta, TurnEvent
from chat.core.growing_json import SHOWN_CHARACTERS
from chat.core.messages import Finish, Message, new_id
from chat.core.parts import ToolCall, plain_text
from chat.turns.jobs import Job
from chat.turns.unfinished_calls import MAX_TOLD_CHARACTERS, UnfinishedCalls
from tests.unit.turns.workshop import DONE, Workshop

CALL = ToolCall("c1", "calculator", {"expression": "6*7"})
GROWTH = [CallDelta(0, "calculator", '{"expre'), CallDelta(0, "calculator", 'ssion": "6*')]


async def told(events: Sequence[CallDelta]) -> list[TurnEvent]:
    """What those who watch are told of these."""
    job = Job("me", Message(new_id(), "c", None, "assistant", ()))
    growing = UnfinishedCalls(job)
    for event in events:
        growing.take(event)
    growing.ended()
    growing.ended()
    job.end()
    return [event async for batch in _batches(job) for event in batch]


async def _batches(job: Job) -> AsyncIterator[list[TurnEvent]]:
    async for batch in job.watch():
        yield batch


async def test_pieces_are_told_as_they_come_and_their_end_once() -> None:
    assert await told(GROWTH) == [*GROWTH, CallsEnded()]
    assert await told([]) == []


async def test_a_call_of_any_length_is_told_as_far_as_it_is_shown() -> None:
    pieces = [CallDelta(0, "a", "x" * 1_000) for _ in range(1_000)]
    events = await told([*pieces, CallDelta(1, "b", "{}")])
    grown = [event for event in events if isinstance(event, CallDelta)]
    assert sum(len(event.arguments) for event in grown if event.number == 0) == SHOWN_CHARACTERS
    assert grown[-1] == CallDelta(1, "b", "{}")


async def test_a_server_that_begins_again_for_ever_fills_no_memory() -> None:
    events = await told([CallDelta(0, "a", "x" * 3_000, anew=True) for _ in range(1_000)])
    grown = sum(len(event.arguments) for event in events if isinstance(event, CallDelta))
    assert grown <= MAX_TOLD_CHARACTERS


async def test_half_letters_and_nothings_are_made_sound() -> None:
    events = await told([CallDelta(0, "a\x00b", '{"a": "\ud83d\x00')])
    assert events[0] == CallDelta(0, "ab", '{"a": "\ufffd')


async def test_what_grew_is_no_part_of_the_reply_and_no_model_is_told_of_it() -> None:
    end = Finished(Finish("tool_calls"))
    shop = Workshop([[*GROWTH, CALL, end], [*GROWTH, TextDelta("42."), DONE]])
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "6*7?"))
    assert [part.kind for part in reply.parts] == ["tool_call", "tool_result", "text"]
    assert plain_text(reply.parts) == "42."
    sent = shop.provider.requests[1].messages[-1].parts
    assert sum(isinstance(part, ToolCall) for part in sent) == 1
