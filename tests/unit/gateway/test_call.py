"""A fault of one place costs the user no answer where another can give it, and no money twice."""

import asyncio

import pytest

from chat.core.messages import Finish
from chat.core.models import Prices, Timeouts
from tests.loopback import Gate, Reply, json_reply, sse
from tests.patience import PATIENCE_S
from tests.unit.turns.exchange import (
    asked,
    card,
    declines,
    everywhere,
    exchange,
    notes,
    origin,
    refuses,
    says,
    sentence,
    unknown_model,
    words,
)
from tests.unit.turns.workshop import ME, png
from tests.wire_shapes import openai_chunk, openai_stream


async def test_a_busy_and_a_broken_deployment_are_passed_over_for_one_that_answers() -> None:
    said = {"a": [refuses(429)], "b": [refuses(503)], "c": [says("yes")]}
    async with exchange([everywhere("a", "b", "c")], said) as (made, servers):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("complete", "yes")
        assert asked(servers) == {"a": 1, "b": 1, "c": 1}
        assert origin(reply) == ("c", "model-a", "c/wire-c"), "it says which one answered"
        assert notes(reply) == (), "the same model answered: nothing to explain"
        assert [call.attempt for call in made.book.calls] == [1, 2, 3]
        assert [call.error_type for call in made.book.calls] == ["RateLimited", "Unavailable", ""]


async def test_what_has_begun_is_never_asked_again_however_it_breaks_off() -> None:
    cut = sse(openai_chunk({"content": "as far as"}), cut=True)
    said = {"a": [cut, says()], "b": [says()]}
    fallbacks = {"unavailable": ("model-b",)}
    async with exchange([card("a", fallbacks=fallbacks), card("b")], said) as (made, servers):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("interrupted", "as far as")
        assert asked(servers) == {"a": 1, "b": 0}


async def test_half_a_call_of_a_tool_is_taken_back_and_somebody_else_answers() -> None:
    function = {"name": "clock", "arguments": '{"timezone": "Eu'}
    half = {"tool_calls": [{"index": 0, "id": "c1", "function": function}]}
    said = {"a": [sse(openai_chunk(half), cut=True)], "b": [says("yes")]}
    async with exchange([everywhere("a", "b")], said) as (made, servers):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("complete", "yes")
        assert [part.kind for part in reply.parts] == ["text"]
        assert asked(servers) == {"a": 1, "b": 1}
        assert reply.cost_usd is None, "what was written of the call may have to be paid for"


async def test_a_question_is_sent_three_times_at_most() -> None:
    said = {letter: [refuses(503)] * 3 for letter in "abcde"}
    async with exchange([everywhere("a", "b", "c", "d", "e")], said) as (made, servers):
        reply = await made.reply()
        assert reply.status == "failed"
        assert sum(asked(servers).values()) == 3
        assert sentence(reply).startswith("Server A has trouble on its side.")
        assert sentence(reply).endswith("Server B and Server C could not answer, either.")
        assert reply.finish is not None
        assert reply.finish.actions == ("retry", "other_model")


@pytest.mark.parametrize(
    ("cause", "fault", "because"),
    [
        ("unavailable", refuses(500), "Model A gave no answer, so Model B answered."),
        (
            "rate_limited",
            refuses(429),
            "Model A takes no more requests for now, so Model B answered.",
        ),
        ("content_policy", declines(), "Model A declined this, so Model B answered."),
        (
            "content_policy",
            openai_stream([], finish="content_filter"),
            "Model A declined this, so Model B answered.",
        ),
        ("unavailable", sse("[DONE]"), "Model A gave no answer, so Model B answered."),
    ],
)
async def test_another_model_stands_in_for_each_cause_and_the_reply_says_so(
    cause: str, fault: object, because: str
) -> None:
    said = {"a": [fault], "b": [says("in its stead")], "c": [says()]}
    others = {"unavailable", "rate_limited", "content_policy"} - {cause}
    fallbacks = {cause: ("model-b",)} | dict.fromkeys(others, ("model-c",))
    cards = [card("a", fallbacks=fallbacks), card("b"), card("c")]
    async with exchange(cards, said) as (made, servers):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("complete", "in its stead")
        assert asked(servers) == {"a": 1, "b": 1, "c": 0}
        assert origin(reply) == ("b", "model-b", "")
        assert notes(reply) == (because,)


