"""A model that charges by the picture costs what the pictures cost that it made, kept or not."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import pytest

from chat.core.calling import ModelRequest, NullGuardrails
from chat.core.events import ImageBytes, ProviderEvent, TextDelta
from chat.core.models import Prices
from chat.core.parts import pictures
from tests.scripted import Script
from tests.unit.turns.exchange import card, exchange
from tests.unit.turns.workshop import CARD, DONE, Workshop, png
from tests.wire_shapes import openai_stream

BY_PICTURE = Prices(per_image_usd=0.04)


class Prudish(NullGuardrails):
    """Shows no picture but the first."""

    async def screen(
        self, request: ModelRequest, events: AsyncGenerator[ProviderEvent, None]
    ) -> AsyncGenerator[ProviderEvent, None]:
        shown = 0
        async with aclosing(super().screen(request, events)) as seen:
            async for event in seen:
                shown += isinstance(event, ImageBytes)
                held = isinstance(event, ImageBytes) and shown > 1
                yield TextDelta("[Held back.]") if held else event


@pytest.mark.parametrize(("drawn", "cost_usd"), [(0, None), (1, 0.04), (2, 0.08)])
async def test_each_picture_of_a_reply_is_on_the_bill(drawn: int, cost_usd: float | None) -> None:
    colours = ["red", "green"][:drawn]
    script: Script = [TextDelta("Here."), *(ImageBytes(png(colour)) for colour in colours), DONE]
    workshop = Workshop([script], replace(CARD, prices=BY_PICTURE))
    reply = await workshop.answer(await workshop.ask(await workshop.begin(), "draw"))
    assert reply.cost_usd == cost_usd


async def test_a_picture_that_could_not_be_kept_was_paid_for() -> None:
    script: Script = [ImageBytes(png()), ImageBytes(b"no picture at all"), DONE]
    workshop = Workshop([script], replace(CARD, prices=BY_PICTURE))
    reply = await workshop.answer(await workshop.ask(await workshop.begin(), "draw"))
    assert len(pictures(reply.parts)) == 1
    assert reply.cost_usd == 0.08


async def test_a_picture_that_was_held_back_was_paid_for_and_the_log_says_the_same() -> None:
    said = {"a": [openai_stream([png("red"), png("blue")], usage=None)]}
    cards = [card("a", prices=BY_PICTURE)]
    async with exchange(cards, said, guardrails=Prudish()) as (made, _):
        reply = await made.reply("draw two")
        assert len(pictures(reply.parts)) == 1
        assert reply.cost_usd == 0.08
        assert [call.cost_usd for call in made.book.calls] == [0.08]
