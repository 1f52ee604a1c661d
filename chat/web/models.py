"""The model menu over HTTP: what there is, and whether a connection works."""

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from chat.core.messages import now
from chat.turns.services import Services
from chat.web.endpoint_help import endpoint_help
from chat.web.menu import Menu, missing

PRIVATE = {"Cache-Control": "private, no-store"}


def router(services: Services) -> APIRouter:
    """``/api/models`` and ``/api/endpoints``."""
    api = APIRouter(prefix="/api")
    catalogue = services.catalogue
    menu = Menu(catalogue)

    def told(more_to_come: bool) -> JSONResponse:
        whole = {**menu.on(now().date()), "more_to_come": more_to_come}
        return JSONResponse(whole, headers=PRIVATE)

    @api.get("/models")
    async def models() -> JSONResponse:
        # Looked up before the menu is built: a list that joins meanwhile is still to come.
        more_to_come = services.connections.discovering
        return await asyncio.to_thread(told, more_to_come)

    @api.get("/models/{card_id:path}")
    async def not_in_menu(card_id: str) -> JSONResponse:
        return JSONResponse(missing(catalogue, card_id, now().date()), headers=PRIVATE)

    @api.get("/endpoints")
    async def described() -> JSONResponse:
        return JSONResponse({"endpoints": endpoint_help(catalogue)}, headers=PRIVATE)

    @api.post("/endpoints/{endpoint_id:path}/test")
    async def test(endpoint_id: str) -> dict[str, Any]:
        answer = await services.connections.test(endpoint_id)
        return {"works": answer.works, "sentence": answer.sentence}

    return api
