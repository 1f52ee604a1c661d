"""Sends mail through the server of the host. Blocking: call it in a thread."""

import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from chat.core.errors import ToolFailed
from chat.core.messages import now
from chat.mail.addresses import domain_of
from chat.mail.settings import MailSettings

TIMEOUT_S = 15.0
"""Of each word with the server."""

_PERHAPS = "It is not known whether the mail was sent: the server broke off at the end."


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail, checked by whoever wrote it."""

    to: Sequence[str]
    """Plain addresses."""
    subject: str
    text: str


class Outbox:
    """The way out for mail."""

    def __init__(self, settings: MailSettings, trust: ssl.SSLContext | None = None) -> None:
        """Use this server.

        Args:
            settings: which, and in whose name.
            trust: whose certificates count; ``None``: as the settings say.
        """
        self._settings = settings
        self._trust = trust

    @property
    def sender(self) -> str:
        """The address that mail comes from."""
        return self._settings.sender

    def refused(self, addresses: Sequence[str]) -> list[str]:
        """Those that no mail may go to."""
        return [address for address in addresses if not self._settings.allows(address)]

    @property
    def allowed(self) -> str:
        """Whom mail may go to, in words."""
        return ", ".join(sorted(self._settings.recipients))

    def send(self, letter: Letter, go_on: Callable[[], None]) -> None:
        """Send a letter to everyone it names, or to nobody.

        Args:
            letter: what is sent.
            go_on: is called before the letter is handed over, and raises where it shall not be.

        Raises:
            ToolFailed: it was not sent, or nobody knows; the sentence says which.
        """
        message = _message(letter, self.sender)
        try:
            server = self._connected()
        except smtplib.SMTPAuthenticationError as error:
            raise ToolFailed(
                "The mail server refused the name or password it was given."
            ) from error
        except smtplib.SMTPNotSupportedError as error:
            lacks = "The mail server lacks encryption or a way to log in; nothing was sent."
            raise ToolFailed(lacks) from error
        except ssl.SSLError as error:
            raise ToolFailed("The mail server cannot be trusted: its certificate.") from error
        except (smtplib.SMTPException, OSError) as error:
            raise ToolFailed("The mail server could not be reached; nothing was sent.") from error
        try:
            go_on()
            self._handed_over(server, letter, message)
        finally:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        told = self._settings
        own_name = domain_of(told.sender)
        if told.tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                told.host, told.port, own_name, timeout=TIMEOUT_S, context=self._context()
            )
        else:
            server = smtplib.SMTP(told.host, told.port, own_name, timeout=TIMEOUT_S)
        try:
            server.ehlo()
            if told.starttls:
                server.starttls(context=self._context())
                server.ehlo()
            if told.user:
                server.login(told.user, told.password)
        except BaseException:
            server.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        network = self._settings.network
        return self._trust or ssl.create_default_context(
            cafile=network.ca_file or None, capath=network.ca_dir or None
        )

    def _handed_over(self, server: smtplib.SMTP, letter: Letter, message: bytes) -> None:
        """All recipients must be taken before the text is given: no letter goes to a part."""
        try:
            code, _ = server.mail(self.sender)
            if code != 250:
                raise ToolFailed(f"The mail server refused the sender, with {code}.")
            for address in letter.to:
                code, _ = server.rcpt(address)
                if code not in (250, 251):
                    raise ToolFailed(f"The mail server refused {address}, with {code}.")
        except (smtplib.SMTPException, OSError) as error:
            raise ToolFailed("The mail server broke off; nothing was sent.") from error
        try:
            code, _ = server.data(message)
        except smtplib.SMTPDataError as error:
            raise ToolFailed(
                f"The mail server refused the mail, with {error.smtp_code}."
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ToolFailed(_PERHAPS) from error
        if code != 250:
            raise ToolFailed(f"The mail server refused the mail, with {code}.")


def _message(letter: Letter, sender: str) -> bytes:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = sender
    message["To"] = ", ".join(letter.to)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain=domain_of(sender))
    message.set_content(letter.text)
    return message.as_bytes()
