"""Shapes and sizes are read in one way, whoever wrote them."""

import pytest

from chat.core.shapes import pixels_of, ratio_of


@pytest.mark.parametrize(
    ("text", "ratio"),
    [
        ("16:9", (16.0, 9.0)),
        ("1:1", (1.0, 1.0)),
        ("2.35:1", (2.35, 1.0)),
        ("100:1", (100.0, 1.0)),
        ("101:1", None),
        ("0:1", None),
        ("1:0", None),
        ("16:9:2", None),
        ("wide", None),
        ("-1:2", None),
        ("1e9:1", None),
        ("٣:٢", None),
        ("", None),
    ],
)
def test_a_shape(text: str, ratio: tuple[float, float] | None) -> None:
    assert ratio_of(text) == ratio


@pytest.mark.parametrize(
    ("text", "pixels"),
    [
        ("1536x1024", (1536, 1024)),
        ("0x1024", None),
        ("1536X1024", None),
        ("auto", None),
        ("999999x10", None),
        ("1024", None),
    ],
)
def test_a_size_in_pixels(text: str, pixels: tuple[int, int] | None) -> None:
    assert pixels_of(text) == pixels
