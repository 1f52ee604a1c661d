"""Conversations as files over HTTP: export as a zip or one HTML page, and import."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager, suppress
from pathlib import Path
from typing import IO, Annotated
from urllib.parse import parse_qs

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from chat.archive.exporting import Exported, Exporter
from chat.archive.importing import Importer
from chat.core.errors import ChatError, Full
from chat.turns.app_state import AppState
from chat.web.api.answers import answer
from chat.web.api.conversations import Exportable, Imported, ImportedConversation
from chat.web.api.values import Id
from chat.web.audit_trail import AuditTrail
from chat.web.concurrency_limiter import Busy, ConcurrencyLimiter
from chat.web.faults import sentence
from chat.web.file_names import disposition
from chat.web.owner import Owner
from chat.web.routes import Routes

HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
HTML = "text/html; charset=utf-8"
IMPORTS_AT_ONCE = 1
ARRIVING_AT_ONCE = 4
"""Files that lie on the disk while they arrive and wait: whoever sends slowly stops no others."""
IMPORT_PATIENCE_S = 300.0
MOST_FIELDS = 20_000
WRITTEN_AT_ONCE = 1_000_000
SENT_AT_ONCE = 262_144
"""The server copies what it frames, and what is left of it whenever the client has taken a part."""
TOLD_AT_ONCE = 100
"""Rows that open pages are told of; they read further ones as the list is scrolled."""
BUSY = "Easel is taking in another file just now. Try again in a moment."
NO_ROOM = "There is no room to hold the file while it is looked through."
_ID = re.compile("[0-9a-f]{32}")
UNTITLED = "Imported conversation"

Ids = Annotated[list[Id], Query(max_length=20_000)]


def router(app_state: AppState) -> Routes:
    """The routes that conversations leave and come by."""
    archives = Routes("/api")
    exporter = Exporter(
        app_state.conversations, app_state.pictures, app_state.stored_form, app_state.names
    )
    importer = Importer(
        app_state.conversations,
        app_state.pictures,
        app_state.stored_form,
        _usual_model(app_state),
        app_state.studio.editor,
    )
    arriving = ConcurrencyLimiter(ARRIVING_AT_ONCE, 0, 0.0)
    working = ConcurrencyLimiter(IMPORTS_AT_ONCE, ARRIVING_AT_ONCE, IMPORT_PATIENCE_S)

    trail = AuditTrail(app_state.conversations.audit)

    @archives.get("/conversations/{conversation_id}/export")
    async def export(
        owner: Owner,
        request: Request,
        conversation_id: Id,
        messages: Ids = [],  # noqa: B006
        check: bool = False,
    ) -> Response:
        """A zip of a conversation, or of some of its messages; ``check``: whether there is one."""
        made = await exporter.zip(owner, [conversation_id], messages)
        if check:
            return answer(Exportable(name=made.name))
        await trail.note(request.scope, "exported", {"conversations": 1, "form": "zip"})
        return sent_file(made, "application/zip")

    @archives.get("/conversations/{conversation_id}/page")
    async def page(
        owner: Owner,
        request: Request,
        conversation_id: Id,
        messages: Ids = [],  # noqa: B006
        check: bool = False,
    ) -> Response:
        """One HTML file of what is shown, its pictures inside; ``check``: whether it can be."""
        made = await exporter.page(owner, conversation_id, messages)
        if check:
            return answer(Exportable(name=made.name))
        await trail.note(request.scope, "exported", {"conversations": 1, "form": "page"})
        return sent_file(made, HTML)

    @archives.post("/export")
    async def export_several(owner: Owner, request: Request) -> Response:
        """One zip of several conversations, or of some messages of one.

        The body is that of a form, ``conversation=…&conversation=…&messages=…``: no address is
        long enough for many ids.
        """
        asked = form_fields(await request.body())
        ids, messages = asked.get("conversation", []), asked.get("messages", [])
        if not ids or not all(map(_ID.fullmatch, [*ids, *messages])):
            return sentence(400, "This request is not in the form that Easel expects.")
        if asked.get("kind") == ["page"]:
            made = await exporter.page(owner, ids[0], messages)
            await trail.note(request.scope, "exported", {"conversations": 1, "form": "page"})
            return sent_file(made, HTML)
        made = await exporter.zip(owner, ids, messages)
        await trail.note(request.scope, "exported", {"conversations": len(ids), "form": "zip"})
        return sent_file(made, "application/zip")

    @archives.post("/import", response_model=Imported)
    async def take_in(owner: Owner, request: Request) -> Response:
        """The body is the file; it is counted and capped by the guard in front of every route."""
        app_state.rights.of(owner).must_upload()
        try:
            async with arriving:
                with _scratch(app_state.scratch) as file:
                    await _received(request, file)
                    async with working:
                        done = await importer.take(owner, file)
        except Busy:
            return sentence(503, BUSY)
        for conversation in done.conversations[:TOLD_AT_ONCE]:
            app_state.news.publish(owner, conversation.id)
        rows = [
            ImportedConversation(id=made.id, title=made.title or UNTITLED)
            for made in done.conversations
        ]
        return answer(Imported(conversations=rows, sentence=done.sentence))

    return archives


def form_fields(body: bytes) -> dict[str, list[str]]:
    """The fields of a form; none where there are more than anybody could mean."""
    try:
        return parse_qs(body.decode("ascii", "replace"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


def _usual_model(app_state: AppState) -> Callable[[str], str]:
    def usual_model(owner: str) -> str:
        try:
            return app_state.catalogue_of(owner).default.id
        except ChatError:  # none can be used now
            return ""

    return usual_model


def sent_file(made: Exported, media_type: str) -> Response:
    """A file as it leaves, piece by piece."""

    async def pieces() -> AsyncIterator[memoryview]:
        async with aclosing(made.pieces) as source:
            async for piece in source:
                view = memoryview(piece)
                for at in range(0, len(view), SENT_AT_ONCE):
                    yield view[at : at + SENT_AT_ONCE]

    return StreamingResponse(
        pieces(),
        media_type=media_type,
        headers={**HEADERS, "Content-Disposition": disposition("attachment", made.name)},
    )


@contextmanager
def _scratch(folder: Path | None) -> Iterator[IO[bytes]]:
    """A file that is gone when the block is left, whatever happens."""
    try:
        file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed below
    except OSError as error:
        raise Full(NO_ROOM) from error
    try:
        yield file
    finally:
        # What found no room is still held, and tried once more; it is gone all the same.
        with suppress(OSError):
            file.close()


async def _received(request: Request, file: IO[bytes]) -> None:
    """Write the body to the disk, some of it at a time: a thread costs more than a small piece."""
    held: list[bytes] = []
    held_bytes = 0
    async for piece in request.stream():
        held.append(piece)
        held_bytes += len(piece)
        if held_bytes >= WRITTEN_AT_ONCE:
            await asyncio.to_thread(_written, file, held)
            held, held_bytes = [], 0
    await asyncio.to_thread(_written, file, held)


def _written(file: IO[bytes], pieces: Sequence[bytes]) -> None:
    try:
        file.writelines(pieces)
        file.flush()
    except OSError as error:
        raise Full(NO_ROOM) from error
