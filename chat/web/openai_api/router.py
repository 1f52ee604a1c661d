"""All routes of the API, and an answer for addresses that it does not have."""

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from chat.turns.app_state import AppState
from chat.web.openai_api import chat, images, models
from chat.web.openai_api.key_holder import KeyHolder
from chat.web.openai_api.route import ApiRoute

NOTHING = "The API of Easel has no such address for this method."
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def router(app_state: AppState) -> APIRouter:
    """Everything below ``/v1``."""
    rest = APIRouter(route_class=ApiRoute)

    @rest.api_route("/v1", methods=METHODS, include_in_schema=False)
    @rest.api_route("/v1/{_:path}", methods=METHODS, include_in_schema=False)
    async def nothing(holder: KeyHolder) -> Response:
        del holder
        raise HTTPException(404, NOTHING)

    api = APIRouter()
    for part in (
        models.router(app_state.catalogues),
        chat.router(app_state),
        images.router(app_state),
        rest,
    ):
        # As they are: to include them would work out every one.
        api.routes.extend(part.routes)
    return api
