"""What becomes of a picture that a backend behind /v1/images refused, or could not make."""

import pytest

from chat.core.errors import AuthFailed, ProviderError, RateLimited, Rejected, Unavailable
from chat.core.events import ImageBytes
from tests.litellm.backends import gemini_answer, google_error, prompt_block
from tests.litellm.conftest import Desk
from tests.loopback import Reply, json_reply
from tests.wire.drawing import answer
from tests.wire.talk import Media, finished, user
from tests.wire_shapes import tiny_png

RED = tiny_png(200)


async def test_imagen_withholding_a_picture_is_a_refusal(desk: Desk) -> None:
    """The proxy makes of the reason a picture without content."""
    withheld = {"raiFilteredReason": "The prompt holds words that may not be drawn."}
    desk.behind.says(json_reply({"predictions": [withheld]}))
    (last,) = await desk.hears("imagen", "An otter")
    assert finished([last]).finish.kind == "blocked"


async def test_one_withheld_picture_of_two_is_mentioned(desk: Desk) -> None:
    desk.behind.says(answer(RED, {"b64_json": None}))
    events = await desk.hears("gpt-image", "Otters", options={"n": "2"})
    assert events[:-1] == [ImageBytes(RED)]
    assert finished(events).finish.kind == "stop"
    assert "withheld" in finished(events).finish.message


@pytest.mark.parametrize(
    "reply",
    [
        gemini_answer(finish="IMAGE_SAFETY"),
        gemini_answer("I would rather not."),
        json_reply(prompt_block("PROHIBITED_CONTENT")),
    ],
    ids=["refused", "words alone", "refused question"],
)
async def test_no_picture_from_gemini_is_no_success(desk: Desk, reply: Reply) -> None:
    """The proxy makes of each of them an empty list under status 200."""
    desk.behind.says(reply)
    (last,) = await desk.hears("gemini", "An otter")
    assert finished([last]).finish.kind in {"blocked", "no_image"}
    assert finished([last]).finish.message


async def test_an_empty_list_is_no_success(desk: Desk) -> None:
    desk.behind.says(answer())
    (last,) = await desk.hears("gpt-image", "An otter")
    assert finished([last]).finish.kind in {"blocked", "no_image"}


def user_error(code: str, message: str) -> Reply:
    """What OpenAI answers to a question for a picture that it does not take."""
    told = {"message": message, "type": "image_generation_user_error", "param": None, "code": code}
    return json_reply({"error": told}, 400)


@pytest.mark.parametrize("edit", [False, True], ids=["drawn", "changed"])
async def test_a_refusal_by_moderation_is_a_refusal(desk: Desk, edit: bool) -> None:
    """The proxy keeps the words and the type, but not the code."""
    media = Media()
    asked = user("An otter", media.image(RED)) if edit else user("An otter")
    desk.behind.says(
        user_error("moderation_blocked", "Your request was rejected by the safety system.")
    )
    (last,) = await desk.hears("gpt-image", asked, media=media)
    assert finished([last]).finish.kind == "blocked"
    assert "content rules" in finished([last]).finish.message


FILTERED = {
    "nova": json_reply({"message": "This request has been blocked by our content filters."}, 400),
    "core": json_reply({"seeds": [1], "finish_reasons": ["Filter reason: prompt"], "images": []}),
}


@pytest.mark.parametrize("name", FILTERED)
async def test_a_refusal_in_a_backends_own_words_is_a_refusal(desk: Desk, name: str) -> None:
    """Bedrock has no code for it, and the proxy makes a fault of its words."""
    desk.behind.says(FILTERED[name])
    (last,) = await desk.hears(name, "An otter")
    assert finished([last]).finish.kind == "blocked"


async def test_a_bill_that_is_not_paid_is_no_refusal_of_the_content(desk: Desk) -> None:
    desk.behind.says(
        user_error("billing_hard_limit_reached", "Billing hard limit has been reached")
    )
    _, error = await desk.hears_out("gpt-image", "An otter")
    assert type(error) is Rejected
    assert "Billing hard limit" in str(error)


FAULTS: dict[int, type[ProviderError]] = {
    400: Rejected,
    401: AuthFailed,
    429: RateLimited,
    500: Unavailable,
    503: Unavailable,
}


SENTENCE = "The backend could not do it."


def failure(name: str, status: int) -> Reply:
    """An error in the terms of a backend."""
    if name == "imagen":
        return google_error(status, "UNKNOWN", SENTENCE)
    if name == "sdxl":
        return json_reply({"message": SENTENCE}, status)
    # Without this word the proxy's own client would ask three times, whatever the proxy is told.
    return json_reply({"error": {"message": SENTENCE}}, status, {"x-should-retry": "false"})


@pytest.mark.parametrize("status", FAULTS)
@pytest.mark.parametrize("name", ["gpt-image", "imagen", "sdxl"])
async def test_an_error_behind_the_proxy_is_what_it_was(desk: Desk, name: str, status: int) -> None:
    desk.behind.says(failure(name, status))
    said, error = await desk.hears_out(name, "An otter")
    assert said == []
    assert type(error) is FAULTS[status]
    assert SENTENCE in str(error)
    assert len(desk.behind.asked) == 1, "nothing is asked, and paid for, twice"
