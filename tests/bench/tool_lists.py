"""What a long list of tools costs a turn: each is declared to the model at every question."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import aclosing
from statistics import median
from typing import Any

import mcp_types as types

from chat.core.calling import ModelRequest, Provider
from chat.core.messages import Message
from chat.core.models import Endpoint, ModelCard
from chat.core.parts import Text
from chat.core.tools import Tool
from chat.mcp.offers import Offers, tools_of
from chat.mcp.settings import Program, ServerSettings
from chat.tools.tool_policy import offered
from tests.bench.doors import KEY, MODEL, WIRES, Wire
from tests.bench.figures import Figure
from tests.bench.orders import prose
from tests.bench.rig import Rig
from tests.loopback import Loopback

FEW, MANY = 20, 200
PIECES = 300
"""Of the reply: a short one."""

SERVER = ServerSettings("bench", "Bench", Program("none"))


class _Nobody:
    async def call(self, tool: str, arguments: Any, context: Any) -> types.CallToolResult:
        raise NotImplementedError


def measure(rig: Rig) -> list[Figure]:
    """Each round asks with both lists, one after the other."""
    return [_compared(wire, rig.rounds(15)) for wire in WIRES]


def _tools(count: int) -> Mapping[str, Tool]:
    """As many as a server would have, with arguments as they usually are."""
    properties = {f"argument_{at}": {"type": "string", "description": prose(80)} for at in range(5)}
    schema = {"type": "object", "properties": properties, "required": ["argument_0"]}
    told = [
        types.Tool(name=f"tool_{at}", description=prose(200), input_schema=schema)
        for at in range(count)
    ]
    return tools_of(SERVER, told, _Nobody(), Offers())[0]


def _compared(wire: Wire, rounds: int) -> Figure:
    reply = wire.reply(PIECES)
    ratios, costs = [], []
    lists = {count: _tools(count) for count in (FEW, MANY)}
    with Loopback(lambda _: reply) as server, asyncio.Runner() as runner:
        door = wire.door(Endpoint("bench", wire.kind, "Bench", server.url, KEY))
        for number in range(rounds + 1):
            order = (FEW, MANY) if number % 2 else (MANY, FEW)
            spent = {count: runner.run(_asked(door, lists[count])) for count in order}
            if number:  # the first round only loads code
                ratios.append(spent[MANY] / spent[FEW])
                costs.append(spent[FEW])
        runner.run(door.aclose())
    name = f"a turn, CPU, {wire.name}, {MANY} tools of servers / {FEW}"
    return Figure(name, median(ratios), "x", 2.0, f"{1e3 * median(costs):.1f} ms")


async def _asked(door: Provider, tools: Mapping[str, Tool]) -> float:
    """CPU seconds of this thread, from the policy to the last word of the reply."""
    question = Message("q", "c", None, "user", (Text("Say something."),))
    began_s = time.thread_time()
    specs = offered(tools, {})
    request = ModelRequest(ModelCard(MODEL, "bench", MODEL, "Bench"), (question,), tools=specs)
    async with aclosing(door.stream(request)) as events:
        async for _ in events:
            pass
    spent_s = time.thread_time() - began_s
    if len(specs) != len(tools):
        raise RuntimeError("not every tool was offered")
    return spent_s
