"""The order of the pictures, and the places that words name, arrive at every provider."""

import re

import pytest

from chat.core.handles import numbered
from chat.core.parts import Image
from chat.turns.request import prepare
from tests.loopback import Loopback, Request
from tests.wire.doors import DOORS
from tests.wire.talk import Media, assistant, card, heard, request, user
from tests.wire_shapes import data_url, tiny_png

FIRST, SECOND, THIRD = tiny_png(200), tiny_png(0, 200), tiny_png(0, 0, 200)
TAKES = [kind for kind in DOORS if kind != "imagen"]
"""Imagen draws from words alone."""


async def sent(kind: str) -> tuple[Request, str]:
    """A question with three pictures, two of them new, and how its words must arrive."""
    media = Media()
    first = media.image(FIRST)
    new = [Image(media.image(data).media, "upload", handle=at) for data, at in
           ((THIRD, 3), (SECOND, 2))]  # fmt: skip
    branch = [
        user(first, "A fox"),
        assistant("Here.", by=kind),
        user(*new, first, "Put @img2 on @img3 and @img1"),
    ]
    assert sorted(numbered(branch).values()) == [1, 2, 3]
    model = card(kind, max_input_images=9)
    messages = prepare(model, branch, tools_on=False)
    with Loopback([DOORS[kind].good()]) as server:
        _, error = await heard(
            DOORS[kind].opened(server.url), request(model, *messages, media=media.bytes)
        )
    assert error is None
    (only,) = server.requests
    return only, "Put @img2 (picture 2) on @img3 (picture 1) and @img1 (picture 3)"


@pytest.mark.parametrize("kind", TAKES)
async def test_pictures_arrive_in_the_order_of_the_tray_and_are_called_by_their_places(
    kind: str,
) -> None:
    only, words = await sent(kind)
    body = only.body
    assert words.encode() in body
    pictures = [THIRD, SECOND, FIRST]
    at = [max(_places(body, data)) for data in pictures]
    assert at == sorted(at)


def _places(body: bytes, picture: bytes) -> list[int]:
    """Where a picture stands in a request, as bytes or as base64 of either alphabet."""
    digits = data_url(picture).partition(",")[2].rstrip("=")
    forms = [picture, digits.encode(), digits.replace("+", "-").replace("/", "_").encode()]
    found = [match.start() for form in forms for match in re.finditer(re.escape(form), body)]
    assert found, "the picture did not arrive"
    return found
