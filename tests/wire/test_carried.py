"""Pictures that go along with a question: whole and in their places, behind an SDK's back."""

import base64
import hashlib
import re
from typing import Any

import pytest

from chat.providers.registry import open_provider
from tests.loopback import Loopback
from tests.wire.doors import DOORS
from tests.wire.talk import Media, card, endpoint, events_of, request, user

LARGE = b"\x89PNG\r\n\x1a\n" + b"".join(
    hashlib.sha256(b"%d" % number).digest() for number in range(80_000)
)
"""Of several slices, the last of them neither full nor a multiple of three."""
SMALL = b"\x89PNG\r\n\x1a\n-"
FIRST, SECOND = "What is 0123456789abcdef00000000?", "And 000000000000000000000001?"


def texts(value: Any) -> list[str]:
    """Every text of a document, in order."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for each in inner for text in texts(each)]


@pytest.mark.parametrize(
    "kind", ["gemini", "gemini_interactions", "openai_chat", "openai_responses"]
)
async def test_pictures_are_sent_whole_and_in_order_among_the_words(kind: str) -> None:
    media, shown = Media(), [LARGE, SMALL, LARGE[:-1]]
    large, small, other = map(media.image, shown)
    asked = request(card(kind), user(FIRST, large, small), user(SECOND, other), media=media.bytes)
    with Loopback([DOORS[kind].good()]) as server:
        url = f"{server.url}/v1" if kind.startswith("openai") else server.url
        await events_of(open_provider(endpoint(kind, url)), asked)
    (sent,) = server.requests
    assert int(sent.headers["content-length"]) == len(sent.body)
    encoded = [base64.b64encode(data).decode() for data in shown]
    told = [re.sub("^data:image/png;base64,", "", text) for text in texts(sent.json)]
    found = [text for text in told if text in {*encoded, FIRST, SECOND}]
    assert found == [FIRST, *encoded[:2], SECOND, encoded[2]]
