"""An edit without a model is told in words that a person and a model understand."""

from typing import Any

import pytest

from chat.core.parts import Derivation
from chat.images.operations.registry import OPERATIONS
from chat.turns.operation_words import described, done

STEPS: dict[str, tuple[dict[str, Any], str]] = {
    "crop": ({"width_px": 640, "height_px": 480}, "Crop to 640 × 480"),
    "turn": ({"quarters": 3}, "Turn to the left"),
    "flip": ({"direction": "vertical"}, "Flip vertically"),
    "rotate": ({"degrees": -2.5}, "Rotate by -2.5°"),
    "resize": ({"width_px": 8, "height_px": 6}, "Resize to 8 × 6"),
    "extend": (
        {"left_px": 5, "top_px": 0, "right_px": 7},
        "Extend the canvas: left by 5 px, right by 7 px",
    ),
    "adjust": ({"exposure_stops": 0.5, "warmth": -0.2}, "Adjust exposure +0.5, warmth -0.2"),
    "annotate": ({"marks": [1]}, "Draw 1 mark"),
    "cut_out": ({"mask": "a" * 64}, "Make the background transparent"),
    "caption": ({"text": "At sea"}, "Write “At sea” below it"),
    "convert": ({"form": "jpeg"}, "Convert to JPEG"),
    "upscale": ({"factor": 2}, "Enlarge 2 times"),
}  # fmt: skip


@pytest.mark.parametrize("name", [*OPERATIONS, "upscale"])
def test_every_operation_has_words(name: str) -> None:
    values, words = STEPS[name]
    assert described([{"operation": name, **values}]) == words


def test_a_recipe_is_one_sentence_and_a_newer_operation_is_named() -> None:
    steps: list[dict[str, Any]] = [
        {"operation": "crop", "width_px": 1, "height_px": 1},
        {"operation": "straighten_up"},
    ]
    assert described(steps) == "Crop to 1 × 1, then straighten up"


@pytest.mark.parametrize(
    "step",
    [
        {"operation": "rotate", "degrees": 10**400},
        {"operation": "adjust", "warmth": 10**400},
        {"operation": "turn", "quarters": []},
        {"operation": "annotate", "marks": 3},
        {"operation": "crop"},
        "crop",
        None,
    ],
)
def test_a_recipe_that_came_in_a_file_in_any_form_is_named(step: Any) -> None:
    assert done(Derivation((), "cut_out", {"recipe": [step]})) == "Cut out"
