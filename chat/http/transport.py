"""The HTTP transport under every SDK: which proxy, whose certificates, for each address anew.

The clients are given this transport in place of their own reading of the environment, which
differs from library to library; see :mod:`chat.network`.
"""

import ssl
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import httpx2

from chat.core.errors import ChatError, ConfigError, Unavailable
from chat.core.models import Endpoint
from chat.core.network import Proxy
from chat.http.paced_lines import PacedTransport

_PORTS = {"http": 80, "https": 443}
_OTHER_NAME = frozenset({62, 64})
_EXPIRED, _NOT_YET = 10, 9
"""OpenSSL's codes. Source: ``man openssl-verification-options``, X509_V_ERR_... (2026-11-29)."""


class RoutedTransport(httpx2.AsyncBaseTransport):
    """Sends each request directly, or through the proxy that its address asks for."""

    def __init__(self, endpoint: Endpoint, limits: httpx2.Limits | None = None) -> None:
        """Believe the endpoint's ``ca_file`` beside the usual authorities.

        Raises:
            ConfigError: that file is of no use.
        """
        self._endpoint = endpoint
        self._context = trusted(endpoint)
        self._limits = limits or httpx2.Limits(max_connections=1000, max_keepalive_connections=100)
        self._transports: dict[Proxy | None, httpx2.AsyncHTTPTransport] = {}
        self._routes: dict[tuple[str, str, int], Proxy | None] = {}

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request.

        Raises:
            Unavailable: a proxy stood in the way, and the sentence names the variable.
            httpx2.HTTPError: whatever else went wrong.
        """
        url = request.url
        server = (url.scheme, url.host, url.port or _PORTS.get(url.scheme, 0))
        if server not in self._routes:
            self._routes[server] = self._endpoint.network.proxy_for(*server)
        proxy = self._routes[server]
        if proxy not in self._transports:
            self._transports[proxy] = self._opened(proxy)
        try:
            return await self._transports[proxy].handle_async_request(request)
        except httpx2.ProxyError as error:
            if proxy is None:
                raise
            raise _stopped_by(proxy, self._endpoint) from error
        except httpx2.ConnectError as error:
            if proxy is None or certificate_fault(error) is not None:
                raise
            raise _stopped_by(proxy, self._endpoint) from error

    async def aclose(self) -> None:
        """Close every connection."""
        for transport in self._transports.values():
            await transport.aclose()

    def _opened(self, proxy: Proxy | None) -> PacedTransport:
        return PacedTransport(
            verify=self._context,
            trust_env=False,
            limits=self._limits,
            proxy=None if proxy is None else self._proxy(proxy),
        )

    def _proxy(self, proxy: Proxy) -> httpx2.Proxy:
        tls = httpx2.URL(proxy.url).scheme == "https"
        return httpx2.Proxy(proxy.url, ssl_context=self._context if tls else None)


def trusted(endpoint: Endpoint) -> ssl.SSLContext:
    """The authorities whose certificates count for an endpoint.

    Endpoints that believe the same share them: to read all the usual ones takes a moment.

    Raises:
        ConfigError: the option ``ca_file`` names no file of certificates.
    """
    network, own = endpoint.network, endpoint.options.get("ca_file")
    usual = (network.ca_file, network.ca_dir)
    if not own:
        return _believing(usual, None, _states(network.ca_file))
    file = Path(str(own)).expanduser()
    if not file.is_absolute():
        raise ConfigError(f"The ca_file of {endpoint.title} must be a whole path.")
    try:
        return _believing(usual, file, _states(network.ca_file, file))
    except OSError as error:  # ssl.SSLError is one
        what = "holds no certificate that can be read" if file.is_file() else "is not there"
        raise ConfigError(f"The ca_file of {endpoint.title}, “{file.name}”, {what}.") from error


@lru_cache(maxsize=8)
def _believing(
    usual: tuple[str, str], own: Path | None, states: tuple[tuple[int, int] | None, ...]
) -> ssl.SSLContext:
    """The usual authorities, and those of a file. Raises ``OSError`` where that has none.

    ``states`` tells a file from what it has been: a new one counts when a client is next opened.
    """
    del states
    context = _usual(*usual)
    if own is not None:
        context.load_verify_locations(cafile=own)
    return context


def _states(*files: str | Path | None) -> tuple[tuple[int, int] | None, ...]:
    """When each was last written, in nanoseconds, and its bytes; ``None`` where there is none."""
    found: list[tuple[int, int] | None] = []
    for file in files:
        try:
            state = Path(file).stat() if file else None
        except OSError:
            state = None
        found.append(state and (state.st_mtime_ns, state.st_size))
    return tuple(found)


def _usual(ca_file: str, ca_dir: str) -> ssl.SSLContext:
    if ca_file:
        return ssl.create_default_context(cafile=ca_file)
    if ca_dir:
        return ssl.create_default_context(capath=ca_dir)
    return httpx2.create_ssl_context(trust_env=False)


def _stopped_by(proxy: Proxy, endpoint: Endpoint) -> Unavailable:
    error = Unavailable(
        f"{endpoint.title} could not be reached through the proxy that {proxy.variable} names. "
        "Check the proxy, or name the server in NO_PROXY."
    )
    error.unbilled = True
    return error


def distrusted(error: BaseException, endpoint: Endpoint) -> ChatError | None:
    """The error for a certificate that does not hold; ``None`` where something else went wrong."""
    fault = certificate_fault(error)
    if fault is None:
        return None
    found = Unavailable(_about_certificate(fault, endpoint))
    found.unbilled = True
    found.retryable = False
    return found


def _about_certificate(fault: ssl.SSLCertVerificationError, endpoint: Endpoint) -> str:
    title, code = endpoint.title, fault.verify_code
    if code in _OTHER_NAME:
        return f"The certificate of {title} is another server's. Check its address."
    if code == _EXPIRED:
        return f"The certificate of {title} has expired. Its host has to renew it."
    if code == _NOT_YET:
        return f"The certificate of {title} is not valid yet. Check this machine's clock."
    return (
        f"The certificate of {title} is not trusted on this machine. If it is in order, name the "
        "file of its authority: ca_file in the options of the endpoint in models.toml, or "
        "SSL_CERT_FILE for all."
    )


def certificate_fault(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """What was wrong with a certificate, however deep libraries have wrapped it."""
    return next((e for e in _chain(error) if isinstance(e, ssl.SSLCertVerificationError)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and all that it came of; requests and urllib3 keep some in ``reason``."""
    left, seen = [error], set()
    while left:
        current = left.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = (current.__cause__, current.__context__, getattr(current, "reason", None))
        left += [e for e in (*inner, *current.args) if isinstance(e, BaseException)]
