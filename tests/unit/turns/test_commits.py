"""A database that goes away while it keeps a question: it is asked once, and never waited for."""

import asyncio
from collections.abc import Sequence

import pytest

from chat.core.errors import Away
from chat.core.events import TextDelta
from chat.core.messages import ALIVE, Message
from chat.core.parts import plain_text
from chat.turns import commits, store_away
from chat.turns.outgoing import Outgoing
from tests.unit.turns.workshop import DONE, ME, Workshop


class Server:
    """A store that goes away once, before or after it has kept what is added."""

    def __init__(self, shop: Workshop, *, keeps: bool, away: int = 0) -> None:
        """``away``: so many looks for what was added find nobody there."""
        self.away = away
        add, message, update = shop.store.add, shop.store.message, shop.store.update
        self.ended = asyncio.Event()
        loop = asyncio.get_running_loop()

        def adding(messages: Sequence[Message]) -> None:
            shop.store.add = add  # type: ignore[method-assign]
            if keeps:
                add(messages)
            raise Away("The database cannot be reached just now.")

        def looking(owner: str, message_id: str) -> Message:
            if self.away > 0:
                self.away -= 1
                raise Away("The database cannot be reached just now.")
            return message(owner, message_id)

        def ending(message: Message) -> None:
            update(message)
            loop.call_soon_threadsafe(self.ended.set)

        shop.store.add = adding  # type: ignore[method-assign]
        shop.store.message = looking  # type: ignore[method-assign]
        shop.store.update = ending  # type: ignore[method-assign]


async def test_what_it_had_kept_is_answered() -> None:
    shop = Workshop([[TextDelta("Here."), DONE]])
    conversation = await shop.begin()
    Server(shop, keeps=True, away=1)
    started = await shop.engine.send(ME, conversation.id, Outgoing("one", "go"))
    reply = await shop.answer(started)
    assert (reply.status, plain_text(reply.parts)) == ("complete", "Here.")


async def test_what_it_had_not_kept_is_refused_and_can_be_sent_again() -> None:
    shop = Workshop([[TextDelta("Here."), DONE]])
    conversation = await shop.begin()
    Server(shop, keeps=False)
    with pytest.raises(Away):
        await shop.engine.send(ME, conversation.id, Outgoing("one", "go"))
    started = await shop.engine.send(ME, conversation.id, Outgoing("one", "go"))
    assert (await shop.answer(started)).status == "complete"


async def test_what_it_had_kept_and_tells_too_late_is_ended_and_nobody_was_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_away, "PATIENCE_S", 0.0)
    monkeypatch.setattr(commits, "LOOK_AGAIN_S", 0.0)
    shop = Workshop([])
    conversation = await shop.begin()
    server = Server(shop, keeps=True, away=3)
    with pytest.raises(Away):
        await shop.engine.send(ME, conversation.id, Outgoing("one", "go"))
    await shop.until(server.ended)
    known = shop.store.by_client_id(conversation.id, "one")
    assert known is not None
    reply = shop.store.reply_to(known.id)
    assert reply is not None
    assert reply.status not in ALIVE
    assert reply.finish is not None
    assert "no model was asked" in reply.finish.message
    await shop.engine.close()
