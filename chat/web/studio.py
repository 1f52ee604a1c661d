"""Picture operations over HTTP: edit, preview, compare, select, and where a picture comes from."""

import asyncio
import io
import zipfile
from collections.abc import Mapping
from typing import Literal

from fastapi import Response

from chat.archive.names import download_name
from chat.core.errors import CapabilityError, NotFound
from chat.core.messages import Message
from chat.core.strict_json import strict_json
from chat.images.edits import Box
from chat.images.operations.registry import recipe_from_json
from chat.providers.registry import specs
from chat.render.costs import paid_words
from chat.turns.app_state import AppState
from chat.turns.picture_facts import picture_facts, recipe
from chat.web.api.answers import PRIVATE, answer
from chat.web.api.pictures import FactsOfPicture, ProvenanceOfPicture, StoredPicture
from chat.web.api.studio import (
    ComparedPictures,
    Edit,
    Enlargement,
    Extra,
    Extras,
    Preview,
    Region,
    Selecting,
)
from chat.web.api.turns import TurnStarted
from chat.web.api.values import Id
from chat.web.commands import turn_started
from chat.web.file_names import disposition
from chat.web.media import HEADERS, MAX_TITLE_CHARACTERS, Sha, described
from chat.web.owner import Owner
from chat.web.render_cache import RenderCache
from chat.web.routes import Routes

NOT_KEPT = {**HEADERS, "Cache-Control": "private, no-store"}


def router(app_state: AppState, cache: RenderCache) -> Routes:
    """``/api/conversations/{id}/edits`` makes new pictures; ``/api/pictures`` looks at old ones."""
    api = Routes()
    _edits(api, app_state, cache)
    _looks(api, app_state)
    _facts(api, app_state)
    return api


def _edits(api: Routes, app_state: AppState, cache: RenderCache) -> None:
    studio = app_state.studio

    @api.post("/api/conversations/{conversation_id}/edits", response_model=TurnStarted)
    async def edit(owner: Owner, conversation_id: Id, body: Edit) -> Response:
        operations = await asyncio.to_thread(recipe_from_json, body.operations)
        started = await studio.edit(
            owner, conversation_id, body.picture, operations, body.client_id, body.parent_id
        )
        return turn_started(app_state, cache, started)

    @api.post("/api/conversations/{conversation_id}/enlarge", response_model=TurnStarted)
    async def enlarge(owner: Owner, conversation_id: Id, body: Enlargement) -> Response:
        started = await studio.enlarge(
            owner, conversation_id, body.picture, body.factor, body.client_id, body.parent_id
        )
        return turn_started(app_state, cache, started)

    @api.post("/api/pictures/{sha}/preview")
    async def preview(owner: Owner, sha: Sha, body: Preview) -> Response:
        """The edited picture itself; nothing is kept."""
        operations = await asyncio.to_thread(recipe_from_json, body.operations)
        made = await studio.preview(owner, sha, operations)
        return Response(made.data, media_type=made.ref.mime, headers=NOT_KEPT)


