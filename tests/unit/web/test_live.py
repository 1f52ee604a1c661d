"""A page sees a reply grow, whole and once, whenever it came and whatever is in it."""

import asyncio
from pathlib import Path

import pytest

from chat.core.display_names import DisplayNames
from chat.core.events import ImageBytes, ReasoningDelta, TextDelta
from chat.core.parts import Image, ToolCall
from chat.render.messages import body_html
from storage.open import open_conversations
from tests.patience import PATIENCE_S
from tests.scripted import Step, Wait
from tests.unit.turns.workshop import DONE, ME, png
from tests.unit.web.page import Page
from tests.unit.web.studio import Studio, studio

PIECES = [
    "# A fox 🦊🏽\n\nIt j", "umps **over", "** the `dog`. ", "שלום עולם", " and مرحبا\n\n",
    "- one\n", "- two 👩‍👩‍👧\n\n", "```python\nx", " = '🙂'\n", "```\n\n", "| a | b |\n|---|",
    "---|\n| 1 | 2 |\n\n", "last $x^2", "$ words",
]  # fmt: skip


def drawn(made: Studio, reply_id: str) -> str:
    """The reply as it is drawn from the store."""
    names = DisplayNames({made.shop.card.id: made.shop.card.title}, made.shop.toolbox.names())
    return body_html(made.shop.store.message(ME, reply_id), names)


async def said(page: Page, words: str) -> None:
    """Listen until these words are on the screen."""
    await page.until(lambda: any(words in r.finished + r.open for r in page.growing.values()))


async def test_frames_build_exactly_what_is_stored() -> None:
    gates = [asyncio.Event() for _ in PIECES]
    script: list[Step] = [
        step for p, g in zip(PIECES, gates, strict=True) for step in (TextDelta(p), Wait(g))
    ]
    async with studio([*script, ImageBytes(png()), TextDelta("."), DONE]) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            for gate in gates:
                frames = page.frames
                gate.set()
                await page.until(lambda before=frames: page.frames > before)  # type: ignore[misc]
            assert await page.end_of(started["reply"]) == drawn(made, started["reply"])
            assert page.growing == {}


@pytest.mark.parametrize("late", [0, 1, 2, 3])
async def test_a_page_that_comes_late_sees_everything_from_the_start(late: int) -> None:
    gates = [asyncio.Event() for _ in range(3)]
    script: list[Step] = [
        TextDelta("first 🙂\n\n"), Wait(gates[0]), ReasoningDelta("hm"), TextDelta("second"),
        Wait(gates[1]), ImageBytes(png()), TextDelta("third"), Wait(gates[2]), DONE,
    ]  # fmt: skip
    async with studio(script) as made:
        conversation = await made.begin()
        async with made.page(conversation) as early:
            started = await made.ask(conversation)
            for words, gate in zip(["first", "second", "third"][:late], gates, strict=False):
                await said(early, words)
                gate.set()
            async with made.page(conversation) as page:
                for gate in gates:
                    gate.set()
                for watching in (early, page):
                    body = await watching.end_of(started["reply"])
                    assert body == drawn(made, started["reply"])


async def test_whoever_answers_at_once_sends_the_picture_of_this_reply_along() -> None:
    async with studio([ImageBytes(png("red")), DONE], [ImageBytes(png("blue")), DONE]) as made:
        conversation, parent_id = await made.begin(), None
        async with made.page(conversation) as page:
            for client_id in ("client-1", "client-2"):
                started = await made.ask(conversation, client_id=client_id, parent_id=parent_id)
                parent_id = started["reply"]
                await page.until(lambda reply=parent_id: reply in page.ended)  # type: ignore[misc]
                [image] = made.shop.store.message(ME, parent_id).parts
                assert isinstance(image, Image)
                assert page.ended[parent_id]["carry"]["sha"] == image.media.sha256


async def test_a_reply_that_streamed_as_it_stays_is_not_sent_again() -> None:
    gate = asyncio.Event()
    async with studio([TextDelta("plain "), Wait(gate), TextDelta("words"), DONE]) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            await said(page, "plain")
            gate.set()
            assert "plain words" in await page.end_of(started["reply"])
            assert page.ended[started["reply"]]["body"] is None


