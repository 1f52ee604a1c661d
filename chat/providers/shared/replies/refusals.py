"""From an HTTP status and codes to an error with a sentence.

What a provider says of its own error is quoted in the sentence. It is acted upon where servers
have no code: for too much in a request (``too_large``), and for tools (``tools_refused``).
"""

import email.utils
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from chat.core.errors import (
    AuthFailed,
    BadReply,
    Blocked,
    ModelNotFound,
    ProviderError,
    RateLimited,
    Rejected,
    RequestTooLarge,
    ToolsRefused,
    Unavailable,
    WrongAddress,
)
from chat.core.models import Endpoint
from chat.core.redaction import without_keys
from chat.providers.shared.http.keys import check_key
from chat.providers.shared.replies.too_large import Excess, excess
from chat.providers.shared.replies.tools_refused import refuses_tools

QUOTE_CHARS = 200

CONTENT_CODES = frozenset(
    {
        "moderation_blocked",  # OpenAI, images
        "content_policy_violation",  # OpenAI, Azure
        "content_filter",  # Azure, chat
        "contentFilter",  # Azure, images
        "ContentPolicyViolationError",  # LiteLLM
    }
)
"""What a question is called that content rules refuse."""

KEY_CODES = frozenset({"no_db_connection"})  # LiteLLM without a database, under status 400
"""What a key is called that nobody knows."""

PICTURE_CODES = frozenset({"image_generation_user_error"})
"""What OpenAI calls a question for a picture that it refused, for its content or because of a bill.

A LiteLLM proxy keeps this and the words, and puts the status in place of the code that says which.
Source: LiteLLM 1.110.2 (2026-11-29).
"""
_RULES = re.compile(r"\b(?:safety system|content polic(?:y|ies)|moderation)\b", re.IGNORECASE)

_FILTERED = re.compile(
    r"""\blitellm\.\w{1,60}Error:.{0,200}?(?:Filter\ reason:|blocked\ by\ our\ content\ filters|
    (?:Content|Request)\ Moderated|Content\ was\ filtered\ by|rejected\ by\ content\ moderation)""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
"""What a LiteLLM proxy makes of a picture that Bedrock, Stability, Black Forest Labs or xAI refused
for its content: their words alone, and no code. Source: LiteLLM 1.110.2 (2026-11-30)."""
_FILTERED_STATUS = frozenset({400, 403, 422, 500})

MODEL_CODES = frozenset(
    {
        "model_not_found",  # OpenAI, for a model that was retired, too
        "DeploymentNotFound",  # Azure
        "NOT_FOUND",  # Google
    }
)
"""What a model is called, under status 404 and others, that the server does not have.

Without one of them a 404 may as well be an address that leads to another part of a server.
"""

_LINK = re.compile(r"(?:https?|wss?)://\S+")
_LONG_RUN = re.compile(r"[\w+/=]{24,}")
_DIGIT = re.compile(r"\d")
_READ_CHARS = 4_000
"""How much of an error's text is looked at; more of it than is quoted, for what is taken out."""
_STATUS = re.compile(r"[0-9]{1,3}")
_VERSION = re.compile(r"/v\d\w*/?$")
_STOPS = (".", "!", "?", "…")
_SECONDS = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]+)?")


def refused(
    endpoint: Endpoint,
    status: int,
    said: object = "",
    retry_after_s: float | None = None,
    codes: Iterable[object] = (),
) -> ProviderError:
    """The error for a status of 300 or more, with a sentence that says what to do.

    Args:
        endpoint: who refused.
        status: the HTTP status, or the one that would have said the same.
        said: the provider's own words, if any.
        retry_after_s: how long it asks us to wait.
        codes: whatever fields of the error are meant for programs.
    """
    codes = tuple(codes)
    named = {code for code in codes if isinstance(code, str)} & MODEL_CODES
    # OpenAI's Responses says 400 to a model that is gone; Google's code may mean anything, then.
    if named and (status == 404 or (status in {400, 410} and named != {"NOT_FOUND"})):
        error: ProviderError | None = _no_model(endpoint, said)
    else:
        error = by_code(endpoint, codes, said, status)
    error = error or _by_status(endpoint, status, said, retry_after_s)
    error.status, error.retry_after_s = status, retry_after_s
    return error


def by_code(
    endpoint: Endpoint, codes: Iterable[object], said: object = "", status: int | None = None
) -> ProviderError | None:
    """The error that a code asks for, whatever the status; ``None`` where none does.

    A request that holds too much has no code of its own at many servers, see ``too_large``.
    """
    codes = tuple(codes)
    title = endpoint.title
    for code in codes:
        if not isinstance(code, str):
            continue
        if code in CONTENT_CODES:
            return Blocked(f"The content rules of {title} refused this. Try other words.", code)
        if code in KEY_CODES:
            return _wrong_key(endpoint, said)
        if code in PICTURE_CODES and isinstance(said, str) and _RULES.search(said[:_READ_CHARS]):
            return Blocked(f"The content rules of {title} refused this. Try other words.", code)
    if (
        status in _FILTERED_STATUS
        and isinstance(said, str)
        and _FILTERED.search(said[:_READ_CHARS])
    ):
        return Blocked(f"The content rules of {title} refused this. Try other words.", "filtered")
    if refuses_tools(status, said):
        quote = quoted(said, endpoint)
        return ToolsRefused(f"{title} takes no tools with this model.{quote}")
    found = excess(status, codes, said)
    return None if found is None else _too_large(endpoint, found, said)


def _no_model(endpoint: Endpoint, said: object) -> ModelNotFound:
    quote = quoted(said, endpoint)
    return ModelNotFound(f"{endpoint.title} has no model of this name, or no longer.{quote}")


