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

STRANGE_HOST = Refusal(400, "Easel does not answer under this host name.")
STRANGE_ORIGIN = Refusal(403, "Easel only takes this request from its own page.")


def refusal(scope: Scope, policy: Policy) -> Refusal | None:
    """Why this HTTP request or WebSocket handshake is not let in, if it is not."""
    hosts = _values(scope, b"host")
    if len(hosts) != 1 or not _known(hosts[0], policy):
        return STRANGE_HOST
    if scope["type"] == "http" and scope["method"] in READING:
        return None
    return None if _own_page(scope, hosts[0], policy) else STRANGE_ORIGIN


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
