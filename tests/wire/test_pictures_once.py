"""A picture that stands in several places of a conversation travels once in a request."""

import pytest

from chat.core.messages import Message
from chat.core.parts import ToolCall, ToolResult
from chat.providers.registry import open_provider
from tests.loopback import Loopback
from tests.wire.drawing import encoded
from tests.wire.switching.wires import TALKERS
from tests.wire.talk import WEATHER, Media, assistant, card, endpoint, heard, request, user
from tests.wire_shapes import tiny_png

PICTURE = tiny_png(200)


def tools_drew(media: Media, *more: str) -> Message:
    """A reply in which a tool drew the picture, and perhaps words after that."""
    call = ToolCall("call-1", "get_weather", {"place": "Köln"})
    result = ToolResult("call-1", "get_weather", (media.image(PICTURE, "tool"),))
    return assistant("Let me see.", call, result, *more)


@pytest.mark.parametrize("kind", TALKERS)
@pytest.mark.parametrize("more", [(), ("There it is.",)], ids=["then asked", "then went on"])
async def test_what_a_tool_drew_and_the_next_question_shows(
    kind: str, more: tuple[str, ...]
) -> None:
    media = Media()
    asked = request(
        card(kind),
        user("Draw the weather"),
        tools_drew(media, *more),
        user("Now greener", media.image(PICTURE, "tool")),
        media=media.bytes,
        tools=(WEATHER,),
    )
    with Loopback([TALKERS[kind].reply()]) as server:
        _, error = await heard(open_provider(endpoint(kind, server.url)), asked)
    assert error is None
    (only,) = server.requests
    told = only.body.decode().replace("-", "+").replace("_", "/")
    assert told.count(encoded(PICTURE)) == 1


@pytest.mark.parametrize("kind", TALKERS)
async def test_a_question_that_is_nothing_but_that_picture_is_a_question_still(kind: str) -> None:
    """A request that ends with the model's own words is refused, or answered with nothing."""
    media = Media()
    asked = request(
        card(kind),
        user("Draw the weather"),
        tools_drew(media, "There it is."),
        user(media.image(PICTURE, "tool")),
        media=media.bytes,
        tools=(WEATHER,),
    )
    with Loopback([TALKERS[kind].reply()]) as server:
        await heard(open_provider(endpoint(kind, server.url)), asked)
    TALKERS[kind].read(card(kind), server.requests[0])
