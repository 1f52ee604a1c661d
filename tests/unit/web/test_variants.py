"""Replies that are asked for at once arrive side by side, and one of them is gone on from."""

import asyncio
import threading
from typing import Any

from chat.core.errors import Unavailable
from chat.core.events import TextDelta
from chat.core.models import ModelCard, Prices
from tests.patience import PATIENCE_S
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import DONE, ME
from tests.unit.web.page import Page
from tests.unit.web.studio import Studio, opened, studio

PRICED = ModelCard(
    "model", "door", "wire-model", "The Model", prices=Prices(1_000.0, 1_000.0, 0.0, 0.0)
)


def said(*words: str) -> list[Script]:
    return [[TextDelta(word), DONE] for word in words]


async def asked(made: Studio, conversation: str, replies: int, **more: Any) -> list[str]:
    """Ask for so many replies; their ids in the order in which they were asked for."""
    question = {"text": "a fox", "client_id": "client-1", "replies": replies, **more}
    started = await made.post(f"/api/conversations/{conversation}/messages", question)
    last = str(started["reply"])
    return list(made.shop.store.siblings([last])[last])


def grid(page: Page) -> dict[str, Any] | None:
    """What was last told of variants."""
    told = [each for each in page.told if "variants" in each]
    found: dict[str, Any] | None = told[-1]["variants"] if told else None
    return found


def tiles(page: Page) -> list[str]:
    """The ids of the tiles in sight; none where the grid is closed."""
    found = grid(page)
    return [tile["id"] for tile in found["tiles"]] if found else []


async def test_tiles_show_their_replies_as_each_lands() -> None:
    gate = asyncio.Event()
    scripts: list[Script] = [[Wait(gate), TextDelta("slow"), DONE], *said("quick")]
    async with studio(*scripts) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            slow, quick = await asked(made, conversation, 2)

            def html(reply: str) -> str:
                found = grid(page)
                return (
                    "".join(t["html"] for t in found["tiles"] if t["id"] == reply) if found else ""
                )

            await page.until(lambda: "quick" in html(quick))
            assert 'aria-busy="true"' in html(slow)
            assert tiles(page) == [slow, quick]
            gate.set()
            await page.until(lambda: "slow" in html(slow))


async def test_one_that_ends_while_the_others_are_read_is_not_shown_as_running_again() -> None:
    gate, reading, go_on = asyncio.Event(), threading.Event(), threading.Event()
    async with studio([Wait(gate), TextDelta("slow"), DONE], *said("quick")) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            slow, _ = await asked(made, conversation, 2)
            await page.until(lambda: "quick" in str(grid(page)))
            await made.post(f"/api/messages/{slow}/show")
            await page.say({"type": "follow", "message": slow})
            await page.until(lambda: page.ids[-1] == slow)
            store, record = made.shop.store, made.shop.store.record

            def held(*asked_for: Any) -> Any:
                reading.set()
                assert go_on.wait(PATIENCE_S)
                return record(*asked_for)

            store.record = held  # type: ignore[method-assign, assignment]
            made.shop.news.publish(ME, conversation)
            assert await asyncio.to_thread(reading.wait, PATIENCE_S)
            gate.set()
            assert "slow" in await page.end_of(slow)
            told = len(page.told)
            go_on.set()
            await page.until(lambda: len([e for e in page.told[told:] if e["type"] == "patch"]) > 1)
            redrawn = [each for e in page.told[told:] for each in e.get("redrawn", ())]
            assert not any("aria-busy" in each["html"] for each in redrawn if each["id"] == slow)


async def test_one_that_fails_says_so_in_its_tile_and_the_others_go_on() -> None:
    async with studio([Unavailable("The door is shut.")], *said("fine")) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            ids = await asked(made, conversation, 2)
            for each in ids:
                await made.shop.jobs.wait(each)
            await page.until(lambda: all(word in str(grid(page)) for word in ("shut", "fine")))


async def test_picking_shows_that_branch_and_folds_the_grid_and_another_page_follows() -> None:
    async with studio(*said("one", "two", "three")) as made:
        conversation = await made.begin()
        ids = await asked(made, conversation, 3)
        for each in ids:
            await made.shop.jobs.wait(each)
        answered = await made.post(f"/api/messages/{ids[0]}/variant", {"act": "pick"})
        assert answered == {"reply": ids[0]}
        async with made.page(conversation) as page:
            assert page.ids[-1] == ids[0]
            assert grid(page) == {"open": False, "total": 3, "tiles": []}
            await made.post(f"/api/messages/{ids[0]}/variant", {"act": "reopen"})
            await page.until(lambda: tiles(page) == ids)


