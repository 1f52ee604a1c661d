"""What the Responses API says of itself, as rows of the fault table."""

from collections.abc import Iterator
from dataclasses import replace

from chat.core.messages import Billed, NextAction, Status
from tests.loopback import json_reply
from tests.wire.faults import RULES, Row
from tests.wire.responses_shapes import drawn, event, response, responses_stream, said

_Incomplete = tuple[str, Status, str, Billed, NextAction]
_INCOMPLETE: tuple[_Incomplete, ...] = (
    ("max_output_tokens", "complete", "length limit", "yes", "retry"),
    ("content_filter", "blocked", "content rules stopped", "yes", "reword"),
    ("eaten", "complete", "a reason unknown here: eaten", "unknown", "ask_picture"),
)
_Failed = tuple[str, str, Status, str, NextAction]
_FAILED: tuple[_Failed, ...] = (
    ("server_error", "Unavailable", "interrupted", "“Gone.”", "retry"),
    ("rate_limit_exceeded", "RateLimited", "failed", "no more requests", "retry"),
    ("invalid_prompt", "Rejected", "failed", "refused the request", "edit"),
    ("context_length_exceeded", "RequestTooLarge", "failed", "holds more", "other_model"),
    ("bio_policy", "bio_policy", "blocked", RULES, "reword"),
)


def openai_responses() -> Iterator[Row]:
    """What the Responses API says."""
    row = Row("openai_responses", "", None, "blocked", "", "", text="Half")
    for reason, status, words, billed, first in _INCOMPLETE:
        yield replace(
            row,
            fault=f"incomplete by {reason}",
            reply=responses_stream(["Half"], "incomplete", incomplete_details={"reason": reason}),
            status=status,
            native=reason,
            words=words,
            billed=billed,
            first=first,
        )
    yield replace(
        row,
        fault="declined in words",
        reply=responses_stream(
            [event("response.refusal.delta", delta="Half"), said("Half", "refusal")]
        ),
        native="refusal",
        words="declined this request",
        billed="yes",
        first="reword",
    )
    for code, native, status, words, first in _FAILED:
        yield replace(
            row,
            fault=f"failed with {code}",
            reply=responses_stream(["Half"], "failed", error={"code": code, "message": "Gone."}),
            status=status,
            native=native,
            words=words,
            first=first,
        )
    undrawn = {"status": "failed", "result": None, "error": {"code": "moderation_blocked"}}
    yield replace(
        row,
        fault="the picture was refused",
        reply=responses_stream(["Half", {**drawn(b""), **undrawn}]),
        native="moderation_blocked",
        words="refused this picture",
        billed="yes",
        first="reword",
    )
    for fault, result in (("is missing", None), ("cannot be read", "iVBOR*")):
        yield replace(
            row,
            fault=f"the picture {fault}",
            reply=responses_stream(["Half", drawn(b"", result=result)]),
            native="failed",
            words="could not be made",
            billed="yes",
            first="ask_picture",
        )
    yield replace(
        row,
        fault="an empty answer",
        reply=responses_stream([]),
        status="failed",
        native="completed",
        words="sent an empty answer",
        text="",
    )
    yield replace(
        row,
        fault="an answer without output",
        reply=json_reply({**response(()), "output": None}),
        status="failed",
        native="completed",
        words="sent an empty answer",
        text="",
    )
