"""Easel as a server of the Model Context Protocol: its models as tools of somebody else's.

Stateless: a call is one request and its answer, in the protocol's newest version and in its older
ones. Source: mcp 2.3.0, ``MCPServer.streamable_http_app`` (2026-11-30).
"""

import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any, TypeVar

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import ContentBlock, ImageContent, TextContent, ToolAnnotations
from pydantic import BaseModel, Field
from starlette.requests import ClientDisconnect
from starlette.routing import BaseRoute, Route

from chat.core.errors import ChatError
from chat.core.events import TextDelta
from chat.core.models import Modality
from chat.core.parts import MediaRef
from chat.core.personal_keys import Scope as KeyScope
from chat.core.text import clean_text
from chat.turns.app_state import AppState
from chat.turns.direct import DirectEvent, DirectQuestion, PictureShown
from chat.turns.drawing import drawn, prompted
from chat.turns.held_pictures import HeldPictures
from chat.turns.question import MAX_PICTURES, MAX_TEXT_CHARACTERS
from chat.web.api_door import holder_of, not_good_for
from chat.web.concurrency_limiter import Busy
from chat.web.key_holders import Holder
from chat.web.mcp_attendance import LEFT, McpAttendance
from chat.web.openai_api.attended import attended
from chat.web.openai_api.encoded_picture import base64_of
from chat.web.openai_api.errors import BUSY
from chat.web.openai_api.finishes import refusal_of
from chat.web.openai_api.images import drawing_card
from chat.web.openai_api.key_holder import given_to, key_holder
from chat.web.openai_api.models import card_of
from chat.web.openai_api.picture_choices import PictureChoices, chosen
from chat.web.openai_api.pictures_in import PicturesIn
from chat.web.policy import Policy

log = logging.getLogger(__name__)

PATH = "/mcp"
MAX_AT_ONCE = 4
LEFT_SENTENCE = "The client left before the answer."
INSTRUCTIONS = (
    "Easel draws and edits pictures and answers questions with the models of its house. "
    "list_models says which there are; without a model the first that fits answers."
)

Made = TypeVar("Made")
Prompt = Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARACTERS)]
ModelId = Annotated[
    str, Field(max_length=500, description="An id of list_models; empty: the first that fits.")
]
Count = Annotated[int, Field(ge=1, le=MAX_AT_ONCE, description="How many pictures.")]
Size = Annotated[
    str, Field(max_length=40, description="Width and height in pixels, such as 1536x1024.")
]
Ratio = Annotated[str, Field(max_length=20, description="Such as 16:9; it goes before the size.")]
Address = Annotated[str, Field(description="A data URL, or an https address.")]
Shown = Annotated[list[Address], Field(max_length=MAX_PICTURES)]
Mask = Annotated[
    str, Field(description="A picture that is transparent where the first one may change.")
]


class ModelTold(BaseModel):
    """A model that can be asked."""

    id: str
    title: str
    takes: list[Modality]
    gives: list[Modality]


class ModelsTold(BaseModel):
    """Every model that can be asked, in the order of the menu."""

    models: list[ModelTold]


