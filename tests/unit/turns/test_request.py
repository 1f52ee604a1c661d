"""What a model gets to see of a conversation."""

from dataclasses import replace

import pytest

from chat.core.errors import CapabilityError
from chat.core.messages import Message, Origin, Role
from chat.core.models import ModelCard
from chat.core.parts import Echo, Image, MediaRef, Part, Text, ToolCall, ToolResult, plain_text
from chat.turns.request import UNSENT, UNSENT_MASK, prepare

CARD = ModelCard("m", "e", "w", "The Model", max_input_images=2, max_request_bytes=1_000)


def image(name: str, size_bytes: int = 100, *, draft: bool = False) -> Image:
    return Image(MediaRef(name * 64, "image/png", size_bytes, 4, 4), "model", draft=draft)


def message(role: Role, *parts: Part) -> Message:
    return Message("i" * 32, "c" * 32, None, role, parts)


def shas(messages: tuple[Message, ...]) -> list[str]:
    return [p.media.sha256[0] for m in messages for p in m.parts if isinstance(p, Image)]


def test_the_newest_pictures_are_sent_and_older_ones_are_mentioned() -> None:
    branch = [
        message("user", Text("a")),
        message("assistant", image("1"), image("2")),
        message("user", Text("b")),
        message("assistant", image("3")),
        message("user", Text("c")),
    ]
    sent = prepare(CARD, branch, tools_on=False)
    assert shas(sent) == ["2", "3"]
    assert UNSENT in plain_text(sent[1].parts)


def test_the_byte_budget_holds_but_the_newest_picture_always_goes() -> None:
    branch = [message("assistant", image("1", 10)), message("user", image("2", 5_000), Text("x"))]
    assert shas(prepare(CARD, branch, tools_on=False)) == ["2"]


def test_more_new_pictures_than_the_model_takes_are_refused_with_the_number() -> None:
    with pytest.raises(CapabilityError, match="at most 2 pictures"):
        prepare(CARD, [message("user", image("1"), image("2"), image("3"))], tools_on=False)


def test_a_text_model_is_not_sent_pictures_and_says_so_for_new_ones() -> None:
    card = ModelCard("t", "e", "w", "Text only", input_modalities=("text",))
    old = [message("assistant", image("1")), message("user", Text("and now?"))]
    assert shas(prepare(card, old, tools_on=False)) == []
    with pytest.raises(CapabilityError, match="takes no pictures"):
        prepare(card, [message("user", image("1"))], tools_on=False)


def test_drafts_are_never_sent() -> None:
    branch = [message("assistant", image("1", draft=True), image("2")), message("user", Text("x"))]
    assert shas(prepare(CARD, branch, tools_on=False)) == ["2"]


def test_a_call_that_was_cut_off_is_answered_so_that_the_wire_stays_valid() -> None:
    cut = message("assistant", Text("let me see"), ToolCall("c1", "clock", {}))
    sent = prepare(CARD, [cut, message("user", Text("go on"))], tools_on=True)
    last = sent[0].parts[-1]
    assert isinstance(last, ToolResult)
    assert (last.call_id, last.failed) == ("c1", True)


def test_with_tools_off_past_tool_traffic_is_told_as_words() -> None:
    past = message(
        "assistant",
        ToolCall("c1", "chart", {}),
        ToolResult("c1", "chart", (Text("a chart"), image("1"))),
        Text("Here."),
    )
    sent = prepare(CARD, [past, message("user", Text("thanks"))], tools_on=False)
    assert not any(isinstance(part, ToolCall | ToolResult) for part in sent[0].parts)
    assert "chart answered: a chart" in plain_text(sent[0].parts)
    assert shas(sent) == ["1"]


def test_signatures_stay_on_their_parts() -> None:
    echo = Echo("gemini", {"thought_signature": "c2ln"})
    signed = message("assistant", Text("a", echo), Text("b"), image("1"))
    sent = prepare(CARD, [signed, message("user", Text("x"))], tools_on=False)
    assert sent[0].parts[0] == Text("a", echo)
    assert sent[0].parts[1] == Text("b")


def test_an_empty_failed_reply_is_left_out() -> None:
    branch = [message("user", Text("a")), message("assistant"), message("user", Text("b"))]
    assert [m.role for m in prepare(CARD, branch, tools_on=False)] == ["user", "user"]


