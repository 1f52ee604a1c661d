"""Picture tools without a model do what they say, pixel for pixel where they can."""

from hashlib import sha256
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from chat.core.errors import MediaRejected
from chat.images.operations.annotate import Annotate, Mark
from chat.images.operations.convert import Convert
from chat.images.operations.cutout import CutOut
from chat.images.operations.geometry import Crop, Extend, Flip, Resize, Rotate, Turn
from chat.images.operations.operation import Operation
from chat.images.operations.registry import apply_task, recipe_from_json, thumbnail_task
from chat.images.operations.tone import Adjust
from chat.images.raster import read
from tests.unit.images.edited import LIMITS, grey_mask, own_pixels, scene
from tests.unit.images.pictures import CORNERS, corners, decoded, encoded, exif, far, quarters

SCENE = scene(90, 61)
PNG = encoded(SCENE, "PNG")
CLEAR = encoded(Image.new("RGBA", (40, 30), (10, 200, 30, 90)), "PNG")


def edited(data: bytes, *operations: Operation, inputs: dict[str, bytes] | None = None) -> bytes:
    return everything(data, *operations, inputs=inputs)[1]


def everything(
    data: bytes, *operations: Operation, inputs: dict[str, bytes] | None = None
) -> tuple[dict[str, Any], bytes, bytes]:
    given_files = inputs or {}
    job = {"operations": [one.to_json() for one in operations], "inputs": list(given_files)}
    found, (made, _, new_area) = apply_task(job, [data, *given_files.values()], LIMITS)
    return found, made, new_area


def same(one: bytes, other: bytes) -> bool:
    return np.array_equal(own_pixels(one), own_pixels(other))


@pytest.mark.parametrize(
    "there_and_back",
    [
        [Turn(1)] * 4,
        [Turn(3), Turn(1)],
        [Turn(2), Turn(2)],
        [Flip("horizontal")] * 2,
        [Flip("vertical")] * 2,
        [Flip("horizontal"), Flip("vertical"), Turn(2)],
        [Rotate(90), Rotate(-90)],
        [Rotate(180)] * 2,
        [Resize(90, 61)],
        [Adjust()],
    ],
    ids=str,
)
@pytest.mark.parametrize("data", [PNG, encoded(SCENE, "JPEG"), encoded(SCENE.convert("L"), "PNG")])
def test_there_and_back_is_the_picture(there_and_back: list[Operation], data: bytes) -> None:
    assert same(edited(data, *there_and_back), data)


@settings(max_examples=40, deadline=None)
@given(sides=st.tuples(*[st.integers(0, 40)] * 4), fill=st.sampled_from(["white", "edge", "black"]))
def test_cropping_an_extended_canvas_gives_the_picture_back(
    sides: tuple[int, int, int, int], fill: str
) -> None:
    left, top, right, bottom = sides
    found, made, new_area = everything(
        PNG, Extend(left, top, right, bottom, fill), Crop(left, top, 90, 61)
    )
    assert (found["width_px"], found["height_px"]) == (90, 61)
    assert same(made, PNG)
    assert not own_pixels(new_area).any()


def test_the_new_area_of_a_canvas_is_told_even_after_it_was_turned() -> None:
    _, made, new_area = everything(PNG, Extend(10, 0, 0, 5), Turn(1))
    mask = own_pixels(new_area)[..., 0]
    assert mask.shape == own_pixels(made).shape[:2] == (100, 66)
    assert int((mask == 255).sum()) == 100 * 66 - 90 * 61
    assert (own_pixels(made)[mask == 255] == 0).all()
    assert (own_pixels(made)[mask == 0][:, 3] == 255).all()


def test_a_quarter_turn_goes_clockwise() -> None:
    made = decoded(edited(encoded(quarters(), "PNG"), Turn(1)))
    expected = [CORNERS[2], CORNERS[0], CORNERS[3], CORNERS[1]]
    assert corners(made) == expected
    assert corners(decoded(edited(encoded(quarters(), "PNG"), Rotate(90)))) == expected


def test_a_picture_held_sideways_is_cropped_as_it_is_shown() -> None:
    sideways = encoded(quarters().transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif(6))
    made = decoded(edited(sideways, Crop(0, 0, 32, 24)))
    assert made.size == (32, 24)
    assert {far(colour, CORNERS[0]) for colour in corners(made)} == {0}


