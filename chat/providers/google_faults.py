"""From google-genai's exceptions to ours: by class, status and structured detail, never by text."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.genai import errors
from pydantic import ValidationError

from chat.core.errors import AuthFailed, BadReply, ChatError, ConfigError, Unavailable
from chat.core.models import Endpoint
from chat.providers.refusals import refused, retry_after_s, unreachable

SDK_FAULTS = (
    errors.APIError,
    errors.UnknownApiResponseError,
    httpx2.HTTPError,  # the SDK does not wrap its transport's errors
    httpx2.InvalidURL,
    httpx2.StreamError,
    GoogleAuthError,  # the token of a service account, fetched before the call
    ValidationError,
    json.JSONDecodeError,
    UnicodeDecodeError,
    # What the SDK stumbles over in JSON of an unforeseen shape.
    AttributeError,
    TypeError,
)


def translated(error: Exception, endpoint: Endpoint) -> ChatError:
    """The error to raise in place of one of ``SDK_FAULTS``."""
    title = endpoint.title
    match error:
        case errors.APIError():
            return _refused(error, endpoint)
        case RefreshError() if not error.retryable:
            return AuthFailed(
                f"Google gave {title} no access with these credentials. "
                f"Check {' or '.join(endpoint.key_env) or 'them'}."
            )
        case GoogleAuthError():
            return Unavailable(
                f"Google's sign-in for {title} could not be reached. Try again in a moment."
            )
        case httpx2.ConnectTimeout() | httpx2.ConnectError():
            return unreachable(endpoint)
        case httpx2.TimeoutException():
            return Unavailable(f"{title} took too long to answer. Try again in a moment.")
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
            return ConfigError(f"The address of {title} is not a web address.")
        case httpx2.HTTPError():
            return Unavailable(f"The connection to {title} was lost. Try again.")
        case _:
            return BadReply(f"{title} answered something that is not an answer. Try again.")


def _refused(error: errors.APIError, endpoint: Endpoint) -> ChatError:
    status = error.code
    if any(detail.get("reason") == "API_KEY_INVALID" for detail in _details(error)):
        status = 401  # Google says 400 to a wrong key
    wait_s = retry_after_s(getattr(error.response, "headers", None))
    if wait_s is None:
        wait_s = next((s for s in map(_retry_delay_s, _details(error)) if s is not None), None)
    return refused(endpoint, status, error.message, wait_s)


def _details(error: errors.APIError) -> Iterator[dict[str, Any]]:
    body = error.details
    inner = body.get("error", body) if isinstance(body, dict) else None
    details = inner.get("details") if isinstance(inner, dict) else None
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, dict):
            yield detail


def _retry_delay_s(detail: dict[str, Any]) -> float | None:
    """A ``google.rpc.RetryInfo`` says ``"37s"`` or ``"0.5s"``."""
    delay = detail.get("retryDelay")
    if not isinstance(delay, str) or not delay.endswith("s"):
        return None
    try:
        return float(delay[:-1])
    except ValueError:
        return None
