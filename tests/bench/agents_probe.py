"""The loop of the openai-agents SDK; prints the CPU seconds of each reply as JSON.

Run by a Python that has the SDK, and nothing of Easel.
"""

import asyncio
import json
import sys
import time

from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    RunConfig,
    Runner,
    function_tool,
)
from openai import AsyncOpenAI


@function_tool  # type: ignore[untyped-decorator]
def calculator(expression: str) -> str:
    """Work out an expression.

    Args:
        expression: what to work out.
    """
    return f"{expression} = 42"


async def main(url: str, replies: int, rounds: int) -> None:
    """Ask so many times; the first only loads code."""
    client = AsyncOpenAI(base_url=f"{url}/v1", api_key="none")
    model = OpenAIChatCompletionsModel(model="wire-a", openai_client=client)
    agent = Agent(name="Bench", model=model, tools=[calculator])
    spent: list[float] = []
    for number in range(replies + 1):
        began_s = time.process_time()
        run = Runner.run_streamed(
            agent, "How much?", max_turns=rounds + 2, run_config=RunConfig(tracing_disabled=True)
        )
        async for _ in run.stream_events():
            pass
        took_s = time.process_time() - began_s
        if "42" not in str(run.final_output):
            raise RuntimeError("the reply went otherwise")
        if number:
            spent.append(took_s)
    sys.stdout.write(json.dumps(spent) + "\n")


asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
