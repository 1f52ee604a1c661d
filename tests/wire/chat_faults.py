"""What chat completions say of themselves, as rows of the fault table."""

import base64
from collections.abc import Iterator
from dataclasses import replace

from chat.core.messages import Billed, NextAction
from tests.loopback import Reply, json_reply, sse
from tests.wire.doors import RED
from tests.wire.faults import RULES, Row
from tests.wire_shapes import (
    OPENAI_USAGE,
    data_url,
    openai_chunk,
    openai_message,
    openai_stream,
    tiny_png,
)

BLUE = tiny_png(0, 0, 200)
GARBAGE = base64.b64encode(b"This is no picture at all.").decode()
_Native = tuple[str, str, Billed, NextAction]
_NATIVE: tuple[_Native, ...] = (
    ("NO_IMAGE", "made no picture", "yes", "ask_picture"),
    ("IMAGE_OTHER", "could not make this picture", "no", "retry"),
    ("IMAGE_SAFETY", "refused this picture", "no", "reword"),
)


def openai_chat() -> Iterator[Row]:
    """What chat completions say."""
    row = Row("openai_chat", "", None, "blocked", "", "")
    by_length = replace(row, status="complete", native="length", words="length limit", billed="yes")
    yield replace(
        by_length,
        fault="ended by length",
        reply=openai_stream(["Half"], "length"),
        text="Half",
    )
    filtered = replace(row, native="content_filter", words="content rules stopped", first="reword")
    yield replace(
        filtered,
        fault="filtered, nothing counted",
        reply=openai_stream([], "content_filter", usage=None),
    )
    yield replace(
        filtered,
        fault="filtered, output counted",
        reply=openai_stream(["Half"], "content_filter", usage=OPENAI_USAGE),
        text="Half",
        billed="yes",
    )
    declined = replace(row, native="refusal", words="declined", billed="yes", first="reword")
    refusal = "I cannot draw that."
    yield replace(
        declined,
        fault="declined in the model's own words",
        reply=openai_stream([{"refusal": refusal[:8]}, {"refusal": refusal[8:]}]),
        text=refusal,
    )
    yield replace(
        declined,
        fault="declined in the model's own words, not streamed",
        reply=json_reply(openai_message({"content": None, "refusal": refusal})),
        text=refusal,
        streams=False,
    )
    for native, words, billed, first in _NATIVE:
        yield replace(
            row,
            fault=f"filtered, natively {native}",
            reply=_native("content_filter", native),
            native=native,
            words=words,
            billed=billed,
            first=first,
        )
    failed = replace(row, status="failed")
    yield replace(
        failed,
        fault="a call that made no sense",
        reply=_native("stop", "MALFORMED_FUNCTION_CALL"),
        native="MALFORMED_FUNCTION_CALL",
        words="tried to use a tool and failed",
        billed="yes",
    )
    yield replace(
        failed,
        fault="an unknown reason",
        reply=openai_stream(["Half"], "eaten"),
        status="complete",
        native="eaten",
        words="a reason unknown here: eaten",
        first="ask_picture",
        text="Half",
    )
    yield replace(
        failed,
        fault="an empty answer",
        reply=openai_stream([]),
        native="stop",
        words="sent an empty answer",
    )
    yield replace(
        failed,
        fault="no choices",
        reply=sse({"id": "1", "choices": []}, "[DONE]"),
        native="BadReply",
        words="broke off",
    )
    yield replace(
        row,
        fault="a question refused in mid-stream",
        reply=sse(
            openai_chunk({"content": "Half"}),
            {"error": {"code": "content_filter", "message": "No."}},
        ),
        native="content_filter",
        words=RULES,
        text="Half",
        first="reword",
    )
    kept = replace(row, status="complete", native="stop", first=None)
    for fault, pictures, count in (
        ("two pictures with one index", [RED, BLUE], 2),
        ("the same picture twice", [RED, RED], 1),
    ):
        images = [
            {"type": "image_url", "index": 0, "image_url": {"url": data_url(picture)}}
            for picture in pictures
        ]
        yield replace(
            kept,
            fault=fault,
            reply=openai_stream([{"images": images}]),
            pictures=count,
        )
    asked = replace(kept, words="no picture came", first="ask_picture")
    for fault, url, text in (
        ("half a data URL", "data:image/png;base64,iVBOR*", "A picture came that could not be"),
        ("bytes that are no picture", f"data:image/png;base64,{GARBAGE}", "could not be kept"),
        ("a link to a private place", "http://127.0.0.1:9/x.png", "does not open"),
        ("a link of another scheme", "file:///etc/passwd", "does not open"),
        ("a link to a page", "https://example.com/", "does not open"),
    ):
        image = {"images": [{"image_url": {"url": url}}]}
        yield replace(asked, fault=fault, reply=openai_stream([image]), text=text)


def _native(reason: str, native: str) -> Reply:
    chunk = openai_chunk({}, reason)
    chunk["choices"][0]["native_finish_reason"] = native
    return sse(chunk, "[DONE]")
