"""What rows say of each other: successors, fallbacks and aliases must lead to models."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from chat.core.models import ModelCard
from chat.core.suggestions import did_you_mean
from chat.models.retirement import Retired
from chat.models.rows import Row


@dataclass(frozen=True, slots=True)
class Links:
    """The ids that there are, and those that there may be once an endpoint was asked."""

    cards: Mapping[str, ModelCard]
    retired: Mapping[str, Retired]
    prefixes: Collection[str]
    """Before a colon, of ids that the environment or an endpoint makes."""

    def check_models(self, rows: Sequence[tuple[Row, Sequence[ModelCard]]]) -> None:
        """Note in each row what leads nowhere."""
        taken: dict[str, str] = {}
        for row, cards in rows:
            for card in cards[:1]:
                self._check_aliases(row, card, taken)
                self._check_successor(row, card.id, card.successor)
                relay = card.tool_relay
                if relay and not (self._is_model(relay) or relay in self.prefixes):
                    self._say_unknown(row, relay, "tool_relay")
                for cause, ids in card.fallbacks.items():
                    for card_id in ids:
                        if not self._is_model(card_id):
                            self._say_unknown(row, card_id, "fallbacks", cause)

    def check_retired(self, rows: Sequence[tuple[Row, Retired]]) -> None:
        """Note in each row whose successor leads nowhere."""
        for row, gone in rows:
            self._check_successor(row, gone.id, gone.successor)

    def _check_aliases(self, row: Row, card: ModelCard, taken: dict[str, str]) -> None:
        for alias in card.aliases:
            if alias in self.cards:
                row.wrong(f"the alias “{alias}” is the id of a model.", "aliases")
            elif alias in taken:
                row.wrong(f"the alias “{alias}” is one of “{taken[alias]}” already.", "aliases")
            else:
                taken[alias] = card.id

    def _check_successor(self, row: Row, start: str, successor: str) -> None:
        if not successor:
            return
        if not (self._is_model(successor) or successor in self.retired):
            self._say_unknown(row, successor, "successor")
            return
        seen: set[str] = set()
        while successor and successor not in seen:
            seen.add(successor)
            successor = self._successor_of(successor)
        if start in seen:
            row.wrong(f"the successors of “{start}” lead back to it.", "successor")

    def _successor_of(self, card_id: str) -> str:
        card, gone = self._named(card_id), self.retired.get(card_id)
        return card.successor if card else gone.successor if gone else ""

    def _named(self, card_id: str) -> ModelCard | None:
        if card_id in self.cards:
            return self.cards[card_id]
        return next((card for card in self.cards.values() if card_id in card.aliases), None)

    def _is_model(self, card_id: str) -> bool:
        prefix, colon, _ = card_id.partition(":")
        return self._named(card_id) is not None or bool(colon and prefix in self.prefixes)

    def _say_unknown(self, row: Row, card_id: str, key: str, inner: str = "") -> None:
        hint = did_you_mean(card_id, self.cards)
        row.wrong(
            f"“{inner or key}” names a model “{card_id}” that is not there.{hint}", key, inner
        )
