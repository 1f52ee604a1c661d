"""What the proxy makes of a refusal, a failure or a cut, and what the user then learns of it."""

from contextlib import aclosing

import pytest

from chat.core.errors import (
    AuthFailed,
    ProviderError,
    RateLimited,
    Rejected,
    RequestTooLarge,
    Unavailable,
)
from chat.core.events import ImageBytes, TextDelta
from tests.litellm.backends import Plain, gemini_answer, google_error, prompt_block
from tests.litellm.conftest import Desk
from tests.loopback import Gate, Reply, json_reply, sse
from tests.patience import PATIENCE_S
from tests.wire.talk import finished, generator, heard
from tests.wire_shapes import gemini_chunk, gemini_stream, tiny_png

RED = tiny_png(200)
CARDS = pytest.mark.parametrize("card", ["chat", "chat-whole"])


def ended(card: str, *parts: Plain, finish: str) -> Reply:
    """A reply that ended for this reason, in the form that the card asks for."""
    if card == "chat-whole":
        return gemini_answer(*parts, finish=finish)
    return gemini_stream(parts, finish=finish)


@CARDS
@pytest.mark.parametrize("reason", ["IMAGE_SAFETY", "PROHIBITED_CONTENT", "SAFETY"])
async def test_a_refused_picture_is_a_refusal(desk: Desk, card: str, reason: str) -> None:
    desk.behind.says(ended(card, finish=reason))
    (last,) = await desk.hears(card, "Draw")
    finish = finished([last]).finish
    assert finish.kind == "blocked"
    assert finish.message.endswith(".")


async def test_words_before_a_refusal_are_kept_where_the_proxy_lets_them_through(
    desk: Desk,
) -> None:
    desk.behind.says(ended("chat", "Here is ", finish="IMAGE_SAFETY"))
    events = await desk.hears("chat", "Draw")
    assert events[0] == TextDelta("Here is ")
    assert finished(events).finish.kind == "blocked"


@CARDS
async def test_a_refused_question_is_a_refusal(desk: Desk, card: str) -> None:
    block = prompt_block("PROHIBITED_CONTENT")
    desk.behind.says(json_reply(block) if card == "chat-whole" else sse(block))
    assert finished(await desk.hears(card, "Draw")).finish.kind == "blocked"


async def test_a_picture_that_was_not_made_is_no_refusal_where_the_proxy_says_so(
    desk: Desk,
) -> None:
    desk.behind.says(ended("chat-whole", finish="NO_IMAGE"))
    finish = finished(await desk.hears("chat-whole", "Draw")).finish
    assert (finish.kind, finish.native) == ("no_image", "NO_IMAGE")
    desk.behind.says(ended("chat", finish="NO_IMAGE"))  # in a stream the reason is lost
    assert finished(await desk.hears("chat", "Draw")).finish.kind == "blocked"


async def test_the_length_limit_keeps_what_came(desk: Desk) -> None:
    desk.behind.says(ended("chat", "Once upon ", RED, finish="MAX_TOKENS"))
    events = await desk.hears("chat", "Draw")
    assert events[:-1] == [TextDelta("Once upon "), ImageBytes(RED)]
    assert finished(events).finish.kind == "length"


FAULTS: dict[int, tuple[Reply, type[ProviderError]]] = {
    400: (google_error(400, "INVALID_ARGUMENT", "The picture is too odd."), Rejected),
    401: (google_error(401, "UNAUTHENTICATED", "The API key is wrong."), AuthFailed),
    403: (google_error(403, "PERMISSION_DENIED", "The API key is too weak."), AuthFailed),
    429: (google_error(429, "RESOURCE_EXHAUSTED", "The quota is used up."), RateLimited),
    500: (google_error(500, "INTERNAL", "The model has broken down."), Unavailable),
    503: (google_error(503, "UNAVAILABLE", "The model is overloaded."), Unavailable),
}


@CARDS
@pytest.mark.parametrize("status", FAULTS)
async def test_an_error_behind_the_proxy_is_what_it_was(desk: Desk, card: str, status: int) -> None:
    reply, kind = FAULTS[status]
    desk.behind.says(reply)
    said, error = await desk.hears_out(card, "Draw")
    assert said == []
    assert type(error) is kind
    assert "The " in str(error)
    assert len(desk.behind.asked) == 1, "nothing is asked, and paid for, twice"


