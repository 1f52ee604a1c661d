"""A model's SVG is kept exactly and shown as pixels; nothing in it runs, opens or fills."""

import io
from pathlib import Path

import pytest
from PIL import Image as Pillow

from chat.core.errors import MediaRejected
from chat.images.ingest import ImageIngest

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
RED = f'{HEAD} width="20" height="10"><rect width="20" height="10" fill="red"/></svg>'
DRAWN: dict[str, tuple[str, tuple[int, int]]] = {
    "sized": (RED, (1024, 512)),
    "a view box alone": (
        RED.replace('width="20" height="10"', 'viewBox="0 0 20 10"', 1),
        (1024, 512),
    ),
    "in percent": (
        RED.replace('width="20" height="10"', 'width="100%" height="100%" viewBox="0 0 10 10"', 1),
        (1024, 1024),
    ),
    "in points": (
        RED.replace('width="20" height="10"', 'width="24pt" height="12pt"', 1),
        (1024, 512),
    ),
    "in millimetres": (
        RED.replace('width="20" height="10"', 'width="20mm" height="1cm"', 1),
        (1024, 512),
    ),
    "very large": (
        RED.replace('width="20" height="10"', 'width="90000" height="45000"'),
        (2048, 1024),
    ),
    "no namespace": (RED.replace(' xmlns="http://www.w3.org/2000/svg"', ""), (1024, 512)),
    "a prolog": (f'<?xml version="1.0" encoding="utf-8"?>\n<!-- a fox -->\n{RED}', (1024, 512)),
    "words": (RED.replace("</svg>", '<text x="1" y="8">Hi</text></svg>'), (1024, 512)),
    "scripts": (
        RED.replace("<rect", '<script>alert(1)</script><rect onload="alert(1)"'),
        (1024, 512),
    ),
    "undeclared xlink": (
        (
            '<svg width="20" height="10"><rect width="20" height="10" fill="red"/>'
            '<use xlink:href="#a"/></svg>'
        ),
        (1024, 512),
    ),
}
NOT_DRAWN = {
    "broken": f"{HEAD}><rect",
    "entities": '<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>'
    f"{HEAD}><text>&b;</text></svg>",
    "too deep": f"{HEAD}>{5_000 * '<g>'}{5_000 * '</g>'}</svg>",
    "no SVG": f"<html>{RED}</html>",
}


def pixel(png: bytes) -> tuple[int, ...]:
    with Pillow.open(io.BytesIO(png)) as picture:
        found = picture.convert("RGBA").getpixel((100, 100))
    assert isinstance(found, tuple)
    return found


@pytest.mark.parametrize(("drawing", "size"), DRAWN.values(), ids=DRAWN.keys())
def test_a_drawing_of_a_model_is_kept_and_sent_as_pixels(
    ingest: ImageIngest, drawing: str, size: tuple[int, int]
) -> None:
    data = drawing.encode()
    kept = ingest.ingest(data, "model")
    assert (kept.data, kept.ref.mime, kept.note) == (data, "image/svg+xml", "")
    assert (kept.ref.width_px, kept.ref.height_px) == size
    pixels, ref = ingest.fit(data, 10_000_000)
    assert (ref.mime, ref.width_px, ref.height_px) == ("image/png", *size)
    assert pixel(pixels) == (255, 0, 0, 255)


@pytest.mark.parametrize("drawing", NOT_DRAWN.values(), ids=NOT_DRAWN.keys())
def test_what_cannot_be_drawn_is_kept_all_the_same(ingest: ImageIngest, drawing: str) -> None:
    data = drawing.encode()
    kept = ingest.ingest(data, "model")
    assert kept.data == data
    assert kept.note.startswith("The SVG picture could not be shown here; ")
    assert kept.thumbnail
    with pytest.raises(MediaRejected, match="damaged or takes too much"):
        ingest.fit(data, 10_000_000)


def test_a_drawing_opens_no_file(ingest: ImageIngest, tmp_path: Path) -> None:
    blue = tmp_path / "blue.png"
    Pillow.new("RGB", (20, 10), "blue").save(blue)
    pictures = "".join(
        f'<image {name}="{address}" width="20" height="10"/>'
        for name in ("href", "xlink:href")
        for address in (blue, f"file://{blue}", "http://127.0.0.1:9/blue.png")
    )
    data = RED.replace("</svg>", f"{pictures}</svg>").encode()
    assert pixel(ingest.fit(data, 10_000_000)[0]) == (255, 0, 0, 255)


def test_a_drawing_that_somebody_uploads_is_refused_in_words(ingest: ImageIngest) -> None:
    with pytest.raises(MediaRejected, match="SVG is not supported"):
        ingest.ingest(RED.encode(), "upload")


def test_nobody_is_told_to_export_what_a_model_made(ingest: ImageIngest) -> None:
    with pytest.raises(MediaRejected) as refusal:
        ingest.ingest(b"%PDF-1.7" + bytes(99), "model")
    assert str(refusal.value) == "It is not one that Easel can show: PDF."


def test_an_animation_of_a_model_is_kept_and_its_first_frame_sent(ingest: ImageIngest) -> None:
    out = io.BytesIO()
    frames = [Pillow.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], loop=0)
    kept = ingest.ingest(out.getvalue(), "model")
    assert (kept.data, kept.ref.mime) == (out.getvalue(), "image/gif")
    assert pixel(ingest.fit(kept.data, 10_000_000)[0])[:3] == (255, 0, 0)