@pytest.mark.parametrize(("status", "billed"), [(400, "no"), (401, "no"), (404, "no")])
async def test_a_refusal_that_no_other_model_would_lift_ends_at_once(
    status: int, billed: str
) -> None:
    every = ("unavailable", "rate_limited", "content_policy")
    fallbacks = dict.fromkeys(every, ("model-b",))
    said = {"a": [refuses(status)], "b": [says()]}
    async with exchange([card("a", fallbacks=fallbacks), card("b")], said) as (made, servers):
        reply = await made.reply()
        assert reply.status == "failed"
        assert reply.finish is not None
        assert reply.finish.billed == billed
        assert asked(servers) == {"a": 1, "b": 0}


async def test_a_wrong_key_at_one_place_is_no_end_where_the_model_has_another() -> None:
    said = {"a": [refuses(401)], "b": [says()]}
    async with exchange([everywhere("a", "b")], said) as (made, servers):
        assert (await made.reply()).status == "complete"
        assert asked(servers) == {"a": 1, "b": 1}


async def test_a_blocked_question_with_nobody_else_to_ask_stays_blocked() -> None:
    async with exchange([card("a")], {"a": [declines()]}) as (made, servers):
        reply = await made.reply()
        assert reply.status == "blocked"
        assert asked(servers) == {"a": 1}


async def test_all_that_declined_are_named_after_the_first() -> None:
    said = {"a": [declines()], "b": [declines()]}
    fallbacks = {"content_policy": ("model-b",)}
    async with exchange([card("a", fallbacks=fallbacks), card("b")], said) as (made, _):
        reply = await made.reply()
        assert reply.status == "blocked"
        assert "Server A" in sentence(reply)
        assert sentence(reply).endswith("Model B could not answer, either.")
        assert origin(reply) == ("a", "model-a", "")


async def test_a_stand_in_gets_what_it_can_take_and_no_more() -> None:
    fallbacks = {"unavailable": ("model-b",)}
    small = card("b", max_input_images=1, tools=False)
    said = {"a": [refuses(503)], "b": [says("seen")]}
    async with exchange([card("a", fallbacks=fallbacks), small], said) as (made, servers):
        conversation = await made.begin(tools_on=True)
        shas = [(await made.pictures.keep(ME, png(c), "upload"))[0].sha256 for c in ("red", "blue")]
        earlier = await made.reply("Look at this", shas[:1], conversation)
        assert words(earlier) == "seen"
        asked_first = servers["a"].requests[0].json
        asked_other = servers["b"].requests[0].json
        assert "tools" in asked_first
        assert "tools" not in asked_other, "it cannot call tools"
        made.clock.moment += 100
        servers["a"]._replies = [refuses(503)]
        servers["b"]._replies = [says("seen")]
        await made.reply("And this?", shas[1:], conversation)
        pictures = [str(s.requests[1].json).count("data:image") for s in servers.values()]
        assert pictures == [2, 1], "the newest alone fits the other's budget"


async def test_a_stand_in_that_cannot_do_it_makes_room_for_the_next() -> None:
    fallbacks = {"unavailable": ("model-b", "model-c")}
    blind = card("b", input_modalities=("text",))
    said = {"a": [refuses(503)], "b": [], "c": [says()]}
    async with exchange([card("a", fallbacks=fallbacks), blind, card("c")], said) as (
        made,
        servers,
    ):
        ref, _ = await made.pictures.keep(ME, png(), "upload")
        reply = await made.reply("Look", [ref.sha256])
        assert reply.status == "complete"
        assert asked(servers) == {"a": 1, "b": 0, "c": 1}


async def test_the_price_is_that_of_who_answered() -> None:
    dear = Prices(input_text_usd=1000.0, output_text_usd=1000.0, output_image_usd=1000.0)
    fallbacks = {"unavailable": ("model-b",)}
    said = {"a": [refuses(503)], "b": [says()]}
    cards = [card("a", fallbacks=fallbacks, prices=dear), card("b")]
    async with exchange(cards, said) as (made, _):
        reply = await made.reply()
        # 10 words in, 19 and 120 out, 1,290 for pictures.
        assert reply.cost_usd == pytest.approx((10 * 1 + 139 * 2 + 1290 * 30) / 1e6)


