"""The models that may be chosen and the endpoints they live behind. Knows no TOML and no SDK."""

from collections.abc import Mapping
from dataclasses import dataclass

from chat.core.errors import ConfigError
from chat.core.models import Endpoint, ModelCard


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Endpoints and cards by id, in the order of the files."""

    endpoints: Mapping[str, Endpoint]
    cards: Mapping[str, ModelCard]
    unready: frozenset[str] = frozenset()
    """Ids of endpoints that lack something beside a key, or that another setting rules out."""

    def usable(self) -> tuple[ModelCard, ...]:
        """The cards that can answer, in menu order: those with a key, then those that need none."""
        ready = [card for card in self.cards.values() if card.endpoint not in self.unready]
        keyed = [card for card in ready if self.endpoint_of(card).api_key]
        free = [card for card in ready if not self.endpoint_of(card).key_env]
        return tuple(dict.fromkeys((*keyed, *free)))

    def card(self, card_id: str) -> ModelCard:
        """A card. Raises ``ConfigError`` if there is none of that id."""
        try:
            return self.cards[card_id]
        except KeyError:
            raise ConfigError(
                f"The model “{card_id}” is not in the catalogue. Choose another."
            ) from None

    def endpoint_of(self, card: ModelCard) -> Endpoint:
        """Where a card's model lives."""
        return self.endpoints[card.endpoint]

    @property
    def default(self) -> ModelCard:
        """The card for new conversations. Raises ``ConfigError`` if none can answer."""
        usable = self.usable()
        if not usable:
            raise ConfigError(
                "No model can be used: every endpoint in the catalogue lacks its key."
            )
        return usable[0]
