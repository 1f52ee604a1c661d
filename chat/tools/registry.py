"""The tools of the house. A row here is all that a new tool needs beside its file."""

from importlib import import_module

from chat.core.ports import Tool
from chat.tools.schema import FunctionTool

TOOLS: dict[str, str] = {
    "calculator": "chat.tools.calculator:calculate",
    "clock": "chat.tools.clock:time_in",
    "chart": "chat.tools.chart:chart",
}
"""The name that models and people know -> ``module:function``."""


def load_tools() -> dict[str, Tool]:
    """Every tool by name, in the order of the registry."""
    return {name: _tool(name, where) for name, where in TOOLS.items()}


def _tool(name: str, where: str) -> Tool:
    module, _, function = where.partition(":")
    return FunctionTool(name, getattr(import_module(module), function))
