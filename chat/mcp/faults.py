"""What went wrong with a server, in one sentence; the cause goes to the log."""

import logging
from collections.abc import Collection

import httpx2
import mcp_types as types
from mcp.client.auth import OAuthFlowError
from mcp.shared.exceptions import MCPError, UrlElicitationRequiredError

from chat.core.errors import ChatError
from chat.core.redaction import without_known_keys
from chat.mcp.ending import Ending
from chat.mcp.http import NOT_ANSWERED, NOT_SENT, unreached
from chat.mcp.schemas import words

log = logging.getLogger(__name__)

_SAID = 300


def leaf(error: BaseException) -> BaseException:
    """The first cause in groups of errors, however deep; the SDK raises groups in groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def was_not_sent(error: BaseException) -> bool:
    """Whether the server surely heard nothing of a request, so that it may be made again."""
    cause = leaf(error)
    return isinstance(cause, MCPError) and cause.code == NOT_SENT


def sentence(
    title: str, error: BaseException, ending: Ending, secrets: Collection[str] = ()
) -> str:
    """What to tell of an error that the SDK raised.

    Args:
        title: what people call the server.
        error: what was raised.
        ending: of the connection; it may know more.
        secrets: what the host gave to the server alone; its words are told without them.
    """
    cause = leaf(error)
    if isinstance(cause, ChatError):
        return str(cause)
    if isinstance(cause, MCPError):
        # Before it is cut: what is left of a key would not be known as one.
        cause = MCPError(cause.code, without_known_keys(cause.message, secrets), cause.data)
    return without_known_keys(f"{title} {_reason(cause, ending)}.", secrets)


def _reason(cause: BaseException, ending: Ending) -> str:
    match cause:
        case MCPError():
            return _of_protocol(cause, ending)
        case _ if ending.happened.is_set() and ending.reason:
            return ending.reason
        case httpx2.HTTPError():
            return unreached(cause)
        case OAuthFlowError():
            log.warning("signing in failed", exc_info=cause)
            return "did not let Easel sign in; the log has the cause"
        case TimeoutError():
            return "does not answer"
        case ValueError() | RuntimeError():
            # pydantic's errors are the former: wrong types. The SDK's own are the latter.
            log.info("an answer that does not fit: %s", words(str(cause), 1_000))
            return "sent something that does not fit the protocol"
    log.error("a fault that nobody expected", exc_info=cause)
    return "failed in a way that nobody expected; the log has the cause"


def _of_protocol(error: MCPError, ending: Ending) -> str:
    if error.code in (NOT_ANSWERED, NOT_SENT):
        return words(error.message, _SAID)
    if error.code == types.CONNECTION_CLOSED:
        return ending.reason or _too_large(error.message) or "broke off"
    if error.code == types.REQUEST_TIMEOUT:
        return "does not answer"
    if error.code == types.PARSE_ERROR:
        return _too_large(error.message) or "sent something that does not fit the protocol"
    if error.code == types.URL_ELICITATION_REQUIRED:
        asked = UrlElicitationRequiredError.from_error(error.error).elicitations
        return opens_no_address(asked[0].url if asked else "", asked[0].message if asked else "")
    return f"refused: “{words(error.message, _SAID).rstrip('.')}”"


def _too_large(message: str) -> str:
    told = ("sent more than", "sends more than")
    if "exceeded the" in message:  # httpx2's words for an event over the limit
        return "sent more at once than is taken"
    return next((message[message.index(each) :] for each in told if each in message), "")


def opens_no_address(url: str, message: str) -> str:
    """A server wants the user to open an address; as the end of a sentence after its title."""
    why = f" ({words(message, _SAID)})" if message else ""
    return f"wants {words(url, 500)} to be opened first{why}; Easel opens no address for a server"
