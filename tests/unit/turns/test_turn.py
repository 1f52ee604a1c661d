"""What a user keeps of a turn, however it goes."""

import asyncio

import pytest

from chat.core.errors import BadReply, CapabilityError, Full, RateLimited, Unavailable
from chat.core.events import ImageBytes, TextDelta
from chat.core.messages import Message
from chat.core.models import Timeouts
from chat.core.parts import Image, Text, plain_text
from tests.scripted import Wait
from tests.unit.turns.workshop import DONE, ME, Workshop, png


async def test_text_and_pictures_keep_the_order_in_which_they_came() -> None:
    picture = png()
    shop = Workshop(
        [[TextDelta("one "), TextDelta("two"), ImageBytes(picture), TextDelta("3"), DONE]]
    )
    started = await shop.ask(await shop.begin(), "draw")
    reply = await shop.answer(started)
    assert [part.kind for part in reply.parts] == ["text", "image", "text"]
    assert reply.status == "complete"
    image = reply.parts[1]
    assert isinstance(image, Image)
    assert shop.media.get(image.media.sha256) == picture, "the bytes are stored as received"
    assert image.alt, "a picture has words for those who cannot see it"


async def test_the_question_is_stored_before_the_model_is_asked() -> None:
    gate = asyncio.Event()
    shop = Workshop([[Wait(gate), DONE]])
    conversation = await shop.begin()
    started = await shop.ask(conversation, "hello")
    question = shop.store.message(ME, started.question_id)
    assert plain_text(question.parts) == "hello"
    assert shop.store.message(ME, started.reply_id).status == "queued"
    gate.set()
    await shop.answer(started)


async def test_a_double_click_is_one_turn() -> None:
    shop = Workshop([[TextDelta("once"), DONE]] * 5)
    conversation = await shop.begin()
    all_started = await asyncio.gather(*(shop.ask(conversation, "hi") for _ in range(5)))
    assert len({started.reply_id for started in all_started}) == 1
    await shop.answer(all_started[0])
    assert len(shop.provider.requests) == 1


async def test_stop_keeps_what_had_arrived_and_closes_the_stream() -> None:
    gate = asyncio.Event()
    shop = Workshop([[TextDelta("half"), Wait(gate), TextDelta("never"), DONE]])
    started = await shop.ask(await shop.begin(), "go")
    job = shop.jobs.get(started.reply_id)
    assert job is not None
    async for batch in job.watch():
        if any(isinstance(event, TextDelta) for event in batch):
            break
    assert shop.engine.stop(ME, started.reply_id)
    reply = await shop.answer(started)
    assert reply.status == "stopped"
    assert plain_text(reply.parts) == "half"
    assert shop.provider.closed_streams == 1


async def test_stop_at_once_still_leaves_a_settled_reply() -> None:
    gate = asyncio.Event()
    shop = Workshop([[Wait(gate), DONE]])
    started = await shop.ask(await shop.begin(), "go")
    assert shop.engine.stop(ME, started.reply_id)
    assert (await shop.answer(started)).status == "stopped"


async def test_nobody_stops_anothers_reply() -> None:
    gate = asyncio.Event()
    shop = Workshop([[Wait(gate), TextDelta("mine"), DONE]])
    started = await shop.ask(await shop.begin(), "go")
    assert not shop.engine.stop("somebody else", started.reply_id)
    gate.set()
    assert (await shop.answer(started)).status == "complete"


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (RateLimited("Too many requests. Wait a minute.", 3.0), "failed", "Wait a minute"),
        (Unavailable("The door cannot be reached."), "failed", "cannot be reached"),
        (ValueError("a bug with /etc/passwd in it"), "failed", "The log has the cause"),
    ],
)
async def test_a_fault_before_the_first_word_is_a_failed_reply_with_a_sentence(
    fault: Exception, status: str, words: str
) -> None:
    shop = Workshop([[fault]])
    reply = await shop.answer(await shop.ask(await shop.begin(), "go"))
    assert reply.status == status
    assert reply.finish is not None
    assert words in reply.finish.message
    assert "passwd" not in reply.finish.message


async def test_a_stream_that_breaks_off_is_interrupted_and_keeps_its_words() -> None:
    shop = Workshop(
        [[TextDelta("as far as "), BadReply("The answer broke off.")], [TextDelta("x")]]
    )
    conversation = await shop.begin()
    reply = await shop.answer(await shop.ask(conversation, "go"))
    assert (reply.status, plain_text(reply.parts)) == ("interrupted", "as far as")
    again = await shop.engine.regenerate(ME, reply.id)
    assert (await shop.answer(again)).status == "interrupted", "no finish reason is no end"


