"""When an images wire fails, the user reads one plain sentence, and nothing is paid for twice."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from chat.core.errors import (
    AuthFailed,
    BadReply,
    CapabilityError,
    ChatError,
    ConfigError,
    RateLimited,
    Rejected,
    RequestTooLarge,
    Unavailable,
)
from chat.core.events import Finished, ImageBytes, ProviderEvent
from chat.core.models import Endpoint, Timeouts
from chat.providers.openai_images.adapter import OpenAIImages
from tests.loopback import Gate, Loopback, Reply, json_reply, sse, text_reply
from tests.patience import PATIENCE_S
from tests.wire.drawing import answer, drawn, item
from tests.wire.talk import KEY, Media, card, endpoint, heard, request, user
from tests.wire_shapes import tiny_png

RED, BLUE = tiny_png(200), tiny_png(0, 0, 200)
DRAFTS = ("partial_images",)


async def failed(
    reply: Reply, *, drafts: bool = False, edit: bool = False
) -> tuple[list[ProviderEvent], Exception | None]:
    """What came, and the error it ended with; exactly one request was made."""
    media = Media()
    model = card("openai_images", images_parameters=DRAFTS if drafts else ())
    last = user("Blue", media.image(RED)) if edit else user("A fox")
    with Loopback([reply]) as server:
        door = OpenAIImages(endpoint("openai_images", server.url))
        said, error = await heard(door, request(model, last, media=media.bytes))
        assert len(server.requests) == 1
    return said, error


@pytest.mark.parametrize("edit", [False, True], ids=["generate", "edit"])
@pytest.mark.parametrize("drafts", [False, True], ids=["plain", "drafts"])
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Rejected),
        (401, AuthFailed),
        (404, Rejected),
        (413, RequestTooLarge),
        (429, RateLimited),
        (500, Unavailable),
        (503, Unavailable),
    ],
)
async def test_each_status_is_its_own_error_after_one_request(
    status: int, kind: type[ChatError], drafts: bool, edit: bool
) -> None:
    body = {"error": {"message": f"Told, with {KEY}.", "code": str(status)}}
    said, error = await failed(json_reply(body, status), drafts=drafts, edit=edit)
    assert said == []
    assert type(error) is kind
    assert "“Told, with ….”" in str(error)


@pytest.mark.parametrize(
    "code", ["moderation_blocked", "content_policy_violation", "contentFilter"]
)
@pytest.mark.parametrize("status", [400, 200])
async def test_refused_content_ends_as_blocked_with_a_plain_sentence(
    code: str, status: int
) -> None:
    """A refusal is an answer: the reply is marked blocked, not failed, and not tried again."""
    message = "Your request was rejected. Request ID req_1. safety_violations=[violence]."
    said, error = await failed(json_reply({"error": {"message": message, "code": code}}, status))
    assert error is None
    (last,) = said
    assert isinstance(last, Finished)
    assert (last.finish.kind, last.finish.native) == ("blocked", code)
    assert "content rules of The test server" in last.finish.message
    assert "req_1" not in last.finish.message


async def test_content_refused_after_a_draft_is_blocked_too() -> None:
    refusal = {"type": "error", "error": {"code": "moderation_blocked", "message": "No."}}
    draft = {"type": "image_generation.partial_image", **item(RED)}
    said, error = await failed(sse(draft, refusal), drafts=True)
    assert error is None
    assert said[0] == ImageBytes(RED, draft=True)
    last = said[1]
    assert isinstance(last, Finished)
    assert last.finish.kind == "blocked"


async def test_an_error_in_mid_stream_keeps_the_draft() -> None:
    wrong = {"type": "error", "error": {"code": "server_error", "message": "Gone."}}
    draft = {"type": "image_generation.partial_image", **item(RED)}
    said, error = await failed(sse(draft, wrong), drafts=True)
    assert said == [ImageBytes(RED, draft=True)]
    assert type(error) is Unavailable
    assert "“Gone.”" in str(error)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (drawn(RED, BLUE, whole=False), BadReply),
        (Reply(drawn(RED, whole=False).steps, 200, {"content-type": "text/event-stream"}, cut=True),
         Unavailable),
    ],
    ids=["ended", "cut"],
)  # fmt: skip
async def test_drafts_without_a_picture_are_a_reply_that_broke_off(
    reply: Reply, kind: type[ChatError]
) -> None:
    said, error = await failed(reply, drafts=True)
    assert said[0] == ImageBytes(RED, draft=True)
    assert type(error) is kind


@pytest.mark.parametrize("drafts", [False, True], ids=["plain", "drafts"])
@pytest.mark.parametrize(
    "reply",
    [
        text_reply("<html>Welcome to the hotel network</html>"),
        json_reply([]),
        json_reply({"created": 1}),
        json_reply({"created": 1, "data": 5}),
        Reply((b'{"data": [{"b64',), headers={"content-type": "application/json"}),
    ],
    ids=["html", "list", "no data", "no list", "half"],
)
async def test_what_is_not_an_answer_is_a_bad_reply(reply: Reply, drafts: bool) -> None:
    said, error = await failed(reply, drafts=drafts)
    assert said == []
    assert isinstance(error, BadReply)


async def test_a_redirect_is_not_followed() -> None:
    """The key and the pictures would go to whoever the redirect names."""
    with Loopback([]) as elsewhere:
        _, error = await failed(json_reply({}, 307, {"location": elsewhere.url}), edit=True)
        assert elsewhere.requests == []
    assert type(error) is BadReply


async def test_silence_ends_in_time() -> None:
    hurried = Timeouts(connect_s=5, first_event_s=0.3, idle_s=0.3, total_s=20)
    with Loopback([drawn(RED, Gate(), BLUE)]) as server:
        door = OpenAIImages(endpoint("openai_images", server.url, hurried))
        model = card("openai_images", images_parameters=DRAFTS)
        said, error = await heard(door, request(model))
        assert await asyncio.to_thread(server.requests[0].gone.wait, PATIENCE_S)
    assert said == [ImageBytes(RED, draft=True)]
    assert type(error) is Unavailable


async def test_stopping_hangs_up() -> None:
    """A picture that nobody waits for any more is not waited for, link or not."""
    gate = Gate()

    def slow(asked: Any) -> Reply:
        if asked.method == "GET":
            return Reply((gate,))
        return answer({"url": f"http://{asked.headers['host']}/a.png"})

    with Loopback(slow) as server:
        door = OpenAIImages(endpoint("openai_images", server.url))
        async with aclosing(door.stream(request(card("openai_images")))) as stream:
            turn = asyncio.ensure_future(anext(stream))
            await asyncio.to_thread(gate.reached.wait, PATIENCE_S)
            turn.cancel()
            with pytest.raises(asyncio.CancelledError):
                await turn
        assert await asyncio.to_thread(server.requests[1].gone.wait, PATIENCE_S)
        await door.aclose()


async def test_a_picture_without_words_is_refused_before_anything_is_sent() -> None:
    media = Media()
    asked = request(card("openai_images"), user(media.image(RED)), media=media.bytes)
    with Loopback([]) as server:
        _, error = await heard(OpenAIImages(endpoint("openai_images", server.url)), asked)
        assert server.requests == []
    assert type(error) is CapabilityError


def test_a_missing_key_is_said_before_anything_is_sent() -> None:
    with pytest.raises(ConfigError, match="Set TEST_KEY"):
        OpenAIImages(Endpoint("e", "openai_images", "The test server", key_env=("TEST_KEY",)))
