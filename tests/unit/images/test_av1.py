"""An AVIF without a ``colr`` box has the colours that its coded picture tells."""

import pytest
from PIL import Image

from chat.images import isobmff
from chat.images.av1 import colour_codes
from chat.images.ingest import ImageIngest
from tests.unit.images.pictures import decoded, encoded, far, grey_profile, quarters

P3 = (12, 13, 6)


def units(bits: str, before: bytes = b"") -> bytes:
    """A sequence header of these bits, blanks aside, behind other units."""
    digits = bits.replace(" ", "")
    digits += "0" * (-len(digits) % 8)
    content = int(digits, 2).to_bytes(len(digits) // 8, "big")
    return before + bytes((0b00001010, len(content))) + content


SIZE = "0101 0101 000000 000000"
COLOURS = f"1 {12:08b} {13:08b} {6:08b}"
HEADERS = {
    "a still picture": f"000 1 1 00000 {SIZE} 000 000 0 0 {COLOURS}",
    "ten bits": f"000 1 1 00000 {SIZE} 000 000 1 0 {COLOURS}",
    "twelve bits": f"010 1 1 00000 {SIZE} 000 000 1 1 0 {COLOURS}",
    "never grey": f"001 1 1 00000 {SIZE} 000 000 0 {COLOURS}",
    "a film": (
        f"000 0 0 0 0 00000 {0:012b} 00000 {SIZE} 0 000 0000 1 00 1 1 000 000 0 0 {COLOURS}"
    ),
    "a film with its timing": (
        f"000 0 0 1 {0:064b} 1 1 1 00011 {0:042b} 1 00000 {0:012b} 01000 1 1 {0:09b} 1 0000 "
        f"{SIZE} 1 0000000 000 0000 0 0 1 0 1 000 0 0 {COLOURS}"
    ),
}


@pytest.mark.parametrize("bits", HEADERS.values(), ids=HEADERS)
def test_the_colours_of_a_coded_picture_are_read(bits: str) -> None:
    assert colour_codes(units(bits)) == P3
    assert colour_codes(units(bits, before=b"\x12\0")) == P3


@pytest.mark.parametrize("data", [b"", b"\x0a", b"\x0a\xff", b"\xff" * 40, b"\0" * 40])
def test_what_is_no_header_says_nothing_that_counts(data: bytes) -> None:
    codes = colour_codes(data)
    assert codes is None or all(0 <= code <= 255 for code in codes)


def test_an_avif_without_a_box_of_colours_keeps_its_own() -> None:
    data = encoded(quarters(), "AVIF")
    told = isobmff.nclx(data)
    bare = isobmff.nclx(data.replace(b"colr", b"free"))
    assert told is not None
    assert bare is not None
    assert bare.encoding() == told.encoding()


@pytest.mark.parametrize("alpha", [255, 128])
def test_a_grey_picture_with_alpha_has_the_colours_of_its_profile(
    ingest: ImageIngest, alpha: int
) -> None:
    grey = Image.linear_gradient("L")
    flat = encoded(grey, "PNG", icc_profile=grey_profile(1.0))
    both = Image.merge("LA", (grey, Image.new("L", grey.size, alpha)))
    data = encoded(both, "PNG", icc_profile=grey_profile(1.0))
    shown, expected = (decoded(ingest.ingest(each, "upload").data) for each in (data, flat))
    for row in (5, 100, 250):
        one = (0, row, 1, row + 1)
        found = shown.convert("RGBA").crop(one).tobytes()
        level = expected.convert("L").crop(one).tobytes()[0]
        assert far(tuple(found), (level, level, level, alpha)) <= 1
    assert expected.convert("L").crop((0, 40, 1, 41)).tobytes()[0] == 110
