"""Real files that broke real programs: each is taken or refused as its index says.

The corpus lies beside the repository, not in it; where it is absent these tests are skipped,
and the tests with generated pictures still stand.
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
from chat.images.ingest import ImageIngest, IngestedImage
from tests.unit.images.pictures import decoded, far

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus"
INDEX = CORPUS / "index.json"
ROWS: list[dict[str, Any]] = json.loads(INDEX.read_text()) if INDEX.exists() else []

pytestmark = pytest.mark.skipif(not ROWS, reason="the corpus of pictures is not here")

Check = Callable[[IngestedImage, bytes], bool]


def picture(ingested: IngestedImage) -> Image.Image:
    return decoded(ingested.data)


def upright(ingested: IngestedImage, _: bytes) -> bool:
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
    "size=128x128": sized(128, 128),
    "dimensions_swapped": sized(1, 2),
    "upright_or_documented": sized(326, 268),
    "has_alpha": has_alpha,
    "rgb_or_rgba_8bit_out": plain_colours,
    "out_mode=RGB": lambda ingested, _: picture(ingested).mode == "RGB",
    "upright: mean abs diff to p_hopper.jpg <= 10 of 255": upright,
    "orientation_tag_absent_after_normalise": lambda ingested, _: not picture(ingested).getexif(),
    "no_gps_in_stored_display_copy": lacks(b"Exif\0\0"),
    "no_gps_in_bytes_sent_to_provider": lacks(b"GPS", b"Exif\0\0"),
    "no 'GPSLatitude' in stored copy": lacks(b"GPSLatitude"),
    "text_chunks_stripped": lacks(b"tEXt", b"iTXt", b"zTXt"),
    "xmp_stripped": lacks(b"ns.adobe.com/xap"),
    "metadata_stripped": lacks(b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"<script"),
    "no_script_executes": lacks(b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"<script"),
    "trailing bytes absent in stored copy": lacks(b"<script", b"<html"),
    "not_inverted: mean RGB within 10 of p_pil_sample_rgb.jpg": not_inverted,
    "converted to sRGB or profile kept": no_profile,
    "output_smaller_than_input_or_profile_dropped": no_profile,
    "animated_kept_or_first_frame; documented": still,
    "first frame": still,
    "first frame only": still,
    "stored mime=image/png": lambda ingested, _: ingested.ref.mime == "image/png",
    "no ZeroDivision; thumb >= 1 px": lambda ingested, _: (
        decoded(ingested.thumbnail).size == (768, 1)
    ),
    "has no crash in JPEG conversion": plain_colours,
    "never passed through unconverted": lambda ingested, data: ingested.data != data,
}
"""What can be told from what is stored. Checks of pages, of time and of memory are not here."""

SENTENCES = {
    "reject by declared size": "megapixels",
    "reject from header": "megapixels",
    "reject by declared size, <= 200 ms, <= 50 MB extra RSS": "megapixels",
    "'empty file'": "empty",
    "message_says_damaged": "damaged",
    "message_names_format": "JPEG XL|HEIC",
    "refused by allow-list": "not supported|not a picture",
    "no gs process spawned": "EPS",
}
"""What the sentence of a refusal must say."""


def outcome(ingest: ImageIngest, data: bytes, origin: ImageOrigin) -> IngestedImage | str:
    """What became of it: the ingested picture, or the sentence of the refusal."""
    try:
        return ingest.ingest(data, origin)
    except MediaRejected as refusal:
        return str(refusal)


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_an_upload_is_treated_as_the_index_says(ingest: ImageIngest, row: dict[str, Any]) -> None:
    data = (CORPUS / row["file"]).read_bytes()
    became = outcome(ingest, data, "upload")
    if isinstance(became, str):
        assert row["expect"] in {"reject", "tolerate"}, became
        assert became.endswith(".")
        for check in row["checks"]:
            assert re.search(SENTENCES.get(check, ""), became), (check, became)
        return
    assert row["expect"] in {"accept", "tolerate"}, row["why"]
    stored, small = picture(became), decoded(became.thumbnail)
    assert became.ref.mime == f"image/{(stored.format or '').lower()}"
    assert became.ref.mime in {"image/png", "image/jpeg", "image/webp"}
    assert stored.size == (became.ref.width_px, became.ref.height_px)
    assert not stored.getexif()
    assert 1 <= min(small.size) <= max(small.size) <= 768
    failed = [name for name in row["checks"] if name in CHECKS and not CHECKS[name](became, data)]
    assert failed == []


@pytest.mark.parametrize("row", ROWS, ids=[row["file"] for row in ROWS])
def test_the_same_file_from_a_model_is_kept_exactly_or_refused(
    ingest: ImageIngest, row: dict[str, Any]
) -> None:
    data = (CORPUS / row["file"]).read_bytes()
    became = outcome(ingest, data, "model")
    if isinstance(became, str):
        assert row["expect"] in {"reject", "tolerate"}, became
        return
    assert row["expect"] in {"accept", "tolerate"}
    assert became.data == data
    assert decoded(became.thumbnail).format == "WEBP"


@pytest.mark.parametrize(
    "row",
    [row for row in ROWS if row["expect"] == "accept"],
    ids=[row["file"] for row in ROWS if row["expect"] == "accept"],
)
def test_what_is_stored_is_clean_for_good(ingest: ImageIngest, row: dict[str, Any]) -> None:
    """A stored copy that is uploaded again stays as it is: there is nothing left to clean."""
    once = ingest.ingest((CORPUS / row["file"]).read_bytes(), "upload")
    assert ingest.ingest(once.data, "upload").data == once.data


def test_every_tried_check_is_one_of_the_corpus() -> None:
    """A check whose wording changed would silently be tried no more."""
    named = {check for row in ROWS for check in row["checks"]}
    assert CHECKS.keys() | SENTENCES.keys() <= named
