"""Signing in by a provider of identities: off to it, and back with an answer for this browser.

What was asked stands in a signed cookie for ten minutes: an answer counts once, in the browser that
began, and leads to a page of ours.
"""

import hmac
import json
import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qs, quote, unquote, urlsplit

from itsdangerous import Signer
from starlette.types import Scope

from chat.core.messages import now
from chat.core.network import Network
from chat.oidc import Claims, OidcSettings
from chat.web.cookies import cookie_name, set_cookie, signed_values
from chat.web.not_signed_in import NotSignedIn
from chat.web.policy import Policy
from chat.web.replies import Reply
from chat.web.root_path import root_of

log = logging.getLogger("easel")

KIND = "oidc"
BEGIN, CALLBACK = "/access/oidc", "/access/oidc/callback"
LASTS = timedelta(minutes=10)
"""So long a sign-in may take."""

REMEMBERED = 10_000
"""Answers that were taken; the oldest make room."""

MAX_CHARACTERS = 300
"""Of a field that a cookie takes along; what is longer is none of ours."""

NOT_BEGUN = (
    "This sign-in was not begun in this browser, was used, or its time is over. Begin it again."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser was sent off with."""

    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    place: str = ""
    """The fields of the page's own address, which is opened with them afterwards."""
    link: str = ""
    """``setup`` or ``invite``, where somebody has come by such a link; empty: by none."""
    given: str = field(default="", repr=False)
    """What that link carries."""


class OidcLogin:
    """The way to one provider and back."""

    def __init__(
        self,
        settings: OidcSettings,
        key: bytes,
        policy: Policy,
        network: Network,
        clock: Callable[[], datetime] = now,
    ) -> None:
        """Sign cookies with ``key``; ``policy`` has the addresses by which browsers reach Easel."""
        # Authlib is asked for where a provider signs people in alone.
        from chat.web.oidc_provider import OidcProvider

        self.title = settings.title
        self.by_groups = settings.by_groups
        self.settings = settings
        self._provider = OidcProvider(settings, network)
        self._signer = Signer(key, salt="easel-oidc", digest_method=sha256)
        self._origins = sorted(policy.public_origins)
        self._clock = clock
        self._taken: OrderedDict[str, None] = OrderedDict()

    async def begin(self, scope: Scope, *, secure: bool) -> Reply:
        """Off to the provider, or first to the address that it sends browsers back to.

        Raises:
            NotSignedIn: the provider does not answer, or cannot be believed.
        """
        query = parse_qs(scope["query_string"].decode("latin-1"))
        origin = self._origin(scope)
        if urlsplit(origin).netloc != _host(scope):
            if "moved" in query:
                raise NotSignedIn(
                    "This Easel is reached by a name that it does not know, so nobody can be sent "
                    "back to it. Tell whoever runs it.",
                    f"asked for by the host {_host(scope)!r:.100} and not by {origin}; let the "
                    "proxy in front pass on Host, and name the address in EASEL_HOSTS",
                    400,
                )
            # Else the cookie would be another host's than the one that is come back to.
            asked = scope["query_string"].decode("latin-1")
            return Reply(303, to=f"{origin}{root_of(scope)}{BEGIN}?{asked}&moved=1")
        told = {name: said[0] for name, said in query.items() if len(said[0]) <= MAX_CHARACTERS}
        link = next((name for name in ("setup", "invite") if name in told), "")
        state, nonce, verifier = (secrets.token_urlsafe(size) for size in (24, 24, 48))
        asking = Asked(state, nonce, verifier, told.get("place", ""), link, told.get(link, ""))
        back = f"{origin}{root_of(scope)}{CALLBACK}"
        to = await self._provider.address(back, asking.state, asking.nonce, asking.verifier)
        kept = [
            asking.state, asking.nonce, asking.verifier, asking.place, asking.link, asking.given,
            int((self._clock() + LASTS).timestamp()),
        ]  # fmt: skip
        value = self._signer.sign(quote(json.dumps(kept)).encode("ascii")).decode("ascii")
        return Reply(303, to=to).with_cookie(_cookie(scope, value, secure=secure))

    def asked(self, scope: Scope, *, secure: bool) -> Asked:
        """What this browser was sent off with, to which the answer belongs; it counts once.

        Raises:
            NotSignedIn: nothing, or something else, or too long ago.
        """
        query = parse_qs(scope["query_string"].decode("latin-1"))
        found = self._read(scope, secure=secure)
        state = query.get("state", [""])[0]
        if found is None or not hmac.compare_digest(
            found.state.encode(), state.encode("utf-8", "replace")
        ):
            raise NotSignedIn(NOT_BEGUN, "the state is not that of the browser's cookie")
        if found.state in self._taken:
            raise NotSignedIn(NOT_BEGUN, "the state was used before")
        self._taken[found.state] = None
        while len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)
        return found

    async def claims(self, scope: Scope, asked: Asked) -> Claims:
        """Whom the provider has signed in.

        Raises:
            NotSignedIn: nobody; or it cannot be asked, or believed.
        """
        query = parse_qs(scope["query_string"].decode("latin-1"))
        metadata = await self._provider.metadata()
        self._provider.require_issuer(metadata, query.get("iss", [None])[0])
        if "error" in query:
            raise self._declined(query["error"][0], query.get("error_description", [""])[0])
        code = query.get("code", [""])[0]
        if not code:
            raise NotSignedIn(NOT_BEGUN, "the answer has no code")
        back = f"{self._origin(scope)}{root_of(scope)}{CALLBACK}"
        return await self._provider.claims(code, back, asked.nonce, asked.verifier)

    async def leaving(self, scope: Scope) -> str:
        """Where somebody signs out at the provider, too; empty: nowhere."""
        return await self._provider.leaving(f"{self._origin(scope)}{root_of(scope)}/")

    @staticmethod
    def without_cookie(reply: Reply, scope: Scope, *, secure: bool) -> Reply:
        """The same, and the browser forgets what it was sent off with."""
        return reply.with_cookie(_cookie(scope, "", secure=secure))

    def _declined(self, code: str, description: str) -> NotSignedIn:
        cause = f"the provider answers {code!r:.100}: {description!r:.300}"
        if code == "access_denied":
            sentence = f"{self.title} has not let you in, or you have declined."
        elif code in {"temporarily_unavailable", "server_error"}:
            sentence = f"{self.title} cannot sign anybody in at the moment. Try again in a while."
        else:
            sentence = f"{self.title} has not signed you in. Begin it again."
        return NotSignedIn(sentence, cause, 403 if code == "access_denied" else 401)

    def _origin(self, scope: Scope) -> str:
        """The address of Easel that the provider knows: the one that was asked for, else the first.

        Without any it is this machine's own.
        """
        host = _host(scope)
        named = [each for each in self._origins if urlsplit(each).netloc == host]
        if named or self._origins:
            return (named or self._origins)[0]
        return f"{'https' if scope['scheme'] in {'https', 'wss'} else 'http'}://{host}"

    def _read(self, scope: Scope, *, secure: bool) -> Asked | None:
        """What the cookie holds, if it is ours and not over."""
        name = cookie_name(scope, KIND, secure=secure)
        for signed in signed_values(scope, name, self._signer):
            *words, until = json.loads(unquote(signed))
            if until > self._clock().timestamp():
                return Asked(*words)
        return None


def begin_address(root: str, place: str = "", **link: str) -> str:
    """Where a browser begins."""
    fields = [(name, value) for name, value in {"place": place, **link}.items() if value]
    asked = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields)
    return f"{root}{BEGIN}?{asked}" if asked else f"{root}{BEGIN}"


def _cookie(scope: Scope, value: str, *, secure: bool) -> str:
    # Lax: the way back is a link of another site.
    lasts_s = int(LASTS.total_seconds()) if value else 0
    return set_cookie(cookie_name(scope, KIND, secure=secure), value, lasts_s, secure=secure)


def _host(scope: Scope) -> str:
    found = next((value for key, value in scope["headers"] if key == b"host"), b"")
    return found.decode("latin-1").lower()
