"""A server that says back the key it was sent does not get it into a notice or to a collector."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from chat.providers.registry import open_provider
from tests.loopback import Loopback, Reply, json_reply, sse
from tests.wire.doors import DOORS, DoorKind, headed
from tests.wire.responses_shapes import said
from tests.wire.talk import heard, request
from tests.wire_shapes import gemini_chunk, gemini_stream, openai_chunk

KEYS = ["AIzaNotARealKey0123456789", "just+my=own~key", "pass"]
FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda key: key,
    "for a URL": lambda key: quote(key, safe=""),
    "in base64": lambda key: b64encode(key.encode()).decode(),
    "in base64 with a name": lambda key: b64encode(f"me:{key}".encode()).decode(),
}


async def told(door: DoorKind, key: str, reply: Reply) -> str:
    """All that is said of a call but for the model's own words."""
    with Loopback([reply]) as server:
        endpoint = replace(door.endpoint(server.url), api_key=key)
        events, error = await heard(open_provider(endpoint), request(door.card()))
    return f"{events[-1:]} {error} {getattr(error, 'request_id', '')} {getattr(error, 'quote', '')}"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", DOORS)
async def test_a_name_of_the_request_that_holds_the_key_is_hidden(
    kind: str, key: str, form: str
) -> None:
    door, held = DOORS[kind], FORMS[form](key)
    for reply in (door.good(), json_reply({"error": {"message": f"No {held}!"}}, 400)):
        answer = await told(door, key, headed(reply, x_request_id=f"r {held} x"))
        assert held not in answer
        assert "…" in answer


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("kind", ["gemini", "openai_chat", "openai_responses"])
async def test_a_reason_or_a_name_of_the_answer_that_holds_the_key_is_hidden(
    kind: str, key: str
) -> None:
    chunk: dict[str, Any] = {"id": f"r {key}", **openai_chunk({"content": "Hi"}, f"x {key}")}
    named = {**gemini_chunk([{"text": "Hi"}]), "responseId": f"r {key}"}
    ended = {"id": f"r {key}", "status": "completed", "output": [said("Hi")]}
    replies = {
        "gemini": sse(*_events(gemini_stream(["x"])), named),
        "openai_chat": sse({**chunk, "id": f"r {key}"}, "[DONE]"),
        "openai_responses": sse({"type": "response.completed", "response": ended}, "[DONE]"),
    }
    answer = await told(DOORS[kind], key, replies[kind])
    assert key not in answer
    assert "…" in answer


def _events(reply: Reply) -> list[str]:
    lines = [bytes(step).decode() for step in reply.steps if isinstance(step, bytes)]
    return [line.removeprefix("data: ").strip() for line in lines]
