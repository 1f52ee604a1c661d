"""Keeps things as long as the rules say, and no longer. Whoever calls ``run`` is alone at it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from chat.core.ports import Conversations
from chat.core.retention import RetentionRules, kept_form, rules_of
from chat.core.spending import day_of

NAME = "retention"
"""Of the setting in which they are kept."""


class Retention:
    """Of one store."""

    def __init__(
        self, conversations: Conversations, said: Mapping[str, int | None] | None = None
    ) -> None:
        """``said`` are the rules that the environment says, which nothing else changes."""
        self._conversations = conversations
        self.said: Mapping[str, int | None] = said or {}
        self.on_screen: Callable[[], Sequence[tuple[str, str]]] = list
        """The owners and ids of the conversations that pages of this process show now."""

    def rules(self) -> RetentionRules:
        """Those that hold now; for a thread."""
        return rules_of(self._conversations.host_settings.value(NAME), self.said)

    def bin_days(self) -> int:
        """How long the bin keeps things; for a thread."""
        return self.rules().bin_days or 1

    def change(self, rules: RetentionRules) -> RetentionRules:
        """Keep other rules; those that hold then."""
        self._conversations.host_settings.keep(NAME, kept_form(rules))
        return self.rules()

    def note_what_is_open(self) -> None:
        """Count what is on a screen as used; for whoever asks the store, alone or not."""
        for owner, conversation_id in dict.fromkeys(self.on_screen()):
            self._conversations.note_use(owner, conversation_id)

    def run(self, moment: datetime, unused_kept: timedelta) -> Mapping[str, int]:
        """Do what is due; how many of what went.

        Conversations in which nothing was ever said go after ``unused_kept``.
        """
        self.note_what_is_open()
        rules, store = self.rules(), self._conversations
        done = {"to_the_bin": 0, "removed": 0, "audit_entries": 0, "sums": 0}

        def due(days: int | None, act: Callable[[datetime], int]) -> int:
            return 0 if days is None else act(moment - timedelta(days=days))

        done["to_the_bin"] = due(rules.untouched_days, lambda at: store.bin_untouched(at, moment))
        done["removed"] = due(rules.bin_days, lambda at: store.purge(at, moment - unused_kept))
        done["audit_entries"] = due(rules.audit_days, store.audit.forget_before)
        done["sums"] = due(
            rules.usage_days,
            lambda at: (
                store.usage.forget_before(day_of(at)) + store.budgets.forget_before(day_of(at))
            ),
        )
        return {name: count for name, count in done.items() if count}
