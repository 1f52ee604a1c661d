"""A mail server on loopback that keeps what it is given."""

import asyncio
import ssl
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.listening import Listener


class MailServer(Listener):
    """``with MailServer() as server``; ``answers`` say what a command gets in place of consent."""

    def __init__(
        self, tls: ssl.SSLContext | None = None, answers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__()
        self._encrypts = tls
        self._answers = answers or {}
        self.received: list[tuple[list[str], EmailMessage]] = []
        self.secrets: list[bytes] = []

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._protocol, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            hostname="mail.test",
            tls_context=self._encrypts,
            require_starttls=self._encrypts is not None,
            authenticator=self._authenticated,
            auth_required=False,
            loop=self._loop,
        )

    def _authenticated(
        self, _server: Any, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.secrets.append(data.password)
        return AuthResult(success=data.password == b"right", handled=False)

    async def handle_RCPT(  # noqa: N802  # the name that the library calls
        self, _server: Any, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self._answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802  # the name that the library calls
        self, _server: Any, _session: Session, envelope: Envelope
    ) -> str:
        answer = self._answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.received.append((envelope.rcpt_tos, message))
        return answer
