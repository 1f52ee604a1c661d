"""What went wrong between us and a server, before or while it answered, as an error to show."""

import httpx2

from chat.core.errors import ChatError, ConfigError, Unavailable
from chat.core.models import Endpoint
from chat.http.transport import distrusted
from chat.providers.shared.replies.refusals import unreachable

CONNECTION_FAULTS = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError)
"""What the HTTP client raises of a connection."""


def connection_lost(error: Exception, endpoint: Endpoint) -> ChatError:
    """The error to raise in place of one of ``CONNECTION_FAULTS``."""
    if (untrusted := distrusted(error, endpoint)) is not None:
        return untrusted
    match error:
        case httpx2.ConnectTimeout() | httpx2.ConnectError():
            return unreachable(endpoint)
        case httpx2.TimeoutException():
            return Unavailable(f"{endpoint.title} took too long to answer. Try again in a moment.")
        case httpx2.InvalidURL() | httpx2.UnsupportedProtocol():
            return ConfigError(f"The address of {endpoint.title} is not a web address.")
        case _:
            return Unavailable(f"The connection to {endpoint.title} was lost. Try again.")
