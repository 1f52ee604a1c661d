"""A picture that is other than was asked for is said to be so, once, and no other is."""

from dataclasses import replace
from typing import Any

import pytest

from chat.core.messages import Finish
from chat.core.parts import Derivation, Image, MediaRef, Part, Text, ToolResult
from chat.core.shapes import SizeLimits
from chat.providers.shared.replies.endings import DRAFT_ALONE
from chat.turns.remarks import remarked
from tests.wire.talk import card

STOP = Finish("stop", "stop")


def picture(width_px: int, height_px: int, **more: Any) -> Image:
    media = MediaRef(64 * "a", "image/png", 9, width_px, height_px)
    return Image(media, **{"origin": "model", **more})


LOCKED = Derivation(("b" * 64,), "region", {"proof": {"outside_px": 9, "changed_outside_px": 0}})


def drawing() -> Image:
    return replace(picture(300, 300), media=MediaRef(64 * "d", "image/svg+xml", 9, 300, 300))


def unopened() -> Image:
    """A file that is kept, and that nothing here opens: an empty sheet is shown."""
    return replace(picture(512, 512), media=MediaRef(64 * "e", "image/x-exr", 9, 512, 512))


OTHER_SHAPE = "16:9 was asked for; the picture came with 1024 × 1024 pixels."
SQUARE = picture(1024, 1024)
FOUR = {"n_max": 4}
WIDE = {"aspect_ratio": "16:9"}
ROWS: dict[str, tuple[list[Part], dict[str, Any], dict[str, Any], str]] = {
    "as asked": ([picture(1344, 768)], WIDE, {}, ""),
    "rounded": ([picture(1376, 768)], WIDE, {}, ""),
    "a square": (
        [picture(1344, 768), picture(1024, 1024)],
        WIDE,
        {},
        OTHER_SHAPE,
    ),
    "a size below": (
        [picture(1024, 1024)],
        {"image_size": "2K"},
        {},
        "2K was asked for; the picture came with 1024 × 1024 pixels.",
    ),
    "about the size": ([picture(2752, 1536)], {"image_size": "2K", **WIDE}, {}, ""),
    "neither shape nor size": (
        [picture(1024, 1024)],
        {"image_size": "2K", **WIDE},
        {},
        "16:9 at 2K was asked for; the picture came with 1024 × 1024 pixels.",
    ),
    "the largest there is": (
        [picture(3840, 2160)],
        {"image_size": "4K", **WIDE},
        {"image_sizes": ("4K",), "size_limits": SizeLimits(16, 3840, 3, 655_360, 8_294_400)},
        "",
    ),
    "an exact size": (
        [picture(1536, 1024)],
        {"pixels": "1536x864", "image_size": "2K"},
        {"size_limits": SizeLimits(16, 3840, 3, 655_360, 8_294_400)},
        "1536 × 864 was asked for; the picture came with 1536 × 1024 pixels.",
    ),
    "an exact size of another model": ([picture(1024, 1024)], {"pixels": "1536x864"}, {}, ""),
    "lines have no size": ([drawing()], {"image_size": "2K"}, {}, ""),
    "a size that nobody could read": ([unopened()], {"image_size": "2K", **WIDE}, {}, ""),
    "fewer": ([SQUARE] * 2, {"n": "4"}, FOUR, "2 pictures came of the 4 that were asked for."),
    "more": ([SQUARE] * 3, {"n": "2"}, FOUR, "3 pictures came where 2 were asked for."),
    "one too many": ([SQUARE] * 2, {}, FOUR, "2 pictures came where 1 was asked for."),
    "as many": ([SQUARE] * 2, {"n": "2"}, FOUR, ""),
    "none to be counted": ([SQUARE] * 3, {"n": "2"}, {}, ""),
    "one SVG": (
        [SQUARE],
        {"n": "4", "output_format": "svg"},
        {"output_formats": ("svg",), **FOUR},
        "",
    ),
    "number and shape": (
        [SQUARE],
        {"n": "2", **WIDE},
        FOUR,
        f"1 picture came of the 2 that were asked for. {OTHER_SHAPE}",
    ),
    "a region of a square": ([picture(1024, 1024, derivation=LOCKED)], WIDE, {}, ""),
    "nothing asked": ([picture(1024, 1024)], {}, {}, ""),
    "chosen for another model": ([picture(1024, 1024)], {"aspect_ratio": "3:2"}, {}, ""),
    "the widest there is": ([picture(1536, 1024)], WIDE, {"sizes": ("1024x1024", "1536x1024")}, ""),
    "of a tool": (
        [ToolResult("c", "chart", (picture(900, 900, origin="tool"),)), Text("There.")],
        WIDE,
        {},
        "",
    ),
    "a draft alone": ([picture(1344, 768, draft=True), Text("Hm")], {}, {}, DRAFT_ALONE),
    "a draft and its picture": ([picture(9, 9, draft=True), picture(1344, 768)], WIDE, {}, ""),
    "words": ([Text("Hello")], WIDE, {}, ""),
}


@pytest.mark.parametrize(("parts", "options", "more", "said"), ROWS.values(), ids=ROWS.keys())
def test_what_is_other_than_asked_is_said(
    parts: list[Part], options: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    model = card("gemini", **more)
    first = remarked(STOP, model, options, parts)
    assert first.message == said
    assert remarked(first, model, options, parts) == first
    before = Finish("stop", "stop", "One was held back.")
    assert remarked(before, model, options, parts).message == f"One was held back. {said}".strip()
