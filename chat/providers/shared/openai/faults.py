"""From openai's exceptions to ours: by class, status and code, never by text."""

from collections.abc import Mapping
from typing import Any

import httpx2
import openai

from chat.core.errors import BadReply, ChatError, ConfigError, Unavailable
from chat.core.models import Endpoint
from chat.http.transport import distrusted
from chat.providers.shared.http.exchange import request_id
from chat.providers.shared.replies.refusals import (
    by_code,
    is_page,
    quoted,
    refused,
    retry_after_s,
    status_in,
    turned_away,
    unreachable,
)
from chat.providers.shared.replies.too_large import nested

SDK_FAULTS = (
    openai.OpenAIError,
    httpx2.HTTPError,
    httpx2.InvalidURL,
    httpx2.StreamError,
    ValueError,  # half an event of a stream, no UTF-8, a number of thousands of digits
    RecursionError,  # JSON that is all brackets
)


def translated(error: Exception, endpoint: Endpoint) -> ChatError:
    """The error to raise in place of one of ``SDK_FAULTS``."""
    title = endpoint.title
    match error:
        case openai.APIStatusError():
            headers = error.response.headers
            if error.status_code == 403 and is_page(headers):
                away = turned_away(endpoint)
                away.status, away.request_id = 403, request_id(headers, endpoint)
                return away
            words, codes = _said(error.body)
            codes = (error.code, error.type, *codes)
            wait_s = retry_after_s(headers)
            found = refused(endpoint, error.status_code, words, wait_s, codes)
            found.request_id = request_id(headers, endpoint)
            return found
        case openai.APITimeoutError() | httpx2.TimeoutException():
            return Unavailable(f"{title} took too long to answer. Try again in a moment.")
        case openai.APIConnectionError():
            return _unreachable(error.__cause__, endpoint)
        case openai.APIResponseValidationError() | ValueError() | RecursionError():
            return BadReply(f"{title} answered something that is not an answer. Try again.")
        case openai.APIError():
            return said_instead(error.body, endpoint)
        case httpx2.InvalidURL():
            return ConfigError(f"The address of {title} is not a web address.")
        case _:
            return Unavailable(f"The connection to {title} was lost. Try again.")


def _unreachable(cause: BaseException | None, endpoint: Endpoint) -> ChatError:
    title = endpoint.title
    if isinstance(cause, ChatError):  # of a hook of ours
        return cause
    if isinstance(cause, httpx2.UnsupportedProtocol | httpx2.InvalidURL):
        return ConfigError(f"The address of {title} is not a web address.")
    if cause is not None and (untrusted := distrusted(cause, endpoint)) is not None:
        return untrusted
    if isinstance(cause, httpx2.ConnectError):
        return unreachable(endpoint)
    return Unavailable(f"The connection to {title} was lost. Try again.")


def said_instead(error: object, endpoint: Endpoint) -> ChatError:
    """The error for an ``error`` object that came under status 200, whole or in mid-stream.

    Its code is an HTTP status where the server is kind, as a number or as digits.
    """
    words, codes = _said(error)
    status = status_in(error.get("code")) if isinstance(error, Mapping) else None
    if status is not None and 300 <= status < 600:
        return refused(endpoint, status, words, codes=codes)
    if (named := by_code(endpoint, codes, words)) is not None:
        return named
    quote = quoted(words, endpoint)
    return Unavailable(f"{endpoint.title} reported an error instead of an answer.{quote}")


def _said(body: Any) -> tuple[object, tuple[object, ...]]:
    """The message of an error body and its fields for programs, those of a quoted error, too.

    The SDK has usually unwrapped ``{"error": ...}``. A relay's own sentence says only that the
    server behind it refused, so the words are those of the innermost.
    """
    if isinstance(body, Mapping):
        inner = body.get("error")
        body = inner if isinstance(inner, Mapping | str) else body
    if not isinstance(body, Mapping):
        return body, ()
    errors = (body, *nested(body))
    words = [error.get("message") for error in errors if error.get("message")]
    codes = tuple(error.get(name) for error in errors for name in ("code", "type"))
    return words[-1] if words else None, codes
