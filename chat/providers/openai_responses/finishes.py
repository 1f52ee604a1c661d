"""Why a response ended, in our words. An unknown reason is an error that names it."""

from collections.abc import Mapping
from typing import Any

from chat.core.errors import Blocked, ChatError
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.providers.shared.openai.faults import said_instead
from chat.providers.shared.replies.endings import filtered, length, no_picture, unknown
from chat.providers.shared.replies.refusals import CONTENT_CODES, quoted

_PICTURE_RULES = "The provider's content rules refused this picture"

_INCOMPLETE: dict[str, Finish] = {
    "max_output_tokens": length("max_output_tokens"),
    "max_messages": length("max_messages", "The answer reached its limit of messages."),
    "content_filter": filtered("content_filter", "yes"),
}

_RULES = CONTENT_CODES | {
    "bio_policy",
    "image_content_policy_violation",
    "misalignment_policy_violation",
}
_STATUS = {"rate_limit_exceeded": 429, "insufficient_quota": 402, "invalid_prompt": 400}
"""HTTP statuses that would have said the same; a code about a picture is a refusal, too."""


def incomplete(response: Mapping[str, Any]) -> Finish:
    """The finish of a response that stopped before its end."""
    details = response.get("incomplete_details")
    reason = str(details.get("reason") or "") if isinstance(details, Mapping) else ""
    return _INCOMPLETE.get(reason) or unknown(reason)


def undrawn(item: Mapping[str, Any], endpoint: Endpoint) -> Finish:
    """The finish of a reply whose picture was not made; the words around it are charged."""
    error = item.get("error")
    error = error if isinstance(error, Mapping) else {}
    code = str(error.get("code") or error.get("type") or "")[:60]
    details = error.get("moderation_details")
    if code in _RULES or isinstance(details, Mapping):
        named = details.get("categories") if isinstance(details, Mapping) else None
        kinds = ", ".join(str(name)[:40] for name in named) if isinstance(named, list) else ""
        because = f" ({kinds})" if kinds else ""
        return filtered(code, "yes", f"{_PICTURE_RULES}{because}. Try another description.")
    quote = quoted(error.get("message"), endpoint)
    return no_picture(code or "failed", "yes", f"The picture could not be made.{quote}")


def failed(error: object, endpoint: Endpoint) -> ChatError:
    """The error to raise for the ``error`` of a failed response, or for an error event."""
    body = error if isinstance(error, Mapping) else {}
    code = str(body.get("code") or "")
    if code in _RULES:
        return Blocked(
            f"The content rules of {endpoint.title} refused this. Try other words.", code
        )
    status = 400 if "image" in code else _STATUS.get(code)
    return said_instead({**body, "code": status or code}, endpoint)