async def test_a_link_that_is_explained_at_the_end_is_drawn_anew() -> None:
    gate = asyncio.Event()
    script: list[Step] = [
        TextDelta("See [this][1].\n\nmore\n\n"),
        Wait(gate),
        TextDelta("[1]: https://fox.example"),
        DONE,
    ]
    async with studio(script) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            await said(page, "more")
            gate.set()
            body = await page.end_of(started["reply"])
            assert page.ended[started["reply"]]["body"] == body == drawn(made, started["reply"])


async def test_tools_show_while_they_run_and_as_what_they_answered() -> None:
    call = ToolCall("c", "calculator", {"expression": "6*7"})
    async with studio([call, DONE], [TextDelta("It is 42."), DONE]) as made:
        conversation = await made.begin()
        await made.set(conversation, {"tools_on": True})
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            body = await page.end_of(started["reply"])
            assert "42" in body
            assert body == drawn(made, started["reply"])


async def test_thirty_pages_of_one_reply_all_see_the_same() -> None:
    gate = asyncio.Event()
    async with studio([TextDelta("for all "), Wait(gate), TextDelta("of you"), DONE]) as made:
        conversation = await made.begin()
        started = await made.ask(conversation)

        async def watch() -> str:
            async with made.page(conversation) as page:
                await said(page, "for all")
                watching.release()
                return await page.end_of(started["reply"])

        watching = asyncio.Semaphore(0)
        pages = [asyncio.create_task(watch()) for _ in range(30)]
        for _ in pages:
            await watching.acquire()
        gate.set()
        assert set(await asyncio.gather(*pages)) == {drawn(made, started["reply"])}
        assert len(made.shop.provider.requests) == 1


async def test_six_replies_at_once_are_not_mixed_up() -> None:
    gate = asyncio.Event()
    scripts: list[list[Step]] = [
        [TextDelta(f"I am {n}, "), Wait(gate), TextDelta(f"still {n}"), DONE] for n in range(6)
    ]
    async with studio(*scripts) as made:
        conversation = await made.begin()
        first = await made.ask(conversation, client_id="question-0")
        async with made.page(conversation) as page:
            others = [
                await made.post(f"/api/messages/{first['reply']}/regenerate") for _ in range(5)
            ]
            await page.say({"type": "follow", "message": others[-1]["reply"]})
            await said(page, "I am 5")
            gate.set()
            body = await page.end_of(others[-1]["reply"])
            assert "I am 5, still 5" in body
            assert body == drawn(made, others[-1]["reply"])
        for number, reply in enumerate([first, *others]):
            await made.shop.jobs.wait(reply["reply"])
            assert f"I am {number}, still {number}" in drawn(made, reply["reply"])


async def test_a_page_that_closes_leaves_nothing_behind_and_the_reply_goes_on() -> None:
    gate = asyncio.Event()
    async with studio([TextDelta("on and "), Wait(gate), TextDelta("on"), DONE]) as made:
        conversation = await made.begin()
        async with made.page():
            pass
        at_rest = asyncio.all_tasks()
        started = await made.ask(conversation)
        for _ in range(5):
            async with made.page(conversation) as page:
                await said(page, "on and")
        gate.set()
        await made.shop.jobs.wait(started["reply"])
        assert "on and on" in drawn(made, started["reply"])
        left = asyncio.all_tasks() - at_rest
        _, hanging = await asyncio.wait(left, timeout=PATIENCE_S) if left else (None, None)
        assert not hanging


async def test_where_the_store_fails_a_page_without_a_conversation_is_told_plain_defaults(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, aside = tmp_path / "easel.db", tmp_path / "aside.db"
    store = open_conversations(f"sqlite:///{path}")
    async with studio([DONE], store=store) as made, made.page() as page:
        path.rename(aside)
        await page.say({"type": "close"})
        blank = await page.next("blank")
        aside.rename(path)
    assert blank["facts"]["id"] == made.shop.card.id
    assert "what was chosen last could not be read" in caplog.text