def _too_large(endpoint: Endpoint, found: Excess, said: object) -> RequestTooLarge:
    quote = quoted(said, endpoint)
    if found.over == "tokens":
        sentence = "The conversation holds more than this model takes at once. Send less, or start "
        sentence += "a new one."
    elif found.over == "pictures":
        sentence = f"{endpoint.title} takes no more pictures at once. Send fewer pictures."
    else:
        sentence = f"The message is too large for {endpoint.title}. Send fewer pictures."
    return RequestTooLarge(sentence + quote, found.over, found.most, found.held, quote)


def _by_status(
    endpoint: Endpoint, status: int, said: object, retry_after_s: float | None
) -> ProviderError:
    quote = quoted(said, endpoint)
    title = endpoint.title
    if status in {401, 403}:
        return _wrong_key(endpoint, said)
    if status == 402:
        return RateLimited(f"The credit at {title} is used up.{quote}", retry_after_s)
    if status == 429:
        again = "" if retry_after_s is None else f" Try again in {retry_after_s:.0f} seconds."
        return RateLimited(
            f"{title} takes no more requests for now, or a quota is used up.{again}{quote}",
            retry_after_s,
        )
    if status == 404:
        return Rejected(f"{title} does not know this model, or its address is wrong.{quote}")
    if status == 408 or status >= 500:
        trouble = Unavailable(f"{title} has trouble on its side. Try again in a moment.{quote}")
        trouble.unbilled = status in {503, 529}  # too busy to begin
        return trouble
    if status >= 400:
        return Rejected(f"{title} refused the request.{quote}")
    return BadReply(f"{title} sent us elsewhere instead of answering. Check its address.{quote}")


def _wrong_key(endpoint: Endpoint, said: object) -> AuthFailed:
    quote, title = quoted(said, endpoint), endpoint.title
    if not endpoint.api_key:
        if endpoint.key_on_page:
            # Without a name of a variable, it is a form there that is being filled in.
            here = "Enter it." if not endpoint.key_env else "Enter it under “Models and keys”."
            return AuthFailed(f"{title} wants a key, and none is set. {here}{quote}")
        remedy = (
            f"Set {' or '.join(endpoint.key_env)}"
            if endpoint.key_env
            else "Enter it, or name its variable in key_env"
        )
        return AuthFailed(f"{title} wants a key, and none is set. {remedy}.{quote}")
    return AuthFailed(f"{title} did not accept the key. {check_key(endpoint)}{quote}")


def unreachable(endpoint: Endpoint) -> Unavailable:
    """The error for a connection that could not be made; an own address is named."""
    place = urlsplit(endpoint.base_url)
    where = place.hostname if place.port is None else f"{place.hostname}:{place.port}"
    named = bool(place.hostname) and where != endpoint.title
    error = Unavailable(
        f"{endpoint.title} could not be reached at {where}. Is a server running there?"
        if named
        else f"{endpoint.title} could not be reached. Is a server running there?"
        if place.hostname
        else f"{endpoint.title} could not be reached. Check the network, then try again."
    )
    error.unbilled = True
    return error


def is_page(headers: Mapping[str, str]) -> bool:
    """Whether a response is a page of HTML, by its head."""
    return "html" in headers.get("content-type", "").lower()


def web_page(endpoint: Endpoint) -> WrongAddress:
    """The error for a page of HTML that came as an answer."""
    title = endpoint.title
    if not endpoint.base_url:  # the address is right, and somebody stands before it
        return WrongAddress(f"{title} answered with a web page. Check the network you are in.")
    path = endpoint.service.version_path
    hint = f" (it may lack {path})" if path and not _VERSION.search(endpoint.base_url) else ""
    return WrongAddress(f"{title} answered with a web page. Check its address{hint}.")


def turned_away(endpoint: Endpoint) -> WrongAddress:
    """The error for a page of HTML under status 403: what refuses a key says so as an API does."""
    error = WrongAddress(
        f"What stands between here and {endpoint.title} refused the request with a web page, as a "
        "firewall or a check for robots does. The key may be right; check the network you are in."
    )
    error.unbilled = True
    return error


def quoted(said: object, endpoint: Endpoint) -> str:
    """The provider's own first line as `` It said: “...”.``, without links and keys, or nothing."""
    if not isinstance(said, str) or said.lstrip().startswith("<"):
        return ""  # a page of HTML is not a sentence
    lines = said[:_READ_CHARS].strip().splitlines()
    line = "".join(c for c in lines[0] if c.isprintable()) if lines else ""
    line = without_keys(_LINK.sub("…", line), [endpoint.api_key])
    line = _LONG_RUN.sub(_without_ids, line).strip()
    if len(line) > QUOTE_CHARS:
        line = line[: QUOTE_CHARS - 1].rstrip() + "…"
    if not line:
        return ""
    # More sentences may follow.
    return f" It said: “{line}”" if line.endswith(_STOPS) else f" It said: “{line}”."


def _without_ids(run: re.Match[str]) -> str:
    """An ellipsis for a run that long with a digit in it: no word, but a key or an id."""
    return "…" if _DIGIT.search(run[0]) else run[0]


def status_in(code: object) -> int | None:
    """The HTTP status that an error's own code is, as a number or as digits."""
    if isinstance(code, bool) or not isinstance(code, int | str):
        return None
    return int(code) if _STATUS.fullmatch(str(code)) else None


def retry_after_s(headers: Mapping[str, str] | None) -> float | None:
    """What ``Retry-After`` asks for, given in seconds or as a date."""
    value = "" if headers is None else headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return max(0.0, float(value))
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (ValueError, OverflowError):  # no date, or a time zone out of this world
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
