"""Edits of uploads, measured in pixels: each does what it says and leaves the rest."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw

from tests.unit.sketch.conversation import Pixels, Talk, hue, pixels, plain, png, share
from tests.unit.sketch.living_room import sample_photo


def photo() -> bytes:
    """A red disc and a blue box on pale grey, light from the left."""
    image = Pillow.new("RGB", (300, 200), (205, 205, 205))
    draw = ImageDraw.Draw(image)
    draw.ellipse((110, 60, 210, 160), fill=(200, 40, 40))
    draw.rectangle((10, 120, 60, 180), fill=(40, 70, 190))
    return png(image)


async def edited(words: str, data: bytes | None = None) -> Pixels:
    return (await Talk().ask(words, data or photo())).picture


SOFA = (slice(520, 640), slice(420, 840))
WALL = (slice(60, 240), slice(500, 700))


async def test_the_sofa_of_the_sample_turns_green_and_the_wall_does_not() -> None:
    before = pixels(sample_photo())
    reply = await Talk().ask("make the sofa green", sample_photo())
    after = reply.picture
    assert hue(before[SOFA]) < 30
    assert 100 < hue(after[SOFA]) < 170
    assert np.abs(after[WALL] - before[WALL]).mean() < 3
    # Light and shade of the cloth are kept.
    light_before, light_after = before[SOFA].mean(axis=2), after[SOFA].mean(axis=2)
    assert np.corrcoef(light_before.ravel(), light_after.ravel())[0, 1] > 0.6
    assert "green" in reply.text


async def test_evening_light_after_the_green_sofa_keeps_it_green_and_warms_the_wall() -> None:
    talk = Talk()
    green = (await talk.ask("make the sofa green", sample_photo())).picture
    evening = (await talk.ask("now evening light")).picture
    assert evening.shape == green.shape
    assert evening.mean() < green.mean()
    assert (evening[WALL][..., 0] - evening[WALL][..., 2]).mean() > 40
    assert 80 < hue(evening[SOFA]) < 170


async def test_a_named_colour_is_found_and_only_that() -> None:
    done = await edited("make the red ball yellow")
    assert 40 < hue(done[90:130, 140:180]) < 65
    assert 215 < hue(done[130:170, 20:50]) < 245
    other = await edited("change blue to orange")
    assert 15 < hue(other[130:170, 20:50]) < 45
    assert hue(other[90:130, 140:180]) < 10


async def test_a_thing_that_cannot_be_located_says_which_area_was_taken() -> None:
    reply = await Talk().ask("make the dragon green", photo())
    assert "the red area" in reply.text
    assert 100 < hue(reply.picture[90:130, 140:180]) < 170


async def test_a_grey_picture_has_nothing_to_recolour_and_that_is_said() -> None:
    reply = await Talk().ask("make the sofa green", plain((128, 128, 128)))
    assert "found no" in reply.text


async def test_greyscale_and_rotate_in_one_sentence() -> None:
    done = await edited("greyscale and rotate 90 degrees")
    assert done.shape[:2] == (300, 200)
    assert float(np.ptp(done, axis=2).max()) == 0
    # Clockwise: the lower left corner comes to the upper left.
    before = pixels(photo())
    assert abs(done[30, 50].mean() - before[150, 30] @ [0.299, 0.587, 0.114]) < 3


def red_over_blue(picture: Pixels) -> float:
    return float((picture[..., 0] - picture[..., 2]).mean())


def colourfulness(picture: Pixels) -> float:
    return float(np.ptp(picture, axis=2).mean())


def steepest(picture: Pixels) -> float:
    return float(np.abs(np.diff(picture, axis=1)).max())


@pytest.mark.parametrize(
    ("words", "measure", "least"),
    [
        ("make it brighter", lambda p: p.mean(), 5),
        ("make it darker", lambda p: -p.mean(), 5),
        ("warmer please", red_over_blue, 10),
        ("cooler", lambda p: -red_over_blue(p), 10),
        ("more contrast", lambda p: p.std(), 3),
        ("less contrast", lambda p: -p.std(), 3),
        ("more saturated", colourfulness, 2),
        ("desaturate it", lambda p: -colourfulness(p), 2),
        ("sepia", red_over_blue, 20),
        ("blur it", lambda p: -steepest(p), 20),
        ("sharpen", lambda p: p.std(), 0.5),
        ("cartoon", lambda p: (p.mean(axis=2) < 60).sum(), 100),
        ("pixelate", lambda p: -(np.diff(p[..., 0], axis=1) != 0).any(axis=0).sum(), 10),
        ("add a vignette", lambda p: -p[:9, :9].mean(), 60),
        ("night", lambda p: -p.mean(), 80),
        ("dawn light", lambda p: (p[..., 0] - p[..., 1]).mean(), 5),
        ("let it snow", lambda p: (p.min(axis=2) > 240).mean(), 0.004),
        ("add rain", lambda p: p[:40].std(), 3),
        ("add a black border", lambda p: -p[1].max(), 100),
        ('add the caption "Hello"', lambda p: -p[150:].mean(), 20),
        ("make the grey parts pink", red_over_blue, 10),
    ],
)
async def test_an_edit_moves_its_measure(
    words: str, measure: Callable[[Pixels], float], least: float
) -> None:
    before, after = pixels(photo()), await edited(words)
    assert measure(after) - measure(before) > least


@pytest.mark.parametrize(
    ("words", "done"),
    [
        ("invert the colours", lambda p: 255 - p),
        ("mirror it", lambda p: p[:, ::-1]),
        ("flip it vertically", lambda p: p[::-1]),
        ("rotate by 180 degrees", lambda p: p[::-1, ::-1]),
        ("rotate left", np.rot90),
        ("crop to a square", lambda p: p[:, 50:250]),
    ],
)
async def test_an_exact_edit_is_exact(words: str, done: Callable[[Pixels], Pixels]) -> None:
    assert np.array_equal(await edited(words), done(pixels(photo())))


@pytest.mark.parametrize(
    ("words", "size_px"),
    [
        ("crop to 16:9", (300, 169)),
        ("resize to 150x100", (150, 100)),
        ("resize to 50%", (150, 100)),
        ("resize it to 600 px wide", (600, 400)),
        ("make it half size: scale down", (150, 100)),
    ],
)
async def test_an_edit_of_the_size_gives_that_size(words: str, size_px: tuple[int, int]) -> None:
    assert (await edited(words)).shape[1::-1] == size_px


async def test_a_caption_is_written_as_it_was_spelled() -> None:
    reply = await Talk().ask('add the caption "Grüße aus Wien, 1 + 1"', photo())
    assert "“Grüße aus Wien, 1 + 1”" in reply.text


async def test_one_picture_goes_into_the_other() -> None:
    thing = Pillow.new("RGB", (100, 100), (255, 255, 255))
    ImageDraw.Draw(thing).ellipse((20, 20, 80, 80), fill=(220, 30, 30))
    place = plain((60, 120, 200), (400, 300))
    reply = await Talk().ask("put the first picture into the second", png(thing), place)
    done = reply.picture
    assert done.shape[:2] == (300, 400)
    assert share(done[150:250, 150:250], 0) > 0.3
    assert share(done[:, :60], 0) == 0
    assert np.abs(done[:40] - pixels(place)[:40]).max() == 0
    swapped = (await Talk().ask("put the second into the first", place, png(thing))).picture
    assert swapped.shape[:2] == (300, 400)


async def test_something_can_be_added_to_a_photo() -> None:
    done = await edited("add a red boat", plain((90, 140, 200), (400, 300)))
    changed = np.abs(done - pixels(plain((90, 140, 200), (400, 300)))).sum(axis=2) > 30
    assert 0.01 < changed.mean() < 0.6


async def test_a_phone_photo_is_turned_upright_before_the_edit() -> None:
    image = Pillow.open(io.BytesIO(photo()))
    exif = Pillow.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    assert (await edited("greyscale", out.getvalue())).shape[:2] == (300, 200)


async def test_a_question_about_a_picture_is_answered_as_far_as_rules_go() -> None:
    reply = await Talk().ask("what is in this picture?", photo())
    assert "cannot recognise" in reply.text
    assert "300×200" in reply.text
    assert reply.shown == []


async def test_a_shade_belongs_to_the_colour() -> None:
    dark, light = (
        await edited("make the ball dark green"),
        await edited("make the ball light green"),
    )
    assert dark[100:120, 150:170].mean() + 25 < light[100:120, 150:170].mean()


async def test_a_place_in_a_photo_that_rules_cannot_find_is_not_guessed() -> None:
    reply = await Talk().ask("put a cat on the sofa", sample_photo())
    assert reply.shown == []
    assert "cannot find “sofa”" in reply.text


async def test_the_plant_of_the_sample_turns_red_and_the_sofa_stays() -> None:
    before, after = pixels(sample_photo()), await edited("make the plant red", sample_photo())
    leaf = (slice(420, 560), slice(95, 125))
    assert 100 < hue(before[leaf]) < 170
    assert not 60 < hue(after[leaf]) < 300
    assert np.abs(after[SOFA] - before[SOFA]).mean() < 3


def test_the_bundled_picture_is_what_our_code_draws() -> None:
    """The file in assets may not drift from the program that draws it."""
    path = Path(__file__).resolve().parents[3] / "assets/samples/living-room.jpg"
    kept, drawn = pixels(path.read_bytes()), pixels(sample_photo())
    assert path.stat().st_size < 300_000
    assert np.abs(kept - drawn).mean() < 2
