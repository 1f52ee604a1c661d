"""Errors in OpenAI's form: its clients read the status, the code and the sentence."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from chat.core.errors import (
    AuthFailed,
    BadReply,
    Blocked,
    BudgetReached,
    CapabilityError,
    ChatError,
    ConfigError,
    LimitReached,
    MediaRejected,
    ModelNotFound,
    NotFound,
    ProviderError,
    RateLimited,
    Rejected,
    RequestTooLarge,
    StorageError,
    Unavailable,
)
from chat.web.arrivals import TooSlow
from chat.web.concurrency_limiter import Busy
from chat.web.error_body import openai_error

log = logging.getLogger(__name__)

BUSY = "Easel is taking in many requests just now. Try again in a moment."
SLOW = "The request arrived too slowly while others waited. Send it again."
BUG = "Easel failed inside. Its log has the cause."
RETRY_AFTER_S = 5

KINDS: tuple[tuple[type[ChatError], int, str], ...] = (
    (Blocked, 400, "content_policy_violation"),
    (RequestTooLarge, 400, "context_length_exceeded"),
    (ModelNotFound, 404, "model_not_found"),
    # Easel's own key at the provider: nothing that the key of who asks could change.
    (AuthFailed, 502, "provider_refused_key"),
    (RateLimited, 429, "rate_limit_exceeded"),
    (BudgetReached, 429, "insufficient_quota"),
    (LimitReached, 429, "rate_limit_exceeded"),
    (Rejected, 400, "provider_rejected"),
    (Unavailable, 503, "provider_unavailable"),
    (BadReply, 502, "provider_bad_reply"),
    (ProviderError, 502, "provider_failed"),
    (MediaRejected, 400, "invalid_image"),
    (CapabilityError, 400, "unsupported_value"),
    (ConfigError, 503, "not_configured"),
    (NotFound, 404, "not_found"),
    (StorageError, 503, "storage"),
    (ChatError, 500, "failed"),
)
"""The first row whose class fits decides: the status, and a word for programs."""


class InvalidRequest(ChatError):
    """What was asked makes no sense; the sentence says what does."""

    def __init__(self, sentence: str, param: str | None = None, code: str | None = None) -> None:
        """Name what of the request is at fault."""
        super().__init__(sentence)
        self.param = param
        self.code = code


class UnknownModel(InvalidRequest):
    """There is no such model, or it cannot be used."""


def told(error: Exception) -> tuple[int, dict[str, object]]:
    """The status of an error and its body; what is nobody's mistake is written to the log."""
    if isinstance(error, InvalidRequest):
        status = 404 if isinstance(error, UnknownModel) else 400
        return status, openai_error(status, str(error), code=error.code, param=error.param)
    if isinstance(error, ChatError):
        _, status, code = next(row for row in KINDS if isinstance(error, row[0]))
        return status, openai_error(status, str(error), code=code)
    if isinstance(error, RequestValidationError):
        param, sentence = _wrong(error.errors())
        return 400, openai_error(400, sentence, code="invalid_value", param=param)
    if isinstance(error, HTTPException):
        return error.status_code, openai_error(error.status_code, str(error.detail))
    if isinstance(error, TooSlow):
        return 408, openai_error(408, SLOW, code="timeout")
    if isinstance(error, Busy):
        return 429, openai_error(429, BUSY, code="busy")
    log.error("the API met a bug", exc_info=error)
    return 500, openai_error(500, BUG, code="internal_error")


def answered(error: Exception) -> JSONResponse:
    """An error as an answer."""
    status, body = told(error)
    headers = {}
    if status in (429, 503):
        wait_s = getattr(error, "retry_after_s", None)
        headers["Retry-After"] = str(max(1, round(wait_s or RETRY_AFTER_S)))
    return JSONResponse(body, status_code=status, headers=headers)


def _wrong(found: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Where a request is wrong and what is expected there, of the deepest place that is."""
    deepest = max(found, key=lambda each: len(each["loc"]))
    place = ".".join(_steps(deepest["loc"])) or "body"
    expected = str(deepest["msg"]).removeprefix("Value error, ").rstrip(".")
    return place, f"{place}: {expected}."


def _steps(loc: Sequence[int | str]) -> list[str]:
    """The way to a value of the body, without the names of types that it was tried as."""
    steps: list[str] = []
    for step in loc:
        tried = isinstance(step, str) and (step in ("body", "str") or not step.isidentifier())
        tagged = isinstance(step, str) and steps[-2:-1] in (["messages"], ["content"])
        if not (tried or tagged):
            steps.append(str(step)[:60])
    return steps
