"""Guards in a whole turn: what is held back is not sent, and not shown; the question stays."""

import pytest

from chat.core.parts import plain_text
from chat.guards.outgoing import ALTERED
from chat.turns.outgoing import Outgoing
from chat.turns.question import NamedFile
from tests.unit.guards.rows import guardrails
from tests.unit.turns.exchange import card, exchange, says
from tests.wire_shapes import openai_stream

PERSONAL = '[[guard]]\nkind = "personal_data"\nmode = "mask"\nwhen = ["before", "after"]'
DENIED = '[[guard]]\nkind = "deny_list"\nwords = ["volcano"]\ntitle = "House rules"'


async def test_a_denied_question_costs_nothing_and_can_be_edited() -> None:
    guards = guardrails(DENIED)
    async with exchange([card("a")], {"a": [says()]}, guardrails=guards) as (made, servers):
        ended = await made.reply("draw a volcano")
        assert servers["a"].requests == []
    assert ended.status == "blocked"
    assert ended.finish is not None
    assert "House rules" in ended.finish.message
    assert "volcano" not in ended.finish.message
    assert ended.finish.billed == "no"
    assert ended.finish.actions[0] == "edit"


async def test_a_denied_question_does_not_poison_the_conversation() -> None:
    guards = guardrails(DENIED)
    async with exchange([card("a")], {"a": [says("A fox.")]}, guardrails=guards) as (made, servers):
        conversation = await made.begin()
        await made.reply("draw a volcano", in_=conversation)
        ended = await made.reply("draw a fox", in_=conversation)
        sent = servers["a"].requests[0].body
    assert ended.status == "complete"
    assert b"volcano" not in sent


async def test_personal_data_is_sent_masked_and_stays_in_the_users_own_words() -> None:
    guards = guardrails(PERSONAL)
    answer = says("Write to ada@example.com.")
    async with exchange([card("a")], {"a": [answer]}, guardrails=guards) as (made, servers):
        started = await made.ask("I am grace@example.com")
        ended = await made.end_of(started)
        kept = made.store.message("me", started.question_id)
        sent = servers["a"].requests[0].body
    assert b"[mail address]" in sent
    assert b"grace" not in sent
    assert plain_text(kept.parts) == "I am grace@example.com"
    assert plain_text(ended.parts) == "Write to [mail address]."
    assert ended.origin is not None
    assert ended.origin.notes == (ALTERED,)


@pytest.mark.parametrize(
    ("rule", "words", "ends"), [(DENIED, "a volcano", "blocked"), (PERSONAL, "a@b.com", "complete")]
)
async def test_what_stands_in_a_file_is_seen_by_the_guards_as_the_users_words_are(
    rule: str, words: str, ends: str
) -> None:
    guards = guardrails(rule)
    async with exchange([card("a")], {"a": [says()]}, guardrails=guards) as (made, servers):
        ref = await made.pictures.keep_file("me", f"It says {words}.".encode(), "text/plain")
        conversation = await made.begin()
        asked = Outgoing("client-1", "Hm?", files=[NamedFile(ref.sha256, "a.txt")])
        started = await made.engine.send("me", conversation.id, asked)
        assert (await made.end_of(started)).status == ends
        sent = servers["a"].requests
        assert all(words.encode() not in request.body for request in sent)
        assert len(sent) == (ends == "complete")


async def test_an_answer_is_held_back_from_the_denied_word_on() -> None:
    guards = guardrails(f'{DENIED}\nwhen = ["after"]')
    answer = openai_stream([*["A fox. "] * 100, "A volcano."])
    async with exchange([card("a")], {"a": [answer]}, guardrails=guards) as (made, _):
        ended = await made.reply("tell me")
    assert ended.status == "blocked"
    words = plain_text(ended.parts)
    assert "volcano" not in words
    assert words.startswith("A fox.")
