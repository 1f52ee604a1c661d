"""What an edit changed is told in one plain sentence."""

from typing import Any

import pytest

from chat.core.difference import Difference
from chat.render.difference_words import difference_words

SIZE = (1024, 768)


def told(extent: str, share: float, *places: str, **more: Any) -> str:
    known: dict[str, Any] = {"same": False, "size_before": SIZE, "size_after": SIZE, **more}
    return difference_words(Difference(share=share, extent=extent, places=places, **known))


TOLD: dict[str, Any] = {
    "an area in the lower left, 19%": ("medium", 0.19, "lower left"),
    "a small area in the centre, 4%": ("small", 0.041, "centre"),
    "a large area at the top, 62%": ("large", 0.62, "upper"),
    "traces on the right, less than 1%": ("traces", 0.0004, "right"),
    "small areas on the left and in the lower right, 8%": ("small", 0.08, "left", "lower right"),
    "areas on the left, at the top and all over, 20%": ("medium", 0.2, "left", "upper", "whole"),
    "an area, 20%": ("medium", 0.2),
}


@pytest.mark.parametrize("words", TOLD)
def test_where_and_how_much(words: str) -> None:
    assert told(*TOLD[words]) == f"Changed: {words} of the picture."


def test_all_and_nothing_have_sentences_of_their_own() -> None:
    assert told("whole", 0.97, "whole") == "Changed: nearly all of the picture."
    assert told("none", 0.0) == "Changed: nothing that anybody would see."
    assert told("traces", 0.0005) == "Changed: nothing that anybody would see."


def test_the_same_picture_and_another_size_are_told() -> None:
    assert told("none", 0.0, same=True) == "Nothing changed: it is the same picture."
    assert told("small", 0.05, "left", size_after=(512, 384)) == (
        "Changed: a small area on the left, 5% of the picture. "
        "It is 512 × 384 px now, and was 1024 × 768 px."
    )


def test_a_place_of_a_newer_easel_is_left_out() -> None:
    assert told("small", 0.05, "behind") == "Changed: a small area, 5% of the picture."
