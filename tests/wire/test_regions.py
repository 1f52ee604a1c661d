"""A marked region goes to every model that edits: as a mask where it reads one, else in words."""

import base64
import io

import pytest
from PIL import Image as Pillow

from chat.core.messages import Message
from chat.core.parts import pictures
from chat.core.regions import proof_of
from tests.loopback import Loopback, Request
from tests.unit.turns.workshop import ME
from tests.wire.doors import DOORS
from tests.wire.drawing import form
from tests.wire.turn import WholeTurn
from tests.wire_shapes import tiny_png

TAKES_PICTURES = [kind for kind in DOORS if kind != "imagen"]
PLACE = "It lies in its lower right: from 50 % to 100 % of the width"


def mask_png() -> bytes:
    """Its lower right quarter may change."""
    mask = Pillow.new("RGBA", (8, 8), "white")
    mask.paste((0, 0, 0, 0), (4, 4, 8, 8))
    out = io.BytesIO()
    mask.save(out, "PNG")
    return out.getvalue()


async def turn(kind: str, *, mask: bool) -> tuple[Request, Message]:
    """The request of a question with a picture and a mask, and the reply."""
    door = DOORS[kind]
    with Loopback([door.good()]) as server:
        async with WholeTurn(door.endpoint(server.url), door.card(mask=mask)) as whole:
            kept = [
                (await whole.pictures.keep(ME, data, "upload"))[0].sha256
                for data in (tiny_png(9), mask_png())
            ]
            reply = await whole.ended(await whole.begun("Make it blue", kept[:1], kept[1:]))
        (request,) = server.requests
    return request, reply


def text_of(request: Request) -> str:
    """All that was sent, as words; a form's fields too."""
    fields = form(request) if b"multipart" in request.headers["content-type"].encode() else []
    return request.body.decode("utf-8", "replace") + " ".join(
        field.value.decode("utf-8", "replace") for field in fields if field.filename is None
    )


@pytest.mark.parametrize("kind", TAKES_PICTURES)
async def test_a_model_without_masks_is_told_in_words_and_its_answer_stays_inside(
    kind: str,
) -> None:
    request, reply = await turn(kind, mask=False)
    assert PLACE in text_of(request)
    assert mask_png() not in request.body
    assert base64.b64encode(mask_png()) not in request.body
    assert reply.status == "complete", reply.finish
    (result,) = pictures(reply.parts)
    proof = proof_of(result)
    assert proof is not None
    assert (proof.outside_px, proof.changed_outside_px) == (48, 0)


@pytest.mark.parametrize("kind", ["openai_images", "openai_responses"])
async def test_a_model_with_masks_gets_the_mask_and_its_answer_stays_inside_too(kind: str) -> None:
    request, reply = await turn(kind, mask=True)
    assert PLACE not in text_of(request)
    encoded = base64.b64encode(mask_png())
    assert mask_png() in request.body or encoded in request.body
    assert [proof_of(image) is not None for image in pictures(reply.parts)] == [True]
