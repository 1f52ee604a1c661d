"""The small sentences of a painting conversation, each with what the picture then shows."""

import pytest

from tests.unit.sketch.conversation import Talk
from tests.unit.sketch.living_room import sample_photo


@pytest.mark.deep
@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("a dog", "make the dog bluer", "a blue dog"),
        ("a dog", "now in winter", "a dog with snow"),
        ("a dog", "two more dogs", "three dogs"),
        ("a dog", "three more", "four dogs"),
        ("a dog", "make it a cat instead", "a cat"),
        ("a dog", "change it to a cat", "a cat"),
        ("a dog and a cat", "move the cat to the left", "a dog and a cat on the left"),
        ("a dog and a car", "remove the car", "a dog"),
        ("a dog and a cat", "no cat", "a dog"),
        ("a dog", "make it bigger", "a large dog"),
        ("a house and two trees", "without any trees", "a house"),
        ("a house and two trees", "make the trees bigger", "a house and two large trees"),
        ("a house and a cat", "put the cat on the house", "a cat on a house"),
        ("a house", "put a cat on the roof", "a cat on a house"),
        ("a cat", "put the cat on a sofa", "a cat on a sofa"),
        ("a cat", "the cat should be black", "a black cat"),
        ("a sofa", "the sofa in red", "a red sofa"),
        ("a house", "a bigger house", "a large house"),
        ("a house", "bigger", "a large house"),
        ("a house", "make it stormy", "a house with a storm"),
        (
            "a cat and a house",
            "make the house bigger and the cat smaller",
            "a small cat and a large house",
        ),
        ("a horse", "add a hat and a cat to the horse", "a horse and a cat"),
    ],
)
async def test_a_change_leaves_the_picture_that_was_meant(
    before: str, words: str, after: str
) -> None:
    talk = Talk()
    await talk.ask(before)
    assert (await talk.ask(words)).shown[0].alt == f"Painting: {after}."


@pytest.mark.parametrize(("words", "channel"), [("make it bluer", 2), ("redder", 0)])
async def test_a_picture_moves_towards_a_colour(words: str, channel: int) -> None:
    talk = Talk()
    first = (await talk.ask("greyscale", sample_photo())).picture
    tinted = (await talk.ask(words)).picture
    others = [k for k in range(3) if k != channel]
    assert first[..., channel].mean() == pytest.approx(first[..., others].mean())
    assert tinted[..., channel].mean() > tinted[..., others].mean() + 10


async def test_a_thing_named_twice_is_described_once() -> None:
    assert "a cat on a sofa:" in (await Talk().ask("a cat on the sofa")).text


async def test_removing_what_is_not_there_says_so() -> None:
    talk = Talk()
    await talk.ask("a dog")
    reply = await talk.ask("remove the car")
    assert "There is no car" in reply.text
    assert reply.shown == []


async def test_what_was_asked_for_at_once_is_done_at_once() -> None:
    (shown,) = (await Talk().ask('a house with the caption "Home" at the top')).shown
    assert shown.alt == "Painting: a house, with the words “Home”."


async def test_the_end_of_the_rain_is_not_more_rain() -> None:
    talk = Talk()
    await talk.ask("a dog in the rain")
    for words in ("stop the rain", "remove the rain"):
        reply = await talk.ask(words)
        assert "it rains" not in reply.text
    assert "There is no rain" in reply.text


async def test_a_wish_that_cannot_be_seen_is_not_called_done() -> None:
    talk = Talk()
    await talk.ask("a dog on a beach")
    reply = await talk.ask("make the wall blue")
    assert "change nothing that can be seen" in reply.text
    assert reply.shown == []


async def test_only_a_part_cannot_be_blurred_and_the_whole_is_left_alone() -> None:
    reply = await Talk().ask("blur the background", sample_photo())
    assert "only “background”" in reply.text
    assert reply.shown == []


async def test_no_is_the_beginning_of_another_wish() -> None:
    talk = Talk()
    await talk.ask("a dog")
    assert (await talk.ask("no, a cat")).shown[0].alt == "Painting: a cat."


@pytest.mark.parametrize("words", ["make it more realistic", "draw a hat on the dog"])
async def test_an_unknown_wish_is_named_and_the_picture_kept(words: str) -> None:
    talk = Talk()
    await talk.ask("a dog")
    reply = await talk.ask(words)
    assert "I do not know" in reply.text
    assert reply.shown == []
