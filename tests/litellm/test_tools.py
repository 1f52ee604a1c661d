"""Rounds of tools through the real proxy, whose Gemini says and wants what the real one does."""

import pytest

from chat.core.errors import ToolsRefused
from chat.core.parts import ToolCall, plain_text
from tests.litellm.backends import google_error
from tests.litellm.conftest import Desk
from tests.loopback import Gate
from tests.unit.turns.workshop import ME
from tests.wire import test_growing_calls as growing
from tests.wire.switching.strict import StrictGemini
from tests.wire.talk import WEATHER
from tests.wire.test_tool_table import ADD, DONE, ROWS, House, results
from tests.wire.tool_talk import TOOL_WIRES
from tests.wire.turn import WholeTurn
from tests.wire_shapes import gemini_stream, openai_stream

GEMINI = TOOL_WIRES["gemini"]
REFUSAL = "Function calling is not enabled for models/gemini-3.1-flash-image"


@pytest.mark.parametrize("name", ["parallel", "failing", "chained"])
async def test_a_round_of_tools_goes_as_at_every_other_door(desk: Desk, name: str) -> None:
    row, strict = ROWS[name], StrictGemini()
    rounds = [
        gemini_stream(
            [
                strict.signed({"functionCall": {"name": tool, "args": dict(arguments)}})
                if not at
                else {"functionCall": {"name": tool, "args": dict(arguments)}}
                for at, (tool, arguments) in enumerate(calls)
            ]
        )
        for calls in row.rounds
    ]
    desk.behind.says(*rounds, gemini_stream([DONE]))
    card = desk.card("chat-tools")
    endpoint = desk.catalogue.endpoint_of(card)
    async with WholeTurn(endpoint, card, House().tools()) as turn:
        reply = await turn.ended(await turn.begun("Go", tools_on=True))
    assert reply.status == "complete", reply.finish
    assert plain_text(reply.parts).endswith(DONE)
    assert all(told in shown for told, shown in zip(row.told, results(reply), strict=True))
    asked = desk.behind.asked
    assert len(asked) == len(rounds) + 1
    assert strict.refusal(asked[-1].json["contents"]) is None, "every signature came back"


async def test_off_the_proxy_is_told_of_no_tool_and_of_no_call(desk: Desk) -> None:
    desk.behind.says(GEMINI.wants([ADD], 0), *[gemini_stream([DONE])] * 2)
    card = desk.card("chat-tools")
    async with WholeTurn(desk.catalogue.endpoint_of(card), card, House().tools()) as turn:
        reply = await turn.ended(await turn.begun("Go", tools_on=True))
        await turn.settings.change("me", reply.conversation_id, {"tools_on": False})
        await turn.ended(await turn.asked_after(reply, "And now?"))
    last = desk.behind.asked[-1].body.decode()
    assert "functionCall" not in last
    assert "function_call" not in last
    assert "functionDeclarations" not in last
    assert "function_declarations" not in last


async def test_a_refusal_of_tools_is_known_behind_the_proxy_s_own_words(desk: Desk) -> None:
    desk.behind.answers(lambda _: google_error(400, "INVALID_ARGUMENT", REFUSAL))
    _, error = await desk.hears_out("chat-tools", "?", tools=(WEATHER,))
    assert isinstance(error, ToolsRefused)


@pytest.mark.parametrize("stop", [False, True], ids=["to its end", "stopped"])
async def test_a_call_is_seen_while_it_is_written_behind_the_proxy(desk: Desk, stop: bool) -> None:
    gate = Gate()
    written = growing.ROWS["openai_chat"].reply([gate], growing.REST, ended=True)
    desk.behind.says(written, openai_stream(["Done."]))
    card = desk.card("chat-growing")
    endpoint = desk.catalogue.endpoint_of(card)
    async with WholeTurn(endpoint, card, growing.TOOLS) as turn:
        reply_id = await turn.begun("Shout of a fox", tools_on=True)
        shown = await growing.Watcher(turn, reply_id).until("A fox in th")
        assert "e snow" not in shown
        if stop:
            assert turn.engine.stop(ME, reply_id)
        gate.open()
        reply = await turn.ended(reply_id)
    calls = [part.arguments for part in reply.parts if isinstance(part, ToolCall)]
    if stop:
        assert (reply.status, reply.parts) == ("stopped", ())
    else:
        assert (reply.status, calls) == ("complete", [growing.ARGUMENTS])
        assert results(reply) == ["A FOX IN THE SNOW A FOX IN THE SNOW"]
