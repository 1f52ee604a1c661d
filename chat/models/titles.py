"""The titles that a catalogue has at the moment, for those who name what messages came from."""

from collections.abc import Iterator, Mapping

from chat.core.errors import ConfigError
from chat.models.current import Catalogues


class ModelTitles(Mapping[str, str]):
    """The title of each model by the id of its card, as the catalogue has it at the moment."""

    def __init__(self, catalogues: Catalogues) -> None:
        """Look it up there: models join while the program runs."""
        self._catalogues = catalogues

    def __getitem__(self, card_id: str) -> str:
        try:
            return self._catalogues.now.card(card_id).title
        except ConfigError as error:
            raise KeyError(card_id) from error

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalogues.now.cards)

    def __len__(self) -> int:
        return len(self._catalogues.now.cards)


class EndpointTitles(Mapping[str, str]):
    """The title of each endpoint by its id, those that were found beside one included."""

    def __init__(self, catalogues: Catalogues) -> None:
        """Look it up there: they are found while the program runs."""
        self._catalogues = catalogues

    def __getitem__(self, endpoint_id: str) -> str:
        return self._catalogues.now.endpoints[endpoint_id].title

    def __iter__(self) -> Iterator[str]:
        return iter(self._catalogues.now.endpoints)

    def __len__(self) -> int:
        return len(self._catalogues.now.endpoints)
