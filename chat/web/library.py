"""The library over HTTP: pages of pictures, favourites, boards, and what is deleted."""

import asyncio
import re
from datetime import UTC, tzinfo
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import Depends, Query, Request, Response

from chat.archive.pictures_zip import pictures_zip
from chat.conversations.library import Board, PictureLibrary
from chat.core.display_names import DisplayNames
from chat.core.messages import STUDIO
from chat.core.ports import LibraryPicture, LibraryQuery
from chat.turns.app_state import AppState
from chat.web.api.answers import Done, answer
from chat.web.api.library import (
    BoardName,
    BoardOrder,
    BoardPictures,
    Boards,
    BoardShown,
    Favourites,
    LibraryCounted,
    LibraryEntries,
    LibraryEntry,
    LibraryModels,
    LibraryMonth,
    ModelName,
    NewBoard,
    PicturesOfLibrary,
    PictureUses,
    UsedInConversation,
    UsesOfPicture,
)
from chat.web.api.values import Id, Moment
from chat.web.archives import form_fields, sent_file
from chat.web.faults import sentence
from chat.web.owner import Owner
from chat.web.routes import Routes

FIRST_ROWS, MOST_ROWS = 48, 500
"""Pictures of the first page, unless asked otherwise, and of the largest."""

PROMPT_CHARACTERS = 240
MOST_ZIPPED = 5_000
_SHA = re.compile("[0-9a-f]{64}")
UNTITLED = "New conversation"


def _wanted(
    q: str = "",
    made: bool | None = None,
    model: str = "",
    since: Moment | None = None,
    until: Moment | None = None,
    favourites: bool = False,
    board: Id | Literal[""] = "",
) -> LibraryQuery:
    return LibraryQuery(q[:500], made, model[:500], since, until, favourites, board)


Wanted = Annotated[LibraryQuery, Depends(_wanted)]
"""What of the library is asked for."""


def _zone(name: str) -> tzinfo:
    """The time zone of that name; UTC where none is known by it. For a thread: it reads files."""
    try:
        return ZoneInfo(name[:100])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def router(app_state: AppState) -> Routes:
    """The routes under ``/api/library``."""
    api = Routes("/api/library")
    library = PictureLibrary(app_state.conversations)
    _pictures(api, library, app_state)
    _boards(api, library)
    return api


def _pictures(api: Routes, library: PictureLibrary, app_state: AppState) -> None:
    names = app_state.names

    @api.get("", response_model=LibraryEntries)
    async def page(
        owner: Owner,
        query: Wanted,
        after: str = "",
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = FIRST_ROWS,
    ) -> Response:
        found = await library.page(owner, query, limit, after[:200])
        entries = [_entry(picture, names) for picture in found.pictures]
        return answer(LibraryEntries(pictures=entries, after=found.after))

    @api.get("/counts", response_model=LibraryCounted)
    async def counts(owner: Owner, query: Wanted, zone: str = "UTC") -> Response:
        """How many there are, in all and in each month of a time zone."""
        found = await library.counts(owner, query, await asyncio.to_thread(_zone, zone))
        months = [LibraryMonth(month=name, pictures=count) for name, count in found.months]
        return answer(LibraryCounted(pictures=found.total, months=months))

    @api.get("/models", response_model=LibraryModels)
    async def models(owner: Owner) -> Response:
        found = await library.models(owner)
        named = [ModelName(id=each, title=_model_title(each, names)) for each in found]
        return answer(LibraryModels(models=sorted(named, key=lambda each: each.title.casefold())))

    @api.post("/favourites", response_model=Done)
    async def mark(owner: Owner, body: Favourites) -> Response:
        await library.mark(owner, body.pictures, favourite=body.favourite)
        return answer(Done())

    @api.post("/uses", response_model=PictureUses)
    async def uses(owner: Owner, body: PicturesOfLibrary) -> Response:
        """What still uses pictures, before they are deleted."""
        found = [
            UsesOfPicture(
                sha=used.sha256,
                conversations=[
                    UsedInConversation(
                        id=use.conversation_id, title=use.title or UNTITLED, messages=use.messages
                    )
                    for use in used.conversations
                ],
                boards=list(used.boards),
            )
            for used in await library.uses(owner, body.pictures)
        ]
        return answer(PictureUses(pictures=found))

    @api.post("/zip")
    async def zipped(owner: Owner, request: Request) -> Response:
        """The pictures as files; the body is that of a form, ``pictures=…&pictures=…``."""
        shas = form_fields(await request.body()).get("pictures", [])
        if not 0 < len(shas) <= MOST_ZIPPED or not all(map(_SHA.fullmatch, shas)):
            return sentence(400, f"One zip holds from 1 to {MOST_ZIPPED:,} pictures.")
        made = await pictures_zip(app_state.conversations, app_state.pictures, owner, shas)
        return sent_file(made, "application/zip")

    @api.post("/delete", response_model=Done)
    async def delete(owner: Owner, body: PicturesOfLibrary) -> Response:
        await library.delete(owner, body.pictures)
        return answer(Done())

    @api.post("/restore", response_model=Done)
    async def restore(owner: Owner, body: PicturesOfLibrary) -> Response:
        await library.restore(owner, body.pictures)
        return answer(Done())


