"""Taking a file apart by hand must never make of a picture another one, or break on rubbish."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.images.formats import GIF, JPEG, PNG, WEBP, Format
from chat.images.strip import strip
from chat.images.webp import chunks as webp_chunks
from tests.unit.images.pictures import decoded, encoded, exif, noise, quarters

# A busy machine is no counterexample.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

FILES = {
    "PNG": (PNG, encoded(quarters(), "PNG", exif=exif())),
    "JPEG": (JPEG, encoded(noise(60, 60), "JPEG", exif=exif(), comment=b"hello")),
    "progressive": (JPEG, encoded(noise(60, 60), "JPEG", progressive=True, comment=b"hello")),
    "WEBP": (WEBP, encoded(quarters(), "WEBP", exif=exif())),
    "lossless": (WEBP, encoded(noise(9, 9, "RGBA"), "WEBP", lossless=True, exif=exif())),
}


@pytest.mark.parametrize(("form", "data"), FILES.values(), ids=FILES)
def test_a_stripped_file_shows_the_same_and_is_clean(form: Format, data: bytes) -> None:
    clean = strip(data, form)
    assert clean is not None
    assert len(clean) < len(data)
    assert decoded(clean).tobytes() == decoded(data).tobytes()
    assert strip(clean, form) == clean


@pytest.mark.parametrize("name", FILES)
@PATIENT
@given(data=st.data())
def test_a_file_cut_anywhere_is_left_to_the_decoder(name: str, data: st.DataObject) -> None:
    form, whole = FILES[name]
    clean = strip(whole, form)
    assert clean is not None
    cut = whole[: data.draw(st.integers(40, len(whole) - 1))]
    # Metadata may be all that was lost; then the picture is whole.
    assert strip(cut, form) in (None, clean) or form == WEBP


@pytest.mark.parametrize("name", FILES)
@PATIENT
@given(data=st.data())
def test_flipped_bytes_break_nothing_and_add_nothing(name: str, data: st.DataObject) -> None:
    form, whole = FILES[name]
    bent = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        bent[data.draw(st.integers(40, len(whole) - 1))] = data.draw(st.integers(0, 255))
    clean = strip(bytes(bent), form)
    assert clean is None or len(clean) <= len(bent) + 1  # WebP may need a byte of padding


def test_png_of_wrong_checksum_is_made_anew() -> None:
    data = bytearray(encoded(quarters(), "PNG"))
    data[-14] ^= 1
    assert strip(bytes(data), PNG) is None


def test_other_formats_are_not_taken_apart() -> None:
    assert strip(encoded(quarters(), "GIF"), GIF) is None


def test_chunks_of_a_cut_webp_end_where_it_was_cut() -> None:
    _, whole = FILES["WEBP"]
    assert [name for name, _ in webp_chunks(whole)] == [b"VP8X", b"VP8 ", b"EXIF"]
    assert [name for name, _ in webp_chunks(whole[:-1])] == [b"VP8X", b"VP8 "]
