"""Whoever runs Easel can tell afterwards what each question asked of which provider, and why."""

import json
import logging

import pytest

from chat.telemetry.log import CallLog
from chat.telemetry.start import start_recorder
from tests.loopback import Loopback, Reply
from tests.unit.telemetry.test_export import spans
from tests.unit.turns.exchange import card, everywhere, exchange, refuses, says
from tests.wire.talk import KEY

QUESTION = "Where does the red fox sleep?"


async def test_a_turn_is_told_from_its_beginning_to_its_end() -> None:
    async with exchange([card("a")], {"a": [says()]}) as (made, _):
        reply = await made.reply(QUESTION)
        assert made.book.turns == [reply.id, "complete"]
        (call,) = made.book.calls
        assert (call.turn_id, call.conversation_id) == (reply.id, reply.conversation_id)
        assert (call.outcome, call.finish, call.response_id) == ("ok", "stop", "gen-1")
        assert call.usage == reply.usage
        assert call.cost_usd == reply.cost_usd
        assert call.first_event_s is not None
        assert call.first_event_s <= call.total_s


async def test_every_attempt_is_a_line_without_a_word_and_without_a_key(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = {"a": [refuses(429, 30)], "b": [says("In the den.")]}
    caplog.set_level(logging.INFO, "easel.calls")
    async with exchange([everywhere("a", "b")], said, recorder=CallLog()) as (made, servers):
        await made.reply(QUESTION)
        lines = [r.getMessage() for r in caplog.records if r.name == "easel.calls"]
        first, second = map(json.loads, lines)
        assert (first["error.type"], first["http.response.status_code"]) == ("RateLimited", 429)
        assert (first["easel.attempt"], second["easel.attempt"]) == (1, 2)
        assert second["easel.deployment"] == "b/wire-b"
        assert second["server.port"] == servers["b"].port
        assert second["gen_ai.usage.input_tokens"] == 10
        for words in ("fox", "den", KEY):
            assert words not in "".join(lines)


async def test_the_calls_of_a_turn_arrive_at_the_collector_under_it() -> None:
    def accepted(_: object) -> Reply:
        return Reply(headers={"content-type": "application/x-protobuf"}, promised_bytes=0)

    with Loopback(accepted) as collector:
        recorder = start_recorder({"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url})
        said = {"a": [refuses(503)], "b": [says()]}
        async with exchange([everywhere("a", "b")], said, recorder=recorder) as (made, _):
            assert (await made.reply(QUESTION)).status == "complete"
        recorder.close()
        sent = spans(collector)
        (turn,) = [span for span in sent if not span.parent_span_id]
        assert [span.parent_span_id for span in sent if span.parent_span_id] == [turn.span_id] * 2
        assert not any(QUESTION.encode() in request.body for request in collector.requests)