class McpServer:
    """The routes of the server, and what runs while they are served."""

    def __init__(self, app_state: AppState, version: str, policy: Policy) -> None:
        """Offer the models of this Easel."""
        server = MCPServer("Easel", version=version, instructions=INSTRUCTIONS)
        _Tools(app_state).join(server)
        app = server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            # A picture in one event of a stream is more than older clients read.
            json_response=True,
            max_request_body_size=policy.api_bytes,
            # Whoever came this far has named a host that we go by, and has a key.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        self._manager = server.session_manager
        (route,) = (route for route in app.routes if isinstance(route, Route))
        self.route: BaseRoute = Route(PATH, McpAttendance(route.app), include_in_schema=False)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Answer calls until the block is left."""
        async with self._manager.run():
            yield


class _Tools:
    """What may be called."""

    def __init__(self, app_state: AppState) -> None:
        self._app_state = app_state
        self._direct = app_state.direct

    def join(self, server: MCPServer[Any]) -> None:
        """Offer all of them there."""
        makes = ToolAnnotations(read_only_hint=True, open_world_hint=True)
        server.tool(annotations=makes, structured_output=False)(self.generate_image)
        server.tool(annotations=makes, structured_output=False)(self.edit_image)
        server.tool(annotations=ToolAnnotations(read_only_hint=True))(self.list_models)
        server.tool(annotations=makes, structured_output=False)(self.ask)

    async def generate_image(
        self,
        ctx: Context,
        prompt: Prompt,
        model: ModelId = "",
        n: Count = 1,
        size: Size = "",
        aspect_ratio: Ratio = "",
    ) -> list[ContentBlock]:
        """Draw pictures for a prompt."""
        _must_be_for(ctx, "images")
        choices = PictureChoices(size=size or None, aspect_ratio=aspect_ratio or None)
        held = self._direct.held()
        return await _answered(ctx, self._drawn(ctx, prompt, model, n, choices, held))

    async def edit_image(
        self,
        ctx: Context,
        prompt: Prompt,
        images: Annotated[list[Address], Field(min_length=1, max_length=MAX_PICTURES)],
        mask: Mask = "",
        model: ModelId = "",
        n: Count = 1,
        size: Size = "",
        aspect_ratio: Ratio = "",
    ) -> list[ContentBlock]:
        """Change pictures as a prompt says; outside the mask, if there is one, nothing changes."""
        _must_be_for(ctx, "images")
        choices = PictureChoices(size=size or None, aspect_ratio=aspect_ratio or None)

        async def edited() -> list[ContentBlock]:
            held = self._direct.held()
            shown = await self._taken(ctx, images, held)
            marked = (await self._taken(ctx, [mask], held))[0] if mask else None
            return await self._drawn(ctx, prompt, model, n, choices, held, shown, marked)

        return await _answered(ctx, edited())

    async def list_models(self, ctx: Context) -> ModelsTold:
        """Say which models there are, what they take and what they give."""
        _must_be_for(ctx, "read")
        cards = self._app_state.catalogue_of(_holder(ctx)).usable()
        told = [
            ModelTold(
                id=card.id,
                title=card.title,
                takes=list(card.input_modalities),
                gives=list(card.output_modalities),
            )
            for card in cards
        ]
        return ModelsTold(models=told)

    async def ask(
        self,
        ctx: Context,
        prompt: Prompt,
        model: ModelId = "",
        images: Shown = Field(default_factory=list),  # noqa: B008
        system: Annotated[str, Field(max_length=40_000)] = "",
    ) -> list[ContentBlock]:
        """Ask a model, with pictures if need be; words and pictures come in its order."""
        _must_be_for(ctx, "chat")

        async def asked() -> list[ContentBlock]:
            held = self._direct.held()
            catalogue = self._app_state.catalogue_of(_holder(ctx))
            card = card_of(catalogue, model) if model else catalogue.default
            messages = prompted(clean_text(prompt), await self._taken(ctx, images, held))
            given = given_to(_key(ctx), card)
            question = DirectQuestion(card, messages, held, clean_text(system), modalities=given)
            heard: list[str | PictureShown] = []

            def tell(event: DirectEvent) -> None:
                if isinstance(event, PictureShown):
                    heard.append(event)
                elif isinstance(event, TextDelta):
                    _say(heard, event.text)

            end = await self._direct.ask(_holder(ctx), question, tell)
            if refusal := refusal_of(end.finish):
                _say(heard, f"\n\n{refusal}")
            return await _blocks([*heard, *end.notes])

        return await _answered(ctx, asked())

    async def _drawn(
        self,
        ctx: Context,
        prompt: str,
        model: str,
        count: int,
        choices: PictureChoices,
        held: HeldPictures,
        shown: Sequence[MediaRef] = (),
        mask: MediaRef | None = None,
    ) -> list[ContentBlock]:
        owner = _holder(ctx)
        card = drawing_card(self._app_state.catalogue_of(owner), model)
        options, _ = chosen(card, choices, self._app_state.settings.known_to(owner), {})
        messages = prompted(clean_text(prompt), shown, mask)
        made = await drawn(self._direct, owner, card, messages, held, options, count)
        notes = dict.fromkeys(note for end in made.ends for note in end.notes)
        return await _blocks([*made.pictures, made.words, *notes])

    async def _taken(
        self, ctx: Context, addresses: Sequence[str], held: HeldPictures
    ) -> list[MediaRef]:
        rights = self._app_state.rights.of(_holder(ctx))
        pictures = PicturesIn(held, self._app_state.picture_sites, rights)
        return [await pictures.take(address, "upload") for address in addresses]


def _key(ctx: Context) -> Holder:
    request = ctx.request_context.request
    holder = None if request is None else holder_of(request.scope)
    assert holder is not None, "calls come by HTTP, by the door of programs"
    return holder


def _must_be_for(ctx: Context, due: KeyScope) -> None:
    """Raises ``ToolError`` where the key was not made for it."""
    if due not in _key(ctx).scopes:
        raise ToolError(not_good_for(due))


def _holder(ctx: Context) -> str:
    request = ctx.request_context.request
    assert request is not None, "calls come by HTTP"
    return key_holder(request)


async def _answered(ctx: Context, work: Coroutine[Any, Any, Made]) -> Made:
    """What the work makes. Raises ``ToolError``, whose sentence the caller's model reads."""
    request = ctx.request_context.request
    assert request is not None, "calls come by HTTP"
    try:
        return await attended(request.scope[LEFT], work)
    except ChatError as error:
        raise ToolError(str(error)) from error
    except Busy as error:
        raise ToolError(BUSY) from error
    except ClientDisconnect as error:
        raise ToolError(LEFT_SENTENCE) from error


def _say(heard: list[str | PictureShown], words: str) -> None:
    """Words behind words are one text."""
    last = heard[-1] if heard else None
    if isinstance(last, str):
        heard[-1] = last + words
    else:
        heard.append(words)


async def _blocks(told: Sequence[str | PictureShown]) -> list[ContentBlock]:
    blocks: list[ContentBlock] = []
    for each in told:
        if isinstance(each, PictureShown):
            data = b"".join(await base64_of(each.data)).decode("ascii")
            blocks.append(ImageContent(type="image", data=data, mime_type=each.ref.mime))
        elif each.strip():
            blocks.append(TextContent(type="text", text=each.strip()))
    return blocks
