"""What a reply cost, as the proxy states it: it knows the prices of its backends best."""

import pytest

from tests.litellm.backends import Plain, gemini_answer
from tests.litellm.conftest import Desk
from tests.wire.talk import finished
from tests.wire_shapes import gemini_stream, tiny_png

STORY: tuple[Plain, ...] = ("First a fox. ", tiny_png(200), "Then the sea.")
COST_USD = (10 + 258) * 0.5e-6 + (9 + 120) * 3e-6 + 1290 * 60e-6


async def test_tokens_and_what_they_cost_are_taken_over_from_a_stream(desk: Desk) -> None:
    desk.behind.says(gemini_stream(STORY))
    usage = finished(await desk.hears("chat", "Draw two")).usage
    assert usage is not None
    assert (usage.input_text_tokens, usage.input_image_tokens) == (10, 258)
    assert (usage.output_text_tokens, usage.output_image_tokens) == (9, 1290)
    assert usage.reasoning_tokens == 120
    assert usage.reported_cost_usd == pytest.approx(COST_USD)


async def test_the_cost_of_an_answer_in_one_piece_is_taken_from_its_header(desk: Desk) -> None:
    desk.behind.says(gemini_answer(*STORY))
    usage = finished(await desk.hears("chat-whole", "Draw two")).usage
    assert usage is not None
    assert usage.reported_cost_usd == pytest.approx(COST_USD)
