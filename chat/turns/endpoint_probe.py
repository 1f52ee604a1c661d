"""Asking endpoints what they serve: to try a connection, and to fill the menu.

Nobody is asked who is not set up.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from chat.core.calling import Listed
from chat.core.errors import AuthFailed, ChatError, NotFound, ProviderError, WrongAddress
from chat.core.languages import later
from chat.core.models import Deployment, Endpoint
from chat.gateway.pool import ProviderPool
from chat.models import Catalogue, Catalogues

log = logging.getLogger(__name__)

PATIENCE_S = 20.0
"""How long an endpoint may take to list its models, the opening of its provider included."""

NAMED = 3
"""Models of the rows that are named where the list does not hold them; the rest is counted."""

NO_ENDPOINT = "There is no such endpoint in the catalogue."
_MISSING = frozenset({404, 405})
BUG = "was asked, and Easel failed inside over what came. The log has the cause."


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What became of asking an endpoint, in one sentence that may be shown."""

    works: bool
    sentence: str
    elsewhere: bool = False
    """What answered has nothing of the sort at this address."""
    keyless: bool = False
    """It is the place, and did not accept the key."""


class EndpointProbe:
    """The endpoints of a catalogue, asked one question each at a time."""

    def __init__(
        self, catalogues: Catalogues, pool: ProviderPool, patience_s: float = PATIENCE_S
    ) -> None:
        """Ask through these providers; what is discovered joins the catalogue."""
        self._catalogues = catalogues
        self._pool = pool
        self._patience_s = patience_s
        self._asking: dict[str, asyncio.Task[ProbeResult]] = {}
        self._troubles: dict[str, tuple[Endpoint, str]] = {}

    @property
    def _catalogue(self) -> Catalogue:
        return self._catalogues.now

    async def test(self, endpoint_id: str) -> ProbeResult:
        """Ask what an endpoint serves; who asks while it is being asked shares the answer.

        Raises:
            NotFound: there is no such endpoint.
        """
        if endpoint_id not in self._catalogue.endpoints:
            raise NotFound(NO_ENDPOINT)
        asking = self._asking.get(endpoint_id)
        if asking is None:
            asking = asyncio.create_task(self._ask(endpoint_id), name=f"ask {endpoint_id}")
            self._asking[endpoint_id] = asking
            asking.add_done_callback(lambda _: self._asking.pop(endpoint_id, None))
        # One page that leaves must not take the answer from another.
        return await asyncio.shield(asking)

    def trouble(self, endpoint_id: str) -> str:
        """Why an endpoint, as it is now, did not list its models when last asked; empty: it did."""
        endpoint, sentence = self._troubles.get(endpoint_id, (None, ""))
        return sentence if endpoint == self._catalogue.endpoints.get(endpoint_id) else ""

    @property
    def discovering(self) -> bool:
        """Whether an endpoint is being asked whose models will join the menu."""
        endpoints = self._catalogue.endpoints
        return any(asked in endpoints and endpoints[asked].discover for asked in self._asking)

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

    async def try_out(self, endpoint: Endpoint) -> tuple[ProbeResult, Sequence[Listed]]:
        """Ask an endpoint that is in no catalogue yet, or not as it is there; what it lists."""
        found: list[Listed] = []

        async def listed() -> str:
            begun = time.perf_counter()
            async with self._pool.using(endpoint) as provider:
                found.extend(await provider.models())
            return _told(_Found(len(found), 0, ()), (time.perf_counter() - begun) * 1000)

        try:
            return await self._tried(endpoint, listed), found
        finally:
            await self._pool.retire(self._catalogue.endpoints.values())

    async def _ask(self, endpoint_id: str) -> ProbeResult:
        if lacking := self._catalogue.lacks(endpoint_id):
            return ProbeResult(works=False, sentence=lacking)
        endpoint = self._catalogue.endpoints[endpoint_id]

        async def listed() -> str:
            begun = time.perf_counter()
            found = await self._listed(endpoint)
            if endpoint.spec.offline:
                return "Works, offline."
            return _told(found, (time.perf_counter() - begun) * 1000)

        result = await self._tried(endpoint, listed)
        self._troubles.pop(endpoint_id, None)
        if not result.works:
            self._troubles[endpoint_id] = endpoint, result.sentence
        return result

    async def _tried(self, endpoint: Endpoint, ask: Callable[[], Awaitable[str]]) -> ProbeResult:
        """What came of asking: what it says if all went well, else why not."""
        try:
            async with asyncio.timeout(self._patience_s):
                sentence = await ask()
        except TimeoutError:
            sentence = f"{endpoint.title} did not answer within {self._patience_s:g} seconds."
            log.warning("%s", sentence)
            return ProbeResult(works=False, sentence=sentence)
        except ChatError as error:
            log.warning("%s did not list its models: %s", endpoint.id, error)
            log.debug("the cause", exc_info=error)
            missing = isinstance(error, ProviderError) and error.status in _MISSING
            sentence = _no_list(endpoint) if missing else str(error)
            elsewhere = missing or isinstance(error, WrongAddress)
            return ProbeResult(
                works=False,
                sentence=sentence,
                elsewhere=elsewhere,
                keyless=isinstance(error, AuthFailed),
            )
        except Exception:
            # A bug of ours. Who tries a connection is told that it does not work, all the same.
            log.exception("%s could not be asked for its models", endpoint.id)
            return ProbeResult(works=False, sentence=f"{endpoint.title} {BUG}")
        return ProbeResult(works=True, sentence=sentence)

    async def _listed(self, endpoint: Endpoint) -> "_Found":
        async with self._pool.using(endpoint) as provider:
            listed = await provider.models()
        catalogue = self._catalogue
        known, joined = frozenset(catalogue.cards), 0
        # It may have been removed or changed while it was asked.
        if endpoint.discover and catalogue.endpoints.get(endpoint.id) == endpoint:
            # Looking up hundreds of prices takes a while.
            adopted = await asyncio.to_thread(catalogue.adopt, endpoint.id, listed)
            joined = sum(card.id not in known for card in adopted)
        names = {model.wire_name for model in listed}
        unlisted = [name for name in self._asked_for(endpoint) if name not in names]
        return _Found(len(listed), joined, tuple(unlisted))

    def _asked_for(self, endpoint: Endpoint) -> Iterable[str]:
        """What the models of the menu are called at an endpoint."""
        if "api_version" in endpoint.options:
            return ()  # Azure: it lists what may be deployed, and is asked by one's own names
        places = [
            (place.endpoint, place.wire_name)
            for card in self._catalogue.usable()
            for place in card.deployments or (Deployment(card.endpoint, card.wire_name),)
        ]
        return dict.fromkeys(name for place, name in places if place == endpoint.id)


@dataclass(frozen=True, slots=True)
class _Found:
    """What an endpoint's list comes to."""

    listed: int
    joined: int
    """How many of them are new in the menu."""
    unlisted: tuple[str, ...]
    """Names by which the menu would ask for models, and which the list does not hold."""


def _no_list(endpoint: Endpoint) -> str:
    return f"{endpoint.title} has no list of models at this address. Check its address."


def _told(found: _Found, took_ms: float) -> str:
    if not found.listed:
        return f"Works: it lists no models, {took_ms:.0f} ms."
    models = "1 model" if found.listed == 1 else f"{found.listed} models"
    new = later(f", {found.joined} new in the menu") if found.joined else ""
    if not found.unlisted:
        return f"Works: {models}{new}, {took_ms:.0f} ms."
    shown, more = found.unlisted[:NAMED], len(found.unlisted) - NAMED
    names = [*shown, f"{more} more"] if more > 0 else list(shown)
    unlisted = " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
    if len(found.unlisted) == 1:
        return f"Works: {models}{new}, but {unlisted} is not among them."
    return f"Works: {models}{new}, but {unlisted} are not among them."
