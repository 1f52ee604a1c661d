"""The few of Gradio's routes that the page lives on; the rest do not exist for anybody.

Gradio brings some ninety routes: a proxy, a code editor, uploads without owners, a login of its
own, run history, API listings. What is not named here answers 404, also when an update brings
new ones. Stands inside Gradio's application, so that our own routes are not its business.
"""

import json
import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

# Method, path, and why the page needs it.
NEEDED: tuple[tuple[str, str, str], ...] = (
    ("GET", r"/", "the page"),
    ("GET", r"/assets/[\w./@-]+", "its scripts and styles"),
    ("GET", r"/static/(fonts|img|js)/[\w./@-]+", "fonts, icons, the frame script"),
    ("GET", r"/theme\.css", "the theme"),
    ("GET", r"/favicon\.ico", "the icon in the tab"),
    ("GET", r"/manifest\.json", "linked from the page"),
    ("POST", r"/gradio_api/queue/join", "an event: a button, a toggle, the load of the page"),
    ("GET", r"/gradio_api/queue/data", "the answer to an event"),
    ("GET", r"/gradio_api/app_id", "after a lost connection: is it still the same server?"),
)


class RouteAllowlist:
    """Answers 404 to every request that is not in the list."""

    def __init__(self, app: ASGIApp, extra: Iterable[tuple[str, str, str]] = ()) -> None:
        """Take more rows of method, path pattern and reason."""
        self._app = app
        self._needed = [(method, re.compile(path)) for method, path, _ in (*NEEDED, *extra)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the page needs."""
        if scope["type"] != "http" or self._opens(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        body = json.dumps({"error": "There is nothing here."}).encode("utf-8")
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode("ascii")),
        ]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _opens(self, method: str, path: str) -> bool:
        asked = "GET" if method == "HEAD" else method
        return ".." not in path and any(
            asked == needed and pattern.fullmatch(path) for needed, pattern in self._needed
        )
