"""What the Interactions API says of itself, as rows of the fault table."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chat.core.messages import Billed, NextAction, Status
from tests.loopback import json_reply
from tests.wire.doors import RED
from tests.wire.faults import Row
from tests.wire.interactions_shapes import (
    event,
    image,
    interaction,
    interactions_stream,
    output,
    text,
    thought,
)

_Status = tuple[str, Status, str, Billed, NextAction]
_STATUSES: tuple[_Status, ...] = (
    ("incomplete", "complete", "length limit", "yes", "retry"),
    ("requires_continuation", "complete", "Ask it to go on.", "yes", "retry"),
    ("budget_exceeded", "complete", "reached its budget", "yes", "retry"),
    ("cancelled", "failed", "before it had an answer", "unknown", "retry"),
    ("eaten", "complete", "a reason unknown here: eaten", "unknown", "ask_picture"),
)
_Error = tuple[dict[str, Any], str, Status, str, Billed, NextAction]
_ERRORS: tuple[_Error, ...] = (
    ({"code": "SAFETY"}, "SAFETY", "blocked", "safety rules stopped", "yes", "reword"),
    (
        {"code": "https://example.org/errors/image_safety"},
        "IMAGE_SAFETY",
        "blocked",
        "refused this picture",
        "no",
        "reword",
    ),
    (
        {"code": "prohibited-content"},
        "PROHIBITED_CONTENT",
        "blocked",
        "do not allow this content",
        "yes",
        "reword",
    ),
    ({"code": "no_image"}, "NO_IMAGE", "blocked", "made no picture", "yes", "ask_picture"),
)
_FAILED: tuple[tuple[dict[str, Any], str, Status, str, Billed, NextAction], ...] = (
    ({"code": "internal"}, "Unavailable", "interrupted", "“Gone.”", "unknown", "retry"),
    ({"code": 14}, "Unavailable", "interrupted", "“Gone.”", "unknown", "retry"),
    ({"code": "unheard_of"}, "Unavailable", "interrupted", "“Gone.”", "unknown", "retry"),
    ({"code": 8}, "RateLimited", "failed", "no more requests", "unknown", "retry"),
    ({"code": "too_many_requests"}, "RateLimited", "failed", "no more", "unknown", "retry"),
    ({"code": "invalid_request"}, "Rejected", "failed", "refused the request", "unknown", "edit"),
    ({"code": "not_found"}, "ModelNotFound", "failed", "no model", "unknown", "other_model"),
)


def gemini_interactions() -> Iterator[Row]:
    """What the Interactions API says."""
    row = Row("gemini_interactions", "", None, "blocked", "", "", text="Half")
    for status, kept, words, billed, first in _STATUSES:
        end = replace(row, status=kept, native=status, words=words, billed=billed, first=first)
        reply = interactions_stream(["Half"], status)
        yield replace(end, fault=f"ended as {status}", reply=reply)
    for error, native, kept, words, billed, first in _ERRORS:
        end = replace(row, status=kept, native=native, words=words, billed=billed, first=first)
        told = {**error, "message": "Gone."}
        yield replace(
            end,
            fault=f"failed by {error['code']}",
            reply=interactions_stream(["Half"], "failed", errors=[told]),
        )
        step = output(text("Half"), error=told)
        yield replace(
            end,
            fault=f"a step failed by {error['code']}",
            reply=interactions_stream([step], "failed"),
        )
        yield replace(
            end,
            fault=f"failed by {error['code']}, not streamed",
            reply=json_reply(interaction([step], status="failed", errors=[told])),
            streams=False,
        )
    for error, native, kept, words, billed, first in _FAILED:
        told = {**error, "message": "Gone."}
        end = replace(row, status=kept, native=native, words=words, billed=billed, first=first)
        yield replace(
            end,
            fault=f"failed with {error['code']}",
            reply=interactions_stream(["Half"], "failed", errors=[told]),
        )
        yield replace(
            end,
            fault=f"an error event with {error['code']}",
            reply=interactions_stream(["Half", event("error", error=told)], None),
        )
    yield replace(
        row,
        fault="failed without a reason",
        reply=interactions_stream(["Half"], "failed"),
        status="interrupted",
        native="Unavailable",
        words="has trouble on its side",
        first="retry",
    )
    yield replace(
        row,
        fault="blocked by an error event",
        reply=interactions_stream(["Half", event("error", error={"code": "SAFETY"})], None),
        native="SAFETY",
        words="safety rules stopped",
        first="reword",
    )
    for fault, steps in (
        ("an empty answer", ()),
        ("a thought and nothing else", (thought(),)),
    ):
        nothing = replace(row, status="failed", native="completed", text="")
        nothing = replace(nothing, words="sent an empty answer", first="retry")
        yield replace(nothing, fault=fault, reply=interactions_stream(list(steps)))
        whole = json_reply(interaction(steps))
        yield replace(nothing, fault=f"{fault}, not streamed", reply=whole, streams=False)
    kept_row = replace(row, status="complete", native="completed", first=None)
    yield replace(
        kept_row,
        fault="bytes that are no picture",
        reply=interactions_stream(["Here: ", output(image(b"This is no picture."))]),
        text="A picture came that could not be kept.",
        words="no picture came",
        first="ask_picture",
    )
    yield replace(
        kept_row,
        fault="digits that are no base64",
        reply=interactions_stream([output(text("Half"), {**image(b""), "data": "iVBOR*"})]),
        words="no picture came",
        first="ask_picture",
    )
    yield replace(
        kept_row,
        fault="the same picture twice",
        reply=interactions_stream([RED, RED]),
        text="",
        pictures=1,
    )
