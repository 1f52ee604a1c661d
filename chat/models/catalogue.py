"""The models that may be chosen and the endpoints they live behind.

What the files say never changes; what endpoints list is added while the program runs, by
replacing the whole mapping of cards, so that whoever reads it meanwhile sees the old or the new.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from threading import Lock
from types import MappingProxyType

from chat.core.calling import Listed
from chat.core.errors import CapabilityError, ConfigError
from chat.core.messages import now
from chat.core.models import Deployment, Endpoint, ModelCard
from chat.core.provider_spec import ProviderSpec
from chat.core.rights import EVERYTHING, Allowed
from chat.models.adoption import NO_KINDS, Guess, adopted, native_endpoint
from chat.models.retirement import Retired, is_leaving, is_over, is_retired, parting
from chat.models.standing import READY, Standing, missing_key
from chat.models.wants import Wants

NONE_ALLOWED = "None of the models that you may use here can be used now."


@dataclass(frozen=True, slots=True)
class Resolved:
    """The card that answers, and a sentence where it is not the one that was asked for."""

    card: ModelCard
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """An endpoint with its cards, as a menu shows them."""

    endpoint: Endpoint
    cards: tuple[ModelCard, ...]
    reason: str = ""
    """Why none of them can be used now, in one sentence; empty: they can."""


class Catalogue:
    """Endpoints and cards by id, in the order of the files; then what endpoints listed."""

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        cards: Mapping[str, ModelCard],
        standings: Mapping[str, Standing] | None = None,
        retired: Mapping[str, Retired] | None = None,
        guesses: Sequence[Guess] = (),
        kinds: Mapping[str, ProviderSpec] = NO_KINDS,
    ) -> None:
        """Know these; an endpoint without a standing is ready once it has its key."""
        self.endpoints: Mapping[str, Endpoint] = MappingProxyType(dict(endpoints))
        self._own = {card_id: card for card_id, card in cards.items() if not card.transcribes}
        self._own_transcribers = tuple(card for card in cards.values() if card.transcribes)
        self._listed_transcribers: dict[str, tuple[ModelCard, ...]] = {}
        self._adopted: dict[str, dict[str, ModelCard]] = {}
        self._cards: Mapping[str, ModelCard] = MappingProxyType(self._own)
        self._aliases = {alias: card.id for card in cards.values() for alias in card.aliases}
        self._standings = standings or {}
        self._retired = retired or {}
        self._guesses = guesses
        self._kinds = kinds
        self._listed: dict[str, tuple[Listed, ...]] = {}
        """What endpoints listed, by their ids."""
        self._adopting = Lock()
        self._refuse_tools: frozenset[str] = frozenset()
        """The ids of cards whose model turned out to refuse tools, whatever its row says."""
        self._unserved: frozenset[tuple[str, str]] = frozenset()
        """Endpoints and wire names that an endpoint said it does not know."""
        self._whole: Catalogue | None = None
        """Of a narrowed one, the one that it is a part of."""
        self.allowed = EVERYTHING
        """Which of the models are in it, by their ids, aliases and endpoints."""

    @property
    def now(self) -> "Catalogue":
        """Itself: see :class:`chat.models.current.Catalogues`."""
        return self

    def of(self, owner: str) -> "Catalogue":
        """Itself, for everybody alike."""
        del owner
        return self

    def narrowed(self, allowed: Allowed) -> "Catalogue":
        """This one with nothing but the models that are allowed: it knows no others.

        What is learned of a model, by either, both know.
        """
        part = copy(self)
        part._whole, part.allowed = self, allowed
        part._take_part()
        return part

    def allows(self, card: ModelCard, allowed: Allowed | None = None) -> bool:
        """Whether a model may be in it; or in one narrowed to what is ``allowed``."""
        endpoint = self.endpoints.get(card.endpoint)
        shelf = endpoint.beside if endpoint is not None else ""
        names = card.id, *card.aliases, card.endpoint, shelf or card.endpoint
        return names in (self.allowed if allowed is None else allowed)

    def _take_part(self) -> None:
        """As the whole is now; that of a whole one is itself."""
        whole = self._whole
        if whole is None:
            return
        self.endpoints = whole.endpoints
        self._unserved, self._refuse_tools = whole._unserved, whole._refuse_tools
        cards = {card_id: card for card_id, card in whole._cards.items() if self.allows(card)}
        self._cards = MappingProxyType(cards)

    def learn_from(self, earlier: "Catalogue") -> None:
        """Know what an earlier reading of the files had learned of endpoints that are as they were.

        Of one that has changed, its earlier list holds until it gives another. Looks prices up for
        what they listed, which may take a while.
        """
        same = {
            endpoint_id
            for endpoint_id, endpoint in self.endpoints.items()
            if earlier.endpoints.get(endpoint_id) == endpoint
        }
        for endpoint_id, listed in list(earlier._listed.items()):
            endpoint, before = self.endpoints.get(endpoint_id), earlier.endpoints[endpoint_id]
            if endpoint is None or not endpoint.discover or endpoint.kind != before.kind:
                continue
            names = {model.wire_name for model in listed}
            chosen = [m for m in self._listed.get(endpoint_id, ()) if m.wire_name not in names]
            self.adopt(endpoint_id, [*listed, *chosen])
        with self._adopting:
            self._unserved |= {place for place in earlier._unserved if place[0] in same}
            self._refuse_tools |= {
                card_id
                for card_id in earlier._refuse_tools & self._cards.keys()
                if self._cards[card_id].endpoint in same
            }
            self._cards = self._as_known(dict(self._cards))

    @property
    def cards(self) -> Mapping[str, ModelCard]:
        """Every card there is, usable or not."""
        return self._cards

    @property
    def troubles(self) -> tuple[str, ...]:
        """Sentences on variables that hold nonsense, for whoever started the program."""
        told = (standing.reason for standing in self._standings.values() if standing.nonsense)
        return tuple(dict.fromkeys(told))

    @property
    def wants(self) -> Mapping[str, Wants]:
        """The variables that each endpoint looks up, by its id."""
        return {endpoint_id: standing.wants for endpoint_id, standing in self._standings.items()}

    def find(self, card_id: str) -> ModelCard | None:
        """A card, by its id or an alias."""
        cards = self._cards
        return cards.get(card_id) or cards.get(self._aliases.get(card_id, ""))

    def card(self, card_id: str) -> ModelCard:
        """A card, by its id or an alias. Raises ``ConfigError`` if there is none.

        An id under an endpoint that lists its models is taken at its word: a conversation may
        be older than the list that this run of the program has seen.
        """
        if found := self.find(card_id):
            return found
        for endpoint in self.endpoints.values():
            name = card_id.removeprefix(f"{endpoint.id}:")
            if endpoint.discover and name != card_id:
                for card in self.offered_by(endpoint.id, [Listed(name)]):
                    if self.allows(card):
                        return card
        raise unknown_model(card_id)

    @property
    def transcribers(self) -> tuple[ModelCard, ...]:
        """Those that write down what is said, usable or not; no menu has them."""
        listed = (each for cards in self._listed_transcribers.values() for each in cards)
        return (*self._own_transcribers, *listed)

    def transcriber(self, card: ModelCard, today: date | None = None) -> ModelCard | None:
        """Who writes down what is said to a model; ``None``: nobody can.

        It is one of the same server under the same key, else one that does it for all.
        """
        day = today or now().date()
        ready = [
            each
            for each in self.transcribers
            if each.endpoint in self.endpoints and self.allows(each) and not self.reason(each, day)
        ]
        home = self.endpoint_of(card)
        near = (each for each in ready if is_same_server(self.endpoint_of(each), home))
        of_all = (each for each in ready if each.transcribes == "all")
        return next(chain(near, of_all), None)

    def endpoint_of(self, card: ModelCard) -> Endpoint:
        """Where a card's model lives, or the first of several places."""
        return self.endpoints[card.endpoint]

    def lacks(self, endpoint_id: str) -> str:
        """Why an endpoint cannot be used now, in one sentence; empty: it can."""
        standing = self._standings.get(endpoint_id, READY)
        return standing.reason or missing_key(self.endpoints[endpoint_id])

    @property
    def unready(self) -> frozenset[str]:
        """Ids of the endpoints that cannot be used now."""
        return frozenset(endpoint_id for endpoint_id in self.endpoints if self.lacks(endpoint_id))

    def reason(self, card: ModelCard, today: date | None = None) -> str:
        """Why a card cannot be used now, in one sentence; empty: it can."""
        day = today or now().date()
        if gone := self._gone(card, day):
            return f"{gone}."
        return self._lacking(card, day)

    def _lacking(self, card: ModelCard, day: date) -> str:
        """Why no place of a card can be used, as the first of them says; empty: one can."""
        ids = dict.fromkeys(place.endpoint for place in self.places(card, day))
        reasons = [self.lacks(endpoint_id) for endpoint_id in ids]
        return reasons[0] if all(reasons) else ""

    def places(self, card: ModelCard, today: date | None = None) -> tuple[Deployment, ...]:
        """Where a model answers; if it has left every place, where it did."""
        day = today or now().date()
        every = card.deployments or (Deployment(card.endpoint, card.wire_name),)
        return tuple(place for place in every if not self._has_left(place, day)) or every

    def _has_left(self, place: Deployment, day: date) -> bool:
        return is_over(place, day) or (place.endpoint, place.wire_name) in self._unserved

    def _gone(self, card: ModelCard, day: date) -> str:
        """That a model answers nowhere any more, as a sentence without its stop; empty: it does."""
        if card.retires_on and is_retired(card, day):
            return parting(card.title, card.retires_on, day)
        places = self.places(card, day)
        if not all(self._has_left(place, day) for place in places):
            return ""
        titles = dict.fromkeys(
            self.endpoints[place.endpoint].title
            for place in places
            if place.endpoint in self.endpoints
        )
        return f"“{card.title}” is no longer served by {' and '.join(titles)}"

    def successor(self, card: ModelCard, today: date | None = None) -> ModelCard | None:
        """The card that takes this one's place and can answer now; ``None`` where there is none.

        A row without a word on it has that of the retired id which is its wire name, as long as
        the same endpoint serves it: no conversation goes to another company unasked.
        """
        day = today or now().date()
        heir = self._heir(self._named_successor(card), day)
        return None if heir is None or heir.id == card.id or self.reason(heir, day) else heir

    def _named_successor(self, card: ModelCard) -> str:
        retired = self._retired.get(card.wire_name)
        if card.successor or retired is None:
            return card.successor
        named = self.find(retired.successor)
        return retired.successor if named and named.endpoint == card.endpoint else ""

    def mark_unserved(self, card_id: str, place: Deployment) -> None:
        """Remember for this run that a place does not know its model any more.

        Nothing is remembered where the model has no other place and no successor that can answer:
        then asking again loses nothing. Safe from any thread.
        """
        card = self.find(card_id)
        if card is None:
            return
        left = [other for other in self.places(card) if other.label != place.label]
        if not left and self.successor(card) is None:
            return
        if self._whole is not None:
            self._whole.mark_unserved(card_id, place)
            self._take_part()
            return
        with self._adopting:
            self._unserved |= {(place.endpoint, place.wire_name)}
            # Another mapping, so that whoever keeps what was made from it makes it anew.
            self._cards = MappingProxyType(dict(self._cards))

    def mark_without_tools(self, card_id: str) -> None:
        """Remember for this run that a model refuses to be told of tools. Safe from any thread."""
        card = self.find(card_id)
        if card is None:
            return
        if self._whole is not None:
            self._whole.mark_without_tools(card_id)
            self._take_part()
            return
        with self._adopting:
            self._refuse_tools |= {card.id}
            self._cards = self._as_known(dict(self._cards))

    def _as_known(self, cards: dict[str, ModelCard]) -> Mapping[str, ModelCard]:
        """The cards with what this run has learned of them."""
        for card_id in self._refuse_tools & cards.keys():
            cards[card_id] = replace(cards[card_id], tools=False)
        return MappingProxyType(cards)

    def usable(self, today: date | None = None) -> tuple[ModelCard, ...]:
        """The cards that can answer, in menu order.

        That is the order of their endpoints in the files, those with a key or an address of their
        own before those that need neither; of one endpoint, rows come before what it listed.
        """
        shelves = self.shelf(today)
        return tuple(card for shelf in shelves if not shelf.reason for card in shelf.cards)

    def can_answer(self, card_id: str) -> bool:
        """Whether a model of this id is there and can be used now."""
        card = self.find(card_id)
        return card is not None and not self.reason(card)

    def shelf(self, today: date | None = None) -> tuple[Shelf, ...]:
        """Every endpoint with its cards, in the order of the menu.

        Endpoints stand as in the files, those with a key or an address of their own before those
        that need neither, and last those that cannot be used now.
        """
        day = today or now().date()
        shelves = []
        for endpoint in self.endpoints.values():
            if endpoint.beside:
                continue
            cards = [c for c in self._cards.values() if self._shelf_of(c) == endpoint.id]
            if not (cards or self.allowed.everything):
                continue  # nothing of it is for whoever looks
            kept = [card for card in cards if not self._gone(card, day)]
            if ready := [card for card in kept if not self.reason(card, day)]:
                shelves.append(Shelf(endpoint, tuple(ready)))
            elif lacks := self.lacks(endpoint.id):
                shelves.append(Shelf(endpoint, tuple(kept), lacks))
            elif kept:
                shelves.append(Shelf(endpoint, tuple(kept), self.reason(kept[0], day)))
            else:
                shelves.append(Shelf(endpoint, (), _nothing_on(endpoint, cards)))
        return tuple(sorted(shelves, key=lambda s: (bool(s.reason), _is_built_in(s.endpoint))))

    def _shelf_of(self, card: ModelCard) -> str:
        """The id of the endpoint under which the menu shows it."""
        return self.endpoints[card.endpoint].beside or card.endpoint

    @property
    def default(self) -> ModelCard:
        """The card for new conversations: the first of the menu.

        Raises:
            ConfigError: none can answer.
        """
        usable = self.usable()
        if not usable and not self.allowed.everything:
            raise ConfigError(NONE_ALLOWED)
        if not usable:
            raise ConfigError(
                "No model can be used: every endpoint in the catalogue lacks its key."
            )
        return usable[0]

    def resolve(self, card_id: str, today: date | None = None) -> Resolved:
        """Who answers for an id: its card, or with a notice what took a retired one's place.

        Raises:
            ConfigError: no such model is known, or its endpoint cannot be used now.
            CapabilityError: it was retired, and nothing that can be used takes its place.
        """
        day = today or now().date()
        card, gone = self.find(card_id), self._retired.get(card_id)
        if card is None and gone:
            said, successor = parting(gone.id, gone.retired_on, day), gone.successor
        else:
            card = card or self.card(card_id)
            said = self._gone(card, day)
            if not said:
                if why := self._lacking(card, day):
                    raise ConfigError(f"“{card.title}” cannot be used now. {why}")
                return Resolved(card)
            successor = self._named_successor(card)
        heir = self._heir(successor, day)
        if heir is None:
            raise CapabilityError(f"{said}. Choose another model.")
        if why := self.reason(heir, day):
            raise CapabilityError(
                f"{said}, and “{heir.title}”, which takes its place, cannot be used now. {why}"
            )
        return Resolved(heir, f"{said}; “{heir.title}” answers instead.")

    def retiring(self, card: ModelCard, today: date | None = None) -> str:
        """A sentence on a card whose last day is near; empty: it is not."""
        day = today or now().date()
        if not (card.retires_on and is_leaving(card, day)):
            return ""
        heir = self._heir(card.successor, card.retires_on)
        then = f"; “{heir.title}” will answer instead" if heir else ""
        return f"{parting(card.title, card.retires_on, day)}{then}."

    def leaving(self, today: date | None = None) -> tuple[str, ...]:
        """Sentences on the models in the menu whose last day is near."""
        day = today or now().date()
        told = (self.retiring(card, day) for card in self.usable(day))
        return tuple(sentence for sentence in told if sentence)

    def adopt(self, endpoint_id: str, listed: Sequence[Listed]) -> tuple[ModelCard, ...]:
        """Make cards for what an endpoint lists, in place of those of its earlier list.

        Models that the files have a row for keep that row alone. Safe from any thread.
        """
        endpoint = self.endpoints[endpoint_id]
        listed = [
            model if model.native_kind in self._kinds else replace(model, native_kind="")
            for model in listed
        ]
        known = {(card.endpoint, card.wire_name) for card in self._own.values()}
        known |= {(d.endpoint, d.wire_name) for c in self._own.values() for d in c.deployments}
        cards = tuple(
            card
            for card in self.offered_by(endpoint_id, listed)
            if (endpoint_id, card.wire_name) not in known and card.id not in self._own
        )
        writing = tuple(card for card in self._cards_of(endpoint, listed) if card.transcribes)
        with self._adopting:
            self._listed_transcribers[endpoint_id] = writing
            self._add_natives(endpoint, listed)
            self._listed[endpoint_id] = tuple(listed)
            self._adopted[endpoint_id] = {card.id: card for card in cards}
            every = dict(self._own)
            for of_endpoint in self._adopted.values():
                every |= of_endpoint
            self._cards = self._as_known(every)
        return cards

    def offered_by(self, endpoint_id: str, listed: Sequence[Listed]) -> list[ModelCard]:
        """Cards for what an endpoint lists, as its row takes them; they join nothing."""
        offered = self._cards_of(self.endpoints[endpoint_id], listed)
        return [card for card in offered if not card.transcribes]

    def _add_natives(self, endpoint: Endpoint, listed: Sequence[Listed]) -> None:
        """Know the other wires of a server, if it has any; their cards stay on the same shelf."""
        made = {
            model.native_kind: native_endpoint(endpoint, model, self._kinds[model.native_kind])
            for model in listed
            if model.native_kind
        }
        added = {native.id: native for native in made.values()}
        self.endpoints = MappingProxyType({**self.endpoints, **added})

    def _cards_of(self, endpoint: Endpoint, listed: Sequence[Listed]) -> list[ModelCard]:
        standing = self._standings.get(endpoint.id, READY)
        without, only = standing.listed_without, standing.listed_only
        return adopted(endpoint, listed, self._guesses, without, self._kinds, only)

    def _heir(self, successor: str, day: date) -> ModelCard | None:
        """The first of a line of successors that is not retired itself on that day."""
        seen: set[str] = set()
        while successor and successor not in seen:
            seen.add(successor)
            card, gone = self.find(successor), self._retired.get(successor)
            if card and not self._gone(card, day):
                return card
            successor = card.successor if card else gone.successor if gone else ""
        return None


def unknown_model(card_id: str) -> ConfigError:
    """What is said of a model that is not there, or not for whoever asks."""
    return ConfigError(f"The model “{card_id}” is not in the catalogue. Choose another.")


def is_same_server(one: Endpoint, other: Endpoint) -> bool:
    """Whether two rows are of one server and one key, perhaps over different wires."""
    if (one.beside or one.id) == (other.beside or other.id):
        return True
    if one.api_key != other.api_key or not one.api_key:
        return False
    return (one.base_url or one.service.base_url) == (other.base_url or other.service.base_url)


def _is_built_in(endpoint: Endpoint) -> bool:
    """Whether it needs neither a key nor an address."""
    return not (endpoint.api_key or endpoint.base_url)


def _nothing_on(endpoint: Endpoint, retired: Sequence[ModelCard]) -> str:
    """What to say of an endpoint that could be used; one that lists models has yet to be asked."""
    if endpoint.discover:
        return ""
    return "Its models were retired." if retired else "No model is listed for it."
