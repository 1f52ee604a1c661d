"""Servers of tools over HTTP: how they are, and their prompts and resources for a message.

They are the host's; nobody can add one here. What is taken from them becomes
the user's own, as an upload would.
"""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Response

from chat.core.errors import NotFound
from chat.core.tools import Picture
from chat.mcp.insertable import Insertable
from chat.mcp.servers import NO_SERVER, McpServers
from chat.mcp.status import ServerStatus
from chat.tools.tool_policy import may_use_server
from chat.turns.app_state import AppState
from chat.web.api.answers import PRIVATE, answer
from chat.web.api.tool_servers import (
    BlankOffered,
    Completions,
    CompletionsWanted,
    Insertion,
    InsertionWanted,
    Offered,
    ToolServer,
    ToolServers,
)
from chat.web.owner import Owner
from chat.web.routes import Routes

MAX_CHARACTERS = 50_000
"""Of words that are put into the message box; more is shortened, which is said there."""

ServerId = Annotated[str, Path(max_length=32)]


def router(app_state: AppState) -> Routes:
    """The routes under ``/api/tool-servers``."""
    api = Routes("/api/tool-servers")
    servers = app_state.mcp

    def is_for(owner: str, server_id: str) -> bool:
        """Whether somebody may use a server, or any of its tools."""
        return may_use_server(
            server_id, app_state.settings.tools_of(owner), app_state.rights.of(owner).tools
        )

    def must_be_for(owner: str, server_id: str) -> None:
        if not is_for(owner, server_id):
            raise NotFound(NO_SERVER)

    @api.get("", response_model=ToolServers)
    async def listed(owner: Owner) -> Response:
        every = servers.status()
        shown = [_shown(servers, status) for status in every if is_for(owner, status.id)]
        return answer(ToolServers(servers=shown), PRIVATE)

    @api.post("/{server_id}/insertion", response_model=Insertion)
    async def insertion(owner: Owner, server_id: ServerId, body: InsertionWanted) -> Response:
        """The words and pictures of a prompt or of a resource, its blanks filled in."""
        must_be_for(owner, server_id)
        found = await servers.insert(server_id, body.kind, body.name, body.blanks)
        return answer(await _insertion(app_state, owner, found.text, found.pictures))

    @api.post("/{server_id}/completions", response_model=Completions)
    async def completions(owner: Owner, server_id: ServerId, body: CompletionsWanted) -> Response:
        """What a blank may be filled with."""
        must_be_for(owner, server_id)
        wanted = body.kind, body.name, body.blank, body.blanks
        return answer(Completions(values=list(await servers.completions(server_id, *wanted))))

    return api


def _shown(servers: McpServers, status: ServerStatus) -> ToolServer:
    offers = servers.offers(status.id) if status.state == "ready" else None
    return ToolServer(
        id=status.id,
        title=status.title,
        state=status.state,
        words=status.words,
        tools=status.tools,
        offered=[_offered(each) for each in (offers.insertable if offers else ())],
        completes=bool(offers and offers.completes),
    )


def _offered(each: Insertable) -> Offered:
    blanks = [
        BlankOffered(name=blank.name, about=blank.about, required=blank.required)
        for blank in each.blanks
    ]
    return Offered(
        kind=each.kind,
        name=each.name,
        title=each.title,
        about=each.about,
        mime=each.mime,
        blanks=blanks,
    )


async def _insertion(
    app_state: AppState, owner: str, text: str, pictures: Sequence[Picture]
) -> Insertion:
    if len(text) > MAX_CHARACTERS:
        text = f"{text[:MAX_CHARACTERS]}\n[The rest was left out: it is too long for a message.]"
    kept = [await app_state.pictures.keep(owner, each.data, "upload") for each in pictures]
    return Insertion(text=text, pictures=[ref.sha256 for ref, _ in kept])
