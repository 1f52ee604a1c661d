"""Signing in at a server that asks for it: by a secret of the host's, or by the host in a browser.

It is the host who signs in, for all who use this Easel. The address to open stands in the log; the
browser comes back to this machine, so it has to run here, or reach the port through a tunnel.
"""

import asyncio
import json
import logging
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider, OAuthFlowError
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata, OAuthToken

from chat.core.errors import ToolFailed
from chat.mcp.settings import Address, OAuth

log = logging.getLogger(__name__)

WAIT_S = 600.0
"""For the host, from the line in the log on."""
LINE_BYTES = 8_192
LINE_S = 10.0

_PATH = "/callback"
_PAGE = "<!doctype html><meta charset=utf-8><title>Easel</title><p>{}"


def signing_in(
    address: Address, title: str, kept: Path | None, waiting: Callable[[], None]
) -> httpx2.Auth | None:
    """What signs requests in; ``None`` where the host has set up nothing of that kind.

    Args:
        address: of the server.
        title: what people call it.
        kept: the file that what was granted is kept in; ``None``: it is not kept.
        waiting: is called before the host is waited for. Raises where that cannot be now.
    """
    oauth = address.oauth
    if oauth is None:
        return None
    storage = _Kept(kept, oauth)
    if oauth.grant == "client_credentials":
        return ClientCredentialsOAuthProvider(
            address.url,
            storage,
            oauth.client_id,
            oauth.client_secret,
            scope=oauth.scope or None,
            issuer=oauth.issuer,
        )
    browser = _Browser(oauth.port, title, waiting)
    metadata = OAuthClientMetadata.model_validate(
        {
            "client_name": "Easel",
            "redirect_uris": [browser.address],
            "scope": oauth.scope or None,
            "token_endpoint_auth_method": "client_secret_basic" if oauth.client_secret else None,
        }
    )
    return OAuthClientProvider(
        address.url,
        metadata,
        storage,
        redirect_handler=browser.show,
        callback_handler=browser.answer,
    )


class _Kept:
    """Implements the SDK's ``TokenStorage``: a file that only its owner may read."""

    def __init__(self, file: Path | None, oauth: OAuth) -> None:
        self._file = file
        self._oauth = oauth
        self._held: dict[str, Any] | None = None

    async def get_tokens(self) -> OAuthToken | None:
        """What was granted before, if anything."""
        found = (await self._read()).get("tokens")
        return OAuthToken.model_validate(found) if found else None

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """Keep what is granted now."""
        await self._write("tokens", tokens.model_dump(mode="json", exclude_none=True))

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """Who we are to the server: as the host says, or as it registered us."""
        if self._oauth.client_id:
            return OAuthClientInformationFull.model_validate(
                {
                    "client_id": self._oauth.client_id,
                    "client_secret": self._oauth.client_secret or None,
                    "redirect_uris": [_address(self._oauth.port)],
                }
            )
        found = (await self._read()).get("client")
        return OAuthClientInformationFull.model_validate(found) if found else None

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """Keep as whom the server registered us."""
        await self._write("client", client_info.model_dump(mode="json", exclude_none=True))

    async def _read(self) -> Mapping[str, Any]:
        if self._held is None:
            self._held = await asyncio.to_thread(self._from_file)
        return self._held

    def _from_file(self) -> dict[str, Any]:
        if self._file is None:
            return {}
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            log.warning("%s cannot be read: the host has to sign in again", self._file.name)
            return {}
        return found if isinstance(found, dict) else {}

    async def _write(self, key: str, value: Mapping[str, Any]) -> None:
        self._held = {**await self._read(), key: value}
        try:
            await asyncio.to_thread(self._to_file, json.dumps(self._held))
        except OSError as error:
            log.warning("what a server granted could not be kept: %s", error.strerror)

    def _to_file(self, text: str) -> None:
        if self._file is None:
            return
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unready = self._file.with_suffix(".new")
        unready.unlink(missing_ok=True)
        descriptor = os.open(unready, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
            writing.write(text)
        unready.replace(self._file)


def _address(port: int) -> str:
    return f"http://127.0.0.1:{port}{_PATH}"


class _Browser:
    """The host's browser: sent away by a line in the log, and waited for on loopback."""

    def __init__(self, port: int, title: str, waiting: Callable[[], None]) -> None:
        self.address = _address(port)
        self._port = port
        self._title = title
        self._waiting = waiting
        self._state = ""
        self._listening: asyncio.Server | None = None
        self._came: asyncio.Future[Mapping[str, str]] | None = None

    async def show(self, url: str) -> None:
        """Listen for the browser, and tell the host which address to open.

        Raises:
            ToolFailed: the port cannot be had.
        """
        self._state = next(iter(parse_qs(urlsplit(url).query).get("state", [])), "")
        self._came = asyncio.get_running_loop().create_future()
        try:
            self._listening = await asyncio.start_server(
                self._met, "127.0.0.1", self._port, limit=LINE_BYTES
            )
        except OSError as error:
            raise ToolFailed(
                f"The host cannot sign in at {self._title}: port {self._port} is taken. Choose "
                "another as “port” in mcp.toml."
            ) from error
        log.warning("%s: to let Easel in, open %s", self._title, url)
        self._waiting()

    async def answer(self) -> AuthorizationCodeResult:
        """Wait for the browser to come back.

        Raises:
            OAuthFlowError: the host, or the server, said no.
            TimeoutError: nobody came.
        """
        assert self._listening is not None
        assert self._came is not None
        async with self._listening, asyncio.timeout(WAIT_S):
            told = await self._came
        if "code" not in told:
            raise OAuthFlowError(f"the server said {told.get('error', 'nothing')!r}")
        return AuthorizationCodeResult(
            code=told["code"], state=told.get("state"), iss=told.get("iss")
        )

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told = None
        try:
            async with asyncio.timeout(LINE_S):
                line = await reader.readuntil(b"\n")
            told, status, words = self._read(line)
            page = _PAGE.format(words).encode()
            head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nConnection: close"
            writer.write(f"{head}\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page)
            await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            log.debug("somebody else at the port for signing in")
        finally:
            writer.close()
        if told is not None and self._came is not None and not self._came.done():
            self._came.set_result(told)

    def _read(self, line: bytes) -> tuple[Mapping[str, str] | None, str, str]:
        """What the browser brings back, if it is ours; and the status and the words for it."""
        target = line.split(b" ")[1].decode("ascii", "replace") if line.count(b" ") else ""
        asked = urlsplit(target)
        told = {name: values[0] for name, values in parse_qs(asked.query).items()}
        if asked.path != _PATH or not self._state or told.get("state") != self._state:
            return None, "404 Not Found", "There is nothing here."
        if "code" in told:
            return told, "200 OK", "Easel was let in. You can close this page."
        return told, "200 OK", "Easel was not let in. You can close this page."
