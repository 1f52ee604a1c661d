"""Errors as HTTP answers: a status and one sentence, never a trace."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from chat.core.errors import (
    AuthFailed,
    CapabilityError,
    ChatError,
    Conflict,
    Full,
    LimitReached,
    MediaRejected,
    NotFound,
    RateLimited,
    ReadOnly,
    ShuttingDown,
    StorageError,
    Unstorable,
)
from chat.core.languages import resaid
from chat.web.drain import RETRY_AFTER_S
from chat.web.strangers import logged_path

log = logging.getLogger(__name__)

STATUS: tuple[tuple[type[ChatError], int], ...] = (
    (NotFound, 404),
    (Conflict, 409),
    (Unstorable, 400),
    (Full, 507),
    (ReadOnly, 503),
    (StorageError, 503),
    (MediaRejected, 415),
    (ShuttingDown, 503),
    (CapabilityError, 422),
    (LimitReached, 429),
    (RateLimited, 429),
    (AuthFailed, 401),
    (ChatError, 400),
)
"""The first row whose class fits decides."""

SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "This is too large.",
}


def sentence(status: int, text: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error answer, in the language of who asked."""
    return JSONResponse({"error": resaid(text)}, status_code=status, headers=headers)


def _path(request: Request) -> str:
    return logged_path(request.url.path)


async def _chat_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ChatError)
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    if isinstance(error, ShuttingDown):
        return sentence(status, str(error), {"Retry-After": str(RETRY_AFTER_S)})
    if status >= 500:
        log.error("%s %s: %s", request.method, _path(request), error, exc_info=error)
    elif error.__cause__ or isinstance(error, MediaRejected):
        # The sentence is for its owner; what a library said of the file is for who is asked.
        cause = error.__cause__ or error.__context__
        log.info("%s %s: %s (%s)", request.method, _path(request), error, cause or "no cause")
    return sentence(status, str(error))


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    log.info("%s %s: invalid request: %s", request.method, _path(request), _wrong(error))
    return sentence(400, "This request is not in the form that Easel expects.")


def _wrong(error: RequestValidationError) -> list[tuple[str, ...]]:
    """What is wrong and where; never a value, nor a key of theirs: somebody may have written it."""
    return [
        (found["type"], *map(str, found["loc"][: 1 if found["type"] == "extra_forbidden" else 2]))
        for found in error.errors()
    ]


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    del request
    return sentence(error.status_code, SENTENCES.get(error.status_code, str(error.detail)))


async def _left(request: Request, error: Exception) -> JSONResponse:
    """The client went away before it had sent everything: nobody reads this, nobody is at fault."""
    assert isinstance(error, ClientDisconnect)
    del request
    return sentence(400, "The request stopped arriving.")


async def _bug(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s met a bug", request.method, _path(request), exc_info=error)
    return sentence(500, "Easel failed inside. The log has the cause.")


def install(app: FastAPI) -> None:
    """Answer every error of this app with a sentence."""
    app.add_exception_handler(ChatError, _chat_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _left)
    app.add_exception_handler(Exception, _bug)
