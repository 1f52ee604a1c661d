"""With a picture in the conversation, other wishes are still heard as what they are."""

import pytest

from tests.unit.sketch.conversation import Talk, png
from tests.unit.sketch.living_room import sample_photo
from tests.unit.sketch.test_words import TOOLS


async def a_dog() -> Talk:
    talk = Talk()
    await talk.ask("a dog")
    return talk


@pytest.mark.parametrize(
    "words", ["Paint a cat", "a cat", "draw a cat instead", "new picture: a cat"]
)
async def test_a_new_picture_shows_only_what_it_was_asked_for(words: str) -> None:
    for talk in (await a_dog(), Talk()):
        if not talk.messages:
            await talk.ask("make it warmer", sample_photo())
        (shown,) = (await talk.ask(words)).shown
        assert shown.alt == "Painting: a cat."


async def test_an_explicit_edit_stays_an_edit_of_the_picture_at_hand() -> None:
    talk = await a_dog()
    first = talk.messages[-1].parts
    (shown,) = (await talk.ask("can you also add a cat, please?")).shown
    assert shown.alt == "Painting: a dog and a cat."
    assert first != talk.messages[-1].parts


async def test_a_greeting_and_a_call_for_help_are_no_edits() -> None:
    talk = await a_dog()
    assert (await talk.ask("hello")).text.startswith("Hello")
    assert "offline painter" in (await talk.ask("what can you do?")).text
    assert not (await talk.ask("thank you")).shown


async def test_a_question_gets_words_and_no_picture() -> None:
    talk = await a_dog()
    for words in ("what did you paint?", "who is the person", "is there a cat?", "Why a dog?"):
        reply = await talk.ask(words)
        assert reply.shown == []
        assert "a dog" in reply.text


async def test_a_question_about_the_world_is_declined_and_nothing_is_painted() -> None:
    reply = await (await a_dog()).ask("what is the capital of France?")
    assert "cannot answer" in reply.text
    assert reply.shown == []


@pytest.mark.parametrize("words", ["two plus two", "what time is it?", "what's 3 * 4"])
async def test_tools_are_asked_for_as_before_whether_on_or_off(words: str) -> None:
    talk = await a_dog()
    assert "Tools" in (await talk.ask(words)).text
    talk.tools = TOOLS
    assert len((await talk.ask(words)).calls) == 1


async def test_a_chart_without_numbers_asks_for_them() -> None:
    reply = await (await a_dog()).ask("draw a bar chart")
    assert "needs names with numbers" in reply.text
    assert reply.shown == []


async def test_a_story_is_told_beside_a_picture() -> None:
    reply = await (await a_dog()).ask("tell me a story about a robot in 2 steps")
    assert len(reply.shown) == 2
    assert "robot" in reply.text


async def test_a_language_without_a_table_is_told_which_are_understood() -> None:
    for words in ("czerwony dom proszę", "🦊🏠", "нарисуй кота"):
        reply = await Talk().ask(words)
        assert "only English, German, Spanish" in reply.text
        assert reply.text.count("\n- ") == 3
        assert reply.shown == []


async def test_a_heading_after_the_introduction_is_a_heading() -> None:
    """Without a blank line before it, Markdown shows the number sign itself."""
    for words in ("a story about a fox in 1 step", "a recipe for soup in 1 step"):
        before, sign, _ = (await Talk().ask(words)).text.partition("# ")
        assert sign
        assert before.endswith("\n\n")


async def test_a_picture_of_ours_that_is_attached_again_is_still_a_scene() -> None:
    talk = await a_dog()
    (shown,) = (await talk.ask("make the dog brown")).shown
    (again,) = (await talk.ask("add a cat", shown.data)).shown
    assert again.alt == "Painting: a brown dog and a cat."
    (new,) = (await talk.ask("paint a cat", shown.data)).shown
    assert new.alt == "Painting: a cat."


async def test_a_fresh_upload_is_edited_and_not_replaced() -> None:
    from PIL import Image

    data = png(Image.new("RGB", (320, 200), (120, 160, 200)))
    reply = await Talk().ask("paint a cat", data)
    assert reply.picture.shape[:2] == (200, 320)
