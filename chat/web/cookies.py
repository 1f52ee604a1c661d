"""Cookies of Easel: what they are called, how they are set, and what of them can be read."""

from collections.abc import Iterator
from http.cookies import CookieError, SimpleCookie

from itsdangerous import BadSignature, Signer
from starlette.types import Scope

from chat.web.root_path import root_of


def cookie_name(scope: Scope, kind: str, *, secure: bool) -> str:
    """Of a kind of cookie; over https one that browsers take from this very host alone.

    Cookies do not tell ports and paths apart, and two Easels may run on one machine.
    """
    below = root_of(scope).replace("/", ".")
    if secure:
        return f"__Host-easel-{kind}{below}"
    server = scope.get("server")
    return f"easel-{kind}-{server[1] if server else 0}{below}"


def set_cookie(
    name: str, value: str, lasts_s: int, *, secure: bool, site: str = "SameSite=Lax"
) -> str:
    """The header that gives a browser a cookie, which scripts cannot read."""
    whole = f"{name}={value}; Path=/; Max-Age={lasts_s}; HttpOnly; {site}"
    return f"{whole}; Secure" if secure else whole


def cookie_values(scope: Scope, name: str) -> Iterator[str]:
    """What a request brings under a name: one of each of its headers that can be read."""
    for key, sent in scope["headers"]:
        if key != b"cookie":
            continue
        try:
            found = SimpleCookie(sent.decode("latin-1")).get(name)
        except CookieError:
            continue
        if found is not None:
            yield found.value


def signed_values(scope: Scope, name: str, signer: Signer) -> Iterator[str]:
    """Those of them that this signer has signed, without their signature."""
    for value in cookie_values(scope, name):
        try:
            yield signer.unsign(value.encode("utf-8")).decode("ascii")
        except (BadSignature, UnicodeError):
            continue
