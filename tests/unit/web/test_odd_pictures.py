"""Odd pictures through every door of the studio: a picture or a sentence comes back."""

import asyncio
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from tests.contracts.test_operations import EXAMPLES
from tests.unit.images.colours import heic
from tests.unit.images.edited import grey_mask, scene
from tests.unit.images.pictures import encoded
from tests.unit.turns.workshop import ME, png
from tests.unit.web.studio import Studio, studio

WORKS = {name: each[0].to_json() for name, each in EXAMPLES.items()}
"""One of each operation; ``cut_out`` needs a mask of the picture's size."""


def many_frames() -> bytes:
    """A GIF of 3,000 frames."""
    frames = [Pillow.new("P", (8, 6), at % 200) for at in range(3_000)]
    for at, frame in enumerate(frames):
        frame.putpalette([at % 256, 50, 90] * 256)
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:], optimize=False)
    return out.getvalue()


ODD: dict[str, Callable[[], bytes]] = {
    "cut JPEG": lambda: (whole := encoded(scene(120, 90), "JPEG", quality=90))[
        : len(whole) * 2 // 3
    ],
    "HEIC": lambda: heic(12, 13),
    "GIF of thousands of frames": many_frames,
    "one pixel": lambda: png("red", 1),
    "a line": lambda: encoded(Pillow.new("RGB", (30_000, 1), "teal"), "PNG"),
    "a high line": lambda: encoded(Pillow.new("RGBA", (1, 30_000), (9, 9, 9, 40)), "PNG"),
}


async def uploaded(page: Studio, data: bytes) -> dict[str, Any] | None:
    """A picture as the store has it; ``None`` where it was refused in words."""
    got = await page.http.post("/api/media", content=data)
    told: dict[str, Any] = got.json()
    if got.status_code == 200:
        return told
    assert got.status_code == 415
    assert told["error"].endswith(".")
    return None


def said(status: int, told: dict[str, Any]) -> None:
    assert status in (200, 415), (status, told)
    if status != 200:
        assert told["error"].endswith("."), told


@pytest.mark.deep
@pytest.mark.parametrize("name", ODD)
async def test_each_work_gives_a_picture_or_a_sentence(name: str) -> None:
    async with studio() as page:
        conversation = await page.begin()
        picture = await uploaded(page, ODD[name]())
        if picture is None:
            assert name == "cut JPEG"
            return
        sha, size = picture["sha"], (picture["width"], picture["height"])
        mask = await uploaded(page, grey_mask(size, (0, 0, 1, 1)))
        assert mask is not None
        works = {**WORKS, "cut_out": {"operation": "cut_out", "mask": mask["sha"]}}
        for number, operation in enumerate(works.values()):
            body = {
                "picture": sha,
                "operations": [operation],
                "client_id": f"client-{number:05}",
            }
            got = await page.http.post(f"/api/conversations/{conversation}/edits", json=body)
            said(got.status_code, got.json())
            if got.status_code == 200:
                (made,) = page.shop.store.message(ME, got.json()["reply"]).parts
                shown = await page.http.get(f"/media/{made.media.sha256}")  # type: ignore[union-attr]
                Pillow.open(io.BytesIO(shown.content)).load()
        for path in (f"compared/{mask['sha']}", f"difference/{mask['sha']}", "provenance"):
            got = await page.http.get(f"/api/pictures/{sha}/{path}")
            assert got.status_code in (200, 415), got.text
        got = await page.http.post(f"/api/pictures/{sha}/selection", json={"point": [0, 0]})
        said(got.status_code, got.json())
        data = [(await page.http.get(f"/media/{each}")).content for each in (sha, mask["sha"])]
        found = await page.shop.studio.editor.composite(data[0], data[0], data[1])
        assert found.changed_outside_px == 0


@pytest.mark.deep
async def test_twenty_works_at_once_are_all_done_or_told_that_it_is_busy() -> None:
    async with studio() as page:
        conversation = await page.begin()
        picture = await uploaded(page, encoded(scene(900, 700), "PNG"))
        assert picture is not None

        async def edit(number: int) -> int:
            body = {
                "picture": picture["sha"],
                "operations": [{"operation": "rotate", "degrees": number + 0.5}],
                "client_id": f"client-{number:05}",
            }
            got = await page.http.post(f"/api/conversations/{conversation}/edits", json=body)
            if got.status_code != 200:
                assert "busy" in got.json()["error"]
            return got.status_code

        statuses = await asyncio.gather(*map(edit, range(20)))
        done = statuses.count(200)
        assert done > 0
        # Each is an exchange, and nothing is lost of what was told to be done.
        assert len(page.shop.store.tree(ME, conversation)) == 2 * done


@pytest.mark.deep
async def test_others_are_answered_while_a_large_picture_is_composed() -> None:
    """24 megapixels: whatever is done to them in the loop would hold up every other user."""
    pixels = np.zeros((4_000, 6_000, 3), np.uint8)
    pixels[::7] = (40, 90, 160)
    source = encoded(Pillow.fromarray(pixels), "PNG", compress_level=1)
    mask = grey_mask((6_000, 4_000), (100, 100, 900, 700))
    async with studio() as page:
        editor = page.shop.studio.editor
        composing = asyncio.create_task(editor.composite(source, source, mask))
        for _ in range(5):
            assert (await page.http.get("/api/extras")).status_code == 200
        assert not composing.done()
        assert (await composing).changed_outside_px == 0