async def test_an_empty_answer_is_not_shown_as_success() -> None:
    shop = Workshop([[DONE]])
    reply = await shop.answer(await shop.ask(await shop.begin(), "go"))
    assert reply.status == "failed"
    assert reply.finish is not None
    assert "nothing at all" in reply.finish.message


async def test_a_silent_model_is_given_up() -> None:
    never = asyncio.Event()
    limits = Timeouts(first_event_s=0.05)
    shop = Workshop([[Wait(never)]], timeouts=limits)
    reply = await shop.answer(await shop.ask(await shop.begin(), "go"))
    assert reply.finish is not None
    assert reply.finish.message == "The Door did not answer within 0.05 seconds. Try again."


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 400_001])
async def test_an_impossible_message_is_refused_and_nothing_is_stored(text: str) -> None:
    shop = Workshop([[DONE]])
    conversation = await shop.begin()
    with pytest.raises(CapabilityError):
        await shop.ask(conversation, text)
    assert shop.store.get(ME, conversation.id).head_id is None


async def test_a_full_disk_ends_the_turn_with_a_sentence_and_saves_when_there_is_room() -> None:
    gate = asyncio.Event()
    shop = Workshop([[TextDelta("words"), Wait(gate), DONE]])
    started = await shop.ask(await shop.begin(), "go")
    job = shop.jobs.get(started.reply_id)
    assert job is not None
    room = FullForAWhile(shop)
    gate.set()
    saved: list[Message] = []
    async for batch in job.watch():
        saved.extend(event.message for event in batch if event.kind == "saved")
    assert saved[0].status == "failed"
    assert saved[0].finish is not None
    assert "full" in saved[0].finish.message
    assert room.refused >= 1
    assert plain_text(shop.store.message(ME, started.reply_id).parts) == "words"


class FullForAWhile:
    """A store whose disk has no room for the first write."""

    def __init__(self, shop: Workshop) -> None:
        self.refused = 0
        update = shop.store.update

        def refusing(message: Message) -> None:
            if self.refused == 0:
                self.refused += 1
                raise Full("The disk is full. Make room; nothing that was saved is lost.")
            update(message)

        shop.store.update = refusing  # type: ignore[method-assign]


async def test_a_crash_leaves_interrupted_replies_that_can_be_retried() -> None:
    shop = Workshop([[TextDelta("again"), DONE]])
    conversation = await shop.begin()
    question = Message("q" * 32, conversation.id, None, "user", (Text("hi"),))
    left = Message("r" * 32, conversation.id, question.id, "assistant", (Text("ha"),), "streaming")
    shop.store.add([question, left])
    assert await shop.engine.settle() == 1
    assert shop.store.message(ME, left.id).status == "interrupted"
    again = await shop.answer(await shop.engine.regenerate(ME, left.id))
    assert plain_text(again.parts) == "again"
    assert shop.store.siblings([left.id])[left.id] == [left.id, again.id]


async def test_shutdown_interrupts_saves_and_closes_the_doors() -> None:
    never = asyncio.Event()
    shop = Workshop([[TextDelta("so far"), Wait(never)]])
    started = await shop.ask(await shop.begin(), "go")
    job = shop.jobs.get(started.reply_id)
    assert job is not None
    async for batch in job.watch():
        if batch:
            break
    await shop.engine.close()
    reply = shop.store.message(ME, started.reply_id)
    assert (reply.status, plain_text(reply.parts)) == ("interrupted", "so far")
    assert shop.provider.closed


async def test_a_question_asked_meanwhile_waits_for_the_reply_above_it() -> None:
    gate = asyncio.Event()
    shop = Workshop(
        [
            [TextDelta("one "), Wait(gate), ImageBytes(png("blue")), DONE],
            [TextDelta("two"), DONE],
        ]
    )
    conversation = await shop.begin()
    above = await shop.ask(conversation, "draw")
    below = await shop.ask(conversation, "and now?", client_id="client-2", parent_id=above.reply_id)
    assert len(shop.provider.requests) <= 1
    gate.set()
    assert plain_text((await shop.answer(below)).parts) == "two"
    told = shop.provider.requests[1].messages
    assert [part.kind for part in told[1].parts] == ["text", "image"], "the whole reply above"


async def test_a_waiting_question_can_be_stopped() -> None:
    never = asyncio.Event()
    shop = Workshop([[Wait(never)]])
    conversation = await shop.begin()
    above = await shop.ask(conversation, "draw")
    below = await shop.ask(conversation, "and now?", client_id="client-2", parent_id=above.reply_id)
    assert shop.engine.stop(ME, below.reply_id)
    assert (await shop.answer(below)).status == "stopped"
    assert shop.jobs.get(above.reply_id) is not None, "the one above goes on"
    await shop.engine.close()
