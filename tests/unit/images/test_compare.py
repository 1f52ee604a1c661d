"""What a comparison says of two pictures: how much differs, and where."""

from collections.abc import Mapping
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw

from chat.core.parts import Json
from chat.images.compare import compare_task, position
from chat.images.edits import Box
from tests.unit.images.edited import LIMITS, repainted, scene
from tests.unit.images.pictures import encoded

SCENE = scene(480, 360)


def compared(
    one: bytes, other: bytes, *, align: bool = False, view: bool = False
) -> tuple[Mapping[str, Json], bytes]:
    found, (drawn,) = compare_task({"align": align, "view": view}, [one, other], LIMITS)
    return found, drawn


def changed(*boxes: tuple[int, int, int, int]) -> bytes:
    """The scene with a patch of another colour in each box."""
    image = SCENE.copy()
    draw = ImageDraw.Draw(image)
    for box in boxes:
        draw.rectangle(box, fill=(255, 0, 255))
    return encoded(image, "PNG")


def test_a_picture_in_another_lossless_format_is_the_same() -> None:
    found, _ = compared(encoded(SCENE, "PNG"), encoded(SCENE, "WEBP", lossless=True))
    assert found["same"]
    assert (found["changed_share"], found["mean_levels"], found["ssim"]) == (0, 0, 1)
    assert found["regions"] == []
    assert found["extent"] == "none"


def test_saving_as_jpeg_is_no_change_worth_telling() -> None:
    found, _ = compared(encoded(SCENE, "PNG"), encoded(SCENE, "JPEG", quality=88))
    assert not found["same"]
    assert found["changed_share"] < 0.001
    assert found["ssim"] > 0.95


@pytest.mark.parametrize(
    ("box", "where"),
    [
        ((10, 10, 90, 70), "upper left"),
        ((200, 10, 280, 70), "upper"),
        ((390, 150, 470, 210), "right"),
        ((200, 150, 280, 210), "centre"),
        ((390, 290, 470, 350), "lower right"),
        ((0, 290, 479, 359), "lower"),
    ],
)
def test_a_change_is_found_where_it_is(box: tuple[int, int, int, int], where: str) -> None:
    found, _ = compared(encoded(SCENE, "PNG"), changed(box))
    (region,) = found["regions"]
    assert region["position"] == where
    area = (box[2] - box[0] + 1) * (box[3] - box[1] + 1) / (480 * 360)
    assert found["changed_share"] == pytest.approx(area, rel=0.1)
    told = region["box"]
    assert abs(told["x_px"] - box[0]) <= 4
    assert abs(told["y_px"] - box[1]) <= 4
    assert abs(told["x_px"] + told["width_px"] - box[2]) <= 5
    assert abs(told["y_px"] + told["height_px"] - box[3]) <= 5


def test_the_larger_of_two_changes_is_told_first() -> None:
    found, _ = compared(encoded(SCENE, "PNG"), changed((10, 10, 50, 50), (300, 200, 460, 340)))
    assert [region["position"] for region in found["regions"]] == ["lower right", "upper left"]


def test_a_change_all_over_is_called_whole() -> None:
    found, _ = compared(encoded(SCENE, "PNG"), encoded(scene(480, 360, seed=50), "PNG"))
    assert found["extent"] in {"large", "whole"}
    assert found["regions"][0]["position"] == "whole"
    assert found["mean_delta_e"] > 10


def test_another_size_is_told_and_is_no_change_of_the_content() -> None:
    half = SCENE.resize((240, 180), Image.Resampling.LANCZOS)
    found, _ = compared(encoded(half, "PNG"), encoded(SCENE, "PNG"))
    assert (found["size_before"], found["size_after"]) == ((240, 180), (480, 360))
    assert not found["same"]
    assert found["changed_share"] < 0.02


def test_an_answer_a_few_pixels_off_is_aligned_before_it_is_compared() -> None:
    before = encoded(SCENE, "PNG")
    answer = encoded(repainted(SCENE), "PNG")
    plain, _ = compared(before, answer)
    aligned, _ = compared(before, answer, align=True)
    assert plain["alignment"] is None
    assert aligned["alignment"]["method"] == "ecc"
    assert aligned["changed_share"] < plain["changed_share"] / 2
    assert aligned["ssim"] > plain["ssim"]


def test_what_cannot_be_seen_is_not_compared() -> None:
    one, other = (Image.new("RGBA", (40, 40), (level, 0, 0, 0)) for level in (10, 200))
    found, _ = compared(encoded(one, "PNG"), encoded(other, "PNG"))
    assert found["same"]


def test_transparency_that_went_away_is_a_change() -> None:
    clear = Image.new("RGBA", (40, 40), (255, 255, 255, 0))
    found, _ = compared(encoded(clear, "PNG"), encoded(Image.new("RGB", (40, 40), "white"), "PNG"))
    assert found["changed_share"] == 1


def test_the_drawn_difference_glows_where_the_change_is() -> None:
    _, drawn = compared(encoded(SCENE, "PNG"), changed((200, 150, 280, 210)), view=True)
    with Image.open(BytesIO(drawn)) as image:
        assert (image.format, image.size) == ("WEBP", (480, 360))
        levels = np.asarray(image.convert("RGB"), int)
    spread = levels.max(axis=2) - levels.min(axis=2)
    assert spread[160:200, 210:270].mean() > 80
    assert spread[:100, :150].mean() < 8


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 300), (2000, 1), (3, 2)])
def test_the_smallest_pictures_are_compared_too(width: int, height: int) -> None:
    one, other = (Image.new("RGB", (width, height), colour) for colour in ("red", "blue"))
    found, drawn = compared(encoded(one, "PNG"), encoded(other, "PNG"), align=True, view=True)
    assert found["changed_share"] == 1
    assert drawn


def test_a_wide_band_lies_in_no_corner() -> None:
    assert position(Box(0, 0, 100, 20), (100, 100)) == "upper"
    assert position(Box(0, 0, 20, 100), (100, 100)) == "left"
    assert position(Box(0, 0, 100, 100), (100, 100)) == "whole"
