"""A provider of identities as it is spoken to: discovery, the code for tokens, who somebody is.

What it answers is believed where it is signed with a key of its own, for this Easel, for this very
sign-in, and not over. Everything else is refused, with a sentence for the person and the cause for
the log.
"""

import asyncio
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oidc.core import CodeIDToken
from httpx2 import HTTPError, InvalidURL
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet
from joserfc.jws import JWSRegistry

from chat.core.errors import ChatError
from chat.core.models import Endpoint
from chat.core.network import Network
from chat.http.transport import RoutedTransport
from chat.oidc import Claims, OidcSettings
from chat.web.not_signed_in import NotSignedIn

log = logging.getLogger("easel")

TIMEOUT_S = 10.0
LEEWAY_S = 120
"""So far the clocks of the two may be apart."""

MAX_ANSWER_BYTES = 1_000_000
ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""By which a token may be signed: none is not among them, nor what a client's secret signs."""


class OidcProvider:
    """The one that the settings name. What it says of itself is asked for once it is needed."""

    def __init__(self, settings: OidcSettings, network: Network) -> None:
        """Speak to it by this network."""
        self._settings = settings
        self._endpoint = Endpoint("oidc", "oidc", settings.title, settings.issuer, network=network)
        self._metadata: Claims = {}
        self._keys: KeySet | None = None
        self._describing: asyncio.Task[Claims] | None = None

    async def metadata(self) -> Claims:
        """What it says of itself, which is kept until Easel ends.

        Raises:
            NotSignedIn: it does not answer, or says that it is another.
        """
        if self._metadata:
            return self._metadata
        if self._describing is None:
            self._describing = asyncio.create_task(self._described())
        # All who wait share the answer, and a failure: one after the other would wait for ten
        # seconds each.
        return await asyncio.shield(self._describing)

    async def _described(self) -> Claims:
        try:
            address = f"{self._settings.issuer.rstrip('/')}/.well-known/openid-configuration"
            async with self._client() as client:
                found = await self._asked(client, address)
            issuer = str(found.get("issuer", ""))
            # Some write a slash at the end, and some hosts leave it away.
            if issuer.rstrip("/") != self._settings.issuer.rstrip("/"):
                raise self._unbelieved(f"it calls itself {issuer[:200]!r}")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                if urlsplit(str(found.get(name, ""))).scheme not in {"https", "http"}:
                    raise self._unbelieved(f"it names no {name}")
            self._metadata = found
            return found
        finally:
            self._describing = None

    async def address(self, redirect_uri: str, state: str, nonce: str, verifier: str) -> str:
        """Where a browser is sent to sign in. Raises ``NotSignedIn``."""
        metadata = await self.metadata()
        async with self._client(metadata) as client:
            address, _ = client.create_authorization_url(
                str(metadata["authorization_endpoint"]),
                state=state,
                code_verifier=verifier,
                redirect_uri=redirect_uri,
                nonce=nonce,
            )
        return str(address)

    async def claims(self, code: str, redirect_uri: str, nonce: str, verifier: str) -> Claims:
        """Whom a code stands for: the claims of the identity token and of userinfo.

        Raises:
            NotSignedIn: it was refused, did not come, or cannot be believed.
        """
        metadata = await self.metadata()
        async with self._client(metadata) as client:
            try:
                token = await client.fetch_token(
                    str(metadata["token_endpoint"]),
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=redirect_uri,
                    code_verifier=verifier,
                )
            except AuthlibBaseError as error:
                raise self._refused(error) from error
            except (HTTPError, InvalidURL, ChatError) as error:
                raise self._silent(error) from error
            except (ValueError, TypeError, AttributeError, KeyError) as error:
                raise self._unbelieved(f"its answer to the code is none: {error!r}") from error
            identity = await self._identity(client, token, nonce)
            endpoint = metadata.get("userinfo_endpoint")
            if not endpoint:
                return identity
            told = await self._asked(client, str(endpoint), signed_in=True)
        if told.get("sub") != identity["sub"]:
            raise self._unbelieved("userinfo is of somebody else than the identity token")
        # What both tell, the signed one tells better; what only one tells, that one.
        return {**told, **identity}

    def require_issuer(self, metadata: Claims, told: str | None) -> None:
        """Where an answer says whose it is, it has to be this provider's (RFC 9207).

        Raises:
            NotSignedIn: it is another's, or does not say so though this one always does.
        """
        always = metadata.get("authorization_response_iss_parameter_supported") is True
        if told is None and not always:
            return
        if told != metadata["issuer"]:
            raise self._unbelieved(f"the answer is of the issuer {(told or '')[:200]!r}")

    async def leaving(self, back: str) -> str:
        """Where somebody signs out there, too; empty: it has no such place, or does not answer."""
        try:
            metadata = await self.metadata()
        except NotSignedIn as silent:
            log.warning("%s %s", silent, silent.cause)
            return ""
        endpoint = str(metadata.get("end_session_endpoint", ""))
        if urlsplit(endpoint).scheme not in {"https", "http"}:
            return ""
        async with self._client() as client:
            asked = {"client_id": self._settings.client_id, "post_logout_redirect_uri": back}
            return str(client.build_request("GET", endpoint, params=asked).url)

    async def _identity(self, client: AsyncOAuth2Client, token: Claims, nonce: str) -> Claims:
        """The claims of the identity token, once all of it holds. Raises ``NotSignedIn``."""
        signed = token.get("id_token")
        if not isinstance(signed, str):
            raise self._unbelieved("it sent no identity token")
        offered = self._metadata.get("id_token_signing_alg_values_supported")
        offered = ALGORITHMS.intersection(offered) if isinstance(offered, list) else set()
        registry = JWSRegistry(algorithms=sorted(offered or {"RS256"}), strict_check_header=False)
        try:
            try:
                read = jwt.decode(signed, await self._key_set(client), registry=registry)
            except (InvalidKeyIdError, BadSignatureError):
                # It may have new keys since; some give them no name, or the old one's.
                keys = await self._key_set(client, anew=True)
                read = jwt.decode(signed, keys, registry=registry)
            claims = CodeIDToken(
                read.claims,
                read.header,
                {
                    "iss": {"essential": True, "value": self._metadata["issuer"]},
                    "aud": {"essential": True, "value": self._settings.client_id},
                },
                {
                    "nonce": nonce,
                    "client_id": self._settings.client_id,
                    "access_token": token.get("access_token"),
                },
            )
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise self._unbelieved(f"its identity token does not hold: {error!r}") from error
        if not isinstance(claims["sub"], str) or not claims["sub"]:
            raise self._unbelieved("its identity token is of nobody")
        return dict(claims)

    async def _key_set(self, client: AsyncOAuth2Client, *, anew: bool = False) -> KeySet:
        if self._keys is None or anew:
            found = await self._asked(client, str(self._metadata["jwks_uri"]))
            self._keys = KeySet(list(_keys(found.get("keys"))))
        return self._keys

    async def _asked(
        self, client: AsyncOAuth2Client, address: str, *, signed_in: bool = False
    ) -> dict[str, Any]:
        """An object that it answers with. Raises ``NotSignedIn``."""
        try:
            async with client.stream("GET", address, withhold_token=not signed_in) as response:
                body = bytearray()
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > MAX_ANSWER_BYTES:
                        raise self._unbelieved(f"{address} answers with more than is read")
                if not response.is_success:
                    raise self._silent(f"{address} answers with {response.status_code}")
        except (HTTPError, InvalidURL, ChatError, AuthlibBaseError) as error:
            raise self._silent(error) from error
        try:
            found = json.loads(body)
        except ValueError as error:
            raise self._unbelieved(f"{address} answers with no JSON") from error
        if not isinstance(found, dict):
            raise self._unbelieved(f"{address} answers with no object")
        return found

    def _client(self, metadata: Claims | None = None) -> AsyncOAuth2Client:
        settings = self._settings
        return AsyncOAuth2Client(
            settings.client_id,
            settings.client_secret or None,
            token_endpoint_auth_method=_authentication(settings, metadata or {}),
            scope=" ".join(settings.scopes),
            code_challenge_method="S256",
            transport=RoutedTransport(self._endpoint),
            timeout=TIMEOUT_S,
            # It is used at once, and never renewed.
            leeway=0,
            headers={"Accept": "application/json"},
        )

    def _refused(self, error: AuthlibBaseError) -> NotSignedIn:
        code = str(error.error)[:100]
        cause = f"the provider refused the code: {error!r}"[:500]
        title = self._settings.title
        if code == "invalid_grant":
            return NotSignedIn(f"{title} takes this sign-in no more. Begin it again.", cause)
        if code in {"invalid_client", "unauthorized_client"}:
            cause += "; see EASEL_OIDC_CLIENT_ID and EASEL_OIDC_CLIENT_SECRET"
        return NotSignedIn(
            f"{title} does not let Easel ask who you are. Tell whoever runs this Easel.", cause, 502
        )

    def _silent(self, cause: object) -> NotSignedIn:
        sentence = f"{self._settings.title} cannot be asked at the moment. Try again in a while."
        return NotSignedIn(sentence, repr(cause)[:500], 503)

    def _unbelieved(self, cause: str) -> NotSignedIn:
        sentence = (
            f"What {self._settings.title} answered does not hold, so nobody is signed in. Begin it "
            "again; if it stays so, tell whoever runs this Easel."
        )
        return NotSignedIn(sentence, cause, 502)


def _keys(found: object) -> Iterator[Key]:
    """Those that can be read: of a kind that is not known here, none is asked for either."""
    for each in found if isinstance(found, list) else ():
        try:
            if each.get("use", "sig") == "sig":
                yield JWKRegistry.import_key(each)
        except (JoseError, AttributeError, ValueError, TypeError, KeyError) as error:
            log.info("a key of the provider of identities is passed over: %r", error)


def _authentication(settings: OidcSettings, metadata: Claims) -> str:
    """How Easel says that it is itself: as the provider has it."""
    if not settings.client_secret:
        return "none"
    offered = metadata.get("token_endpoint_auth_methods_supported")
    known = offered if isinstance(offered, list) else ["client_secret_basic"]
    if "client_secret_basic" not in known and "client_secret_post" in known:
        return "client_secret_post"
    return "client_secret_basic"
