"""What every row of the registry of picture operations keeps."""

from dataclasses import FrozenInstanceError
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from PIL import Image

from chat.core.errors import MediaRejected
from chat.images.operations.annotate import Annotate, Mark
from chat.images.operations.caption import Caption
from chat.images.operations.convert import Convert
from chat.images.operations.cutout import CutOut
from chat.images.operations.geometry import Crop, Extend, Flip, Resize, Rotate, Turn
from chat.images.operations.operation import Operation
from chat.images.operations.registry import OPERATIONS, apply_task, from_json, operation_class
from chat.images.raster import read
from tests.unit.images.edited import LIMITS, grey_mask, scene
from tests.unit.images.pictures import encoded, swapped_profile

from chat.images.operations.tone import Adjust  # isort: skip

SIZE = (60, 44)
PROFILE = swapped_profile()
MASK = grey_mask(SIZE, (10, 10, 40, 30))
INPUTS = {sha256(MASK).hexdigest(): MASK}

EXAMPLES: dict[str, list[Operation]] = {
    "crop": [Crop(3, 4, 20, 30)],
    "turn": [Turn(1), Turn(2), Turn(3)],
    "flip": [Flip("horizontal"), Flip("vertical")],
    "rotate": [Rotate(7.5), Rotate(-33, crop=True), Rotate(90)],
    "resize": [Resize(30, 22), Resize(120, 50)],
    "extend": [Extend(5, 6, 7, 8), Extend(0, 9, 0, 0, "edge"), Extend(1, 1, 1, 1, "white")],
    "adjust": [Adjust(0.5, 20, -30, 40), Adjust(-1, -50, 0, -100)],
    "annotate": [
        Annotate(
            (
                Mark("arrow", ((5.0, 5.0), (40.0, 30.0)), "#00ff00", 3),
                Mark("box", ((10.0, 10.0), (30.0, 20.0))),
                Mark("stroke", ((1.0, 1.0), (9.5, 20.0), (30.0, 2.0))),
                Mark("text", ((4.0, 20.0),), text="Easel", size_px=12),
            )
        )
    ],
    "cut_out": [CutOut(next(iter(INPUTS)))],
    "caption": [Caption("A harbour at night"), Caption("W" * 60 + " é", "above")],
    "convert": [Convert("png"), Convert("jpeg", 80), Convert("webp"), Convert("avif", 60)],
}
CASES = [one for each in EXAMPLES.values() for one in each]
PICTURE = scene(*SIZE)


def deep() -> bytes:
    import cv2

    levels = np.random.default_rng(1).integers(0, 65536, (SIZE[1], SIZE[0], 3)).astype(np.uint16)
    _, coded = cv2.imencode(".png", levels)
    return coded.tobytes()


SOURCES = {
    "RGB": encoded(PICTURE, "PNG"),
    "RGBA": encoded(PICTURE.convert("RGBA"), "PNG"),
    "grey": encoded(PICTURE.convert("L"), "PNG"),
    "wide": encoded(PICTURE, "JPEG", icc_profile=PROFILE),
    "deep": deep(),
}


def applied(data: bytes, *operations: Operation) -> tuple[dict[str, Any], bytes, bytes]:
    shas = list(INPUTS)
    job = {"operations": [one.to_json() for one in operations], "inputs": shas}
    found, (made, _, new_area) = apply_task(job, [data, *(INPUTS[sha] for sha in shas)], LIMITS)
    return found, made, new_area


def test_every_operation_has_an_example_here() -> None:
    assert set(EXAMPLES) == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_row_names_its_class_and_the_class_its_row(name: str) -> None:
    assert operation_class(name).name == name


@pytest.mark.parametrize("operation", CASES, ids=str)
def test_a_stored_recipe_comes_back_as_the_same_operation(operation: Operation) -> None:
    import json

    assert from_json(json.loads(json.dumps(operation.to_json()))) == operation


@pytest.mark.parametrize("operation", CASES, ids=str)
def test_an_operation_cannot_be_altered(operation: Operation) -> None:
    with pytest.raises(FrozenInstanceError):
        operation.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("operation", CASES, ids=str)
@pytest.mark.parametrize("kind", SOURCES)
def test_every_kind_of_picture_comes_out_whole_and_the_same_again(
    operation: Operation, kind: str
) -> None:
    found, made, _ = applied(SOURCES[kind], operation)
    again = read(made, LIMITS)
    assert (again.width, again.height) == (found["width_px"], found["height_px"])
    assert applied(SOURCES[kind], operation)[1] == made


@pytest.mark.parametrize("operation", CASES, ids=str)
@pytest.mark.parametrize("kind", ["wide", "deep"])
def test_profile_and_depth_are_kept_where_the_format_can(operation: Operation, kind: str) -> None:
    _, made, _ = applied(SOURCES[kind], operation)
    again = read(made, LIMITS)
    if kind == "wide":
        assert again.profile == PROFILE
    elif made[1:4] == b"PNG":
        assert again.pixels.dtype == np.uint16


@pytest.mark.parametrize("operation", CASES, ids=str)
def test_json_with_a_field_more_or_less_or_wrong_is_refused(operation: Operation) -> None:
    stored = operation.to_json()
    with pytest.raises(MediaRejected):
        from_json({**stored, "surprise": 1})
    for key in stored:
        with pytest.raises(MediaRejected):
            from_json({**stored, key: object()})
        with pytest.raises(MediaRejected):
            from_json({**stored, key: float("nan")})


@pytest.mark.parametrize("stored", [None, [], "crop", {}, {"operation": "paint"}, {"operation": 3}])
def test_what_is_no_operation_is_refused(stored: object) -> None:
    with pytest.raises(MediaRejected):
        from_json(stored)


def test_pictures_of_one_pixel_survive_all_that_fits_them() -> None:
    one = encoded(Image.new("RGB", (1, 1), "red"), "PNG")
    for operation in CASES:
        if not isinstance(operation, Crop | CutOut):
            applied(one, operation)
