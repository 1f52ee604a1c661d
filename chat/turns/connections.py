"""Asking endpoints what they serve: to try a connection, and to fill the menu.

Knows no wire: the doors do. Nobody is asked who is not set up.
"""

import asyncio
import logging
import time
from dataclasses import dataclass

from chat.core.errors import ChatError, NotFound
from chat.models import Catalogue
from chat.turns.doors import Doors

log = logging.getLogger(__name__)

PATIENCE_S = 20.0
"""How long an endpoint may take to list its models, the opening of its door included."""

BUG = "was asked, and Easel failed inside over what came. The log has the cause."


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of asking an endpoint, in one sentence that may be shown."""

    works: bool
    sentence: str


class Connections:
    """The endpoints of a catalogue, asked one question each at a time."""

    def __init__(self, catalogue: Catalogue, doors: Doors, patience_s: float = PATIENCE_S) -> None:
        """Ask through these doors; what is discovered joins this catalogue."""
        self._catalogue = catalogue
        self._doors = doors
        self._patience_s = patience_s
        self._asking: dict[str, asyncio.Task[Answer]] = {}

    async def test(self, endpoint_id: str) -> Answer:
        """Ask what an endpoint serves; who asks while it is being asked shares the answer.

        Raises:
            NotFound: there is no such endpoint.
        """
        if endpoint_id not in self._catalogue.endpoints:
            raise NotFound("There is no such endpoint in the catalogue.")
        asking = self._asking.get(endpoint_id)
        if asking is None:
            asking = asyncio.create_task(self._ask(endpoint_id), name=f"ask {endpoint_id}")
            self._asking[endpoint_id] = asking
            asking.add_done_callback(lambda _: self._asking.pop(endpoint_id))
        # One page that leaves must not take the answer from another.
        return await asyncio.shield(asking)

    @property
    def discovering(self) -> bool:
        """Whether an endpoint is being asked whose models will join the menu."""
        return any(self._catalogue.endpoints[asked].discover for asked in self._asking)

    async def discover(self) -> None:
        """Ask every endpoint that is set up and wants its own list in the menu."""
        endpoints = self._catalogue.endpoints.values()
        wanted = [
            endpoint.id
            for endpoint in endpoints
            if endpoint.discover and not self._catalogue.lacks(endpoint.id)
        ]
        # Who lets go of the connections meanwhile ends these questions, too.
        await asyncio.gather(*map(self.test, wanted), return_exceptions=True)

    async def close(self) -> None:
        """Ask nobody any longer."""
        asking = list(self._asking.values())
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def _ask(self, endpoint_id: str) -> Answer:
        if lacking := self._catalogue.lacks(endpoint_id):
            return Answer(works=False, sentence=lacking)
        begun = time.perf_counter()
        try:
            async with asyncio.timeout(self._patience_s):
                listed, joined = await self._listed(endpoint_id)
        except TimeoutError:
            title = self._catalogue.endpoints[endpoint_id].title
            sentence = f"{title} did not answer within {self._patience_s:g} seconds."
            log.warning("%s", sentence)
            return Answer(works=False, sentence=sentence)
        except ChatError as error:
            log.warning("%s did not list its models: %s", endpoint_id, error)
            log.debug("the cause", exc_info=error)
            return Answer(works=False, sentence=str(error))
        except Exception:
            # A bug of ours. Who tries a connection is told that it does not work, all the same.
            title = self._catalogue.endpoints[endpoint_id].title
            log.exception("%s could not be asked for its models", endpoint_id)
            return Answer(works=False, sentence=f"{title} {BUG}")
        took_ms = (time.perf_counter() - begun) * 1000
        return Answer(works=True, sentence=_told(listed, joined, took_ms))

    async def _listed(self, endpoint_id: str) -> tuple[int, int]:
        """How many models the endpoint lists, and how many of them are new in the menu."""
        endpoint = self._catalogue.endpoints[endpoint_id]
        provider = await self._doors.opened(endpoint)
        listed = await provider.models()
        if not endpoint.discover:
            return len(listed), 0
        known = frozenset(self._catalogue.cards)
        # Looking up hundreds of prices takes a while.
        adopted = await asyncio.to_thread(self._catalogue.adopt, endpoint_id, listed)
        return len(listed), sum(card.id not in known for card in adopted)


def _told(listed: int, joined: int, took_ms: float) -> str:
    models = "1 model" if listed == 1 else f"{listed} models" if listed else "it lists no models"
    new = f", {joined} new in the menu" if joined else ""
    return f"Works: {models}{new}, {took_ms:.0f} ms."
