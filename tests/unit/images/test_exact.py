"""What models and tools made is stored as received; its size is what people will see."""

import hashlib

import pytest

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin
from chat.images.intake import Intake
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
    intake: Intake, form: str, mime: str, origin: ImageOrigin
) -> None:
    data = encoded(quarters(), form) + b"a manifest of credentials"
    admitted = intake.admit(data, origin)
    assert admitted.data == data
    assert admitted.ref.sha256 == hashlib.sha256(data).hexdigest()
    assert admitted.ref.size_bytes == len(data)
    assert admitted.ref.mime == mime


def test_size_is_told_as_shown(intake: Intake) -> None:
    """Otherwise the page would leave a lying gap for a standing picture."""
    data = encoded(quarters(), "JPEG", exif=exif(6))
    admitted = intake.admit(data, "model")
    assert admitted.data == data
    assert (admitted.ref.width_px, admitted.ref.height_px) == (48, 64)
    assert decoded(admitted.thumbnail).size == (48, 64)


def test_the_thumbnail_shows_true_colours(intake: Intake) -> None:
    data = encoded(quarters(), "PNG", icc_profile=swapped_profile())
    admitted = intake.admit(data, "model")
    assert admitted.data == data
    top_left = decoded(admitted.thumbnail).convert("RGB").getpixel((8, 6))
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
    intake: Intake, form: str, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    admitted = intake.admit(encoded(quarters(*size), form), "model")
    thumbnail = decoded(admitted.thumbnail)
    assert thumbnail.format == "WEBP"
    assert thumbnail.size == expected


def test_a_thumbnail_stays_see_through(intake: Intake) -> None:
    image = quarters(1000, 800).convert("RGBA")
    image.putalpha(0)
    thumbnail = decoded(intake.admit(encoded(image, "PNG"), "tool").thumbnail)
    assert thumbnail.getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("tenths", range(3, 10))
def test_a_picture_that_broke_off_says_so_and_keeps_what_came(
    intake: Intake, form: str, tenths: int
) -> None:
    """Large JPEGs are scaled while they are decoded; damage must be found all the same."""
    whole = encoded(noise(3300, 200), form)
    cut = whole[: len(whole) * tenths // 10]
    made = intake.admit(cut, "model")
    assert made.data == cut
    assert "damaged at its end" in made.note
    uploaded = intake.admit(cut, "upload")
    assert "damaged at its end" in uploaded.note
    assert decoded(uploaded.data).size == (3300, 200)


@pytest.mark.parametrize(
    ("form", "mark"),
    [("JPEG", b"\xff\xda"), ("PNG", b"IDAT"), ("WEBP", b"VP8 "), ("AVIF", b"mdat"), ("GIF", b"!")],
)
def test_a_header_without_pixels_is_no_picture(intake: Intake, form: str, mark: bytes) -> None:
    """Decoders fill what is missing with grey or black; that must not pass for a picture."""
    data = encoded(noise(200, 200), form)
    with pytest.raises(MediaRejected, match="damaged"):
        intake.admit(data[: data.index(mark) + 14], "model")
