"""Pictures changed by /v1/images/edits, and what is refused before anybody is asked."""

import re
from typing import Any

import pytest

from chat.core.errors import CapabilityError
from chat.core.events import ImageBytes
from chat.turns.request import prepare
from tests.litellm.backends import gemini_answer, sent_pictures
from tests.litellm.conftest import Desk
from tests.wire.drawing import answer, form, values
from tests.wire.talk import Media, finished, user
from tests.wire_shapes import tiny_png

RED, BLUE, GREEN = tiny_png(200), tiny_png(0, 0, 200), tiny_png(0, 200)
LANDSCAPE = {"aspect_ratio": "3:2", "quality": "high", "n": "2"}

EDITS: dict[str, tuple[str, dict[str, str]]] = {
    "gpt-image": (
        "/v1/images/edits",
        {
            "model": "gpt-image-2",
            "prompt": "Make it red",
            "size": "1536x1024",
            "quality": "high",
            "n": "2",
            "background": "opaque",
        },
    ),
    "azure": (
        "/openai/deployments/gpt-image-2/images/edits?api-version=2025-04-01-preview",
        {"prompt": "Make it red", "size": "1536x1024", "quality": "high", "n": "2"},
    ),
    "recraft": (
        "/v1/images/imageToImage",
        {
            "model": "recraftv3",
            "prompt": "Make it red",
            "n": "2",
            "response_format": "b64_json",
            "strength": "0.2",  # the proxy's own; it takes no other
        },
    ),
}


async def edited(desk: Desk, name: str, *pictures: bytes) -> list[bytes]:
    """The pictures that come of a change to these."""
    media = Media()
    wish = user("Make it red", *(media.image(picture) for picture in pictures))
    (asked,) = prepare(desk.card(name), [wish], tools_on=False)
    events = await desk.hears(name, asked, media=media, options=LANDSCAPE)
    assert finished(events).finish.kind == "stop"
    return [event.data for event in events if isinstance(event, ImageBytes)]


@pytest.mark.parametrize("name", EDITS)
async def test_a_picture_is_changed_in_the_terms_of_its_backend(desk: Desk, name: str) -> None:
    desk.behind.says(answer(RED))
    assert await edited(desk, name, BLUE) == [RED]
    (asked,) = desk.behind.asked
    assert (asked.path, values(asked)) == EDITS[name]
    assert [field.value for field in form(asked) if field.filename] == [BLUE]


@pytest.mark.parametrize("name", ["gpt-image", "azure"])
async def test_several_pictures_go_along_in_their_order(desk: Desk, name: str) -> None:
    desk.behind.says(answer(RED))
    assert await edited(desk, name, BLUE, GREEN) == [RED]
    files = [field for field in form(desk.behind.asked[0]) if field.filename]
    assert [(file.name, file.value) for file in files] == [("image[]", BLUE), ("image[]", GREEN)]


async def test_gemini_changes_pictures_on_this_wire_too(desk: Desk) -> None:
    desk.behind.says(gemini_answer("Here: ", RED))
    assert await edited(desk, "gemini", BLUE, GREEN) == [RED]
    told = desk.behind.asked[0].json
    assert sent_pictures(told["contents"]) == [[BLUE, GREEN]]
    assert told["contents"][0]["parts"][-1] == {"text": "Make it red"}
    assert told["generationConfig"]["imageConfig"]["aspectRatio"] == "3:2"


@pytest.mark.parametrize("name", ["imagen", "vertex-imagen", "dall-e", "sdxl", "core", "nscale"])
def test_who_draws_from_words_alone_is_not_sent_a_picture(desk: Desk, name: str) -> None:
    """The proxy would send Imagen's to an address that does not draw."""
    refused(desk, name, "takes no pictures", BLUE)


def test_more_pictures_than_a_backend_looks_at_are_refused(desk: Desk) -> None:
    """The proxy would pass on the first and forget the second."""
    refused(desk, "recraft", "takes at most 1 picture", BLUE, GREEN)


def refused(desk: Desk, name: str, sentence: str, *pictures: bytes) -> None:
    media = Media()
    wish = user("Make it red", *(media.image(picture) for picture in pictures))
    with pytest.raises(CapabilityError, match=re.escape(sentence)):
        prepare(desk.card(name), [wish], tools_on=False)
    assert desk.behind.asked == []


@pytest.mark.parametrize("edit", [False, True], ids=["drawn", "changed"])
async def test_a_link_to_a_named_site_is_fetched_at_once(desk: Desk, edit: bool) -> None:
    """Recraft answers with links; the row names the site where they lead."""
    link = f"{desk.behind.server.url}/files/otter.png"
    desk.behind.linked["/files/otter.png"] = RED
    desk.behind.says(answer({"url": link}))
    pictures: list[Any] = [BLUE] if edit else []
    assert await edited(desk, "recraft", *pictures) == [RED]
    fetched = [request for request in desk.behind.server.requests if request.method == "GET"]
    assert [request.path for request in fetched] == ["/files/otter.png"]
    assert not {"authorization", "cookie", "referer"} & set(fetched[0].headers)


async def test_a_link_to_anywhere_else_is_not_opened(desk: Desk) -> None:
    desk.behind.says(answer({"url": "http://127.0.0.1:9/otter.png"}))
    (last,) = await desk.hears("gpt-image", "An otter")
    assert finished([last]).finish.kind == "error"
