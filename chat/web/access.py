"""Who may use an Easel that tells nobody apart: whoever knows the pass phrase, or the token.

Where people are told apart, :mod:`chat.web.login` stands in its place.

On one's own machine every start makes a token, and the printed address carries it: other accounts
of the machine reach the port too, but do not know it. A host that serves others sets a pass phrase,
for which a small page asks. Either is exchanged for a signed cookie, and nothing of ours answers
without one but what says how the server is (``chat.web.health``). The cookie outlives a restart;
another phrase makes all of them void.

In a frame of another site, as hosted spaces are shown, a browser may send no cookies at all. There
the phrase is exchanged for a pass, which stands in the address as a step of the path: pictures and
the live connection lie below the page, and carry it by themselves.
"""

import hmac
import html
import json
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qs, parse_qsl, urlencode

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.types import ASGIApp, Receive, Scope, Send

from chat.core.audit import AuditLog
from chat.core.errors import ConfigError
from chat.web.attempts import WITHIN_S, Attempts, address_of
from chat.web.audit_trail import AuditTrail
from chat.web.cookies import cookie_values
from chat.web.health import OPEN_PATHS
from chat.web.plain_page import plain_page
from chat.web.root_path import base_of, pass_of, root_of
from chat.web.strangers import as_stranger, is_open

ENTER, LEAVE = "/access/enter", "/access/leave"
LASTS_S = 30 * 24 * 3600
"""After this a browser is asked again."""

PASS_LASTS_S = 24 * 3600
"""A pass is seen in addresses, and lasts shorter."""

ARRIVES_S = 120
"""So long after the phrase a browser may come back to show whether it keeps cookies."""

ENTERED = "entered"
"""The field of the address with which it comes back."""

REMEMBERED = 10_000
"""Passes that were given back and are kept; the oldest make room."""

MAX_FORM_BYTES = 4096
MIN_PHRASE = 8

_WRONG = "That is not the pass phrase."
_TOO_OFTEN = "Too many wrong tries. Wait five minutes, then try again."
_ASK_PHRASE = "This Easel asks for a pass phrase."
_BY_ADDRESS = (
    "Open Easel by the whole address that it prints when it starts: it ends with “?token=…”. "
    "EASEL_TOKEN=off does without."
)
_NO_COOKIES = (
    "This browser keeps no cookies for Easel, and without one Easel does not know it again. Allow "
    "cookies for this address, then open Easel once more."
)
_LEFT = "You have left. Close the other tabs of Easel, too."


@dataclass(frozen=True, slots=True)
class Access:
    """What opens this Easel. Made by :func:`access_by`."""

    secret: str
    """The phrase or the token."""
    asks: bool
    """Whether a page asks for it; a token comes with the printed address."""
    framed: bool = False
    """Shown in a frame of another site, by https: cookies have to be allowed there."""


def access_by(passphrase: str, token: str, *, framed: bool = False) -> Access | None:
    """The phrase before the token; ``None``: everybody may.

    Raises:
        ConfigError: the phrase is too short to be one.
    """
    if passphrase:
        return Access(passphrase_of(passphrase), asks=True, framed=framed)
    return Access(token, asks=False, framed=framed) if token else None


def passphrase_of(given: str) -> str:
    """A pass phrase, or none. Raises ``ConfigError`` where it is too short to be one."""
    if given and len(given) < MIN_PHRASE:
        raise ConfigError(f"EASEL_PASSPHRASE must have {MIN_PHRASE} characters or more.")
    return given


