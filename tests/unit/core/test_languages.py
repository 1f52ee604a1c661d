"""In which language people are spoken to, and what becomes of a sentence there."""

import pytest

from chat.core import languages
from chat.core.languages import Catalogue, best_of, known, plural, resaid, say, speaking

DANISH = Catalogue(
    "da",
    {
        "free": ["gratis"],
        "{n} picture": ["{n} billede", "{n} billeder"],
        "There are {most} boards already. Delete one first.": ["{most} tavler er nok. Slet en."],
        "{title} {lacking}. Choose another model for it.": ["{title} {lacking}. Vælg en anden."],
        "cannot call tools": ["kan ikke bruge værktøj"],
        "Add it again.": ["Tilføj det igen."],
    },
)


@pytest.fixture(autouse=True)
def danish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "catalogue", lambda _: DANISH)


def test_words_are_english_where_nobody_chose_and_in_the_language_that_is_spoken() -> None:
    assert say("free") == "free"
    with speaking("da"):
        assert (say("free"), say("dear")) == ("gratis", "dear")
        assert [plural(n, "{n} picture", "{n} pictures") for n in (1, 2)] == [
            "1 billede",
            "2 billeder",
        ]
    assert plural(1, "{n} picture", "{n} pictures") == "1 picture"


def test_a_sentence_that_was_made_in_english_is_known_again_with_what_is_in_it() -> None:
    with speaking("da"):
        told = resaid("There are 20 boards already. Delete one first.")
        assert told == "20 tavler er nok. Slet en."
        told = resaid("Sketch 2 cannot call tools. Choose another model for it.")
        assert told == "Sketch 2 kan ikke bruge værktøj. Vælg en anden."
        assert resaid("The disk is upside down. Add it again.") == (
            "The disk is upside down. Tilføj det igen."
        )
        assert resaid("free as a bird") == "free as a bird"
        long = "x. " * 400 + "Add it again."
        assert resaid(long) == long, "no sentence of Easel's is so long"
        many = "x. " * 20 + "Add it again."
        assert resaid(many) == many, "nor are there so many in one text"


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("", "en"),
        ("xx,da;q=0.5", "en"),
        ("*", "en"),
        ("en-GB,de;q=0.9", "en"),
        ("fr;q=0,en", "en"),
        ("de;q=x,\x00", "en"),
        ("xx," * 20 + "de", "en"),
        ("x" * 1_000 + ",de", "en"),
    ],
)
def test_a_browser_is_answered_in_what_it_knows_best(accepted: str, spoken: str) -> None:
    assert best_of(accepted) == spoken


def test_made_up_languages_are_spoken_to_nobody_unless_a_test_says_so() -> None:
    assert known("en-XA") == known("xx") == ""
    assert known("en") == "en"
    assert known("en-XA", made_up=True) == "en-XA"
