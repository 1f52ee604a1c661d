"""What a page shows of a conversation, and that a page is told only what changed."""

import asyncio
import threading

import pytest

from chat.core.errors import Full
from chat.core.events import TextDelta
from chat.core.messages import Message, Role, new_id
from chat.core.parts import Text
from chat.web.transcript_view import WINDOW_MESSAGES
from tests.scripted import Step, Wait
from tests.unit.turns.workshop import DONE, ME
from tests.unit.web.studio import Studio, opened, studio


def grown(made: Studio, conversation: str, count: int) -> list[str]:
    """A conversation with so many messages; their ids from the top."""
    ids: list[str] = []
    for number in range(count):
        role: Role = "assistant" if number % 2 else "user"
        parent = ids[-1] if ids else None
        message = Message(new_id(), conversation, parent, role, (Text(f"line {number}"),))
        made.shop.store.add([message])
        ids.append(message.id)
    return ids


async def test_a_long_conversation_opens_at_its_end_and_pages_back_to_its_start() -> None:
    async with studio() as made:
        conversation = await made.begin()
        ids = grown(made, conversation, 2 * WINDOW_MESSAGES + 7)
        async with made.page(conversation) as page:
            assert page.ids == ids[-WINDOW_MESSAGES:]
            assert page.told[-1]["has_older"] is True
            more = True
            while more:
                await page.say({"type": "older"})
                more = (await page.next("older"))["has_older"]
            assert page.ids == ids
            await page.say({"type": "older"})
            assert (await page.next("older"))["added"] == []


async def test_a_new_turn_adds_two_messages_and_redraws_none() -> None:
    async with studio([TextDelta("yes"), DONE]) as made:
        conversation = await made.begin()
        ids = grown(made, conversation, 10)
        async with made.page(conversation) as page:
            started = await made.ask(conversation, parent_id=ids[-1])
            await page.end_of(started["reply"])
            assert page.ids == [*ids, started["question"], started["reply"]]
            patches = [told for told in page.told if told["type"] == "patch"]
            assert sum(len(told["added"]) for told in patches) == 2
            assert [told["redrawn"] for told in patches if told["redrawn"]] == []
            assert [told["type"] for told in page.told].count("window") == 1


async def test_two_tabs_ask_at_once_and_both_questions_are_kept() -> None:
    gate = asyncio.Event()
    script: list[Step] = [Wait(gate), TextDelta("answer"), DONE]
    async with studio(script, script) as made:
        conversation = await made.begin()
        above = grown(made, conversation, 2)[-1]
        async with made.page(conversation) as left, made.page(conversation) as right:
            one, two = await asyncio.gather(
                made.ask(conversation, "left", "client-left", parent_id=above),
                made.ask(conversation, "right", "client-right", parent_id=above),
            )
            gate.set()
            for page, mine in ((left, one), (right, two)):
                await page.say({"type": "follow", "message": mine["question"]})
                assert "answer" in await page.end_of(mine["reply"])
                await page.until(lambda p=page, m=mine: "2</span>" in p.article(m["question"]).tail)  # type: ignore[misc]
                assert page.ids[2:] == [mine["question"], mine["reply"]]


async def test_another_version_is_followed_and_the_one_before_stays_reachable() -> None:
    async with studio([TextDelta("first"), DONE], [TextDelta("second"), DONE]) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            await page.end_of(started["reply"])
            again = await made.post(f"/api/messages/{started['reply']}/regenerate")
            await page.say({"type": "follow", "message": again["reply"]})
            assert "second" in await page.end_of(again["reply"])
            assert page.ids == [started["question"], again["reply"]]
            assert started["reply"] in page.article(again["reply"]).tail
            await page.say({"type": "follow", "message": started["reply"]})
            await page.until(lambda: started["reply"] in page.ids)
            assert "first" in page.body(started["reply"])


async def test_a_title_and_a_deletion_reach_every_open_page() -> None:
    async with studio() as made:
        conversation = await made.begin()
        grown(made, conversation, 2)
        async with made.page(conversation) as page:
            await made.post(f"/api/conversations/{conversation}/title", {"title": "Foxes"})
            assert (await page.next("row"))["row"]["title"] == "Foxes"
            await made.http.delete(f"/api/conversations/{conversation}")
            assert (await page.next("gone"))["conversation"] == conversation
            assert (await page.next("missing"))["conversation"] == conversation
            await made.post(f"/api/conversations/{conversation}/restore")
            assert (await page.next("row"))["row"]["id"] == conversation


@pytest.mark.parametrize(
    ("strange", "told"),
    [
        ("0" * 32, "missing"),
        ("nonsense", "not-understood"),
        ("", "not-understood"),
        ("\ud800", "not-understood"),
        ({"a": 1}, "not-understood"),
        (None, "not-understood"),
    ],
)
async def test_a_conversation_that_cannot_be_there_is_told_so_and_another_opens(
    strange: object, told: str
) -> None:
    async with studio() as made, made.page() as page:
        await page.say({"type": "open", "conversation": strange})
        await page.next(told)
        conversation = await made.begin()
        assert (await page.open(conversation))["conversation"] == conversation


async def test_somebody_elses_conversation_is_as_missing_as_none() -> None:
    async with studio([TextDelta("secret"), DONE]) as made:
        conversation = await made.begin()
        started = await made.ask(conversation)
        await made.shop.jobs.wait(started["reply"])
        async with opened(made.shop, "mallory") as other, other.page() as page:
            await page.say({"type": "open", "conversation": conversation})
            assert (await page.next("missing"))["conversation"] == conversation
            own = await other.begin()
            await page.open(own)
            await page.say({"type": "follow", "message": started["reply"]})
            await page.next("missing")
            made.shop.news.publish(ME, conversation)
            made.shop.news.publish("mallory", own)
            await page.say({"type": "open", "conversation": own})
            await page.next("window")
            assert page.articles == []
            assert "secret" not in str(page.told)
        assert made.shop.store.get(ME, conversation).head_id == started["reply"]


async def test_a_page_hears_of_a_full_disk_at_once_and_of_the_saving_when_there_is_room() -> None:
    gate, room = asyncio.Event(), threading.Event()
    async with studio([TextDelta("words"), Wait(gate), DONE]) as made:
        update = made.shop.store.update

        def refusing(message: Message) -> None:
            if not room.is_set():
                raise Full("The disk is full. Make room.")
            update(message)

        made.shop.store.update = refusing  # type: ignore[method-assign]
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            gate.set()
            assert "words" in await page.end_of(started["reply"])
            assert "The disk is full." in page.article(started["reply"]).tail
            assert made.shop.jobs.get(started["reply"]) is not None, "it goes on trying"
            async with made.page(conversation) as late:
                await late.end_of(started["reply"])
                assert "The disk is full." in late.article(started["reply"]).tail
            room.set()
            await page.until(lambda: "disk" not in page.article(started["reply"]).tail)
        assert made.shop.store.message(ME, started["reply"]).status == "complete"
