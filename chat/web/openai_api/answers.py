"""Asks for one or several answers at once, for whoever listens to them."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from chat.turns.direct import DirectAnswers, DirectEnd, DirectEvent, DirectQuestion

Listener = Callable[[int, DirectEvent], None]
"""Hears which answer a piece is of, from 0, and the piece."""


async def asked(
    direct: DirectAnswers,
    owner: str,
    question: DirectQuestion,
    count: int,
    tell: Listener,
    ended: Callable[[int, DirectEnd], None] | None = None,
) -> Sequence[DirectEnd]:
    """So many answers to a question, side by side; the end of each, in order.

    Where one fails, the others are given up.

    Raises:
        ChatError: one of them failed.
    """

    async def one(index: int) -> DirectEnd:
        end = await direct.ask(owner, question, partial(tell, index))
        if ended is not None:
            ended(index, end)
        return end

    if count == 1:
        return [await one(0)]
    tasks = [asyncio.ensure_future(one(index)) for index in range(count)]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
