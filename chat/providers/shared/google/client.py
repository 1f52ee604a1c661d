"""Google's SDK client for an endpoint, in one of its two modes.

A plain key opens AI Studio, or a proxy's native route. With ``enterprise = true`` among the
endpoint's options the client speaks to Google Cloud (Vertex AI) instead, with either of two keys:

- the path of a service account's JSON file, with the options ``project`` and ``location``;
- an express key, which belongs to a project already and takes neither.

The SDK's own HTTP client is replaced by one of ours, because its time limit is a single
figure for connecting and reading alike, and its other transport retries on its own.
"""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from google import genai
from google.auth.exceptions import GoogleAuthError
from google.genai import types
from google.oauth2 import service_account

from chat.core.bounds import MAX_SDK_READ_BYTES
from chat.core.errors import ConfigError
from chat.core.models import Endpoint
from chat.http.transport import RoutedTransport, trusted
from chat.providers.shared.google.encoded import with_sound_base64
from chat.providers.shared.http.exchange import Exchange
from chat.providers.shared.http.incoming import incoming, said_done
from chat.providers.shared.http.keys import check_key, key_of
from chat.providers.shared.listing import bounded
from chat.providers.shared.requests.carried import Carrier

PROXY_API_VERSION = "v1beta"
"""What proxies serve; the SDK's default of ``v1`` exists at Google alone.

Source: LiteLLM 1.106.2 answers 405 to ``/v1/models/...:generateContent`` (2026-11-21).
"""

ONCE = types.HttpRetryOptions(attempts=1, http_status_codes=[0])
"""One of the SDK's two halves asks once by itself, the other five times; and where a status may be
tried again, that one reads how long to wait even so, and fails of dates that there are not.

Source: google-genai 3.6.1 (2026-11-29).
"""

DEFAULT_LOCATION = "global"
_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)


@dataclass(frozen=True, slots=True)
class GoogleCall:
    """A call of the SDK, as far as it shows on the wire."""

    exchange: Exchange
    responses: list[httpx2.Response] = field(default_factory=list)
    """For who must close them: the SDK's nested generators do not pass a close on."""

    @property
    def said_done(self) -> bool:
        """Whether a stream said that nothing more would come."""
        return any(map(said_done, self.responses))

    def begin(self) -> None:
        """Stand for the call that this context makes next."""
        _call.set(self)


_call: ContextVar[GoogleCall] = ContextVar("call")


@dataclass(frozen=True, slots=True)
class GoogleClient:
    """An SDK client with the HTTP client under it."""

    sdk: genai.Client
    http: httpx2.AsyncClient
    carrier: Carrier
    """What takes pictures past the SDK."""

    async def aclose(self) -> None:
        """Close the connections."""
        await self.http.aclose()
        await asyncio.to_thread(self.sdk.close)


def is_enterprise(endpoint: Endpoint) -> bool:
    """Whether the endpoint is Google Cloud, or stands in for it."""
    return endpoint.options.get("enterprise") is True


def open_client(endpoint: Endpoint, read_s: float) -> GoogleClient:
    """A client that waits ``read_s`` between two reads.

    Raises:
        ConfigError: no usable key, an unreadable credentials file, no project, or no web address.
    """
    if not (endpoint.api_key or endpoint.key_optional):
        raise ConfigError(
            f"{endpoint.title} needs a key. Set {' or '.join(endpoint.key_env) or 'it'}."
        )
    limits = httpx2.Timeout(read_s, connect=endpoint.timeouts.connect_s)

    async def set_limits(request: httpx2.Request) -> None:
        request.extensions["timeout"] = limits.as_dict()

    carrier = Carrier()
    hooks: dict[str, list[Callable[..., Any]]] = {
        "request": [set_limits, carrier.put_in],
        "response": [
            _show_head,
            bounded,
            incoming(endpoint.title, with_sound_base64, MAX_SDK_READ_BYTES),
            _show,
        ],
    }
    http = httpx2.AsyncClient(
        timeout=limits, event_hooks=hooks, transport=RoutedTransport(endpoint)
    )
    # Of these clients of the SDK's own none is used; each would read all authorities for itself.
    trust = trusted(endpoint)
    options = types.HttpOptions(
        base_url=endpoint.base_url or None,
        api_version=_api_version(endpoint),
        timeout=round(endpoint.timeouts.total_s * 1000),  # milliseconds; told to the server, too
        retry_options=ONCE,
        httpx_async_client=http,
        client_args={"verify": trust},
        async_client_args={"verify": trust, "ssl": trust},
    )
    if not is_enterprise(endpoint):
        key = key_of(endpoint) or "none"  # the SDK insists; a proxy without keys ignores it
        sdk = genai.Client(enterprise=False, api_key=key, http_options=options)
    elif _is_file(endpoint.api_key):
        sdk = genai.Client(
            enterprise=True,
            credentials=_credentials(endpoint),
            project=_project(endpoint),
            location=_text(endpoint, "location") or DEFAULT_LOCATION,
            http_options=options,
        )
    else:
        sdk = genai.Client(enterprise=True, api_key=key_of(endpoint), http_options=options)
    return GoogleClient(sdk, http, carrier)


async def _show_head(response: httpx2.Response) -> None:
    """Told before the body is waited for, which may break off."""
    call = _call.get(None)
    if call is not None:
        call.exchange.began(response.status_code, response.headers)
        call.responses.append(response)


async def _show(response: httpx2.Response) -> None:
    call = _call.get(None)
    if call is not None:
        call.exchange.heard(response.status_code, response.headers)


def _api_version(endpoint: Endpoint) -> str | None:
    """The version to ask for; ``None`` leaves it to the SDK."""
    chosen = _text(endpoint, "api_version")
    if not chosen and endpoint.base_url and not is_enterprise(endpoint):
        return PROXY_API_VERSION
    return chosen or None


def _is_file(key: str) -> bool:
    """Whether a key is the path of a credentials file: no key of Google's looks like one."""
    return key.endswith(".json") or Path(key).name != key


def _credentials(endpoint: Endpoint) -> service_account.Credentials:
    try:
        return service_account.Credentials.from_service_account_file(  # type: ignore[no-untyped-call, no-any-return]
            endpoint.api_key, scopes=_SCOPES
        )
    except (OSError, ValueError, GoogleAuthError) as error:
        raise ConfigError(
            f"The credentials of {endpoint.title} are not the JSON file of a service account. "
            f"{check_key(endpoint)}"
        ) from error


def _project(endpoint: Endpoint) -> str:
    project = _text(endpoint, "project")
    if not project:
        raise ConfigError(f"{endpoint.title} needs a project. Set GOOGLE_CLOUD_PROJECT.")
    return project


def _text(endpoint: Endpoint, option: str) -> str:
    value = endpoint.options.get(option)
    return value if isinstance(value, str) else ""
