"""Where browsers find Easel: at the root of a site, or below a path that a proxy in front serves.

Inside, every route stays where it is. The path is taken from ``EASEL_ROOT_PATH`` or, request by
request, from ``X-Forwarded-Prefix``. A proxy may leave it before each request or take it away; both
are understood. The page and its scripts name everything relative to the page, so none of them has
to know.

Below the root there may be one more step, ``/~…``: the pass of a visitor whose browser sends no
cookies (see ``access``). It is taken away here, too.
"""

import logging
import re

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.settings import read_root_path

log = logging.getLogger(__name__)

PREFIX = b"x-forwarded-prefix"
PASS = re.compile(r"/~([A-Za-z0-9._-]{1,200})(?=/)")

_ROOT, _PASS = "easel.root_path", "easel.pass"
MAX_CHARACTERS = 200


def root_of(scope: Scope) -> str:
    """The path below which browsers find Easel; empty: the root."""
    return str(scope.get(_ROOT, ""))


def pass_of(scope: Scope) -> str:
    """What stood in the address in place of a cookie; empty: nothing."""
    return str(scope.get(_PASS, ""))


def base_of(scope: Scope) -> str:
    """The path below which this page has its addresses: the root, and the pass if there is one."""
    passed = pass_of(scope)
    return f"{root_of(scope)}/~{passed}" if passed else root_of(scope)


class RootPathMiddleware:
    """Takes the path away before anything else looks at a request, and notes it in the scope."""

    def __init__(self, app: ASGIApp, root_path: str = "") -> None:
        """``root_path`` begins with a slash and does not end with one; empty: the proxy says it.

        Whoever asks may write ``X-Forwarded-Prefix``: only a proxy's may arrive here.
        """
        self._app = app
        self._root_path = root_path
        self._complained = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the request as if Easel were at the root; a bare path leads into it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        root = self._root_path or self._said(scope)
        if root and scope["type"] == "http" and scope["path"] == root:
            query = scope["query_string"].decode("latin-1")
            there = f"{root}/?{query}" if query else f"{root}/"
            await RedirectResponse(there, status_code=308)(scope, receive, send)
            return
        scope = {**scope, _ROOT: root}
        if root and scope["path"].startswith(f"{root}/"):
            scope = _without(scope, root)
        if found := PASS.match(scope["path"]):
            scope = {**_without(scope, found[0]), _PASS: found[1]}
        await self._app(scope, receive, send)

    def _said(self, scope: Scope) -> str:
        """What proxies say, the outermost first: each has taken its part away."""
        said = [value.decode("latin-1") for name, value in scope["headers"] if name == PREFIX]
        if not said:
            return ""
        parts = [part.strip() for part in ",".join(said).split(",")]
        whole = "/".join(parts)
        path = read_root_path(whole) if len(whole) <= MAX_CHARACTERS else None
        if path is None and not self._complained:
            self._complained = True
            log.warning(
                "The proxy in front names no path in X-Forwarded-Prefix, but %.100r. It is not "
                "heeded; set EASEL_ROOT_PATH to the path below which the proxy serves Easel.",
                whole,
            )
        return path or ""


def _without(scope: Scope, start: str) -> Scope:
    path, raw = scope["path"], scope.get("raw_path") or scope["path"].encode()
    return {**scope, "path": path[len(start) :], "raw_path": raw[len(start) :]}
