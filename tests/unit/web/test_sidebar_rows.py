"""A change is read once for all pages of its owner, and is never told as it was before it."""

import asyncio
from dataclasses import replace

import pytest

from chat.core.errors import NotFound
from chat.core.ports import ConversationHit
from chat.web.sidebar_rows import SidebarRows
from tests.unit.turns.workshop import DONE, ME, Workshop
from tests.unit.web.studio import app_state_of


async def test_pages_that_ask_at_once_share_a_reading_and_the_next_change_is_read_anew() -> None:
    shop = Workshop([[DONE]])
    app_state = app_state_of(shop)
    begun = await shop.begin()
    await shop.ask(begun, "A fox")
    conversation = begun.id
    read, listed = [], shop.store.listed

    def counted(owner: str, conversation_id: str) -> ConversationHit:
        read.append(conversation_id)
        return listed(owner, conversation_id)

    shop.store.listed = counted  # type: ignore[method-assign]
    rows = SidebarRows(app_state)
    told = await asyncio.gather(*(rows.told(ME, conversation) for _ in range(100)))
    assert len(set(told)) == len(read) == 1
    assert '"title":"A fox"' in told[0]

    # A page that began to read before a change is told of it after it.
    early = asyncio.create_task(rows.told(ME, conversation))
    shop.store.change(ME, conversation, lambda kept: replace(kept, title="An owl"))
    shop.news.publish(ME, conversation)
    assert '"title":"An owl"' in await rows.told(ME, conversation)
    await early
    await shop.engine.close()


async def test_a_page_that_leaves_takes_the_row_from_nobody_and_what_is_gone_is_not_there() -> None:
    shop = Workshop([])
    rows = SidebarRows(app_state_of(shop))
    conversation = (await shop.begin()).id
    leaving, staying = (asyncio.create_task(rows.told(ME, conversation)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == "", "nothing was said in it yet"
    shop.store.delete(ME, conversation)
    shop.news.publish(ME, conversation)
    for _ in range(2):
        with pytest.raises(NotFound):
            await rows.told(ME, conversation)
    await shop.engine.close()
