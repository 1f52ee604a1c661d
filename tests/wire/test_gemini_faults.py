"""When Gemini fails, the user reads one plain sentence, nothing is sent twice, nothing hangs."""

from functools import partial
from typing import Any

import pytest

from chat.core.errors import (
    AuthFailed,
    BadReply,
    ChatError,
    ModelNotFound,
    RateLimited,
    Rejected,
    RequestTooLarge,
    Unavailable,
)
from chat.core.events import TextDelta
from tests.loopback import Reply, json_reply, sse, text_reply
from tests.wire.failing import failed_at
from tests.wire_shapes import gemini_chunk

failed = partial(failed_at, "gemini")
"""What came before the error, and the error; exactly one request was made."""


def google_error(code: int, message: str = "Told.", *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": "X", "details": list(details)}}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, AuthFailed),
        (403, AuthFailed),
        (404, Rejected),
        (413, RequestTooLarge),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
        (302, BadReply),
    ],
)
async def test_each_status_is_its_own_error_after_one_request(
    status: int, kind: type[ChatError]
) -> None:
    said, error = await failed(json_reply(google_error(status), status))
    assert said == []
    assert type(error) is kind
    assert "The test server" in str(error)
    assert "“Told.”" in str(error)


async def test_a_model_that_google_does_not_have_is_said_to_be_that() -> None:
    message = "models/test-model is not found for API version v1beta, or is not supported."
    body = {"error": {"code": 404, "message": message, "status": "NOT_FOUND"}}
    _, error = await failed(json_reply(body, 404))
    assert type(error) is ModelNotFound
    assert str(error).startswith("The test server has no model of this name, or no longer.")


@pytest.mark.parametrize("delay", ["1e999s", "infs", "nans", "-5s", "s", "37", 37])
async def test_a_wait_that_cannot_be_is_no_wait(delay: object) -> None:
    info = {"@type": "RetryInfo", "retryDelay": delay}
    _, error = await failed(json_reply(google_error(429, "Slow.", info), 429))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s is None


async def test_a_proxys_html_page_is_not_quoted() -> None:
    _, error = await failed(text_reply("<html><h1>Bad gateway</h1></html>", 502))
    assert type(error) is Unavailable
    assert "html" not in str(error)


@pytest.mark.parametrize(
    "reply",
    [
        text_reply("<html>Welcome to the hotel network</html>"),
        sse('{"candidates": [{"content"'),
        sse("[]"),
        sse({"candidates": "none"}),
        sse({"error": {"message": "no code"}}),
        Reply((), headers={"content-type": "text/event-stream"}),
    ],
    ids=["html", "half json", "list", "wrong type", "error without a code", "nothing"],
)
async def test_what_is_not_an_answer_is_a_bad_reply(reply: Reply) -> None:
    _, error = await failed(reply)
    assert isinstance(error, BadReply)


async def test_an_error_in_mid_stream_keeps_what_came() -> None:
    reply = sse(gemini_chunk([{"text": "Here is s"}]), google_error(503, "Overloaded."))
    said, error = await failed(reply)
    assert said == [TextDelta("Here is s")]
    assert type(error) is Unavailable