def test_a_small_angle_keeps_the_middle_and_clears_the_corners() -> None:
    pixels = own_pixels(edited(encoded(Image.new("RGB", (80, 60), "red"), "PNG"), Rotate(10)))
    assert pixels.shape[2] == 4
    assert tuple(pixels[pixels.shape[0] // 2, pixels.shape[1] // 2]) == (255, 0, 0, 255)
    assert pixels[0, 0, 3] == 0
    seen = pixels[pixels[..., 3] > 0]
    assert (seen[:, 0] >= 250).all(), "what is see-through darkened the edge"


@pytest.mark.parametrize("degrees", [-45, -7.3, 1, 12, 90.5, 179])
def test_a_cropped_rotation_has_no_empty_corner(degrees: float) -> None:
    white = encoded(Image.new("RGBA", (200, 120), (255, 255, 255, 255)), "PNG")
    pixels = own_pixels(edited(white, Rotate(degrees, crop=True)))
    assert (pixels == 255).all()
    assert pixels.shape[1] / pixels.shape[0] == pytest.approx(200 / 120, rel=0.05)


def test_resizing_lends_no_colour_from_what_is_see_through() -> None:
    image = Image.new("RGBA", (64, 64), (0, 255, 0, 0))
    image.paste((255, 0, 0, 255), (16, 16, 48, 48))
    for size in ((32, 32), (100, 100)):
        pixels = own_pixels(edited(encoded(image, "PNG"), Resize(*size)))
        seen = pixels[pixels[..., 3] > 8].astype(int)
        assert (seen[:, 0] >= 240).all()
        assert (seen[:, 1] <= 15).all()


def test_half_the_size_is_the_average() -> None:
    columns = np.zeros((8, 8, 3), np.uint8)
    columns[:, ::2] = 200
    made = own_pixels(edited(encoded(Image.fromarray(columns), "PNG"), Resize(4, 4)))
    assert (made == 100).all()


@pytest.mark.parametrize(
    ("operation", "sign"),
    [(Adjust(exposure_stops=1), 1), (Adjust(exposure_stops=-1), -1)],
    ids=["lighter", "darker"],
)
def test_exposure_moves_the_brightness(operation: Operation, sign: int) -> None:
    before, after = own_pixels(PNG).astype(int), own_pixels(edited(PNG, operation)).astype(int)
    assert sign * (after - before).mean() > 10
    assert (sign * (after - before) >= 0).all()


def test_one_stop_doubles_the_light() -> None:
    grey = encoded(Image.new("RGB", (4, 4), (99, 99, 99)), "PNG")
    assert own_pixels(edited(grey, Adjust(exposure_stops=1)))[0, 0, 0] == pytest.approx(137, abs=1)


def test_no_saturation_is_grey_and_warmth_moves_blue_to_red() -> None:
    grey = own_pixels(edited(PNG, Adjust(saturation=-100))).astype(int)
    assert (grey.max(axis=2) - grey.min(axis=2)).max() <= 1
    shift = own_pixels(edited(PNG, Adjust(warmth=60))).astype(int) - own_pixels(PNG)
    assert shift[..., 0].mean() > 3
    assert shift[..., 2].mean() < -3


def test_contrast_spreads_the_levels_and_keeps_black_and_white() -> None:
    steps = Image.fromarray(np.arange(256, dtype=np.uint8).reshape(16, 16))
    data = encoded(steps, "PNG")
    more = own_pixels(edited(data, Adjust(contrast=80))).ravel().astype(int)
    less = own_pixels(edited(data, Adjust(contrast=-80))).ravel().astype(int)
    assert (more[0], more[255]) == (0, 255)
    assert (np.diff(more) >= 0).all()
    assert more[64] < 64 < 192 < more[192]
    assert less[0] > 0
    assert less[255] < 255


def test_alpha_stays_when_tones_change() -> None:
    assert (own_pixels(edited(CLEAR, Adjust(1, 30, 30, 30)))[..., 3] == 90).all()


def test_marks_are_drawn_where_they_belong_and_nowhere_else() -> None:
    page = encoded(Image.new("RGB", (200, 100), "white"), "PNG")
    marks = (Mark("box", ((50.0, 20.0), (150.0, 80.0)), "#ff0000", 4),)
    pixels = own_pixels(edited(page, Annotate(marks)))
    assert tuple(pixels[20, 100]) == (255, 0, 0)
    assert (pixels[30:70, 60:140] == 255).all()
    assert (pixels[:15] == 255).all()


def test_an_arrow_has_its_head_at_its_second_point() -> None:
    page = encoded(Image.new("L", (200, 100), 255), "PNG")
    arrow = Mark("arrow", ((20.0, 50.0), (180.0, 50.0)), "#000000", 6)
    ink = 255 - own_pixels(edited(page, Annotate((arrow,))))[..., 0].astype(int)
    assert (ink[:, 160:176] > 128).sum(axis=0).max() > 2 * (ink[:, 90] > 128).sum()
    assert ink[:, 186:].sum() == 0
    assert ink[:, :14].sum() == 0


def test_text_is_drawn_in_many_scripts_and_a_letter_without_a_form_is_told() -> None:
    page = encoded(Image.new("RGB", (400, 60), "white"), "PNG")
    words = Mark("text", ((5.0, 5.0),), "#000000", text="Grüße Привет Ελλάς", size_px=28)
    found, made, _ = everything(page, Annotate((words,)))
    assert found["note"] == ""
    assert (own_pixels(made) < 128).sum() > 1000
    found, _, _ = everything(page, Annotate((Mark("text", ((5.0, 5.0),), text="漢 a"),)))
    assert "漢" in found["note"]


def test_a_coloured_mark_turns_a_grey_picture_into_colours_and_a_grey_mark_does_not() -> None:
    page = encoded(Image.new("L", (60, 60), 128), "PNG")
    for colour, channels in (("#ff0000", 3), ("#202020", 1)):
        mark = Mark("stroke", ((30.0, 30.0),), colour, 20)
        assert own_pixels(edited(page, Annotate((mark,)))).shape[2] == channels


def test_a_mark_outside_the_picture_draws_nothing() -> None:
    far_away = Mark("stroke", ((5000.0, 5000.0), (9000.0, 5000.0)))
    assert same(edited(PNG, Annotate((far_away,))), PNG)


def test_a_mark_on_a_see_through_picture_can_be_seen() -> None:
    empty = encoded(Image.new("RGBA", (60, 60), (0, 0, 0, 0)), "PNG")
    dot = Mark("stroke", ((30.0, 30.0),), "#00ff00", 20)
    pixels = own_pixels(edited(empty, Annotate((dot,))))
    assert tuple(pixels[30, 30]) == (0, 255, 0, 255)
    edge = pixels[(pixels[..., 3] > 0) & (pixels[..., 3] < 255)]
    assert (edge[:, 1] > 250).all(), "a dark fringe"


def test_the_background_is_cut_away_and_colours_below_stay() -> None:
    mask = grey_mask((90, 61), (20, 10, 60, 50))
    sha = sha256(mask).hexdigest()
    pixels = own_pixels(edited(PNG, CutOut(sha), inputs={sha: mask}))
    assert (pixels[..., :3] == own_pixels(PNG)).all()
    assert pixels[30, 30, 3] == 255
    assert pixels[5, 5, 3] == 0
    nothing = grey_mask((90, 61))
    sha = sha256(nothing).hexdigest()
    with pytest.raises(MediaRejected, match="marks nothing"):
        edited(PNG, CutOut(sha), inputs={sha: nothing})


@pytest.mark.parametrize("form", ["png", "jpeg", "webp", "avif"])
def test_a_conversion_is_of_its_format_and_shows_the_same(form: str) -> None:
    made = decoded(edited(PNG, Convert(form, 95)))
    assert made.format == form.upper()
    levels = np.asarray(made.convert("RGB"), int)
    assert np.abs(levels - np.asarray(SCENE, int)).mean() < 4


def test_a_jpeg_keeps_full_colour_resolution_and_puts_see_through_on_white() -> None:
    made = decoded(edited(CLEAR, Convert("jpeg", 95)))
    assert [layer[1:3] for layer in made.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]
    assert far(made.getpixel((5, 5)), (169, 236, 176)) < 6  # type: ignore[arg-type]


@pytest.mark.parametrize("form", ["webp", "avif"])
def test_transparency_survives_a_conversion(form: str) -> None:
    assert (np.abs(own_pixels(edited(CLEAR, Convert(form, 90)))[..., 3].astype(int) - 90) < 4).all()


def test_a_lossless_webp_is_lossless() -> None:
    assert same(edited(PNG, Convert("webp", 100)), PNG)


def test_less_quality_is_fewer_bytes() -> None:
    for form in ("jpeg", "webp", "avif"):
        assert len(edited(PNG, Convert(form, 40))) < len(edited(PNG, Convert(form, 95)))


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        (Crop(80, 0, 20, 20), r"The crop reaches to 100 × 20; the picture is 90 × 61 pixels\."),
        (Extend(31_000, 0, 30_000, 0, "white"), r"at most 50 megapixels and 32000 pixels a side"),
    ],
)
def test_what_is_impossible_for_a_picture_is_said(operation: Operation, words: str) -> None:
    with pytest.raises(MediaRejected, match=words):
        edited(PNG, operation)


