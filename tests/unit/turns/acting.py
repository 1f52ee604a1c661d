"""Tools that act, and a user who decides on their calls."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from chat.core.events import Finished, TextDelta
from chat.core.messages import Finish, Message
from chat.core.parts import Decision, ToolCall, ToolResult, plain_text, undecided
from chat.tools.schema import FunctionTool, with_facts
from chat.turns.approvals import CallDecision
from tests.scripted import Script
from tests.unit.turns.workshop import DONE, ME, Workshop

WANTS = Finished(Finish("tool_calls"))


class House:
    """What the tools do, so that it can be counted, and tools that may change."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.words = "Ring a bell."
        self.there = True

    def ring(self, times: int = 1) -> str:
        """Ring a bell.

        Args:
            times: how often.
        """
        self.done.append(f"ring {times}")
        return f"It rang {times} times."

    def send(self, to: str) -> str:
        """Send a letter.

        Args:
            to: who gets it.
        """
        self.done.append(f"send {to}")
        return f"Sent to {to}."

    def look(self) -> str:
        """Look around."""
        self.done.append("look")
        return "A quiet street."

    def tools(self) -> Mapping[str, Any]:
        """Implements ``ToolSource``; the bell's own words may change, and it may be gone."""
        bell = _plain(self.ring)
        bell.__doc__ = f"{self.words}\n\nArgs:\n    times: how often.\n"
        rings = with_facts(source="Tower", reach="Rings the bell of the tower.", policy="ask")
        sends = with_facts(reach="Sends a letter.", policy="ask", always_asks=True)
        tools = {
            "ring": FunctionTool("ring", rings(bell)),
            "send": FunctionTool("send", sends(_plain(self.send))),
            "look": FunctionTool("look", _plain(self.look)),
        }
        return {name: tool for name, tool in tools.items() if self.there or name != "ring"}


def _plain(method: Any) -> Any:
    """A function of its own for a method, with its words and types."""

    def function(**given: Any) -> Any:
        return method(**given)

    function.__doc__, function.__annotations__ = method.__doc__, dict(method.__annotations__)
    function.__signature__ = inspect.signature(method)  # type: ignore[attr-defined]
    return function


def call(name: str = "ring", call_id: str = "c1", **arguments: Any) -> ToolCall:
    return ToolCall(call_id, name, arguments)


def wants(*calls: ToolCall) -> Script:
    """A model that asks for these."""
    return [*calls, WANTS]


RING = wants(call(times=3))


def shop_of(house: House, *scripts: Script, **more: Any) -> Workshop:
    """A model that plays these scripts, and then says that it is done, for ever."""
    rest: list[Script] = [[TextDelta("There."), DONE] for _ in range(8)]
    return Workshop([*scripts, *rest], sources=[house], **more)


async def waiting(shop: Workshop, **settings: Any) -> Message:
    """The reply to a first question, once it waits or ends."""
    conversation = await shop.begin(tools_on=True, **settings)
    return await shop.answer(await shop.ask(conversation, "go"))


def decisions(reply: Message, choice: Decision = "once", word: str = "") -> list[CallDecision]:
    """The same on every call."""
    calls = undecided(reply.parts)
    return [
        CallDecision(each.call_id, each.asked.digest if each.asked else "", choice, word)
        for each in calls
    ]


async def decided(
    shop: Workshop, reply: Message, choice: Decision = "once", word: str = ""
) -> Message:
    """The reply, once the turn that goes on with it has ended."""
    return await gone_on(shop, reply, decisions(reply, choice, word))


async def gone_on(shop: Workshop, reply: Message, made: Sequence[CallDecision]) -> Message:
    await shop.engine.decisions.decide(ME, reply.id, made)
    await shop.jobs.wait(reply.id)
    return shop.store.message(ME, reply.id)


def results(reply: Message) -> list[str]:
    """What the tools answered, in order."""
    return [plain_text(part.content) for part in reply.parts if isinstance(part, ToolResult)]
