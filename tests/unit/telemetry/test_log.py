"""Whoever runs Easel reads what each call was, cost and took, and not what it was about."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from chat.logs import Discreet
from chat.settings import read_settings
from chat.telemetry.log import CallLog
from tests.unit.telemetry.samples import CALL, FAILED, KEY, SECRET, worded


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What arrives on standard error, through the formatter that Easel uses there."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    formatter = Discreet()
    formatter.hide([KEY])
    handler.setFormatter(formatter)
    logger = logging.getLogger("easel.calls")
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    yield out
    logger.setLevel(before)
    logger.removeHandler(handler)


def line(written: io.StringIO) -> dict[str, Any]:
    lines = written.getvalue().splitlines()
    assert len(lines) == 1, "a call is one line"
    told: dict[str, Any] = json.loads(lines[0][lines[0].index("{") :])
    return told


def test_a_call_is_one_line_of_json_in_standard_names(written: io.StringIO) -> None:
    CallLog().called(CALL)
    told = line(written)
    assert told == {
        "started_at": "2026-11-26T12:00:00+00:00",
        "total_s": 1.5,
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "wire-model",
        "gen_ai.request.stream": True,
        "gen_ai.conversation.id": "c" * 32,
        "gen_ai.response.id": "resp-1",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.response.time_to_first_chunk": 0.25,
        "gen_ai.usage.input_tokens": 30,
        "gen_ai.usage.output_tokens": 75,
        "gen_ai.usage.text.input_tokens": 10,
        "gen_ai.usage.image.input_tokens": 20,
        "gen_ai.usage.text.output_tokens": 30,
        "gen_ai.usage.image.output_tokens": 40,
        "gen_ai.usage.reasoning.output_tokens": 5,
        "gen_ai.usage.cache_read.input_tokens": 8,
        "server.address": "127.0.0.1",
        "server.port": 4000,
        "enduser.pseudo.id": told["enduser.pseudo.id"],
        "easel.turn.id": "t" * 32,
        "easel.model": "model",
        "easel.endpoint": "router",
        "easel.kind": "openai_chat",
        "easel.deployment": "router/wire-model",
        "easel.attempt": 2,
        "easel.outcome": "ok",
        "easel.request_id": "req-1",
        "easel.cost_usd": 0.01,
    }
    assert "someone" not in written.getvalue()


def test_a_failed_call_says_why_and_states_no_figure_that_nobody_gave(written: io.StringIO) -> None:
    CallLog().called(FAILED)
    told = line(written)
    assert told["error.type"] == "RateLimited"
    assert told["http.response.status_code"] == 429
    assert told["easel.outcome"] == "error"
    assert not any(name.startswith("gen_ai.usage") for name in told)
    assert "easel.cost_usd" not in told


def test_no_word_of_a_conversation_is_written_unless_asked_for(written: io.StringIO) -> None:
    CallLog().called(worded())
    assert SECRET not in written.getvalue()
    assert "Here" not in written.getvalue()


def test_words_are_written_when_asked_for_but_no_key_and_no_picture(written: io.StringIO) -> None:
    CallLog(keeps_words=True).called(worded())
    told = line(written)
    assert KEY not in written.getvalue()
    assert "PNG" not in written.getvalue()
    asked, answered, tools = told["gen_ai.input.messages"]
    assert asked["role"] == "user"
    assert asked["parts"][0] == {
        "type": "file", "modality": "image", "mime_type": "image/png", "file_id": "a" * 64,
    }  # fmt: skip
    assert SECRET in asked["parts"][1]["content"]
    assert [part["type"] for part in answered["parts"]] == ["text", "tool_call"]
    assert tools["parts"] == [{"type": "tool_call_response", "id": "c1", "response": "42"}]
    assert told["gen_ai.output.messages"] == [
        {
            "role": "assistant",
            "parts": [
                {"type": "text", "content": "Here it is."},
                {"type": "file", "modality": "image", "size_bytes": 10},
            ],
            "finish_reason": "stop",
        }
    ]
    assert told["gen_ai.system_instructions"] == [{"type": "text", "content": "Be brief."}]


@pytest.mark.parametrize(("value", "kept"), [("1", True), ("0", False), ("", False), (None, False)])
def test_words_are_kept_only_by_an_express_wish(value: str | None, kept: bool) -> None:
    environ = {} if value is None else {"EASEL_LOG_PROMPTS": value}
    assert read_settings([], environ).log_prompts is kept
