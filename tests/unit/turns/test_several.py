"""One question with several replies at once: ordinary replies that are siblings of each other."""

import asyncio
from dataclasses import replace

import pytest

from chat.core.errors import CapabilityError, ConfigError, Unavailable
from chat.core.events import TextDelta
from chat.core.parts import plain_text
from chat.turns.engine import Started
from chat.turns.jobs import MAX_RUNNING_TURNS
from chat.turns.outgoing import Outgoing
from tests.scripted import Wait
from tests.unit.turns.workshop import CARD, DONE, ME, Workshop


async def several(
    shop: Workshop, conversation_id: str, *models: str, client_id: str = "client-1"
) -> tuple[Started, ...]:
    return await shop.engine.send_several(
        ME, conversation_id, Outgoing(client_id, "a fox"), models=models
    )


async def test_all_replies_answer_one_question_and_the_last_is_shown() -> None:
    shop = Workshop([[TextDelta(word), DONE] for word in ("one", "two", "three")])
    conversation = await shop.begin()
    started = await several(shop, conversation.id, "", "", "")
    replies = [await shop.answer(each) for each in started]
    assert [plain_text(reply.parts) for reply in replies] == ["one", "two", "three"]
    assert {reply.parent_id for reply in replies} == {started[0].question_id}
    assert len({reply.created_at for reply in replies}) == 1, "they were asked for at once"
    ids = [reply.id for reply in replies]
    assert shop.store.siblings(ids[:1])[ids[0]] == ids
    assert shop.store.get(ME, conversation.id).head_id == ids[-1]
    assert len(shop.store.tree(ME, conversation.id)) == 4


async def test_each_reply_may_be_of_a_model_of_its_own() -> None:
    shop = Workshop([[TextDelta("a"), DONE]] * 2)
    shop.add_cards(replace(CARD, id="other", wire_name="other-wire", title="The Other"))
    conversation = await shop.begin()
    started = await several(shop, conversation.id, "other", "")
    replies = [await shop.answer(each) for each in started]
    assert [reply.origin and reply.origin.model for reply in replies] == ["other", "model"]
    assert [asked.card.wire_name for asked in shop.provider.requests] == [
        "other-wire",
        "wire-model",
    ]
    assert shop.store.get(ME, conversation.id).model == "model", "the conversation keeps its own"


async def test_sent_more_often_than_replies_may_run_it_is_one_question_all_the_same() -> None:
    """Or the third click of an impatient user would be told that too much is going on."""
    shop = Workshop([[TextDelta("x"), DONE]] * 4)
    conversation = await shop.begin()
    times = MAX_RUNNING_TURNS // 4 + 2
    sent = await asyncio.gather(*(several(shop, conversation.id, *[""] * 4) for _ in range(times)))
    assert len({tuple(each.reply_id for each in started) for started in sent}) == 1
    for each in sent[0]:
        await shop.answer(each)
    assert len(shop.provider.requests) == 4


async def test_sent_twice_they_are_asked_for_once() -> None:
    shop = Workshop([[TextDelta("x"), DONE]] * 4)
    conversation = await shop.begin()
    both = await asyncio.gather(*(several(shop, conversation.id, "", "") for _ in range(2)))
    assert {each.reply_id for each in both[0]} == {each.reply_id for each in both[1]}
    for each in both[0]:
        await shop.answer(each)
    assert len(shop.provider.requests) == 2
    later = await several(shop, conversation.id, "", "")
    assert [each.reply_id for each in later] == [each.reply_id for each in both[0]]


async def test_one_that_fails_or_is_stopped_leaves_the_others_alone() -> None:
    gate = asyncio.Event()
    shop = Workshop([[Unavailable("No.")], [Wait(gate), DONE], [TextDelta("fine"), DONE]])
    started = await several(shop, (await shop.begin()).id, "", "", "")
    assert plain_text((await shop.answer(started[2])).parts) == "fine"
    assert shop.engine.stop(ME, started[1].reply_id)
    assert [(await shop.answer(each)).status for each in started] == [
        "failed",
        "stopped",
        "complete",
    ]


async def test_nothing_is_kept_where_one_of_the_models_cannot_answer() -> None:
    shop = Workshop([])
    conversation = await shop.begin()
    with pytest.raises(ConfigError):
        await several(shop, conversation.id, "", "no-such-model")
    assert shop.store.tree(ME, conversation.id) == []
    assert shop.jobs.of_owner(ME) == []


@pytest.mark.parametrize("count", [0, 5])
async def test_none_and_too_many_are_refused_in_words(count: int) -> None:
    shop = Workshop([])
    conversation = await shop.begin()
    with pytest.raises(CapabilityError, match="1 to 4 times"):
        await several(shop, conversation.id, *[""] * count)


async def test_no_reply_is_begun_where_not_all_may_run() -> None:
    gate = asyncio.Event()
    shop = Workshop([[Wait(gate), DONE]] * MAX_RUNNING_TURNS, most_queued=0)
    conversation = await shop.begin()
    for number in range(3):
        await several(shop, conversation.id, *[""] * 3, client_id=f"client-{number}")
    with pytest.raises(CapabilityError, match="4 more replies would be too many: 9 are being"):
        await several(shop, conversation.id, *[""] * 4, client_id="client-9")
    assert len(shop.jobs.of_owner(ME)) == 9
    assert len(await several(shop, conversation.id, *[""] * 3, client_id="client-8")) == 3
    with pytest.raises(CapabilityError, match="12 replies are being written or waiting already"):
        await shop.ask(conversation, "more", client_id="client-7")
    await shop.jobs.close()


async def test_a_host_may_allow_more_replies_at_once_than_twelve() -> None:
    gate = asyncio.Event()
    shop = Workshop([[Wait(gate), DONE]] * 50, most=50, most_queued=0)
    conversation = await shop.begin()
    for number in range(50):
        await shop.ask(conversation, "more", client_id=f"client-{number}")
    with pytest.raises(CapabilityError, match="50 replies are being written or waiting"):
        await shop.ask(conversation, "more", client_id="one more")
    await shop.jobs.close()
