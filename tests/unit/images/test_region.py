"""A region lock keeps its word: what was not marked is the source's, pixel for pixel."""

from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from chat.core.errors import MediaRejected
from chat.images.region import outside_task
from tests.unit.images.colours import BROWSER_FILES, FIELD_PX, FIELDS, fields
from tests.unit.images.edited import (
    LIMITS,
    composite,
    grey_mask,
    own_pixels,
    region_of,
    repainted,
    rgb,
    scene,
    see_through_mask,
)
from tests.unit.images.pictures import encoded, exif, far, png, quarters, swapped_profile
from tests.unit.images.test_colours import NEAR, SHOWN

SIZE = (96, 72)
SCENE = scene(*SIZE)


def with_alpha() -> Image.Image:
    image = SCENE.convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize(SIZE))
    return image


def deep_png(channels: int, *notes: bytes) -> bytes:
    """A PNG of sixteen bits a channel: grey, grey with alpha, RGB or RGBA."""
    colour_type = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    values = np.random.default_rng(channels).integers(0, 65536, (SIZE[1], SIZE[0] * channels))
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    return png(*SIZE, 16, colour_type, rows, *notes)


SOURCES: dict[str, bytes] = {
    "JPEG": encoded(SCENE, "JPEG", quality=85),
    "progressive JPEG": encoded(SCENE, "JPEG", quality=60, progressive=True),
    "grey JPEG": encoded(SCENE.convert("L"), "JPEG"),
    "CMYK JPEG": encoded(SCENE.convert("CMYK"), "JPEG"),
    "turned JPEG": encoded(SCENE.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif(6)),
    "PNG": encoded(SCENE, "PNG"),
    "PNG with alpha": encoded(with_alpha(), "PNG"),
    "grey PNG": encoded(SCENE.convert("L"), "PNG"),
    "palette PNG": encoded(SCENE.quantize(32), "PNG"),
    "palette PNG with transparency": encoded(SCENE.quantize(32), "PNG", transparency=3),
    "black and white PNG": encoded(SCENE.convert("1"), "PNG"),
    "grey PNG with alpha": encoded(with_alpha().convert("LA"), "PNG"),
    "PNG of another profile": encoded(SCENE, "PNG", icc_profile=swapped_profile()),
    "JPEG of another profile": encoded(SCENE, "JPEG", icc_profile=swapped_profile()),
    "RGB PNG of 16 bits": deep_png(3),
    "RGBA PNG of 16 bits": deep_png(4),
    "grey PNG of 16 bits": deep_png(1),
    "grey PNG of 16 bits with alpha": deep_png(2),
    "WebP": encoded(SCENE, "WEBP", quality=70),
    "lossless WebP with alpha": encoded(with_alpha(), "WEBP", lossless=True, exact=True),
    "AVIF": encoded(SCENE, "AVIF", quality=60),
    "AVIF with alpha": encoded(with_alpha(), "AVIF", quality=60),
    "GIF": encoded(SCENE.quantize(64), "GIF"),
}


def answers() -> st.SearchStrategy[bytes]:
    """Answers of another size, moved, scaled, in several formats; some have nothing in common."""

    def answer(size: tuple[int, int], shift: float, scale: float, form: str) -> bytes:
        return encoded(repainted(SCENE, shift, scale).resize(size), form)

    alike = st.builds(
        answer,
        st.sampled_from([SIZE, (48, 36), (192, 144), (100, 72), (64, 64), (1, 1)]),
        st.sampled_from([0.0, 3.0, -2.4]),
        st.sampled_from([1.0, 1.004, 0.97]),
        st.sampled_from(["PNG", "JPEG", "WEBP"]),
    )
    return st.one_of(alike, st.just(encoded(quarters(), "PNG")), st.just(SOURCES["grey PNG"]))


