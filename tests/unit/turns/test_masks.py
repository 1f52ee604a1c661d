"""A mask is sent with the picture it marks, or refused with a sentence before it is paid for."""

import io

import pytest
from PIL import Image as Pillow

from chat.core.errors import CapabilityError
from chat.core.events import TextDelta
from chat.core.models import ModelCard
from chat.core.parts import Image, pictures
from chat.turns.outgoing import Outgoing
from tests.unit.turns.workshop import DONE, ME, Workshop, png

MASKING = ModelCard("model", "door", "wire-model", "The Model", mask=True)


def mask_png(size: int = 12, form: str = "PNG") -> bytes:
    """A picture of one size, transparent all over where its form can be."""
    out = io.BytesIO()
    Pillow.new("RGBA" if form == "PNG" else "RGB", (size, size)).save(out, form)
    return out.getvalue()


async def kept(shop: Workshop, data: bytes) -> str:
    """The name of an upload."""
    return (await shop.pictures.keep(ME, data, "upload"))[0].sha256


async def test_a_mask_reaches_the_model_beside_its_picture_and_is_stored_as_one() -> None:
    shop = Workshop([[TextDelta("done"), DONE]], card=MASKING)
    picture, mask = await kept(shop, png()), await kept(shop, mask_png())
    # Named twice it is still a mask, and no second picture.
    asked = Outgoing("client-1", "the sky", [picture, mask], masks=[mask, mask])
    started = await shop.engine.send(ME, (await shop.begin()).id, asked)
    await shop.answer(started)
    [request] = shop.provider.requests
    sent = [part for part in request.messages[-1].parts if isinstance(part, Image)]
    assert [(part.media.sha256, part.mask) for part in sent] == [(picture, False), (mask, True)]
    assert set(request.media) == {picture, mask}
    question = shop.store.message(ME, started.question_id)
    assert [image.media.sha256 for image in pictures(question.parts)] == [picture]


@pytest.mark.parametrize(
    ("with_picture", "masks", "words"),
    [
        (False, [mask_png()], "needs the picture"),
        (True, [mask_png(), mask_png(13)], "At most one mask"),
        (True, [mask_png(13)], "13 × 13 pixels and the first picture 12 × 12"),
        (True, [mask_png(12, "JPEG")], "A mask is a PNG"),
    ],
    ids=["alone", "two", "other size", "JPEG"],
)
async def test_a_mask_that_cannot_be_meant_is_refused_and_nothing_is_stored(
    with_picture: bool, masks: list[bytes], words: str
) -> None:
    shop = Workshop([[DONE]], card=MASKING)
    conversation = await shop.begin()
    shas = [await kept(shop, png())] if with_picture else []
    names = [await kept(shop, data) for data in masks]
    with pytest.raises(CapabilityError, match=words):
        await shop.engine.send(ME, conversation.id, Outgoing("c", "x", shas, masks=names))
    assert shop.store.get(ME, conversation.id).head_id is None
    assert shop.provider.requests == []
