"""Stories and recipes: the heroes, the pot and the number of steps that were asked for."""

import pytest

from tests.unit.sketch.conversation import Talk


async def test_a_soup_is_cooked_in_a_pot_from_what_it_is_made_of() -> None:
    reply = await Talk().ask("an illustrated recipe for tomato soup in 8 steps")
    alts = " ".join(shown.alt for shown in reply.shown)
    for seen in ("three tomatoes", "pot", "plate of soup"):
        assert seen in alts
    assert "apple" not in alts
    assert "180" not in reply.text
    assert "oven" not in reply.text


async def test_a_plural_dish_is_told_in_the_plural() -> None:
    text = (await Talk().ask("a recipe for pancakes in 8 steps")).text
    assert "Fry them" in text
    assert "they are fresh" in text
    assert "180" not in text


@pytest.mark.parametrize(
    ("wish", "pairs", "note"),
    [("20 steps", 8, "8 steps are the most"), ("0 steps", 1, "the least")],
)
async def test_a_number_out_of_bounds_is_bounded_and_that_is_said(
    wish: str, pairs: int, note: str
) -> None:
    reply = await Talk().ask(f"a story about a fox in {wish}")
    assert len(reply.shown) == pairs
    assert note in reply.text


async def test_the_hero_is_called_what_the_user_called_it() -> None:
    text = (await Talk().ask("a story about a wolf and a girl in 8 steps")).text
    assert "# The wolf" in text
    assert "By the water sat a girl" in text


async def test_a_hero_that_cannot_be_painted_is_not_swapped_in_silence() -> None:
    text = (await Talk().ask("a story about a dragon in 1 step")).text
    assert "“dragon”" in text
    assert "hero instead" in text


async def test_the_same_with_another_number_of_steps() -> None:
    talk = Talk()
    await talk.ask("a recipe for carrot soup in 2 steps")
    for words in ("the same with 3 steps", "in 3 steps"):
        reply = await talk.ask(words)
        assert len(reply.shown) == 3
        assert "# Carrot soup" in reply.text
        assert "*the same with 5 steps*" in reply.text
        assert [shown.caption for shown in reply.shown][::2] == ["Set everything out", "Serve"]


async def test_a_story_goes_on_with_the_same_heroes() -> None:
    talk = Talk()
    first = await talk.ask("a story about a robot in 2 steps")
    more = await talk.ask("continue the story")
    assert "# The robot" in more.text
    assert not set(first.text.split("\n## ")[1:]) & set(more.text.split("\n## ")[1:])
