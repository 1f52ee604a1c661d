"""From google-genai's exceptions to ours: by class, status and structured detail, never by text."""

from collections.abc import Iterator
from math import inf
from typing import Any

import httpx2
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.genai import errors

from chat.core.errors import AuthFailed, BadReply, ChatError, Unavailable
from chat.core.models import Endpoint
from chat.http.transport import distrusted
from chat.providers.shared.http.exchange import request_id
from chat.providers.shared.http.keys import check_key
from chat.providers.shared.http.lost import connection_lost
from chat.providers.shared.replies.refusals import refused, retry_after_s, status_in

SDK_FAULTS = (
    errors.APIError,
    errors.UnknownApiResponseError,
    httpx2.HTTPError,  # the SDK does not wrap its transport's errors
    httpx2.InvalidURL,
    httpx2.StreamError,
    GoogleAuthError,  # the token of a service account, fetched before the call
    # What the SDK stumbles over in what is no JSON, or JSON of an unforeseen shape.
    ValueError,
    RecursionError,
    AttributeError,
    TypeError,
)


def translated(error: Exception, endpoint: Endpoint) -> ChatError:
    """The error to raise in place of one of ``SDK_FAULTS``."""
    title = endpoint.title
    if (untrusted := distrusted(error, endpoint)) is not None:
        return untrusted
    match error:
        case errors.APIError():
            return _refused(error, endpoint)
        case RefreshError() if not error.retryable:
            return AuthFailed(
                f"Google gave {title} no access with these credentials. {check_key(endpoint)}"
            )
        case GoogleAuthError():
            return Unavailable(
                f"Google's sign-in for {title} could not be reached. Try again in a moment."
            )
        case httpx2.HTTPError() | httpx2.InvalidURL():
            return connection_lost(error, endpoint)
        case _:
            return BadReply(f"{title} answered something that is not an answer. Try again.")


def _refused(error: errors.APIError, endpoint: Endpoint) -> ChatError:
    status = _status(error)
    wrong_key = any(detail.get("reason") == "API_KEY_INVALID" for detail in _details(error))
    headers = getattr(error.response, "headers", None)
    wait_s = retry_after_s(headers)
    if wait_s is None:
        wait_s = next((s for s in map(_retry_delay_s, _details(error)) if s is not None), None)
    inner = _inner(error)
    # Two are a proxy's, where its error is not Google's.
    codes = (inner.get("status"), inner.get("code"), inner.get("type"))
    meant = 401 if wrong_key else status  # Google says 400 to a wrong key
    found = refused(endpoint, meant, error.message, wait_s, codes)
    found.status, found.request_id = status, request_id(headers or {}, endpoint)
    return found


def _status(error: errors.APIError) -> int:
    """The HTTP status; an error in mid-stream states it as it likes, or not at all."""
    code = status_in(error.code)
    return 500 if code is None else code


def _inner(error: errors.APIError) -> dict[str, Any]:
    body = error.details
    inner = body.get("error", body) if isinstance(body, dict) else None
    return inner if isinstance(inner, dict) else {}


def _details(error: errors.APIError) -> Iterator[dict[str, Any]]:
    details = _inner(error).get("details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict):
            yield detail


def _retry_delay_s(detail: dict[str, Any]) -> float | None:
    """A ``google.rpc.RetryInfo`` says ``"37s"`` or ``"0.5s"``."""
    delay = detail.get("retryDelay")
    if not isinstance(delay, str) or not delay.endswith("s"):
        return None
    try:
        seconds = float(delay[:-1])
    except ValueError:
        return None
    return seconds if 0 <= seconds < inf else None
