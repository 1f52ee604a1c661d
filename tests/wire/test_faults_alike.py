"""What may happen to a call at any door ends alike at each: kept, said in a sentence, hung up."""

import asyncio
import socket
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from chat.core.errors import AuthFailed, ConfigError, RateLimited, Unavailable
from chat.core.events import TextDelta
from chat.core.models import Endpoint, Timeouts
from chat.providers.registry import open_provider
from tests.loopback import Gate, Loopback, json_reply
from tests.patience import PATIENCE_S
from tests.wire.doors import DOORS
from tests.wire.failing import failed_at
from tests.wire.talk import KEY, generator, heard, request

TALKING = [kind for kind, door in DOORS.items() if door.talks]
GOOGLES = ["gemini", "gemini_interactions"]
HURRIED = Timeouts(connect_s=5, first_event_s=0.3, idle_s=0.3, total_s=20)


def google_error(code: object, message: str = "Told.", *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": "X", "details": list(details)}}


def words(said: list[Any]) -> str:
    """What was said; nothing else may have come."""
    assert all(isinstance(event, TextDelta) for event in said)
    return "".join(event.text for event in said)


@pytest.mark.parametrize("promised_bytes", [None, 100_000])
@pytest.mark.parametrize("kind", TALKING)
async def test_a_cut_connection_keeps_what_came(kind: str, promised_bytes: int | None) -> None:
    begun = DOORS[kind].begun(["Here is s"])
    said, error = await failed_at(kind, replace(begun, cut=True, promised_bytes=promised_bytes))
    assert words(said) == "Here is s"
    assert type(error) is Unavailable


@pytest.mark.parametrize("parts", [[], ["Here is s"]])
@pytest.mark.parametrize("kind", TALKING)
async def test_silence_ends_in_time(kind: str, parts: list[str]) -> None:
    """A model that goes quiet is given up, before or after its first word."""
    door = DOORS[kind]
    with Loopback([door.begun([*parts, Gate()])]) as server:
        said, error = await heard(door.opened(server.url, HURRIED), request(door.card()))
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
    assert words(list(said)) == "".join(parts)
    assert type(error) is Unavailable


@pytest.mark.parametrize("cancelled", [True, False], ids=["cancelled", "closed"])
@pytest.mark.parametrize("kind", TALKING)
async def test_stopping_hangs_up(kind: str, cancelled: bool) -> None:
    gate, door = Gate(), DOORS[kind]
    with Loopback([door.begun(["Here is s", gate])]) as server:
        provider, asked = door.opened(server.url), request(door.card())
        if cancelled:
            turn = asyncio.create_task(heard(provider, asked))
            await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn
        else:
            async with aclosing(generator(provider, asked)) as stream:
                first = await anext(stream)
                assert isinstance(first, TextDelta)
                assert "Here is s".startswith(first.text)
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
        await provider.aclose()


@pytest.mark.parametrize("kind", DOORS)
async def test_a_server_that_is_not_there_is_unavailable(kind: str) -> None:
    door = DOORS[kind]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        _, error = await heard(door.opened(url), request(door.card()))
    assert type(error) is Unavailable
    assert "could not be reached" in str(error)


@pytest.mark.parametrize("kind", DOORS)
def test_a_missing_key_is_said_before_anything_is_sent(kind: str) -> None:
    with pytest.raises(ConfigError, match="Set TEST_KEY"):
        open_provider(Endpoint("e", kind, "The test server", key_env=("TEST_KEY",)))


@pytest.mark.parametrize("kind", GOOGLES)
async def test_a_wrong_key_is_said_to_be_one_though_google_calls_it_400(kind: str) -> None:
    body = google_error(400, f"API key not valid: {KEY}", {"reason": "API_KEY_INVALID"})
    _, error = await failed_at(kind, json_reply(body, 400))
    assert type(error) is AuthFailed
    assert "Check TEST_KEY." in str(error)
    assert KEY not in str(error)


@pytest.mark.parametrize(
    ("headers", "details"),
    [({"retry-after": "37"}, ()), ({}, ({"@type": "RetryInfo", "retryDelay": "37s"},))],
)
@pytest.mark.parametrize("kind", GOOGLES)
async def test_how_long_google_wants_to_be_waited_for_is_passed_on(
    kind: str, headers: dict[str, str], details: tuple[dict[str, Any], ...]
) -> None:
    refusal = json_reply(google_error(429, "Slow.", *details), 429, headers)
    _, error = await failed_at(kind, refusal)
    assert isinstance(error, RateLimited)
    assert error.retry_after_s == 37
    assert "37 seconds" in str(error)
