"""Shapes and sizes are read in one way, whoever wrote them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.shapes import SIDES_PX, SizeLimits, pixels_of, ratio_of


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


GPT_IMAGE = SizeLimits(16, 3840, 3, 655_360, 8_294_400)


@pytest.mark.parametrize(
    ("shape", "scale", "size"),
    [
        ("1:1", "1K", "1024x1024"),
        ("1:1", "4K", "2880x2880"),
        ("16:9", "4K", "3840x2160"),
        ("9:16", "4K", "2160x3840"),
        ("3:1", "4K", "3840x1280"),
        ("21:9", "4K", "3840x1648"),
        ("", "2K", "2048x2048"),
        ("1:1", "512", "816x816"),
        ("100:1", "1K", "1776x592"),
        ("", "", ""),
    ],
)
def test_a_shape_and_a_scale_come_as_close_as_the_model_lets_them(
    shape: str, scale: str, size: str
) -> None:
    assert GPT_IMAGE.nearest(shape, scale) == size


@given(
    st.integers(1, 99),
    st.integers(1, 99),
    st.sampled_from(["", *SIDES_PX]),
    st.sampled_from([1, 8, 16, 64]),
    st.sampled_from([1536, 2048, 3840]),
)
def test_no_size_is_asked_for_that_the_model_would_refuse(
    wide: int, high: int, scale: str, step: int, longest: int
) -> None:
    limits = SizeLimits(step, longest, 3, 400_000, 2_000_000)
    width_px, height_px = map(int, limits.nearest(f"{wide}:{high}", scale).split("x"))
    assert limits.wrong_with(width_px, height_px) == ""


@pytest.mark.parametrize(
    ("size", "wrong"),
    [
        ("1536x864", ""),
        ("1530x864", "16 does not divide"),
        ("3856x1600", "more than 3840"),
        ("3200x1056", "3 times"),
        ("512x512", "655,360"),
        ("3840x3840", "8,294,400"),
    ],
)
def test_a_size_of_ones_own_is_wrong_in_words(size: str, wrong: str) -> None:
    width_px, height_px = map(int, size.split("x"))
    found = GPT_IMAGE.wrong_with(width_px, height_px)
    assert (wrong in found) if wrong else found == ""
