"""A picture that stands in several places of a conversation travels once in a request."""

from dataclasses import replace

import pytest

from chat.core.messages import Message
from chat.core.parts import Text, ToolCall, ToolResult
from chat.providers.registry import open_provider
from chat.providers.shared.requests.repeats import AGAIN, once
from tests.loopback import Loopback
from tests.wire.drawing import encoded
from tests.wire.switching.wires import TALKERS
from tests.wire.talk import WEATHER, Media, assistant, card, endpoint, heard, request, user
from tests.wire_shapes import tiny_png

PICTURE, OTHER = tiny_png(200), tiny_png(0, 200)


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


@pytest.mark.parametrize("kind", TALKERS)
async def test_a_picture_that_is_used_again_much_later_is_shown_there(kind: str) -> None:
    media = Media()
    asked = request(
        card(kind, signatures=False),
        user("Here is my sofa", media.image(PICTURE)),
        assistant("A fine one. Another:", media.image(OTHER, "model"), by="elsewhere"),
        user("Make this one green", media.image(PICTURE)),
        media=media.bytes,
    )
    with Loopback([TALKERS[kind].reply()]) as server:
        await heard(open_provider(endpoint(kind, server.url)), asked)
    sent = TALKERS[kind].read(card(kind, signatures=False), server.requests[0])
    assert sent.pictures == [OTHER, PICTURE]
    assert AGAIN in "\n".join(sent.words)


def test_a_mask_and_a_reply_right_above_are_no_repetition() -> None:
    media = Media()
    drawn = media.image(PICTURE, "model")
    marked = replace(drawn, mask=True)
    said = [assistant(drawn, by="gemini"), user(drawn, marked, "Greener")]
    assert once(said) == said


def test_a_reply_whose_picture_moved_is_no_longer_as_its_model_wrote_it() -> None:
    """A model refuses its own turn where a signature is missing."""
    media = Media()
    drawn = media.image(PICTURE, "model")
    said = [assistant("First", drawn, by="gemini"), user("And?"), user(drawn, "Greener")]
    first, *_, last = once(said)
    assert (first.origin, last) == (None, said[-1])
    assert first.parts[-1] == Text(AGAIN)
