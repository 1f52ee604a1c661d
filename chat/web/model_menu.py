"""The model menu over HTTP: what there is, and whether a connection works."""

import asyncio
from dataclasses import replace

from fastapi import Response

from chat.core.messages import now
from chat.turns.app_state import AppState
from chat.web.api.answers import PRIVATE, answer
from chat.web.api.models import ConnectionTested, EndpointsHelp, ModelMenu, ModelMissing
from chat.web.endpoint_help import endpoint_help
from chat.web.menu import Menu, missing
from chat.web.routes import Routes


def router(app_state: AppState) -> Routes:
    """``/api/models`` and ``/api/endpoints``."""
    api = Routes("/api")
    menu = Menu(app_state.catalogues)

    def told(more_to_come: bool) -> Response:
        return answer(replace(menu.on(now().date()), more_to_come=more_to_come), PRIVATE)

    @api.get("/models", response_model=ModelMenu)
    async def models() -> Response:
        # Looked up before the menu is built: a list that joins meanwhile is still to come.
        more_to_come = app_state.connections.discovering
        return await asyncio.to_thread(told, more_to_come)

    @api.get("/models/{card_id:path}", response_model=ModelMissing)
    async def not_in_menu(card_id: str) -> Response:
        return answer(missing(app_state.catalogue, card_id, now().date()), PRIVATE)

    @api.get("/endpoints", response_model=EndpointsHelp)
    async def described() -> Response:
        return answer(EndpointsHelp(endpoints=endpoint_help(app_state.catalogue)), PRIVATE)

    @api.post("/endpoints/{endpoint_id:path}/test", response_model=ConnectionTested)
    async def test(endpoint_id: str) -> Response:
        tested = await app_state.connections.test(endpoint_id)
        return answer(ConnectionTested(works=tested.works, sentence=tested.sentence))

    return api
