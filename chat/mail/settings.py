"""What the host says of mail: through which server, in whose name, and to whom."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from chat.core.errors import ConfigError
from chat.core.network import Network, is_loopback
from chat.mail.addresses import domain_of

SERVER, SENDER, RECIPIENTS = "EASEL_SMTP_URL", "EASEL_SMTP_FROM", "EASEL_SMTP_RECIPIENTS"
ANYONE = "*"
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """A mail server, and how it is used."""

    host: str
    port: int
    tls: bool
    """Encrypted from the first byte."""
    starttls: bool
    """Encrypted by STARTTLS, without which nothing is said: neither a password nor a mail."""
    sender: str
    recipients: frozenset[str]
    """Domains and whole addresses that mail may go to, in lower case; ``*``: everyone."""
    user: str = ""
    password: str = field(default="", repr=False)
    network: Network = field(default_factory=Network, repr=False)
    """Whose certificates are believed."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be logged."""
        return (self.password,) if self.password else ()

    def allows(self, address: str) -> bool:
        """Whether mail may go to a plain address."""
        domain = domain_of(address)
        return bool(domain) and bool({ANYONE, domain, address.lower()} & self.recipients)


def read_mail(environ: Mapping[str, str], network: Network | None = None) -> MailSettings | None:
    """What the environment says; ``None``: no mail is sent.

    ``EASEL_SMTP_URL`` is ``smtps://user:password@host:465``, or ``smtp://...:587`` for STARTTLS,
    which a server on this machine is spared; ``EASEL_SMTP_FROM`` the address that mail comes from.
    ``EASEL_SMTP_RECIPIENTS`` lists domains and addresses with commas between, or is ``*``; without
    it mail goes to the sender's own domain.

    Raises:
        ConfigError: a value that makes no sense. It does not repeat the address of the server.
    """
    url, sender = environ.get(SERVER, "").strip(), environ.get(SENDER, "").strip()
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ConfigError(_WRONG_SERVER) from error
    if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ConfigError(_WRONG_SERVER)
    domain = domain_of(sender)
    if not domain:
        raise ConfigError(f"{SENDER} must be the address that mail comes from, me@example.com.")
    return MailSettings(
        host=parts.hostname,
        port=_PORTS[parts.scheme] if port is None else port,
        tls=parts.scheme == "smtps",
        starttls=parts.scheme == "smtp" and not is_loopback(parts.hostname),
        sender=sender,
        recipients=_recipients(environ.get(RECIPIENTS, "")) or frozenset({domain}),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        network=network or Network(),
    )


_WRONG_SERVER = (
    f"{SERVER} must be an address such as smtps://user:password@mail.example.com, with special "
    "characters of the password percent-encoded."
)


def _recipients(text: str) -> frozenset[str]:
    listed = [each.lower() for each in re.split(r"[,\s]+", text) if each]
    for each in listed:
        if each != ANYONE and not domain_of(each if "@" in each else f"someone@{each}"):
            raise ConfigError(f"{RECIPIENTS} holds {each!r}, neither a domain nor an address.")
    return frozenset(listed)
