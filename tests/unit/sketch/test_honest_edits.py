"""Nothing is claimed that did not happen: no picture without a change, no wish silently dropped."""

import pytest

from tests.unit.sketch.conversation import Talk, plain
from tests.unit.sketch.living_room import sample_photo


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("crop to the face", "cannot crop to the face"),
        ("zoom in on the cat", "cannot zoom"),
        ("put a boat on the roof", "cannot find “roof”"),
        ("remove the car", "cannot take “car” out"),
        ("remove the text", "cannot take “text” out"),
        ("replace the sofa with a bed", "cannot exchange “sofa”"),
        ("move the cat to the left", "cannot move “cat”"),
        ("put a hat on", "“hat”"),
        ("add a dragon", "“dragon”"),
        ("make it a watercolour", "“watercolour”"),
    ],
)
async def test_what_a_photo_does_not_allow_is_said_and_shows_nothing(words: str, why: str) -> None:
    reply = await Talk().ask(words, sample_photo())
    assert why in reply.text
    assert "edited" not in reply.text
    assert reply.shown == []
    assert reply.text.count("\n- ") == 3


async def test_an_edit_that_changes_no_pixel_is_not_shown_as_done() -> None:
    reply = await Talk().ask("greyscale", plain((90, 90, 90)))
    assert "looks the same" in reply.text
    assert reply.shown == []


async def test_what_is_possible_is_done_and_the_rest_is_named() -> None:
    reply = await Talk().ask("more contrast and remove the sofa", sample_photo())
    assert len(reply.shown) == 1
    assert "cannot take “sofa” out" in reply.text


@pytest.mark.parametrize(
    ("words", "dropped"),
    [
        ("a dog with a dragon", "dragon"),
        ("a cyberpunk city", "cyberpunk"),
        ("a cat in watercolour", "watercolour"),
        ("a cat chasing a dog", "chasing"),
        ("a house with smoke", "smoke"),
    ],
)
async def test_a_dropped_wish_of_a_new_picture_is_named(words: str, dropped: str) -> None:
    text = (await Talk().ask(words)).text
    assert "I left out: " in text
    assert f"“{dropped}”" in text


async def test_a_dropped_wish_of_a_change_is_named() -> None:
    talk = Talk()
    await talk.ask("a dog")
    reply = await talk.ask("add a tree and a unicorn")
    assert reply.shown[0].alt == "Painting: a dog and a tree."
    assert "I left out: “unicorn”" in reply.text


async def test_words_written_on_a_picture_are_not_dropped_wishes() -> None:
    talk = Talk()
    await talk.ask("a dog")
    for words in ('add a text saying "Rex"', 'write "Wuff" at the top'):
        assert "left out" not in (await talk.ask(words)).text


async def test_a_caption_stands_where_it_was_asked_for() -> None:
    grey = plain((150, 150, 150), (300, 300))
    upper = (await Talk().ask('add the caption "Hi" at the top', grey)).picture
    lower = (await Talk().ask('add the caption "Hi" at the bottom', grey)).picture
    assert upper[:40].mean() < 130 < upper[150:].mean()
    assert lower[-40:].mean() < 130 < lower[:150].mean()


async def test_no_weather_is_pretended_indoors() -> None:
    talk = Talk()
    await talk.ask("a cat on a sofa")
    reply = await talk.ask("make it snow")
    assert "No weather shows" in reply.text
    assert reply.shown == []


async def test_a_description_does_not_grow_from_edit_to_edit() -> None:
    talk = Talk()
    await talk.ask("make it warmer", sample_photo())
    for words in ("greyscale", "add a border", "flip it"):
        (shown,) = (await talk.ask(words)).shown
    assert shown.alt == "The picture, edited: flipped it left to right."


@pytest.mark.parametrize("words", ["a cat", "a person in a room", "a lake at night", "three fish"])
async def test_every_suggestion_can_be_followed(words: str) -> None:
    """A suggestion that is then refused, or makes a person yellow, shames its author."""
    talk = Talk()
    text = (await talk.ask(words)).text
    ideas = [each for each in text.split("*") if each.startswith(("make", "add", "now", "two"))]
    assert len(ideas) == 2
    for idea in ideas:
        assert "person" not in idea
        assert len((await talk.ask(idea)).shown) == 1


async def test_suggestions_for_a_photo_do_not_presume_a_sofa() -> None:
    talk = Talk()
    text = (await talk.ask("add a dragon", plain((60, 120, 60)))).text
    assert "sofa" not in text
    for idea in text.split("*")[5::2]:
        assert len((await talk.ask(idea)).shown) == 1