def boxes() -> st.SearchStrategy[tuple[int, int, int, int]]:
    """Regions from one pixel to the whole picture, also at its border."""

    def box(x: int, y: int, width: int, height: int) -> tuple[int, int, int, int]:
        return x, y, min(SIZE[0], x + width), min(SIZE[1], y + height)

    return st.one_of(
        st.just((0, 0, *SIZE)),
        st.builds(
            box,
            st.integers(0, SIZE[0] - 1),
            st.integers(0, SIZE[1] - 1),
            st.integers(1, SIZE[0]),
            st.integers(1, SIZE[1]),
        ),
    )


def outside_equals(source: bytes, made: bytes, region: Any) -> bool:
    """Whether two files hold the same numbers outside, told by their own decoded pixels."""
    one, other = own_pixels(source), own_pixels(made)
    if one.shape[2] == 1 and other.shape[2] == 3:
        one = one.repeat(3, axis=2)
    return one.dtype == other.dtype and bool((one[~region] == other[~region]).all())


@pytest.mark.deep
@pytest.mark.parametrize("name", SOURCES)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(answer=answers(), box=boxes(), feather=st.sampled_from([0, 1, 12, 200]))
def test_what_was_not_marked_is_the_sources_own(
    name: str, answer: bytes, box: tuple[int, int, int, int], feather: int
) -> None:
    mask = grey_mask(SIZE, box)
    found, made = composite(SOURCES[name], answer, mask, feather)
    region = region_of(mask)
    assert found["changed_outside_px"] == 0
    assert found["outside_px"] == int((~region).sum())
    assert outside_equals(SOURCES[name], made, region)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 1 << 30), least=st.integers(1, 255))
def test_a_region_of_any_shape_and_softness_leaves_the_rest_alone(seed: int, least: int) -> None:
    mask = np.random.default_rng(seed).integers(0, 256, (SIZE[1], SIZE[0]))
    mask = np.where(mask < least, 0, mask).astype(np.uint8)
    marked = encoded(Image.fromarray(mask), "PNG")
    _, made = composite(SOURCES["JPEG"], encoded(repainted(SCENE), "PNG"), marked)
    assert outside_equals(SOURCES["JPEG"], made, mask > 0)


@pytest.mark.parametrize("name", SOURCES)
def test_a_region_that_marks_nothing_gives_the_source_back(name: str) -> None:
    found, made = composite(SOURCES[name], encoded(repainted(SCENE), "PNG"), grey_mask(SIZE))
    assert found["box"] is None
    assert found["alignment"] is None
    assert (own_pixels(made) == own_pixels(SOURCES[name])).all()


@pytest.mark.parametrize("name", ["RGB PNG of 16 bits", "RGBA PNG of 16 bits"])
def test_sixteen_bits_are_the_files_own_numbers(name: str) -> None:
    channels = 3 if "RGB " in name else 4
    written = np.random.default_rng(channels).integers(0, 65536, (SIZE[1], SIZE[0], channels))
    _, made = composite(SOURCES[name], encoded(SCENE, "PNG"), grey_mask(SIZE, (10, 10, 30, 30)))
    decoded: Any = cv2.imdecode(np.frombuffer(made, np.uint8), cv2.IMREAD_UNCHANGED)
    order = [2, 1, 0, 3][:channels]
    assert decoded.dtype == np.uint16
    assert (decoded[40:, :, order] == written[40:]).all()


def test_a_profile_is_carried_over_and_the_answer_is_brought_into_it() -> None:
    profile = swapped_profile()
    source = encoded(SCENE, "PNG", icc_profile=profile)
    shown = ImageCms.profileToProfile(
        SCENE,
        ImageCms.ImageCmsProfile(BytesIO(profile)),
        ImageCms.createProfile("sRGB"),
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )
    assert shown is not None
    found, made = composite(source, encoded(shown, "PNG"), grey_mask(SIZE, (20, 20, 60, 60)))
    with Image.open(BytesIO(made)) as image:
        assert image.info["icc_profile"] == profile
    assert found["own_colours"]
    # The answer shows the same: inside, too, the numbers are the source's but for rounding.
    assert np.abs(own_pixels(made).astype(int) - own_pixels(source)).mean() < 3


