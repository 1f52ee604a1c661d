"""When the Responses API fails, the user reads one plain sentence; nothing is sent twice."""

from functools import partial

import pytest

from chat.core.errors import (
    AuthFailed,
    BadReply,
    ChatError,
    RateLimited,
    Rejected,
    Unavailable,
)
from chat.core.events import Finished, TextDelta
from chat.providers.openai_responses.adapter import OpenAIResponses
from tests.loopback import Loopback, Reply, json_reply, sse, text_reply
from tests.wire.failing import failed_at
from tests.wire.responses_shapes import delta, event, response, responses_stream
from tests.wire.talk import card, endpoint, heard, request

failed = partial(failed_at, "openai_responses")
"""What came before the error, and the error; exactly one request was made."""


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, AuthFailed),
        (404, Rejected),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
async def test_each_status_is_its_own_error_after_one_request(
    status: int, kind: type[ChatError], stream: bool
) -> None:
    said, error = await failed(json_reply({"error": {"message": "Told."}}, status), stream=stream)
    assert said == []
    assert type(error) is kind
    assert "“Told.”" in str(error)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("server_error", Unavailable),
        ("rate_limit_exceeded", RateLimited),
        ("invalid_prompt", Rejected),
        ("image_too_large", Rejected),
        ("vector_store_timeout", Unavailable),
        (None, Unavailable),
    ],
)
@pytest.mark.parametrize("shape", ["failed", "error event", "nested error"])
async def test_an_error_in_mid_stream_keeps_what_came(
    code: str | None, kind: type[ChatError], shape: str
) -> None:
    told = {"code": code, "message": "Gone."}
    if shape == "failed":
        last = event("response.failed", response=response((), status="failed", error=told))
    elif shape == "error event":
        last = event("error", param=None, **told)
    else:  # raised by the SDK itself
        last = {"type": "error", "error": {**told, "code": 503 if code else None}}
        kind = Unavailable
    said, error = await failed(sse(delta("Here is s"), last))
    assert said == [TextDelta("Here is s")]
    assert type(error) is kind
    assert "“Gone.”" in str(error)


@pytest.mark.parametrize("code", ["moderation_blocked", "image_content_policy_violation"])
@pytest.mark.parametrize("shape", ["failed", "error event", "status"])
async def test_content_rules_end_the_reply_as_blocked(code: str, shape: str) -> None:
    told = {"code": code, "message": "No."}
    if shape == "failed":
        broken = response((), status="failed", error=told)
        reply = responses_stream([delta("Here")], end=None)
        reply = Reply(
            (*reply.steps, *sse(event("response.failed", response=broken)).steps),
            headers=reply.headers,
        )
    elif shape == "error event":
        reply = sse(delta("Here"), event("error", param=None, **told))
    else:
        code = "moderation_blocked"
        reply = json_reply({"error": {**told, "code": code}}, 400)
    with Loopback([reply]) as server:
        provider = OpenAIResponses(endpoint("openai_responses", server.url))
        said, error = await heard(provider, request(card("openai_responses")))
    assert error is None
    assert said[:-1] == ([] if shape == "status" else [TextDelta("Here")])
    assert isinstance(said[-1], Finished)
    assert (said[-1].finish.kind, said[-1].finish.native) == ("blocked", code)
    assert "content rules" in said[-1].finish.message


@pytest.mark.parametrize(
    "reply",
    [
        text_reply("<html>Welcome to the hotel network</html>"),
        json_reply([]),
        json_reply({"choices": []}),
        json_reply(response((), status="queued")),
        sse('{"type": "resp'),
        sse("[]"),
        sse({"type": "response.output_item.done", "item": "none"}),
        sse({"type": "response.completed", "response": {"output": "none"}}),
        sse("[DONE]"),
        Reply((), headers={"content-type": "text/event-stream"}),
    ],
    ids=["html", "list", "chat", "queued", "half", "list event", "item", "output", "done", ""],
)
async def test_what_is_not_an_answer_is_a_bad_reply(reply: Reply) -> None:
    _, error = await failed(reply)
    assert isinstance(error, BadReply)


async def test_a_stream_without_an_end_broke_off() -> None:
    said, error = await failed(sse(delta("Here is half")))
    assert said == [TextDelta("Here is half")]
    assert type(error) is BadReply
    assert "broke off" in str(error)