async def test_a_discarded_one_leaves_the_grid_is_stopped_and_comes_back_when_wanted() -> None:
    gate = asyncio.Event()
    async with studio([Wait(gate), DONE], *said("two", "three")) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            first, second, third = await asked(made, conversation, 3)
            await made.post(f"/api/messages/{first}/variant", {"act": "discard"})
            await made.shop.jobs.wait(first)
            assert made.shop.store.message(ME, first).status == "stopped"
            await page.until(lambda: tiles(page) == [second, third])
            await made.post(f"/api/messages/{third}/variant", {"act": "discard"})
            assert made.shop.store.get(ME, conversation).head_id == second, "the last one is picked"
            assert len(made.shop.store.tree(ME, conversation)) == 4, "nothing is deleted"
            last = await made.post(f"/api/messages/{second}/variant", {"act": "discard"}, 422)
            assert "last variant" in last["error"]
            await made.post(f"/api/messages/{second}/variant", {"act": "reopen"})
            await page.until(lambda: tiles(page) == [first, second, third])


async def test_keeping_all_leaves_versions_like_any_others() -> None:
    async with studio(*said("one", "two")) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            ids = await asked(made, conversation, 2)
            await page.end_of(ids[1])
            await made.post(f"/api/messages/{ids[1]}/variant", {"act": "keep"})
            await page.until(lambda: grid(page) == {"open": False, "total": 2, "tiles": []})
            assert "2/2" in page.article(ids[1]).tail


async def test_the_grid_ends_where_the_conversation_goes_on() -> None:
    async with studio(*said("one", "two", "further")) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            ids = await asked(made, conversation, 2)
            await page.until(lambda: tiles(page) == ids)
            started = await made.ask(conversation, "and", "client-2", parent_id=ids[1])
            await page.end_of(started["reply"])
            assert grid(page) is None


async def test_answers_that_came_one_after_the_other_are_no_variants() -> None:
    async with studio(*said("one", "two")) as made:
        conversation = await made.begin()
        async with made.page(conversation) as page:
            started = await made.ask(conversation)
            await page.end_of(started["reply"])
            again = await made.post(f"/api/messages/{started['reply']}/regenerate")
            await page.say({"type": "follow", "message": again["reply"]})
            await page.end_of(again["reply"])
            assert grid(page) is None
            refused = await made.post(
                f"/api/messages/{again['reply']}/variant", {"act": "pick"}, 422
            )
            assert "asked for alone" in refused["error"]


async def test_nobody_chooses_among_anothers_variants() -> None:
    async with studio(*said("one", "two")) as made, opened(made.shop, "mallory") as other:
        ids = await asked(made, await made.begin(), 2)
        for act in ("pick", "discard", "keep", "reopen"):
            await other.post(f"/api/messages/{ids[0]}/variant", {"act": act}, 404)
        for each in ids:
            await made.shop.jobs.wait(each)
        assert made.shop.store.message(ME, ids[0]).status == "complete", "it was not stopped either"


async def test_an_edited_question_may_have_several_replies_too() -> None:
    async with studio(*said("one", "two", "three")) as made:
        conversation = await made.begin()
        started = await made.ask(conversation)
        question = {"text": "an owl", "client_id": "client-2", "replies": 2}
        edited = await made.post(f"/api/messages/{started['question']}/edit", question)
        versions = made.shop.store.siblings([edited["reply"]])[edited["reply"]]
        assert len(versions) == 2
        for each in (started["reply"], *versions):
            await made.shop.jobs.wait(each)


async def test_the_price_shown_is_that_of_all_replies() -> None:
    async with studio(card=PRICED) as made:
        for replies, price in ((1, "about $0.10"), (4, "about $0.40")):
            draft = {"text": "x" * 400, "replies": replies}
            told = await made.post("/api/estimate", draft)
            assert told["words"] == price
        assert "each of 4 replies" in told["why"]


async def test_more_replies_than_there_may_be_are_refused() -> None:
    async with studio() as made:
        conversation = await made.begin()
        for replies in (0, 5):
            question = {"text": "x", "client_id": "client-1", "replies": replies}
            await made.post(f"/api/conversations/{conversation}/messages", question, 400)


async def test_replies_that_two_pages_discard_at_once_are_all_out_of_sight() -> None:
    async with studio(*said("a", "b", "c", "d")) as made:
        conversation = await made.begin()
        replies = await asked(made, conversation, 4)
        for reply in replies:
            await made.shop.jobs.wait(reply)
        discard = {"act": "discard"}
        await asyncio.gather(
            *(made.post(f"/api/messages/{reply}/variant", discard) for reply in replies[:3])
        )
        (kept,) = made.shop.store.records(ME, "variants")
        assert kept.value == {"open": False, "hidden": sorted(replies[:3])}


async def test_a_reply_that_cannot_be_discarded_is_not_stopped() -> None:
    gate = asyncio.Event()
    async with studio([Wait(gate), TextDelta("whole"), DONE]) as made:
        conversation = await made.begin()
        started = await made.ask(conversation)
        path = f"/api/messages/{started['reply']}/variant"
        refused = await made.post(path, {"act": "discard"}, status=422)
        assert "asked for alone" in refused["error"]
        gate.set()
        await made.shop.jobs.wait(started["reply"])
        assert made.shop.store.message(ME, started["reply"]).status == "complete"
