"""Providers that are set up while Easel runs: tried out, kept, changed, switched off, removed.

What is filled in becomes rows, and a key goes to the store of keys; the files are then read anew as
a whole, and the new catalogue takes the place of the one before. What is under way keeps the one
that it began with. One change is made at a time.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypeAlias

from chat.core.calling import Listed
from chat.core.errors import CapabilityError, ConfigError, NotFound, StorageError
from chat.core.models import Endpoint, ModelCard
from chat.core.ports import Conversations
from chat.core.provider_stores import KeptKeys, KeptText, KeyStore
from chat.core.redaction import without_keys
from chat.gateway.call import Gateway
from chat.http.typed_addresses import completed, other_addresses, refusal
from chat.models import Catalogue, CurrentCatalogue
from chat.models.added_rows import added_tables, laid_over, without, written
from chat.models.endpoints import SWITCHED_OFF
from chat.models.setups import (
    Setup,
    Tables,
    filled_in,
    host_of,
    named,
    rows_of,
    setups,
    values_of,
)
from chat.models.source import CatalogueSource
from chat.models.variables import first
from chat.turns.endpoint_probe import EndpointProbe, ProbeResult
from chat.turns.jobs import Jobs

log = logging.getLogger(__name__)

KeyFrom: TypeAlias = Literal["environment", "kept", "none"]
State: TypeAlias = Literal["ready", "failing", "off", "lacking"]

TAIL = 4
"""So many characters of a key are shown, of one that is long enough to stay a secret."""
LEAST_FOR_TAIL = 16

MOST_COUNTED = 500
"""Conversations that are looked through for what is in use."""


@dataclass(frozen=True, slots=True)
class Added:
    """What was set up by forms so far."""

    tables: Tables
    kept: KeptKeys
    trouble: str = ""
    """What of it cannot be used, and why; empty: all can."""


def read_added(source: CatalogueSource, rows: KeptText, keys: KeyStore) -> tuple[Catalogue, Added]:
    """The catalogue at a start, with what was set up by forms.

    A file of theirs that is of no use stops nothing: Easel starts without its rows, and says so.

    Raises:
        ConfigError: a row of the other files is wrong.
    """
    kept = keys.read()
    try:
        text = rows.read()
        return source.catalogue(text, kept.keys), Added(added_tables(text), kept, kept.trouble)
    except (ConfigError, StorageError) as error:
        catalogue = source.catalogue("", kept.keys)  # raises where the fault is elsewhere
        trouble = f"Providers that were set up on this page are left out. {error}"
        return catalogue, Added({}, kept, f"{trouble} {kept.trouble}".strip())


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """A provider that was set up, here or by the environment."""

    setup: Setup
    state: State
    reason: str
    """Why it cannot be used, or what it said when it was asked last; empty: it can."""
    key_from: KeyFrom
    key_variable: str
    """The variable of the environment that holds the key; empty: none does."""
    key_tail: str
    values: Mapping[str, str]
    cards: Sequence[ModelCard]
    """Its models in the menu."""
    chosen: Sequence[str] | None
    """The wire names of what was chosen from its list; ``None``: nothing was."""
    made_here: bool
    """Whether there is something of it that can be removed here."""
    asked: str
    """The endpoint that tells whether it works; empty: none can be asked."""
    endpoints: Sequence[str] = ()
    """All of it, the other wires of its server included."""
    refused_at: datetime | None = None
    """When its key was refused last; ``None``: it was not since it last worked."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What would miss a provider."""

    conversations: int
    """Of the newest, how many name one of its models."""
    replies: int
    """How many are being written by one."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that a provider could have in the menu."""

    card: ModelCard
    listed: bool
    """Whether the provider lists it by this name."""
    known: bool
    """Whether it is in the menu without having been chosen."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of asking a provider before it is kept."""

    works: bool
    sentence: str
    offers: Sequence[Offer] = ()
    address: str = ""
    """Where it answered, if that is not as it was typed; empty: it is, or nothing answered."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was kept."""

    id: str
    noted: str
    """What was made of an address that was typed, in a sentence; empty: nothing."""


