"""A picture has words for those who cannot see it: what it shows, and not the wish alone."""

from chat.core.messages import Message
from chat.core.parts import Image, Part, Text
from chat.turns.alt_text import alt_text, caption, first_sentence, retold
from tests.contracts.samples import picture_ref

REF = picture_ref()
SOFA = Image(REF, "upload", "A living room with a red sofa")
WISH = Text("Make the sofa green")


def ended(*parts: Part) -> Message:
    return Message("m", "c", "q", "assistant", parts)


def drawn(alt: str) -> Image:
    return Image(REF, "model", alt)


def test_the_caption_before_a_picture_describes_it() -> None:
    assert alt_text([Text("One."), drawn("x"), Text(" A green\n sofa. ")], [WISH], "M") == (
        "A green sofa."
    )


def test_a_picture_without_words_shows_what_was_asked_for() -> None:
    assert alt_text([], [Text("A lighthouse at dusk")], "M") == "A lighthouse at dusk"
    assert alt_text([], [], "The Model") == "Picture by The Model"


def test_an_edit_says_what_its_source_showed_and_the_change() -> None:
    first = alt_text([], [SOFA, WISH], "M")
    assert first == "A living room with a red sofa, after the edit: Make the sofa green"
    again = alt_text([], [drawn(first), Text("Now the wall blue")], "M")
    assert again == "A living room with a red sofa, after the edit: Now the wall blue"
    assert alt_text([], [Image(REF, "upload"), WISH], "M") == (
        "An edited picture: Make the sofa green"
    )


def test_words_right_after_a_picture_take_the_place_of_the_wish() -> None:
    asked: list[Part] = [SOFA, WISH]
    wished = drawn(alt_text([], asked, "M"))
    after = Text("**Here** is your room, the sofa green. Shall I go on?")
    told = retold(ended(wished, after), asked)
    assert told.parts == (drawn("Here is your room, the sofa green."), after)
    captioned = (Text("A sofa."), drawn("A sofa."), Text("More?"))
    for kept in (captioned, (wished,), (wished, Text(" ** "))):
        assert retold(ended(*kept), asked).parts == kept


def test_under_a_picture_stands_what_was_asked_for() -> None:
    assert caption([SOFA, WISH]) == "Make the sofa green"
    assert caption([SOFA]) == ""
    assert caption([Text("Two\n\nlines")]) == "Two lines"
    assert len(caption([Text("word " * 400)])) <= 1_000


def test_descriptions_stay_short() -> None:
    long = "word " * 400
    assert len(alt_text([], [Image(REF, "upload", long), Text(long)], "M")) <= 240
    assert "after the edit: word" in alt_text([], [Image(REF, "upload", long), Text(long)], "M")
    assert len(first_sentence(long)) <= 240
    assert first_sentence("Version 2.5 is here! And more.") == "Version 2.5 is here!"
    assert first_sentence("") == ""
