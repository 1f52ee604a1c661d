"""When a chat-completions server fails, the user reads one plain sentence; nothing goes twice."""

import asyncio
import json
from contextlib import aclosing
from functools import partial
from typing import Any

import pytest

from chat.core.errors import (
    AuthFailed,
    BadReply,
    ChatError,
    ConfigError,
    RateLimited,
    Rejected,
    Unavailable,
)
from chat.core.events import TextDelta
from chat.core.models import Endpoint, Timeouts
from chat.providers.openai_chat.adapter import OpenAIChat
from tests.loopback import Gate, Loopback, Reply, json_reply, sse, text_reply
from tests.patience import PATIENCE_S
from tests.wire.failing import failed_at
from tests.wire.talk import KEY, card, endpoint, heard, request
from tests.wire_shapes import openai_chunk, openai_stream

HALF = Reply(
    (b'{"choices": [{"mess',), headers={"content-type": "application/json"}, promised_bytes=19
)


failed = partial(failed_at, "openai_chat")
"""What came before the error, and the error; exactly one request was made."""


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, AuthFailed),
        (402, RateLimited),
        (403, AuthFailed),
        (404, Rejected),
        (409, Rejected),
        (422, Rejected),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
async def test_each_status_is_its_own_error_after_one_request(
    status: int, kind: type[ChatError], stream: bool
) -> None:
    body = {"error": {"message": "Told.", "code": str(status)}}
    said, error = await failed(json_reply(body, status), stream=stream)
    assert said == []
    assert type(error) is kind
    assert "The test server" in str(error)
    assert "“Told.”" in str(error)


async def test_a_redirect_is_not_followed() -> None:
    """The key and the pictures would go to whoever the redirect names."""
    with Loopback([]) as elsewhere:
        told = json_reply({}, 307, {"location": f"{elsewhere.url}/v1/chat/completions"})
        _, error = await failed(told)
    assert elsewhere.requests == []
    assert type(error) is BadReply


async def test_keys_and_links_are_not_quoted() -> None:
    message = f"Incorrect key {KEY}, sk-proj-abcdef123456: see https://x.test/keys?k={KEY}\n at f()"
    _, error = await failed(json_reply({"error": {"message": message}}, 401))
    assert str(error) == (
        "The test server did not accept the key. Check TEST_KEY. "
        "It said: “Incorrect key …, …: see …”"
    )


async def test_how_long_to_wait_is_passed_on() -> None:
    _, error = await failed(json_reply({"error": {}}, 429, {"retry-after": "12"}))
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 12


@pytest.mark.parametrize(
    ("error_object", "kind"),
    [
        ({"code": 502, "message": "Provider disconnected"}, Unavailable),
        ({"code": "429", "message": "Slow."}, RateLimited),
        ({"code": "content_policy", "message": "No."}, Unavailable),
        ("Out of cheese", Unavailable),
    ],
)
@pytest.mark.parametrize("stream", [True, False])
async def test_an_error_under_status_200_is_an_error(
    error_object: Any, kind: type[ChatError], stream: bool
) -> None:
    said, error = await failed(json_reply({"error": error_object}), stream=stream)
    assert said == []
    assert type(error) is kind


async def test_an_error_in_mid_stream_keeps_what_came() -> None:
    wrong = openai_chunk({"content": ""}, "error", error={"code": 502, "message": "Gone."})
    said, error = await failed(sse(openai_chunk({"content": "Here is s"}), wrong))
    assert said == [TextDelta("Here is s")]
    assert type(error) is Unavailable
    assert "“Gone.”" in str(error)


@pytest.mark.parametrize(
    "reply",
    [
        text_reply("<html>Welcome to the hotel network</html>"),
        HALF,
        json_reply([]),
        json_reply({"choices": []}),
        sse('{"choices": [{"del'),
        sse("[]"),
        sse({"choices": "none"}),
        sse("[DONE]"),
        Reply((), headers={"content-type": "text/event-stream"}),
    ],
    ids=["html", "half json", "list", "no choices", "half event", "list event", "text", "done", ""],
)
async def test_what_is_not_an_answer_is_a_bad_reply(reply: Reply) -> None:
    _, error = await failed(reply)
    assert isinstance(error, BadReply)


@pytest.mark.parametrize(
    "reply",
    [text_reply("<html>Welcome</html>"), HALF, json_reply([]), json_reply({"choices": []})],
    ids=["html", "half json", "list", "no choices"],
)
async def test_what_is_not_an_answer_in_one_piece_is_a_bad_reply(reply: Reply) -> None:
    _, error = await failed(reply, stream=False)
    assert isinstance(error, BadReply)


async def test_a_stream_without_an_end_broke_off() -> None:
    said, error = await failed(openai_stream(["Here is half"], finish=None))
    assert said == [TextDelta("Here is half")]
    assert isinstance(error, BadReply)
    assert "broke off" in str(error)


async def test_an_address_that_is_none_is_a_matter_of_configuration() -> None:
    provider = OpenAIChat(endpoint("openai_chat", "localhost:4000"))
    _, error = await heard(provider, request(card("openai_chat")))
    assert type(error) is ConfigError


async def test_an_answer_in_one_piece_may_take_longer_than_a_first_word() -> None:
    gate = Gate()
    body = json.dumps({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]})
    reply = Reply((gate, body.encode()), headers={"content-type": "application/json"})
    hurried = Timeouts(connect_s=5, first_event_s=0.05, idle_s=0.05, total_s=20)
    with Loopback([reply]) as server:
        provider = OpenAIChat(endpoint("openai_chat", server.url, hurried))
        asked = request(card("openai_chat", stream=False))
        turn = asyncio.create_task(heard(provider, asked))
        await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
        asyncio.get_running_loop().call_later(0.2, gate.open)
        said, error = await turn
    assert error is None
    assert said[0] == TextDelta("Hi")


@pytest.mark.parametrize("cancelled", [True, False], ids=["cancelled", "closed"])
async def test_stopping_hangs_up(cancelled: bool) -> None:
    gate = Gate()
    with Loopback([openai_stream(["Here is s", gate])]) as server:
        provider = OpenAIChat(endpoint("openai_chat", server.url))
        if cancelled:
            turn = asyncio.create_task(heard(provider, request(card("openai_chat"))))
            await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn
        else:
            async with aclosing(provider.stream(request(card("openai_chat")))) as stream:
                assert await anext(stream) == TextDelta("Here is s")
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
        await provider.aclose()


def test_a_missing_key_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ConfigError, match="Set TEST_KEY"):
        OpenAIChat(Endpoint("e", "openai_chat", "The test server", key_env=("TEST_KEY",)))


async def test_a_server_that_wants_a_key_after_all_is_told_by_the_variable_to_set() -> None:
    with Loopback([json_reply({"error": {"message": "No key."}}, 401)]) as server:
        place = Endpoint(
            "e", "openai_chat", "My server", server.url, key_env=("MY_KEY",), key_optional=True
        )
        _, error = await heard(OpenAIChat(place), request(card("openai_chat")))
    assert str(error) == ("My server wants a key, and none is set. Set MY_KEY. It said: “No key.”")
