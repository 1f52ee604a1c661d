"""A database server that starts anew ends no reply; one that stays away is said to be."""

import asyncio
import threading

import pytest

from chat.core.errors import Away, Full
from chat.turns.store_away import while_away


class Server:
    """Away for so many questions."""

    def __init__(self, away: int) -> None:
        self.away = away
        self.asked = 0
        self.reached = threading.Event()

    def work(self) -> str:
        self.asked += 1
        self.reached.set()
        if self.asked <= self.away:
            raise Away("The database cannot be reached just now.")
        return "done"


async def test_what_is_away_is_asked_again_until_it_is_back() -> None:
    server = Server(2)
    assert await while_away(server.work) == "done"
    assert server.asked == 3


async def test_who_leaves_does_not_wait_for_it() -> None:
    server, leave = Server(1_000_000), asyncio.Event()
    waiting = asyncio.create_task(while_away(server.work, leave))
    await asyncio.to_thread(server.reached.wait)
    leave.set()
    with pytest.raises(Away):
        await waiting


async def test_another_fault_is_told_at_once() -> None:
    asked = []

    def work() -> None:
        asked.append(1)
        raise Full("The disk is full.")

    with pytest.raises(Full):
        await while_away(work)
    assert asked == [1]
