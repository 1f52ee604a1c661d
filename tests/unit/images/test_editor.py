"""The studio's port: work is done in the picture processes, bounded, and never in the loop."""

import asyncio
import hashlib
import sys
import threading
from collections.abc import AsyncIterator
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from chat.core.errors import MediaRejected
from chat.images.editor import ImageEditor
from chat.images.edits import Box, ImageEditing, recipe
from chat.images.ingest import ImageIngest
from chat.images.limits import Limits
from chat.images.operations.annotate import Annotate, Mark
from chat.images.operations.convert import Convert
from chat.images.operations.cutout import CutOut
from chat.images.operations.geometry import Crop, Extend
from chat.images.operations.registry import recipe_from_json
from tests.unit.images.edited import grey_mask, repainted, scene
from tests.unit.images.pictures import encoded

SIZE = (160, 120)
SCENE = scene(*SIZE)
SOURCE = encoded(SCENE, "JPEG", quality=90)
ANSWER = encoded(repainted(SCENE), "PNG")
MASK = grey_mask(SIZE, (50, 40, 110, 90))


@pytest.fixture
async def editor(ingest: ImageIngest) -> AsyncIterator[ImageEditing]:
    opened = ImageEditor(ingest.pool)
    yield opened
    opened.close()


async def test_a_region_comes_back_with_its_proof(editor: ImageEditing) -> None:
    made = await editor.composite(SOURCE, ANSWER, MASK)
    assert made.ref.sha256 == hashlib.sha256(made.data).hexdigest()
    assert (made.ref.mime, made.ref.width_px, made.ref.height_px) == ("image/png", *SIZE)
    assert made.ref.size_bytes == len(made.data)
    assert made.changed_outside_px == 0
    assert made.outside_px == SIZE[0] * SIZE[1] - 60 * 50
    assert made.box == Box(50, 40, 60, 50)
    assert made.alignment is not None
    assert made.alignment.method == "ecc"
    assert made.thumbnail[8:12] == b"WEBP"


async def test_a_picture_of_many_rows_is_painted_over_to_the_last(editor: ImageEditing) -> None:
    size = (8, 700)
    white = encoded(Image.new("RGBA", size, (255, 255, 255, 255)), "PNG")
    made = await editor.painted_over(white, grey_mask(size, (2, 100, 6, 700)))
    with Image.open(BytesIO(made.data)) as painted:
        rows = np.asarray(painted.convert("RGB")).tolist()
    plain, marked = rows[0][0], rows[699][3]
    assert plain == [255, 255, 255]
    assert marked[0] > 200 > 150 > marked[1]
    for y, row in enumerate(rows):
        inside = marked if y >= 100 else plain
        assert row == [plain] * 2 + [inside] * 4 + [plain] * 2, y


async def test_a_mask_is_measured(editor: ImageEditing) -> None:
    marked = await editor.marked(MASK)
    assert (marked.width_px, marked.height_px) == SIZE
    assert (marked.box, marked.position) == (Box(50, 40, 60, 50), "centre")
    assert marked.share == pytest.approx(60 * 50 / (160 * 120))
    empty = await editor.marked(grey_mask(SIZE))
    assert (empty.box, empty.share, empty.position) == (None, 0, "")


async def test_a_flat_surrounding_tells_no_likeness_and_another_picture_has_none(
    editor: ImageEditing,
) -> None:
    other = encoded(scene(*SIZE, seed=99), "PNG")
    flat = encoded(Image.new("RGB", SIZE, "white"), "PNG")
    alike = [
        made.alignment is not None and made.alignment.alike
        for made in (
            await editor.composite(SOURCE, ANSWER, MASK),
            await editor.composite(flat, flat, MASK),
            await editor.composite(SOURCE, other, MASK),
        )
    ]
    assert alike == [True, True, False]


async def test_two_pictures_are_compared(editor: ImageEditing) -> None:
    made = await editor.composite(SOURCE, encoded(Image.new("RGB", SIZE, "red"), "PNG"), MASK)
    found = await editor.compare(SOURCE, made.data)
    assert found.regions[0].position == "centre"
    assert found.view[8:12] == b"WEBP"
    assert (await editor.compare(SOURCE, SOURCE, view=False)).same


async def test_a_recipe_is_replayed_from_its_json(editor: ImageEditing) -> None:
    sha = hashlib.sha256(MASK).hexdigest()
    steps = [CutOut(sha), Crop(40, 30, 80, 70), Extend(4, 4, 4, 4), Convert("webp", 100)]
    first = await editor.apply(SOURCE, steps, {sha: MASK})
    again = await editor.apply(SOURCE, recipe_from_json(recipe(steps)), {sha: MASK})
    assert first == again
    assert (first.ref.mime, first.ref.width_px, first.ref.height_px) == ("image/webp", 88, 78)
    assert first.new_area.startswith(b"\x89PNG")


async def test_an_edit_of_ten_thousand_dots_reaches_the_picture(editor: ImageEditing) -> None:
    dots = {"operation": "annotate", "marks": [{"kind": "stroke", "points": [[1, 2]]}] * 500}
    made = await editor.apply(encoded(scene(8, 8), "PNG"), recipe_from_json([dots] * 20))
    assert (made.ref.width_px, made.note) == (8, "")


