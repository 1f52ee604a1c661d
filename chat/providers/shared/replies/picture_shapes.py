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
    attachments: [{"type": "image", "url": ...}], files, documents, videos ...
    anything: {"anything": "iVBORw0KGgo..."}             what looks like a picture, however named

A picture is a data URL, base64 alone, or an address. Which of them it is, and whether it is a
picture, is told by looking at it; stated types are not believed.

Source: LiteLLM 1.75 to 1.110, OpenRouter's documentation (2026-11-29).
"""

import base64
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from chat.images.dataurl import is_data_url
from chat.providers.shared.replies.decoded import is_picture

Kind: TypeAlias = Literal["text", "reasoning", "image", "other"]

_KEYS = (
    "image_url",
    "imageUrl",
    "url",
    "b64_json",
    "inline_data",
    "inlineData",
    "file_data",
    "fileData",
    "file_uri",
    "fileUri",
    "gcsUri",
    "source",
    "src",
    "data",
    "image",
    "images",
    "image_urls",
    "imageUrls",
    "img",
    "picture",
    "result",
    "base64",
    "bytesBase64Encoded",
)
"""Where a picture, a list or a table of pictures may stand; the first that is there counts."""

_MOST_LEVELS = 10
_UNSHOWN = "other"
_SNIFFED_CHARS = 4_000
"""A drawing may begin with a long comment."""
_LEAST_CHARS = 40
"""Of base64; fewer are no picture, but may begin like one."""


def addresses(message: Mapping[str, Any]) -> Iterator[str]:
    """The pictures beside the text of a message or a delta: data URLs, base64 or addresses."""
    for name in ("images", "image"):
        yield from picture_in(message.get(name))
    for name, value in message.items():
        if not value or name in _READ_ELSEWHERE:
            continue
        if isinstance(value, Mapping | list) and _names_picture(name):
            yield from picture_in(value)
        elif isinstance(value, str) and _names_picture(name) and value.startswith(_WEB):
            yield value
        else:
            yield from seen_in(value)


def picture_in(item: object, levels: int = _MOST_LEVELS) -> Iterator[str]:
    """The pictures in an item, however deep: by the names that are known, or by their looks."""
    if isinstance(item, str) and item.strip():
        yield item
    elif isinstance(item, list) and levels:
        yield from _listed_in(item, levels)
    elif isinstance(item, Mapping) and levels:
        found = False
        named = [item[key] for key in _KEYS if item.get(key)]
        # The picture itself, where its address stands beside it.
        itself = (value for value in named if isinstance(value, str) and _looks_like_picture(value))
        held = next(itself, named[0] if named else None)
        for value in picture_in(held, levels - 1):
            found = True
            yield value
        if not found:
            yield from seen_in(item, levels)


def _listed_in(items: list[Any], levels: int) -> Iterator[str]:
    if items and all(type(byte) is int and 0 <= byte < 256 for byte in items):
        yield base64.b64encode(bytes(items)).decode("ascii")  # as programs in JavaScript send bytes
        return
    for item in items:
        yield from picture_in(item, levels - 1)


def seen_in(item: object, levels: int = _MOST_LEVELS) -> Iterator[str]:
    """What looks like a picture in an item, whatever it is called there."""
    if isinstance(item, str):
        if _looks_like_picture(item):
            yield item
    elif isinstance(item, list) and levels:
        for value in item:
            yield from seen_in(value, levels - 1)
    elif isinstance(item, Mapping) and levels:
        for name, value in item.items():
            if name not in _NOT_SAID:
                yield from seen_in(value, levels - 1)


def _looks_like_picture(text: str) -> bool:
    """Whether a text is a data URL of a picture, or base64 that begins like one."""
    if len(text) < _LEAST_CHARS:
        return False
    if is_data_url(text):
        head, _, text = text.partition(",")
        if "image/" in head.lower():
            return True
    if not _DIGITS.match(text):
        return False
    digits = "".join(text[:_SNIFFED_CHARS].split()).translate(_TO_STANDARD).rstrip("=")
    digits = digits[: len(digits) - len(digits) % 4]
    return bool(_DIGITS.fullmatch(digits)) and is_picture(base64.b64decode(digits))


_BESIDE = (
    "attachments",
    "attachment",
    "files",
    "file",
    "documents",
    "document",
    "videos",
    "video",
    "video_url",
    "media",
    "artifacts",
)
"""Where servers put what came with the words."""
_NOT_SAID = frozenset(
    {"reasoning", "reasoning_content", "reasoning_details", "thinking", "thinking_blocks"}
)
_READ_ELSEWHERE = frozenset(
    {
        "content", "role", "refusal", "images", "image", "audio", "tool_calls", "function_call",
        *_BESIDE, *_NOT_SAID,
    }
)  # fmt: skip
"""Of a message or a delta: what is words, a call or a thought, or is looked through by name."""
_WEB = ("http://", "https://")
_DIGITS = re.compile(r"[A-Za-z0-9+/_-]{16,}")
_TO_STANDARD = str.maketrans("-_", "+/")


def attached(message: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """What came with the words of a message or a delta: pictures, and what is to be remarked on."""
    for name in _BESIDE:
        value = message.get(name)
        for item in value if isinstance(value, list) else (value,):
            if isinstance(item, str) and item.strip():
                yield ("other", name) if name.startswith("video") else ("image", item)
            elif isinstance(item, Mapping) and item:
                yield from _content_part({"type": name, **item})


def content_pieces(content: object) -> Iterator[tuple[Kind, str]]:
    """The content of a message in its order; of ``other``, the value is what it calls itself."""
    yield from _pieces(content, _MOST_LEVELS)


def _pieces(content: object, levels: int) -> Iterator[tuple[Kind, str]]:
    if isinstance(content, str):
        yield "text", content
    elif isinstance(content, list) and levels:
        for item in content:
            yield from _pieces(item, levels - 1)
    elif isinstance(content, Mapping) and levels:
        inner = content.get("parts") or content.get("content")
        if isinstance(inner, list):
            yield from _pieces(inner, levels - 1)
        else:
            yield from _content_part(content)


def _content_part(part: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    thought = part.get("thinking") or part.get("reasoning")
    text = part.get("text")
    if isinstance(text, Mapping):  # as the Assistants API writes it
        text = text.get("value")
    if isinstance(thought, str):
        yield "reasoning", thought
        return
    kind = str(part.get("type") or _kind_by_key(part))
    if isinstance(text, str) and (text or kind in _SILENT):
        yield "text", text
        for address in picture_in(part) if _names_picture(kind) else seen_in({**part, "text": ""}):
            yield "image", address
        return
    if kind == "refusal" and isinstance(part.get("refusal"), str):
        yield "text", part["refusal"]
        return
    found = list(picture_in(part)) if _may_be_picture(part, kind) else []
    for address in found:
        yield "image", address
    if not found and kind and kind not in _SILENT:
        yield "other", kind


def _kind_by_key(part: Mapping[str, Any]) -> str:
    """What a part without a type calls what it holds; empty where that is no medium."""
    return next((name for name in part if part[name] and _names_medium(name)), "")


_SILENT = frozenset({"text", "output_text", "thinking", "redacted_thinking", "reasoning"})
"""Kinds that say nothing where they hold nothing."""
_SOUNDS = ("audio", "video")
_MEDIA = (*_SOUNDS, "file", "document", "attachment", "media", "image")


def _may_be_picture(part: Mapping[str, Any], kind: str) -> bool:
    stated = f"{kind} {part.get('mime_type') or part.get('mimeType') or ''}".lower()
    return not any(sound in stated for sound in _SOUNDS)


def is_medium(item: Mapping[str, Any]) -> bool:
    """Whether an item of a kind nobody knows holds sound, film or a file."""
    kind = str(item.get("type") or "").lower()
    held = any(value and (key in _KEYS or _names_medium(key)) for key, value in item.items())
    return held and _names_medium(kind)


def _names_medium(word: str) -> bool:
    return any(medium in word.lower() for medium in _MEDIA)


def _names_picture(word: str) -> bool:
    return any(name in word.lower() for name in ("image", "img", "picture"))
