"""The few of Gradio's routes that the page lives on; the rest do not exist for anybody.

Gradio brings some ninety routes: a proxy, a code editor, uploads without owners, a login of its
own, run history, API listings. What is not named here answers 404, also when an update brings
new ones. Stands inside Gradio's application, so that our own routes are not its business.
"""

import json
import logging
import re
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

# Method, path, and why the page needs it.
NEEDED: tuple[tuple[str, str, str], ...] = (
    ("GET", r"/", "the page"),
    ("GET", r"/assets/[\w./@-]+", "its scripts and styles"),
    ("GET", r"/static/(fonts|img|js)/[\w./@-]+", "fonts, icons, the frame script"),
    ("GET", r"/theme\.css", "the theme"),
    ("GET", r"/favicon\.ico", "the icon in the tab"),
    ("GET", r"/gradio_api/app_id", "after a lost connection: is it still the same server?"),
)

# What a page needs beside those whose events are answered by the server. Easel's are not: its
# panels run scripts in the browser and ask routes of ours. Gradio keeps an event for each that
# joins, and tells it to whoever names its session.
EVENTS: tuple[tuple[str, str, str], ...] = (
    ("POST", r"/gradio_api/queue/join", "an event: a button, a toggle, the load of the page"),
    ("GET", r"/gradio_api/queue/data", "the answer to an event"),
)


class RouteAllowlist:
    """Answers 404 to every request that is not in the list, and 400 to one that Gradio trips over.

    Gradio looks into an event before it looks whether it has the shape of one.
    """

    def __init__(self, app: ASGIApp, extra: Iterable[tuple[str, str, str]] = ()) -> None:
        """Take more rows of method, path pattern and reason."""
        self._app = app
        self._needed = [(method, re.compile(path)) for method, path, _ in (*NEEDED, *extra)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what the page needs."""
        if scope["type"] != "http" or self._opens(scope["method"], scope["path"]):
            await self._passed_on(scope, receive, send)
            return
        await _answer(send, 404, "There is nothing here.")

    async def _passed_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if scope.get("method") != "POST" or started:
                raise
            log.warning("an event of the page is invalid: %s", type(error).__name__)
            await _answer(send, 400, "This is no event of the page.")

    def _opens(self, method: str, path: str) -> bool:
        asked = "GET" if method == "HEAD" else method
        return ".." not in path and any(
            asked == needed and pattern.fullmatch(path) for needed, pattern in self._needed
        )


async def _answer(send: Send, status: int, sentence: str) -> None:
    body = json.dumps({"error": sentence}).encode("utf-8")
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode("ascii")),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
