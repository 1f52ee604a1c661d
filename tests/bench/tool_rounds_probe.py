"""Easel's engine with a model over HTTP: a reply for each line that comes, in CPU seconds."""

import asyncio
import sys
import time
from dataclasses import dataclass

from chat.tools.registry import load_tools
from tests.unit.turns.exchange import Exchange, card

ONE_TOOL = {name: "deny" for name in load_tools() if name != "calculator"}
"""As the peer has it: the model is told of no other."""


@dataclass(frozen=True)
class Place:
    """An address."""

    url: str


async def main(url: str, rounds: int) -> None:
    """Ask until nobody wants more, and print what each reply cost."""
    exchange = Exchange({"a": Place(url)}, [card("a")])
    while await asyncio.to_thread(sys.stdin.readline):
        conversation = await exchange.begin(tools_on=True, tool_policy=ONE_TOOL)
        began_s = time.process_time()
        reply = await exchange.reply("How much?", in_=conversation)
        took_s = time.process_time() - began_s
        if sum(part.kind == "tool_result" for part in reply.parts) != rounds:
            raise RuntimeError(f"the reply went otherwise: {reply.status}")
        sys.stdout.write(f"{took_s}\n")
        sys.stdout.flush()
    await exchange.engine.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
