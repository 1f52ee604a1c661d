"""A login before a small application that says who is there, and browsers that come to it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from argon2 import PasswordHasher
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.sync.client import ClientConnection, connect

from chat.core.audit import AuditLog
from chat.core.network import Network
from chat.core.personal_keys import PersonalKeys
from chat.gateway.quotas import Quotas
from chat.oidc import OidcSettings
from chat.web.forwarded import ForwardedHeaders
from chat.web.guest_login import guest_link
from chat.web.login import LoginMiddleware
from chat.web.login_mode import Login
from chat.web.oidc_login import OidcLogin
from chat.web.owner import signed_in_owner
from chat.web.passwords import Passwords
from chat.web.policy import Policy
from chat.web.root_path import RootPathMiddleware
from chat.web.security import SecurityMiddleware
from storage.memory_audit import MemoryAudit
from storage.memory_people import MemoryPeople
from tests.patience import PATIENCE_S
from tests.serving import served

KEY = b"k" * 32
PHRASE = "eine lange Losung ö"
TOKEN = "t0ken-t0ken-t0ken"
SETUP = "setup-setup-setup"
GUESTS = Login("guests", PHRASE, TOKEN)
USERS = Login("users")
PASSWORD = "nine red herons"
GUEST_LINK = guest_link(KEY, PHRASE)


@dataclass
class Clock:
    """What time it is, for sessions and for limits."""

    moment: datetime = datetime(2026, 11, 26, 12, tzinfo=UTC)
    now_s: float = 0.0


@dataclass
class House:
    """What outlasts a restart, and how it is served."""

    login: Login
    people: MemoryPeople = field(default_factory=MemoryPeople)
    clock: Clock = field(default_factory=Clock)
    key: bytes = KEY
    setup: str = ""
    policy: Policy = field(default_factory=Policy)
    believed: str = "127.0.0.1"
    """From whom forwarded headers are believed."""
    root_path: str = ""
    look_again_s: float = 60.0
    quotas: Quotas | None = None
    """What people may spend."""
    keys: PersonalKeys | None = None
    """Those of their programs."""
    audit: AuditLog = field(default_factory=MemoryAudit)
    """Where it is written down who did what."""
    oidc: OidcSettings | None = None
    """The provider of identities that signs people in."""
    passwords: Passwords = field(
        default_factory=lambda: Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    )

    @contextmanager
    def served(self) -> Iterator[int]:
        """Its port, until the block is left."""
        oidc = None
        if self.oidc is not None:
            oidc = OidcLogin(self.oidc, self.key, self.policy, Network(), lambda: self.clock.moment)
        inside = LoginMiddleware(
            small_app(),
            self.login,
            self.people,
            self.key,
            self.policy,
            setup=self.setup,
            clock=lambda: self.clock.moment,
            ticks=lambda: self.clock.now_s,
            passwords=self.passwords,
            look_again_s=self.look_again_s,
            quotas=self.quotas,
            keys=self.keys,
            oidc=oidc,
            audit=self.audit,
        )
        app = RootPathMiddleware(SecurityMiddleware(inside, self.policy), self.root_path)
        with served(
            ForwardedHeaders(app, {"FORWARDED_ALLOW_IPS": self.believed}), proxy_headers=False
        ) as port:
            yield port


def small_app() -> Starlette:
    """Says who is there."""

    async def me(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"inside as {signed_in_owner(request)}")

    async def live(line: WebSocket) -> None:
        await line.accept()
        await line.send_text(f"inside as {signed_in_owner(line)}")
        async for said in line.iter_text():
            await line.send_text(said)

    return Starlette(
        routes=[
            WebSocketRoute("/live", live),
            Route("/", me, methods=["GET", "POST"]),
            Route("/api/conversations", me, methods=["GET", "POST"]),
        ]
    )


class Browser(httpx.Client):
    """Keeps cookies, reads HTML, and sends forms as a page of ours would."""

    def __init__(self, port: int, **headers: str) -> None:
        address = f"http://127.0.0.1:{port}"
        usual = {"Accept": "text/html", "Origin": address, "Sec-Fetch-Site": "same-origin"}
        super().__init__(
            base_url=address, trust_env=False, headers={**usual, **headers}, verify=False,
            timeout=PATIENCE_S,
        )  # fmt: skip
        self.port = port

    def form(self, path: str, **fields: str) -> httpx.Response:
        """Send a form."""
        return self.post(path, data=fields)

    def come_in(self, phrase: str = PHRASE, **more: str) -> httpx.Response:
        """As a guest."""
        return self.form("/access/enter", phrase=phrase, **more)

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        """As a user."""
        return self.form("/access/enter", name=name, password=password, **more)

    def who(self) -> str | None:
        """Who one is; ``None``: a stranger."""
        answer = self.get("/api/conversations")
        assert answer.status_code in {200, 401}, answer.text
        return answer.text.removeprefix("inside as ") if answer.status_code == 200 else None

    def line(self) -> ClientConnection:
        """The live connection."""
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return connect(
            f"ws://127.0.0.1:{self.port}/live", proxy=None, additional_headers={"Cookie": sent}
        )


def administrator(house: House, browser: Browser, name: str = "ada") -> None:
    """Becomes the first administrator by the link; the house was given ``SETUP``."""
    fields: dict[str, Any] = {"password": PASSWORD, "again": PASSWORD, "title": name.title()}
    made = browser.form("/access/begin", setup=SETUP, name=name, **fields)
    assert made.status_code == 303, made.text
    assert house.people.by_name(name) is not None


def invited(admin: Browser, name: str, role: str = "user") -> str:
    """What the link carries that an administrator is given for somebody new."""
    added = admin.form("/people/add", name=name, title=name.title(), role=role)
    assert added.status_code == 200, added.text
    found = re.search(r"/\?invite=([\w-]+)", added.text)
    assert found is not None
    return found[1]


def accepted(browser: Browser, token: str, password: str = PASSWORD) -> httpx.Response:
    """Somebody chooses a password by a link."""
    return browser.form("/access/begin", invite=token, password=password, again=password)
