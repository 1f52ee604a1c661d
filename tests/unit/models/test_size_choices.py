"""A row that lists sizes in pixels has shapes and scales to choose from."""

import re
import tomllib

import pytest

from chat.models.size_choices import aspect_ratios, image_sizes, is_size
from tests.unit.models.files import ENDPOINT, MODEL, ROOT, mistakes, read, shipped


@pytest.mark.parametrize(
    ("size", "ratio"),
    [
        ("1024x1024", "1:1"),
        ("1536x1024", "3:2"),
        ("1024x1536", "2:3"),
        ("1792x1024", "16:9"),
        ("1024x1792", "9:16"),
        ("1366x768", "16:9"),
        ("2520x1080", "21:9"),
        ("1080x2520", "9:21"),
        ("2048x1024", "2:1"),
        ("1280x896", "10:7"),
    ],
)
def test_a_size_is_called_by_its_shape(size: str, ratio: str) -> None:
    assert aspect_ratios([size]) == (ratio,)


def test_scales_are_told_where_there_is_a_choice() -> None:
    assert image_sizes(["1024x1024", "1536x1024", "1024x1536"]) == ()
    assert image_sizes(["2048x2048", "1024x1024", "512x512"]) == ("512", "1K", "2K")


def test_a_row_with_sizes_needs_no_shapes() -> None:
    card = read(ENDPOINT + MODEL + 'sizes = ["1024x1024", "1792x1024", "2048x2048"]').card("m")
    assert (card.aspect_ratios, card.image_sizes) == (("1:1", "16:9"), ("1K", "2K"))
    told = 'sizes = ["1024x1024", "2048x2048"]\naspect_ratios = []\nimage_sizes = ["1K"]'
    card = read(ENDPOINT + MODEL + told).card("m")
    assert (card.aspect_ratios, card.image_sizes) == ((), ("1K",))


def test_the_example_of_the_readme_has_a_shape_to_choose() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)
    (row,) = (text for text in rows if "my-imagen" in text)
    assert tomllib.loads(row)
    assert mistakes(row) == []
    assert shipped(row).card("my-imagen").aspect_ratios == ("1:1", "16:9")


@pytest.mark.parametrize("size", ["big", "1024", "1024×1024", "0x100", "1024x1024px", "auto", ""])
def test_a_size_that_is_none_is_named(size: str) -> None:
    assert not is_size(size)
    (said,) = mistakes(ENDPOINT + MODEL + f'sizes = ["1024x1024", "{size}"]')
    assert said.endswith(
        f"“sizes” must hold WIDTHxHEIGHT in pixels, such as 1024x1024; not “{size}”."
    )
