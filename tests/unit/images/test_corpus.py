"""Odd and hostile files: each is taken or refused as is said of it, and what is kept is clean.

The files are made by ``specimens.py``. Where a corpus of real files that broke real programs lies
beside the repository, they are tried in the same way.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin
from chat.images.formats import DISPLAYED
from chat.images.ingest import ImageIngest, IngestedImage
from tests.unit.images.pictures import CORNERS, corners, decoded, far
from tests.unit.images.specimens import MADE, Specimen

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"

Check = Callable[[IngestedImage, bytes], bool]


def picture(ingested: IngestedImage) -> Image.Image:
    return decoded(ingested.data)


def upright(ingested: IngestedImage, _: bytes) -> bool:
    """Each corner has its colour, in what is stored and in the thumbnail."""
    found = [*corners(picture(ingested)), *corners(decoded(ingested.thumbnail))]
    return all(far(a, b) <= 24 for a, b in zip(found, CORNERS * 2, strict=True))


def as_the_portrait(ingested: IngestedImage, _: bytes) -> bool:
    """Compared with the same portrait, stored upright in another format."""
    reference = decoded((CORPUS / "images" / "p_hopper.png").read_bytes()).convert("RGB")
    difference = ImageChops.difference(picture(ingested).convert("RGB"), reference)
    return sum(ImageStat.Stat(difference).mean) / 3 <= 10


def sized(width: int, height: int) -> Check:
    return lambda ingested, _: picture(ingested).size == (width, height)


def lacks(*words: bytes) -> Check:
    """The stored copy lacks them, though the upload had at least one."""
    return lambda ingested, data: (
        any(word in data for word in words) and not any(word in ingested.data for word in words)
    )


def has_alpha(ingested: IngestedImage, _: bytes) -> bool:
    return picture(ingested).mode == "RGBA" and decoded(ingested.thumbnail).mode == "RGBA"


def still(ingested: IngestedImage, _: bytes) -> bool:
    return getattr(picture(ingested), "n_frames", 1) == 1


def plain_colours(ingested: IngestedImage, _: bytes) -> bool:
    return picture(ingested).mode in {"L", "RGB", "RGBA"}


def no_profile(ingested: IngestedImage, _: bytes) -> bool:
    return "icc_profile" not in picture(ingested).info


def not_inverted(ingested: IngestedImage, _: bytes) -> bool:
    """The sample is red on black; its negative would be cyan on white."""
    for image in (picture(ingested), decoded(ingested.thumbnail)):
        red, black = image.getpixel((5, 2)), image.getpixel((50, 80))
        assert isinstance(red, tuple)
        assert isinstance(black, tuple)
        if far(red, (255, 20, 20)) > 30 or far(black, (0, 0, 0)) > 30:
            return False
    return True


CHECKS: dict[str, Check] = {
    "128 by 128": sized(128, 128),
    "one by two": sized(1, 2),
    "alpha": has_alpha,
    "plain colours": plain_colours,
    "red, green and blue": lambda ingested, _: picture(ingested).mode == "RGB",
    "upright": upright,
    "no tags": lambda ingested, _: not picture(ingested).getexif(),
    "no place": lacks(b"Exif\0\0"),
    "no latitude": lacks(b"GPSLatitude"),
    "no text": lacks(b"tEXt", b"iTXt", b"zTXt"),
    "no xmp": lacks(b"ns.adobe.com/xap"),
    "no notes": lacks(b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"<script"),
    "no page behind": lacks(b"<script", b"<html"),
    "not inverted": not_inverted,
    "no profile": no_profile,
    "still": still,
    "a PNG": lambda ingested, _: ingested.ref.mime == "image/png",
    "thumbnail of a line": lambda ingested, _: decoded(ingested.thumbnail).size == (768, 1),
    "made anew": lambda ingested, data: ingested.data != data,
    "as the portrait": as_the_portrait,
    "326 by 268": sized(326, 268),
}
"""What can be told from what is stored. Checks of pages, of time and of memory are not here."""

SENTENCES = {
    "says megapixels": "megapixels",
    "says empty": "empty",
    "says damaged": "damaged",
    "names the format": "JPEG XL|HEIC",
    "says unsupported": "not supported|not a picture",
    "says why": "not supported|not a picture|damaged",
    "says EPS": "EPS",
}
"""What the sentence of a refusal must say."""

INDEX = {
    "size=128x128": "128 by 128",
    "dimensions_swapped": "one by two",
    "upright_or_documented": "326 by 268",
    "has_alpha": "alpha",
    "rgb_or_rgba_8bit_out": "plain colours",
    "out_mode=RGB": "red, green and blue",
    "upright: mean abs diff to p_hopper.jpg <= 10 of 255": "as the portrait",
    "orientation_tag_absent_after_normalise": "no tags",
    "no_gps_in_stored_display_copy": "no place",
    "no_gps_in_bytes_sent_to_provider": "no place",
    "no 'GPSLatitude' in stored copy": "no latitude",
    "text_chunks_stripped": "no text",
    "xmp_stripped": "no xmp",
    "metadata_stripped": "no notes",
    "no_script_executes": "no notes",
    "trailing bytes absent in stored copy": "no page behind",
    "not_inverted: mean RGB within 10 of p_pil_sample_rgb.jpg": "not inverted",
    "converted to sRGB or profile kept": "no profile",
    "output_smaller_than_input_or_profile_dropped": "no profile",
    "animated_kept_or_first_frame; documented": "still",
    "first frame": "still",
    "first frame only": "still",
    "stored mime=image/png": "a PNG",
    "no ZeroDivision; thumb >= 1 px": "thumbnail of a line",
    "has no crash in JPEG conversion": "plain colours",
    "never passed through unconverted": "made anew",
    "reject by declared size": "says megapixels",
    "reject from header": "says megapixels",
    "reject by declared size, <= 200 ms, <= 50 MB extra RSS": "says megapixels",
    "'empty file'": "says empty",
    "message_says_damaged": "says damaged",
    "message_names_format": "names the format",
    "refused by allow-list": "says why",
    "no gs process spawned": "says EPS",
}
"""The checks above in the words of the corpus's index."""


