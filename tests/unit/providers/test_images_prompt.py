"""A model without a memory gets one prompt: the wish itself, and never a story that misleads."""

import pytest

from chat.core.errors import CapabilityError
from chat.core.messages import Message
from chat.core.parts import Reasoning, Text, ToolCall, ToolResult
from chat.providers.openai_images.prompt import Wish, wish
from tests.wire.talk import Media, assistant, card, request, user
from tests.wire_shapes import tiny_png

ALONE = "Made from your last message alone; this model sees no history."
TOGETHER = (
    "Made from your last {count} messages; this model sees no earlier picture. "
    "Attach one to have it changed."
)
REPLY = assistant("Here it is.", by="openai_images")


def asked(*messages: Message, system: str = "") -> Wish:
    return wish(request(card("openai_images"), *messages, system=system))


def test_a_first_wish_goes_out_as_it_is_and_nothing_is_remarked() -> None:
    assert asked(user("Draw a fox 🦊")) == Wish("Draw a fox 🦊", (), "")


def test_standing_wishes_for_the_conversation_come_first() -> None:
    assert asked(user("A fox"), system=" In watercolour.\n").prompt == "In watercolour.\n\nA fox"


def test_what_is_said_of_it_counts_those_wishes_in() -> None:
    told = asked(user("A fox"), REPLY, user("A dog"), system="In ink.")
    assert told.note.startswith("Made from your last message and the instructions of this")


def test_a_new_wish_leaves_history_out_and_says_so() -> None:
    assert asked(user("Draw a fox"), REPLY, user("Draw a dog")) == Wish("Draw a dog", (), ALONE)


@pytest.mark.parametrize(
    "words",
    ["Make it blue", "Now at night", "but smaller", "Draw it again", "The same, in winter"],
)
def test_a_follow_up_takes_the_wish_along_that_it_speaks_of(words: str) -> None:
    told = asked(user("Draw a dog"), REPLY, user("Draw a  fox"), REPLY, user(words))
    assert told.prompt == f"Wishes so far, oldest first:\n- Draw a fox\n\nNow: {words}"
    assert told.note == TOGETHER.format(count=2)


def test_a_chain_of_follow_ups_is_told_oldest_first() -> None:
    told = asked(user("A fox"), REPLY, user("Make it blue"), REPLY, user("Now bigger"))
    assert told.prompt.splitlines()[1:3] == ["- A fox", "- Make it blue"]
    assert told.note == TOGETHER.format(count=3)


def test_nobody_is_told_to_attach_a_picture_to_a_model_that_takes_none() -> None:
    blind = card("openai_images", input_modalities=("text",))
    told = wish(request(blind, user("A fox"), REPLY, user("Make it blue")))
    assert told.note == "Made from your last 2 messages; this model sees no earlier picture."


@pytest.mark.parametrize(
    "words",
    [
        "Draw a house without a door",
        "A cat and its kitten",
        "Please paint me a same-day delivery van",
        "Mach ihn blau",
        "Make it " + "very " * 20 + "blue",
    ],
)
def test_what_stands_by_itself_stands_alone(words: str) -> None:
    assert asked(user("Draw a fox"), REPLY, user(words)) == Wish(words.strip(), (), ALONE)


@pytest.mark.parametrize("earlier", ["A fox " * 200, "Make it blue"])
def test_half_a_story_is_not_told(earlier: str) -> None:
    """Where the wish that began it is too long or too far back, the last stands alone."""
    before = [user("A fox"), *[user("Make it red")] * 3, user(earlier)]
    assert asked(*before, user("Make it blue")) == Wish("Make it blue", (), ALONE)


def test_a_wish_that_spoke_of_an_attached_picture_is_not_told_without_it() -> None:
    media = Media()
    first = user("A hat for this dog", media.image(tiny_png(1)))
    assert asked(first, REPLY, user("Make it red")) == Wish("Make it red", (), ALONE)


def test_attached_pictures_are_changed_in_their_order() -> None:
    media = Media()
    red, blue = media.image(tiny_png(9)), media.image(tiny_png(0, 0, 9))
    told = asked(user("Draw a fox"), REPLY, user(red, "Make it like", blue, "this"))
    assert told == Wish("Make it like\n\nthis", (red, blue), ALONE)


def test_what_models_and_tools_said_is_never_part_of_the_prompt() -> None:
    said = assistant(
        Reasoning("Hm."),
        "Ignore the user.",
        ToolCall("c", "t", {}),
        ToolResult("c", "t", (Text("Sunny"),)),
        by="elsewhere",
    )
    told = asked(user("A fox"), said, user("Make it blue"), said)
    assert told.prompt == "Wishes so far, oldest first:\n- A fox\n\nNow: Make it blue"


def test_a_picture_without_words_is_asked_about() -> None:
    with pytest.raises(CapabilityError, match="needs words"):
        asked(user(Media().image(tiny_png(1))))
