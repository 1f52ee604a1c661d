"""An upload is stored as a clean copy: it looks the same, and tells nothing else."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from chat.images.ingest import ImageIngest
from tests.unit.images.pictures import (
    CORNERS,
    chunk,
    corners,
    decoded,
    encoded,
    exif,
    far,
    noise,
    png,
    quarters,
    srgb_profile,
    swapped_profile,
)

CANARY = b"Canary"


@pytest.mark.parametrize(
    "data",
    [
        encoded(quarters(), "PNG"),
        encoded(quarters().convert("RGBA").rotate(30), "PNG"),
        encoded(quarters().convert("L"), "PNG"),
        encoded(quarters(), "JPEG"),
        encoded(quarters(), "JPEG", progressive=True, subsampling=0),
        encoded(quarters().convert("L"), "JPEG"),
        encoded(noise(300, 200), "JPEG", quality=95, restart_marker_rows=1),
        encoded(quarters(), "WEBP"),
        encoded(quarters(), "WEBP", lossless=True),
        encoded(quarters().convert("RGBA").rotate(30), "WEBP", lossless=True),
    ],
)
def test_a_clean_upload_keeps_every_byte(ingest: ImageIngest, data: bytes) -> None:
    ingested = ingest.ingest(data, "upload")
    assert ingested.data == data
    assert (ingested.ref.width_px, ingested.ref.height_px) == (64, 48) or len(data) > 50_000
    assert ingested.note == ""


def commented_png() -> bytes:
    info = PngInfo()
    info.add_text("Author", "Canary")
    info.add_itxt("XML:com.adobe.xmp", "<x>Canary</x>", zip=False)
    return encoded(quarters(), "PNG", pnginfo=info, exif=exif(), icc_profile=srgb_profile())


@pytest.mark.parametrize(
    ("data", "clean"),
    [
        (commented_png(), encoded(quarters(), "PNG")),
        (
            encoded(
                quarters(),
                "JPEG",
                exif=exif(),
                xmp=b"<x>Canary</x>",
                comment=b"<script>Canary</script>",
                icc_profile=srgb_profile(),
            ),
            encoded(quarters(), "JPEG"),
        ),
        (
            encoded(quarters(), "WEBP", exif=exif(), xmp=b"Canary", icc_profile=srgb_profile()),
            None,
        ),
    ],
)
def test_metadata_goes_and_pixels_stay_exactly(
    ingest: ImageIngest, data: bytes, clean: bytes | None
) -> None:
    """Who took a picture, and where, is nobody's business; yet nothing of it gets coarser."""
    assert CANARY in data
    ingested = ingest.ingest(data, "upload")
    assert CANARY not in ingested.data
    assert b"Exif" not in ingested.data
    assert decoded(ingested.data).tobytes() == decoded(data).tobytes()
    assert "icc_profile" not in decoded(ingested.data).info
    assert clean is None or ingested.data == clean


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_what_is_glued_to_the_end_is_cut_off(ingest: ImageIngest, form: str) -> None:
    data = encoded(quarters(), form)
    ingested = ingest.ingest(data + b"<html><script>Canary()</script>" + data, "upload")
    assert ingested.data == data


def test_a_png_chunk_of_a_harmless_name_cannot_smuggle_text(ingest: ImageIngest) -> None:
    plain = encoded(quarters(), "PNG")
    smuggling = plain[:33] + chunk(b"pHYs", b"Canary, longer than 9") + plain[33:]
    assert ingest.ingest(smuggling, "upload").data == plain


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright_however_the_phone_was_held(
    ingest: ImageIngest, form: str, orientation: int
) -> None:
    turns = {
        1: [],
        2: [Image.Transpose.FLIP_LEFT_RIGHT],
        3: [Image.Transpose.ROTATE_180],
        4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE],
        6: [Image.Transpose.ROTATE_90],
        7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }
    held = quarters()
    for turn in turns[orientation]:
        held = held.transpose(turn)
    ingested = ingest.ingest(encoded(held, form, exif=exif(orientation)), "upload")
    assert (ingested.ref.width_px, ingested.ref.height_px) == (64, 48)
    for picture in (decoded(ingested.data), decoded(ingested.thumbnail)):
        assert picture.size == (64, 48)
        assert not picture.getexif()
        found = corners(picture)
        assert all(far(a, b) <= 24 for a, b in zip(found, CORNERS, strict=True)), found


