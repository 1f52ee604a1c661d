"""``/v1/images/generations`` and ``/v1/images/edits``."""

import json
import time
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from chat.core.models import ModelCard
from chat.core.parts import MediaRef
from chat.models import Catalogue
from chat.turns.app_state import AppState
from chat.turns.drawing import Drawn, drawn, prompted
from chat.turns.held_pictures import HeldPictures
from chat.turns.question import MAX_PICTURES, MAX_TEXT_CHARACTERS
from chat.web.openai_api.attended import attended
from chat.web.openai_api.described import ERRORS, ImagesAnswer
from chat.web.openai_api.encoded_picture import base64_of
from chat.web.openai_api.errors import InvalidRequest, UnknownModel
from chat.web.openai_api.finishes import images_usage, usage_of
from chat.web.openai_api.image_bodies import EDIT_FORM, ImagesAsked
from chat.web.openai_api.key_holder import KeyHolder
from chat.web.openai_api.left_out import left_out
from chat.web.openai_api.models import card_of
from chat.web.openai_api.picture_choices import chosen
from chat.web.openai_api.pictures_in import PicturesIn
from chat.web.openai_api.route import ApiRoute
from chat.web.openai_api.slices import Slices

MAX_FIELDS = 40
NOT_DRAWN = "No model of this Easel draws pictures."
NO_PICTURE = "An edit needs a picture, as the field “image” of a form."
ANSWERS: dict[int | str, dict[str, Any]] = {200: {"model": ImagesAnswer}}


def router(app_state: AppState) -> APIRouter:
    """Both routes."""
    images = APIRouter(prefix="/v1/images", route_class=ApiRoute, tags=["api"], responses=ERRORS)

    @images.post("/generations", responses=ANSWERS)
    async def generations(holder: KeyHolder, body: ImagesAsked, request: Request) -> Response:
        held = app_state.direct.held()
        return await attended(request.receive, _answered(app_state, holder, body, held))

    @images.post("/edits", responses=ANSWERS, openapi_extra=EDIT_FORM)
    async def edits(holder: KeyHolder, request: Request) -> Response:
        async with request.form(
            max_files=MAX_PICTURES + 1, max_fields=MAX_FIELDS, max_part_size=4 * MAX_TEXT_CHARACTERS
        ) as form:
            body = _asked(form)
            held = app_state.direct.held()
            work = _edited(app_state, holder, body, form, held)
            return await attended(request.receive, work)

    return images


def drawing_card(catalogue: Catalogue, model: str) -> ModelCard:
    """Who draws: the model of that id, or for none the first of the menu that does.

    Raises:
        UnknownModel: there is none of that id, or none that draws.
        InvalidRequest: it draws nothing.
    """
    if not model:
        drawing = (card for card in catalogue.usable() if "image" in card.output_modalities)
        card = next(drawing, None)
        if card is None:
            raise UnknownModel(NOT_DRAWN, "model", "model_not_found")
        return card
    card = card_of(catalogue, model)
    if "image" not in card.output_modalities:
        sentence = f"{card.title} answers in words alone."
        raise InvalidRequest(sentence, "model", "unsupported_value")
    return card


async def _edited(
    app_state: AppState, holder: str, body: ImagesAsked, form: FormData, held: HeldPictures
) -> Response:
    rights = app_state.rights.of(holder)
    rights.must_upload()
    pictures = PicturesIn(held, app_state.picture_sites, rights)
    shown = [
        await _taken(field, held, pictures)
        for name in ("image", "image[]")
        for field in form.getlist(name)
    ]
    if not shown:
        raise InvalidRequest(NO_PICTURE, "image")
    given = form.get("mask")
    mask = None if given is None else await _taken(given, held, pictures)
    return await _answered(app_state, holder, body, held, shown, mask)


async def _taken(field: UploadFile | str, held: HeldPictures, pictures: PicturesIn) -> MediaRef:
    """A picture of a form: a file, or a data URL or an address as text."""
    if isinstance(field, str):
        return await pictures.take(field, "upload")
    return await held.take(await field.read(), "upload")


def _asked(form: FormData) -> ImagesAsked:
    """The fields of an edit that are no pictures."""
    words = {name: value for name, value in form.items() if isinstance(value, str)}
    for name in ("image", "image[]", "mask"):
        words.pop(name, None)
    try:
        return ImagesAsked.model_validate(words)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error


async def _answered(
    app_state: AppState,
    holder: str,
    body: ImagesAsked,
    held: HeldPictures,
    shown: Sequence[MediaRef] = (),
    mask: MediaRef | None = None,
) -> Response:
    card = drawing_card(app_state.catalogue_of(holder), body.model or "")
    options, nothing = chosen(card, body, app_state.settings.known_to(holder), {})
    messages = prompted(body.prompt, shown, mask)
    made = await drawn(app_state.direct, holder, card, messages, held, options, body.n or 1)
    headers = left_out([*nothing, *(body.model_extra or ())])
    return Slices(await _written(made), headers)


async def _written(made: Drawn) -> list[bytes]:
    head: dict[str, Any] = {"created": int(time.time()), "model": made.ends[0].model}
    head["output_format"] = made.pictures[0].ref.mime.rpartition("/")[2].removesuffix("+xml")
    usage = images_usage(usage_of(end.usage for end in made.ends))
    if usage is not None:
        head["usage"] = usage
    notes = dict.fromkeys(note for end in made.ends for note in end.notes)
    if notes or made.words:
        head["easel"] = {"notes": list(notes), "words": made.words}
    slices = [json.dumps(head).encode()[:-1], b',"data":[']
    for number, picture in enumerate(made.pictures):
        slices.append(b'{"b64_json":"' if not number else b',{"b64_json":"')
        slices += [*await base64_of(picture.data), b'"}']
    return [*slices, b"]}"]
