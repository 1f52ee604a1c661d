"""What a model made in a format that browsers do not show is kept exactly, and shown as pixels."""

import struct
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from chat.core.errors import MediaRejected
from chat.core.parts import ImageOrigin
from chat.images.ingest import ImageIngest
from tests.unit.images.pictures import corners, decoded, encoded, far, quarters

PICTURE = quarters().convert("RGB").resize((128, 128), Image.Resampling.NEAREST)


def psd() -> bytes:
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 128, 128, 8, 3)
    planes = b"".join(band.tobytes() for band in PICTURE.split())
    return head + bytes(12) + b"\0\0" + planes


def heic() -> bytes:
    out = BytesIO()
    pillow_heif.from_pillow(PICTURE).save(out)
    return out.getvalue()


MADE = {
    "BMP": (encoded(PICTURE, "BMP"), "image/bmp"),
    "TIFF": (encoded(PICTURE, "TIFF"), "image/tiff"),
    "JPEG 2000": (encoded(PICTURE, "JPEG2000"), "image/jp2"),
    "JPEG 2000 alone": (encoded(PICTURE, "JPEG2000", no_jp2=True), "image/jp2"),
    "ICO": (encoded(PICTURE, "ICO"), "image/vnd.microsoft.icon"),
    "ICNS": (encoded(PICTURE, "ICNS", sizes=[(128, 128)]), "image/icns"),
    "PNM": (encoded(PICTURE, "PPM"), "image/x-portable-anymap"),
    "QOI": (encoded(PICTURE, "QOI"), "image/qoi"),
    "DDS": (encoded(PICTURE, "DDS"), "image/vnd-ms.dds"),
    "PSD": (psd(), "image/vnd.adobe.photoshop"),
    "HEIC": (heic(), "image/heic"),
}


@pytest.mark.parametrize(("data", "mime"), MADE.values(), ids=MADE.keys())
@pytest.mark.parametrize("origin", ["model", "tool"])
def test_it_is_kept_to_the_byte_and_shown_and_sent_as_pixels(
    ingest: ImageIngest, data: bytes, mime: str, origin: ImageOrigin
) -> None:
    kept = ingest.ingest(data, origin)
    assert (kept.data, kept.ref.mime, kept.note) == (data, mime, "")
    sent, ref = ingest.fit(data, 10_000_000)
    assert ref.mime in {"image/png", "image/jpeg"}
    assert (kept.ref.width_px, kept.ref.height_px) == (ref.width_px, ref.height_px)
    for shown in (sent, kept.thumbnail):
        found = zip(corners(decoded(shown)), corners(PICTURE), strict=True)
        assert all(far(one, other) <= 24 for one, other in found)


def undrawn(name: str) -> str:
    return (
        f"The {'HEIF' if name == 'HEIC' else name} picture could not be shown here; Download gives "
        "the file as the model made it."
    )


@pytest.mark.parametrize("name", ["BMP", "TIFF", "JPEG 2000", "ICO", "QOI", "PSD", "HEIC"])
def test_what_cannot_be_opened_was_paid_for_and_is_kept_all_the_same(
    ingest: ImageIngest, name: str
) -> None:
    data, mime = MADE[name]
    broken = data[:40]
    kept = ingest.ingest(broken, "model")
    assert (kept.data, kept.ref.mime, kept.note) == (broken, mime, undrawn(name))
    with pytest.raises(MediaRejected):
        ingest.fit(broken, 10_000_000)


@pytest.mark.parametrize(
    ("start", "mime", "name"),
    [
        (b"\xff\x0a", "image/jxl", "JPEG XL"),
        (b"\0\0\0\x0cJXL ", "image/jxl", "JPEG XL"),
        (b"\x76\x2f\x31\x01", "image/x-exr", "OpenEXR"),
        (b"#?RADIANCE\n", "image/vnd.radiance", "HDR"),
    ],
)
def test_what_nothing_here_opens_is_kept_for_download(
    ingest: ImageIngest, start: bytes, mime: str, name: str
) -> None:
    data = start + bytes(99)
    kept = ingest.ingest(data, "model")
    assert (kept.data, kept.ref.mime, kept.note) == (data, mime, undrawn(name))
    assert decoded(kept.thumbnail).size == (512, 512)
    with pytest.raises(MediaRejected, match="is not supported"):
        ingest.fit(data, 10_000_000)


@pytest.mark.parametrize("name", ["JPEG 2000", "ICO", "ICNS", "PNM", "QOI", "DDS", "PSD"])
def test_users_are_told_to_export_what_is_taken_of_models_alone(
    ingest: ImageIngest, name: str
) -> None:
    with pytest.raises(MediaRejected, match=r"is not supported\. Export it as JPEG or PNG\."):
        ingest.ingest(MADE[name][0], "upload")


def test_an_icon_is_as_large_as_the_picture_in_it(ingest: ImageIngest) -> None:
    data = bytearray(encoded(PICTURE, "ICO", sizes=[(128, 128)]))
    data[6:8] = b"\x40\x40"  # its list says 64 by 64
    kept = ingest.ingest(bytes(data), "model")
    assert (kept.ref.width_px, kept.ref.height_px) == (128, 128)


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">4sH6xHIIHH", b"8BPS", 1, 3, 60_000, 60_000, 8, 3) + bytes(99),
        b"P6 60000 60000 255\n" + bytes(99),
        b"qoif" + struct.pack(">IIBB", 60_000, 60_000, 3, 0) + bytes(99),
    ],
    ids=["PSD", "PNM", "QOI"],
)
def test_a_flood_of_pixels_is_kept_and_never_decoded(ingest: ImageIngest, data: bytes) -> None:
    assert "picture could not be shown here" in ingest.ingest(data, "model").note
    with pytest.raises(MediaRejected, match="megapixels cannot be opened"):
        ingest.fit(data, 10_000_000)


@pytest.mark.parametrize("words", [b"P2 20 people and one more", b"icns, DDS, qoif and so on"])
def test_words_are_no_pictures(ingest: ImageIngest, words: bytes) -> None:
    with pytest.raises(MediaRejected, match=r"not one that Easel can show: .* text"):
        ingest.ingest(words, "model")
