"""The model menu over HTTP: what it lists, what may be chosen, and testing a connection."""

import asyncio
import threading
from datetime import date
from typing import Any

import pytest

from chat.models import Catalogue, CurrentCatalogue
from chat.models.catalogue import Shelf
from tests.patience import PATIENCE_S
from tests.unit.turns.workshop import ME, Workshop
from tests.unit.web.studio import Studio, opened, studio

NOBODY = "0" * 32
ROWS = """
[[endpoint]]
id = "door"
kind = "scripted"
title = "The Door"

[[endpoint]]
id = "mine/locked"
kind = "scripted"
title = "Behind a key"
key_env = ["LOCKED_KEY"]

[[model]]
id = "model"
endpoint = "door"
wire_name = "wire-model"
title = "The Model"
tools = true

[[model]]
id = "other"
endpoint = "door"
wire_name = "wire-other"
title = "<b>Other</b>"
aliases = ["other-2024"]

[[model]]
id = "locked"
endpoint = "mine/locked"
wire_name = "locked"
"""


async def chosen(made: Studio, conversation: str) -> str:
    return made.shop.store.get(made.owner, conversation).model


async def test_the_menu_is_private_and_holds_every_model_as_plain_text() -> None:
    async with studio([], rows=ROWS) as made:
        answer = await made.http.get("/api/models")
        assert answer.headers["cache-control"] == "private, no-store"
        told = answer.json()
        assert told["default"] == "model"
        assert [group["id"] for group in told["groups"]] == ["door", "mine/locked"]
        assert [row["title"] for row in told["groups"][0]["models"]] == [
            "The Model",
            "<b>Other</b>",
        ]


class _Long(Catalogue):
    """So long a catalogue that its menu is not done before it is let go on."""

    def __init__(self, like: Catalogue) -> None:
        super().__init__(like.endpoints, like.cards)
        self.begun, self.go_on = threading.Event(), threading.Event()

    def shelf(self, today: date | None = None) -> tuple[Shelf, ...]:
        self.begun.set()
        assert self.go_on.wait(PATIENCE_S / 4), "nobody else was served meanwhile"
        return super().shelf(today)


async def test_a_long_menu_lets_everybody_else_go_on() -> None:
    shop = Workshop([[]], rows=ROWS)
    long = _Long(shop.catalogue)
    shop.catalogues = CurrentCatalogue(long)
    async with opened(shop) as made, asyncio.TaskGroup() as tasks:
        menu = tasks.create_task(made.http.get("/api/models"))
        await asyncio.to_thread(long.begun.wait, PATIENCE_S)
        assert await made.begin()
        assert not menu.done()
        long.go_on.set()
        assert (await menu).json()["default"] == "model"


async def test_a_conversation_keeps_the_model_that_was_chosen_for_it() -> None:
    async with studio([], rows=ROWS) as made:
        conversation, untouched = await made.begin(), await made.begin()
        for asked, kept in (("other", "other"), ("model", "model"), ("other-2024", "other")):
            told = await made.set(conversation, {"model": asked})
            assert told["settings"]["model"]["value"] == kept
            assert await chosen(made, conversation) == kept
        assert await chosen(made, untouched) == "model"
        async with made.page() as page:
            assert (await page.open(conversation))["model"] == "other"


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        ("locked", "“locked” cannot be used now. Set LOCKED_KEY to use it."),
        ("dearest", "That model is not in the catalogue. Choose another."),
        (["other"], "That model is not in the catalogue. Choose another."),
    ],
)
async def test_what_cannot_answer_cannot_be_chosen(model: Any, sentence: str) -> None:
    async with studio([], rows=ROWS) as made:
        conversation = await made.begin()
        told = await made.set(conversation, {"model": model}, 422)
        assert told == {"error": sentence}
        assert await chosen(made, conversation) == "model"


async def test_nobody_chooses_for_anothers_conversation() -> None:
    async with studio([], rows=ROWS) as made, opened(made.shop, "mallory") as other:
        mine = await made.begin()
        for used in (NOBODY, mine):
            await other.set(used, {"model": "other"}, 404)
        assert made.shop.store.get(ME, mine).model == "model"


async def test_a_strange_page_can_neither_choose_nor_test() -> None:
    async with studio([], rows=ROWS) as made:
        conversation = await made.begin()
        strange = {"Origin": "https://evil.example"}
        for method, path in (
            ("PATCH", f"/api/conversations/{conversation}/settings"),
            ("POST", "/api/endpoints/door/test"),
        ):
            body = {"model": "other"}
            answer = await made.http.request(method, path, json=body, headers=strange)
            assert answer.status_code == 403
        assert await chosen(made, conversation) == "model"


async def test_testing_a_connection_says_in_a_sentence_whether_it_works() -> None:
    async with studio([], rows=ROWS) as made:
        works = await made.post("/api/endpoints/door/test")
        assert works["works"] is True
        assert works["sentence"].startswith("Works: 1 model, ")
        locked = await made.post("/api/endpoints/mine%2Flocked/test")
        assert locked == {"works": False, "sentence": "Set LOCKED_KEY to use it."}
        missing = await made.post("/api/endpoints/nowhere/test", status=404)
        assert missing["error"].endswith(".")


async def test_a_model_that_left_the_catalogue_is_explained() -> None:
    async with studio([], rows=ROWS) as made:
        answer = await made.http.get("/api/models/gone%2Fmodel")
        assert answer.headers["cache-control"] == "private, no-store"
        assert "gone/model" in answer.json()["notice"]


async def test_the_endpoints_are_told_with_the_names_of_their_variables() -> None:
    async with studio([], rows=ROWS) as made:
        answer = await made.http.get("/api/endpoints")
        assert answer.headers["cache-control"] == "private, no-store"
        open_, locked = answer.json()["endpoints"]
        assert (open_["title"], open_["wants"], open_["reason"]) == ("The Door", [], "")
        assert locked["reason"] == "Set LOCKED_KEY to use it."
        assert locked["wants"] == [
            {"word": "Key", "variables": [{"name": "LOCKED_KEY", "set": False}]}
        ]
