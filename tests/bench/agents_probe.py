"""The loop of the openai-agents SDK: a reply for each line that comes, in CPU seconds.

Run by a Python that has the SDK, and nothing of Easel.
"""

import asyncio
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


async def main(url: str, rounds: int) -> None:
    """Ask until nobody wants more, and print what each reply cost."""
    client = AsyncOpenAI(base_url=f"{url}/v1", api_key="none")
    model = OpenAIChatCompletionsModel(model="wire-a", openai_client=client)
    agent = Agent(name="Bench", model=model, tools=[calculator])
    while await asyncio.to_thread(sys.stdin.readline):
        began_s = time.process_time()
        run = Runner.run_streamed(
            agent, "How much?", max_turns=rounds + 2, run_config=RunConfig(tracing_disabled=True)
        )
        async for _ in run.stream_events():
            pass
        took_s = time.process_time() - began_s
        if "42" not in str(run.final_output):
            raise RuntimeError("the reply went otherwise")
        sys.stdout.write(f"{took_s}\n")
        sys.stdout.flush()


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
