"""An Easel with one more tool, which goes on each time that somebody writes into its pipe."""

import os
import sys
from pathlib import Path

import app
from chat.core.tools import ToolContext
from chat.tools.registry import TOOLS

PIPE = "KILN_PIPE"
STEPS = 2


async def fire(context: ToolContext) -> str:
    """Fire a pot.

    Args:
        context: to report progress.
    """
    for step in range(1, STEPS + 1):
        context.progress(f"Heating, step {step} of {STEPS}", step / 4)
        await context.in_thread(Path(os.environ[PIPE]).read_bytes)
    return "The pot is fired."


if __name__ == "__main__":
    TOOLS["fire"] = "tests.browser.kiln:fire"
    sys.exit(app.main())