async def test_tools_stay_with_who_began_even_when_it_stumbles() -> None:
    call = {
        "tool_calls": [
            {
                "index": 0,
                "id": "c1",
                "type": "function",
                "function": {"name": "calculator", "arguments": '{"expression": "6*7"}'},
            }
        ]
    }
    fallbacks = {"unavailable": ("model-c",)}
    model = everywhere("a", "b", fallbacks=fallbacks)
    said = {
        "a": [refuses(503)],
        "b": [openai_stream([call], finish="tool_calls"), refuses(503)],
        "c": [says()],
    }
    async with exchange([model, card("c")], said) as (made, servers):
        reply = await made.reply(in_=await made.begin(tools_on=True))
        assert reply.status == "interrupted"
        assert asked(servers) == {"a": 1, "b": 2, "c": 0}
        assert origin(reply)[2] == "b/wire-b"
        assert [call.attempt for call in made.book.calls] == [1, 2, 1]


async def test_a_first_answer_that_takes_too_long_is_given_elsewhere() -> None:
    never = Gate()
    said = {"a": [sse(never)], "b": [says("quick")]}
    limits = Timeouts(30, 2, 60, 120)
    async with exchange([everywhere("a", "b")], said, timeouts=limits) as (made, servers):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("complete", "quick")
        assert servers["a"].requests[0].gone.wait(PATIENCE_S), "and the slow one is hung up on"


async def test_stop_ends_the_turn_and_not_just_the_attempt() -> None:
    never = Gate()
    said = {"a": [refuses(503)], "b": [sse(never)], "c": [says()]}
    async with exchange([everywhere("a", "b", "c")], said) as (made, servers):
        started = await made.ask()
        await asyncio.to_thread(servers["b"].wait_for_requests, 1)
        assert made.engine.stop(ME, started.reply_id)
        reply = await made.end_of(started)
        assert reply.finish == Finish("cancelled", "", "Nothing had been shown yet.", "unknown")
        assert asked(servers) == {"a": 1, "b": 1, "c": 0}
        assert [call.outcome for call in made.book.calls] == ["error", "stopped"]