def test_colours_without_a_lossless_form_are_kept_as_they_are_shown() -> None:
    mask = grey_mask(SIZE, (20, 20, 60, 60))
    found, made = composite(SOURCES["CMYK JPEG"], encoded(SCENE, "PNG"), mask)
    assert not found["own_colours"]
    outside = ~region_of(mask)
    assert (rgb(made)[outside] == rgb(SOURCES["CMYK JPEG"])[outside]).all()


@pytest.mark.parametrize(
    ("size", "least_px"), [((640, 480), 0.25), ((1500, 1000), 0.5), ((300, 900), 0.5)]
)
def test_a_moved_and_scaled_answer_is_laid_where_it_belongs(
    size: tuple[int, int], least_px: float
) -> None:
    picture = scene(*size)
    width, height = size
    box = (width // 3, height // 3, width * 2 // 3, height * 2 // 3)
    source = encoded(picture, "JPEG", quality=92)
    found, made = composite(source, encoded(repainted(picture), "JPEG", quality=90),
                            grey_mask(size, box), 24)  # fmt: skip
    assert found["alignment"]["method"] == "ecc"
    assert found["alignment"]["shift_x_px"] == pytest.approx(3, abs=least_px)
    assert found["alignment"]["shift_y_px"] == pytest.approx(3, abs=least_px)
    assert found["alignment"]["scale"] == pytest.approx(1.004, abs=0.001)
    rim = region_of(grey_mask(size, box))
    rim &= ~region_of(grey_mask(size, (box[0] + 8, box[1] + 8, box[2] - 8, box[3] - 8)))
    assert np.abs(rgb(made) - rgb(source))[rim].mean() <= 2


def test_an_answer_of_half_the_size_still_fits() -> None:
    picture = scene(800, 600)
    small = encoded(repainted(picture).resize((400, 300), Image.Resampling.LANCZOS), "PNG")
    mask = grey_mask((800, 600), (200, 200, 600, 400))
    found, made = composite(encoded(picture, "PNG"), small, mask)
    assert found["alignment"]["method"] == "ecc"
    assert found["alignment"]["shift_x_px"] == pytest.approx(3, abs=0.5)
    assert np.abs(rgb(made) - np.asarray(picture, int)).mean() < 2


def test_an_answer_that_was_cut_to_a_square_is_laid_over_the_middle() -> None:
    picture = scene(600, 400)
    square = picture.crop((100, 0, 500, 400)).resize((512, 512), Image.Resampling.LANCZOS)
    mask = grey_mask((600, 400), (250, 150, 350, 250))
    found, made = composite(encoded(picture, "PNG"), encoded(square, "PNG"), mask)
    assert found["alignment"]["correlation"] > 0.9
    assert np.abs(rgb(made) - np.asarray(picture, int)).mean() < 1


def test_where_a_cut_answer_has_nothing_the_source_stays() -> None:
    picture = scene(600, 400)
    square = picture.crop((100, 0, 500, 400))
    mask = grey_mask((600, 400), (0, 100, 90, 300))
    _, made = composite(encoded(picture, "PNG"), encoded(square, "PNG"), mask, 0)
    assert (rgb(made)[:, :80] == np.asarray(picture, int)[:, :80]).all()


def test_an_answer_without_likeness_is_only_resized_and_says_so() -> None:
    mask = grey_mask((320, 240), (100, 100, 200, 200))
    found, _ = composite(
        encoded(scene(320, 240), "PNG"), encoded(scene(320, 240, seed=99), "PNG"), mask
    )
    assert found["alignment"]["method"] == "resize"
    assert found["alignment"]["correlation"] < 0.5
    assert not found["tone_matched"]


def test_the_middle_of_a_region_is_the_answers_and_its_edge_the_sources() -> None:
    source = Image.new("RGB", (100, 100), (0, 0, 0))
    answer = Image.new("RGB", (100, 100), (240, 240, 240))
    mask = grey_mask((100, 100), (20, 20, 80, 80))
    _, made = composite(encoded(source, "PNG"), encoded(answer, "PNG"), mask, 10)
    row = rgb(made)[50, :, 0]
    assert row[19] == 0
    assert 0 < row[20] < 20
    assert row[50] == 240
    assert (np.diff(row[20:50]) >= 0).all()


def test_a_region_of_one_pixel_is_changed_whatever_the_feather() -> None:
    source = Image.new("RGB", (50, 50), (0, 0, 0))
    answer = Image.new("RGB", (50, 50), (240, 10, 10))
    mask = grey_mask((50, 50), (25, 25, 26, 26), (0, 0, 20, 20))
    _, made = composite(encoded(source, "PNG"), encoded(answer, "PNG"), mask, 24)
    assert tuple(rgb(made)[25, 25]) == (240, 10, 10)


def test_no_seam_runs_along_the_edge_of_the_picture() -> None:
    source = Image.new("RGB", (100, 100), (0, 0, 0))
    answer = Image.new("RGB", (100, 100), (240, 240, 240))
    mask = grey_mask((100, 100), (0, 0, 100, 50))
    _, made = composite(encoded(source, "PNG"), encoded(answer, "PNG"), mask, 20)
    assert (rgb(made)[:25] == 240).all()
    assert (rgb(made)[50:] == 0).all()


def test_a_mask_for_models_marks_what_is_see_through() -> None:
    mask = see_through_mask(SIZE, (30, 20, 60, 50))
    found, made = composite(SOURCES["PNG"], encoded(Image.new("RGB", SIZE), "PNG"), mask, 0)
    assert found["box"] == {"x_px": 30, "y_px": 20, "width_px": 30, "height_px": 30}
    assert (rgb(made)[20:50, 30:60] == 0).all()


def test_transparency_is_kept_outside_and_painted_over_inside() -> None:
    source = Image.new("RGBA", (60, 60), (200, 0, 0, 0))
    answer = Image.new("RGB", (60, 60), (0, 0, 200))
    mask = grey_mask((60, 60), (20, 20, 40, 40))
    _, made = composite(encoded(source, "PNG"), encoded(answer, "PNG"), mask, 0)
    pixels = own_pixels(made)
    assert tuple(pixels[0, 0]) == (200, 0, 0, 0)
    assert tuple(pixels[30, 30]) == (0, 0, 200, 255)


def test_webp_is_written_where_it_holds_every_number_and_png_where_not() -> None:
    mask = grey_mask(SIZE, (30, 20, 60, 50))
    answer = encoded(repainted(SCENE), "PNG")
    _, made = composite(SOURCES["JPEG"], answer, mask, output="webp")
    assert made[8:12] == b"WEBP"
    assert outside_equals(SOURCES["JPEG"], made, region_of(mask))
    _, made = composite(SOURCES["RGB PNG of 16 bits"], answer, mask, output="webp")
    assert made[1:4] == b"PNG"


def test_a_mask_of_another_size_is_refused_in_words() -> None:
    with pytest.raises(MediaRejected, match=r"The mask is 10 × 10 pixels; its picture is 96 × 72"):
        composite(SOURCES["PNG"], SOURCES["PNG"], grey_mask((10, 10), (0, 0, 5, 5)))


@pytest.mark.parametrize("name", BROWSER_FILES)
def test_colours_told_by_numbers_stay_what_a_browser_shows_of_the_source(name: str) -> None:
    """Other colours than sRGB, more light than a screen has: equal is what is shown of them."""
    source = BROWSER_FILES[name]
    size = (FIELD_PX * len(FIELDS), FIELD_PX)
    mask = grey_mask(size, (8, 8, 24, 24))
    answer = encoded(Image.new("RGB", size, (250, 250, 250)), "PNG")
    found, made = composite(source, answer, mask)
    assert (found["changed_outside_px"], found["outside_px"]) == (0, size[0] * size[1] - 256)
    outside = ~region_of(mask)
    assert (rgb(made)[outside] == rgb(source)[outside]).all()
    # The first field has the region in its middle.
    again = Image.fromarray(rgb(made).astype(np.uint8))
    for one, other in zip(fields(again)[1:], SHOWN[name][1:], strict=True):
        assert far(one, other) <= NEAR
    counted, _ = outside_task({}, [made, source, mask], LIMITS)
    assert counted == {"outside_px": found["outside_px"], "changed_outside_px": 0}
