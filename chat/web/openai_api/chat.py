"""``/v1/chat/completions``."""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response

from chat.core.calling import ANY_TOOL, ToolSpec
from chat.core.messages import new_id
from chat.core.models import ModelCard
from chat.turns.app_state import AppState
from chat.turns.direct import DirectQuestion
from chat.web.api_door import holder_of
from chat.web.key_holders import Holder
from chat.web.openai_api.answers import asked
from chat.web.openai_api.attended import attended
from chat.web.openai_api.chat_bodies import ChatAsked
from chat.web.openai_api.chat_reply import ChatReply
from chat.web.openai_api.chat_stream import ChatStream
from chat.web.openai_api.described import ERRORS, ChatCompletion
from chat.web.openai_api.errors import InvalidRequest
from chat.web.openai_api.files_in import FilesIn
from chat.web.openai_api.key_holder import EVERYTHING, KeyHolder, given_to
from chat.web.openai_api.left_out import left_out
from chat.web.openai_api.models import card_of
from chat.web.openai_api.picture_choices import chosen
from chat.web.openai_api.pictures_in import PicturesIn
from chat.web.openai_api.reading import Conversation, tools_of
from chat.web.openai_api.route import ApiRoute
from chat.web.openai_api.slices import Slices

ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "model": ChatCompletion,
        "description": "The answer; or with stream its chunks, as OpenAI's client reads them.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
}


def router(app_state: AppState) -> APIRouter:
    """The route."""
    chat = APIRouter(prefix="/v1", route_class=ApiRoute, tags=["api"], responses=ERRORS)
    direct = app_state.direct

    @chat.post("/chat/completions", responses=ANSWERS)
    async def completions(holder: KeyHolder, body: ChatAsked, request: Request) -> Response:
        question, nothing = await attended(
            request.receive, _question(app_state, body, holder, holder_of(request.scope))
        )
        headers = left_out([*nothing, *(body.model_extra or ())])
        reply_id, created_s, count = f"chatcmpl-{new_id()}", int(time.time()), body.n or 1
        ask = partial(asked, direct, holder, question, count)
        if body.stream:
            stream = ChatStream(reply_id, created_s, question.card.id, count, headers)
            stream.counts = body.counts
            await attended(request.receive, stream.begun(ask(stream.hear, stream.ended)))
            return stream
        reply = ChatReply(reply_id, created_s, count)
        ends = await attended(request.receive, ask(reply.hear))
        return Slices([piece async for piece in reply.written(ends)], headers)

    return chat


async def _question(
    app_state: AppState, body: ChatAsked, owner: str, key: Holder | None
) -> tuple[DirectQuestion, list[str]]:
    """What is asked, and the names of what the model has no choice of."""
    card = card_of(app_state.catalogue_of(owner), body.model)
    shape = body.image_config
    more = {} if shape is None else shape.model_dump(include={"aspect_ratio", "image_size"})
    options, nothing = chosen(card, body, app_state.settings.known_to(owner), more)
    tools = () if body.tool_choice == "none" else tools_of(body.tools)
    if tools and not card.tools:
        raise InvalidRequest(f"{card.title} cannot call tools.", "tools", "unsupported_value")
    held = app_state.direct.held()
    pictures = PicturesIn(held, app_state.picture_sites, app_state.rights.of(owner))
    system, messages = await Conversation(pictures, FilesIn(held, pictures)).read(body.messages)
    wanted = frozenset(body.modalities or EVERYTHING)
    _must_give(card, wanted)
    if key is not None:
        wanted &= given_to(key, card)
        _must_give(card, wanted)
    question = DirectQuestion(
        card,
        messages,
        held,
        system,
        tools,
        options=options,
        modalities=wanted,
        must_call=_must_call(body, tools),
    )
    return question, nothing


def _must_call(body: ChatAsked, tools: Sequence[ToolSpec]) -> str:
    """Which tool has to be called; empty: that is left to the model."""
    wanted = body.tool_choice
    if wanted is None or wanted in ("auto", "none"):
        return ""
    name = ANY_TOOL if isinstance(wanted, str) else wanted.function.name
    if not tools or name not in (ANY_TOOL, *(tool.name for tool in tools)):
        raise InvalidRequest("“tool_choice” names no tool of the request.", "tool_choice")
    return name


def _must_give(card: ModelCard, wanted: frozenset[str]) -> None:
    if not wanted & set(card.output_modalities):
        only = "words" if "text" in card.output_modalities else "pictures"
        sentence = f"{card.title} answers in {only} alone."
        raise InvalidRequest(sentence, "modalities", "unsupported_value")
