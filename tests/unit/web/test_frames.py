"""Frames put together give the finished reply, however it was cut, and cost what it weighs."""

import asyncio
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.core.display_names import DisplayNames
from chat.core.events import ReasoningDelta, Saved, TextDelta, TurnEvent
from chat.core.messages import Message, Role, new_id
from chat.core.parts import Text
from chat.render.live_body import Change, LiveBody
from chat.render.messages import body_html
from chat.turns.reply import Reply
from tests.scripted import Step, Wait
from tests.unit.turns.workshop import DONE
from tests.unit.web.page import Growing, grown_by
from tests.unit.web.studio import studio

NAMES = DisplayNames({}, {})
FRAGMENTS = st.sampled_from([
    "word ", "\n", "\n\n", "**", "`", "```\n", "```py\n", "# ", "- ", "1. ", "> ", "| a | b |\n",
    "|---|---|\n", "[x](https://a.example)", "<b>", "&amp;", "$x^2$", "$$\n", "🦊", "👩‍👩‍👧", "🏽",
    "שלום", "مرحبا ", "e\u0301", "\u202e", "\r\n", "\t", "\x00", "~~", "***\n", "    code\n", "\\",
])  # fmt: skip
TEXTS = st.lists(FRAGMENTS, min_size=1, max_size=40).map("".join)


def flat(changes: list[Change]) -> list[dict[str, Any]]:
    return [asdict(change) for change in changes]


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, thought=TEXTS, data=st.data())
def test_any_text_cut_anywhere_and_joined_at_any_time(
    text: str, thought: str, data: st.DataObject
) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    late = data.draw(st.integers(0, len(cuts)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    reply = Reply(Message(new_id(), "c", None, "assistant", ()))
    live, early, joined = LiveBody({}), Growing("early"), Growing("late")
    batches: list[list[TurnEvent]] = [[ReasoningDelta(thought)]]
    batches += [[TextDelta(piece)] for piece in pieces]
    for number, batch in enumerate(batches):
        if number == late:
            grown_by(joined, flat(live.so_far()))
        changes = flat(live.feed(batch))
        for event in batch:
            assert isinstance(event, TextDelta | ReasoningDelta)
            reply.add(event)
        grown_by(early, changes)
        if number >= late:
            grown_by(joined, changes)
            assert joined.finished + joined.open == live.html()
        assert early.finished + early.open == live.html()
    message = reply.message("complete")
    changes = flat(live.feed([Saved(message)]))
    grown_by(early, changes)
    whole = body_html(message, NAMES)
    assert early.finished + early.open == live.html()
    if "](" not in text and "[" not in text:
        assert live.html() == whole, "what streamed is what is drawn from the store"


async def received_bytes(words: list[str], history: int) -> int:
    """What a page is sent from a question to the end of its answer, in at least ten frames."""
    gates = [asyncio.Event() for _ in range(10)]
    script: list[Step] = []
    for number, word in enumerate(words):
        if number % 30 == 0:
            script.append(Wait(gates[number // 30]))
        script.append(TextDelta(word))
    async with studio([*script, DONE]) as made:
        conversation = await made.begin()
        parent = None
        for number in range(history):
            role: Role = "assistant" if number % 2 else "user"
            message = Message(new_id(), conversation, parent, role, (Text("line " * 50),))
            made.shop.store.add([message])
            parent = message.id
        async with made.page(conversation) as page:
            page.received_bytes = 0
            started = await made.ask(conversation, **({"parent_id": parent} if parent else {}))
            for gate in gates:
                frames = page.frames
                gate.set()
                await page.until(lambda before=frames: page.frames > before)  # type: ignore[misc]
            await page.end_of(started["reply"])
    assert page.frames >= 10
    return page.received_bytes


@pytest.mark.deep
async def test_a_reply_costs_its_own_length_on_the_line_whatever_came_before() -> None:
    words = [
        f"Word {n} and **more** of 🦊 them. " + ("\n\n" if n % 9 == 8 else "") for n in range(300)
    ]
    at_the_start = await received_bytes(words, history=0)
    after_much = await received_bytes(words, history=500)
    assert after_much <= 3 * len("".join(words).encode()) + 4_000
    assert abs(after_much - at_the_start) <= at_the_start / 10
