"""A tool that asks the user in the middle of its call: asked once, answered once, not for ever."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from chat.core.errors import CapabilityError, Conflict, NotFound
from chat.core.events import TextDelta, UserAnswered, UserAsked
from chat.core.parts import Json
from chat.core.tools import ToolContext
from chat.tools.schema import with_facts
from chat.turns.engine import Started
from chat.turns.questions import MAX_OPEN
from tests.scripted import Script
from tests.unit.turns.acting import call, results, wants
from tests.unit.turns.clockwork import Clockwork
from tests.unit.turns.workshop import DONE, ME, Workshop

SAYS: Script = [TextDelta("There."), DONE]
FORM: dict[str, Json] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": "Your name", "minLength": 2},
        "guests": {"type": "integer", "minimum": 1, "maximum": 8, "default": 2},
        "late": {"type": "boolean"},
        "table": {"type": "string", "enum": ["in", "out"], "enumNames": ["Inside", "Outside"]},
    },
    "required": ["name"],
}


def asking(form: dict[str, Json] = FORM, times: int = 1) -> Callable[..., Any]:
    @with_facts(source="Bistro", timeout_s=5.0)
    async def books(context: ToolContext) -> str:
        """Book a table.

        Args:
            context: to ask.
        """
        asked = [context.ask("For how many?", form) for _ in range(times)]
        return str(await asyncio.gather(*asked))

    return books


@asynccontextmanager
async def asked(
    times: int = 1, form: dict[str, Json] = FORM, **more: Any
) -> AsyncIterator[tuple[Workshop, Started, list[UserAsked]]]:
    """A reply whose tool waits for the user."""
    shop = Workshop([wants(call("books")), SAYS], tools={"books": asking(form, times)}, **more)
    started = await shop.ask(await shop.begin(tools_on=True), "book")
    open_: list[UserAsked] = []
    job = shop.jobs.get(started.reply_id)
    assert job is not None
    async for batch in job.watch():
        open_ += [event for event in batch if isinstance(event, UserAsked)]
        if len(open_) == times:
            break
    yield shop, started, open_
    await shop.engine.close()


async def answer(shop: Workshop, started: Started, asked_: UserAsked, values: Any) -> None:
    await shop.engine.decisions.answer_question(ME, started.reply_id, asked_.id, values)


async def test_what_was_filled_in_reaches_the_tool_and_what_is_empty_is_left_out() -> None:
    async with asked() as (shop, started, (one,)):
        assert (one.title, one.source, one.message) == ("Books", "Bistro", "For how many?")
        assert [field.label for field in one.fields] == ["Your name", "guests", "late", "table"]
        await answer(shop, started, one, {"name": "Ada", "guests": 4, "late": False, "table": ""})
        reply = await shop.answer(started)
    assert results(reply) == ["[{'name': 'Ada', 'guests': 4, 'late': False}]"]


async def test_who_declines_or_does_not_answer_in_time_gives_nothing() -> None:
    async with asked() as (shop, started, (one,)):
        await answer(shop, started, one, None)
        assert results(await shop.answer(started)) == ["[None]"]
    clock = Clockwork()
    async with asked(clock=clock) as (shop, started, _):
        clock.wind(shop.patience.total_seconds())
        assert results(await shop.answer(started)) == ["[None]"]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "“Your name” must be filled in."),
        ({"name": "A"}, "“Your name” must have at least 2 characters."),
        ({"name": "Ada", "guests": 9}, "“guests” must be at most 8."),
        ({"name": "Ada", "guests": 2.5}, "“guests” must be a whole number."),
        ({"name": "Ada", "guests": True}, "“guests” must be a whole number."),
        ({"name": "Ada", "guests": 10**400}, "“guests” must be a whole number."),
        ({"name": "Ada", "guests": float("nan")}, "“guests” must be a whole number."),
        ({"name": "Ada", "late": "yes"}, "“late” is on or off."),
        ({"name": "Ada", "table": "roof"}, "“table” is one of its choices."),
        ({"name": "Ada", "tip": 5}, "The form has no field of that name."),
    ],
)
async def test_what_does_not_fit_the_form_is_said_and_the_question_stays_open(
    values: dict[str, Any], words: str
) -> None:
    async with asked() as (shop, started, (one,)):
        with pytest.raises(CapabilityError) as refused:
            await answer(shop, started, one, values)
        assert str(refused.value) == words
        await answer(shop, started, one, {"name": "Ada"})
        assert results(await shop.answer(started)) == ["[{'name': 'Ada'}]"]


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "integer", "minimum": 10**400, "maximum": float("nan"), "default": 10**400},
        {"type": "string", "format": ["date"]},
        {"type": "string", "format": {}},
    ],
)
async def test_what_makes_no_sense_in_a_form_is_left_out_and_the_user_is_asked(
    odd: dict[str, Json],
) -> None:
    form: dict[str, Json] = {"type": "object", "properties": {"odd": odd}}
    async with asked(form=form) as (shop, started, (one,)):
        (field,) = one.fields
        assert (field.least, field.most, field.default, field.format) == (None, None, None, "")
        await answer(shop, started, one, {})
        assert results(await shop.answer(started)) == ["[{}]"]


@pytest.mark.parametrize("choices", [5, {"const": "a"}, "abc", [7]])
async def test_choices_that_are_none_are_the_tools_mistake(choices: Json) -> None:
    form: dict[str, Json] = {
        "type": "object",
        "properties": {"odd": {"type": "string", "oneOf": choices}},
    }
    shop = Workshop([wants(call("books")), SAYS], tools={"books": asking(form)})
    started = await shop.ask(await shop.begin(tools_on=True), "book")
    said = results(await shop.answer(started))
    assert said == ["The choices of the form cannot be read."]


async def test_a_question_is_answered_once_and_by_its_owner() -> None:
    async with asked() as (shop, started, (one,)):
        with pytest.raises(NotFound):
            await shop.engine.decisions.answer_question("mallory", started.reply_id, one.id, None)
        with pytest.raises(Conflict):
            await shop.engine.decisions.answer_question(ME, started.reply_id, "0" * 32, None)
        await answer(shop, started, one, None)
        with pytest.raises(Conflict, match="answered already"):
            await answer(shop, started, one, {"name": "Ada"})
        await shop.answer(started)
        with pytest.raises(NotFound):
            await answer(shop, started, one, None)


async def test_stop_takes_the_question_back() -> None:
    async with asked() as (shop, started, (one,)):
        job = shop.jobs.get(started.reply_id)
        assert job is not None
        shop.engine.stop(ME, started.reply_id)
        assert (await shop.answer(started)).status == "stopped"
        events = [event async for batch in job.watch() for event in batch]
        assert UserAnswered(one.id) in events


async def test_several_questions_are_open_at_once_but_not_any_number() -> None:
    async with asked(times=MAX_OPEN) as (shop, started, open_):
        for each in reversed(open_):
            await answer(shop, started, each, {"name": each.id[:4]})
        said = results(await shop.answer(started))
    assert said == [str([{"name": each.id[:4]} for each in open_])]
    shop = Workshop([wants(call("books")), SAYS], tools={"books": asking(times=MAX_OPEN + 1)})
    started = await shop.ask(await shop.begin(tools_on=True), "book")
    assert results(await shop.answer(started)) == ["Too many questions are open already."]


async def test_the_time_of_a_tool_stands_still_while_the_user_thinks() -> None:
    """Its own five seconds pass on the clock of the loop, which a test can put forward."""
    loop = asyncio.get_running_loop()
    passed, time = 0.0, loop.time
    loop.time = lambda: time() + passed  # type: ignore[method-assign]
    try:
        async with asked(clock=Clockwork()) as (shop, started, (one,)):
            passed += 300
            await asyncio.sleep(0)
            await answer(shop, started, one, {"name": "Ada"})
            assert results(await shop.answer(started)) == ["[{'name': 'Ada'}]"]
    finally:
        del loop.time


async def test_a_form_that_cannot_be_read_fails_the_call_in_words() -> None:
    shop = Workshop([wants(call("books")), SAYS], tools={"books": asking({"type": "string"})})
    started = await shop.ask(await shop.begin(tools_on=True), "book")
    assert results(await shop.answer(started)) == ["The form is no JSON Schema of an object."]
