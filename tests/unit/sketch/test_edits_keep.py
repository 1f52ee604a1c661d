"""An edited picture keeps what nobody asked to change: size, format, and what is see-through."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from tests.unit.images.pictures import chunk, png
from tests.unit.sketch.conversation import Talk


def logo(size_px: tuple[int, int] = (320, 200)) -> Pillow.Image:
    """A red disc with a soft edge on nothing, and a colour hidden below."""
    image = Pillow.new("RGBA", size_px, (10, 250, 10, 0))
    wide, high = size_px
    draw = ImageDraw.Draw(image)
    draw.ellipse((wide // 4, high // 4, wide * 3 // 4, high * 3 // 4), fill=(200, 40, 40, 128))
    draw.ellipse((wide // 3, high // 3, wide * 2 // 3, high * 2 // 3), fill=(200, 40, 40, 255))
    return image


def encoded(image: Pillow.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **({"lossless": True, "exact": True} if form == "WEBP" else {}))
    return out.getvalue()


async def edited(words: str, data: bytes) -> Pillow.Image:
    (shown,) = (await Talk().ask(words, data)).shown
    with Pillow.open(io.BytesIO(shown.data)) as image:
        image.load()
        return image


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
@pytest.mark.parametrize(
    ("words", "moved"),
    [
        ("make it brighter", lambda image: image),
        ("turn it to greyscale", lambda image: image),
        ("make the red ball blue", lambda image: image),
        ("rotate it by 90 degrees", lambda image: image.transpose(Pillow.Transpose.ROTATE_270)),
        ("flip it", lambda image: image.transpose(Pillow.Transpose.FLIP_LEFT_RIGHT)),
        ("crop it to a square", lambda image: image.crop((60, 0, 260, 200))),
    ],
)
async def test_what_was_see_through_stays_see_through(
    words: str, moved: Callable[[Pillow.Image], Pillow.Image], form: str
) -> None:
    done = await edited(words, encoded(logo(), form))
    assert done.format == form
    assert done.mode == "RGBA"
    pixels = np.asarray(done)
    assert (pixels[..., 3] == np.asarray(moved(logo()))[..., 3]).all()
    assert not pixels[pixels[..., 3] == 0].any()


@pytest.mark.parametrize("words", ["flip it", "rotate it by 180 degrees"])
async def test_a_drawing_of_one_colour_is_turned_although_no_colour_moves(words: str) -> None:
    icon = Pillow.new("RGBA", (40, 30))
    icon.paste("white", (0, 0, 10, 30))
    done = await edited(words, encoded(icon, "PNG"))
    assert done.getchannel("A").getbbox() == (30, 0, 40, 30)


@pytest.mark.parametrize(
    ("depth", "colours", "row", "key", "expected"),
    [
        (4, 0, b"\x5f", b"\0\x05", [(255, 255, 255, 255), (0, 0, 0, 0)]),
        (16, 0, b"\x40\x40\xc0\xc0", b"", [(192, 192, 192, 255), (64, 64, 64, 255)]),
        (16, 0, b"\x12\x34\xc0\xc0", b"\x12\x34", [(192, 192, 192, 255), (0, 0, 0, 0)]),
        (16, 2, b"\x12\x34" * 3 + b"\xc0" * 6, b"\x12\x34" * 3, [(192,) * 3 + (255,), (0,) * 4]),
    ],
    ids=["grey4", "grey16", "grey16-see-through", "rgb16"],
)
async def test_a_png_of_any_depth_is_opened_as_it_is_shown(
    depth: int, colours: int, row: bytes, key: bytes, expected: list[tuple[int, ...]]
) -> None:
    """Two pixels, mirrored; the key names the left one as see-through."""
    named = [chunk(b"tRNS", key)] if key else []
    done = await edited("flip it", png(2, 1, depth, colours, b"\0" + row, *named))
    assert [done.convert("RGBA").getpixel((x, 0)) for x in range(2)] == expected


async def test_a_smaller_copy_is_as_see_through() -> None:
    done = await edited("resize it to 160x100", encoded(logo(), "PNG"))
    assert done.size == (160, 100)
    alpha = np.asarray(done)[..., 3]
    assert alpha[0, 0] == 0
    assert alpha[50, 80] == 255


async def test_a_frame_and_a_caption_are_opaque_and_the_rest_is_not() -> None:
    framed = np.asarray(await edited("add a blue frame", encoded(logo(), "PNG")))[..., 3]
    assert framed[0].min() == 255
    assert framed[framed.shape[0] // 6, framed.shape[1] // 6] == 0
    written = np.asarray(await edited('write "Hello" on it', encoded(logo(), "PNG")))[..., 3]
    assert written[-4].min() == 255
    assert written[4].max() == 0


async def test_a_colour_that_was_hidden_does_not_stain_what_is_seen() -> None:
    dotted = logo()
    ImageDraw.Draw(dotted).ellipse((150, 90, 170, 110), fill=(20, 20, 30, 255))
    done = np.asarray(await edited("blur it", encoded(dotted, "PNG")))
    assert done[done[..., 3] > 0][:, 1].max() < 60


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_stays_in_its_format_and_size(form: str) -> None:
    photo = Pillow.linear_gradient("L").resize((3000, 2000)).convert("RGB")
    done = await edited("make it darker", encoded(photo, form))
    assert (done.format, done.mode, done.size) == (form, "RGB", (3000, 2000))


async def test_a_picture_is_not_turned_by_words_that_no_browser_reads() -> None:
    out = io.BytesIO()
    xmp = b'<rdf:Description tiff:Orientation="6"/>'
    Pillow.new("RGB", (300, 200), (120, 90, 60)).save(out, "JPEG", xmp=xmp)
    assert (await edited("make it darker", out.getvalue())).size == (300, 200)