class ModelsAndKeys:
    """The providers of an Easel, and the ways to change them."""

    def __init__(
        self,
        source: CatalogueSource,
        added: Added,
        rows: KeptText,
        keys: KeyStore,
        current: CurrentCatalogue,
        *,
        gateway: Gateway,
        probe: EndpointProbe,
        jobs: Jobs,
        conversations: Conversations,
        hide: Callable[[Iterable[str]], None],
        publish: Callable[[], None],
        prepare: Callable[[Catalogue], Callable[[], None]],
        closed: str = "",
        private: bool = True,
    ) -> None:
        """Begin with what was read.

        Args:
            source: where the catalogue is read from.
            added: what was set up so far.
            rows: where rows are kept.
            keys: where keys are kept.
            current: holds the catalogue.
            gateway: forgets what it learned of an endpoint that changes.
            probe: asks endpoints.
            jobs: the turns that run.
            conversations: which models they use.
            hide: hears each key before anything can log it.
            publish: hears that there are other models.
            prepare: makes what else depends on the endpoints, and gives a function that puts it in
                place; it may refuse with a ``ConfigError``.
            closed: why nothing may be changed here, in a sentence; empty: it may.
            private: whether servers inside the network may be named.
        """
        self._source, self._rows, self._keys = source, rows, keys
        self._files = source.tables()
        self._added = added
        self._current = current
        self._gateway, self._probe, self._jobs = gateway, probe, jobs
        self._conversations = conversations
        self._hide, self._publish, self._prepare = hide, publish, prepare
        self.closed = closed
        self._private = private
        self._changing = asyncio.Lock()

    @property
    def place(self) -> str:
        """Where a key goes that is typed now, as the end of a sentence."""
        return self._keys.place

    @property
    def trouble(self) -> str:
        """What cannot be used of what was set up, in sentences; empty: nothing."""
        return self._added.trouble

    @property
    def rows(self) -> str:
        """What was set up here, as a file of models."""
        return written(self._added.tables)

    def setups(self) -> list[Setup]:
        """Every form there is."""
        return setups(self._files, self._added.tables, self._source.kinds)

    def status(self) -> list[ProviderStatus]:
        """The providers that were set up, in the order of the files."""
        return [self._status(each) for each in self.setups() if self._is_set_up(each)]

    def available(self) -> list[Setup]:
        """The forms of what is not set up."""
        return [each for each in self.setups() if not self._is_set_up(each)]

    async def in_use(self, owner: str) -> Mapping[str, Usage]:
        """What an owner uses of each provider, by its id."""
        hits = await asyncio.to_thread(self._conversations.search, owner, "", MOST_COUNTED)
        named = [hit.conversation.model for hit in hits]
        writing = [
            job.message.origin.model for job in self._jobs.of_owner(owner) if job.message.origin
        ]
        found = {}
        for setup in self.setups():
            ours = {card.id for card in self._cards(setup, every=True)}
            begins = tuple(f"{endpoint_id}:" for endpoint_id in setup.endpoints)

            def counted(
                models: Sequence[str],
                ours: set[str] = ours,
                begins: tuple[str, ...] = begins,
            ) -> int:
                return sum(model in ours or model.startswith(begins) for model in models)

            found[setup.id] = Usage(counted(named), counted(writing))
        return found

    async def try_out(self, setup_id: str, values: Mapping[str, str], key: str | None) -> Tried:
        """Ask a provider as it is filled in, and keep nothing.

        Args:
            setup_id: of the form.
            values: by the names of its fields, but for the key.
            key: as it was typed; ``None``: the one that is kept.

        Raises:
            ChatError: it cannot be asked as it is filled in.
        """
        self._refuse_closed()
        setup, filled, tables, kept = await self._draft(setup_id, values, key, None)
        catalogue = await asyncio.to_thread(self._source.catalogue, written(tables), kept)
        endpoint = _first_ready(catalogue, setup)
        if endpoint is None:
            return Tried(works=False, sentence=catalogue.lacks(setup.endpoints[0]))
        # Without names of variables: whoever fills a form in has set none.
        shown = replace(endpoint, key_env=(), key_on_page=True)
        where, result, listed = await self._searched(shown)
        field = _address_field(setup, filled, endpoint.base_url)
        noted = _noted(values.get(field, ""), where.base_url) if field else ""
        sentence = without_keys(result.sentence, [endpoint.api_key])
        sentence = f"{sentence} {noted}" if noted else sentence
        offers: Sequence[Offer] = ()
        if result.works:
            offers = await asyncio.to_thread(_offers, catalogue, setup, endpoint, listed)
        return Tried(result.works, sentence, offers, where.base_url if noted else "")

    async def save(
        self,
        setup_id: str,
        values: Mapping[str, str],
        key: str | None,
        chosen: Sequence[str] | None,
    ) -> Saved:
        """Set a provider up, or change it.

        It is kept whatever it says when it is asked, which its status tells.

        Args:
            setup_id: of the form.
            values: by the names of its fields, but for the key.
            key: as it was typed; ``None``: the one that is kept stays.
            chosen: the wire names of the models to have; ``None``: as its rows have it.

        Raises:
            ChatError: it cannot be used or kept as it is filled in.
        """
        self._refuse_closed()
        async with self._changing:
            setup, filled, tables, _ = await self._draft(setup_id, values, key, chosen)
            name = setup.key_env[0] if setup.key_env else ""
            typed = filled.get(name, "")
            await self._apply(tables, {name: typed} if typed else {}, setup)
            endpoint = _first_ready(self._current.now, setup)
            if endpoint is None:
                return Saved(setup.id, "")
            field = _address_field(setup, filled, endpoint.base_url)
            if field and self._probe.trouble(endpoint.id):
                where, _, _ = await self._searched(endpoint)
                if where.base_url != endpoint.base_url:
                    filled = {**filled, field: where.base_url}
                    if setup.own and not values.get("title", "").strip():
                        setup = replace(setup, title=host_of(where.base_url))
                    await self._apply(self._laid(setup, filled, chosen), {}, setup)
                    endpoint = where
            noted = _noted(values.get(field, ""), endpoint.base_url) if field else ""
            return Saved(setup.id, noted)

    async def switch(self, setup_id: str, *, on: bool) -> None:
        """Use a provider, or do not for now. Raises ``ChatError``."""
        self._refuse_closed()
        async with self._changing:
            setup = self._found(setup_id)
            added = self._added.tables.get("endpoint", {})
            rows = []
            for row_id in setup.endpoints:
                row = {**added.get(row_id, {}), "id": row_id}
                row.pop("switched_off", None)
                rows.append(row if on else {**row, "switched_off": True})
            await self._apply(laid_over(self._added.tables, rows, []), {})

    async def remove(self, setup_id: str) -> None:
        """Forget what was set up of a provider here, and its key. Raises ``ChatError``."""
        self._refuse_closed()
        async with self._changing:
            setup = self._found(setup_id)
            models = [
                model_id
                for model_id in self._added.tables.get("model", {})
                if self._files.get("model", {}).get(model_id, {}).get("endpoint") in setup.endpoints
            ]
            tables = without(self._added.tables, setup.endpoints, models)
            held = [name for name in setup.key_env if name in self._added.kept.keys]
            await self._apply(tables, dict.fromkeys(held, ""))

    def _refuse_closed(self) -> None:
        if self.closed:
            raise CapabilityError(self.closed)

    def _found(self, setup_id: str) -> Setup:
        found = next((each for each in self.setups() if each.id == setup_id), None)
        if found is None:
            raise NotFound("There is no such provider.")
        return found

    async def _searched(self, endpoint: Endpoint) -> tuple[Endpoint, ProbeResult, Sequence[Listed]]:
        """Where a server answers, what it said there and lists; as it is where it does nowhere."""
        result, listed = await self._probe.try_out(endpoint)
        if result.elsewhere and endpoint.base_url:
            for address in other_addresses(endpoint.base_url, endpoint.service.version_path):
                other = replace(endpoint, base_url=address)
                tried, found = await self._probe.try_out(other)
                if tried.works or tried.keyless:
                    return other, tried, found
        return endpoint, result, listed

    async def _draft(
        self,
        setup_id: str,
        values: Mapping[str, str],
        key: str | None,
        chosen: Sequence[str] | None,
    ) -> tuple[Setup, Mapping[str, str], Tables, Mapping[str, str]]:
        """The form as filled in, its values, all rows with its own, and all keys with its own."""
        setup = self._found(setup_id)
        if key:
            self._hide([key.strip()])
        addresses = {field.name for field in setup.fields if field.use == "address"}
        values = {
            name: completed(value) if name in addresses else value for name, value in values.items()
        }
        if setup.own:
            title = values.get("title", setup.title if setup.endpoints else "")
            title = " ".join(title.split()) or host_of(values.get("address", ""))
            if setup.endpoints:
                setup = replace(setup, title=title or setup.title)
            else:
                every = laid_over(
                    self._files, list(self._added.tables.get("endpoint", {}).values()), []
                )
                setup = named(setup, title, every, self._source.environ)
        name = setup.key_env[0] if setup.key_env else ""
        filled = filled_in(setup, {**values, name: key or ""})
        for field in setup.fields:
            if field.use == "address" and (address := filled.get(field.name)):
                why = await refusal(address, private=self._private)
                if why:
                    raise CapabilityError(why)
        needs_key = any(field.use == "key" and field.required for field in setup.fields)
        variable, _ = first(self._source.environ, setup.key_env)
        if needs_key and not (filled.get(name) or variable or self._added.kept.keys.get(name)):
            raise CapabilityError("“API key” is missing.")
        kept = dict(self._added.kept.keys)
        if filled.get(name):
            kept[name] = filled[name]
        return setup, filled, self._laid(setup, filled, chosen), kept

    def _laid(
        self, setup: Setup, filled: Mapping[str, str], chosen: Sequence[str] | None
    ) -> Tables:
        """All rows, with those of a filled form."""
        made = self._added.tables.get("endpoint", {})
        off = any(made.get(row_id, {}).get("switched_off") for row_id in setup.endpoints)
        rows = rows_of(setup, filled, self._files, chosen, off=off)
        stale = [
            model_id
            for model_id in self._added.tables.get("model", {})
            if self._files.get("model", {}).get(model_id, {}).get("endpoint") in setup.endpoints
        ]
        return laid_over(without(self._added.tables, (), stale), *rows)

    async def _apply(
        self, tables: Tables, keys: Mapping[str, str], saved: Setup | None = None
    ) -> None:
        """Have these rows and keys hold, here and after the next start; an empty key is forgotten.

        Whoever changed is asked for its list; one that was saved is asked in any case.

        Raises:
            ChatError: they cannot be used, or not kept; then all is as it was.
        """
        kept = {**self._added.kept.keys, **keys}
        kept = {name: key for name, key in kept.items() if key}
        self._hide(kept.values())
        text = written(tables)
        catalogue = await asyncio.to_thread(self._source.catalogue, text, kept)
        before = self._current.now
        await asyncio.to_thread(catalogue.learn_from, before)
        put_in_place = await asyncio.to_thread(self._prepare, catalogue)
        for name, key in keys.items():
            if key:
                await asyncio.to_thread(self._keys.keep, name, key)
        await asyncio.to_thread(self._rows.write, text)
        for name, key in keys.items():
            if not key:
                await asyncio.to_thread(self._keys.forget, name)
        trouble = (await asyncio.to_thread(self._keys.read)).trouble
        self._added = Added(tables, KeptKeys(kept, trouble), trouble)
        put_in_place()
        self._current.replace(catalogue)
        changed = [
            endpoint_id
            for endpoint_id, endpoint in catalogue.endpoints.items()
            if before.endpoints.get(endpoint_id) != endpoint
        ]
        for endpoint_id in changed:
            self._gateway.balancer.forget(endpoint_id)
        await self._gateway.pool.retire(catalogue.endpoints.values())
        self._publish()
        asked = [
            endpoint_id
            for endpoint_id in changed
            if catalogue.endpoints[endpoint_id].discover and not catalogue.lacks(endpoint_id)
        ]
        one = saved and _first_ready(catalogue, saved)
        if one and one.id not in asked:
            asked.append(one.id)
        await asyncio.gather(*map(self._probe.test, asked), return_exceptions=True)
        if asked:
            self._publish()

    def _is_set_up(self, setup: Setup) -> bool:
        if not setup.endpoints:
            return False
        made = self._added.tables.get("endpoint", {})
        held = any(self._added.kept.keys.get(name) for name in setup.key_env)
        return held or bool(made.keys() & set(setup.endpoints)) or bool(self._variable(setup))

    def _variable(self, setup: Setup) -> str:
        return first(self._source.environ, setup.key_env)[0]

    def _cards(self, setup: Setup, *, every: bool = False) -> list[ModelCard]:
        catalogue = self._current.now
        cards = catalogue.cards.values() if every else catalogue.usable()
        beside = {
            each.id for each in catalogue.endpoints.values() if each.beside in setup.endpoints
        }
        return [card for card in cards if card.endpoint in {*setup.endpoints, *beside}]

    def _status(self, setup: Setup) -> ProviderStatus:
        catalogue, variable = self._current.now, self._variable(setup)
        reasons = [catalogue.lacks(each) for each in setup.endpoints if each in catalogue.endpoints]
        ready = any(not reason for reason in reasons)
        ours = [
            each
            for each in catalogue.endpoints.values()
            if each.id in setup.endpoints or each.beside in setup.endpoints
        ]
        refused = max(filter(None, map(self._gateway.pool.refused_at, ours)), default=None)
        off = bool(reasons) and all(reason == SWITCHED_OFF for reason in reasons)
        endpoint = _first_ready(catalogue, setup)
        trouble = self._probe.trouble(endpoint.id) if endpoint else ""
        working: State = "failing" if trouble or refused else "ready"
        key = next(filter(None, map(self._added.kept.keys.get, setup.key_env)), "")
        made = self._added.tables.get("endpoint", {})
        rows = [made[row_id] for row_id in setup.endpoints if row_id in made]
        chosen = next((row["listed_only"] for row in rows if "listed_only" in row), None)
        return ProviderStatus(
            setup,
            working if ready else "off" if off else "lacking",
            trouble if ready else next(iter(reasons), ""),
            "environment" if variable else "kept" if key else "none",
            variable,
            key[-TAIL:] if key and not variable and len(key) >= LEAST_FOR_TAIL else "",
            values_of(setup, self._files, self._added.tables),
            self._cards(setup),
            chosen,
            made_here=bool(key or rows),
            asked=endpoint.id if endpoint else "",
            endpoints=[each.id for each in ours],
            refused_at=refused,
        )


def _first_ready(catalogue: Catalogue, setup: Setup) -> Endpoint | None:
    ready = (each for each in setup.endpoints if not catalogue.lacks(each))
    return next((catalogue.endpoints[each] for each in ready), None)


def _address_field(setup: Setup, filled: Mapping[str, str], address: str) -> str:
    """The field that an endpoint's address was filled in at; empty: none was."""
    names = (field.name for field in setup.fields if field.use == "address")
    return next((name for name in names if address and filled.get(name) == address), "")


def _noted(typed: str, taken: str) -> str:
    return "" if typed.strip() == taken else f"The address is taken as {taken}."


def _offers(
    catalogue: Catalogue, setup: Setup, endpoint: Endpoint, listed: Sequence[Listed]
) -> list[Offer]:
    """The models of its rows, then what it lists beside them."""
    names = {each.wire_name for each in listed}
    rows = [card for card in catalogue.usable() if card.endpoint in setup.endpoints]
    found = {card.wire_name: Offer(card, card.wire_name in names, known=True) for card in rows}
    if setup.lists:
        for card in catalogue.offered_by(endpoint.id, listed):
            found.setdefault(card.wire_name, Offer(card, listed=True, known=False))
    return list(found.values())
