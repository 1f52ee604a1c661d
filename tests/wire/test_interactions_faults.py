"""When the Interactions API fails, the user reads one plain sentence, and nothing is sent twice."""

import asyncio
from contextlib import aclosing
from functools import partial
from pathlib import Path
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
from chat.core.events import Finished, ImageBytes, TextDelta
from chat.core.models import Endpoint
from chat.providers.gemini_interactions.adapter import GeminiInteractions
from tests.loopback import Gate, Loopback, Reply, Request, json_reply, sse, text_reply
from tests.patience import PATIENCE_S
from tests.wire.cloud import PROJECT, TOKEN, account, account_file, cloud, express
from tests.wire.failing import failed_at
from tests.wire.interactions_shapes import event, interaction, interactions_stream
from tests.wire.talk import KEY, card, endpoint, events_of, generator, heard, request
from tests.wire_shapes import tiny_png

KIND = "gemini_interactions"
RED = tiny_png(200)


failed = partial(failed_at, KIND)
"""What came before the error, and the error; exactly one request was made."""


def google_error(code: object, message: str = "Told.", *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": list(details)}}


@pytest.mark.parametrize("streams", [True, False])
@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "invalid_request", Rejected),
        (401, "unauthenticated", AuthFailed),
        (403, "permission_denied", AuthFailed),
        (404, "not_found", ModelNotFound),
        (404, 404, Rejected),
        (409, "aborted", Rejected),
        (413, 413, RequestTooLarge),
        (422, 422, Rejected),
        (429, "too_many_requests", RateLimited),
        (500, "internal", Unavailable),
        (503, "unavailable", Unavailable),
        (302, 302, BadReply),
    ],
)
async def test_each_status_is_its_own_error_after_one_request(
    status: int, code: object, kind: type[ChatError], streams: bool
) -> None:
    """The SDK by itself would ask five times where a server is busy, and wait in between."""
    said, error = await failed(json_reply(google_error(code), status), stream=streams)
    assert said == []
    assert type(error) is kind
    assert "The test server" in str(error)
    assert status == 302 or "“Told.”" in str(error)


async def test_the_name_of_a_request_that_failed_is_kept() -> None:
    reply = json_reply(google_error(503), 503, {"x-request-id": "req-7"})
    _, error = await failed(reply)
    assert isinstance(error, Unavailable)
    assert (error.status, error.request_id) == (503, "req-7")


@pytest.mark.parametrize(
    "reply",
    [
        text_reply("<html>Welcome to the hotel network</html>"),
        sse('{"event_type": "step'),
        sse("[]"),
        sse({"candidates": "none"}),
        json_reply([]),
        json_reply({}),
        Reply((), headers={"content-type": "text/event-stream"}),
    ],
    ids=["html", "half json", "list", "foreign", "whole list", "nothing", "empty stream"],
)
async def test_what_is_not_an_answer_is_a_bad_reply(reply: Reply) -> None:
    _, error = await failed(reply)
    assert isinstance(error, BadReply)


async def test_an_error_in_mid_stream_keeps_what_came() -> None:
    trouble = event("error", error={"code": "unavailable", "message": "Overloaded."})
    said, error = await failed(interactions_stream(["Here is s", trouble], None))
    assert "".join(part.text for part in said) == "Here is s"
    assert type(error) is Unavailable
    assert "“Overloaded.”" in str(error)


@pytest.mark.parametrize("promised_bytes", [None, 100_000])
async def test_a_cut_connection_keeps_what_came(promised_bytes: int | None) -> None:
    whole = interactions_stream(["Here is s", RED], None)
    reply = Reply(whole.steps, 200, whole.headers, cut=True, promised_bytes=promised_bytes)
    said, error = await failed(reply)
    assert [part.data for part in said if isinstance(part, ImageBytes)] == [RED]
    assert type(error) is Unavailable


@pytest.mark.parametrize("streams", [True, False])
async def test_closing_the_stream_hangs_up(streams: bool) -> None:
    gate = Gate()
    waits = interactions_stream(["Here is s", gate])
    if not streams:
        waits = Reply((b'{"id": "int_1", ', gate), headers={"content-type": "application/json"})
    with Loopback([waits]) as server:
        provider = GeminiInteractions(endpoint(KIND, server.url))
        asked = request(card(KIND, stream=streams))
        async with aclosing(generator(provider, asked)) as stream:
            first = asyncio.ensure_future(anext(stream))
            assert await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
            if streams:
                assert await first == TextDelta("Here")
            else:
                first.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await first
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
        await provider.aclose()


async def test_a_long_answer_is_not_asked_to_go_on_and_billed_again_by_itself() -> None:
    goes_on = {"status": "requires_continuation", "continuation_token": "t1"}
    with Loopback([interactions_stream(["Half"], **goes_on)]) as server:
        provider = GeminiInteractions(endpoint(KIND, server.url))
        *_, end = await events_of(provider, request(card(KIND)))
    assert isinstance(end, Finished)
    assert end.finish.kind == "length"
    assert len(server.requests) == 1


async def test_a_service_account_signs_in_once_and_asks_in_its_project_and_region(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "AIzaOfAnotherEndpoint")
    with cloud([interactions_stream(["A fox", RED]), json_reply(interaction([]))]) as server:
        provider = GeminiInteractions(
            account(KIND, server.url, account_file(tmp_path, server), **PROJECT)
        )
        first = [item async for item in provider.stream(request(card(KIND)))]
        await events_of(provider, request(card(KIND, stream=False)))
    assert any(isinstance(item, ImageBytes) and item.data == RED for item in first)
    sign_in, *asked = server.requests
    assert b"assertion=" in sign_in.body
    assert len(asked) == 2
    for call in asked:
        _in_the_cloud(call, "/v1beta1/projects/easel-test/locations/europe-west4/interactions")


def _in_the_cloud(call: Request, path: str) -> None:
    assert call.path == path
    assert call.headers["authorization"] == f"Bearer {TOKEN}"
    assert "x-goog-api-key" not in call.headers


async def test_an_express_key_needs_neither_project_nor_sign_in() -> None:
    with cloud([interactions_stream(["A fox"])]) as server:
        await events_of(GeminiInteractions(express(KIND, server.url)), request(card(KIND)))
    (asked,) = server.requests
    assert asked.path == "/v1beta1/interactions"
    assert asked.headers["x-goog-api-key"] == KEY


async def test_refused_credentials_are_said_to_be_refused(tmp_path: Path) -> None:
    refusal = json_reply({"error": "invalid_grant", "error_description": "Gone."}, 400)
    with cloud([], sign_in=refusal) as server:
        key = account_file(tmp_path, server)
        provider = GeminiInteractions(account(KIND, server.url, key, **PROJECT))
        _, error = await heard(provider, request(card(KIND)))
    assert type(error) is AuthFailed
    assert "Check CLOUD_KEY or CLOUD_FILE." in str(error)
    assert str(tmp_path) not in str(error)


def test_a_missing_key_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ConfigError, match="Set TEST_KEY"):
        GeminiInteractions(Endpoint("e", KIND, "The test server", key_env=("TEST_KEY",)))
