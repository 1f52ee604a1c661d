"""A reply and an error can be told apart at the provider, and a price that was stated is kept."""

from typing import Any

import pytest

from chat.core.errors import (
    ChatError,
    ProviderError,
    Rejected,
    RequestTooLarge,
    Unavailable,
    WrongAddress,
)
from chat.core.events import Finished
from tests.loopback import Loopback, Reply, json_reply, text_reply
from tests.wire.doors import DOORS, STREAMING, DoorKind, headed
from tests.wire.talk import finished, heard, request
from tests.wire_shapes import OPENAI_USAGE, gemini_stream, openai_message, openai_stream

IDS = ["x-request-id", "apim-request-id", "x-goog-request-id", "x-litellm-call-id"]
COST = "x-litellm-response-cost"


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> DoorKind:
    return DOORS[request.param]


async def ended(door: DoorKind, reply: Reply, **card: Any) -> Finished:
    """How a reply ended."""
    said, error = await said_at(door, reply, **card)
    assert error is None
    return finished(said)


async def failed(door: DoorKind, reply: Reply) -> ProviderError:
    """The error a reply ended with."""
    _, error = await said_at(door, reply)
    assert isinstance(error, ProviderError)
    return error


async def said_at(door: DoorKind, reply: Reply, **card: Any) -> tuple[list[Any], Exception | None]:
    with Loopback([reply]) as server:
        said, error = await heard(door.opened(server.url), request(door.card(**card)))
        assert len(server.requests) == 1
    return list(said), error


@pytest.mark.parametrize("name", IDS)
async def test_a_reply_keeps_what_the_endpoint_calls_the_request(door: DoorKind, name: str) -> None:
    end = await ended(door, headed(door.good(), **{name: "req-1\tabc"}))
    assert end.finish.kind == "stop"
    assert end.request_id == "req-1abc"


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("status", [400, 401, 404, 413, 429, 503])
async def test_an_error_keeps_status_and_request(door: DoorKind, status: int, name: str) -> None:
    body = {"error": {"message": "No.", "code": status}}
    error = await failed(door, json_reply(body, status, {name: "req-2"}))
    assert (error.status, error.request_id) == (status, "req-2")


async def test_an_error_under_status_200_keeps_the_request_too(door: DoorKind) -> None:
    page = headed(text_reply("<html>Welcome to the hotel network</html>"), x_request_id="req-3")
    error = await failed(door, page)
    assert (error.status, error.request_id) == (200, "req-3")


async def test_a_page_that_stands_in_the_way_is_no_word_on_the_key(door: DoorKind) -> None:
    page = headed(text_reply("<html>Checking your browser</html>", 403), x_request_id="req-6")
    error = await failed(door, page)
    assert isinstance(error, WrongAddress)
    assert "The key may be right" in str(error)
    assert (error.status, error.request_id, error.unbilled) == (403, "req-6", True)


@pytest.mark.parametrize("kind", STREAMING)
async def test_an_answer_that_breaks_off_keeps_the_request(kind: str) -> None:
    error = await failed(DOORS[kind], headed(DOORS[kind].begun(["Half"]), x_request_id="req-4"))
    assert (error.status, error.request_id) == (200, "req-4")


async def test_who_was_never_reached_has_no_status(door: DoorKind) -> None:
    _, error = await heard(door.opened("http://127.0.0.1:9"), request(door.card()))
    assert isinstance(error, Unavailable)
    assert (error.status, error.request_id) == (None, "")


@pytest.mark.parametrize("stated", ["0.0405", "4.05e-2"])
async def test_a_price_in_the_head_is_the_price(door: DoorKind, stated: str) -> None:
    end = await ended(door, headed(door.good(), **{COST: stated}))
    assert end.usage is not None
    assert end.usage.reported_cost_usd == 0.0405


@pytest.mark.parametrize("stated", ["", "0", "0.0", "None", "nan", "-1", "inf"])
async def test_a_price_that_is_none_stays_unknown(door: DoorKind, stated: str) -> None:
    end = await ended(door, headed(door.good(), **{COST: stated}))
    assert end.usage is None or end.usage.reported_cost_usd is None


