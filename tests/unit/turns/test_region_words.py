"""Where a region lies is told so that a person could point to it."""

import pytest

from chat.core.models import ModelCard
from chat.images.edits import Box, MarkedRegion
from chat.turns.region_words import instruction

DRAWS = ModelCard("model", "door", "wire-model", "The Model")


@pytest.mark.parametrize(
    ("region", "words"),
    [
        (MarkedRegion(1000, 500, Box(0, 0, 1000, 500), 1, "whole"), "It covers nearly all of it"),
        (MarkedRegion(1000, 500, Box(400, 200, 200, 100), 0.04, "centre"), "It lies in its centre"),
        (
            MarkedRegion(1000, 500, Box(0, 400, 125, 100), 0.025, "lower left"),
            "from 0 % to 12 % of the width, counted from the left edge, and from 80 % to 100 %",
        ),
        (
            MarkedRegion(1000, 500, Box(999, 0, 1, 1), 2e-6, "upper right"),
            "from 99.9 % to 100 % of the width, counted from the left edge, and from 0 % to 0.2 %",
        ),
    ],
    ids=["whole", "centre", "corner", "one pixel"],
)
def test_the_place_is_said_in_words_and_percent(region: MarkedRegion, words: str) -> None:
    assert words in instruction(DRAWS, region)


def test_the_share_of_a_small_region_is_told_in_tenths_and_of_a_tiny_one_as_little() -> None:
    box = Box(0, 0, 10, 10)
    small, tiny = (MarkedRegion(100, 100, box, share, "upper left") for share in (0.0083, 2e-6))
    assert "It covers 0.8 % of the picture's area" in instruction(DRAWS, small)
    assert "It covers less than 0.1 % of the picture's area" in instruction(DRAWS, tiny)
