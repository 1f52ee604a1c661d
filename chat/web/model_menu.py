"""The model menu over HTTP: what there is, and whether a connection works."""

import asyncio
from dataclasses import replace

from fastapi import Request, Response

from chat.conversations.last_chosen import LastChosen
from chat.core.errors import NotFound
from chat.core.messages import now
from chat.turns.app_state import AppState
from chat.turns.endpoint_probe import NO_ENDPOINT
from chat.web.api.answers import PRIVATE, Done, answer
from chat.web.api.models import (
    ConnectionTested,
    EndpointsHelp,
    FavouriteModel,
    ModelMenu,
    ModelMissing,
)
from chat.web.endpoint_help import endpoint_help
from chat.web.menu import Menu, missing
from chat.web.owner import Owner, looks_after
from chat.web.routes import Routes


def router(app_state: AppState) -> Routes:
    """``/api/models`` and ``/api/endpoints``."""
    api = Routes("/api")
    menu = Menu(app_state.catalogues)

    setting_up = app_state.models_and_keys

    def told(owner: str, more_to_come: bool, sets_up: bool, chosen: LastChosen) -> Response:
        built = menu.on(owner, now().date())
        trouble = app_state.connections.trouble
        whole = replace(
            built,
            groups=[replace(group, trouble=trouble(group.id)) for group in built.groups],
            more_to_come=more_to_come,
            sets_up=sets_up,
            favourites=list(chosen.favourites),
            recent=list(chosen.recent),
        )
        usable = app_state.catalogue_of(owner).can_answer
        last = str(chosen.settings.get("model", ""))
        return answer(replace(whole, default=last) if usable(last) else whole, PRIVATE)

    @api.get("/models", response_model=ModelMenu)
    async def models(owner: Owner, request: Request) -> Response:
        # Looked up before the menu is built: a list that joins meanwhile is still to come.
        more_to_come = app_state.connections.discovering
        sets_up = bool(setting_up and not setting_up.closed and looks_after(request))
        chosen = await app_state.settings.chosen_by(owner)
        return await asyncio.to_thread(told, owner, more_to_come, sets_up, chosen)

    @api.post("/models/favourites", response_model=Done)
    async def mark(owner: Owner, body: FavouriteModel) -> Response:
        await app_state.settings.mark_favourite(owner, body.model, on=body.favourite)
        return answer(Done())

    @api.get("/models/{card_id:path}", response_model=ModelMissing)
    async def not_in_menu(owner: Owner, card_id: str) -> Response:
        return answer(missing(app_state.catalogue_of(owner), card_id, now().date()), PRIVATE)

    @api.get("/endpoints", response_model=EndpointsHelp)
    async def described(owner: Owner) -> Response:
        found = endpoint_help(app_state.catalogue_of(owner))
        return answer(EndpointsHelp(endpoints=found), PRIVATE)

    @api.post("/endpoints/{endpoint_id:path}/test", response_model=ConnectionTested)
    async def test(owner: Owner, endpoint_id: str) -> Response:
        catalogue = app_state.catalogue_of(owner)
        shown = catalogue.allowed.everything or any(
            shelf.endpoint.id == endpoint_id for shelf in catalogue.shelf()
        )
        if not shown:
            raise NotFound(NO_ENDPOINT)
        tested = await app_state.connections.test(endpoint_id)
        return answer(ConnectionTested(works=tested.works, sentence=tested.sentence))

    return api
