"""Replies in the true shapes of the two wires, made from a list of words and pictures.

A part is a ``str`` (a text delta), ``bytes`` (a picture), a :class:`Gate` (wait there) or a
``dict`` (a raw delta or part, sent as it is).
"""

import base64
import struct
import zlib
from collections.abc import Sequence
from typing import Any, TypeAlias

from tests.loopback import Gate, Reply, sse

Said: TypeAlias = str | bytes | Gate | dict[str, Any]

OPENAI_USAGE = {
    "prompt_tokens": 10,
    "completion_tokens": 1429,
    "total_tokens": 1439,
    "completion_tokens_details": {
        "reasoning_tokens": 120,
        "text_tokens": 19,
        "image_tokens": 1290,
    },
    "prompt_tokens_details": {"text_tokens": 10},
}

GEMINI_USAGE = {
    "promptTokenCount": 268,
    "candidatesTokenCount": 1299,
    "thoughtsTokenCount": 120,
    "totalTokenCount": 1687,
    "promptTokensDetails": [
        {"modality": "TEXT", "tokenCount": 10},
        {"modality": "IMAGE", "tokenCount": 258},
    ],
    "candidatesTokensDetails": [
        {"modality": "IMAGE", "tokenCount": 1290},
        {"modality": "TEXT", "tokenCount": 9},
    ],
}


def tiny_png(red: int, green: int = 0, blue: int = 0, side_px: int = 8) -> bytes:
    """A valid PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    row = b"\0" + bytes((red, green, blue)) * side_px
    head = struct.pack(">IIBBBBB", side_px, side_px, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(row * side_px))
        + chunk(b"IEND", b"")
    )


def data_url(picture: bytes, mime: str = "image/png") -> str:
    """A picture as a data URL."""
    return f"data:{mime};base64,{base64.b64encode(picture).decode()}"


def openai_chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> dict[str, Any]:
    """One chunk of a streamed chat completion."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "gen-1",
        "created": 1,
        "model": "m",
        "object": "chat.completion.chunk",
        "choices": [choice],
        **more,
    }


def openai_stream(
    parts: Sequence[Said], finish: str | None = "stop", usage: dict[str, Any] | None = OPENAI_USAGE
) -> Reply:
    """A streamed chat completion; pictures in ``delta.images``. No finish: it breaks off."""
    events: list[object] = [openai_chunk({"role": "assistant", "content": ""})]
    for part in parts:
        match part:
            case str():
                events.append(openai_chunk({"content": part}))
            case bytes():
                image = {"type": "image_url", "index": 0, "image_url": {"url": data_url(part)}}
                events.append(openai_chunk({"images": [image]}))
            case Gate():
                events.append(part)
            case dict():
                events.append(openai_chunk(part))
    if finish is not None:
        events.append(openai_chunk({}, finish))
        if usage is not None:
            events.append({**openai_chunk({}), "choices": [], "usage": usage})
        events.append("[DONE]")
    return sse(*events)


def openai_message(
    message: dict[str, Any], finish: str = "stop", usage: dict[str, Any] | None = OPENAI_USAGE
) -> dict[str, Any]:
    """A chat completion in one piece, to be sent as JSON."""
    return {
        "id": "gen-1",
        "created": 1,
        "model": "m",
        "object": "chat.completion",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", **message}}
        ],
        **({"usage": usage} if usage is not None else {}),
    }


def gemini_chunk(parts: list[dict[str, Any]], **candidate: Any) -> dict[str, Any]:
    """One chunk of a streamed Gemini reply."""
    return {
        "usageMetadata": {"promptTokenCount": 268, "totalTokenCount": 268},
        "modelVersion": "gemini-3.1-flash-image",
        "responseId": "resp_1",
        "candidates": [{"index": 0, "content": {"role": "model", "parts": parts}, **candidate}],
    }


def gemini_stream(parts: Sequence[Said], finish: str | None = "STOP") -> Reply:
    """A streamed Gemini reply; each picture signed. No finish: it breaks off."""
    events: list[object] = []
    for part in parts:
        match part:
            case str():
                events.append(gemini_chunk([{"text": part}]))
            case bytes():
                events.append(gemini_chunk([gemini_picture(part)]))
            case Gate():
                events.append(part)
            case dict():
                events.append(gemini_chunk([part]))
    if finish is not None:
        last = gemini_chunk([], finishReason=finish)
        events.append({**last, "usageMetadata": GEMINI_USAGE})
    return sse(*events)


def gemini_picture(
    picture: bytes, signature: bytes | None = b"\xfb\xff\xbesigned"
) -> dict[str, Any]:
    """A picture part, signed unless told otherwise."""
    part: dict[str, Any] = {
        "inlineData": {"mimeType": "image/png", "data": base64.b64encode(picture).decode()}
    }
    if signature is not None:
        part["thoughtSignature"] = base64.b64encode(signature).decode()
    return part


def imagen_answer(*pictures: bytes) -> dict[str, Any]:
    """Imagen's answer with these pictures, to be sent as JSON."""
    return {
        "predictions": [
            {"mimeType": "image/png", "bytesBase64Encoded": base64.b64encode(picture).decode()}
            for picture in pictures
        ]
    }
