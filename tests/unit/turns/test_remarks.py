"""A picture that is other than was asked for is said to be so, once, and no other is."""

from typing import Any

import pytest

from chat.core.messages import Finish
from chat.core.parts import Image, MediaRef, Part, Text, ToolResult
from chat.providers.endings import DRAFT_ALONE
from chat.turns.remarks import remarked
from tests.wire.talk import card

STOP = Finish("stop", "stop")


def picture(width_px: int, height_px: int, **more: Any) -> Image:
    media = MediaRef(64 * "a", "image/png", 9, width_px, height_px)
    return Image(media, **{"origin": "model", **more})


WIDE = {"aspect_ratio": "16:9"}
ROWS: dict[str, tuple[list[Part], dict[str, Any], dict[str, Any], str]] = {
    "as asked": ([picture(1344, 768)], WIDE, {}, ""),
    "rounded": ([picture(1376, 768)], WIDE, {}, ""),
    "a square": (
        [picture(1344, 768), picture(1024, 1024)],
        WIDE,
        {},
        "16:9 was asked for; the picture came with 1024 × 1024 pixels.",
    ),
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
