"""Undo, again, start over: nobody loses an earlier picture."""

from tests.unit.sketch.conversation import Talk
from tests.unit.sketch.living_room import sample_photo


async def test_undo_shows_the_earlier_picture_and_work_goes_on_from_it() -> None:
    talk = Talk()
    first = (await talk.ask("a dog")).shown[0]
    await talk.ask("add a cat")
    back = (await talk.ask("undo")).shown[0]
    assert back.data == first.data
    assert (await talk.ask("add a tree")).shown[0].alt == "Painting: a dog and a tree."


async def test_undo_twice_goes_back_twice() -> None:
    talk = Talk()
    first = (await talk.ask("a dog")).shown[0]
    await talk.ask("add a cat")
    await talk.ask("add a tree")
    await talk.ask("undo")
    assert (await talk.ask("go back")).shown[0].data == first.data


async def test_the_uploaded_photo_comes_back_untouched() -> None:
    talk = Talk()
    photo = sample_photo()
    await talk.ask("greyscale", photo)
    await talk.ask("add a border")
    assert (await talk.ask("go back to the first one")).shown[0].data == photo


async def test_undo_without_a_past_says_so() -> None:
    reply = await Talk().ask("undo")
    assert "nothing to go back to" in reply.text
    assert reply.shown == []


async def test_again_paints_the_same_things_differently() -> None:
    talk = Talk()
    first = (await talk.ask("three trees and a house")).shown[0]
    for words in ("again", "another one"):
        (other,) = (await talk.ask(words)).shown
        assert other.alt == first.alt
        assert other.data != first.data


async def test_a_new_start_forgets_the_picture() -> None:
    talk = Talk()
    await talk.ask("a dog")
    await talk.ask("start over")
    assert "no picture to edit" in (await talk.ask("make it darker")).text


async def test_words_on_a_scene_can_be_taken_off_again() -> None:
    talk = Talk()
    before = (await talk.ask("a dog")).shown[0]
    written = (await talk.ask('add a text saying "Rex"')).shown[0]
    assert "“Rex”" in written.alt
    # The scene under the words can still be changed.
    assert "“Rex”" in (await talk.ask("make the dog black")).shown[0].alt
    await talk.ask("undo")
    assert (await talk.ask("remove the text")).shown[0].data == before.data
