"""Parts of a file over HTTP: a range of bytes, so that a download goes on where it stopped.

Source: RFC 9110, sections 13.1.5 (If-Range) and 14 (Range requests), read 2026-11.
"""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

_ONE = re.compile(r"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*")


def answer(request: Request, data: bytes, media_type: str, headers: Mapping[str, str]) -> Response:
    """The answer to ``GET`` or ``HEAD`` with these bytes, or with the part that was asked for.

    Several ranges at once, and what is no range at all, are answered with the whole, as the
    standard allows. ``headers`` hold the entity tag, if there is one.
    """
    told = {**headers, "Accept-Ranges": "bytes"}
    tag = headers.get("ETag")
    if tag is not None and _names(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=told)
    if request.method == "HEAD":
        return Response(headers={**told, "Content-Length": str(len(data))}, media_type=media_type)
    part = _part(request, tag, len(data))
    if part is None:
        return Response(data, headers=told, media_type=media_type)
    if not part:
        told["Content-Range"] = f"bytes */{len(data)}"
        return Response(status_code=416, headers=told)
    told["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(data)}"
    return Response(data[part.start : part.stop], 206, told, media_type)


def _part(request: Request, tag: str | None, size_bytes: int) -> range | None:
    """The bytes that are asked for; ``None`` for all of them, empty where there are none such."""
    asked = _ONE.fullmatch(request.headers.get("range", ""))
    if asked is None or asked[0].count("-") != 1 or not (asked[1] or asked[2]):
        return None
    if (only_of := request.headers.get("if-range")) is not None and only_of != tag:
        return None
    if not asked[1]:
        return range(max(0, size_bytes - int(asked[2])), size_bytes)
    first = int(asked[1])
    last = int(asked[2]) if asked[2] else size_bytes - 1
    if asked[2] and last < first:
        return None  # no range at all
    return range(first, min(last + 1, size_bytes)) if first < size_bytes else range(0)


def _names(condition: str, tag: str) -> bool:
    """Whether an ``If-None-Match`` names this entity; a weak name of it will do."""
    named = [each.strip().removeprefix("W/") for each in condition.split(",")]
    return tag in named or condition.strip() == "*"
