"""The form of mail addresses, as far as mail is sent to them."""

import re

_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?P<domain>([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*"
    r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)"
)
"""Plain addresses: no names beside them, no quotes, no comments, ASCII alone."""


def domain_of(address: str) -> str:
    """The domain of a mail address in lower case; empty: it is no plain address."""
    found = _ADDRESS.fullmatch(address)
    if found is None or address.index("@") > 64:
        return ""
    return found["domain"].lower()
