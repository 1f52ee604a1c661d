"""Sketch hears the wish of a question whose region is told in words, and not those words."""

from chat.core.parts import Text
from chat.images.edits import Box, MarkedRegion
from chat.turns.region_words import instruction
from tests.unit.sketch.conversation import CARD, Talk, hue, pixels
from tests.unit.sketch.living_room import sample_photo

SOFA = (slice(520, 640), slice(420, 840))


async def test_the_same_wish_is_heard_with_a_region_and_without() -> None:
    region = MarkedRegion(1200, 800, Box(400, 500, 500, 200), 0.1, "lower")
    alone, marked = Talk(), Talk(before=(Text(instruction(CARD, region)),))
    words = "make the sofa green"
    one = await alone.ask(words, sample_photo())
    other = await marked.ask(words, sample_photo())
    assert one.text == other.text
    assert 100 < hue(other.picture[SOFA]) < 170


async def test_words_in_brackets_that_a_user_wrote_are_words() -> None:
    reply = await Talk().ask("[make the sofa green]\n\n", sample_photo())
    assert abs(hue(reply.picture[SOFA]) - hue(pixels(sample_photo())[SOFA])) > 60
