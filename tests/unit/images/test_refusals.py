"""What is not taken is refused with a sentence that helps, before any decoder sees it."""

import pytest

from chat.core.errors import MediaRejected
from chat.images.formats import sniff
from chat.images.ingest import ImageIngest
from chat.images.limits import Limits
from tests.unit.images.pictures import encoded, noise, png, quarters


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"\xff\x0a\xfa\x00", "JPEG XL is not supported. Export it as JPEG or PNG."),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL is not supported. Export it as JPEG or PNG."),
        (
            b"\x00\x00\x00\x0cjP  \r\n\x87\n",
            "JPEG 2000 is not supported. Export it as JPEG or PNG.",
        ),
        (b"II*\0\x10\0\0\0CR\2\0", "camera raw is not supported. Export it as JPEG or PNG."),
        (encoded(quarters(), "ICO"), "ICO is not supported. Export it as JPEG or PNG."),
        (encoded(quarters(), "EPS"), "EPS is not supported. Export it as JPEG or PNG."),
        (encoded(quarters(), "PDF"), "PDF is not supported. Export it as JPEG or PNG."),
        (b"8BPS\0\1", "PSD is not supported. Export it as JPEG or PNG."),
        (b"<svg onload='x()'/>", "SVG is not supported. Export it as JPEG or PNG."),
        (
            b"\xef\xbb\xbf<?xml version='1.0'?><!-- a --><!DOCTYPE svg><svg/>",
            "SVG is not supported. Export it as JPEG or PNG.",
        ),
    ],
)
def test_known_pictures_are_refused_by_name_with_a_way_out(
    ingest: ImageIngest, data: bytes, sentence: str
) -> None:
    with pytest.raises(MediaRejected) as refused:
        ingest.ingest(data, "upload")
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<!DOCTYPE html><p>hello", "a web page"),
        (b" <html><svg></svg></html>", "a web page"),
        (b"Dear picture,\nhow are you?", "text"),
        ("Grüße 🎨".encode(), "text"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomavc1", "a video"),
        (b"\x1aE\xdf\xa3\x01\0", "a video"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "a sound"),
        (b"PK\x03\x04\x14\0", "an archive or a document"),
        (b"\x7fELF\x02", "a program"),
    ],
)
def test_other_files_are_called_what_they_are(ingest: ImageIngest, data: bytes, what: str) -> None:
    with pytest.raises(MediaRejected, match=f"This is not a picture but {what}\\."):
        ingest.ingest(data, "upload")


def test_unknown_bytes_are_refused_with_the_list_of_what_is_taken(ingest: ImageIngest) -> None:
    with pytest.raises(MediaRejected, match=r"PNG, JPEG, WebP, GIF, AVIF, HEIC, BMP or TIFF"):
        ingest.ingest(b"\x00\x01\x02\x03" * 9, "upload")


@pytest.mark.parametrize(
    ("brands", "mime"),
    [
        (b"heic\0\0\0\0mif1heic", "image/heic"),
        (b"mif1\0\0\0\0mif1heic", "image/heic"),
        (b"mif1\0\0\0\0mif1avif", "image/avif"),
        (b"avis\0\0\0\0msf1", "image/avif"),
        (b"mif1\0\0\0\0miaf", "image/heif"),
    ],
)
def test_heic_and_avif_are_told_apart_by_their_brands(brands: bytes, mime: str) -> None:
    assert sniff((8 + len(brands)).to_bytes(4, "big") + b"ftyp" + brands).mime == mime


def test_a_file_over_the_limit_names_both_sizes(ingest: ImageIngest) -> None:
    with pytest.raises(MediaRejected) as refused:
        ingest.ingest(encoded(quarters(), "PNG") + bytes(20_000_000), "upload")
    assert str(refused.value) == "The file is 20.1 MB; the most Easel takes is 20 MB."


@pytest.mark.parametrize(
    "data",
    [
        png(45_000, 45_000, 1, 0, b"\0"),
        png(17_400, 17_400, 8, 2, b"\0"),
        b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;",
        b"RIFF\x1a\0\0\0WEBPVP8X\x0a\0\0\0\2\0\0\0\xff\x3f\0\xff\x3f\0",
        encoded(noise(2, 2), "JPEG").replace(b"\x08\0\2\0\2\3", b"\x08\xff\xff\xff\xff\3"),
    ],
    ids=["png", "png-just-over", "gif", "webp", "jpeg"],
)
def test_a_flood_of_pixels_is_refused_by_its_header(ingest: ImageIngest, data: bytes) -> None:
    with pytest.raises(MediaRejected, match=r"more than (300|120|75) megapixels"):
        ingest.ingest(data, "upload")


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_a_long_animation_is_used_by_its_first_frame(form: str) -> None:
    frames = [noise(4, 4).rotate(90 * turn) for turn in range(4)]
    data = encoded(frames[0], form, save_all=True, append_images=frames[1:])
    door = ImageIngest(Limits(counted_frames=3))
    try:
        assert door.ingest(data, "model").data == data
        taken = door.ingest(data, "upload")
        assert taken.note == "Only the first frame of the animation is used."
    finally:
        door.close()


def test_a_file_of_a_million_frames_is_taken_in_time(ingest: ImageIngest) -> None:
    """Pillow's own count would hold the worker until its deadline."""
    one = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    data = b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + one * 1_000_000 + b";"
    taken = ingest.ingest(data, "upload")
    assert taken.note == "Only the first frame of the animation is used."
    assert (taken.ref.width_px, taken.ref.height_px) == (1, 1)
