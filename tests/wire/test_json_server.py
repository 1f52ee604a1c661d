"""A server that speaks JSON without an SDK: what it says arrives whole, and ends in a sentence."""

import base64
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from chat.core.errors import BadReply, ProviderError, Rejected, Unavailable
from chat.core.events import Finished, ImageBytes, ProviderEvent, TextDelta
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.providers.shared.http.json_server import JsonServer
from chat.providers.shared.replies.decoded import decoded_picture
from tests.loopback import Loopback, Reply, json_reply, sse, text_reply
from tests.wire.talk import KEY
from tests.wire_shapes import tiny_png

LARGE = tiny_png(9) + random.Random(1).randbytes(200_000)
"""Of more digits than are left in an answer's JSON."""
DIGITS = base64.b64encode(LARGE).decode()


def read(event: dict[str, Any]) -> Iterator[ProviderEvent]:
    match event:
        case {"say": str(words)}:
            yield TextDelta(words)
        case {"draw": str(digits)}:
            yield ImageBytes(decoded_picture(digits))
    if "end" in event:
        yield Finished(Finish("stop"))


async def heard(reply: Reply | None, url: str = "") -> list[ProviderEvent]:
    with Loopback([reply] if reply else []) as server:
        house = JsonServer(Endpoint("t", "t", "Test", url or server.url, KEY), {"X-Key": KEY})
        try:
            return [event async for event in house.reply("/talk", {"say": "Hi"}, read)]
        finally:
            await house.aclose()
            if server.requests:
                assert server.requests[0].headers["x-key"] == KEY
                assert server.requests[0].json == {"say": "Hi"}


@pytest.mark.parametrize("streams", [True, False])
async def test_words_of_any_letters_and_a_large_picture_arrive_to_the_byte(streams: bool) -> None:
    words = "a\u2028b\u0085c 🦊"
    if streams:
        said = json.dumps({"say": words}, ensure_ascii=False)
        reply = sse(said, {"draw": DIGITS}, {"end": 1}, {"say": "not read any more"})
    else:
        whole = json.dumps({"draw": DIGITS, "end": 1}, ensure_ascii=False)
        reply = text_reply(whole, mime="application/json")
    events = await heard(reply)
    assert "".join(e.text for e in events if isinstance(e, TextDelta)) == words * streams
    assert [e.data for e in events if isinstance(e, ImageBytes)] == [LARGE]
    assert isinstance(events[-1], Finished)


@pytest.mark.parametrize("several", ["%s,%s", "%s%s", "[%s, %s]", "%s,\n%s,"])
@pytest.mark.parametrize("streams", [True, False])
async def test_objects_that_a_server_writes_as_one_are_read_one_by_one(
    streams: bool, several: str
) -> None:
    whole = several % ('{"say": "},{"}', '{"end": 1}')
    reply = sse(whole) if streams else text_reply(whole, mime="application/json")
    assert [type(event) for event in await heard(reply)] == [TextDelta, Finished]


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        (json_reply({"error": {"message": "No foxes."}}, 400), Rejected, "“No foxes.”"),
        (json_reply({"error": "No foxes."}, 400), Rejected, "“No foxes.”"),
        (json_reply({"detail": "No foxes."}, 400), Rejected, "“No foxes.”"),
        (json_reply({"detail": [{"msg": 1}]}, 400), Rejected, "refused the request."),
        (text_reply("No foxes.", 503), Unavailable, "“No foxes.”"),
        (sse({"say": "Once"}), BadReply, "broke off"),
        (sse({"draw": "no digits"}), BadReply, "."),
        (sse("{"), BadReply, "not an answer"),
        (text_reply("<!doctype html>"), BadReply, "web page"),
    ],
)
async def test_what_goes_wrong_is_said(reply: Reply, kind: type[ProviderError], words: str) -> None:
    with pytest.raises(kind) as told:
        await heard(reply)
    assert words in str(told.value)
    assert str(told.value).startswith(("Test ", "The answer of Test ")) or words == "."


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://127.0.0.1:1", "could not be reached"), ("nowhere", "not a web address")],
)
async def test_an_address_that_leads_nowhere_is_named(url: str, words: str) -> None:
    with pytest.raises(Exception, match=words):
        await heard(None, url)
