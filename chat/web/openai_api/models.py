"""The models that can be asked, as OpenAI's clients list them."""

from typing import Any, Literal

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from chat.core.errors import ChatError
from chat.core.models import Modality, ModelCard
from chat.models import Catalogue, Catalogues
from chat.web.openai_api.described import ERRORS
from chat.web.openai_api.errors import UnknownModel
from chat.web.openai_api.key_holder import KeyHolder
from chat.web.openai_api.route import ApiRoute


class Architecture(BaseModel):
    """What goes in and comes out, as OpenRouter tells it."""

    input_modalities: list[Modality]
    output_modalities: list[Modality]


class Model(BaseModel):
    """A model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    """Unknown."""
    owned_by: str
    """The endpoint that serves it."""
    name: str
    """For people."""
    architecture: Architecture
    supported_parameters: list[str]
    """``tools``, where it can call them."""


class Models(BaseModel):
    """All of them, in the order of the menu."""

    object: Literal["list"] = "list"
    data: list[Model]


def router(catalogues: Catalogues) -> APIRouter:
    """``/v1/models``."""
    models = APIRouter(prefix="/v1", route_class=ApiRoute, tags=["api"], responses=ERRORS)

    @models.get("/models", response_model=Models)
    async def listed(holder: KeyHolder) -> Response:
        told = Models(data=[_described(card) for card in catalogues.of(holder).usable()])
        return JSONResponse(told.model_dump())

    @models.get("/models/{model:path}", response_model=Model)
    async def one(holder: KeyHolder, model: str) -> Response:
        return JSONResponse(_described(card_of(catalogues.of(holder), model)).model_dump())

    return models


def card_of(catalogue: Catalogue, model: str) -> ModelCard:
    """Who answers for an id. Raises ``UnknownModel``."""
    try:
        return catalogue.resolve(model).card
    except ChatError as error:
        raise UnknownModel(str(error), "model", "model_not_found") from error


def _described(card: ModelCard) -> Model:
    known: dict[str, Any] = {
        "input_modalities": card.input_modalities,
        "output_modalities": card.output_modalities,
    }
    return Model(
        id=card.id,
        owned_by=card.endpoint,
        name=card.title,
        architecture=Architecture(**known),
        supported_parameters=["tools"] if card.tools else [],
    )
