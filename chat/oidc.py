"""Which provider of identities signs people in by OpenID Connect, and what its words mean here.

Of ``EASEL_LOGIN=users``; read from the environment.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from chat.core.errors import ConfigError

OIDC_NAMES = (
    "EASEL_OIDC_ISSUER",
    "EASEL_OIDC_CLIENT_ID",
    "EASEL_OIDC_CLIENT_SECRET",
    "EASEL_OIDC_SCOPES",
    "EASEL_OIDC_NAME_CLAIM",
    "EASEL_OIDC_GROUPS_CLAIM",
    "EASEL_OIDC_GROUPS",
    "EASEL_OIDC_TITLE",
)
"""Of the environment; each means something with ``EASEL_OIDC_ISSUER`` alone."""

Claims: TypeAlias = Mapping[str, Any]
"""What a provider says of somebody."""

SCOPES = ("openid", "profile", "email")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_CLAIM = re.compile(r"[A-Za-z0-9_:/.-]{1,200}")


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """A provider, as who it knows Easel, and how its claims are read."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    """Empty: Easel is a public client, which PKCE alone protects."""
    scopes: tuple[str, ...] = SCOPES
    name_claim: str = "preferred_username"
    """Under which stands the name of somebody who comes for the first time."""
    groups_claim: str = "groups"
    """Under which stand the groups that they are in; dots lead into objects."""
    groups: frozenset[str] = frozenset()
    """Who may come in; empty: everybody whom the provider signs in."""
    administrator_groups: frozenset[str] = frozenset()
    """Groups of those who look after the others."""
    manager_groups: frozenset[str] = frozenset()
    """Groups of those who look after users."""
    title: str = ""
    """What people call the provider; it stands on the button."""

    @property
    def by_groups(self) -> bool:
        """Whether groups decide who may do what; else that is decided here."""
        return bool(self.administrator_groups or self.manager_groups)

    @property
    def welcome_groups(self) -> frozenset[str]:
        """Groups that may come in; empty: everybody may."""
        if not self.groups:
            return self.groups
        return self.groups | self.administrator_groups | self.manager_groups


def read_oidc(environ: Mapping[str, str]) -> OidcSettings | None:
    """From the environment; ``None``: no provider signs anybody in. Raises ``ConfigError``."""
    said = {name: environ.get(name, "").strip() for name in OIDC_NAMES}
    issuer = said["EASEL_OIDC_ISSUER"]
    if not issuer:
        alone = next((name for name in OIDC_NAMES if said[name]), "")
        if alone:
            raise ConfigError(
                f"{alone} goes with EASEL_OIDC_ISSUER: the address of the provider that signs "
                "people in."
            )
        return None
    place = urlsplit(issuer)
    here = place.scheme == "http" and place.hostname in LOOPBACK
    if not (place.scheme == "https" or here) or not place.hostname or place.query or place.fragment:
        raise ConfigError(
            "EASEL_OIDC_ISSUER is the address of a provider of identities as it writes it itself, "
            "such as https://id.example/realms/studio; http is for this machine alone."
        )
    if not said["EASEL_OIDC_CLIENT_ID"]:
        raise ConfigError(
            "EASEL_OIDC_ISSUER needs EASEL_OIDC_CLIENT_ID: as what Easel is known to that provider."
        )
    scopes = tuple(said["EASEL_OIDC_SCOPES"].replace(",", " ").split()) or SCOPES
    return OidcSettings(
        issuer,
        said["EASEL_OIDC_CLIENT_ID"],
        said["EASEL_OIDC_CLIENT_SECRET"],
        tuple(dict.fromkeys(("openid", *scopes))),
        _claim("EASEL_OIDC_NAME_CLAIM", said) or "preferred_username",
        _claim("EASEL_OIDC_GROUPS_CLAIM", said) or "groups",
        _listed(said["EASEL_OIDC_GROUPS"]),
        _listed(environ.get("EASEL_ADMINISTRATOR_GROUPS", "")),
        _listed(environ.get("EASEL_MANAGER_GROUPS", "")),
        said["EASEL_OIDC_TITLE"] or place.hostname,
    )


def _claim(name: str, said: Mapping[str, str]) -> str:
    claim = said[name]
    if claim and not _CLAIM.fullmatch(claim):
        raise ConfigError(
            f"{name} is the name of a claim of the provider's, such as email or "
            f"realm_access.roles, not {claim[:50]!r}."
        )
    return claim


def _listed(text: str) -> frozenset[str]:
    return frozenset(filter(None, (each.strip() for each in text.split(","))))
