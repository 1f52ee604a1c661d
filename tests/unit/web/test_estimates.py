"""The price of a draft and other words for a question: asked often, and nothing happens by it."""

import asyncio
from dataclasses import replace

import pytest

from chat.core.errors import ChatError
from chat.core.events import Finished, ImageBytes, TextDelta
from chat.core.messages import Finish
from chat.core.models import ModelCard, Prices
from chat.turns.rewording import ASK
from tests.scripted import Script, Wait
from tests.unit.turns.workshop import DONE, ME, png
from tests.unit.web.studio import Studio, opened, studio

NOBODY = "0" * 32
CARD = ModelCard(
    "model", "door", "wire-model", "The Model", max_input_images=2,
    prices=Prices(1_000.0, 1_000.0, 0.0, 0.0),
)  # fmt: skip
SCRIPT: Script = [TextDelta("y" * 4_000), DONE]


async def priced(made: Studio, conversation: str | None = None, **draft: object) -> str:
    """The words beside the Send button."""
    path = f"/api/conversations/{conversation}/estimate" if conversation else "/api/estimate"
    return str((await made.post(path, draft))["words"])


async def test_a_draft_has_a_price_before_there_is_a_conversation() -> None:
    async with studio(card=CARD) as made:
        assert await priced(made, text="x" * 400) == "about $0.10"
        assert made.shop.provider.requests == []


async def test_what_one_request_asks_for_several_replies_is_paid_once() -> None:
    draws = replace(CARD, output_modalities=("image",), history=False, n_max=4)
    for card, words, why in (
        (draws, "about $0.10", "and 3 pictures are expected back"),
        (replace(draws, n_max=2), "about $0.20", "That is for the first request of 2; the price"),
        (CARD, "about $0.30", "That is for each of 3 replies; the price is for all."),
    ):
        async with studio(card=card) as made:
            told = await made.post("/api/estimate", {"text": "x" * 400, "replies": 3})
            assert (told["words"], why in told["why"]) == (words, True)


async def test_what_stands_above_is_part_of_the_price() -> None:
    async with studio(SCRIPT, card=CARD) as made:
        conversation = await made.begin()
        started = await made.ask(conversation, "x" * 400)
        await made.shop.jobs.wait(started["reply"])
        assert await priced(made, conversation, text="x" * 400) == "about $0.10"
        for _ in range(2):
            draft = {"text": "x" * 400, "parent_id": started["reply"]}
            assert await priced(made, conversation, **draft) == "about $1.20"
        assert len(made.shop.provider.requests) == 1


async def test_pictures_are_counted_and_a_draft_that_cannot_be_sent_has_no_price() -> None:
    async with studio(card=CARD) as made:
        shas = []
        for size in (10, 11, 12):
            ref, _ = await made.shop.pictures.keep(ME, png("blue", size), "upload")
            shas.append(ref.sha256)
        assert await priced(made, pictures=shas[:2]) == "about $2.24"
        assert await priced(made, pictures=shas) == ""
        assert await priced(made, masks=shas[:1]) == ""
        assert await priced(made, pictures=["a" * 64]) == ""


async def test_a_price_is_told_to_nobody_else_and_of_no_other_conversation() -> None:
    async with studio(SCRIPT, card=CARD) as made, opened(made.shop, "mallory") as other:
        one, two = await made.begin(), await made.begin()
        started = await made.ask(one)
        await made.shop.jobs.wait(started["reply"])
        draft = {"parent_id": started["reply"]}
        await made.post(f"/api/conversations/{one}/estimate", draft)
        await other.post(f"/api/conversations/{one}/estimate", draft, 404)
        await other.post("/api/estimate", draft, 404)
        await made.post(f"/api/conversations/{two}/estimate", draft, 404)
        await made.post(f"/api/conversations/{NOBODY}/estimate", {}, 404)
        path = f"/api/messages/{started['reply']}/rewording"
        assert (await other.http.get(path)).status_code == 404
        assert (await made.http.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("aim", "words"), [("", "family-friendly"), ("?aim=rules", "family-friendly"),
                       ("?aim=picture", ASK)],
)  # fmt: skip
async def test_a_refused_question_comes_back_in_other_words(aim: str, words: str) -> None:
    refusal: Script = [Finished(Finish("blocked", "IMAGE_SAFETY", "No."))]
    async with studio(refusal, card=CARD) as made:
        started = await made.ask(await made.begin(), "A duel")
        await made.shop.jobs.wait(started["reply"])
        answer = await made.http.get(f"/api/messages/{started['reply']}/rewording{aim}")
        assert answer.json()["text"].startswith("A duel\n\n")
        assert words in answer.json()["text"]
        strange = await made.http.get(f"/api/messages/{started['question']}/rewording")
        assert strange.status_code == 404
        odd = await made.http.get(f"/api/messages/{started['reply']}/rewording?aim=all")
        assert odd.status_code == 400


async def test_a_page_knows_its_model_and_what_was_spent() -> None:
    async with studio(SCRIPT, card=CARD) as made:
        conversation = await made.begin()
        async with made.page() as page:
            await page.say({"type": "close"})
            blank = await page.next("blank")
            assert blank["facts"]["id"] == "model"
            window = await page.open(conversation)
            assert window["facts"] == {
                "id": "model", "title": "The Model", "history": True,
                "takes_pictures": True, "draws": True, "mask": False,
                "most_pictures": 2, "most_bytes": 18_000_000, "dictation": "",
            }  # fmt: skip
            assert window["spent"] == ""
            await made.ask(conversation)
            told: list[str] = []
            while "Spent on this conversation: 1 reply unknown." not in told:
                told.append((await page.next("patch"))["spent"])


