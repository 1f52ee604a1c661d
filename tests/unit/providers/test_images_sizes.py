"""The shape and size that the user chose become the nearest that the model makes."""

import pytest

from chat.providers.openai_images.sizes import best_size

THREE = ("1024x1024", "1536x1024", "1024x1536")
MANY = (*THREE, "2048x2048", "2048x1152", "1152x2048", "3840x2160")


@pytest.mark.parametrize(
    ("sizes", "ratio", "size", "best"),
    [
        (THREE, "1:1", "", "1024x1024"),
        (THREE, "3:2", "", "1536x1024"),
        (THREE, "16:9", "", "1536x1024"),
        (THREE, "1:8", "", "1024x1536"),
        (THREE, "", "2K", "1024x1024"),
        (MANY, "16:9", "", "2048x1152"),
        (MANY, "16:9", "4K", "3840x2160"),
        (MANY, "16:9", "1K", "2048x1152"),
        (MANY, "1:1", "2K", "2048x2048"),
        (MANY, "", "2K", "2048x2048"),
        (MANY, "9:16", "", "1152x2048"),
        (MANY, "", "", ""),
        ((), "1:1", "1K", ""),
        (("auto",), "1:1", "", ""),
        (("auto", "512x512"), "16:9", "huge", "512x512"),
        (MANY, "0:0", "", "1024x1024"),
    ],
)
def test_the_nearest_size(sizes: tuple[str, ...], ratio: str, size: str, best: str) -> None:
    assert best_size(sizes, ratio, size) == best
