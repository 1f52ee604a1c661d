"""Tools inside a turn: run when they are on, never when they are off, and not for ever."""

from typing import Any

from chat.core.events import Finished, TextDelta
from chat.core.messages import Finish, Usage
from chat.core.parts import ToolCall, ToolResult, plain_text
from tests.unit.turns.workshop import DONE, Workshop


async def test_usage_of_all_rounds_is_counted_and_unknown_stays_unknown() -> None:
    usage = Usage(input_text_tokens=10, output_text_tokens=5)
    call = ToolCall("c1", "calculator", {"expression": "2+2"})
    shop = Workshop(
        [
            [call, Finished(Finish("tool_calls"), usage)],
            [TextDelta("4"), Finished(Finish("stop"), usage)],
        ]
    )
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "2+2?"))
    assert reply.usage is not None
    assert reply.usage.input_text_tokens == 20
    assert reply.usage.output_image_tokens is None
    assert reply.cost_usd is None, "no prices on the card: unknown, never free"


async def test_tools_are_run_and_the_model_answers_from_them() -> None:
    call = ToolCall("c1", "calculator", {"expression": "0.1 + 0.2"})
    shop = Workshop([[call, Finished(Finish("tool_calls"))], [TextDelta("It is 0.3."), DONE]])
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "add"))
    assert [part.kind for part in reply.parts] == ["tool_call", "tool_result", "text"]
    result = reply.parts[1]
    assert isinstance(result, ToolResult)
    assert "0.3" in plain_text(result.content)
    seen = shop.provider.requests[1].messages[-1]
    assert isinstance(seen.parts[-1], ToolResult)


async def test_tools_off_means_none_is_declared_and_none_is_run() -> None:
    call = ToolCall("c1", "calculator", {"expression": "1+1"})
    shop = Workshop([[call, Finished(Finish("tool_calls"))], [TextDelta("Fine."), DONE]])
    reply = await shop.answer(await shop.ask(await shop.begin(), "add"))
    assert shop.provider.requests[0].tools == ()
    result = next(part for part in reply.parts if isinstance(part, ToolResult))
    assert result.failed
    assert "no tool" in plain_text(result.content)


async def test_a_model_that_never_stops_asking_for_tools_is_ended() -> None:
    def script(number: int) -> list[Any]:
        call = ToolCall(f"c{number}", "calculator", {"expression": "1+1"})
        return [call, Finished(Finish("tool_calls"))]

    shop = Workshop([script(number) for number in range(12)])
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "loop"))
    assert reply.status == "failed"
    assert len(shop.provider.requests) == 9, "eight rounds with tools and one without"
    assert shop.provider.requests[-1].tools == ()


async def test_a_chart_lands_in_the_reply_as_a_picture() -> None:
    call = ToolCall("c1", "chart", {"kind": "bar", "title": "T", "labels": ["a"], "values": [1]})
    shop = Workshop([[call, Finished(Finish("tool_calls"))], [TextDelta("There."), DONE]])
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "chart"))
    result = next(part for part in reply.parts if isinstance(part, ToolResult))
    picture = next(item for item in result.content if item.kind == "image")
    assert picture.origin == "tool"
    assert shop.media.has(picture.media.sha256)


async def test_a_denied_tool_is_neither_offered_nor_run() -> None:
    call = ToolCall("c1", "clock", {"timezone": "UTC"})
    shop = Workshop([[call, Finished(Finish("tool_calls"))], [TextDelta("No."), DONE]])
    conversation = await shop.begin(tools_on=True, tool_policy={"clock": "deny"})
    reply = await shop.answer(await shop.ask(conversation, "time?"))
    offered = [spec.name for spec in shop.provider.requests[0].tools]
    assert "clock" not in offered
    assert "calculator" in offered
    assert next(part for part in reply.parts if isinstance(part, ToolResult)).failed


async def test_calls_of_one_name_in_every_round_are_all_run() -> None:
    def script(expression: str) -> list[Any]:
        call = ToolCall("call_0", "calculator", {"expression": expression})
        return [call, Finished(Finish("tool_calls"))]

    shop = Workshop([script("1+1"), script("2+3"), [TextDelta("Done."), DONE]])
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "add twice"))
    results = [part for part in reply.parts if isinstance(part, ToolResult)]
    assert [plain_text(result.content).split()[-1] for result in results] == ["2", "5"]
    assert len({result.call_id for result in results}) == 2