@pytest.mark.parametrize("stated", ["", "0.0"])
async def test_the_usage_of_a_stream_knows_the_price_that_its_head_did_not(stated: str) -> None:
    usage = {**OPENAI_USAGE, "cost": 0.02}
    end = await ended(
        DOORS["openai_chat"], headed(openai_stream(["Hi"], usage=usage), **{COST: stated})
    )
    assert end.usage is not None
    assert end.usage.reported_cost_usd == 0.02


async def test_an_answer_in_one_piece_keeps_price_and_request() -> None:
    reply = json_reply(openai_message({"content": "Hi"}), 200, {COST: "0.5", "x-request-id": "r"})
    end = await ended(DOORS["openai_chat"], reply, stream=False)
    assert end.usage is not None
    assert (end.usage.reported_cost_usd, end.request_id) == (0.5, "r")


async def test_two_calls_at_once_keep_their_own_names() -> None:
    replies = [headed(gemini_stream([word]), x_request_id=word) for word in ("one", "two")]
    door = DOORS["gemini"]
    with Loopback(replies) as server:
        provider = door.opened(server.url)
        streams = [provider.stream(request(door.card())) for _ in replies]
        last: list[Any] = [None, None]
        words = ["", ""]
        while streams != [None, None]:
            for number, stream in enumerate(streams):
                event = await anext(stream, None)
                if event is None:
                    break
                words[number] += getattr(event, "text", "")
                last[number] = event
            else:
                continue
            break
        for stream in streams:
            await stream.aclose()
        await provider.aclose()
    assert [end.request_id for end in last] == words == ["one", "two"]


TOO_LONG = "This model's maximum context length is 8192 tokens, your messages hold 9000."
ANSWER_TOO_LONG = "max_tokens is too large: 9000. This model gives at most 8192 tokens."


@pytest.mark.parametrize(
    ("told", "said", "kind"),
    [
        ({"code": "context_length_exceeded"}, "No.", RequestTooLarge),
        ({"code": "400", "type": "ContextWindowExceededError"}, "No.", RequestTooLarge),
        ({"code": 400, "type": "exceed_context_size_error"}, "No.", RequestTooLarge),
        ({"code": "400", "type": "invalid_request_error"}, TOO_LONG, RequestTooLarge),
        ({"code": None, "type": None}, TOO_LONG, RequestTooLarge),
        ({"code": "400", "type": "invalid_request_error"}, ANSWER_TOO_LONG, Rejected),
        ({"code": None, "type": None}, ANSWER_TOO_LONG, Rejected),
        ({"code": None, "type": None}, "No.", Rejected),
    ],
)
async def test_too_long_is_told_by_a_code_or_by_a_plain_sentence(
    door: DoorKind, told: dict[str, Any], said: str, kind: type[ChatError]
) -> None:
    error = await failed(door, json_reply({"error": {"message": said, **told}}, 400))
    assert type(error) is kind
    assert f"“{said}”" in str(error)


async def test_a_body_that_is_too_large_is_too_long(door: DoorKind) -> None:
    error = await failed(door, text_reply("<html>413 Request Entity Too Large</html>", 413))
    assert type(error) is RequestTooLarge
    assert "Send fewer pictures." in str(error)


@pytest.mark.parametrize(
    "told",
    [
        {"code": "content_policy_violation"},
        {"code": "moderation_blocked"},
        {"code": "400", "type": "ContentPolicyViolationError"},
    ],
)
async def test_refused_content_is_told_by_a_code(door: DoorKind, told: dict[str, Any]) -> None:
    reply = json_reply({"error": {"message": "No.", **told}}, 400, {"x-request-id": "req-5"})
    end = await ended(door, reply)
    assert end.finish.kind == "blocked"
    assert end.finish.native in told.values()
    assert end.finish.actions == ("reword", "other_model")
    assert end.request_id == "req-5"
