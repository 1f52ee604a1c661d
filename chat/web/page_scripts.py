"""The page's Content-Security-Policy: only the inline scripts that the server itself wrote.

Gradio's page carries its configuration and its start-up in inline scripts that differ with the
request, so their hashes are taken from each page as it leaves. A script that gets into the
transcript later has no such hash and does not run.

``'unsafe-eval'`` has to be there for one part of Gradio 6.31 that Easel has, and for no other: the
frame makes an ``AsyncFunction`` of each ``js=`` of an event (``Blocks-*.js``). Without, the widgets
of the settings stay empty. A gr.HTML of somebody's own panel needs it, too, for its template.
"""

import hashlib
import re
from asyncio import to_thread
from base64 import b64encode
from collections.abc import Callable
from html.parser import HTMLParser

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chat.core.languages import SOURCE, language
from chat.web.headers import TRUSTED_TYPES, content_policy
from chat.web.packing import PACKERS, coding_for
from chat.web.page_html import in_language
from chat.web.page_in import page_in
from chat.web.policy import Policy
from chat.web.root_path import base_of

_BASE = re.compile(rb"<base\b[^<>]*>")
_ITS_PREVIEW = re.compile(rb"""<meta\b[^<>]*\b(?:property|name)=["'](?:og|twitter):[^<>]*>\s*""")
_ITS_MODULE = re.compile(rb"""<script type="module" crossorigin src="([^"<>]*)"></script>""")
_ITS_MANIFEST = re.compile(rb"""<link\b[^<>]*\bhref=["']/?manifest\.json["'][^<>]*>""")


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


def relative(page: bytes) -> bytes:
    """The page with all addresses relative to its own, and no element that would move them.

    Gradio's base is the page's own folder, and says nothing; without it the policy forbids any. Its
    manifest goes, Easel has its own, and so does what it has chats show of a link: its own name,
    and a picture of its own site.
    """
    page = _ITS_PREVIEW.sub(b"", _BASE.sub(b"", page, count=1))
    return _ITS_MANIFEST.sub(b"", page)


def with_head(page: bytes, head: bytes) -> bytes:
    """The page with this at the end of its head."""
    before, end, body = page.rpartition(b"</head>")
    return before + head + end + body if end else page


def with_ahead(page: bytes, ahead: bytes) -> bytes:
    """The page with this before Gradio's part, which waits until a script of ours has it begin.

    Raises:
        ValueError: Gradio's page has another form by now, and would never begin.
    """
    later = rb'<link rel="modulepreload" href="\1" data-gradio>'
    page, waits = _ITS_MODULE.subn(later, page, count=1)
    before, app, behind = page.partition(b"<gradio-app")
    if not (waits and app):
        raise ValueError("Gradio's page has no module, or no place for it.")
    return before + ahead + app + behind


class PageScripts:
    """Sets the policy of HTML answers, adds to their head and packs them.

    Must stand inside whatever else compresses: the hashes are of what the browser unpacks.
    """

    def __init__(
        self,
        app: ASGIApp,
        policy: Policy,
        head: Callable[[str], str] = lambda _: "",
        ahead: str = "",
    ) -> None:
        """``head`` gives what the head of a page in a language has at its end.

        ``ahead`` is HTML in English that stands before Gradio's part.
        """
        self._app = app
        self._ahead = ahead
        self._policy = policy
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold an HTML answer back until its scripts are known; pass all others on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        base = base_of(scope)
        # Gradio writes into its page where it is; ASGI has the path of the root in both.
        scope = {**scope, "root_path": base, "path": f"{base}{scope['path']}"}
        coding = coding_for(_accepted(scope))
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
                    whole = await self._whole(bytes(page))
                    body = PACKERS[coding](whole) if coding and whole else whole
                    await send(self._dressed(start, whole, coding, len(body)))
                    await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, holding)

    async def _whole(self, page: bytes) -> bytes:
        to = language()
        whole = with_head(relative(page), self._head(to).encode("utf-8"))
        if self._ahead and page:  # the answer to HEAD has none
            ahead = await to_thread(in_language, self._ahead, to)
            whole = with_ahead(whole, ahead.encode("utf-8"))
        # A tenth of a second the first time, with the words of every panel.
        return whole if to == SOURCE else await to_thread(page_in, whole, to)

    def _dressed(self, start: Message, page: bytes, coding: str, length: int) -> Message:
        sources = ["'self'", "'unsafe-eval'", *script_hashes(page.decode("utf-8"))]
        policy = content_policy(self._policy, sources).encode("ascii")
        kept = [each for each in start["headers"] if each[0].lower() != b"content-length"]
        kept.append((b"content-security-policy", policy))
        kept.append((b"content-security-policy-report-only", TRUSTED_TYPES))
        kept.append((b"vary", b"accept-encoding"))
        if page:  # the answer to HEAD has none, and no length of its own
            kept.append((b"content-length", str(length).encode("ascii")))
            if coding:
                kept.append((b"content-encoding", coding.encode("ascii")))
        return {**start, "headers": kept}


def _accepted(scope: Scope) -> str:
    values = [value for name, value in scope["headers"] if name == b"accept-encoding"]
    return b",".join(values).decode("latin-1")


def _is_html(start: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(b"text/html")
        for name, value in start["headers"]
    )
