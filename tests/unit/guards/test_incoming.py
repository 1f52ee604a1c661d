"""An answer is shown as it comes, except for what a host does not want shown."""

import hashlib
from collections.abc import AsyncGenerator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.errors import Blocked
from chat.core.events import Finished, ImageBytes, ProviderEvent, ReasoningDelta, TextDelta
from chat.core.messages import Finish
from chat.core.parts import Echo
from tests.unit.guards.rows import guardrails, shown, streamed, words_of
from tests.wire.talk import card, request, user
from tests.wire_shapes import tiny_png

ASKED = request(card("openai_chat"), user("write"))
END = Finished(Finish("stop"))
MASKED = '[[guard]]\nkind = "personal_data"\nmode = "mask"\nwhen = ["after"]'
DENIED = '[[guard]]\nkind = "deny_list"\nwords = ["secret plan"]\nwhen = ["after"]\nmode = "mask"'


def pieces(text: str, size: int) -> list[ProviderEvent]:
    return [TextDelta(text[at : at + size]) for at in range(0, len(text), size)]


def test_without_rules_the_very_stream_is_shown() -> None:
    events = streamed(END)
    assert guardrails("").screen(ASKED, events) is events


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
async def test_what_is_cut_by_the_stream_is_masked_all_the_same(size: int) -> None:
    filler = "The fox sat by the river and looked at the moon. " * 30
    text = f"{filler}Write to ada@example.com or +44 20 7946 0958 soon. {filler}"
    left = await shown(guardrails(MASKED), ASKED, [*pieces(text, size), END])
    masked = text.replace("ada@example.com", "[mail address]")
    assert words_of(left) == masked.replace("+44 20 7946 0958", "[phone number]")
    assert left[-1] == END


@given(
    st.lists(
        st.sampled_from(["a ", "secret ", "plan ", "secret\nplan. ", "x" * 90 + " ", "\n"]),
        max_size=40,
    ),
    st.integers(1, 50),
)
async def test_a_stream_is_masked_as_its_whole_would_be(words: list[str], size: int) -> None:
    text = "".join(words)
    guards = guardrails(DENIED)
    whole = await shown(guards, ASKED, [TextDelta(text), END])
    streamed_ = await shown(guards, ASKED, [*pieces(text, size), END])
    assert words_of(streamed_) == words_of(whole)
    assert "secret plan" not in " ".join(words_of(streamed_).split())


async def test_long_answers_appear_while_they_are_written() -> None:
    text = "The fox sat by the river. " * 100
    left = await shown(guardrails(MASKED), ASKED, [*pieces(text, 10), END])
    assert len(left) > 3
    assert words_of(left) == text


async def test_words_thoughts_and_pictures_keep_their_order() -> None:
    red = ImageBytes(tiny_png(200))
    events: list[ProviderEvent] = [
        ReasoningDelta("I write to ada@example.com"),
        TextDelta("Here: "),
        TextDelta("ada@example.com"),
        red,
        TextDelta("signed", Echo("gemini", {"s": 1})),
        TextDelta("end"),
        END,
    ]
    left = await shown(guardrails(MASKED), ASKED, events)
    assert left == [
        ReasoningDelta("I write to [mail address]"),
        TextDelta("Here: [mail address]"),
        red,
        TextDelta("signed", Echo("gemini", {"s": 1})),
        TextDelta("end"),
        END,
    ]


async def test_a_signed_piece_that_had_to_be_altered_loses_its_signature() -> None:
    events: list[ProviderEvent] = [TextDelta("ada@example.com", Echo("gemini", {"s": 1})), END]
    assert await shown(guardrails(MASKED), ASKED, events) == [TextDelta("[mail address]"), END]


async def test_blocking_ends_the_answer_and_keeps_what_was_shown() -> None:
    row = DENIED.replace("mask", "block")
    text = "The fox sat by the river. " * 40
    screen = guardrails(row).screen(
        ASKED, streamed(*pieces(text, 20), TextDelta("the secret plan"), END)
    )
    got: list[ProviderEvent] = []

    async def listen() -> None:
        async for event in screen:
            got[len(got) :] = [event]  # one by one: what came before the end is what counts

    with pytest.raises(Blocked, match="held the rest back: a denied word"):
        await listen()
    assert text.startswith(words_of(got))
    assert words_of(got)


@pytest.mark.parametrize("mode", ["mask", "block"])
async def test_a_denied_picture_is_not_shown(mode: str) -> None:
    red = tiny_png(200)
    row = (
        f'[[guard]]\nkind = "deny_list"\nwhen = ["after"]\nmode = "{mode}"\n'
        f'pictures = ["{hashlib.sha256(red).hexdigest()}"]'
    )
    events: list[ProviderEvent] = [TextDelta("Here: "), ImageBytes(red), END]
    if mode == "block":
        with pytest.raises(Blocked):
            await shown(guardrails(row), ASKED, events)
        return
    left = await shown(guardrails(row), ASKED, events)
    assert words_of(left) == "Here: \n\n[A picture was held back.]\n\n"


async def test_closing_early_closes_the_providers_stream() -> None:
    closed = []

    async def provider() -> AsyncGenerator[ProviderEvent, None]:
        try:
            for number in range(1000):
                yield TextDelta(f"word {number} ")
        finally:
            closed.append(True)

    screen = guardrails(MASKED).screen(ASKED, provider())
    await anext(screen)
    await screen.aclose()
    assert closed == [True]
