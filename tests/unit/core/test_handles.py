"""Handles call the same picture for the user, the model and its tools, whatever is ordered how."""

from chat.core.handles import called, next_number, numbered
from chat.core.messages import Message, Role
from chat.core.parts import Image, MediaRef, Part, Text


def image(name: str, handle: int = 0, *, draft: bool = False, mask: bool = False) -> Image:
    ref = MediaRef(name * 64, "image/png", 100, 4, 4)
    return Image(ref, "upload", draft=draft, mask=mask, handle=handle)


def message(role: Role, *parts: Part) -> Message:
    return Message("i" * 32, "c" * 32, None, role, parts)


def numbers(*messages: Message) -> dict[str, int]:
    return {sha256[0]: number for sha256, number in numbered(messages).items()}


def test_pictures_are_counted_from_the_top_each_once_without_drafts_and_masks() -> None:
    branch = (
        message("user", image("a"), image("m", mask=True)),
        message("assistant", image("d", draft=True), image("b"), image("a")),
        message("user", image("b"), Text("again")),
        message("assistant", image("c")),
    )
    assert numbers(*branch) == {"a": 1, "b": 2, "c": 3}


def test_a_new_picture_keeps_the_number_it_was_called_by_in_whatever_order_it_is_sent() -> None:
    asked = message("user", image("c", 3), image("b", 2), image("a"))
    assert numbers(message("assistant", image("a")), asked) == {"a": 1, "c": 3, "b": 2}


def test_what_was_dropped_leaves_a_gap_and_moves_nothing() -> None:
    branch = (message("user", image("b", 2)), message("assistant", image("c")))
    assert numbers(*branch) == {"b": 2, "c": 3}


def test_a_reply_that_was_still_drawing_takes_no_number_from_the_question_under_it() -> None:
    branch = (
        message("user", Text("a fox")),
        message("assistant", image("f")),
        message("user", image("u", 1), Text("like @img1")),
    )
    assert numbers(*branch) == {"f": 2, "u": 1}


def test_a_number_that_has_been_given_stays_with_its_picture() -> None:
    above = (message("user", image("a")), message("assistant", image("b")), message("user"))
    stale = message("user", image("c", 1), image("d", 1), image("e", 7))
    assert numbers(*above, message("assistant"), stale) == {"a": 1, "b": 2, "c": 3, "d": 4, "e": 7}


def test_two_pictures_that_claim_one_number_are_two() -> None:
    assert numbers(message("user", image("a", 2), image("b", 2))) == {"a": 2, "b": 3}


def test_words_call_pictures_where_they_mean_to() -> None:
    assert called("Put @img3 on @IMG1, and @img3 again") == [3, 1]
    assert called("me@img1.org @img0 @img @img12x @@img2 @img12345") == []
    assert called("(@img12).") == [12]


def test_the_next_number_is_free() -> None:
    assert next_number([]) == 1
    assert next_number([1, 5]) == 6
