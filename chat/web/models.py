"""The model menu over HTTP: what there is, and whether a connection works."""

import asyncio
from dataclasses import replace

from fastapi import APIRouter, Response

from chat.core.messages import now
from chat.turns.services import Services
from chat.web.api import (
    PRIVATE,
    ConnectionTested,
    EndpointsHelp,
    ModelMenu,
    ModelMissing,
    answer,
)
from chat.web.endpoint_help import endpoint_help
from chat.web.menu import Menu, missing


def router(services: Services) -> APIRouter:
    """``/api/models`` and ``/api/endpoints``."""
    api = APIRouter(prefix="/api")
    catalogue = services.catalogue
    menu = Menu(catalogue)

    def told(more_to_come: bool) -> Response:
        return answer(replace(menu.on(now().date()), more_to_come=more_to_come), PRIVATE)

    @api.get("/models", response_model=ModelMenu)
    async def models() -> Response:
        # Looked up before the menu is built: a list that joins meanwhile is still to come.
        more_to_come = services.connections.discovering
        return await asyncio.to_thread(told, more_to_come)

    @api.get("/models/{card_id:path}", response_model=ModelMissing)
    async def not_in_menu(card_id: str) -> Response:
        return answer(missing(catalogue, card_id, now().date()), PRIVATE)

    @api.get("/endpoints", response_model=EndpointsHelp)
    async def described() -> Response:
        return answer(EndpointsHelp(endpoints=endpoint_help(catalogue)), PRIVATE)

    @api.post("/endpoints/{endpoint_id:path}/test", response_model=ConnectionTested)
    async def test(endpoint_id: str) -> Response:
        tested = await services.connections.test(endpoint_id)
        return answer(ConnectionTested(works=tested.works, sentence=tested.sentence))

    return api
