"""A Gemini of the third generation as it is on the wire: it signs, and it wants what it signed.

AI Studio refuses a turn of the model in which a picture, the leading words or the first call
come back unsigned; Google Cloud looks at calls alone. In place of a signature both accept the
value that Google's documentation names. Source: design notes of 2026-11-21, after public reports.
"""

import base64
import hashlib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chat.providers.shared.requests.thought_signatures import BYPASS
from tests.loopback import Reply, json_reply

Part = dict[str, Any]
_URL_SAFE = str.maketrans("-_", "+/")


def found(part: Mapping[str, Any], camel: str, snake: str) -> Any:
    """A field in either of the spellings that Google's servers read."""
    value = part.get(camel)
    return part.get(snake) if value is None else value


def signature_in(part: Mapping[str, Any]) -> bytes:
    """The signature of a part, in either alphabet; empty: it has none."""
    value = found(part, "thoughtSignature", "thought_signature")
    return base64.b64decode(value.translate(_URL_SAFE)) if value else b""


def unsigned(
    contents: Sequence[Mapping[str, Any]], *, calls_only: bool = False
) -> Iterator[tuple[str, int, int]]:
    """What is missing its signature: the kind of part, and where, counted from 1."""
    for number, content in enumerate(contents, start=1):
        if content.get("role") != "model":
            continue
        said = [
            (at, _kind(part), part)
            for at, part in enumerate(content["parts"], start=1)
            if not part.get("thought")
        ]
        called = [place for place in said if place[1] == "Function call"][:1]
        drawn = [place for place in said if place[1] == "Image"]
        leading = [place for place in said if place[1] == "Text"][:1]
        owing = called if calls_only else [*leading, *drawn, *called]
        yield from ((kind, number, at) for at, kind, part in owing if not signature_in(part))


def sentence(kind: str, number: int, at: int) -> str:
    """What is missing, in Google's words."""
    return (
        f"{kind} part is missing a thought_signature in content position {number}, "
        f"part position {at}."
    )


def _kind(part: Mapping[str, Any]) -> str:
    if found(part, "inlineData", "inline_data"):
        return "Image"
    if found(part, "functionCall", "function_call"):
        return "Function call"
    return "Text" if "text" in part else "Other"


class StrictGemini:
    """Signs what it says, and refuses a history that lacks a signature or holds a strange one."""

    def __init__(self, *, calls_only: bool = False) -> None:
        self._calls_only = calls_only
        self._issued: dict[bytes, str] = {}
        self._count = itertools.count(1)
        self.refusals: list[str] = []

    def signed(self, part: Part) -> Part:
        """The part with a signature of its own."""
        signature = f"signature-{id(self)}-{next(self._count)}".encode()
        self._issued[signature] = _bound(part)
        return {**part, "thoughtSignature": base64.b64encode(signature).decode()}

    def refusal(self, contents: Sequence[Mapping[str, Any]]) -> Reply | None:
        """The refusal of a history, in Google's words; none where it is sound."""
        why = next(self._faults(contents), "")
        if not why:
            return None
        self.refusals.append(why)
        return json_reply(
            {"error": {"code": 400, "message": why, "status": "INVALID_ARGUMENT"}}, 400
        )

    def _faults(self, contents: Sequence[Mapping[str, Any]]) -> Iterator[str]:
        for missing in unsigned(contents, calls_only=self._calls_only):
            yield sentence(*missing)
        for content in contents:
            for part in content["parts"]:
                signature = signature_in(part)
                if signature in {b"", BYPASS}:
                    continue
                if content.get("role") != "model":
                    yield "Only parts of the model carry a thought_signature."
                bound = self._issued.get(signature)
                if bound is None:
                    yield f"Corrupted thought_signature: {signature.decode(errors='replace')}"
                elif bound and bound != _bound(part):
                    yield f"This thought_signature belongs to another part: {bound}"


def _bound(part: Mapping[str, Any]) -> str:
    """What a signature is bound to: a picture's bytes, a call's name; words come in pieces."""
    data = found(part, "inlineData", "inline_data")
    if data:
        picture = base64.b64decode(data["data"].translate(_URL_SAFE))
        return f"picture {hashlib.sha256(picture).hexdigest()}"
    call = found(part, "functionCall", "function_call")
    return f"call of {call['name']}" if call else "words"
