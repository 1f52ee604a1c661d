"""A picture that tells its colours without an ICC profile looks as it does in a browser.

The numbers are what Chromium 156 showed of each file; ``tests/browser/test_colours.py`` asks the
Chromium at hand.
"""

from io import BytesIO

import pytest
from PIL import Image

from chat.images.ingest import ImageIngest
from tests.unit.images.colours import BROWSER_FILES, HEIC_FILES, fields
from tests.unit.images.pictures import chunk, decoded, encoded, far, quarters

# A JPEG and a thumbnail cost a level or two of their own.
NEAR = 6

SHOWN = {
    "png cICP P3": ((150, 72, 44), (0, 130, 70), (43, 77, 158), (131, 114, 70)),
    "png cICP P3, 16 bits": ((150, 72, 44), (0, 130, 70), (43, 77, 158), (131, 114, 70)),
    "png cICP BT.2020, the curve of television": (
        (162, 50, 31),
        (0, 127, 58),
        (0, 67, 154),
        (131, 106, 58),
    ),
    "png cICP BT.2020, sRGB's curve": ((168, 63, 44), (0, 134, 68), (0, 77, 159), (138, 114, 69)),
    "png cICP DCI-P3": ((139, 56, 26), (0, 120, 54), (27, 61, 152), (120, 103, 54)),
    "png cICP linear": ((196, 148, 124), (124, 188, 148), (124, 148, 203), (188, 179, 148)),
    "png cICP gamma 2.8": ((120, 52, 27), (27, 106, 52), (27, 52, 134), (106, 92, 52)),
    "png cICP SMPTE 240": ((149, 94, 68), (75, 140, 92), (72, 94, 164), (140, 129, 92)),
    "png cICP PQ": ((204, 0, 0), (0, 139, 15), (0, 40, 210), (148, 99, 25)),
    "png cICP PQ, 8 bits": ((203, 0, 0), (0, 140, 11), (0, 39, 210), (149, 100, 24)),
    "png cICP PQ with alpha": ((204, 0, 0), (0, 139, 15), (0, 40, 210), (148, 99, 25)),
    "png cICP PQ of BT.709": ((164, 44, 18), (18, 131, 44), (18, 43, 203), (131, 103, 44)),
    "png cICP PQ, level told": ((249, 0, 0), (0, 170, 21), (0, 50, 253), (182, 123, 33)),
    "png cICP HLG": ((125, 47, 31), (0, 101, 53), (0, 55, 115), (104, 87, 54)),
    "png cICP HLG in grey": ((111, 111, 111), (31, 31, 31), (31, 31, 31), (99, 99, 99)),
    "png cICP PQ in grey, 16 bits": ((163, 163, 163), (18, 18, 18), (18, 18, 18), (132, 132, 132)),
    "png cICP PQ in a palette": ((203, 0, 0), (0, 140, 11), (0, 39, 210), (149, 100, 24)),
    "png cICP of narrow range is none": (
        (140, 76, 51),
        (51, 128, 76),
        (51, 76, 153),
        (128, 115, 76),
    ),
    "png cICP before iCCP": ((150, 72, 44), (0, 130, 70), (43, 77, 158), (131, 114, 70)),
    "png iCCP before sRGB and gAMA": ((51, 76, 140), (76, 128, 51), (153, 76, 51), (76, 115, 128)),
    "png gAMA where iCCP is broken": (
        (196, 148, 124),
        (124, 188, 148),
        (124, 148, 203),
        (188, 179, 148),
    ),
    "png sRGB before gAMA": ((140, 76, 51), (51, 128, 76), (51, 76, 153), (128, 115, 76)),
    "png gAMA 1": ((196, 148, 124), (124, 188, 148), (124, 148, 203), (188, 179, 148)),
    "png gAMA 1, 8 bits with alpha": (
        (196, 148, 124),
        (124, 188, 148),
        (124, 148, 203),
        (188, 179, 148),
    ),
    "png gAMA 1 in grey": ((196, 196, 196), (124, 124, 124), (124, 124, 124), (188, 188, 188)),
    "png gAMA 1 in grey, 16 bits": (
        (196, 196, 196),
        (124, 124, 124),
        (124, 124, 124),
        (188, 188, 188),
    ),
    "png gAMA 1 in grey with alpha, 16 bits": (
        (196, 196, 196),
        (124, 124, 124),
        (124, 124, 124),
        (188, 188, 188),
    ),
    "png gAMA 1 in a palette": ((196, 148, 124), (124, 188, 148), (124, 148, 203), (188, 179, 148)),
    "png gAMA 1/1.8": ((158, 94, 66), (66, 146, 94), (66, 94, 169), (146, 134, 94)),
    "png gAMA as usual": ((140, 76, 51), (51, 128, 76), (51, 76, 153), (128, 115, 76)),
    "png gAMA 0": ((140, 76, 51), (51, 128, 76), (51, 76, 153), (128, 115, 76)),
    "png gAMA and cHRM of Adobe RGB": ((159, 75, 46), (0, 129, 71), (30, 75, 157), (134, 116, 72)),
    "png gAMA and cHRM of P3, 16 bits": (
        (152, 70, 40),
        (0, 131, 69),
        (38, 76, 160),
        (132, 115, 68),
    ),
    "png gAMA and cHRM of sRGB": ((141, 75, 48), (47, 129, 75), (47, 75, 154), (129, 116, 75)),
    "png cHRM alone": ((140, 76, 51), (51, 128, 76), (51, 76, 153), (128, 115, 76)),
    "png cHRM of nothing": ((140, 76, 51), (51, 128, 76), (51, 76, 153), (128, 115, 76)),
    "png gAMA behind the pixels": ((140, 76, 51), (51, 128, 76), (51, 76, 153), (128, 115, 76)),
    "avif P3": ((150, 72, 43), (0, 131, 68), (42, 77, 156), (129, 114, 69)),
    "avif BT.2020, television": ((168, 63, 43), (0, 135, 66), (0, 78, 157), (136, 114, 68)),
    "avif PQ": ((203, 0, 0), (0, 142, 0), (0, 40, 205), (146, 100, 21)),
    "avif HLG": ((124, 46, 30), (0, 103, 50), (0, 55, 113), (104, 87, 52)),
    "avif linear": ((196, 148, 122), (122, 189, 147), (122, 148, 202), (187, 179, 148)),
    "avif gamma 2.2": ((141, 75, 46), (46, 130, 73), (46, 75, 152), (128, 116, 74)),
    "avif DCI-P3": ((139, 56, 25), (0, 122, 51), (26, 61, 149), (119, 103, 53)),
    "avif that does not say": ((140, 76, 50), (50, 129, 74), (50, 76, 151), (127, 115, 75)),
    "avif whose profile goes first": ((140, 76, 50), (50, 129, 74), (50, 76, 151), (127, 115, 75)),
}


