"""What a server has on offer: its tools, and what people may put into a message."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import mcp_types as types
from mcp import Client
from mcp.shared.exceptions import MCPError

from chat.core.text import clean_name
from chat.mcp.insertable import Blank, Insertable, Kind
from chat.mcp.names import wire_name
from chat.mcp.schemas import Unusable, words
from chat.mcp.settings import ServerSettings
from chat.mcp.templates import MAX_BLANKS, MAX_URI_CHARACTERS, blanks_of
from chat.mcp.tool import Caller, McpTool, same

log = logging.getLogger(__name__)

MAX_PAGES = 100
MAX_TOOLS = 500
MAX_PROMPTS = 200
MAX_RESOURCES = 500
MAX_TEMPLATES = 200
MAX_COMPLETIONS = 100
"""Source: Model Context Protocol 2026-07-28, ``completion/complete``."""
MAX_COMPLETION_CHARACTERS = 500

_TITLE, _ABOUT = 100, 500

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Offers:
    """All of it, as last listed."""

    tools: Mapping[str, McpTool] = field(default_factory=dict)
    """By the name that models call them by."""
    told: Mapping[str, types.Tool] = field(default_factory=dict)
    """What the server told of each, by the same name."""
    insertable: tuple[Insertable, ...] = ()
    completes: bool = False
    """Whether it can be asked what a blank may be filled with."""


async def list_tools(client: Client) -> list[types.Tool]:
    """Every tool, page by page, up to a bound. Raises what the SDK raises."""
    return await _pages(
        lambda cursor: client.list_tools(cursor=cursor), lambda page: page.tools, MAX_TOOLS
    )


async def list_insertable(client: Client) -> tuple[Insertable, ...]:
    """Prompts, then resources, then templates; none of a kind that the server has not."""
    prompts = await _optional(
        lambda cursor: client.list_prompts(cursor=cursor), lambda page: page.prompts, MAX_PROMPTS
    )
    resources = await _optional(
        lambda cursor: client.list_resources(cursor=cursor),
        lambda page: page.resources,
        MAX_RESOURCES,
    )
    templates = await _optional(
        lambda cursor: client.list_resource_templates(cursor=cursor),
        lambda page: page.resource_templates,
        MAX_TEMPLATES,
    )
    return (
        *(_prompt(each) for each in prompts if len(each.arguments or ()) <= MAX_BLANKS),
        *(
            _addressed("resource", str(each.uri), each)
            for each in resources
            if len(str(each.uri)) <= MAX_URI_CHARACTERS
        ),
        *(
            _addressed("template", each.uri_template, each, blanks)
            for each in templates
            if (blanks := blanks_of(each.uri_template)) is not None
        ),
    )


def completions(result: types.CompleteResult) -> tuple[str, ...]:
    """What a blank may be filled with, in the server's order; what no line can hold is left out."""
    values = result.completion.values[:MAX_COMPLETIONS]
    fit = (each for each in values if len(each) <= MAX_COMPLETION_CHARACTERS)
    return tuple(dict.fromkeys(each for each in fit if each and clean_name(each) == each))


def tools_of(
    server: ServerSettings, told: Sequence[types.Tool], caller: Caller, before: Offers
) -> tuple[dict[str, McpTool], dict[str, types.Tool]]:
    """The tools, and what was told of them; one that has not changed since is the same object.

    It reads schemas, so that it may take a while.
    """
    tools: dict[str, McpTool] = {}
    kept: dict[str, types.Tool] = {}
    for each in told:
        name = wire_name(server.id, each.name)
        if name in tools:
            log.warning("%s: there are two tools named %s", server.title, name)
            continue
        unchanged = name in before.told and same(before.told[name], each)
        try:
            tools[name] = before.tools[name] if unchanged else McpTool(server, each, caller)
            kept[name] = each
        except Unusable as why:
            log.warning("%s: the tool %r %s", server.title, each.name[:_TITLE], why)
    return tools, kept


async def _pages(
    fetch: Callable[[str | None], Awaitable[Any]],
    items: Callable[[Any], Sequence[Item]],
    most: int,
) -> list[Item]:
    found: list[Item] = []
    cursor: str | None = None
    seen: set[str] = set()
    for _ in range(MAX_PAGES):
        page = await fetch(cursor)
        found += items(page)
        cursor = page.next_cursor
        if not cursor or cursor in seen or len(found) >= most:
            break
        seen.add(cursor)
    return found[:most]


async def _optional(
    fetch: Callable[[str | None], Awaitable[Any]],
    items: Callable[[Any], Sequence[Item]],
    most: int,
) -> list[Item]:
    try:
        return await _pages(fetch, items, most)
    except MCPError as error:
        if error.code == types.METHOD_NOT_FOUND:
            return []
        raise


def _prompt(told: types.Prompt) -> Insertable:
    blanks = [
        Blank(each.name, words(each.description, _ABOUT), bool(each.required))
        for each in told.arguments or ()
    ]
    about = words(told.description, _ABOUT)
    return Insertable("prompt", told.name, _title(told), about, blanks=tuple(blanks))


def _addressed(
    kind: Kind,
    address: str,
    told: types.Resource | types.ResourceTemplate,
    blanks: tuple[Blank, ...] = (),
) -> Insertable:
    about, mime = words(told.description, _ABOUT), words(told.mime_type, _TITLE)
    return Insertable(kind, address, _title(told), about, mime, blanks)


def _title(told: types.Prompt | types.Resource | types.ResourceTemplate) -> str:
    return words(told.title, _TITLE) or words(told.name, _TITLE)
