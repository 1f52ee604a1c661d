"""Easel's engine with a model over HTTP; prints the CPU seconds of each reply as JSON."""

import asyncio
import json
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


async def main(url: str, replies: int, rounds: int) -> None:
    """Ask so many times; the first only loads code."""
    exchange = Exchange({"a": Place(url)}, [card("a")])
    spent: list[float] = []
    for number in range(replies + 1):
        conversation = await exchange.begin(tools_on=True, tool_policy=ONE_TOOL)
        began_s = time.process_time()
        reply = await exchange.reply("How much?", in_=conversation)
        took_s = time.process_time() - began_s
        if sum(part.kind == "tool_result" for part in reply.parts) != rounds:
            raise RuntimeError(f"the reply went otherwise: {reply.status}")
        if number:
            spent.append(took_s)
    await exchange.engine.close()
    sys.stdout.write(json.dumps(spent) + "\n")


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
