"""Pictures of old programs and scanners are kept as PNG; what a camera wrote raw is refused."""

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from chat.core.errors import MediaRejected
from chat.images.ingest import ImageIngest
from chat.images.processing import FIRST_PAGE
from tests.unit.images.pictures import encoded, quarters


def pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("RGBA"))


def pages(*images: Image.Image, **more: object) -> bytes:
    out = BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:], **more)
    return out.getvalue()


@pytest.mark.parametrize("form", ["BMP", "TIFF"])
@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB"])
def test_a_picture_is_kept_as_png_pixel_for_pixel(
    ingest: ImageIngest, form: str, mode: str
) -> None:
    picture = quarters().convert("RGB").convert(mode)
    kept = ingest.ingest(encoded(picture, form), "upload")
    assert kept.ref.mime == "image/png"
    assert (kept.ref.width_px, kept.ref.height_px) == picture.size
    assert (pixels(kept.data) == np.asarray(picture.convert("RGBA"))).all()
    assert kept.note == ""


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_a_tiff_is_taken_however_it_is_packed(ingest: ImageIngest, compression: str) -> None:
    picture = quarters().convert("RGB")
    kept = ingest.ingest(pages(picture, compression=compression), "upload")
    assert kept.ref.mime == "image/png"
    assert (kept.ref.width_px, kept.ref.height_px) == picture.size


@pytest.mark.parametrize("mode", ["CMYK", "LAB", "I;16", "F", "RGBA", "LA"])
def test_a_tiff_of_any_colours_is_taken(ingest: ImageIngest, mode: str) -> None:
    picture = Image.new(mode, (9, 7))
    kept = ingest.ingest(encoded(picture, "TIFF"), "upload")
    assert (kept.ref.mime, kept.ref.width_px, kept.ref.height_px) == ("image/png", 9, 7)


def test_of_several_pages_the_first_is_used_and_that_is_said(ingest: ImageIngest) -> None:
    red, blue = Image.new("RGB", (8, 6), "red"), Image.new("RGB", (20, 20), "blue")
    kept = ingest.ingest(pages(red, blue, blue), "upload")
    assert kept.note == FIRST_PAGE
    assert (kept.ref.width_px, kept.ref.height_px) == (8, 6)
    assert (pixels(kept.data) == (255, 0, 0, 255)).all()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_scan_stands_upright(ingest: ImageIngest, orientation: int) -> None:
    upright = quarters().convert("RGB")
    out = BytesIO()
    upright.save(out, "TIFF", tiffinfo={274: orientation})
    kept = ingest.ingest(out.getvalue(), "upload")
    whole = Image.open(BytesIO(out.getvalue()))
    whole.load()
    assert (kept.ref.width_px, kept.ref.height_px) == whole.size
    assert (pixels(kept.data) == np.asarray(whole.convert("RGBA"))).all()


@pytest.mark.parametrize("tags", [{254: 1}, {50706: b"\1\4\0\0"}], ids=["a preview", "DNG"])
def test_what_a_camera_wrote_raw_is_refused_with_a_way_out(
    ingest: ImageIngest, tags: dict[int, object]
) -> None:
    out = BytesIO()
    quarters().convert("RGB").save(out, "TIFF", tiffinfo=tags)
    with pytest.raises(MediaRejected, match=r"Camera raw is not supported\. Export it as JPEG"):
        ingest.ingest(out.getvalue(), "upload")


@pytest.mark.parametrize(
    ("mode", "levels", "grey"),
    [
        ("F", (0.0, 0.5, 1.0), (0, 128, 255)),
        ("F", (0.0, 100.0, 255.0), (0, 100, 255)),
        ("F", (-5.0, float("nan"), 200_000.0), (0, 0, 255)),
        ("I", (0, 100, 255), (0, 100, 255)),
        ("I", (0, 25_700, 65_535), (0, 100, 255)),
    ],
)
def test_numbers_become_the_greys_that_they_mean(
    ingest: ImageIngest, mode: str, levels: tuple[float, ...], grey: tuple[int, ...]
) -> None:
    picture = Image.new(mode, (3, 1))
    picture.putdata(levels)
    kept = ingest.ingest(encoded(picture, "TIFF"), "upload")
    assert pixels(kept.data)[0, :, 0].tolist() == list(grey)


def in_planes(bits: int) -> bytes:
    """A red TIFF of one row of 16 pixels, its colours in planes that are not packed."""
    planes = [b"\xff" * (bits * 2), bytes(bits * 2), bytes(bits * 2)]
    at = 8 + 2 + 10 * 12 + 4
    told = [
        (256, 3, 1, 16), (257, 3, 1, 1), (258, 3, 3, at), (259, 3, 1, 1), (262, 3, 1, 2),
        (273, 4, 3, at + 6), (277, 3, 1, 3), (278, 3, 1, 1), (279, 4, 3, at + 18), (284, 3, 1, 2),
    ]  # fmt: skip
    starts = [at + 30 + bits * 2 * number for number in range(3)]
    lists = struct.pack("<3H3I3I", *[bits] * 3, *starts, *[bits * 2] * 3)
    entries = b"".join(struct.pack("<HHII", *entry) for entry in told)
    return (
        b"II*\0" + struct.pack("<IH", 8, len(told)) + entries + bytes(4) + lists + b"".join(planes)
    )


def test_planes_that_the_decoder_misreads_are_refused_and_never_another_picture(
    ingest: ImageIngest,
) -> None:
    assert (pixels(ingest.ingest(in_planes(8), "upload").data) == (255, 0, 0, 255)).all()
    with pytest.raises(MediaRejected, match=r"planes of 16 bits .* Export it as PNG"):
        ingest.ingest(in_planes(16), "upload")


@pytest.mark.parametrize("form", ["BMP", "TIFF"])
def test_damaged_ones_are_refused_in_a_sentence(ingest: ImageIngest, form: str) -> None:
    data = encoded(quarters().convert("RGB"), form)
    for cut in (9, 30, len(data) // 2):
        with pytest.raises(MediaRejected):
            ingest.ingest(data[:cut], "upload")