def copies(ingest: ImageIngest, data: bytes) -> dict[str, Image.Image]:
    """Everything that somebody will see of a picture."""
    uploaded, made = ingest.ingest(data, "upload"), ingest.ingest(data, "model")
    seen = {
        "stored": uploaded.data,
        "thumbnail": uploaded.thumbnail,
        "thumbnail of a model's": made.thumbnail,
        "sent to a model": ingest.fit(made.data, 10_000_000)[0],
    }
    return {name: decoded(copy) for name, copy in seen.items()}


@pytest.mark.parametrize("name", BROWSER_FILES)
def test_colours_are_those_that_a_browser_shows(ingest: ImageIngest, name: str) -> None:
    for copy, image in copies(ingest, BROWSER_FILES[name]).items():
        found = fields(image)
        assert all(far(a, b) <= NEAR for a, b in zip(found, SHOWN[name], strict=True)), copy


@pytest.mark.parametrize("name", HEIC_FILES)
def test_a_phones_picture_shows_the_same_in_its_own_format(ingest: ImageIngest, name: str) -> None:
    data, alike = HEIC_FILES[name]
    for copy, image in copies(ingest, data).items():
        found = fields(image)
        assert all(far(a, b) <= NEAR for a, b in zip(found, SHOWN[alike], strict=True)), copy


@pytest.mark.parametrize("name", BROWSER_FILES)
def test_a_copy_says_no_more_of_its_colours_than_that_they_are_srgb(
    ingest: ImageIngest, name: str
) -> None:
    stored = ingest.ingest(BROWSER_FILES[name], "upload").data
    with Image.open(BytesIO(stored)) as image:
        assert "icc_profile" not in image.info
        assert image.info.get("gamma", 0.45455) == 0.45455
    assert ingest.ingest(stored, "upload").data == stored


def test_the_chunks_that_every_other_program_writes_cost_a_picture_no_byte(
    ingest: ImageIngest,
) -> None:
    plain = encoded(quarters(), "PNG", dpi=(72, 72))
    usual = b"".join(
        (
            chunk(b"gAMA", (45455).to_bytes(4, "big")),
            chunk(b"sRGB", b"\0"),
        )
    )
    data = plain[:33] + usual + plain[33:]
    assert ingest.ingest(data, "upload").data == data
