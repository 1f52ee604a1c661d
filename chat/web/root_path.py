"""Easel below a path of another site, as a proxy in front serves it: ``https://site.example/studio/``.

Inside, every route stays where it is. A proxy may leave the path before each request or take it
away; both are understood. What the browser is told carries it: the page has its addresses relative
to itself, and our scripts and styles, which name ours from the root on, are served with it put in.
"""

import asyncio
import re
from pathlib import Path

from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

_OURS = r"/(?=(?:api|media|easel|live|access)\b)"
_ADDRESS = re.compile(rf"""(["'`}}])({_OURS})""")
"""The beginning of an address of ours in a script or a style, be it after a host in a template."""

_REWRITTEN = {".js": "text/javascript", ".css": "text/css"}


class RootPathMiddleware:
    """Takes the path away before anything else looks at a request."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        """``root_path`` begins with a slash and does not end with one."""
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the request as if Easel were at the root; a bare path leads into it."""
        root, path = self._root_path, scope.get("path", "")
        if scope["type"] == "http" and path == root:
            query = scope["query_string"].decode("latin-1")
            there = f"{root}/?{query}" if query else f"{root}/"
            await RedirectResponse(there, status_code=308)(scope, receive, send)
            return
        if path.startswith(f"{root}/"):
            raw = scope.get("raw_path") or path.encode()
            scope = {**scope, "path": path[len(root) :], "raw_path": raw[len(root) :]}
        await self._app(scope, receive, send)


class Assets(StaticFiles):
    """The folder of styles, scripts and samples, with the root path in their addresses."""

    def __init__(self, directory: str, root_path: str = "") -> None:
        super().__init__(directory=directory)
        self._root_path = root_path

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file; a script or a style with the root path put in, where there is one."""
        found = await super().get_response(path, scope)
        kind = _REWRITTEN.get(Path(path).suffix)
        if not self._root_path or kind is None or found.status_code not in {200, 304}:
            return found
        file = Path(self.lookup_path(path)[0])
        text = below(await asyncio.to_thread(file.read_text, "utf-8"), self._root_path)
        return Response(text, media_type=kind, headers={"cache-control": "no-cache"})


def below(text: str, root_path: str) -> str:
    """A script or a style whose addresses begin below this path."""
    return _ADDRESS.sub(rf"\1{root_path}\2", text)
