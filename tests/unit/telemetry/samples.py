"""Calls to record."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chat.core.calling import ModelRequest
from chat.core.events import Finished, ImageBytes, TextDelta
from chat.core.messages import Finish, Message, Usage
from chat.core.models import Endpoint, ModelCard
from chat.core.parts import Image, MediaRef, Text, ToolCall, ToolResult
from chat.providers.registry import specs
from chat.telemetry.call import Call

KEY = "sk-not-a-real-key-0123456789"
SECRET = "the secret of the red fox"

ENDPOINT = Endpoint(
    "router",
    "openai_chat",
    "Router",
    "http://127.0.0.1:4000/v1",
    KEY,
    ("K",),
    spec=specs()["openai_chat"],
)
CARD = ModelCard("model", "router", "wire-model", "The Model")
USAGE = Usage(10, 20, 30, 40, 5, cached_tokens=8)

CALL = Call(
    conversation_id="c" * 32,
    turn_id="t" * 32,
    owner="someone@example.org",
    endpoint=ENDPOINT,
    card=CARD,
    attempt=2,
    started_at=datetime(2026, 11, 26, 12, 0, tzinfo=UTC),
    total_s=1.5,
    first_event_s=0.25,
    finish="stop",
    usage=USAGE,
    cost_usd=0.01,
    request_id="req-1",
    response_id="resp-1",
    deployment="router/wire-model",
)
FAILED = replace(
    CALL, outcome="error", error_type="RateLimited", http_status=429, finish="", usage=None,
    first_event_s=None, cost_usd=None, response_id="",
)  # fmt: skip


def worded(**more: Any) -> Call:
    """A call that carries what was asked and said."""
    picture = Image(MediaRef("a" * 64, "image/png", 3, 1, 1), "upload")
    parts = (picture, Text(f"{SECRET}, my key is {KEY}"))
    answered = (
        Text("Let me see."),
        ToolCall("c1", "calculator", {"expression": "6*7"}),
        ToolResult("c1", "calculator", (Text("42"),)),
    )
    request = ModelRequest(
        CARD,
        (
            Message("q", "c", None, "user", parts),
            Message("r", "c", "q", "assistant", answered, status="streaming"),
        ),
        system="Be brief.",
        media={"a" * 64: b"\x89PNG"},
    )
    said = (
        TextDelta("Here "),
        TextDelta("it is."),
        ImageBytes(b"\x89PNG bytes"),
        Finished(Finish("stop")),
    )
    return replace(CALL, request=request, said=said, **more)
