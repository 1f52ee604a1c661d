"""The provider that would be asked next is opened while its user still reads or writes.

To load an SDK takes a second of a processor: with the first question it would be waited for, and
with the first of very many all others would, too.
"""

import asyncio
import logging

from chat.core.errors import ChatError
from chat.core.messages import Message, new_id
from chat.gateway.call import Gateway
from chat.models import Catalogues

log = logging.getLogger(__name__)

AFTER_S = 2.0
"""A page that has just come loads its own things first."""


class Readiness:
    """Opens the providers of models that stand beside a message box."""

    def __init__(self, gateway: Gateway, catalogues: Catalogues, after_s: float = AFTER_S) -> None:
        """Open them in this gateway, so many seconds after each was named first."""
        self._gateway = gateway
        self._catalogues = catalogues
        self._after_s = after_s
        self._named: set[str] = set()
        self._timers: list[asyncio.TimerHandle] = []
        self._opening: set[asyncio.Task[None]] = set()

    def soon(self, owner: str, model: str) -> None:
        """Somebody may ask this model before long."""
        if model not in self._named:
            self._named.add(model)
            loop = asyncio.get_running_loop()
            self._timers.append(loop.call_later(self._after_s, self._begin, owner, model))

    def _begin(self, owner: str, model: str) -> None:
        opening = asyncio.create_task(self._open(owner, model), name="open-provider")
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    async def _open(self, owner: str, model: str) -> None:
        try:
            card = self._catalogues.of(owner).resolve(model).card
            nobody = Message(new_id(), "", None, "assistant", ())
            calls = self._gateway.calls(card, owner, nobody)
            await calls.open(calls.preferred.endpoint)
        except ChatError as error:
            log.info("%s is not ready: %s", model, error)  # who asks is told
        except Exception:
            log.exception("%s could not be made ready", model)

    async def close(self) -> None:
        """Open nothing more."""
        for timer in self._timers:
            timer.cancel()
        for opening in self._opening:
            opening.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