def mask(name: str) -> Image:
    return replace(image(name), origin="upload", mask=True)


MASKED = message("user", image("1"), mask("2"), Text("only the sky"))


def test_a_mask_goes_with_its_question_and_takes_no_picture_s_place() -> None:
    card = replace(CARD, mask=True)
    sent = prepare(card, [message("assistant", image("3")), MASKED], tools_on=False)
    assert shas(sent) == ["3", "1", "2"]


def test_a_model_that_reads_no_masks_is_told_that_one_stood_there() -> None:
    sent = prepare(CARD, [MASKED], tools_on=False)
    assert shas(sent) == ["1"]
    assert plain_text(sent[0].parts).startswith(UNSENT_MASK)


def test_a_mask_of_an_earlier_question_marks_nothing_any_more() -> None:
    card = replace(CARD, mask=True)
    sent = prepare(card, [MASKED, message("user", image("3"), Text("now this"))], tools_on=False)
    assert shas(sent) == ["1", "3"]
    assert UNSENT_MASK in plain_text(sent[0].parts)


def test_a_reply_that_had_to_be_altered_is_not_replayed_as_its_model_wrote_it() -> None:
    """A model refuses its own turn where a signature is missing: what was left out had one."""
    origin = Origin("gemini", "e", "m")
    branch = [
        replace(message("assistant", image("1"), Text("old")), origin=origin),
        replace(message("assistant", Text("new"), image("2")), origin=origin),
        message("user", image("3"), Text("c")),
    ]
    sent = prepare(CARD, branch, tools_on=False)
    assert [reply.origin for reply in sent[:2]] == [None, origin]


def test_pictures_that_are_too_heavy_together_are_refused_and_not_left_out() -> None:
    heavy = message("user", image("1", 600), image("2", 600), Text("Both, please"))
    with pytest.raises(CapabilityError, match=r"at most 0\.0 MB of pictures at once"):
        prepare(CARD, [heavy], tools_on=False)


def test_signed_words_stay_signed_in_every_later_turn() -> None:
    """Each turn reads the reply anew: equal words in another object are the same words."""
    for topic in ("fox", "fox"):
        words = f"Signed words of a {topic}."
        signed = Text(words, Echo("gemini", {"thought_signature": "c2lnbmVk"}))
        reply = replace(message("assistant", signed), origin=Origin("gemini", "e", "m"))
        (sent,) = prepare(CARD, [reply], tools_on=False)
        assert sent == reply


def test_a_model_is_told_where_the_pictures_stand_that_words_call() -> None:
    branch = [
        message("user", image("1"), Text("first")),
        message("assistant", image("2")),
        message("user", image("4"), image("2"), Text("Put @img2 on @img3, like @img1. @img9?")),
    ]
    sent = prepare(replace(CARD, max_input_images=3), branch, tools_on=False)
    assert plain_text(sent[-1].parts) == (
        "Put @img2 (picture 2, of the reply above) on @img3 (picture 1), "
        "like @img1 (shown earlier in this conversation). @img9?"
    )
    assert plain_text(branch[-1].parts).startswith("Put @img2 on @img3,")
    (alone,) = (prepare(replace(CARD, history=False), branch, tools_on=False)[-1],)
    assert plain_text(alone.parts) == (
        "Put @img2 (picture 2) on @img3 (picture 1), "
        "like @img1 (not sent with this message). @img9?"
    )


def test_a_question_that_starts_fresh_sends_no_picture_from_above() -> None:
    branch = [
        message("user", image("1"), Text("first")),
        message("assistant", image("2")),
        message("user", Text("A new one", fresh=True)),
    ]
    sent = prepare(CARD, branch, tools_on=False)
    assert shas(sent) == []
    assert UNSENT in plain_text(sent[1].parts)
    own = [*branch[:2], message("user", image("3"), Text("like this", fresh=True))]
    assert shas(prepare(CARD, own, tools_on=False)) == ["3"]
    after = [*branch, message("assistant", image("4")), message("user", Text("go on"))]
    assert shas(prepare(CARD, after, tools_on=False)) == ["2", "4"]


def test_what_a_tool_draws_for_a_fresh_question_is_seen_by_the_model() -> None:
    branch = [
        message("assistant", image("1")),
        message("user", Text("A new one", fresh=True)),
        message("assistant", image("2")),
    ]
    assert shas(prepare(CARD, branch, tools_on=True)) == ["2"]
