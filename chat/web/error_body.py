"""What an error looks like to who asked: one sentence to the page, OpenAI's form to programs."""

import json

from chat.core.languages import resaid

API_ROOTS = ("/v1", "/mcp")
"""Below these lies what programs use by a key."""


def is_api(path: str) -> bool:
    """Whether an address is for programs with a key, and not for the page."""
    return any(path == root or path.startswith(f"{root}/") for root in API_ROOTS)


def openai_error(
    status: int, sentence: str, *, code: str | None = None, param: str | None = None
) -> dict[str, object]:
    """An error in the form of OpenAI's API.

    Args:
        status: of the answer; it says whose fault it is.
        sentence: for people.
        code: for programs, such as ``model_not_found``.
        param: what of the request is at fault.
    """
    kinds = {429: "rate_limit_error", 403: "permission_error"}
    kind = kinds.get(status, "invalid_request_error" if status < 500 else "api_error")
    return {"error": {"message": sentence, "type": kind, "param": param, "code": code}}


def error_body(path: str, status: int, sentence: str, code: str | None = None) -> bytes:
    """An error as JSON, in the form that who asks at this address reads."""
    told = (
        openai_error(status, sentence, code=code) if is_api(path) else {"error": resaid(sentence)}
    )
    return json.dumps(told).encode("utf-8")
