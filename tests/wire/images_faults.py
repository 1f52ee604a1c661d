"""What images wires say of themselves, as rows of the fault table."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chat.core.messages import NextAction
from tests.loopback import json_reply
from tests.wire.doors import RED
from tests.wire.drawing import USAGE, answer, item
from tests.wire.faults import RULES, Row

_Empty = tuple[str, list[dict[str, Any]], str, str, NextAction]
_EMPTY: tuple[_Empty, ...] = (
    ("a picture that is null", [{"b64_json": None}], "null_image", "withheld", "reword"),
    ("no pictures", [], "empty_data", "made no picture", "ask_picture"),
)


def openai_images() -> Iterator[Row]:
    """What images wires say; asked without drafts, as most of them are."""
    row = Row("openai_images", "", None, "blocked", "", "", streams=False)
    for fault, told, native, words, first in _EMPTY:
        yield replace(
            row,
            fault=fault,
            reply=answer(*told),
            native=native,
            words=words,
            first=first,
        )
    yield replace(
        row,
        fault="null instead of pictures",
        reply=json_reply({"created": 1, "data": None}),
        status="failed",
        native="BadReply",
        words="was no picture",
    )
    for code in ("moderation_blocked", "content_policy_violation", "contentFilter"):
        yield replace(
            row,
            fault=f"refused with {code}",
            reply=json_reply({"error": {"code": code}}, 400),
            native=code,
            words=RULES,
            first="reword",
        )
    useless = replace(row, status="failed", native="unreadable", billed="yes")
    yield replace(
        useless,
        fault="half of base64",
        reply=answer({"b64_json": "iVBOR*"}),
        words="cannot be read",
    )
    for fault, url, words in (
        ("a link to a private place", "https://127.0.0.1/x.png", "into a private network"),
        ("a link of another scheme", "ftp://example.com/x.png", "not https"),
        ("a link to a file", "file:///etc/passwd", "not a web address"),
    ):
        yield replace(useless, fault=fault, reply=answer({"url": url}), words=words)
    yield replace(
        useless,
        fault="a link to a page",
        reply=lambda own: answer({"url": f"{own}/page"}),
        words="a web page",
    )
    kept = replace(row, status="complete", native="stop", first=None)
    yield replace(
        kept,
        fault="one of two withheld",
        reply=answer(RED, {"b64_json": None}, usage=USAGE),
        words="withheld the picture",
        pictures=1,
    )
    yield replace(kept, fault="the same picture twice", reply=answer(RED, RED), pictures=2)
    yield replace(
        kept,
        fault="bytes that are no picture",
        reply=answer(item(b"This is no picture.")),
        text="A picture came that could not be kept.",
        words="no picture came",
        first="ask_picture",
    )