async def test_a_mask_that_is_missing_is_said(editor: ImageEditing) -> None:
    with pytest.raises(MediaRejected, match="A mask that this edit needs is missing"):
        await editor.apply(SOURCE, [CutOut("0" * 64)])
    with pytest.raises(MediaRejected, match="from 1 to 100 operations"):
        await editor.apply(SOURCE, [])


async def test_a_subject_is_selected(editor: ImageEditing) -> None:
    found = await editor.select(SOURCE, box=Box(40, 30, 80, 70), network=False)
    with Image.open(BytesIO(found.mask)) as mask:
        assert (mask.mode, mask.size) == ("L", SIZE)
    with pytest.raises(MediaRejected, match="Click on the subject or draw a box"):
        await editor.select(SOURCE)


async def test_a_thumbnail_is_made(editor: ImageEditing) -> None:
    with Image.open(BytesIO(await editor.thumbnail(SOURCE, 40))) as small:
        assert (small.format, small.size) == ("WEBP", (40, 30))


async def test_origin_is_told_for_any_file(editor: ImageEditing) -> None:
    assert (await editor.provenance(SOURCE)).status in {"none", "unchecked"}
    assert (await editor.provenance(b"no picture")).status == "unchecked"


async def test_each_extra_says_how_it_is_installed(editor: ImageEditing) -> None:
    states = editor.extras()
    assert set(states) == {"subject", "upscale", "provenance"}
    assert all(" -m pip install " in state.install_command for state in states.values())


@pytest.mark.parametrize("broken", [b"", b"no picture", SOURCE[:200], b"\x89PNG\r\n\x1a\n" * 9])
async def test_what_is_no_picture_is_refused_wherever_it_stands(
    editor: ImageEditing, broken: bytes
) -> None:
    for files in ((broken, ANSWER, MASK), (SOURCE, broken, MASK), (SOURCE, ANSWER, broken)):
        with pytest.raises(MediaRejected):
            await editor.composite(*files)
    with pytest.raises(MediaRejected):
        await editor.compare(SOURCE, broken)
    with pytest.raises(MediaRejected):
        await editor.apply(broken, [Crop(0, 0, 1, 1)])
    assert (await editor.composite(SOURCE, ANSWER, MASK)).changed_outside_px == 0


async def test_the_loop_goes_on_while_a_picture_is_worked_on(editor: ImageEditing) -> None:
    large = encoded(scene(900, 700), "PNG")
    work = asyncio.ensure_future(editor.compare(large, large, align=True))
    turns = 0
    while not work.done():
        await asyncio.sleep(0)
        turns += 1
    assert (await work).same
    assert turns > 10


@pytest.mark.deep
@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux")
@pytest.mark.parametrize(
    ("wanted", "taken"),
    [(Convert("jpeg"), True), (Convert("avif"), False)],
    ids=str,
)
async def test_the_largest_picture_is_converted_or_refused_in_words_that_are_true(
    wanted: Convert, taken: bool
) -> None:
    ingest = ImageIngest()
    editor = ImageEditor(ingest.pool)
    try:
        large = encoded(Image.new("RGBA", (7000, 7000), (9, 99, 199, 99)), "PNG", compress_level=1)
        if taken:
            assert (await editor.apply(large, [wanted])).ref.width_px == 7000
        else:
            with pytest.raises(
                MediaRejected, match=r"takes more memory than .* Choose JPEG or PNG"
            ):
                await editor.apply(large, [wanted])
        with pytest.raises(MediaRejected, match=r"That takes more memory .* smaller first"):
            await editor.apply(large, [Annotate((Mark("box", ((9.0, 9.0), (6000.0, 6000.0))),))])
    finally:
        ingest.close()
        editor.close()


@pytest.mark.deep
@pytest.mark.skipif(sys.platform != "linux", reason="address space is bounded on Linux")
async def test_work_that_eats_memory_is_refused_and_the_next_is_done() -> None:
    ingest = ImageIngest(Limits(address_space_bytes=500_000_000))
    editor = ImageEditor(ingest.pool)
    try:
        large = encoded(Image.new("RGB", (6000, 6000), "teal"), "PNG", compress_level=1)
        with pytest.raises(MediaRejected, match="takes more memory"):
            await editor.composite(large, large, grey_mask((6000, 6000), (0, 0, 5000, 5000)))
        assert (await editor.composite(SOURCE, ANSWER, MASK)).changed_outside_px == 0
    finally:
        ingest.close()
        editor.close()


@pytest.mark.deep
async def test_work_past_its_processor_time_is_refused() -> None:
    ingest = ImageIngest(Limits(quick_cpu_s=0.2, cpu_s=0.4))
    editor = ImageEditor(ingest.pool)
    try:
        large = encoded(scene(3000, 2000), "JPEG")
        with pytest.raises(MediaRejected, match="takes too much work"):
            await editor.compare(large, large, align=True)
    finally:
        ingest.close()
        editor.close()


async def test_closing_ends_the_threads() -> None:
    before = set(threading.enumerate())
    ingest = ImageIngest()
    editor = ImageEditor(ingest.pool)
    await editor.thumbnail(SOURCE)
    ingest.close()
    editor.close()
    editor.close()
    left = set(threading.enumerate()) - before
    assert not [one for one in left if one.name.startswith("editor")]
