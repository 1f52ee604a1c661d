"""What a server of chat completions wants to hear again, kept in a part's echo.

OpenRouter sends reasoning details and wants them unmodified. LiteLLM hands on what Gemini signs:

    delta:    {"content": "Here ", "provider_specific_fields": {"thought_signatures": ["aGk="]}}
    message:  the same, a flat list of all the reply's signatures: those of thoughts, words,
              pictures and calls, in their order
    call:     {"id": "call_1__thought__aGk=", "provider_specific_fields": {...}}

Sent back in the same place, the first of the list becomes the signature of the message's words.
A stream drops the signatures of pictures. Source: LiteLLM 1.106.2 and 1.110.2 (2026-11-29).

Google's own endpoints of this wire, and gateways before them, sign calls, and words where they do,
beside them, and refuse the first call of a turn that comes back without:

    call:     {"id": ..., "extra_content": {"google": {"thought_signature": "aGk="}}}
    delta:    {"content": "Here ", "extra_content": {"vertex": {"thought_signature": "aGk="}}}

Source: https://ai.google.dev/gemini-api/docs/thought-signatures, and for the second of the names
https://github.com/earendil-works/pi/issues/6733 (2026-11-29).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

from chat.core.parts import Echo, Part, Text, ToolCall

KIND = "openai_chat"

SEPARATOR = "__thought__"
"""Stands in a call's id before the signature of the call."""

EXTRA_NAMES = ("google", "vertex")
"""Whose ``extra_content`` holds signatures."""


def reasoning_echo(details: list[Any]) -> Echo:
    """An echo of the reasoning details of a reply, in the order they came."""
    return Echo(KIND, {"reasoning_details": details})


def details_of(part: Part) -> list[Any]:
    """The reasoning details that came with a part."""
    details = _data(part).get("reasoning_details")
    return details if isinstance(details, list) else []


def signature_echo(signature: str) -> Echo:
    """An echo of the signature of words, in base64 as it came."""
    return Echo(KIND, {"thought_signature": signature})


def signature_of(said: Sequence[Part]) -> str:
    """The signature of the words that a turn begins with; empty: they came without one.

    Words stream in pieces, and one of them, be it an empty one at the end, carries the signature
    of all.
    """
    words = [i for i, part in enumerate(said) if isinstance(part, Text)]
    begun = said[words[0] :] if words else ()
    run = takewhile(lambda part: isinstance(part, Text), begun)
    found = (_data(part).get("thought_signature") for part in run)
    return next((value for value in found if isinstance(value, str) and value), "")


def words_signature(said: Mapping[str, Any]) -> str:
    """The signature of the words in a message or a delta; empty where they have none.

    The list does not say whose a signature is. Those of thoughts and calls stand beside them
    too, and pictures have one each; what is left over belongs to words.
    """
    elsewhere = {*_of_calls(said.get("tool_calls")), *_of_thoughts(said.get("thinking_blocks"))}
    signatures = _texts(_fields(said).get("thought_signatures"))
    left = [signature for signature in signatures if signature not in elsewhere]
    pictures = said.get("images")
    drawn = len(pictures) if isinstance(pictures, list) else 0
    thinks = said.get("reasoning_content") and not said.get("content")
    return "" if thinks or len(left) <= drawn else left[0]


def extra_content(said: Mapping[str, Any]) -> dict[str, Any]:
    """The signature in ``extra_content`` of a call, a message or a delta, as it goes back.

    Empty where there is none.
    """
    extra = said.get("extra_content")
    extra = extra if isinstance(extra, Mapping) else {}
    found: dict[str, Any] = {}
    for name in EXTRA_NAMES:
        fields = extra.get(name)
        signature = fields.get("thought_signature") if isinstance(fields, Mapping) else None
        if isinstance(signature, str) and signature:
            found[name] = {"thought_signature": signature}
    return found


def is_thought(said: Mapping[str, Any]) -> bool:
    """Whether the content of a message or a delta is marked as a thought."""
    extra = said.get("extra_content")
    fields = [extra.get(name) for name in EXTRA_NAMES] if isinstance(extra, Mapping) else []
    return any(isinstance(each, Mapping) and each.get("thought") is True for each in fields)


def is_googles(host: str) -> bool:
    """Whether a host is one of Google's own endpoints, which sign so."""
    return f".{host}".endswith(".googleapis.com")


def extra_echo(extra: Mapping[str, Any]) -> Echo:
    """An echo of what :func:`extra_content` found beside words."""
    return Echo(KIND, {"extra_content": dict(extra)})


def signed_call(call: ToolCall, extra: Mapping[str, Any]) -> ToolCall:
    """The call with what was found beside it."""
    kept = dict(call.echo.data) if call.echo is not None else {}
    return replace(call, echo=Echo(KIND, {**kept, "extra_content": dict(extra)}))


def extra_of(part: Part) -> dict[str, Any]:
    """What came beside a part; empty where nothing did."""
    return extra_content(_data(part))


def unsigned_id(call_id: str) -> str:
    """The id of a call without the signature in it, which is nobody else's business."""
    return call_id.partition(SEPARATOR)[0] or call_id


def _of_calls(calls: object) -> Iterator[str]:
    for call in calls if isinstance(calls, list) else ():
        if isinstance(call, Mapping):
            signature = _fields(call).get("thought_signature")
            yield signature if isinstance(signature, str) else ""
            yield str(call.get("id") or "").partition(SEPARATOR)[2]


def _of_thoughts(blocks: object) -> Iterator[str]:
    for block in blocks if isinstance(blocks, list) else ():
        signature = block.get("signature") if isinstance(block, Mapping) else None
        if isinstance(signature, str):
            yield signature


def _fields(said: Mapping[str, Any]) -> Mapping[str, Any]:
    fields = said.get("provider_specific_fields")
    return fields if isinstance(fields, Mapping) else {}


def _texts(values: object) -> list[str]:
    listed = values if isinstance(values, list) else ()
    return [value for value in listed if isinstance(value, str) and value]


def _data(part: Part) -> Mapping[str, Any]:
    echo = part.echo
    return echo.data if echo is not None and echo.provider == KIND else {}
