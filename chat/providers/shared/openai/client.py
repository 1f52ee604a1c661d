"""The SDK's client for an endpoint: OpenAI's own address, a compatible server's, or Azure's.

An endpoint with the option ``api_version`` is Azure: there a model's wire name is the name of
its deployment, and the key travels in a header of its own.
"""

from collections.abc import Callable
from typing import Any

import httpx2
import openai

from chat.core.errors import ConfigError
from chat.core.models import Endpoint, Timeouts
from chat.http.transport import RoutedTransport
from chat.providers.shared.http.incoming import incoming
from chat.providers.shared.http.keys import key_of
from chat.providers.shared.listing import bounded
from chat.providers.shared.requests.carried import Carrier

OPENAI_URL = "https://api.openai.com/v1"


def open_client(endpoint: Endpoint, carrier: Carrier | None = None) -> openai.AsyncOpenAI:
    """The client, which neither retries nor follows redirects.

    Pictures that a ``carrier`` carries are put into what it sends.

    Raises:
        ConfigError: the endpoint needs a key or an address and has none.
    """
    if endpoint.key_env and not (endpoint.api_key or endpoint.key_optional):
        raise ConfigError(f"{endpoint.title} needs a key. Set {' or '.join(endpoint.key_env)}.")
    timeout = limits(endpoint.timeouts, whole=False)
    hooks: dict[str, list[Callable[..., Any]]] = {
        "request": [] if carrier is None else [carrier.put_in],
        "response": [bounded, incoming(endpoint.title)],
    }
    # Keys and pictures stay with the server they were meant for.
    http_client = openai.DefaultAsyncHttpx2Client(
        timeout=timeout,
        follow_redirects=False,
        event_hooks=hooks,
        transport=RoutedTransport(endpoint, openai.DEFAULT_CONNECTION_LIMITS),
    )
    key = key_of(endpoint) or "none"  # the SDK insists; a local server ignores it
    version = endpoint.options.get("api_version")
    if version is None:
        return openai.AsyncOpenAI(
            api_key=key,
            base_url=endpoint.base_url or OPENAI_URL,
            timeout=timeout,
            max_retries=0,  # a picture is paid for each time it is asked for
            http_client=http_client,
        )
    if not (isinstance(version, str) and version and endpoint.base_url):
        raise ConfigError(f"{endpoint.title} needs its address, and an api_version in quotes.")
    return openai.AsyncAzureOpenAI(
        api_key=key,
        azure_endpoint=endpoint.base_url,
        api_version=version,
        timeout=timeout,
        max_retries=0,
        http_client=http_client,
    )


def limits(timeouts: Timeouts, *, whole: bool) -> httpx2.Timeout:
    """How long to wait between two reads; a whole call is limited by the turn."""
    read_s = timeouts.total_s if whole else max(timeouts.first_event_s, timeouts.idle_s)
    return httpx2.Timeout(read_s, connect=timeouts.connect_s)
