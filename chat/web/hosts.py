"""Is this request meant for us, and does it come from our own page?

Against DNS rebinding the Host must be a name we go by; against forged requests a browser must say
that our own page sent them. Programs that are no browser send neither Origin nor Sec-Fetch-Site
and are let through: they carry nobody's cookies and cannot be made to act by a strange page.
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.types import Scope

from chat.web.policy import Policy, Refusal

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::([0-9]{1,5}))?")

SHOWN_CHARACTERS = 100
FORWARDED_HOST = b"x-forwarded-host"
GRADIO_SERVER = b"x-gradio-server"
"""With it Gradio's own front server names addresses; there is none here."""


def refusal(scope: Scope, policy: Policy) -> Refusal | None:
    """Why this HTTP request or WebSocket handshake is not let in, if it is not."""
    hosts = _values(scope, b"host")
    if len(hosts) != 1 or not _known(hosts[0], policy):
        return _strange_host(hosts)
    if scope["type"] == "http" and scope["method"] in READING:
        return None
    return None if _own_page(scope, hosts[0], policy) else _strange_origin(scope, hosts[0])


def _strange_host(hosts: list[str]) -> Refusal:
    seen = _shown(", ".join(hosts))
    return Refusal(
        400,
        "Easel does not answer under this host name.",
        f"a request for the host “{seen}” was refused. If that is a name of this Easel, add it to "
        "EASEL_HOSTS; behind a proxy, let it pass on the Host that it was asked for "
        "(nginx: proxy_set_header Host $http_host).",
    )


def _strange_origin(scope: Scope, host: str) -> Refusal:
    """Say what did not fit: another page, or a proxy that has changed what it passes on."""
    sentence = "Easel only takes this request from its own page."
    origins = _values(scope, b"origin")
    origin = _shown(", ".join(origins))
    scheme = "https" if scope["scheme"] in {"https", "wss"} else "http"
    seen = f"a request of the page {origin or 'of another site'} to {scheme}://{_shown(host)}"
    if len(origins) != 1 or "://" not in origin:
        return Refusal(403, sentence, f"{seen} was refused: it is no page of this Easel.")
    place = urlsplit(origins[0])
    if place.netloc == host:
        return Refusal(
            403,
            f"{sentence} The proxy in front has to say that it was asked by {place.scheme}: see "
            "X-Forwarded-Proto in docs/hosting.md.",
            f"{seen} was refused: the schemes differ. Behind a proxy that ends TLS, let it send "
            "X-Forwarded-Proto (nginx: proxy_set_header X-Forwarded-Proto $scheme) and, if it is "
            "on another machine, name it in FORWARDED_ALLOW_IPS; or name the whole address in "
            "EASEL_HOSTS.",
        )
    return Refusal(
        403,
        f"{sentence} If this is its own page, the proxy in front has to pass on the Host that it "
        "was asked for: see docs/hosting.md.",
        f"{seen} was refused: the hosts differ. If that page is this Easel's, let the proxy in "
        "front pass on Host with its port (nginx: proxy_set_header Host $http_host), and name it "
        "in EASEL_HOSTS.",
    )


def _shown(text: str) -> str:
    """What a stranger wrote, fit for one line of a log."""
    printable = "".join(c for c in text if c.isascii() and c.isprintable())
    return printable[:SHOWN_CHARACTERS]


def without_strange_hosts(scope: Scope, policy: Policy) -> Scope:
    """The request without what a proxy is said to have been called, unless the names are ours.

    Whoever asks may write them, and Gradio writes the addresses of its page with them.
    """
    said = _values(scope, FORWARDED_HOST)
    strange = {GRADIO_SERVER}
    if not all(_known(host.strip(), policy) for host in ",".join(said).split(",") if said):
        strange.add(FORWARDED_HOST)
    return {**scope, "headers": [each for each in scope["headers"] if each[0] not in strange]}


def _values(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1").lower() for key, value in scope["headers"] if key == name]


def _known(host: str, policy: Policy) -> bool:
    match = HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1]
    public = {urlsplit(origin.lower()).netloc for origin in policy.public_origins}
    named = name in LOOPBACK or name in policy.hosts or host in policy.hosts or host in public
    return named or (policy.numeric_hosts and _is_address(name))


def is_secure(scope: Scope, policy: Policy) -> bool:
    """Whether a browser was asked for https: here, or by a proxy in front that ends TLS."""
    hosts = set(_values(scope, b"host"))
    public = [urlsplit(origin.lower()) for origin in policy.public_origins]
    named = any(each.scheme == "https" and each.netloc in hosts for each in public)
    return named or scope["scheme"] in {"https", "wss"}


def is_here(scope: Scope) -> bool:
    """Whether a browser on this very machine asks."""
    matches = [HOST.fullmatch(host) for host in _values(scope, b"host")]
    client = (scope.get("client") or ("",))[0]
    named = all(match is not None and match[1] in LOOPBACK for match in matches)
    return named and client in {"127.0.0.1", "::1"}


def _is_address(name: str) -> bool:
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _own_page(scope: Scope, host: str, policy: Policy) -> bool:
    sites = _values(scope, b"sec-fetch-site")
    if any(site not in {"same-origin", "none"} for site in sites):
        return False
    origins = _values(scope, b"origin")
    if not origins:
        return True
    public = {o.lower() for o in policy.public_origins if urlsplit(o.lower()).netloc == host}
    scheme = "https" if scope["scheme"] in {"https", "wss"} else "http"
    return len(origins) == 1 and origins[0] in (public or {f"{scheme}://{host}"})
