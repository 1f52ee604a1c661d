"""Which way is up is what a browser says: EXIF or the format's own boxes, and never XMP."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from chat.images.ingest import ImageIngest
from tests.unit.images.pictures import CORNERS, chunk, corners, decoded, encoded, far, quarters

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def turned() -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = 6
    return tags


def heic() -> bytes:
    """With XMP that says so; its encoder would believe it, and write a box that turns."""
    out = BytesIO()
    pillow_heif.from_pillow(quarters()).save(
        out, quality=90, xmp=XMP.replace(b"Orientation", b"orientation")
    )
    return out.getvalue().replace(b"tiff:orientation", b"tiff:Orientation")


GIF = encoded(quarters(), "GIF")
BEHIND_PALETTE = 13 + 3 * (2 << (GIF[10] & 7))
GIF_XMP = b"!\xff\x0bXMP DataXMP" + XMP + b"\1" + bytes(range(255, -1, -1)) + b"\0"
PNG = encoded(quarters(), "PNG")
TEXT = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)
EXIF = turned().tobytes()
HEX = b"\nexif\n%8d\n%s\n" % (len(EXIF), EXIF.hex().encode())
NOT_TURNED = {
    "JPEG, XMP": encoded(quarters(), "JPEG", xmp=XMP),
    "JPEG, XMP where EXIF says nothing of use": encoded(
        quarters(), "JPEG", xmp=XMP, exif=Image.Exif().tobytes()
    ),
    "GIF, XMP": GIF[:BEHIND_PALETTE] + GIF_XMP + GIF[BEHIND_PALETTE:],
    "TIFF, XMP": encoded(quarters(), "TIFF", tiffinfo={700: XMP}),
    "WebP, XMP": encoded(quarters(), "WEBP", xmp=XMP),
    "WebP, EXIF": encoded(quarters(), "WEBP", exif=turned()),
    "AVIF, XMP": encoded(quarters(), "AVIF", xmp=XMP),
    "HEIC, XMP": heic(),
    "PNG, XMP": PNG[:33] + TEXT + PNG[33:],
    "PNG, EXIF as text": PNG[:33] + chunk(b"tEXt", b"Raw profile type exif\0" + HEX) + PNG[33:],
    "PNG, EXIF behind the pixels": PNG[:-12] + chunk(b"eXIf", EXIF[6:]) + PNG[-12:],
}


@pytest.mark.parametrize("name", NOT_TURNED)
def test_a_picture_that_no_browser_turns_is_not_turned(ingest: ImageIngest, name: str) -> None:
    uploaded = ingest.ingest(NOT_TURNED[name], "upload")
    made = ingest.ingest(NOT_TURNED[name], "model")
    for picture in (uploaded.data, uploaded.thumbnail, made.thumbnail):
        found = corners(decoded(picture))
        assert all(far(a, b) <= 24 for a, b in zip(found, CORNERS, strict=True)), found
    assert (made.ref.width_px, made.ref.height_px) == (64, 48)
    assert (uploaded.ref.width_px, uploaded.ref.height_px) == (64, 48)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "AVIF"])
def test_exif_is_believed_whatever_xmp_says(ingest: ImageIngest, form: str) -> None:
    options = {} if form == "PNG" else {"xmp": XMP.replace(b'"6"', b'"3"')}
    data = encoded(quarters(), form, exif=turned(), **options)
    made = ingest.ingest(data, "model")
    assert (made.ref.width_px, made.ref.height_px) == (48, 64)
    assert far(corners(decoded(made.thumbnail))[1], CORNERS[0]) <= 24
