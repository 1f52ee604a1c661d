"""From what the Interactions API raises and reports to our errors: by class, status and code.

Its SDK has a family of exceptions of its own, beside the one of ``generateContent``, and puts what
the transport raised inside.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from google.genai import errors
from google.genai._interactions import APIConnectionError, APIError

from chat.core.errors import Blocked, ChatError, Unavailable
from chat.core.models import Endpoint
from chat.providers.shared.google import faults as google_faults
from chat.providers.shared.google.finishes import finish_for
from chat.providers.shared.replies.refusals import status_in

SDK_FAULTS = (APIError, *google_faults.SDK_FAULTS)

_STATUS = {
    "INVALID_ARGUMENT": 400,
    "INVALID_REQUEST": 400,
    "FAILED_PRECONDITION": 400,
    "OUT_OF_RANGE": 400,
    "UNAUTHENTICATED": 401,
    "AUTHENTICATION": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "RESOURCE_EXHAUSTED": 429,
    "RATE_LIMIT_EXCEEDED": 429,
    "TOO_MANY_REQUESTS": 429,
    "CANCELLED": 499,
    "UNKNOWN": 500,
    "INTERNAL": 500,
    "DATA_LOSS": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
"""HTTP statuses for names of errors. Source: google.rpc.Code (2026-11-29)."""

_RPC = dict(
    enumerate(
        """OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS
        PERMISSION_DENIED RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED
        INTERNAL UNAVAILABLE DATA_LOSS UNAUTHENTICATED""".split()  # noqa: SIM905  # readable so
    )
)
"""What an error inside a step calls itself, by number. Source: google.rpc.Code (2026-11-29)."""


def translated(error: Exception, endpoint: Endpoint) -> ChatError:
    """The error to raise in place of one of ``SDK_FAULTS``."""
    if not isinstance(error, APIError):
        return google_faults.translated(error, endpoint)
    if isinstance(error, APIConnectionError):
        cause = error.__cause__
        if isinstance(cause, google_faults.SDK_FAULTS):
            return google_faults.translated(cause, endpoint)
        return Unavailable(f"The connection to {endpoint.title} was lost. Try again.")
    body = error.body
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    inner = body.get("error") if isinstance(body, Mapping) else None
    response = getattr(error, "response", None)
    return reported(inner, endpoint, error.status_code, response)


def reported(
    error: object, endpoint: Endpoint, status: int | None = None, response: Any = None
) -> ChatError:
    """The error to raise for one that was reported: with a status, in mid-stream or in a step.

    Args:
        error: its table; anything else tells nothing.
        endpoint: who reported it.
        status: the HTTP status it came under; ``None``: it says itself, or it is trouble there.
        response: what it came in, for its headers.
    """
    told = dict(error) if isinstance(error, Mapping) else {}
    word = reason(told)
    finish = finish_for(word)
    if finish.kind == "blocked":
        return Blocked(finish.message, word)
    code = status_in(told.get("code"))
    if status is None:
        http = code if code is not None and code >= HTTPStatus.MULTIPLE_CHOICES else None
        status = http or _STATUS.get(word, 500)
    told["status"] = word or told.get("status")
    return google_faults.translated(errors.APIError(status, {"error": told}, response), endpoint)


def reason(error: Mapping[str, Any]) -> str:
    """An error's own name such as ``NOT_FOUND``: its status, or its code; empty where it has none.

    A code may be a URI that ends in the name.
    """
    named = error.get("status") or error.get("code")
    if type(named) is int:
        return _RPC.get(named, "")
    last = named.rstrip("/").rpartition("/")[2] if isinstance(named, str) else ""
    name = last.strip().upper().replace("-", "_").replace(" ", "_")[:60]
    return name if not name.isdecimal() else ""
