"""What is proposed after a refusal: the user's own words, and what the refusal asks for."""

import pytest

from chat.turns.rewording import ASK, asking_for_picture, reworded


@pytest.mark.parametrize(
    ("native", "asks"),
    [
        ("IMAGE_SAFETY", "family-friendly"),
        ("moderation_blocked", "family-friendly"),
        ("IMAGE_RECITATION", "Make it original"),
        ("SPII", "no real person"),
        ("content_filter", "no real person, brand or existing work"),
        ("", "family-friendly"),
    ],
)
def test_the_proposal_asks_for_what_the_reason_is_about(native: str, asks: str) -> None:
    proposal = reworded(native, "  A duel at dawn ")
    assert proposal.startswith("A duel at dawn\n\n")
    assert asks in proposal


@pytest.mark.parametrize(
    ("prompt", "without"),
    [
        ("A cat in the style of Jane Q. Painter", "Painter"),
        ("A cat in Painter’s style, asleep", "Painter"),
    ],
)
def test_a_borrowed_style_becomes_an_original_one(prompt: str, without: str) -> None:
    proposal = reworded("IMAGE_RECITATION", prompt)
    assert without not in proposal
    assert "A cat in an original style" in proposal


def test_a_style_that_is_nobody_s_stays() -> None:
    prompt = "A cat in the style of a woodcut"
    assert reworded("IMAGE_RECITATION", prompt).startswith(prompt)


@pytest.mark.parametrize("native", ["IMAGE_SAFETY", "IMAGE_RECITATION", "OTHER"])
def test_a_proposal_that_is_refused_again_does_not_grow(native: str) -> None:
    once = reworded(native, "A duel in the style of Painter")
    assert reworded(native, once) == once
    assert asking_for_picture(asking_for_picture("x")) == asking_for_picture("x")


def test_a_question_of_pictures_alone_gets_words() -> None:
    assert asking_for_picture("") == ASK
    assert reworded("SAFETY", " ").startswith("Keep it family-friendly")


def test_the_picture_is_asked_for_after_the_question_in_its_own_words() -> None:
    assert asking_for_picture("Eine Katze") == f"Eine Katze\n\n{ASK}"
