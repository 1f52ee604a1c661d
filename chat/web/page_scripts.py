"""The page's Content-Security-Policy: only the inline scripts that the server itself wrote.

Gradio's page carries its configuration and its start-up in inline scripts that differ with the
request, so their hashes are taken from each page as it leaves. A script that gets into the
transcript later has no such hash and does not run. ``'unsafe-eval'`` cannot be had without:
Gradio compiles the template and script of each gr.HTML, and functions in ``js=``, in the browser.
"""

import hashlib
from base64 import b64encode
from html.parser import HTMLParser

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.web.headers import content_policy
from chat.web.policy import Policy


class _InlineScripts(HTMLParser):
    """Collects the text of each script element that has no address."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and "src" not in dict(attrs)
        if self._inside:
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._inside = False


def script_hashes(html: str) -> list[str]:
    """A CSP source for each inline script of a document, in its order."""
    parser = _InlineScripts()
    parser.feed(html)
    parser.close()
    digests = (hashlib.sha256(script.encode("utf-8")).digest() for script in parser.scripts)
    return [f"'sha256-{b64encode(digest).decode('ascii')}'" for digest in digests]


class PageScripts:
    """Sets the policy of HTML answers. Must stand inside whatever compresses them."""

    def __init__(self, app: ASGIApp, policy: Policy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold an HTML answer back until its scripts are known; pass all others on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        page = bytearray()

        async def holding(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None:
                await send(message)
            else:
                page.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await send(self._with_policy(start, page.decode("utf-8")))
                    await send({"type": "http.response.body", "body": bytes(page)})

        await self._app(scope, receive, holding)

    def _with_policy(self, start: Message, page: str) -> Message:
        sources = ["'self'", "'unsafe-eval'", *script_hashes(page)]
        policy = content_policy(self._policy, sources).encode("ascii")
        return {**start, "headers": [*start["headers"], (b"content-security-policy", policy)]}


def _is_html(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in start["headers"]
    )