class AccessMiddleware:
    """Stands before every route, the live connection and the page. Plain ASGI."""

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        key: bytes,
        clock: Callable[[], float] = time.monotonic,
        audit: AuditLog | None = None,
    ) -> None:
        """Sign cookies with ``key``, which is kept with the data. ``clock`` gives seconds.

        ``audit`` is where it is written down who did what; ``None``: nowhere.
        """
        self._trail = AuditTrail(audit)
        self._app = app
        self._access = access
        # A token is new with every start, its cookies are not; another phrase makes them void.
        meant = access.secret.encode() if access.asks else b""
        signing = hmac.new(key, b"easel access\0" + meant, sha256).hexdigest()
        self._signer = URLSafeTimedSerializer(signing, salt="easel-access")
        self._passes = URLSafeTimedSerializer(signing, salt="easel-pass")
        self._arrivals = URLSafeTimedSerializer(signing, salt="easel-entered")
        self._left: OrderedDict[str, None] = OrderedDict()
        """Passes that were given back; the oldest make room, and are void by then."""
        self._tries = Attempts(clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what carries the cookie, or the secret as a bearer."""
        if scope["type"] not in {"http", "websocket"} or scope["path"] in OPEN_PATHS:
            await self._app(scope, receive, send)
            return
        path, method = scope["path"], scope.get("method", "")
        if method == "POST" and path == LEAVE:
            self._forget_pass(scope)
            await self._answer(scope, send, 200, _LEFT, cookie="")
        elif method == "POST" and path == ENTER and self._access.asks:
            await self._enter(scope, receive, send)
        elif (
            method == "GET"
            and not self._access.asks
            and (token := _asked(scope, "token")) is not None
        ):
            await self._exchange(scope, send, token)
        elif method == "GET" and (arrival := _asked(scope, ENTERED)) is not None:
            await self._arrive(scope, send, arrival)
        elif self._has_cookie(scope) or self._has_pass(scope):
            await self._app(scope, receive, send)
        elif (given := _bearer(scope)) is not None:
            refused = await self._refused(scope, given)
            if refused:
                await self._answer(scope, send, refused[0], refused[1])
            else:
                await self._app(scope, receive, send)
        elif is_open(scope):
            await self._app(as_stranger(scope), receive, send)
        else:
            await self._answer(scope, send, 401, "")

    def _has_cookie(self, scope: Scope) -> bool:
        values = cookie_values(scope, self._name(scope))
        return any(self._valid(self._signer, value, LASTS_S) for value in values)

    def _has_pass(self, scope: Scope) -> bool:
        given = pass_of(scope)
        return self._valid(self._passes, given, PASS_LASTS_S) and given not in self._left

    def _forget_pass(self, scope: Scope) -> None:
        if self._has_pass(scope):
            self._left[pass_of(scope)] = None
            while len(self._left) > REMEMBERED:
                self._left.popitem(last=False)

    @staticmethod
    def _valid(signer: URLSafeTimedSerializer, given: str, lasts_s: int) -> bool:
        try:
            signer.loads(given, max_age=lasts_s)
        except BadSignature:
            return False
        return True

    async def _refused(self, scope: Scope, given: str) -> tuple[int, str] | None:
        """Status and sentence for a wrong secret, or for the right one after too many wrong."""
        address = address_of(scope)
        if self._tries.exhausted(address):
            return 429, _TOO_OFTEN
        # Both as digests: the time of comparing tells neither a letter nor the length.
        known, said = (sha256(text.encode()).digest() for text in (self._access.secret, given))
        if hmac.compare_digest(known, said):
            return None
        self._tries.count(address)
        if self._tries.exhausted(address):
            await self._trail.note(scope, "tries_used_up", nobody=True)
        return 401, _WRONG

    async def _enter(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            if len(body) > MAX_FORM_BYTES:
                await self._answer(scope, send, 413, _WRONG)
                return
            if not message.get("more_body", False):
                break
        form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
        refused = await self._refused(scope, form.get("phrase", [""])[0])
        if refused:
            await self._answer(scope, send, *refused)
            return
        await self._let_in(scope, send, f"{root_of(scope)}/", [])

    async def _let_in(
        self, scope: Scope, send: Send, place: str, query: list[tuple[str, str]]
    ) -> None:
        """Give the cookie; a browser that brought none has to show that it keeps it."""
        if not self._has_cookie(scope):
            query = [*query, (ENTERED, self._arrivals.dumps(secrets.token_hex(8)))]
        to = _address(place, query)
        by = "pass phrase" if self._access.asks else "token"
        await self._trail.note(scope, "signed_in", {"by": by})
        await self._answer(scope, send, 303, "", cookie=self._signer.dumps(1), to=to)

    async def _arrive(self, scope: Scope, send: Send, arrival: str) -> None:
        """A browser that was let in comes back: with the cookie, or without.

        Then it gets a pass where it is in a frame, which shows no address; elsewhere a pass would
        be copied with the address, and it is told what is wrong.
        """
        place, query = _place(scope, ENTERED)
        if not self._has_cookie(scope) and self._valid(self._arrivals, arrival, ARRIVES_S):
            if not self._access.framed:
                await self._answer(scope, send, 401, _NO_COOKIES)
                return
            place = f"{root_of(scope)}/~{self._passes.dumps(secrets.token_hex(8))}/"
        await self._answer(scope, send, 303, "", to=_address(place, query))

    async def _exchange(self, scope: Scope, send: Send, token: str) -> None:
        """The cookie for the token, at the same address without it."""
        refused = await self._refused(scope, token)
        if refused and not (refused[0] == 401 and self._has_cookie(scope)):
            await self._answer(scope, send, refused[0], _BY_ADDRESS if refused[0] == 401 else "")
            return
        place, query = _place(scope, "token")
        if refused:
            await self._answer(scope, send, 303, "", to=_address(place, query))
        else:
            await self._let_in(scope, send, place, query)

    async def _answer(
        self,
        scope: Scope,
        send: Send,
        status: int,
        sentence: str,
        cookie: str | None = None,
        to: str = "",
    ) -> None:
        headers = [(b"cache-control", b"no-store"), (b"referrer-policy", b"same-origin")]
        if cookie is not None:
            headers.append((b"set-cookie", self._cookie(scope, cookie).encode("ascii")))
        if to:
            headers.append((b"location", to.encode("ascii", "replace")))
        if status == 429:
            headers.append((b"retry-after", str(int(WITHIN_S)).encode("ascii")))
        why = sentence or ("" if to else _ASK_PHRASE if self._access.asks else _BY_ADDRESS)
        if any("text/html" in accepted for accepted in _headers(scope, b"accept")):
            kind, body = b"text/html; charset=utf-8", self._page(why, status, root_of(scope))
        else:
            kind, body = b"application/json", json.dumps({"error": why}).encode()
        headers += [(b"content-type", kind), (b"content-length", str(len(body)).encode("ascii"))]
        is_socket = scope["type"] == "websocket"
        if is_socket and "websocket.http.response" not in scope.get("extensions", {}):
            await send({"type": "websocket.close", "code": 1008})
            return
        begun = "websocket.http.response" if is_socket else "http.response"
        await send({"type": f"{begun}.start", "status": status, "headers": headers})
        await send({"type": f"{begun}.body", "body": body})

    def _page(self, why: str, status: int, root_path: str) -> bytes:
        action = html.escape(root_path + ENTER)
        asks = self._access.asks and status != 200
        form = _FORM.format(action=action) if asks else ""
        return plain_page(why, form=form)

    def _cookie(self, scope: Scope, value: str) -> str:
        secure = self._access.framed or scope.get("scheme") in {"https", "wss"}
        site = "SameSite=None; Partitioned" if self._access.framed else "SameSite=Lax"
        lasts = LASTS_S if value else 0
        whole = f"{self._name(scope)}={value}; Path=/; Max-Age={lasts}; HttpOnly; {site}"
        return f"{whole}; Secure" if secure else whole

    @staticmethod
    def _name(scope: Scope) -> str:
        """Cookies do not tell ports apart, and two Easels may run on one machine."""
        server = scope.get("server")
        return f"easel-access-{server[1] if server else 0}"


def _headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _bearer(scope: Scope) -> str | None:
    for value in _headers(scope, b"authorization"):
        kind, _, given = value.partition(" ")
        if kind.lower() == "bearer" and given.strip():
            return given.strip().encode("latin-1").decode("utf-8", "replace")
    return None


def _place(scope: Scope, but: str) -> tuple[str, list[tuple[str, str]]]:
    """The path as the browser knows it, and the fields of the address but one."""
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    # A path that began with two slashes would lead to another server.
    place = f"{base_of(scope)}/" + scope["path"].lstrip("/\\")
    return place, [(name, value) for name, value in query if name != but]


def _address(place: str, query: list[tuple[str, str]]) -> str:
    return f"{place}?{urlencode(query)}" if query else place


def _asked(scope: Scope, name: str) -> str | None:
    """A field of the address."""
    found = parse_qs(scope["query_string"].decode("latin-1")).get(name)
    return found[0] if found else None


_FORM = """\
<form method="post" action="{action}">
<label for="phrase">Pass phrase</label>
<input id="phrase" name="phrase" type="password" autocomplete="current-password" required autofocus>
<button>Enter</button>
</form>"""
