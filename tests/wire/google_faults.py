"""What Google's two wires say of themselves: their reasons to end, as rows of the fault table."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chat.core.messages import Billed, NextAction, Status
from tests.loopback import json_reply, sse
from tests.wire.doors import RED
from tests.wire.faults import Row
from tests.wire_shapes import gemini_picture, gemini_stream, imagen_answer

_End = tuple[str, Status, str, Billed, NextAction]

_GEMINI_REASONS: tuple[_End, ...] = (
    ("MAX_TOKENS", "complete", "length limit", "yes", "retry"),
    ("CONTINUATION", "complete", "Ask it to go on.", "yes", "retry"),
    ("SAFETY", "blocked", "safety rules stopped this answer", "yes", "reword"),
    ("BLOCKLIST", "blocked", "words that the model's rules forbid", "yes", "reword"),
    ("PROHIBITED_CONTENT", "blocked", "do not allow this content", "yes", "reword"),
    ("SPII", "blocked", "personal data", "yes", "reword"),
    ("RECITATION", "blocked", "quoting a protected work", "yes", "reword"),
    ("MODEL_ARMOR", "blocked", "A guard in front of the model", "unknown", "reword"),
    ("PUP_LIMITED_DISABLED", "blocked", "does not allow this use", "unknown", "other_model"),
    ("IMAGE_SAFETY", "blocked", "refused this picture", "no", "reword"),
    ("IMAGE_PROHIBITED_CONTENT", "blocked", "do not allow this picture", "no", "reword"),
    ("IMAGE_RECITATION", "blocked", "too close to a protected work", "no", "reword"),
    ("IMAGE_OTHER", "blocked", "could not make this picture", "no", "retry"),
    ("NO_IMAGE", "blocked", "made no picture", "yes", "ask_picture"),
    ("LANGUAGE", "failed", "does not know this language", "yes", "other_model"),
    ("MALFORMED_FUNCTION_CALL", "failed", "tried to use a tool and failed", "yes", "retry"),
    ("UNEXPECTED_TOOL_CALL", "failed", "tried to use a tool and failed", "yes", "retry"),
    ("TOO_MANY_TOOL_CALLS", "failed", "tried to use a tool and failed", "yes", "retry"),
    ("MISSING_THOUGHT_SIGNATURE", "failed", "its own earlier words", "unknown", "other_model"),
    ("MALFORMED_RESPONSE", "failed", "before it had an answer", "unknown", "retry"),
    ("OTHER", "failed", "before it had an answer", "unknown", "retry"),
    ("FINISH_REASON_UNSPECIFIED", "failed", "before it had an answer", "unknown", "retry"),
)
_GEMINI_BLOCKS = {
    "SAFETY": "safety rules",
    "OTHER": "refused the request without a reason",
    "BLOCKLIST": "words that the model's rules forbid",
    "PROHIBITED_CONTENT": "do not allow this content",
    "IMAGE_SAFETY": "refused this picture",
    "MODEL_ARMOR": "A guard in front of the model",
    "JAILBREAK": "an attempt around them",
}


def gemini() -> Iterator[Row]:
    """What Google's wire says."""
    row = Row("gemini", "", None, "blocked", "", "")
    for reason, status, words, billed, first in _GEMINI_REASONS:
        end = replace(row, status=status, native=reason, words=words, billed=billed, first=first)
        yield replace(
            end,
            fault=f"ended by {reason}",
            reply=gemini_stream([], reason),
        )
        yield replace(
            end,
            fault=f"ended by {reason} after words",
            reply=gemini_stream(["Half"], reason),
            text="Half",
        )
    for reason, words in _GEMINI_BLOCKS.items():
        yield replace(
            row,
            fault=f"question blocked by {reason}",
            reply=sse({"promptFeedback": {"blockReason": reason}}),
            native=reason,
            words=words,
            billed="no",
            first="reword",
        )
    yield replace(
        row,
        fault="an empty answer",
        reply=gemini_stream([]),
        status="failed",
        native="STOP",
        words="sent an empty answer",
    )
    kept = replace(row, status="complete", native="STOP", first=None)
    yield replace(
        kept,
        fault="bytes that are no picture",
        reply=gemini_stream(["Here: ", b"This is no picture."]),
        text="A picture came that could not be kept.",
        words="no picture came",
        first="ask_picture",
    )
    yield replace(
        kept,
        fault="the same picture twice",
        reply=gemini_stream([gemini_picture(RED), gemini_picture(RED)]),
        pictures=1,
    )


def imagen() -> Iterator[Row]:
    """What Imagen says."""
    row = Row("imagen", "", None, "blocked", "rai_filtered", "", "no", "reword")
    reason = {"raiFilteredReason": "Unable to show generated images. Support codes: 56562880"}
    nothing: dict[str, Any] = {}
    for fault, told, words in (
        ("held back with a reason", {"predictions": [reason]}, "Support codes: 56562880"),
        ("held back without a reason", {"predictions": [{}]}, "refused this picture"),
        ("no predictions", {"predictions": []}, "refused this picture"),
        ("nothing", nothing, "refused this picture"),
    ):
        yield replace(row, fault=fault, reply=json_reply(told), words=words)
    some = imagen_answer(RED)
    some["predictions"].append(reason)
    yield replace(
        row,
        fault="one of two held back",
        reply=json_reply(some),
        status="complete",
        native="",
        billed="unknown",
        first=None,
        words="1 of 2 pictures were held back.",
        pictures=1,
    )
    yield replace(
        row,
        fault="bytes that are no picture",
        reply=json_reply(imagen_answer(b"This is no picture.")),
        status="complete",
        native="",
        billed="unknown",
        first="ask_picture",
        words="no picture came",
        text="A picture came that could not be kept.",
    )