TOO_LARGE: dict[str, tuple[Reply, str, int | None]] = {
    "words": (
        google_error(
            400,
            "INVALID_ARGUMENT",
            "The input token count (40000) exceeds the maximum number of tokens allowed (32768).",
        ),
        "tokens",
        32_768,
    ),
    "pictures": (
        google_error(
            400,
            "INVALID_ARGUMENT",
            "Unable to submit request because it has 20 image files but the model only supports "
            "up to 10.",
        ),
        "pictures",
        10,
    ),
    "bytes": (
        google_error(
            400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 20971520 bytes."
        ),
        "bytes",
        20_971_520,
    ),
    "a server before the model": (
        google_error(413, "FAILED_PRECONDITION", "Request Entity Too Large"),
        "bytes",
        None,
    ),
}


@pytest.mark.parametrize("card", ["chat", "chat-whole", "native"])
@pytest.mark.parametrize("what", TOO_LARGE)
async def test_a_request_that_is_too_large_is_known_behind_the_proxy(
    desk: Desk, card: str, what: str
) -> None:
    reply, over, most = TOO_LARGE[what]
    desk.behind.says(reply)
    said, error = await desk.hears_out(card, "Draw")
    assert said == []
    assert isinstance(error, RequestTooLarge), error
    assert (error.over, error.most) == (over, most)


async def test_an_error_in_mid_stream_keeps_what_came(desk: Desk) -> None:
    fault = {"error": {"code": 503, "message": "Overloaded.", "status": "UNAVAILABLE"}}
    desk.behind.says(sse(*(gemini_chunk([{"text": text}]) for text in ("Here ", "is ")), fault))
    said, error = await desk.hears_out("chat", "Draw")
    assert said == [TextDelta("Here is ")]
    assert type(error) is Unavailable


@CARDS
async def test_a_connection_that_is_cut_behind_the_proxy_may_be_tried_again(
    desk: Desk, card: str
) -> None:
    cut = Reply((), cut=True) if card == "chat-whole" else sse(gemini_chunk([]), cut=True)
    desk.behind.says(cut)
    said, error = await desk.hears_out(card, "Draw")
    assert said == []
    assert type(error) is Unavailable
    assert len(desk.behind.asked) == 1


async def test_a_picture_that_arrived_before_the_cut_is_kept(desk: Desk) -> None:
    gate = Gate()
    whole = gemini_stream(["Here: ", RED, gate], finish=None)
    desk.behind.says(Reply(whole.steps, headers=whole.headers, cut=True))
    said = []
    with pytest.raises(Unavailable):  # noqa: PT012
        async with (
            desk.opened("chat") as door,
            aclosing(generator(door, desk.request("chat", "Draw"))) as stream,
        ):
            async for event in stream:
                said.append(event)
                if len(said) == 2:
                    gate.open()
    assert said == [TextDelta("Here: "), ImageBytes(RED)]


async def test_stop_closes_the_connection_behind_the_proxy(desk: Desk) -> None:
    desk.behind.says(gemini_stream(["Here ", RED, Gate(), "never"]))
    async with (
        desk.opened("chat") as door,
        aclosing(generator(door, desk.request("chat", "Draw"))) as stream,
    ):
        assert [await anext(stream), await anext(stream)] == [TextDelta("Here "), ImageBytes(RED)]
    assert desk.behind.asked[0].gone.wait(PATIENCE_S)


async def test_a_model_that_the_proxy_does_not_know_is_a_refusal(desk: Desk) -> None:
    said, error = await desk.hears_out("unknown", "Draw")
    assert said == []
    assert type(error) is Rejected
    assert "no-such-model" in str(error)
    assert desk.behind.asked == []


@pytest.mark.parametrize("card", ["chat", "native", "gpt-image"])
async def test_a_key_that_the_proxy_does_not_know_is_said_to_be_wrong(
    desk: Desk, card: str
) -> None:
    async with desk.opened(card, api_key="sk-not-this-one") as door:
        said, error = await heard(door, desk.request(card, "Draw"))
    assert said == []
    assert type(error) is AuthFailed
    assert desk.behind.asked == []
