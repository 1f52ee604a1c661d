"""Replies in the true shape of the Interactions API, made from a list of words and pictures.

A part is a ``str`` (text in two pieces), ``bytes`` (a picture), a :class:`Gate` (wait there) or a
``dict`` (a step, or an event where it has an ``event_type``).
"""

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from tests.loopback import Gate, Reply, sse
from tests.wire_shapes import Said

SIGNATURE = base64.b64encode(b"\xfb\xff\xbesigned").decode()

USAGE = {
    "total_input_tokens": 268,
    "input_tokens_by_modality": [
        {"modality": "text", "tokens": 10},
        {"modality": "image", "tokens": 258},
    ],
    "total_output_tokens": 1299,
    "output_tokens_by_modality": [
        {"modality": "image", "tokens": 1290},
        {"modality": "text", "tokens": 9},
    ],
    "total_thought_tokens": 120,
    "total_cached_tokens": 8,
    "total_tokens": 1687,
}


def b64(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


def image(picture: bytes, mime: str = "image/png") -> dict[str, Any]:
    """A picture among the content of a step."""
    return {"type": "image", "mime_type": mime, "data": b64(picture)}


def text(words: str) -> dict[str, Any]:
    """Words among the content of a step."""
    return {"type": "text", "text": words}


def thought(signature: str = SIGNATURE, *summary: str) -> dict[str, Any]:
    """A thought, with what it comes to in words."""
    told = {"summary": [text(words) for words in summary]} if summary else {}
    return {"type": "thought", "signature": signature, **told}


def output(*content: dict[str, Any], **more: Any) -> dict[str, Any]:
    """What the model says."""
    return {"type": "model_output", "content": list(content), **more}


def called(name: str, arguments: dict[str, Any], call_id: str = "call_1") -> dict[str, Any]:
    """A call of a tool."""
    return {"type": "function_call", "id": call_id, "name": name, "arguments": arguments}


def interaction(steps: Sequence[dict[str, Any]] | None, **more: Any) -> dict[str, Any]:
    """An interaction; without steps, as the events of a stream tell of it."""
    return {
        "id": "int_1",
        "object": "interaction",
        "model": "gemini-nano-banana-2.1",
        "status": "completed",
        "usage": USAGE,
        **({} if steps is None else {"steps": list(steps)}),
        **more,
    }


def event(kind: str, **more: Any) -> dict[str, Any]:
    """One event of a stream."""
    return {"event_type": kind, **more}


def delta(kind: str, at: int = 0, **more: Any) -> dict[str, Any]:
    """A piece of a step."""
    return event("step.delta", index=at, delta={"type": kind, **more})


def in_pieces(step: dict[str, Any], at: int) -> Iterator[dict[str, Any]]:
    """A step as a stream tells it."""
    kind = step["type"]
    head = {"type": kind}
    pieces: list[dict[str, Any]] = []
    if kind == "thought":
        pieces = [delta("thought_summary", at, content=item) for item in step.get("summary", ())]
        pieces.append(delta("thought_signature", at, signature=step["signature"]))
    elif kind == "function_call":
        head |= {"id": step["id"], "name": step["name"], "arguments": {}}
        told = str(step["arguments"]).replace("'", '"')
        half = len(told) // 2
        pieces = [
            delta("arguments_delta", at, arguments=part) for part in (told[:half], told[half:])
        ]
    elif "content" in step and "error" not in step:
        pieces = [event("step.delta", index=at, delta=item) for item in step["content"]]
    else:
        head = step
    yield event("step.start", index=at, step=head)
    yield from pieces
    yield event("step.stop", index=at)


def interactions_stream(
    parts: Sequence[Said], status: str | None = "completed", **more: Any
) -> Reply:
    """A streamed interaction that ends as it says; no status: it breaks off.

    Each picture comes behind a signed thought.
    """
    start = interaction(None, status="in_progress", usage=None)
    events: list[object] = [event("interaction.created", interaction=start)]
    at = 0
    for part in parts:
        match part:
            case str():
                half = len(part) // 2
                events += in_pieces(output(text(part[:half]), text(part[half:])), at)
            case bytes():
                events += in_pieces(thought(), at)
                at += 1
                events += in_pieces(output(image(part)), at)
            case Gate():
                events.append(part)
            case dict() if "event_type" in part:
                events.append(part)
            case dict():
                events += in_pieces(part, at)
        at += 1
    if status is not None:
        whole = {**interaction(None), "status": status, **more}
        events += [event("interaction.completed", interaction=whole), "[DONE]"]
    return sse(*events)
