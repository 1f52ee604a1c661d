"""A conversation is called so that it is known again in a list, and taken for no other."""

import pytest

from chat.core.parts import File, Image, MediaRef, Part, Text
from chat.turns.conversation_titles import SEEN_CHARACTERS, title_of, told_apart

FOX = "Paint a red fox in the snow"
LONG = (
    "Write a fairy tale about a small hedgehog who wants to see the sea and meets many friends "
    "on the way there. Make it sad"
)

TITLES = [
    ("short words stay as they are", FOX, FOX),
    ("courtesy says nothing", "Could you please paint a red fox?", "Paint a red fox?"),
    ("nor does a greeting with it", "Hi, can you draw a cat", "Draw a cat"),
    ("a greeting alone is all there is", "Hello", "Hello"),
    ("please alone, too", "please", "please"),
    ("what is wanted", "I'd like you to write a poem", "Write a poem"),
    ("marks and lines", "# Plan\n\n* paint **two** boats", "Plan paint two boats"),
    ("what only looks like marks", *["Is a > b in C# or snake_case, 2 * 3?"] * 2),
    ("tags are words", *["Draw a fox <script>alert(1)</script>"] * 2),
    ("a colour and a tag", *["#ff0000 for #christmas"] * 2),
    ("emphasis", "*Paint* a (_red_) fox, `now`", "Paint a (red) fox, now"),
    ("emphasis without spaces", "**狐**を描いて", "狐を描いて"),
    ("a quotation", "> a fox\n> > in snow\nmake it blue", "a fox in snow make it blue"),
    ("the first sentence of many", "Make a logo. " + "It has to be round. " * 9, "Make a logo"),
    ("whole words of a long one", LONG,
     "Write a fairy tale about a small hedgehog who wants to see…"),
    ("no spaces", "狐" * 99, "狐" * 60 + "…"),
    ("a sentence of another script", "狐を描いて。" + "雪の中で" * 30, "狐を描いて"),
    ("nothing", " \n", "A picture"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "title"), [row[1:] for row in TITLES], ids=[r[0] for r in TITLES])
def test_a_title_is_short_and_says_what_was_asked_for(text: str, title: str) -> None:
    assert title_of((Text(text),)) == title


def test_what_came_without_words_is_called_by_its_file() -> None:
    ref = MediaRef("ab" * 32, "text/csv", 3, 0, 0)
    assert title_of((File(ref, "sales.csv"),)) == "sales.csv"
    assert title_of((Image(ref, "upload"),)) == "A picture"


APART = [
    ("nothing alike", "A cat", [FOX], "A cat"),
    ("the same words", FOX, [FOX], f"{FOX} (2)"),
    ("the same words again", FOX, [FOX, f"{FOX} (2)"], f"{FOX} (3)"),
    ("another end", f"{FOX}, at night", [FOX], "Paint a red … at night"),
    ("another word within", "Paint a red fox in the morning", [FOX], "Paint a red … morning"),
    ("more in common with a later one", f"{FOX} at dusk", [FOX, f"{FOX} at dawn"],
     "Paint a red … dusk"),
    ("differs beyond what a title holds", LONG.replace("sad", "merry"), [title_of((Text(LONG),))],
     "Write a fairy … the sea and meets many friends on the way there"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "taken", "title"), [row[1:] for row in APART], ids=[row[0] for row in APART]
)
def test_two_that_begin_alike_are_told_apart(text: str, taken: list[str], title: str) -> None:
    parts: tuple[Part, ...] = (Text(text),)
    made = told_apart(title_of(parts), parts, taken)
    assert made == title
    assert made not in taken


def test_what_tells_apart_is_seen_in_a_list() -> None:
    taken: list[str] = []
    for end in ("at night", "at dawn", "with a hare", "from above"):
        parts = (Text(f"{FOX} {end}"),)
        taken.append(told_apart(title_of(parts), parts, taken))
    assert len({title[:SEEN_CHARACTERS] for title in taken}) == 4
