"""The tools of the house. A row here is all that a new tool needs beside its file."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from chat.core.tools import PictureMaker, Tool
from chat.tools.schema import FunctionTool

TOOLS: dict[str, str] = {
    "calculator": "chat.tools.calculator:calculate",
    "clock": "chat.tools.clock:time_in",
    "chart": "chat.tools.chart:chart",
    "convert_units": "chat.tools.units:convert_units",
    "date_and_time": "chat.tools.dates:reckon",
    "search_conversations": "chat.tools.search_conversations:search_conversations",
    "read_file": "chat.tools.read_file:read_file",
    "query_data": "chat.tools.query_data:query_data",
    "web_search": "chat.tools.web_search:web_search",
    "read_web_page": "chat.tools.read_web_page:read_web_page",
    "look_at_picture": "chat.tools.look_at_picture:look_at_picture",
    "crop_picture": "chat.tools.crop_picture:crop_picture",
    "resize_picture": "chat.tools.resize_picture:resize_picture",
    "rotate_picture": "chat.tools.rotate_picture:rotate_picture",
    "convert_picture": "chat.tools.convert_picture:convert_picture",
    "caption_picture": "chat.tools.caption_picture:caption_picture",
    "picture_grid": "chat.tools.picture_grid:picture_grid",
    "picture_palette": "chat.tools.picture_palette:picture_palette",
    "compare_pictures": "chat.tools.compare_pictures:compare_pictures",
    "generate_image": "chat.tools.generate_image:generate_image",
    "edit_image": "chat.tools.edit_image:edit_image",
    "read_qr_code": "chat.tools.read_qr_code:read_qr_code",
    "calendar_file": "chat.tools.calendar_file:calendar_file",
    "invoice_pdf": "chat.tools.invoice_pdf:invoice_pdf",
    "send_email": "chat.tools.send_email:send_email",
    "call_webhook": "chat.tools.call_webhook:call_webhook",
}
"""The name that models and people know -> ``module:function``."""

OF_A_TURN: frozenset[type] = frozenset({PictureMaker})
"""Parts that a turn hands out itself, where it has them."""


def load_tools(resources: Mapping[type, Any] | None = None) -> dict[str, Tool]:
    """The tools by name, in the order of the registry.

    Args:
        resources: the parts of the house that tools may work with, by type. A tool that needs
            another one is left out: this Easel is not set up for it.
    """
    return {name: tool for name, tool in _all().items() if _is_set_up(tool, resources or {})}


def absent_tools(resources: Mapping[type, Any]) -> tuple[Tool, ...]:
    """Those that are left out, in the order of the registry; ``facts.setup`` says why."""
    return tuple(tool for tool in _all().values() if not _is_set_up(tool, resources))


def _all() -> Mapping[str, FunctionTool]:
    return {name: _tool(name, where) for name, where in TOOLS.items()}


def _is_set_up(tool: FunctionTool, resources: Mapping[type, Any]) -> bool:
    return set(tool.needs) <= {*resources, *OF_A_TURN}


@cache
def _tool(name: str, where: str) -> FunctionTool:
    """A tool holds nothing but its function; what models are told of all takes 30 ms to make."""
    module, _, function = where.partition(":")
    return FunctionTool(name, getattr(import_module(module), function))