def real() -> dict[str, Callable[[], Specimen]]:
    """The corpus beside the repository, if there is one."""
    index = CORPUS / "index.json"
    rows: list[dict[str, Any]] = json.loads(index.read_text()) if index.exists() else []

    def read(row: dict[str, Any]) -> Specimen:
        checks = tuple(INDEX[check] for check in row["checks"] if check in INDEX)
        return Specimen((CORPUS / row["file"]).read_bytes(), row["expect"], checks)

    return {row["file"]: lambda row=row: read(row) for row in rows}  # type: ignore[misc]


FILES = {**MADE, **real()}


@pytest.fixture
def specimen(request: pytest.FixtureRequest) -> Specimen:
    """Made when it is its turn: a few are large."""
    made: Specimen = FILES[request.param]()
    return made


each = pytest.mark.parametrize("specimen", FILES, indirect=True)


def outcome(ingest: ImageIngest, data: bytes, origin: ImageOrigin) -> IngestedImage | str:
    """What became of it: the ingested picture, or the sentence of the refusal."""
    try:
        return ingest.ingest(data, origin)
    except MediaRejected as refusal:
        return str(refusal)


@each
def test_an_upload_is_taken_or_refused_as_is_said_of_it(
    ingest: ImageIngest, specimen: Specimen
) -> None:
    became = outcome(ingest, specimen.data, "upload")
    if isinstance(became, str):
        assert specimen.expect in {"reject", "tolerate"}, became
        assert became.endswith(".")
        for check in specimen.checks:
            assert re.search(SENTENCES.get(check, ""), became), (check, became)
        return
    assert specimen.expect in {"accept", "tolerate"}
    stored, small = picture(became), decoded(became.thumbnail)
    assert became.ref.mime == f"image/{(stored.format or '').lower()}"
    assert became.ref.mime in {"image/png", "image/jpeg", "image/webp"}
    assert stored.size == (became.ref.width_px, became.ref.height_px)
    assert not stored.getexif()
    assert 1 <= min(small.size) <= max(small.size) <= 768
    tried = [check for check in specimen.checks if check in CHECKS]
    assert [check for check in tried if not CHECKS[check](became, specimen.data)] == []


@each
def test_the_same_file_from_a_model_is_kept_exactly_or_refused(
    ingest: ImageIngest, specimen: Specimen
) -> None:
    became = outcome(ingest, specimen.data, "model")
    if isinstance(became, str):
        assert specimen.expect in {"reject", "tolerate"}, became
        return
    # What nobody may upload may come from a model: it is shown as pixels, or as an empty sheet.
    assert specimen.expect in {"accept", "tolerate"} or became.ref.mime not in DISPLAYED
    assert became.data == specimen.data
    assert decoded(became.thumbnail).format == "WEBP"


@each
def test_what_is_stored_is_clean_for_good(ingest: ImageIngest, specimen: Specimen) -> None:
    """A stored copy that is uploaded again stays as it is: there is nothing left to clean."""
    once = outcome(ingest, specimen.data, "upload")
    if isinstance(once, str):
        assert specimen.expect != "accept", once
        return
    assert ingest.ingest(once.data, "upload").data == once.data


def test_every_check_is_tried_by_some_file() -> None:
    """A check whose name changed would silently be tried no more."""
    named = {check for made in MADE.values() for check in made().checks}
    assert named <= CHECKS.keys() | SENTENCES.keys()
    assert CHECKS.keys() | SENTENCES.keys() <= named | set(INDEX.values())