def _boards(api: Routes, library: PictureLibrary) -> None:
    @api.get("/boards", response_model=Boards)
    async def boards(owner: Owner) -> Response:
        return answer(Boards(boards=[_shown(each) for each in await library.boards(owner)]))

    @api.post("/boards", response_model=BoardShown)
    async def new(owner: Owner, body: NewBoard) -> Response:
        return answer(_shown(await library.new_board(owner, body.name, body.pictures)))

    @api.post("/boards/order", response_model=Boards)
    async def order(owner: Owner, body: BoardOrder) -> Response:
        ordered = await library.order_boards(owner, body.boards)
        return answer(Boards(boards=[_shown(each) for each in ordered]))

    @api.post("/boards/{board_id}/name", response_model=BoardShown)
    async def rename(owner: Owner, board_id: Id, body: BoardName) -> Response:
        return answer(_shown(await library.rename_board(owner, board_id, body.name)))

    @api.post("/boards/{board_id}/pictures", response_model=BoardShown)
    async def put_on(owner: Owner, board_id: Id, body: BoardPictures) -> Response:
        return answer(_shown(await library.put_on(owner, board_id, body.pictures, body.at)))

    @api.post("/boards/{board_id}/taken-off", response_model=BoardShown)
    async def take_off(owner: Owner, board_id: Id, body: PicturesOfLibrary) -> Response:
        return answer(_shown(await library.take_off(owner, board_id, body.pictures)))

    @api.delete("/boards/{board_id}", response_model=Done)
    async def delete(owner: Owner, board_id: Id) -> Response:
        await library.delete_board(owner, board_id)
        return answer(Done())


def _entry(picture: LibraryPicture, names: DisplayNames) -> LibraryEntry:
    image = picture.image
    prompt = " ".join(picture.prompt.split())
    short = prompt[: PROMPT_CHARACTERS - 1] + "…" if len(prompt) > PROMPT_CHARACTERS else prompt
    return LibraryEntry(
        sha=image.media.sha256,
        width=image.media.width_px,
        height=image.media.height_px,
        bytes=image.media.size_bytes,
        mime=image.media.mime,
        origin=image.origin,
        alt=image.alt,
        prompt=short,
        model=picture.model,
        model_title=_model_title(picture.model, names),
        at=picture.made_at.isoformat(),
        conversation=picture.conversation_id,
        message=picture.message_id,
        title=(picture.title or UNTITLED) if picture.conversation_id else "",
        deleted=picture.deleted,
        favourite=picture.favourite,
    )


def _model_title(model: str, names: DisplayNames) -> str:
    return "" if model in ("", STUDIO.model) else names.models.get(model, model)


def _shown(board: Board) -> BoardShown:
    return BoardShown(id=board.id, name=board.name, pictures=board.pictures)
