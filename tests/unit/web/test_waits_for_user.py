"""What waits for its user is marked in the list of conversations on every page, and in its tile."""

import json

from chat.core.messages import Message
from chat.mcp.servers import McpServers
from tests.scripted import Script
from tests.unit.mcp.connecting import program
from tests.unit.turns.acting import RING, House, call, decisions, shop_of, wants
from tests.unit.turns.test_questions import asking
from tests.unit.turns.workshop import ME, Workshop
from tests.unit.web.page import Page
from tests.unit.web.studio import Studio, opened
from tests.unit.web.test_variants import asked, grid


def marked(page: Page, conversation: str) -> bool | None:
    """Whether a row was last told to wait; ``None``: nothing was told of it."""
    rows = [each["row"] for each in page.told if each["type"] == "row"]
    return next((row["waits"] for row in reversed(rows) if row["id"] == conversation), None)


async def listed(made: Studio) -> dict[str, bool]:
    """What the list says of each conversation, as a page that loads reads it."""
    rows = (await made.http.get("/api/conversations")).json()["conversations"]
    return {row["id"]: row["waits"] for row in rows}


async def begun(made: Studio) -> str:
    conversation = await made.begin()
    await made.set(conversation, {"tools_on": True})
    return conversation


async def decide(made: Studio, reply: Message) -> None:
    told = [
        {"call": each.call_id, "digest": each.digest, "choice": each.choice, "word": each.word}
        for each in decisions(reply)
    ]
    await made.post(f"/api/messages/{reply.id}/decide", {"decisions": told})


async def test_a_conversation_that_waits_is_marked_on_every_page_until_it_is_decided_on() -> None:
    shop = shop_of(House(), RING)
    async with opened(shop) as made:
        conversation, elsewhere = await begun(made), await begun(made)
        async with made.page(conversation) as here, made.page(elsewhere) as there:
            reply = (await made.ask(conversation))["reply"]
            for page in (here, there):
                await page.until(lambda: marked(page, conversation) is True)  # noqa: B023
            assert await listed(made) == {conversation: True}
            await decide(made, shop.store.message(ME, reply))
            for page in (here, there):
                await page.until(lambda: marked(page, conversation) is False)  # noqa: B023
        assert await listed(made) == {conversation: False}


async def test_a_question_of_a_running_tool_marks_it_as_well() -> None:
    shop = Workshop([wants(call("books"))], tools={"books": asking()})
    async with opened(shop) as made:
        conversation = await begun(made)
        async with made.page() as page:
            reply = (await made.ask(conversation))["reply"]
            await page.until(lambda: marked(page, conversation) is True)
            await made.post(f"/api/messages/{reply}/stop")
            await page.until(lambda: marked(page, conversation) is False)


def tile(page: Page, reply: str) -> str:
    found = grid(page)
    return next((t["html"] for t in found["tiles"] if t["id"] == reply), "") if found else ""


async def variants(made: Studio, page: Page, *words: str) -> list[str]:
    """Two replies at once, each of which says these words in its tile by now."""
    (conversation,) = {each["conversation"] for each in page.told if each["type"] == "window"}
    ids = await asked(made, conversation, 2)
    await page.until(lambda: all(word in tile(page, each) for word in words for each in ids))
    return ids


async def test_variants_that_wait_are_decided_on_in_their_tiles() -> None:
    shop = shop_of(House(), RING, RING)
    async with opened(shop) as made:
        conversation = await begun(made)
        async with made.page(conversation) as page:
            first, second = await variants(made, page, "A call waits for you", "data-digest")
            for each in (first, second):
                await decide(made, shop.store.message(ME, each))
                await page.until(lambda: "There." in tile(page, each))  # noqa: B023
                assert "approval" not in tile(page, each)


async def test_a_variant_whose_tool_asks_shows_the_question_under_ids_of_its_own() -> None:
    script: Script = wants(call("books"))
    shop = Workshop([script, script], tools={"books": asking()})
    async with opened(shop) as made:
        conversation = await begun(made)
        async with made.page(conversation) as page:
            ids = await variants(made, page, "For how many?", 'id="v-')
            await page.until(lambda: 'id=\\"q-' in json.dumps(page.told))  # the reply itself, too
            for each in ids:
                await made.post(f"/api/messages/{each}/stop")
                await page.until(lambda: "form" not in tile(page, each))  # noqa: B023


async def test_the_switch_counts_the_tools_of_a_server_that_comes_on_every_page() -> None:
    servers = McpServers([program("fine")], changed=lambda: shop.news.publish_tools())
    shop = Workshop([], sources=[servers])
    async with opened(shop) as made:
        conversation = await begun(made)
        path = f"/api/conversations/{conversation}/settings"
        before = (await made.http.get(path)).json()["tools"]["usable"]

        def counted(page: Page) -> list[tuple[str | None, int]]:
            told = [each for each in page.told if each["type"] == "tools"]
            return [(each["conversation"], each["tools"]["usable"]) for each in told]

        async with made.page(conversation) as page, made.page() as blank:
            servers.start()
            try:
                await page.until(lambda: (conversation, before + 1) in counted(page))
                await blank.until(lambda: (None, before + 1) in counted(blank))
            finally:
                await servers.close()
