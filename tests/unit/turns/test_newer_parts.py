"""What a newer Easel put into a message goes on standing there, and no model is told of it."""

from dataclasses import replace

from chat.core.events import TextDelta
from chat.core.messages import Message, Origin, new_id
from chat.core.parts import Part, Text, ToolCall, ToolResult, UnknownPart, plain_text
from chat.turns.outgoing import Outgoing
from chat.turns.request import UNKNOWN, prepare
from tests.unit.turns.workshop import CARD, DONE, ME, Workshop

FILM = UnknownPart({"kind": "film", "seconds": 2})
ANSWERED = (TextDelta("A fox."), DONE)


def asked(*parts: Part) -> Message:
    return Message(new_id(), "c" * 32, None, "user", parts)


def replied(*parts: Part) -> Message:
    return Message(new_id(), "c" * 32, None, "assistant", parts, origin=Origin("k", "e", "m"))


def unknown_parts(messages: tuple[Message, ...]) -> list[Part]:
    return [
        item
        for message in messages
        for part in message.parts
        for item in (part, *(part.content if isinstance(part, ToolResult) else ()))
        if isinstance(item, UnknownPart)
    ]


def test_a_model_is_told_that_something_stood_there_and_nothing_of_it() -> None:
    call = ToolCall("1", "projector", {})
    branch = [
        asked(FILM),
        replied(Text("Nice."), FILM),
        asked(Text("Show it.")),
        replied(call, ToolResult("1", "projector", (FILM, Text("Shown.")))),
        asked(Text("Thanks."), FILM),
    ]
    for tools_on in (True, False):
        sent = prepare(CARD, branch, tools_on)
        assert unknown_parts(sent) == []
        assert len(sent) == len(branch)
        assert plain_text(sent[0].parts) == UNKNOWN
        assert "Nice." in plain_text(sent[1].parts)
        assert "film" not in repr(sent)
        # Signatures of a reply that was altered would not hold.
        assert sent[1].origin is None


def test_a_reply_without_anything_new_is_sent_as_it_is() -> None:
    reply = replied(Text("Nice."))
    assert prepare(CARD, [asked(Text("a")), reply, asked(Text("b"))], tools_on=False)[1] is reply


async def test_editing_a_question_keeps_what_this_easel_cannot_show() -> None:
    shop = Workshop([ANSWERED, ANSWERED])
    conversation = await shop.begin()
    question = replace(asked(Text("Draw a fox."), FILM), conversation_id=conversation.id)
    shop.store.add([question])
    started = await shop.engine.edit(ME, question.id, Outgoing("client-2", "Draw a badger."))
    await shop.answer(started)
    assert shop.store.message(ME, question.id) == question
    edited = shop.store.message(ME, started.question_id)
    assert edited.parts == (FILM, Text("Draw a badger."))


async def test_making_a_reply_again_leaves_the_old_one_as_it_was() -> None:
    shop = Workshop([ANSWERED])
    conversation = await shop.begin()
    question = replace(asked(Text("Draw."), FILM), conversation_id=conversation.id)
    reply = replace(replied(FILM), conversation_id=conversation.id, parent_id=question.id)
    shop.store.add([question, reply])
    started = await shop.engine.regenerate(ME, reply.id)
    assert (await shop.answer(started)).parts == (Text("A fox."),)
    assert shop.store.message(ME, reply.id) == reply
    (told,) = shop.provider.requests[-1].messages
    assert plain_text(told.parts).startswith("Draw.")
    assert unknown_parts((told,)) == []


async def test_a_crash_loses_nothing_of_a_reply_that_a_newer_easel_had_begun() -> None:
    shop = Workshop([])
    conversation = await shop.begin()
    question = replace(asked(Text("Draw.")), conversation_id=conversation.id)
    reply = replace(
        replied(Text("Here"), FILM),
        conversation_id=conversation.id,
        parent_id=question.id,
        status="streaming",
    )
    shop.store.add([question, reply])
    assert await shop.engine.settle() == 1
    settled = shop.store.message(ME, reply.id)
    assert (settled.status, settled.parts) == ("interrupted", reply.parts)