@pytest.mark.parametrize(
    "impossible",
    [
        lambda: Crop(-1, 0, 5, 5),
        lambda: Crop(0, 0, 0, 5),
        lambda: Turn(4),
        lambda: Flip("sideways"),
        lambda: Rotate(float("inf")),
        lambda: Resize(32_000, 32_000),
        lambda: Extend(fill="pink"),
        lambda: Adjust(exposure_stops=9),
        lambda: Convert("bmp"),
        lambda: Convert("jpeg", 0),
        lambda: CutOut("../../etc/passwd"),
        lambda: Annotate(()),
        lambda: Mark("arrow", ((1.0, 1.0),)),
        lambda: Mark("text", ((1.0, 1.0),)),
        lambda: Mark("box", ((1.0, 1.0), (2.0, 2.0)), "red"),
    ],
)
def test_impossible_values_are_refused_when_they_are_made(impossible: Any) -> None:
    with pytest.raises(MediaRejected):
        impossible()


@pytest.mark.parametrize(
    "mark",
    [
        {"kind": "text", "points": [[1, 1]], "text": 5},
        {"kind": "text", "points": [[1, 1]], "text": ["a"]},
        {"kind": "text", "points": [[1, 1]], "text": "\x00"},
        {"kind": "stroke", "points": [[1, float("nan")]]},
        {"kind": "stroke", "points": [[1, 10**400]]},
        {"kind": "stroke", "points": [[True, 1]]},
    ],
)
def test_a_mark_of_the_wrong_types_is_refused_before_a_picture_process_is_asked(mark: Any) -> None:
    with pytest.raises(MediaRejected):
        recipe_from_json([{"operation": "annotate", "marks": [mark]}])


