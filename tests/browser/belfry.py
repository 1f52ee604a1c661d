"""An Easel with tools that act and one that asks: what they did stands in a file."""

import os
import sys
from pathlib import Path

import app
from chat.core.tools import ToolContext
from chat.tools.registry import TOOLS
from chat.tools.schema import with_facts

LOG = "BELFRY_LOG"


@with_facts(source="Tower", reach="Rings the bell of the tower.", policy="ask")
def ring(times: int, tune: str = "") -> str:
    """Ring the bell.

    Args:
        times: how often.
        tune: what to play.
    """
    with Path(os.environ[LOG]).open("a") as log:
        log.write(f"ring {times} {tune}\n")
    return f"It rang {times} times."


@with_facts(source="Tower")
async def book(context: ToolContext) -> str:
    """Book a visit.

    Args:
        context: to ask.
    """
    form = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "title": "Your name", "minLength": 2},
            "guests": {"type": "integer", "minimum": 1, "maximum": 8, "default": 2},
            "day": {"type": "string", "format": "date", "description": "Any day but Monday."},
            "stairs": {"type": "boolean", "title": "Take the stairs"},
            "tour": {
                "type": "string",
                "oneOf": [
                    {"const": "s", "title": "Short"},
                    {"const": "l", "title": "Long"},
                ],
            },
        },
        "required": ["name"],
    }
    given = await context.ask("Who comes to the tower?", form)
    return f"Booked: {given}"


if __name__ == "__main__":
    TOOLS["ring"] = "tests.browser.belfry:ring"
    TOOLS["book"] = "tests.browser.belfry:book"
    sys.exit(app.main())
