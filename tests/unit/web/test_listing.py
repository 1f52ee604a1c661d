"""The list of conversations over HTTP: what is found, and that a long one is all there."""

import pytest

from chat.core.messages import Conversation, Message, new_id
from chat.core.parts import Text
from tests.unit.turns.workshop import ME, Workshop
from tests.unit.web.studio import opened, studio
from tests.unit.web.test_commands import SCRIPT, turn


def fill(shop: Workshop, count: int, *, said: bool = True) -> list[str]:
    """So many conversations, with a message or without; their ids, oldest first."""
    ids = []
    for number in range(count):
        made = Conversation(new_id(), ME, f"No. {number}", model=shop.card.id)
        shop.store.create(made)
        if said:
            shop.store.add([Message(new_id(), made.id, None, "user", (Text("a fox"),))])
        ids.append(made.id)
    return ids


async def test_search_finds_words_and_lists_only_what_holds_a_message() -> None:
    async with studio(SCRIPT, SCRIPT) as made, opened(made.shop, "mallory") as other:
        await made.begin()
        started = await turn(made, text="A red fox & a <b>blue</b> hare")
        for query in ("FOX", "blue fox", "", "hare" + "\x00", "yes"):
            found = (await made.http.get("/api/conversations", params={"q": query})).json()
            assert [row["id"] for row in found["conversations"]] == [started["conversation"]], query
        for query in ("wolf", "%", "_"):
            found = (await made.http.get("/api/conversations", params={"q": query})).json()
            assert found == {"conversations": [], "more": False}, query
        assert (await other.http.get("/api/conversations")).json()["conversations"] == []


async def test_a_hundred_unused_conversations_hide_none_that_is_used() -> None:
    async with studio(SCRIPT) as made:
        (used,) = fill(made.shop, 1)
        fill(made.shop, 120, said=False)
        found = (await made.http.get("/api/conversations")).json()
        assert [row["id"] for row in found["conversations"]] == [used]


@pytest.mark.parametrize("query", ["", "fox"])
async def test_a_long_list_comes_page_by_page_to_its_very_end(query: str) -> None:
    async with studio(SCRIPT) as made:
        ids = fill(made.shop, 120)
        seen: list[str] = []
        sizes = []
        asked = {"q": query}
        more = True
        while more:
            page = (await made.http.get("/api/conversations", params=asked)).json()
            seen += [row["id"] for row in page["conversations"]]
            sizes.append(len(page["conversations"]))
            asked = {"q": query, "before": page["conversations"][-1]["at"]}
            more = page["more"]
        assert sizes == [50, 50, 20]
        assert seen == ids[::-1]


@pytest.mark.parametrize(
    "before", ["", "yesterday", "2026-11-01T00:00:00", "0001-01-01T00:00:00+14:00", "9" * 40]
)
async def test_a_time_that_is_none_is_refused_with_a_sentence(before: str) -> None:
    async with studio(SCRIPT) as made:
        answer = await made.http.get("/api/conversations", params={"before": before})
        assert answer.status_code == 400
        assert answer.json() == {"error": "This request is not in the form that Easel expects."}
