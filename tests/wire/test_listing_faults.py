"""A connection that is set up wrongly says what is wrong before a message is sent."""

import gzip
import re
import socket
from collections.abc import Sequence

import pytest

from chat.core.calling import Listed
from chat.core.errors import (
    AuthFailed,
    BadReply,
    ChatError,
    ConfigError,
    RateLimited,
    Unavailable,
    WrongAddress,
)
from chat.core.models import Endpoint, Timeouts
from chat.providers.registry import open_provider
from tests.loopback import Gate, Loopback, Reply, Request, json_reply, text_reply
from tests.patience import PATIENCE_S
from tests.wire.doors import DOORS
from tests.wire.servers import listing
from tests.wire.talk import endpoint

WIRED = sorted(DOORS)


@pytest.fixture(params=WIRED)
def kind(request: pytest.FixtureRequest) -> str:
    wire: str = request.param
    return wire


def place(kind: str, url: str, timeouts: Timeouts | None = None) -> Endpoint:
    """An endpoint of a kind; Imagen's is in the cloud."""
    return endpoint(kind, url, timeouts, **({"enterprise": True} if kind == "imagen" else {}))


async def listed_at(at: Endpoint) -> Sequence[Listed]:
    """The list of an endpoint; the provider is closed."""
    provider = open_provider(at)
    try:
        return await provider.models()
    finally:
        await provider.aclose()


async def refusal(at: Endpoint) -> ChatError:
    """What the user reads."""
    with pytest.raises(ChatError) as caught:
        await listed_at(at)
    sentence = str(caught.value)
    assert "The test server" in sentence
    assert "Traceback" not in sentence
    assert re.search(r"[.?”]$", sentence)
    return caught.value


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (text_reply("<!doctype html><title>Welcome</title>"), WrongAddress),
        (text_reply("<html>Checking your browser</html>", 403), WrongAddress),
        (text_reply("", mime="application/json"), BadReply),
        (text_reply('{"data": [{"id"', mime="application/json"), BadReply),
        (json_reply({"hello": "world"}), BadReply),
        (json_reply("hello"), BadReply),
        (json_reply({"data": 5, "models": 5}), BadReply),
        (text_reply("[" * 100_000, mime="application/json"), BadReply),
        (text_reply(f'{{"data": 1{5_000 * "0"}}}', mime="application/json"), BadReply),
        (json_reply({"error": {"message": "No such key."}}, 401), AuthFailed),
        (json_reply({"error": {"message": "Not for you."}}, 403), AuthFailed),
        (json_reply({"error": {"message": "Slow down."}}, 429), RateLimited),
        (text_reply("<html>Bad gateway</html>", 502), Unavailable),
        (Reply((), cut=True, promised_bytes=10), Unavailable),
    ],
    ids=[
        "web page",
        "web page in the way",
        "empty",
        "half",
        "foreign",
        "text",
        "odd",
        "all brackets",
        "all digits",
        "wrong key",
        "forbidden",
        "too many",
        "bad gateway",
        "cut",
    ],
)
async def test_what_stands_there_instead_of_a_list_is_said_in_a_sentence(
    kind: str, reply: Reply, expected: type[ChatError]
) -> None:
    with Loopback([reply]) as server:
        error = await refusal(place(kind, server.url))
    assert type(error) is expected
    assert len(server.requests) == 1, "a list is asked for once"


MEGABYTE = b" " * 1_000_000


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param((b'{"data": [', *[MEGABYTE] * 11), id="endless"),
        pytest.param((gzip.compress(b"[" + 50 * MEGABYTE),), id="packed"),
    ],
)
async def test_a_list_without_end_is_not_read_to_its_end(
    kind: str, steps: tuple[bytes, ...]
) -> None:
    packed = {"content-encoding": "gzip"} if len(steps) == 1 else {}
    gate = Gate()
    endless = Reply((*steps, gate), headers={"content-type": "application/json", **packed})
    with Loopback([endless]) as server:
        error = await refusal(place(kind, server.url))
        gone = server.requests[0].gone.wait(PATIENCE_S)
        gate.open()
    assert type(error) is BadReply
    assert "sent more than 10 MB where a list of models was expected" in str(error)
    assert gone


async def test_a_packed_list_is_unpacked(kind: str) -> None:
    def packed(asked: Request) -> Reply:
        plain = b"".join(step for step in listing(asked).steps if isinstance(step, bytes))
        body = gzip.compress(plain)
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        return Reply((body,), headers=headers, promised_bytes=len(body))

    with Loopback(packed) as server:
        assert await listed_at(place(kind, server.url))


async def test_a_server_that_is_not_there_is_named(kind: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        error = await refusal(place(kind, f"http://127.0.0.1:{port}"))
    assert type(error) is Unavailable
    assert f"127.0.0.1:{port}" in str(error)


async def test_an_address_without_a_scheme_is_no_web_address(kind: str) -> None:
    error = await refusal(place(kind, "127.0.0.1:4000/v1"))
    assert type(error) is ConfigError
    assert "is not a web address" in str(error)


async def test_an_address_with_a_path_is_asked_below_it(kind: str) -> None:
    with Loopback(listing) as server:
        listed = await listed_at(place(kind, f"{server.url}/team/llm"))
    assert all(isinstance(model, Listed) for model in listed)
    assert listed
    assert server.requests[0].path.startswith("/team/llm/")


@pytest.mark.parametrize("key", ["sk-one\nsk-two", "sk-one\n", "sk one", "ключ", "sk-\x00"])
async def test_a_key_that_no_header_can_carry_is_said_to_be_wrong(kind: str, key: str) -> None:
    with Loopback([]) as server:
        at = place(kind, server.url)
        wrong = Endpoint(at.id, at.kind, at.title, at.base_url, key, at.key_env, options=at.options)
        error = await refusal(wrong)
    assert type(error) is ConfigError
    assert "Check TEST_KEY." in str(error)
    assert key.strip() not in str(error)
    assert server.requests == []


async def test_a_silent_server_is_waited_for_a_short_time_only(kind: str) -> None:
    gate = Gate()
    with Loopback([Reply((gate,), headers={"content-type": "application/json"})]) as server:
        error = await refusal(place(kind, server.url, Timeouts(30, 30, 30, 2)))
        gone = server.requests[0].gone.wait(PATIENCE_S)
        gate.open()
    assert type(error) is Unavailable
    assert "took too long" in str(error)
    assert gone
