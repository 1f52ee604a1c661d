"""A page whose connection was lost is told what it does not have, and nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from websockets.asyncio.client import connect

from chat.core.events import TextDelta
from tests.scripted import Step, Wait
from tests.unit.turns.workshop import DONE
from tests.unit.web.page import Page
from tests.unit.web.studio import Studio, studio


def held(page: Page) -> dict[str, Any]:
    """What is on the screen of a page, as it says when it comes back."""
    return {
        "messages": [{"id": each.id, "stamp": each.stamp} for each in page.articles],
        "streams": [
            {"reply": each.id, "stream": stream, "blocks": each.blocks}
            for stream, each in page.growing.items()
        ],
    }


@asynccontextmanager
async def again(made: Studio, before: Page, conversation: str) -> AsyncIterator[Page]:
    """The same page on another line."""
    async with connect(f"ws://127.0.0.1:{made.port}/live", proxy=None, max_size=None) as socket:
        page = Page(socket)
        page.articles, page.growing = before.articles, before.growing
        await page.say({"type": "open", "conversation": conversation, "held": held(before)})
        yield page


async def test_a_reply_that_grows_goes_on_from_the_block_that_the_page_has() -> None:
    first, second = asyncio.Event(), asyncio.Event()
    script: list[Step] = [
        TextDelta("One.\n\nTwo.\n\nThr"), Wait(first),
        TextDelta("ee.\n\nFour."), Wait(second), DONE,
    ]  # fmt: skip
    async with studio(script) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            await page.until(lambda: any("Thr" in each.open for each in page.growing.values()))
        blocks = next(each.blocks for each in page.growing.values())
        first.set()
        async with again(made, page, conversation) as back:
            patch = await back.next("patch")
            assert (patch["added"], patch["redrawn"]) == ([], [])
            stream = await back.next("stream")
            assert stream["held"] == blocks > 0
            await back.until(lambda: any("Four" in each.open for each in back.growing.values()))
            assert next(each.finished for each in back.growing.values()).count("One.") == 1
            second.set()
            body = await back.end_of(started["reply"])
            assert [body.count(word) for word in ("One.", "Two.", "Three.", "Four.")] == [1] * 4


async def test_what_came_and_what_changed_while_the_line_was_down_is_told_and_no_more() -> None:
    async with studio([TextDelta("yes"), DONE], [TextDelta("again"), DONE]) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            await page.end_of(started["reply"])
        other = await made.ask(
            conversation, "more", client_id="client-2", parent_id=started["reply"]
        )
        await made.shop.jobs.wait(other["reply"])
        async with again(made, page, conversation) as back:
            patch = await back.next("patch")
            assert [each["id"] for each in patch["added"]] == [other["question"], other["reply"]]
            assert patch["redrawn"] == []
            assert back.ids == [
                started["question"], started["reply"], other["question"], other["reply"],
            ]  # fmt: skip


async def test_a_page_of_another_conversation_or_of_nothing_starts_from_the_whole() -> None:
    async with studio([TextDelta("yes"), DONE]) as made:
        one, other = await made.begin(), await made.begin()
        async with made.page(one) as page:
            started = await made.ask(one)
            await page.end_of(started["reply"])
        for strange in (held(page), {"messages": [{"id": "0" * 32, "stamp": ""}]}):
            async with made.page() as back:
                await back.say({"type": "open", "conversation": other, "held": strange})
                assert (await back.next("window"))["added"] == []


async def test_the_answer_to_a_question_draws_it_without_any_line() -> None:
    async with studio([TextDelta("yes"), DONE]) as made:
        conversation = await made.begin()
        started: dict[str, Any] = await made.ask(conversation, "a question")
        question, reply = started["drawn"]
        assert started["above"] is None
        assert (question["id"], reply["id"]) == (started["question"], started["reply"])
        assert "a question" in question["html"]
        await made.shop.jobs.wait(started["reply"])
        same: dict[str, Any] = await made.ask(conversation, "a question")
        assert same["reply"] == started["reply"]
        assert "yes" in same["drawn"][1]["html"]


async def test_a_page_says_its_build_and_hears_the_servers() -> None:
    async with studio() as made, made.page() as page:
        await page.say({"type": "hello", "build": "of yesterday"})
        hello = await page.next("hello")
        assert hello["build"] == "unnamed"
        assert hello["beat_ms"] > 0
        await page.say({"type": "ping"})
        assert (await page.next("beat"))["answers"] is True
