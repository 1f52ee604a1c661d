"""A picture that was paid for is kept although nobody can look at it now, and is shown later."""

from io import BytesIO

import pytest
from PIL import Image as Pillow

from chat.core.errors import MediaRejected, PicturesBusy
from chat.core.recent import Recent
from chat.images.ingest import ImageIngest
from chat.images.limits import CLOSING, UNSEEN
from chat.turns.held_pictures import HeldPictures
from chat.turns.pictures import THUMBNAIL, Pictures
from storage.media.memory import MemoryMedia
from storage.memory import MemoryConversations
from tests.unit.images.pictures import encoded, quarters
from tests.unit.turns.workshop import INGEST, ME

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='9'/></svg>"
FORMS = {form: encoded(quarters(), form) for form in ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")}
FORMS["lossless WebP"] = encoded(quarters(), "WEBP", lossless=True)
FORMS["WebP with notes"] = encoded(quarters(), "WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0")
FORMS["SVG"] = SVG
SIZED = {"PNG", "JPEG", "GIF", "WEBP", "lossless WebP", "WebP with notes"}


@pytest.fixture
def closing() -> ImageIngest:
    """One that looks at nothing any more, as while Easel shuts down."""
    ingest = ImageIngest()
    ingest.close()
    return ingest


@pytest.mark.parametrize("form", FORMS)
async def test_a_paid_picture_is_kept_unseen_and_drawn_later(
    closing: ImageIngest, form: str
) -> None:
    data, store, conversations = FORMS[form], MemoryMedia(), MemoryConversations()
    ref, note = await Pictures(closing, store, conversations).keep(ME, data, "model")
    assert (note, store.get(ref.sha256)) == (UNSEEN, data)
    assert (ref.width_px, ref.height_px) == ((64, 48) if form in SIZED else (512, 512))
    assert not store.has(ref.sha256 + THUMBNAIL)
    later = Pictures(INGEST, store, conversations)
    _, small = await later.bytes_of(ME, ref.sha256, thumbnail=True)
    with Pillow.open(BytesIO(small)) as drawn:
        assert drawn.convert("L").getextrema() != (238, 238), "an empty sheet"
    assert store.get(ref.sha256 + THUMBNAIL) == small


async def test_a_program_has_its_picture_too(closing: ImageIngest) -> None:
    pictures = Pictures(closing, MemoryMedia(), MemoryConversations())
    held = HeldPictures(pictures, Recent(1_000_000))
    ref = await held.take(FORMS["PNG"], "model")
    assert held.data(ref.sha256) == FORMS["PNG"]


async def test_what_is_no_picture_or_was_not_paid_is_refused(closing: ImageIngest) -> None:
    pictures = Pictures(closing, MemoryMedia(), MemoryConversations())
    with pytest.raises(PicturesBusy, match=CLOSING):
        await pictures.keep(ME, FORMS["PNG"], "upload")
    with pytest.raises(MediaRejected) as refused:
        await pictures.keep(ME, b"no picture", "model")
    assert not isinstance(refused.value, PicturesBusy)


def test_a_drawing_is_no_empty_sheet_for_good_because_a_decoder_was_busy(
    closing: ImageIngest,
) -> None:
    with pytest.raises(PicturesBusy):
        closing.ingest(SVG, "model")
