"""What models and tools made is stored as received; its size is what people will see."""

import hashlib

import pytest

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin
from chat.images.ingest import ImageIngest
from tests.unit.images.pictures import decoded, encoded, exif, noise, quarters, swapped_profile


@pytest.mark.parametrize("origin", ["model", "tool"])
@pytest.mark.parametrize(
    ("form", "mime"),
    [
        ("PNG", "image/png"),
        ("JPEG", "image/jpeg"),
        ("WEBP", "image/webp"),
        ("GIF", "image/gif"),
        ("AVIF", "image/avif"),
    ],
)
def test_signatures_stay_valid_because_no_byte_changes(
    ingest: ImageIngest, form: str, mime: str, origin: ImageOrigin
) -> None:
    data = encoded(quarters(), form) + b"a manifest of credentials"
    ingested = ingest.ingest(data, origin)
    assert ingested.data == data
    assert ingested.ref.sha256 == hashlib.sha256(data).hexdigest()
    assert ingested.ref.size_bytes == len(data)
    assert ingested.ref.mime == mime


def test_size_is_told_as_shown(ingest: ImageIngest) -> None:
    """Otherwise the page would leave a lying gap for a standing picture."""
    data = encoded(quarters(), "JPEG", exif=exif(6))
    ingested = ingest.ingest(data, "model")
    assert ingested.data == data
    assert (ingested.ref.width_px, ingested.ref.height_px) == (48, 64)
    assert decoded(ingested.thumbnail).size == (48, 64)


def test_the_thumbnail_shows_true_colours(ingest: ImageIngest) -> None:
    data = encoded(quarters(), "PNG", icc_profile=swapped_profile())
    ingested = ingest.ingest(data, "model")
    assert ingested.data == data
    top_left = decoded(ingested.thumbnail).convert("RGB").getpixel((8, 6))
    assert isinstance(top_left, tuple)
    assert top_left[2] > 230


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((2000, 1000), (768, 384)),
        ((300, 1600), (144, 768)),
        ((40, 30), (40, 30)),
        ((5000, 1), (768, 1)),
        ((1, 5000), (1, 768)),
    ],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_thumbnails_fit_a_square_and_never_grow(
    ingest: ImageIngest, form: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    ingested = ingest.ingest(encoded(quarters(*size), form), "model")
    thumbnail = decoded(ingested.thumbnail)
    assert thumbnail.format == "WEBP"
    assert thumbnail.size == expected


def test_a_thumbnail_stays_see_through(ingest: ImageIngest) -> None:
    image = quarters(1000, 800).convert("RGBA")
    image.putalpha(0)
    thumbnail = decoded(ingest.ingest(encoded(image, "PNG"), "tool").thumbnail)
    assert thumbnail.getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("tenths", range(3, 10))
def test_a_picture_that_broke_off_says_so_and_keeps_what_came(
    ingest: ImageIngest, form: str, tenths: int
) -> None:
    """Large JPEGs are scaled while they are decoded; damage must be found all the same."""
    whole = encoded(noise(3300, 200), form)
    cut = whole[: len(whole) * tenths // 10]
    made = ingest.ingest(cut, "model")
    assert made.data == cut
    assert "damaged at its end" in made.note
    uploaded = ingest.ingest(cut, "upload")
    assert "damaged at its end" in uploaded.note
    assert decoded(uploaded.data).size == (3300, 200)


@pytest.mark.parametrize(
    ("form", "mark"),
    [("JPEG", b"\xff\xda"), ("PNG", b"IDAT"), ("WEBP", b"VP8 "), ("AVIF", b"mdat"), ("GIF", b"!")],
)
def test_a_header_without_pixels_is_no_picture(ingest: ImageIngest, form: str, mark: bytes) -> None:
    """Decoders fill what is missing with grey or black; that must not pass for a picture."""
    data = encoded(noise(200, 200), form)
    with pytest.raises(MediaRejected, match="damaged"):
        ingest.ingest(data[: data.index(mark) + 14], "model")