def _facts(api: Routes, app_state: AppState) -> None:
    conversations, titles = app_state.conversations, app_state.names.models

    async def messages(owner: str, conversation_id: str) -> list[Message]:
        if not conversation_id:
            return []
        return await asyncio.to_thread(conversations.tree, owner, conversation_id)

    @api.get("/api/pictures/{sha}", response_model=FactsOfPicture)
    async def facts(owner: Owner, sha: Sha, conversation: Id | Literal[""] = "") -> Response:
        (ref,) = await app_state.pictures.known(owner, [sha])
        found = picture_facts(
            ref,
            await messages(owner, conversation),
            titles,
            specs(),
            app_state.catalogues.now.cards,
        )
        return answer(
            FactsOfPicture(
                sha=sha,
                mime=ref.mime,
                width=ref.width_px,
                height=ref.height_px,
                bytes=ref.size_bytes,
                message=found.message_id,
                prompt=found.prompt,
                model_words=found.model_words,
                model=found.model,
                settings=found.settings,
                operation=found.operation,
                parents=found.parents,
                new_area=str(found.details.get("new_area", "")),
                cost="" if found.cost_usd is None else paid_words(found.cost_usd),
                made_at=found.made_at.isoformat() if found.made_at else "",
                watermark=found.watermark,
            )
        )

    async def recipe_of(owner: str, sha: str, conversation_id: str) -> bytes:
        made = recipe(sha, await messages(owner, conversation_id), titles)
        if made is None:
            raise NotFound("That picture is not part of this conversation.")
        return strict_json(made, indent=2).encode("utf-8", "replace") + b"\n"

    @api.get("/api/pictures/{sha}/recipe")
    async def recipe_file(owner: Owner, sha: Sha, conversation: Id) -> Response:
        """How it was made, as JSON."""
        text = await recipe_of(owner, sha, conversation)
        return Response(text, media_type="application/json", headers=PRIVATE)

    @api.get("/api/pictures/{sha}/with-recipe")
    async def with_recipe(owner: Owner, sha: Sha, conversation: Id, title: str = "") -> Response:
        """The picture, byte for byte, and beside it how it was made: a zip of two files."""
        ref, data = await app_state.pictures.bytes_of(owner, sha, thumbnail=False)
        text = await recipe_of(owner, sha, conversation)
        name = download_name(title[:MAX_TITLE_CHARACTERS], sha, ref.mime)
        packed = await asyncio.to_thread(_zipped, {name: data, f"{name}.json": text})
        headers = {**PRIVATE, "Content-Disposition": disposition("attachment", f"{name}.zip")}
        return Response(packed, media_type="application/zip", headers=headers)


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """Stored and not packed: pictures are packed already."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def _looks(api: Routes, app_state: AppState) -> None:
    studio = app_state.studio

    @api.post("/api/pictures/{sha}/selection", response_model=StoredPicture)
    async def select(owner: Owner, sha: Sha, body: Selecting) -> Response:
        if (body.point is None) == (body.box is None):
            raise CapabilityError("Click on the subject or draw a box around it.")
        box = None if body.box is None else Box(*body.box)
        return answer(described(await studio.select(owner, sha, point=body.point, box=box)))

    @api.get("/api/pictures/{sha}/compared/{other}", response_model=ComparedPictures)
    async def compare(owner: Owner, sha: Sha, other: Sha, align: bool = False) -> Response:
        found = await studio.compare(owner, sha, other, align=align, view=False)
        return answer(
            ComparedPictures(
                same=found.same,
                changed_share=found.changed_share,
                mean_levels=found.mean_levels,
                mean_delta_e=found.mean_delta_e,
                ssim=found.ssim,
                size_before=found.size_before,
                size_after=found.size_after,
                extent=found.extent,
                regions=[
                    Region(
                        position=each.position,
                        share=each.share,
                        x=each.box.x_px,
                        y=each.box.y_px,
                        width=each.box.width_px,
                        height=each.box.height_px,
                    )
                    for each in found.regions
                ],
            )
        )

    @api.get("/api/pictures/{sha}/difference/{other}")
    async def difference(owner: Owner, sha: Sha, other: Sha, align: bool = False) -> Response:
        """Heat over grey, as a WebP."""
        found = await studio.compare(owner, sha, other, align=align)
        return Response(found.view, media_type="image/webp", headers=HEADERS)

    @api.get("/api/pictures/{sha}/provenance", response_model=ProvenanceOfPicture)
    async def provenance(owner: Owner, sha: Sha) -> Response:
        found, in_file = await studio.provenance(owner, sha)
        return answer(
            ProvenanceOfPicture(
                status=found.status,
                signer=found.signer,
                generator=found.generator,
                signed_at=found.signed_at,
                problems=tuple(found.problems),
                source_type=found.source_type,
                source_type_from=found.source_type_from,
                in_file=in_file,
            )
        )

    @api.get("/api/extras", response_model=Extras)
    async def extras(owner: Owner) -> Response:
        del owner
        states = studio.editor.extras()
        parts = {
            name: Extra(installed=state.installed, install_command=state.install_command)
            for name, state in states.items()
        }
        return answer(Extras(extras=parts))
