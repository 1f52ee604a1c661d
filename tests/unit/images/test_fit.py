"""A model with a small budget still gets to see the picture, whole and the right way up."""

import pytest

from chat.core.errors import MediaRejected
from chat.images.ingest import ImageIngest
from tests.unit.images.pictures import (
    CORNERS,
    corners,
    decoded,
    encoded,
    exif,
    far,
    noise,
    quarters,
)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_what_fits_is_sent_as_it_is(ingest: ImageIngest, form: str) -> None:
    data = encoded(quarters(), form)
    kept, ref = ingest.fit(data, max_bytes=len(data))
    assert kept == data
    assert ref == ingest.ingest(data, "model").ref


@pytest.mark.parametrize("max_bytes", [100_000, 50_000, 5_000])
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_copy_keeps_to_its_budget(ingest: ImageIngest, form: str, max_bytes: int) -> None:
    data = encoded(noise(600, 400), form)
    copy, ref = ingest.fit(data, max_bytes)
    assert len(copy) == ref.size_bytes <= max_bytes < len(data)
    picture = decoded(copy)
    assert picture.format == "JPEG"
    assert picture.size == (ref.width_px, ref.height_px)
    assert picture.width / picture.height == pytest.approx(1.5, rel=0.05)


@pytest.mark.parametrize("form", ["GIF", "AVIF"])
def test_a_format_the_model_cannot_read_is_translated(ingest: ImageIngest, form: str) -> None:
    copy, ref = ingest.fit(encoded(quarters(), form), 1_000_000)
    assert ref.mime in {"image/png", "image/jpeg"}
    assert all(far(a, b) <= 24 for a, b in zip(corners(decoded(copy)), CORNERS, strict=True))


def test_the_longer_side_is_bounded(ingest: ImageIngest) -> None:
    copy, ref = ingest.fit(encoded(quarters(900, 300), "PNG"), 1_000_000, max_side_px=300)
    assert (ref.width_px, ref.height_px) == decoded(copy).size == (300, 100)


def test_a_smaller_copy_stands_upright(ingest: ImageIngest) -> None:
    data = encoded(noise(600, 400), "JPEG", exif=exif(6))
    _, ref = ingest.fit(data, len(data) // 2)
    assert ref.width_px < ref.height_px


def test_a_small_drawing_stays_see_through(ingest: ImageIngest) -> None:
    image = quarters(900, 600).convert("RGBA")
    image.putalpha(0)
    copy, ref = ingest.fit(encoded(image, "PNG"), 50_000, max_side_px=200)
    assert ref.mime == "image/png"
    assert decoded(copy).mode == "RGBA"


def test_colours_hidden_below_alpha_do_not_come_to_light(ingest: ImageIngest) -> None:
    """What was cut out of a picture must not be sent to a model after all."""
    image = noise(300, 300)
    image.putalpha(0)
    copy, ref = ingest.fit(encoded(image, "PNG"), 20_000)
    assert ref.size_bytes <= 20_000
    assert decoded(copy).getextrema() == ((0, 0),) * 4


def test_an_impossible_budget_is_said_so(ingest: ImageIngest) -> None:
    with pytest.raises(MediaRejected, match="cannot be made small enough"):
        ingest.fit(encoded(noise(100, 100), "PNG"), 100)
