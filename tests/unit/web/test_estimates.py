"""The price of a draft and other words for a question: asked often, and nothing happens by it."""

import pytest

from chat.core.events import Finished, TextDelta
from chat.core.messages import Finish
from chat.core.models import ModelCard, Prices
from chat.turns.rewording import ASK
from tests.scripted import Script
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
                "takes_pictures": True, "draws": True, "tools": False, "mask": False,
            }  # fmt: skip
            assert window["spent"] == ""
            await made.ask(conversation)
            told: list[str] = []
            while "Spent on this conversation: 1 reply unknown." not in told:
                told.append((await page.next("patch"))["spent"])
