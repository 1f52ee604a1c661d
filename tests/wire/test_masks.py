"""A mask says where the first picture may change: it goes along as a mask, or not at all."""

import hashlib
import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image as Pillow

from chat.core.calling import ModelRequest
from chat.core.errors import CapabilityError
from chat.core.parts import Image, MediaRef
from tests.loopback import Loopback, Request
from tests.wire.doors import DOORS
from tests.wire.drawing import form
from tests.wire.talk import Media, assistant, card, finished, heard, request, user
from tests.wire_shapes import data_url, tiny_png

PICTURE, OTHER = tiny_png(200), tiny_png(0, 0, 200)


def png(mode: str = "RGBA", side_px: int = 8, **more: Any) -> bytes:
    """A transparent PNG."""
    out = io.BytesIO()
    Pillow.new(mode, (side_px, side_px)).save(out, "PNG", **more)
    return out.getvalue()


MASK = png()


def marked(media: Media, data: bytes = MASK, mime: str = "image/png", side_px: int = 8) -> Image:
    """A mask, its bytes remembered."""
    sha256 = hashlib.sha256(data).hexdigest()
    media.bytes[sha256] = data
    return Image(MediaRef(sha256, mime, len(data), side_px, side_px), "upload", mask=True)


async def sent(kind: str, asked: ModelRequest, **options: Any) -> tuple[Request, str]:
    """The one request that was made, and how it ended."""
    with Loopback([DOORS[kind].good()]) as server:
        said, error = await heard(DOORS[kind].opened(server.url, **options), asked)
    assert error is None
    (only,) = server.requests
    return only, finished(said).finish.kind


def asked(kind: str, *pictures: bytes, mask: bytes = MASK, takes: bool = True) -> ModelRequest:
    """A question with pictures and a mask."""
    media = Media()
    images = [media.image(data) for data in pictures]
    last = user(*images, marked(media, mask), "Make it blue")
    return request(card(kind, mask=takes), last, media=media.bytes)


@pytest.mark.parametrize("pictures", [(PICTURE,), (PICTURE, OTHER)], ids=["one", "two"])
@pytest.mark.parametrize(
    "options", [{}, {"api_version": "2026-01-01"}], ids=["openai or a proxy", "azure"]
)
async def test_an_edit_carries_its_mask_beside_the_pictures(
    pictures: tuple[bytes, ...], options: dict[str, str]
) -> None:
    only, end = await sent("openai_images", asked("openai_images", *pictures), **options)
    files = [field for field in form(only) if field.filename is not None]
    assert [field.value for field in files if field.name.startswith("image")] == list(pictures)
    (mask,) = (field for field in files if field.name == "mask")
    assert (mask.value, mask.filename, mask.mime) == (MASK, "mask.png", "image/png")
    assert only.path.partition("?")[0].endswith("/images/edits")
    assert end == "stop"


async def test_the_drawing_tool_is_told_of_the_mask() -> None:
    only, _ = await sent("openai_responses", asked("openai_responses", PICTURE))
    (tool,) = only.json["tools"]
    assert tool["input_image_mask"] == {"image_url": data_url(MASK)}
    (said,) = only.json["input"]
    shown = [item["image_url"] for item in said["content"] if item["type"] == "input_image"]
    assert shown == [data_url(PICTURE)]


@pytest.mark.parametrize("palette", [png("P", transparency=0), png("LA")], ids=["palette", "grey"])
async def test_transparency_of_any_kind_will_do(palette: bytes) -> None:
    only, _ = await sent("openai_images", asked("openai_images", PICTURE, mask=palette))
    assert any(field.value == palette for field in form(only) if field.name == "mask")


async def refusal(kind: str, question: ModelRequest) -> str:
    """The sentence before any call."""
    with Loopback([]) as server:
        said, error = await heard(DOORS[kind].opened(server.url), question)
    assert isinstance(error, CapabilityError)
    assert (said, server.requests) == ([], [])
    return str(error)


@pytest.mark.parametrize("kind", DOORS)
async def test_a_model_without_masks_says_so(kind: str) -> None:
    sentence = await refusal(kind, asked(kind, PICTURE, takes=False))
    assert sentence.startswith("Test model takes no mask. Remove it and say in words")


@pytest.mark.parametrize("kind", ["gemini", "imagen", "openai_chat"])
async def test_a_wire_without_a_place_for_masks_never_sends_one(kind: str) -> None:
    assert "takes no mask" in await refusal(kind, asked(kind, PICTURE))


@pytest.mark.parametrize("kind", ["openai_images", "openai_responses"])
async def test_a_mask_that_does_not_fit_is_refused_before_the_call(kind: str) -> None:
    media = Media()
    picture = media.image(PICTURE)

    async def why(*parts: Any) -> str:
        last = user(*parts, "Make it blue")
        return await refusal(kind, request(card(kind, mask=True), last, media=media.bytes))

    assert "transparent" in await why(picture, marked(media, tiny_png(3)))
    assert "transparent" in await why(picture, marked(media, MASK, "image/webp"))
    assert "transparent" in await why(picture, marked(media, b"\x89PNG"))
    assert "16 × 16 pixels and the first picture 8 × 8" in await why(
        picture, marked(media, side_px=16)
    )
    assert "needs the picture" in await why(marked(media))
    assert "one mask at a time" in await why(picture, marked(media), marked(media, png("LA")))


@pytest.mark.parametrize(
    "kind",
    ["gemini", "gemini_interactions", "openai_chat", "openai_images", "openai_responses"],
)
async def test_a_mask_of_an_earlier_question_goes_nowhere(kind: str) -> None:
    media = Media()
    earlier = user(media.image(PICTURE), marked(media), "Make it blue")
    messages = (earlier, assistant("Done."), user(media.image(OTHER), "And now green"))
    question = request(card(kind, mask=True), *messages, media=media.bytes)
    only, _ = await sent(kind, question)
    assert data_url(MASK).partition(",")[2].encode()[:40] not in only.body
    assert MASK not in only.body
    assert b"mask" not in only.body


async def test_strokes_go_over_the_picture_as_a_layer_where_the_model_reads_them() -> None:
    painted = Pillow.new("RGBA", (8, 8), "white")
    painted.paste((0, 0, 0, 0), (2, 2, 5, 5))
    out = io.BytesIO()
    painted.save(out, "PNG")
    question = asked("openai_images", PICTURE, mask=out.getvalue())
    question = replace(question, card=replace(question.card, markup=True))
    only, _ = await sent("openai_images", question)
    files = {field.name: field for field in form(only) if field.filename}
    assert set(files) == {"image", "markup"}, "a mask beside it would be refused"
    layer = Pillow.open(io.BytesIO(files["markup"].value)).convert("RGBA").getchannel("A")
    assert layer.size == painted.size
    assert layer.getbbox() == (2, 2, 5, 5), "there where the brush was, and nowhere else"
    assert layer.getextrema() == (0, 153), "what is below still shows"
