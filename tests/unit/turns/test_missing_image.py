"""Words where a picture was plainly asked for are noticed; a plain question is never nagged."""

import pytest

from chat.core.messages import Finish, Message
from chat.core.models import ModelCard
from chat.core.parts import Image, MediaRef, Part, Text
from chat.turns.missing_image import NO_PICTURE, asks_for_picture, noticed

CARD = ModelCard("m", "e", "w", "M")
PICTURE = Image(MediaRef("a" * 64, "image/png", 1, 1, 1), "upload")
WORDS: tuple[Part, ...] = (Text("I cannot see why not."),)


def question(text: str, *, picture: bool = False) -> Message:
    parts: tuple[Part, ...] = (PICTURE, Text(text)) if picture else (Text(text),)
    return Message("q", "c", None, "user", parts)


@pytest.mark.parametrize(
    "text",
    [
        "Draw a red fox",
        "Please paint me a lighthouse at dusk",
        "Could you sketch a chair?",
        "Make a picture of a fox",
        "Create an image: a city at night",
        "generate a photo of a bowl of soup",
        "I want a poster for our party",
        "Show me an illustration of the water cycle",
        "Design a logo for a bakery called Crumb",
        "Redraw it with a hat",
    ],
)
def test_a_wish_to_draw_is_seen(text: str) -> None:
    assert asks_for_picture(question(text))


@pytest.mark.parametrize(
    "text",
    [
        "Make the sofa green",
        "Remove the people in the background",
        "Turn it into a watercolour",
        "now crop it to the face",
        "Could you brighten it?",
    ],
)
def test_a_wish_to_change_a_picture_is_seen_where_there_is_one(text: str) -> None:
    assert asks_for_picture(question(text, picture=True))


@pytest.mark.parametrize(
    "text",
    [
        "What is in this picture?",
        "Describe this image",
        "How do I draw a fox?",
        "Who painted this?",
        "Is this photo edited?",
        "Write a prompt for a picture of a fox",
        "Give me a caption for this photo",
        "Make a list of famous paintings",
        "Tell me how to change the colour",
        "Draw a conclusion from these figures",
        "Answer without any picture",
        "Don’t draw anything, just talk",
        "Translate the text in the image",
        "Hello there",
        "",
    ],
)
def test_a_plain_question_is_left_alone(text: str) -> None:
    assert not asks_for_picture(question(text, picture=True))


def test_the_nudge_says_so_and_offers_to_ask() -> None:
    finish = noticed(Finish("stop", "STOP"), CARD, question("Draw a fox"), WORDS)
    assert finish == Finish("stop", "STOP", NO_PICTURE, "unknown", ("ask_picture",))


def test_what_the_provider_said_is_not_talked_over() -> None:
    finish = noticed(Finish("stop", message="Size was set."), CARD, question("Draw a fox"), WORDS)
    assert (finish.message, finish.actions) == ("Size was set.", ("ask_picture",))


def test_a_model_that_only_draws_owes_a_picture_whatever_was_asked() -> None:
    only = ModelCard("m", "e", "w", "M", output_modalities=("image",))
    assert noticed(Finish("stop"), only, question("A red fox"), WORDS).actions == ("ask_picture",)


@pytest.mark.parametrize(
    ("finish", "card", "parts"),
    [
        (Finish("stop"), CARD, (*WORDS, PICTURE)),
        (Finish("stop"), ModelCard("m", "e", "w", "M", output_modalities=("text",)), WORDS),
        (Finish("blocked"), CARD, WORDS),
        (Finish("length"), CARD, WORDS),
        (Finish("stop"), CARD, ()),
    ],
)
def test_nothing_is_said_where_nothing_is_missing(
    finish: Finish, card: ModelCard, parts: tuple[Part, ...]
) -> None:
    assert noticed(finish, card, question("Draw a fox"), parts) is finish
