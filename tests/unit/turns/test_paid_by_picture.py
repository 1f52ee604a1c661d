"""A model that charges by the picture costs what the pictures of its reply cost."""

from dataclasses import replace

import pytest

from chat.core.events import ImageBytes, TextDelta
from chat.core.models import Prices
from chat.providers.scripted import Script
from tests.unit.turns.workshop import CARD, DONE, Workshop, png


@pytest.mark.parametrize(("drawn", "cost_usd"), [(0, None), (1, 0.04), (2, 0.08)])
async def test_each_picture_of_a_reply_is_on_the_bill(drawn: int, cost_usd: float | None) -> None:
    colours = ["red", "green"][:drawn]
    script: Script = [TextDelta("Here."), *(ImageBytes(png(colour)) for colour in colours), DONE]
    workshop = Workshop([script], replace(CARD, prices=Prices(per_image_usd=0.04)))
    reply = await workshop.answer(await workshop.ask(await workshop.begin(), "draw"))
    assert reply.cost_usd == cost_usd