async def test_a_page_is_told_what_of_the_history_goes_along_and_what_stays_behind() -> None:
    script: Script = [ImageBytes(png("red", 20)), DONE]
    async with studio(script, card=CARD) as made:
        conversation = await made.begin()
        mine, _ = await made.shop.pictures.keep(ME, png("blue", 10), "upload")
        started = await made.ask(conversation, "like @img1", pictures=[mine.sha256])
        await made.shop.jobs.wait(started["reply"])
        new, _ = await made.shop.pictures.keep(ME, png("green", 12), "upload")
        path = f"/api/conversations/{conversation}/estimate"
        draft = {"text": "go on", "parent_id": started["reply"], "tray": [new.sha256, mine.sha256]}
        told = await made.post(path, draft)
        assert told["history"]["words"] == "History: 2 messages and 2 pictures go along."
        assert told["next_handle"] == 3
        assert [(p["handle"], p["width"], p["bytes"]) for p in told["pictures"]] == [
            (None, 12, new.size_bytes), (1, 10, mine.size_bytes),
        ]  # fmt: skip
        assert [(p["handle"], p["goes"]) for p in told["shown"]] == [(2, True), (1, True)]

        told = await made.post(path, {**draft, "pictures": [new.sha256]})
        assert told["history"]["words"] == "History: 2 messages and 1 of 2 pictures go along."
        assert [p["handle"] for p in told["history"]["dropped"]] == [1]

        told = await made.post(path, {**draft, "fresh": True})
        assert told["history"]["words"] == (
            "This message starts fresh: 2 messages go along, and no picture."
        )
        assert [p["handle"] for p in told["history"]["dropped"]] == [2, 1]


async def test_before_the_first_letter_all_that_will_go_along_is_counted() -> None:
    gate = asyncio.Event()
    lost = ChatError("It went wrong.")
    writing: Script = [Wait(gate), TextDelta("Hello."), DONE]
    async with studio(writing, [lost], [TextDelta("Again."), DONE], card=CARD) as made:
        conversation = await made.begin()

        async def history(started: dict[str, str]) -> str:
            path = f"/api/conversations/{conversation}/estimate"
            told = await made.post(path, {"parent_id": started["reply"]})
            return str(told["history"]["words"])

        first = await made.ask(conversation, "hello there")
        # A message that is sent now waits for the reply, and is answered with it in mind.
        assert await history(first) == "History: 2 messages go along."
        gate.set()
        await made.shop.jobs.wait(first["reply"])
        assert await history(first) == "History: 2 messages go along."
        second = await made.ask(conversation, "more", "client-2", parent_id=first["reply"])
        await made.shop.jobs.wait(second["reply"])
        assert await history(second) == "History: 3 of 4 messages go along."
        third = await made.ask(conversation, "again", "client-3", parent_id=second["reply"])
        await made.shop.jobs.wait(third["reply"])
        assert await history(third) == "History: 5 of 6 messages go along."
        assert len(made.shop.provider.requests[-1].messages) == 4


async def test_a_model_without_memory_is_said_to_see_the_message_alone() -> None:
    script: Script = [ImageBytes(png("red", 20)), DONE]
    card = replace(CARD, history=False)
    async with studio(script, card=card) as made:
        conversation = await made.begin()
        started = await made.ask(conversation, "a fox")
        await made.shop.jobs.wait(started["reply"])
        path = f"/api/conversations/{conversation}/estimate"
        draft = {"text": "go on", "parent_id": started["reply"]}
        told = await made.post(path, draft)
        assert told["history"]["words"] == "The Model sees this message alone."
        (shown,) = told["shown"]
        told = await made.post(path, {**draft, "pictures": [shown["sha"]]})
        assert told["history"]["words"] == (
            "The Model sees this message alone, with 1 picture of the conversation."
        )


async def test_a_draft_that_holds_too_much_still_says_what_its_pictures_are() -> None:
    async with studio(card=CARD) as made:
        refs = [
            (await made.shop.pictures.keep(ME, png("blue", size), "upload"))[0]
            for size in (10, 11, 12)
        ]
        shas = [ref.sha256 for ref in refs]
        told = await made.post("/api/estimate", {"pictures": shas, "tray": [*shas, "a" * 64]})
        assert (told["words"], told["history"]) == ("", None)
        assert [picture["sha"] for picture in told["pictures"]] == shas


async def test_several_models_are_priced_together_and_each_is_named() -> None:
    dear = replace(CARD, id="dear", title="The Dear One", prices=Prices(3_000.0, 0.0, 0.0, 0.0))
    unknown = replace(CARD, id="unknown", title="The Unknown", prices=Prices())
    async with studio(card=CARD) as made:
        made.shop.add_cards(dear, unknown)
    async with opened(made.shop) as page:
        draft = {"text": "x" * 400, "models": [CARD.id, dear.id]}
        told = await page.post("/api/estimate", draft)
        assert told["words"] == "about $0.40"
        assert "The Model: about $0.10; The Dear One: about $0.30" in told["why"]
        told = await page.post("/api/estimate", {**draft, "models": [CARD.id, unknown.id]})
        assert told["words"] == "price unknown"
        assert "The Unknown: price unknown" in told["why"]
