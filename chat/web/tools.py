"""The tools of a conversation over HTTP: listed when somebody looks, for they come and go.

What is chosen of them are settings, see :mod:`chat.web.conversation_settings`.
"""

from collections.abc import Iterable, Sequence

from fastapi import Response

from chat.conversations.tool_list import ListedTool, about, decided_elsewhere
from chat.core.tools import BUILT_IN
from chat.mcp.status import ServerStatus
from chat.tools.tool_policy import may_use_server
from chat.turns.app_state import AppState
from chat.web.api.answers import PRIVATE, Done, answer
from chat.web.api.tools import (
    AbsentTool,
    ToolGroup,
    ToolShown,
    ToolsOfConversation,
    UsualToolsOf,
)
from chat.web.api.values import Id
from chat.web.owner import Owner
from chat.web.routes import Routes


def router(app_state: AppState) -> Routes:
    """``/api/tools``, of a conversation or of a new one."""
    api = Routes("/api/tools")
    settings, listing = app_state.settings, app_state.settings.tool_list

    @api.get("", response_model=ToolsOfConversation)
    async def listed(owner: Owner, conversation: Id | None = None) -> Response:
        if conversation is None:
            found = await settings.of_a_new_one(owner)
        else:
            found = await app_state.library.get(owner, conversation)
        route = settings.tool_route(owner, found.model)
        tools = listing.of(found, relays=route.relay is not None)
        shown = ToolsOfConversation(
            on=found.tools_on,
            reason=route.why_not,
            note=route.how,
            decided_elsewhere=decided_elsewhere(found),
            groups=_groups(tools, _servers(app_state, owner)),
            absent=[
                AbsentTool(title=tool.title, about=about(tool), setup=tool.facts.setup)
                for tool in app_state.absent_tools
                if tool.spec.name in app_state.rights.of(owner).tools
            ],
        )
        return answer(shown, PRIVATE)

    @api.post("/usual", response_model=Done)
    async def usual(owner: Owner, body: UsualToolsOf) -> Response:
        """Have new conversations begin with the tools of this one."""
        await settings.keep_usual_tools(owner, body.conversation)
        return answer(Done())

    return api


def _servers(app_state: AppState, owner: str) -> list[ServerStatus]:
    """Those that somebody may use."""
    tools, allowed = app_state.settings.tools_of(owner), app_state.rights.of(owner).tools
    found = app_state.mcp.status()
    return [each for each in found if may_use_server(each.id, tools, allowed)]


def _groups(tools: Sequence[ListedTool], servers: Iterable[ServerStatus]) -> list[ToolGroup]:
    """By source, those of the house first; a server without tools says why it has none."""
    by_source: dict[str, list[ToolShown]] = {BUILT_IN: []}
    for each in tools:
        by_source.setdefault(each.tool.source, []).append(_shown(each))
    status = {server.title: server for server in servers}
    for title in status:
        by_source.setdefault(title, [])
    return [
        ToolGroup(
            title=title,
            state=status[title].state if title in status else "",
            words=status[title].words if title in status else "",
            tools=shown,
        )
        for title, shown in by_source.items()
        if shown or title in status
    ]


def _shown(each: ListedTool) -> ToolShown:
    known = each.tool
    return ToolShown(
        name=known.name,
        title=known.title,
        about=known.about,
        reach=known.reach,
        usual=known.usual,
        policy=each.policy,
        always_asks=known.always_asks,
        changed=each.changed,
        digest=known.digest,
    )