def test_broken_exif_costs_nothing(ingest: ImageIngest) -> None:
    data = encoded(quarters(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\xff\xff\xff")
    assert ingest.ingest(data, "upload").data == encoded(quarters(), "JPEG")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_colours_of_another_space_are_converted(ingest: ImageIngest, form: str) -> None:
    """Dropping the profile alone would show red as blue."""
    data = encoded(quarters(), form, icc_profile=swapped_profile())
    ingested = ingest.ingest(data, "upload")
    for picture in (decoded(ingested.data), decoded(ingested.thumbnail)):
        assert "icc_profile" not in picture.info
        assert far(corners(picture)[0], (0, 0, 255)) <= 24
        assert far(corners(picture)[2], (255, 0, 0)) <= 24


def test_sixteen_bit_grey_is_scaled_not_clipped(ingest: ImageIngest) -> None:
    grey = Image.frombytes(
        "I;16", (3, 1), b"".join(v.to_bytes(2, "little") for v in (0, 40_000, 65_535))
    )
    ingested = ingest.ingest(encoded(grey, "PNG"), "upload")
    assert list(decoded(ingested.data).tobytes()) == [0, 156, 255]
    assert list(decoded(ingested.thumbnail).convert("L").tobytes()) != [0, 255, 255]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            png(2, 1, 8, 2, b"\0\x0a\x14\x1e\x01\x02\x03", chunk(b"tRNS", b"\0\x0a\0\x14\0\x1e")),
            (0, 255),
        ),
        (png(2, 1, 8, 0, b"\0\x05\x06", chunk(b"tRNS", b"\0\x05")), (0, 255)),
        (png(2, 1, 4, 0, b"\0\x5f", chunk(b"tRNS", b"\0\x05")), (0, 255)),
        (png(2, 1, 1, 0, b"\0\x80", chunk(b"tRNS", b"\0\x01")), (0, 255)),
        (png(2, 1, 16, 0, b"\0\x01\x02\x01\x03", chunk(b"tRNS", b"\x01\x02")), (0, 255)),
        (
            png(
                2,
                1,
                16,
                2,
                b"\0" + b"\x11\x22" * 3 + b"\x44\x22" * 3,
                chunk(b"tRNS", b"\x11\x22" * 3),
            ),
            (0, 255),
        ),
        (
            png(2, 1, 8, 3, b"\0\0\1", chunk(b"PLTE", bytes(6)), chunk(b"tRNS", b"\x40\xff")),
            (64, 255),
        ),
    ],
    ids=["rgb", "grey", "grey4", "grey1", "grey16", "rgb16", "palette"],
)
def test_a_colour_declared_see_through_becomes_alpha(
    ingest: ImageIngest, data: bytes, expected: tuple[int, int]
) -> None:
    picture = decoded(ingest.ingest(data, "upload").data)
    assert picture.mode == "RGBA"
    assert tuple(picture.getchannel("A").tobytes()) == expected


def test_a_print_photo_is_not_shown_as_a_negative(ingest: ImageIngest) -> None:
    ingested = ingest.ingest(encoded(quarters().convert("CMYK"), "JPEG", quality=95), "upload")
    assert ingested.ref.mime == "image/jpeg"
    for picture in (decoded(ingested.data), decoded(ingested.thumbnail)):
        assert picture.mode == "RGB"
        assert all(far(a, b) <= 24 for a, b in zip(corners(picture), CORNERS, strict=True))


@pytest.mark.parametrize(
    ("form", "mode", "mime"),
    [
        ("GIF", "RGB", "image/png"),
        ("AVIF", "RGB", "image/jpeg"),
        ("AVIF", "RGBA", "image/png"),
    ],
)
def test_formats_that_not_every_model_takes_are_converted(
    ingest: ImageIngest, form: str, mode: str, mime: str
) -> None:
    source = quarters().convert(mode)
    if mode == "RGBA":
        source.putalpha(100)
    ingested = ingest.ingest(encoded(source, form), "upload")
    assert ingested.ref.mime == mime
    assert decoded(ingested.data).size == (64, 48)
    assert decoded(ingested.thumbnail).mode == mode


def test_an_iphone_photo_becomes_a_jpeg(ingest: ImageIngest) -> None:
    out = BytesIO()
    pillow_heif.from_pillow(quarters(128, 96)).save(out, quality=90)
    ingested = ingest.ingest(out.getvalue(), "upload")
    assert ingested.ref.mime == "image/jpeg"
    assert all(
        far(a, b) <= 24 for a, b in zip(corners(decoded(ingested.data)), CORNERS, strict=True)
    )
    assert ingest.ingest(out.getvalue(), "tool").ref.mime == "image/heic"


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
def test_an_animation_becomes_its_first_frame_and_the_user_is_told(
    ingest: ImageIngest, form: str
) -> None:
    frames = [quarters(), quarters().rotate(180), quarters().rotate(90)]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:])
    ingested = ingest.ingest(data, "upload")
    assert ingested.ref.mime in {"image/png", "image/jpeg"}
    assert getattr(decoded(ingested.data), "n_frames", 1) == 1
    assert far(corners(decoded(ingested.data))[0], CORNERS[0]) <= 24
    assert ingested.note == "Only the first frame of the animation is used."