def test_a_text_that_no_store_could_keep_is_made_sound() -> None:
    mark = {"kind": "text", "points": [[1, 1]], "text": "a\x00b\ud800"}
    (made,) = recipe_from_json([{"operation": "annotate", "marks": [mark]}])
    assert made.to_json()["marks"][0]["text"] == "ab\ufffd"


def test_an_edit_of_far_too_many_strokes_is_refused_in_a_sentence_of_its_own() -> None:
    stroke = {"kind": "stroke", "points": [[1, 2]] * 5_000}
    with pytest.raises(MediaRejected, match="draw fewer strokes"):
        recipe_from_json([{"operation": "annotate", "marks": [stroke] * 20}])


def test_a_thumbnail_is_upright_small_and_never_enlarged() -> None:
    sideways = encoded(
        quarters(640, 480).transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif(6)
    )
    _, (small,) = thumbnail_task({"side_px": 64}, [sideways], LIMITS)
    with Image.open(BytesIO(small)) as image:
        assert (image.format, image.size) == ("WEBP", (64, 48))
        assert max(far(a, b) for a, b in zip(corners(image), CORNERS, strict=True)) < 40
    _, (small,) = thumbnail_task({"side_px": 2048}, [PNG], LIMITS)
    assert read(small, LIMITS).width == 90
