"""Easel's routes behind a real server, with scripted models and two users over one store.

The server runs in the loop of the test, so that a test can hold a stream at an event and look
at every task that is left behind.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp
from websockets.asyncio.client import connect

from chat.core.display_names import DisplayNames
from chat.mcp.servers import McpServers
from chat.turns.app_state import AppState
from chat.turns.endpoint_probe import EndpointProbe
from chat.web.admin.sections import Administration
from chat.web.app import build_web
from chat.web.owner import OwnerOf
from chat.web.policy import Policy
from chat.web.security import SecurityMiddleware
from storage.stored_form import JsonForm
from tests.patience import PATIENCE_S
from tests.scripted import Script
from tests.serving import Serving
from tests.unit.turns.workshop import ME, Workshop
from tests.unit.web.page import Page

ASSETS = Path(__file__).resolve().parents[3] / "assets"


class Studio:
    """What a browser can reach of one user's Easel, and the workshop behind it."""

    def __init__(self, shop: Workshop, owner: str, port: int, http: httpx.AsyncClient) -> None:
        self.shop = shop
        self.owner = owner
        self.port = port
        self.http = http

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        """A command; what it answers, which must come with this status."""
        response = await self.http.post(path, json={} if body is None else body)
        assert response.status_code == status, response.text
        return response.json()

    async def begin(self) -> str:
        """A new conversation's id."""
        return str((await self.post("/api/conversations"))["id"])

    async def set(self, conversation: str, changes: dict[str, Any], status: int = 200) -> Any:
        """Change settings of a conversation; what is answered, which must come with this status."""
        path = f"/api/conversations/{conversation}/settings"
        response = await self.http.patch(path, json=changes)
        assert response.status_code == status, response.text
        return response.json()

    async def ask(
        self, conversation: str, text: str = "go", client_id: str = "client-1", **more: Any
    ) -> dict[str, str]:
        """Send a message; the ids of conversation, question and reply."""
        body = {"text": text, "client_id": client_id, **more}
        started: dict[str, str] = await self.post(
            f"/api/conversations/{conversation}/messages", body
        )
        return started

    @asynccontextmanager
    async def page(self, conversation: str | None = None) -> AsyncIterator[Page]:
        """An open page, showing a conversation if one is given."""
        address = f"ws://127.0.0.1:{self.port}/live"
        async with connect(address, proxy=None, max_size=None) as socket:
            page = Page(socket)
            if conversation is not None:
                await page.open(conversation)
            yield page


def app_state_of(
    shop: Workshop, picture_sites: tuple[str, ...] = (), mcp: McpServers | None = None
) -> AppState:
    """What routes and panels work with."""
    names = DisplayNames({shop.card.id: shop.card.title}, shop.toolbox.names())
    return AppState(
        shop.store, shop.library, shop.settings, shop.engine, shop.pictures, shop.studio, shop.jobs,
        shop.news, shop.catalogues, names, EndpointProbe(shop.catalogue, shop.pool), JsonForm(),
        shop.replays, shop.direct, picture_sites, mcp=mcp or McpServers(), rights=shop.rights,
    )  # fmt: skip


@asynccontextmanager
async def opened(
    shop: Workshop,
    owner: str = ME,
    owner_of: OwnerOf | None = None,
    picture_sites: tuple[str, ...] = (),
    mcp: McpServers | None = None,
    behind: Callable[[FastAPI], ASGIApp] = lambda web: web,
    parts: Administration | None = None,
) -> AsyncIterator[Studio]:
    """Serve a workshop to one of its users, or to whom a function names.

    ``behind`` gives what stands before the routes; ``parts`` is what the host's pages work with.
    """
    web = build_web(
        app_state_of(shop, picture_sites, mcp),
        str(ASSETS),
        lambda: None,
        lambda: None,
        owner_of or (lambda _: owner),
        administration=parts,
    )
    config = uvicorn.Config(
        SecurityMiddleware(behind(web), Policy()),
        port=0,
        log_config=None,
        ws="websockets-sansio",
        timeout_graceful_shutdown=2,
    )
    server = Serving(config)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE_S):
        await server.listens.wait()
    port = server.port
    try:
        # Of plain HTTP nothing is verified; to read all authorities takes longer than most tests.
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=PATIENCE_S, verify=False
        ) as http:
            yield Studio(shop, owner, port, http)
    finally:
        server.leave()
        await serving


@asynccontextmanager
async def studio(*scripts: Script, **settings: Any) -> AsyncIterator[Studio]:
    """A studio of its own whose model says these scripts, one an answer."""
    shop = Workshop(list(scripts), **settings)
    async with opened(shop) as made:
        yield made
