"""What our own guardrails hold back ends the reply, and is asked nowhere else."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from chat.core.calling import ModelRequest
from chat.core.errors import Blocked
from chat.core.events import ProviderEvent, TextDelta
from chat.core.parts import Text
from tests.unit.turns.exchange import asked, card, exchange, says, sentence, words
from tests.wire_shapes import openai_stream

FALLBACKS = {"content_policy": ("model-b",), "unavailable": ("model-b",)}


class Strict:
    """Holds back questions and answers with certain words, and masks a third."""

    async def admit(self, request: ModelRequest) -> ModelRequest:
        question = request.messages[-1]
        told = "".join(part.text for part in question.parts if isinstance(part, Text))
        if "forbidden" in told:
            raise Blocked("Your rules do not let this out.", "deny_list")
        masked = replace(question, parts=(Text(told.replace("Jane", "[name]")),))
        return replace(request, messages=(*request.messages[:-1], masked))

    async def screen(
        self, request: ModelRequest, events: AsyncGenerator[ProviderEvent, None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        assert request.messages
        async with aclosing(events):
            async for event in events:
                if isinstance(event, TextDelta) and "a secret" in event.text:
                    before, _, _ = event.text.partition("a secret")
                    if before:  # how the network cut the words is chance
                        yield replace(event, text=before)
                    raise Blocked("Your rules do not let this be shown.", "deny_list")
                yield event

    async def aclose(self) -> None:
        pass


async def test_a_question_that_may_not_go_out_reaches_nobody_and_costs_nothing() -> None:
    cards = [card("a", fallbacks=FALLBACKS), card("b")]
    said = {"a": [says()], "b": [says()]}
    async with exchange(cards, said, guardrails=Strict()) as (made, servers):
        reply = await made.reply("a forbidden thing")
        assert reply.status == "blocked"
        assert sentence(reply) == "Your rules do not let this out."
        assert reply.finish is not None
        assert (reply.finish.billed, reply.finish.actions) == ("no", ("edit",))
        assert asked(servers) == {"a": 0, "b": 0}
        assert made.book.calls == []


async def test_what_is_masked_goes_out_masked_and_is_kept_as_it_was_asked() -> None:
    async with exchange([card("a")], {"a": [says()]}, guardrails=Strict()) as (made, servers):
        started = await made.ask("Greet Jane")
        await made.end_of(started)
        assert "Greet [name]" in servers["a"].requests[0].body.decode()
        assert words(made.store.message("me", started.question_id)) == "Greet Jane"
        recorded = made.book.calls[0].request
        assert recorded is not None
        assert words(recorded.messages[-1]) == "Greet [name]", "nor does the log learn the name"


async def test_an_answer_that_may_not_be_shown_ends_there_and_keeps_what_was() -> None:
    cards = [card("a", fallbacks=FALLBACKS), card("b")]
    said = {"a": [openai_stream(["fine so far ", "a secret", "more"])], "b": [says()]}
    async with exchange(cards, said, guardrails=Strict()) as (made, servers):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("blocked", "fine so far")
        assert sentence(reply) == "Your rules do not let this be shown."
        assert asked(servers) == {"a": 1, "b": 0}
        (call,) = made.book.calls
        assert call.outcome == "blocked"
        assert [event.text for event in call.said if isinstance(event, TextDelta)] == [
            "fine so far "
        ], "nor does the log learn the secret"


async def test_an_answer_held_back_from_its_first_word_is_not_bought_elsewhere() -> None:
    cards = [card("a", fallbacks=FALLBACKS), card("b")]
    said = {"a": [says("a secret")], "b": [says()]}
    async with exchange(cards, said, guardrails=Strict()) as (made, servers):
        reply = await made.reply()
        assert (reply.status, words(reply)) == ("blocked", "")
        assert asked(servers) == {"a": 1, "b": 0}
