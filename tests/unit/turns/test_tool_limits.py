"""Tools that hang, die, flood or come at once take nothing with them; off is off at once."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from chat.core.events import TextDelta
from chat.core.messages import Message
from chat.core.parts import ToolResult, plain_text
from chat.tools.schema import with_facts
from chat.turns.tool_round import MAX_CALLS_PER_ROUND
from chat.turns.tool_threads import AT_WORK, MAX_LEFT_OF_ONE
from chat.turns.toolbox import CUT, MAX_RESULT_BYTES
from tests.patience import PATIENCE_S
from tests.scripted import Script, Wait
from tests.unit.turns.acting import WANTS, call, results, wants
from tests.unit.turns.workshop import DONE, ME, Workshop

SAYS: Script = [TextDelta("There."), DONE]


async def replied(shop: Workshop, **settings: Any) -> Message:
    conversation = await shop.begin(tools_on=True, **settings)
    return await shop.answer(await shop.ask(conversation, "go"))


async def test_calls_of_one_round_run_at_the_same_time_and_are_answered_in_order() -> None:
    both = threading.Barrier(3, timeout=PATIENCE_S)

    def meets(who: str) -> str:
        """Meet the others.

        Args:
            who: that comes.
        """
        both.wait()
        return who

    calls = [call("meets", name, who=name) for name in ("a", "b", "c")]
    shop = Workshop([wants(*calls), SAYS], tools={"meets": meets})
    assert results(await replied(shop)) == ["a", "b", "c"]


async def test_a_quick_result_waits_for_its_place_but_not_to_be_done() -> None:
    second = asyncio.Event()

    async def first_() -> str:
        """Be first."""
        await second.wait()
        return "first"

    async def second_() -> str:
        """Be second."""
        second.set()
        return "second"

    tools = {"one": first_, "two": second_}
    shop = Workshop([wants(call("one", "a"), call("two", "b")), SAYS], tools=tools)
    assert results(await replied(shop)) == ["first", "second"]


async def test_more_calls_than_a_round_takes_are_refused_in_words() -> None:
    calls = [call("calculator", f"c{n}", expression=f"{n}+0") for n in range(11)]
    shop = Workshop([wants(*calls), SAYS])
    said = results(await replied(shop))
    assert len(said) == 11
    assert [answer.startswith("Not run") for answer in said] == [False] * 8 + [True] * 3
    assert MAX_CALLS_PER_ROUND == 8


@pytest.mark.parametrize(
    ("words", "most"), [("x" * 250_000, 100_000), ("ü" * 80_000, 100_000), ("x" * 100_000, 0)]
)
async def test_a_long_result_is_cut_with_a_note(words: str, most: int) -> None:
    def floods() -> list[str]:
        """Say much."""
        return [words, "and more"]

    shop = Workshop([wants(call("floods")), SAYS], tools={"floods": floods})
    (said,) = results(await replied(shop))
    assert CUT in said
    assert len(said.encode()) <= MAX_RESULT_BYTES + len(CUT.encode()) + 2
    assert most == 0 or "and more" not in said


@pytest.mark.parametrize("fault", [SystemExit(1), KeyboardInterrupt(), MemoryError(), OSError()])
@pytest.mark.parametrize("plain", [True, False])
async def test_a_tool_that_dies_is_an_answer_and_ends_nothing(
    fault: BaseException, plain: bool
) -> None:
    def dies() -> str:
        """Die."""
        raise fault

    async def dies_too() -> str:
        """Die."""
        raise fault

    shop = Workshop([wants(call("dies")), SAYS], tools={"dies": dies if plain else dies_too})
    reply = await replied(shop)
    assert reply.status == "complete"
    assert results(reply) == ["The tool dies failed inside. The log has the cause."]


def hanging(release: threading.Event) -> Callable[..., str]:
    @with_facts(timeout_s=0.01)
    def hangs() -> str:
        """Hang."""
        release.wait(PATIENCE_S)
        return "late"

    return hangs


async def test_a_tool_that_hangs_in_its_thread_holds_up_no_other_and_is_not_begun_for_ever() -> (
    None
):
    release = threading.Event()
    hangs = [call("hangs", f"c{n}") for n in range(AT_WORK + 2)]
    quick = call("calculator", "q", expression="40+2")
    again = [wants(call("hangs")), SAYS]
    shop = Workshop([wants(*hangs), wants(quick), SAYS, *again], tools={"hangs": hanging(release)})
    said = results(await replied(shop))
    assert "42" in said[-1], "its threads are given up, and others run"
    assert all("took longer" in each or "Earlier calls" in each for each in said[:-1])
    assert "Earlier calls still work" in results(await replied(shop))[0]
    release.set()
    assert MAX_LEFT_OF_ONE < AT_WORK


async def test_a_tool_that_does_not_heed_stop_is_left_behind() -> None:
    began, release = asyncio.Event(), asyncio.Event()

    async def deaf() -> str:
        """Do not listen."""
        while not release.is_set():
            try:
                began.set()
                await release.wait()
            except asyncio.CancelledError:
                continue
        return "at last"

    shop = Workshop([wants(call("deaf")), SAYS], tools={"deaf": deaf})
    conversation = await shop.begin(tools_on=True)
    started = await shop.ask(conversation, "go")
    await shop.until(began)
    assert shop.engine.stop(ME, started.reply_id)
    assert (await shop.answer(started)).status == "stopped"
    release.set()


@pytest.mark.parametrize(
    "off", [{"tools_on": False}, {"tool_policy": {"calculator": "deny", "switch": "deny"}}]
)
async def test_what_is_switched_off_while_a_turn_runs_is_off_from_the_next_round_on(
    off: dict[str, Any],
) -> None:
    changed = asyncio.Event()

    async def switch() -> str:
        """Wait until somebody has switched it off."""
        await shop.settings.change(ME, conversation.id, off)
        changed.set()
        return "off"

    second = wants(call("calculator", "c2", expression="1+1"))
    shop = Workshop([wants(call("switch")), second, SAYS], tools={"switch": switch})
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "go"))
    assert changed.is_set()
    assert results(reply) == ["off", "There is no tool named 'calculator' here."]
    first, *later = [[spec.name for spec in each.tools] for each in shop.provider.requests]
    assert "calculator" in first
    assert not any("calculator" in names or "switch" in names for names in later)


async def test_a_call_that_was_made_before_tools_were_switched_off_is_not_run() -> None:
    gate = asyncio.Event()
    ran: list[int] = []

    def acts() -> str:
        """Act."""
        ran.append(1)
        return "done"

    shop = Workshop([[call("acts"), Wait(gate), WANTS], SAYS], tools={"acts": acts})
    conversation = await shop.begin(tools_on=True)
    started = await shop.ask(conversation, "go")
    await shop.settings.change(ME, conversation.id, {"tools_on": False})
    gate.set()
    reply = await shop.answer(started)
    assert results(reply) == ["Tools were switched off meanwhile, so this was not run."]
    assert ran == []


async def test_stopped_in_the_midst_what_was_done_by_then_is_kept_and_what_acted_is_told() -> None:
    began = asyncio.Event()

    async def looks() -> str:
        """Look."""
        return "seen"

    @with_facts(policy="ask")
    async def acts() -> str:
        """Act."""
        began.set()
        await asyncio.Event().wait()
        return "never"

    tools = {"looks": looks, "acts": acts}
    calls = [call("acts", "a"), call("looks", "b")]
    shop = Workshop([wants(*calls), SAYS], tools=tools)
    conversation = await shop.begin(tools_on=True, allowed=["acts"])
    started = await shop.ask(conversation, "go")
    await shop.until(began)
    assert shop.engine.stop(ME, started.reply_id)
    reply = await shop.answer(started)
    assert reply.status == "stopped"
    said = [part for part in reply.parts if isinstance(part, ToolResult)]
    told = {part.call_id: plain_text(part.content) for part in said}
    assert told["a"] == "Stopped while it ran. It may have done its work."
    assert told.get("b", "seen") == "seen"


async def test_the_reply_keeps_how_long_each_call_was_at_work_and_of_what_was_not_run_nothing() -> (
    None
):
    shop = Workshop([wants(call("calculator", "a", expression="1+1"), call("nobody", "b")), SAYS])
    conversation = await shop.begin(tools_on=True)
    reply = await shop.answer(await shop.ask(conversation, "go"))
    ran, unknown = (part.took_s for part in reply.parts if isinstance(part, ToolResult))
    assert ran is not None
    assert ran >= 0
    assert unknown is None
