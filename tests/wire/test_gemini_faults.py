"""When Gemini fails, the user reads one plain sentence, nothing is sent twice, nothing hangs."""

import asyncio
import socket
from contextlib import aclosing
from typing import Any

import pytest

from chat.core.errors import (
    AuthFailed,
    BadReply,
    ChatError,
    ConfigError,
    ModelNotFound,
    RateLimited,
    Rejected,
    RequestTooLarge,
    Unavailable,
)
from chat.core.events import TextDelta
from chat.core.models import Endpoint, Timeouts
from chat.providers.gemini.adapter import Gemini
from tests.loopback import PATIENCE_S, Gate, Loopback, Reply, json_reply, sse, text_reply
from tests.wire.talk import KEY, card, endpoint, heard, request
from tests.wire_shapes import gemini_chunk, gemini_stream


async def failed(reply: Reply) -> tuple[list[Any], ChatError]:
    """What came before the error, and the error; exactly one request was made."""
    with Loopback([reply]) as server:
        said, error = await heard(Gemini(endpoint("gemini", server.url)), request(card("gemini")))
    assert len(server.requests) == 1
    assert isinstance(error, ChatError)
    return list(said), error


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


async def test_a_wrong_key_is_said_to_be_one_though_google_calls_it_400() -> None:
    body = google_error(400, f"API key not valid: {KEY}", {"reason": "API_KEY_INVALID"})
    _, error = await failed(json_reply(body, 400))
    assert type(error) is AuthFailed
    assert "Check TEST_KEY." in str(error)
    assert KEY not in str(error)


@pytest.mark.parametrize(
    ("headers", "details"),
    [({"retry-after": "37"}, ()), ({}, ({"@type": "RetryInfo", "retryDelay": "37s"},))],
)
async def test_how_long_to_wait_is_passed_on(
    headers: dict[str, str], details: tuple[dict[str, Any], ...]
) -> None:
    _, error = await failed(json_reply(google_error(429, "Slow.", *details), 429, headers))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 37
    assert "37 seconds" in str(error)


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


@pytest.mark.parametrize("promised_bytes", [None, 100_000])
async def test_a_cut_connection_keeps_what_came(promised_bytes: int | None) -> None:
    whole = sse(gemini_chunk([{"text": "Here is s"}]), cut=True)
    reply = Reply(whole.steps, 200, whole.headers, cut=True, promised_bytes=promised_bytes)
    said, error = await failed(reply)
    assert said == [TextDelta("Here is s")]
    assert type(error) is Unavailable


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        _, error = await heard(Gemini(endpoint("gemini", url)), request(card("gemini")))
    assert type(error) is Unavailable
    assert "could not be reached" in str(error)


@pytest.mark.parametrize("parts", [[], ["Here is s"]])
async def test_silence_ends_in_time(parts: list[str]) -> None:
    """A model that goes quiet is given up, before or after its first word."""
    gate = Gate()
    hurried = Timeouts(connect_s=5, first_event_s=0.3, idle_s=0.3, total_s=20)
    with Loopback([gemini_stream([*parts, gate])]) as server:
        said, error = await heard(
            Gemini(endpoint("gemini", server.url, hurried)), request(card("gemini"))
        )
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
    assert said == [TextDelta(part) for part in parts]
    assert type(error) is Unavailable


async def test_closing_the_stream_hangs_up() -> None:
    with Loopback([gemini_stream(["Here is s", Gate()])]) as server:
        provider = Gemini(endpoint("gemini", server.url))
        async with aclosing(provider.stream(request(card("gemini")))) as stream:
            assert await anext(stream) == TextDelta("Here is s")
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
        await provider.aclose()


async def test_cancelling_the_turn_hangs_up() -> None:
    gate = Gate()
    with Loopback([gemini_stream(["Here is s", gate])]) as server:
        provider = Gemini(endpoint("gemini", server.url))
        turn = asyncio.create_task(heard(provider, request(card("gemini"))))
        await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)


def test_a_missing_key_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ConfigError, match="Set TEST_KEY"):
        Gemini(Endpoint("e", "gemini", "The test server", key_env=("TEST_KEY",)))
