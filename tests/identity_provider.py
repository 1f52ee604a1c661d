"""A provider of identities on loopback that lets everybody in, and misbehaves where it is told to.

It speaks OpenID Connect over real HTTP with keys of its own, holds its client to PKCE, to the exact
address it goes back to and to its authentication, and gives out each code once.
"""

import base64
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from chat.oidc import OidcSettings
from tests.patience import PATIENCE_S
from tests.serving import served

CLIENT, SECRET = "easel", "a secret of 1 % and more"
ADA: dict[str, Any] = {
    "sub": "f3a1",
    "preferred_username": "Ada",
    "name": "Ada Lovelace",
    "email": "ada@example.org",
    "email_verified": True,
    "groups": ["painters"],
}

RSA_KEY = RSAKey.generate_key(2048, {"kid": "r1", "use": "sig"})
EC_KEY = ECKey.generate_key("P-256", {"kid": "e1", "use": "sig"})
STRANGE_KEY = RSAKey.generate_key(2048, {"kid": "r1", "use": "sig"})
"""Of somebody else, under the name of ours."""

Fault = Callable[[dict[str, Any]], None]


@dataclass
class IdentityProvider:
    """The provider; what it does may be changed while it is served."""

    claims: dict[str, Any] = field(default_factory=lambda: dict(ADA))
    """Of who comes next."""
    algorithm: str = "RS256"
    authentication: str = "client_secret_basic"
    """How its client proves itself; ``none``: it is a public one."""
    identity: Fault = lambda _: None
    """Alters the claims of the identity token before it is signed."""
    metadata: Fault = lambda _: None
    """Alters what it says of itself."""
    signing: str = ""
    """``none``, ``HS256`` or ``strange``: another signature than it should have."""
    answer: Mapping[str, str] | None = None
    """Sent back in the place of a code."""
    broken: frozenset[str] = frozenset()
    """Paths that answer with 500."""
    bodies: dict[str, Response] = field(default_factory=dict)
    """What paths answer, in the place of what they should."""
    userinfo: dict[str, Any] | None = None
    """What is answered there, in the place of the claims."""
    keys: list[Any] = field(default_factory=lambda: [RSA_KEY, EC_KEY])
    asked: list[dict[str, str]] = field(default_factory=list)
    """The requests of browsers, as they came."""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    host: str = "127.0.0.1"
    """By which it is known; ``localhost`` is another site than that for a browser."""
    issuer: str = ""
    refused: list[str] = field(default_factory=list)
    """Why its client was refused."""
    left: list[dict[str, str]] = field(default_factory=list)
    """Who was signed out here."""

    @contextmanager
    def served(self) -> Iterator["IdentityProvider"]:
        """Until the block is left."""
        app = Starlette(
            routes=[
                Route("/{path:path}", self._routed, methods=["GET", "POST"]),
            ]
        )
        with served(app) as port:
            self.issuer = f"http://{self.host}:{port}/realms/studio"
            yield self

    def settings(self, **more: Any) -> OidcSettings:
        """For its client."""
        secret = "" if self.authentication == "none" else SECRET
        return OidcSettings(
            self.issuer, CLIENT, **{"client_secret": secret, "title": "Example & Co", **more}
        )

    async def _routed(self, request: Request) -> Response:
        path = request.url.path.removeprefix("/realms/studio")
        if path in self.broken:
            return PlainTextResponse("out of order", 500)
        if path in self.bodies:
            return self.bodies[path]
        match path:
            case "/.well-known/openid-configuration":
                return self._described()
            case "/authorize":
                return self._authorized(request)
            case "/token":
                return await self._token(request)
            case "/jwks":
                return JSONResponse(KeySet(self.keys).as_dict(private=False))
            case "/userinfo":
                return self._who(request)
            case "/end":
                self.left.append(dict(request.query_params))
                return RedirectResponse(request.query_params["post_logout_redirect_uri"], 303)
        return PlainTextResponse("not found", 404)

    def _described(self) -> Response:
        told: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "end_session_endpoint": f"{self.issuer}/end",
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": [self.authentication],
            "authorization_response_iss_parameter_supported": True,
        }
        self.metadata(told)
        return JSONResponse(told)

    def _authorized(self, request: Request) -> Response:
        asked = dict(request.query_params)
        self.asked.append(asked)
        code = f"code-{len(self.asked)}"
        self.codes[code] = asked
        sent = {"code": code, "iss": self.issuer, "state": asked["state"]}
        if self.answer is not None:
            sent = {"state": asked["state"], "iss": self.issuer, **self.answer}
        given = {key: value for key, value in sent.items() if value}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(given)}", 303)

    async def _token(self, request: Request) -> Response:
        form = {key: str(value) for key, value in (await request.form()).items()}
        asked = self.codes.pop(form.get("code", ""), None)
        if trouble := self._trouble(request, form, asked):
            self.refused.append(trouble[1])
            return JSONResponse({"error": trouble[0]}, 401)
        assert asked is not None
        access = f"access-{len(self.tokens)}"
        self.tokens[access] = dict(self.claims)
        return JSONResponse(
            {
                "access_token": access,
                "token_type": "Bearer",
                "expires_in": 30,
                "id_token": self._signed(asked),
            }
        )

    def _trouble(
        self, request: Request, form: Mapping[str, str], asked: Mapping[str, str] | None
    ) -> tuple[str, str] | None:
        """The code of an error and what is amiss; ``None``: nothing is."""
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        proven = {
            "client_secret_basic": request.headers.get("authorization") == f"Basic {basic}",
            "client_secret_post": (form.get("client_id"), form.get("client_secret"))
            == (CLIENT, SECRET),
            "none": form.get("client_id") == CLIENT,
        }
        if not proven[self.authentication]:
            return "invalid_client", "the client is another"
        if asked is None:
            return "invalid_grant", "the code was used"
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked.get("code_challenge_method") != "S256" or not hmac.compare_digest(
            challenge, asked.get("code_challenge", "")
        ):
            return "invalid_grant", "the verifier does not fit"
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return "invalid_grant", "the address is another"
        return None

    def _signed(self, asked: Mapping[str, str]) -> str:
        """The identity token: who it is, and nothing else of them."""
        at_s = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer, "sub": self.claims["sub"], "aud": CLIENT, "iat": at_s,
            "exp": at_s + 300, "nonce": asked["nonce"],
        }  # fmt: skip
        self.identity(claims)
        if self.signing == "none":
            return _by_hand({"alg": "none"}, claims, b"")
        if self.signing == "HS256":
            # By the public key as if it were a secret, as libraries of old took it.
            public = RSA_KEY.as_pem(private=False)
            return _by_hand({"alg": "HS256", "kid": RSA_KEY.kid}, claims, public)
        key: RSAKey | ECKey = RSA_KEY if self.algorithm == "RS256" else EC_KEY
        if self.signing == "strange":
            key = STRANGE_KEY
        header = {"alg": self.algorithm, "kid": key.kid}
        return jwt.encode(header, claims, key, registry=JWSRegistry(algorithms=[self.algorithm]))

    def _who(self, request: Request) -> Response:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self.tokens:
            return JSONResponse({"error": "invalid_token"}, 401)
        return JSONResponse(self.tokens[token] if self.userinfo is None else self.userinfo)


def came_back(sent: httpx.Response) -> str:
    """The path with which the provider sends a browser back that Easel has sent off."""
    assert sent.status_code == 303, sent.text
    answer = httpx.get(sent.headers["location"], timeout=PATIENCE_S)
    assert answer.status_code == 303, answer.text
    back = urlsplit(answer.headers["location"])
    return f"{back.path}?{back.query}"


def fields_of(address: str) -> dict[str, str]:
    """The fields of an address."""
    return {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}


def _by_hand(header: Mapping[str, Any], claims: Mapping[str, Any], secret: bytes) -> str:
    """A token as no library makes it; without a secret it has no signature."""
    parts = ".".join(_encoded(json.dumps(each).encode()) for each in (header, claims))
    signature = hmac.digest(secret, parts.encode(), "sha256") if secret else b""
    return f"{parts}.{_encoded(signature)}"


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
