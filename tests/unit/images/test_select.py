"""A click or a box finds the subject; without the network it is found by colours and edges."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from chat.core.errors import MediaRejected
from chat.core.parts import Json
from chat.images.extras import INSTALL_COMMANDS, subject_weights, upscale_weights
from chat.images.select import select_task
from chat.images.upscale import upscale_task
from tests.unit.images.edited import LIMITS, own_pixels, rgb, scene
from tests.unit.images.pictures import encoded, exif

needs_network = pytest.mark.skipif(
    subject_weights() is None, reason=f"no weights: {INSTALL_COMMANDS['subject']}"
)
needs_upscaler = pytest.mark.skipif(
    upscale_weights(2) is None, reason=f"no weights: {INSTALL_COMMANDS['upscale']}"
)


def ball(width: int = 900, height: int = 600) -> tuple[Image.Image, NDArray[np.bool_]]:
    """A red ball on grass, and where it is."""
    random = np.random.default_rng(2)
    grass = random.normal((70, 130, 60), 14, (height, width, 3))
    image = Image.fromarray(np.clip(grass, 0, 255).astype(np.uint8))
    shape = Image.new("L", image.size)
    place = (width * 0.3, height * 0.25, width * 0.6, height * 0.7)
    ImageDraw.Draw(shape).ellipse(place, fill=255)
    shade = Image.linear_gradient("L").resize(image.size)
    red = Image.merge("RGB", (shade.point(lambda one: 150 + one // 3), shade.point([30] * 256),
                              shade.point([40] * 256)))  # fmt: skip
    image.paste(red, mask=shape.filter(ImageFilter.GaussianBlur(1)))
    return image, np.asarray(shape) > 127


def selected(data: bytes, **how: Any) -> tuple[Mapping[str, Json], NDArray[np.uint8]]:
    job = {"point": None, "box": None, "network": False, **how}
    found, (mask,) = select_task(job, [data], LIMITS)
    return found, own_pixels(mask)[..., 0].astype(np.uint8)


def overlap(mask: NDArray[np.uint8], truth: NDArray[np.bool_]) -> float:
    """Intersection over union."""
    chosen = mask >= 128
    return float((chosen & truth).sum() / (chosen | truth).sum())


@pytest.mark.parametrize(
    "how",
    [
        {"box": [225, 120, 360, 330]},
        {"point": [400, 280]},
        pytest.param({"box": [225, 120, 360, 330], "network": True}, marks=needs_network),
        pytest.param({"point": [400, 280], "network": True}, marks=needs_network),
    ],
    ids=str,
)
def test_the_subject_is_found(how: dict[str, Any]) -> None:
    image, truth = ball()
    found, mask = selected(encoded(image, "JPEG", quality=92), **how)
    assert mask.shape == (600, 900)
    assert overlap(mask, truth) > 0.93
    assert found["share"] == pytest.approx(truth.mean(), rel=0.1)
    box = found["box"]
    assert box["x_px"] == pytest.approx(270, abs=8)
    assert box["width_px"] == pytest.approx(270, abs=12)


def test_the_same_click_finds_the_same() -> None:
    data = encoded(ball()[0], "PNG")
    assert (selected(data, point=[400, 280])[1] == selected(data, point=[400, 280])[1]).all()


def test_a_click_is_counted_on_the_picture_as_it_is_shown() -> None:
    image, truth = ball()
    sideways = encoded(image.transpose(Image.Transpose.ROTATE_90), "PNG", exif=exif(6))
    _, mask = selected(sideways, point=[400, 280])
    assert mask.shape == (600, 900)
    assert overlap(mask, truth) > 0.9


@pytest.mark.parametrize("how", [{"point": [900, 10]}, {"point": [-1, 5]}, {"box": [900, 0, 5, 5]}])
def test_what_lies_outside_the_picture_is_refused(how: dict[str, Any]) -> None:
    with pytest.raises(MediaRejected, match="does not lie in the picture"):
        selected(encoded(ball()[0], "PNG"), **how)


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (300, 2), (16, 16)])
@pytest.mark.parametrize("how", [{"point": [0, 0]}, {"box": [0, 0, 400, 400]}], ids=str)
def test_tiny_and_plain_pictures_end_in_a_mask_or_in_words(
    size: tuple[int, int], how: dict[str, Any]
) -> None:
    data = encoded(Image.new("RGB", size, "teal"), "PNG")
    refusals: list[MediaRejected] = []
    try:
        masks = [selected(data, **how)[1]]
    except MediaRejected as refusal:
        masks, refusals = [], [refusal]
    assert [mask.shape for mask in masks] in ([], [(size[1], size[0])])
    assert [str(one) for one in refusals] in (
        [],
        ["No subject was found there. Draw a box around it."],
    )


@needs_upscaler
@pytest.mark.parametrize("factor", [2, 3, 4])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_an_enlarged_picture_shows_the_same_with_more_pixels(factor: int, mode: str) -> None:
    picture = scene(210, 100).convert(mode)  # more than one tile wide
    found, (made, _) = upscale_task({"factor": factor}, [encoded(picture, "PNG")], LIMITS)
    assert (found["width_px"], found["height_px"]) == (210 * factor, 100 * factor)
    assert own_pixels(made).shape[2] == len(mode)
    small = Image.fromarray(rgb(made).astype(np.uint8)).resize((210, 100), Image.Resampling.BOX)
    assert np.abs(np.asarray(small, int) - np.asarray(picture.convert("RGB"), int)).mean() < 6


@needs_upscaler
def test_a_picture_too_large_to_enlarge_is_refused() -> None:
    large = encoded(Image.new("L", (2000, 2000)), "PNG")
    with pytest.raises(MediaRejected, match=r"up to 2\.5 megapixels"):
        upscale_task({"factor": 2}, [large], LIMITS)