async def test_a_model_may_stand_in_for_one_of_another_wire() -> None:
    blocked = sse({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    said = {"a": [blocked], "b": [says("another way")]}
    cards = [card("a", fallbacks={"content_policy": ("model-b",)}), card("b")]
    async with exchange(cards, said, kinds={"a": "gemini"}) as (made, _):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("complete", "another way")
        assert reply.origin is not None
        assert (reply.origin.kind, reply.origin.model) == ("openai_chat", "model-b")
        assert notes(reply) == ("Model A declined this, so Model B answered.",)


async def test_what_is_too_long_for_one_is_told_to_one_that_takes_more() -> None:
    full = json_reply({"error": {"message": "No.", "code": "context_length_exceeded"}}, 400)
    said = {"a": [full], "b": [says("read it all")]}
    cards = [card("a", fallbacks={"context_too_long": ("model-b",)}), card("b")]
    async with exchange(cards, said) as (made, _):
        reply = await made.reply()
        assert words(reply) == "read it all"
        assert notes(reply) == ("This conversation is too long for Model A, so Model B answered.",)


async def test_a_model_that_is_gone_is_answered_for_by_its_successor_in_the_same_turn() -> None:
    said = {"a": [unknown_model()], "b": [says("here"), says("again")]}
    cards = [card("a", successor="model-b"), card("b")]
    async with exchange(cards, said) as (made, servers):
        conversation = await made.begin()
        reply = await made.reply(in_=conversation)
        assert (reply.status, words(reply)) == ("complete", "here")
        assert origin(reply) == ("b", "model-b", "")
        assert notes(reply) == ("Server A has no Model A any more, so Model B answered.",)
        next_one = await made.reply(in_=conversation)
        assert words(next_one) == "again"
        assert notes(next_one) == (
            "“Model A” is no longer served by Server A; “Model B” answers instead.",
        )
        assert asked(servers) == {"a": 1, "b": 2}, "it is not asked again in the same run"


async def test_another_place_of_the_same_model_comes_before_its_successor() -> None:
    said = {"a": [unknown_model()], "b": [says("yes"), says("yes")], "c": [says()]}
    model = everywhere("a", "b", successor="model-c")
    async with exchange([model, card("c")], said) as (made, servers):
        for _ in range(2):
            reply = await made.reply()
            assert (words(reply), notes(reply)) == ("yes", ())
        assert asked(servers) == {"a": 1, "b": 2, "c": 0}


async def test_a_chosen_stand_in_for_a_model_that_is_gone_comes_before_its_successor() -> None:
    said = {"a": [unknown_model("DeploymentNotFound")], "b": [says()], "c": [says("chosen")]}
    fallbacks = {"model_not_found": ("model-c",)}
    cards = [card("a", successor="model-b", fallbacks=fallbacks), card("b"), card("c")]
    async with exchange(cards, said) as (made, servers):
        assert words(await made.reply()) == "chosen"
        assert asked(servers) == {"a": 1, "b": 0, "c": 1}


@pytest.mark.parametrize(
    ("fault", "successor"),
    [(unknown_model(), ""), (refuses(404), "model-b"), (unknown_model("no_route"), "model-b")],
    ids=["no successor", "an address that leads nowhere", "another code"],
)
async def test_what_is_no_word_on_the_model_moves_nobody_to_another(
    fault: Reply, successor: str
) -> None:
    said = {"a": [fault, says("back")], "b": [says()]}
    async with exchange([card("a", successor=successor), card("b")], said) as (made, servers):
        assert (await made.reply()).status == "failed"
        assert words(await made.reply()) == "back"
        assert asked(servers) == {"a": 2, "b": 0}


async def test_a_stand_in_that_is_gone_itself_makes_room_for_the_next() -> None:
    said = {"a": [refuses(503)], "b": [unknown_model()], "c": [says("third")], "d": [says()]}
    fallbacks = {"unavailable": ("model-b", "model-c")}
    cards = [card("a", fallbacks=fallbacks, successor="model-d"), *map(card, "bcd")]
    async with exchange(cards, said) as (made, servers):
        assert words(await made.reply()) == "third"
        assert asked(servers) == {"a": 1, "b": 1, "c": 1, "d": 0}


async def test_a_model_for_long_conversations_comes_before_a_shorter_request() -> None:
    """Its whole conversation is better than a part of it; without one, the part is asked for."""
    said = {"a": [refuses(413), says("short")], "b": [says("whole")]}
    fallbacks = {"context_too_long": ("model-b",)}
    async with exchange([card("a", fallbacks=fallbacks), card("b")], said) as (made, servers):
        conversation = await made.begin()
        reply = await made.reply("hello", in_=conversation)
        assert words(reply) == "whole"
        assert asked(servers) == {"a": 1, "b": 1}
        assert notes(reply) == ("This conversation is too long for Model A, so Model B answered.",)


async def test_a_round_of_tools_that_makes_the_request_too_large_goes_on_with_less() -> None:
    call = {"index": 0, "id": "c1", "function": {"name": "calculate", "arguments": "{}"}}
    wants = sse(
        openai_chunk({"tool_calls": [call]}), openai_chunk({}, finish="tool_calls"), "[DONE]"
    )
    over = json_reply({"error": {"message": "No.", "code": "context_length_exceeded"}}, 400)
    said = {"a": [says("one"), wants, over, says("done")]}
    async with exchange([card("a")], said) as (made, servers):
        conversation = await made.begin(tools_on=True)
        await made.reply("first wish " + 9_000 * ".", in_=conversation)
        reply = await made.reply("second wish", in_=conversation)
        assert (reply.status, words(reply)) == ("complete", "done")
        bodies = [request.body for request in servers["a"].requests]
        assert len(bodies) == 4
        assert b"first wish" in bodies[2]
        assert b"first wish" not in bodies[3]
        assert b"second wish" in bodies[3]
        assert "Model A takes at once: its first 2 messages were not sent." in notes(reply)[0]
        assert len(notes(reply)) == 1
        assert [call.attempt for call in made.book.calls] == [1, 1, 1, 2]
        assert [call.error_type for call in made.book.calls][2] == "RequestTooLarge"
        assert made.book.calls[2].cost_usd == 0
