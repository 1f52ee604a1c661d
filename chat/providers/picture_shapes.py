"""Every shape in which servers send a picture beside or among words.

    images: [{"image_url": {"url": ...}}]                OpenRouter, LiteLLM since 1.77
    images: [{"image_url": "..."}], [{"url": ...}], ["..."], [{"b64_json": ...}]
    images: [{"inline_data": {"data": ..., "mime_type": ...}}]
    image:  {"url": ...}                                 LiteLLM 1.76
    content: [{"type": "image_url", "image_url": ...}]   content as a list of parts
    content: [{"type": "image", "data": ...}]            as MCP writes it
    content: [{"type": "image", "source": {"type": "base64", "data": ...}}]    as Anthropic does
    content: [{"type": "input_image" | "output_image", "image_url": ...}]      as Responses does
    content: [{"inlineData": {"data": ..., "mimeType": ...}}, {"fileData": {"fileUri": ...}}]

A picture is a data URL, base64 alone, or an address. Which of them it is, and whether it is a
picture, is told by looking at it; stated types are not believed.

Source: LiteLLM 1.75 to 1.110, OpenRouter's documentation (2026-11-29).
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["text", "reasoning", "image", "other"]

_KEYS = (
    "image_url",
    "url",
    "b64_json",
    "inline_data",
    "inlineData",
    "file_data",
    "fileData",
    "file_uri",
    "fileUri",
    "source",
    "data",
    "image",
    "result",
    "base64",
    "bytesBase64Encoded",
)
"""Where a picture, or a table that holds it, may stand; the first that is there counts."""

_MOST_LEVELS = 5
_UNSHOWN = "other"


def addresses(message: Mapping[str, Any]) -> Iterator[str]:
    """The pictures beside the text of a message or a delta: data URLs, base64 or addresses."""
    images = message.get("images")
    for item in images if isinstance(images, list) else (images,):
        yield from picture_in(item)
    yield from picture_in(message.get("image"))


def picture_in(item: object, levels: int = _MOST_LEVELS) -> Iterator[str]:
    """The picture in an item, however deep."""
    if isinstance(item, str) and item.strip():
        yield item
    elif isinstance(item, Mapping) and levels:
        held = next((item[key] for key in _KEYS if item.get(key)), None)
        yield from picture_in(held, levels - 1)


def content_pieces(content: object) -> Iterator[tuple[Kind, str]]:
    """The content of a message in its order; of ``other``, the value is what it calls itself."""
    if isinstance(content, str):
        yield "text", content
    for item in [content] if isinstance(content, Mapping) else _listed(content):
        if isinstance(item, str):
            yield "text", item
        elif isinstance(item, Mapping):
            yield from _content_part(item)


def _content_part(part: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    thought = part.get("thinking") or part.get("reasoning")
    text = part.get("text")
    if isinstance(text, Mapping):  # as the Assistants API writes it
        text = text.get("value")
    if isinstance(thought, str):
        yield "reasoning", thought
        return
    if isinstance(text, str):
        yield "text", text
        return
    kind = str(part.get("type") or "")
    if kind == "refusal" and isinstance(part.get("refusal"), str):
        yield "text", part["refusal"]
        return
    found = list(picture_in(part)) if _may_be_picture(part, kind) else []
    for address in found:
        yield "image", address
    if not found and kind and kind not in _SILENT:
        yield "other", kind


_SILENT = frozenset({"text", "output_text", "thinking", "redacted_thinking", "reasoning"})
"""Kinds that say nothing where they hold nothing."""
_SOUNDS = ("audio", "video")


def _may_be_picture(part: Mapping[str, Any], kind: str) -> bool:
    stated = f"{kind} {part.get('mime_type') or part.get('mimeType') or ''}".lower()
    return not any(sound in stated for sound in _SOUNDS)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
