"""A page sees a call while it is written: at the pace of words, and whenever it comes."""

import asyncio

from chat.core.events import CallDelta, Finished, TextDelta
from chat.core.messages import Finish
from chat.core.parts import Text, ToolCall
from tests.scripted import Step, Wait
from tests.unit.turns.workshop import DONE, ME
from tests.unit.web.studio import Studio, studio

EXPRESSION = "+".join("12345" for _ in range(80))
PIECES = [CallDelta(0, "calculator", '{"expression": "')] + [
    CallDelta(0, "calculator", EXPRESSION[at : at + 3]) for at in range(0, len(EXPRESSION), 3)
]
CALL = ToolCall("c1", "calculator", {"expression": EXPRESSION})
WANTS = Finished(Finish("tool_calls"))


async def begun(made: Studio) -> tuple[str, str]:
    """A conversation whose model is in the middle of a call, and the reply."""
    conversation = await made.begin()
    await made.set(conversation, {"tools_on": True})
    started = await made.ask(conversation)
    return conversation, started["reply"]


async def test_many_pieces_of_a_call_are_a_frame_or_two_for_every_page() -> None:
    gate, go_on = asyncio.Event(), asyncio.Event()
    script: list[Step] = [TextDelta("Well. "), Wait(gate), *PIECES, Wait(go_on), CALL, WANTS]
    async with studio(script, [TextDelta("There."), DONE]) as made:
        conversation, reply = await begun(made)
        async with made.page(conversation) as early:
            await early.until(lambda: "Well." in early.body(reply))
            frames = early.frames
            gate.set()
            await early.until(lambda: EXPRESSION in early.body(reply))
            assert early.frames <= frames + 3
            async with made.page(conversation) as late:
                await late.until(lambda: "tool growing" in late.body(reply))
                assert late.body(reply) == early.body(reply)
                kept = made.shop.store.message(ME, reply).parts
                assert not any(isinstance(part, ToolCall) for part in kept)
                go_on.set()
                for page in (early, late):
                    assert "tool growing" not in await page.end_of(reply)
                    assert page.body(reply).count("tool done") == 1


async def test_stop_takes_the_growing_call_off_every_page() -> None:
    gate = asyncio.Event()
    async with studio([TextDelta("Well."), *PIECES, Wait(gate), CALL, WANTS]) as made:
        conversation, reply = await begun(made)
        async with made.page(conversation) as page:
            await page.until(lambda: "tool growing" in page.body(reply))
            await made.post(f"/api/messages/{reply}/stop")
            assert "details" not in await page.end_of(reply)
        async with made.page(conversation) as again:
            assert "details" not in again.body(reply)
        assert made.shop.store.message(ME, reply).parts == (Text("Well."),)
