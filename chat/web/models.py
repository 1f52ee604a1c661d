"""The model menu over HTTP: what there is, which one a conversation uses, does a door open."""

import asyncio
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from chat.core.errors import CapabilityError, ConfigError
from chat.core.messages import now
from chat.models import Catalogue
from chat.turns.services import Services
from chat.web.commands import Body, Id
from chat.web.doors import doors
from chat.web.menu import Menu, missing

PRIVATE = {"Cache-Control": "private, no-store"}


class Choice(Body):
    """The model to use from now on."""

    model: str


def router(services: Services) -> APIRouter:
    """``/api/models``, ``/api/doors``, a conversation's choice, and ``/api/endpoints``."""
    api = APIRouter(prefix="/api")
    catalogue, owner = services.catalogue, services.owner
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

    @api.get("/doors")
    async def described() -> JSONResponse:
        return JSONResponse({"doors": doors(catalogue)}, headers=PRIVATE)

    @api.post("/conversations/{conversation_id}/model")
    async def choose(conversation_id: Id, body: Choice) -> dict[str, str]:
        model = _usable(catalogue, body.model)
        saved = await services.library.set_up(owner, conversation_id, model=model)
        return {"model": saved.model}

    @api.post("/endpoints/{endpoint_id:path}/test")
    async def test(endpoint_id: str) -> dict[str, Any]:
        answer = await services.connections.test(endpoint_id)
        return {"works": answer.works, "sentence": answer.sentence}

    return api


def _usable(catalogue: Catalogue, card_id: str) -> str:
    """The id of a model that can answer now. Raises ``CapabilityError`` for any other."""
    try:
        card = catalogue.card(card_id)
    except ConfigError as error:
        raise CapabilityError("That model is not in the catalogue. Choose another.") from error
    if reason := catalogue.reason(card):
        raise CapabilityError(reason)
    return card.id
