"""What is stored stays within the limit of its origin, even where cleaning makes it grow."""

from collections.abc import Iterator

import pytest

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin
from chat.images.ingest import ImageIngest
from chat.images.limits import Limits, too_large
from tests.unit.images.pictures import decoded, encoded, noise

MADE: tuple[ImageOrigin, ...] = ("model", "tool")


@pytest.fixture(scope="module")
def narrow() -> Iterator[ImageIngest]:
    door = ImageIngest(Limits(max_bytes=60_000, max_made_bytes=100_000))
    yield door
    door.close()


def test_a_palette_that_outgrows_the_limit_is_stored_with_loss(narrow: ImageIngest) -> None:
    data = encoded(noise(200, 200).quantize(200), "PNG")
    ingested = narrow.ingest(data, "upload")
    assert ingested.ref.mime == "image/jpeg"
    assert ingested.ref.size_bytes <= 60_000
    assert decoded(ingested.data).size == (200, 200)


def test_alpha_survives_even_then(narrow: ImageIngest) -> None:
    image = noise(200, 200).quantize(200)
    data = encoded(image, "GIF", transparency=3)
    ingested = narrow.ingest(data, "upload")
    assert ingested.ref.mime == "image/webp"
    assert decoded(ingested.data).mode == "RGBA"


def test_a_photo_that_outgrows_the_limit_gets_coarser(narrow: ImageIngest) -> None:
    data = encoded(noise(200, 180), "AVIF", quality=60)
    finest = encoded(noise(200, 180), "JPEG", quality=92, subsampling=0)
    assert len(data) <= 60_000 < len(finest)
    ingested = narrow.ingest(data, "upload")
    assert ingested.ref.mime == "image/jpeg"
    assert ingested.ref.size_bytes <= 60_000


@pytest.mark.parametrize(
    ("size_bytes", "sentence"),
    [
        (20_000_001, "The file is 20.1 MB; the most Easel takes is 20 MB."),
        (25_300_000, "The file is 25.3 MB; the most Easel takes is 20 MB."),
    ],
)
def test_a_size_just_over_the_limit_never_reads_as_equal_to_it(
    size_bytes: int, sentence: str
) -> None:
    assert too_large(size_bytes, 20_000_000) == sentence


def test_a_picture_that_was_paid_for_may_be_larger_than_an_upload(ingest: ImageIngest) -> None:
    """A model's PNG of 4K is over the limit for uploads; its reply must not fail for that."""
    data = encoded(noise(2700, 2500), "PNG", compress_level=0)
    assert len(data) > Limits().max_bytes
    with pytest.raises(MediaRejected, match="the most Easel takes is 20 MB"):
        ingest.ingest(data, "upload")
    for origin in MADE:
        assert ingest.ingest(data, origin).data is data


@pytest.mark.parametrize("origin", MADE)
def test_what_is_made_has_a_limit_too(narrow: ImageIngest, origin: ImageOrigin) -> None:
    with pytest.raises(MediaRejected, match=r"the most Easel takes is 0\.1 MB"):
        narrow.ingest(encoded(noise(200, 200), "PNG"), origin)
