"""Sums up what each call of a model used, and has it kept: the only writer of those sums.

Calls are gathered for a moment and written together, so that many at once cost one write. What a
killed process had gathered in that moment is not in the sums; budgets are counted elsewhere, and
before the call.
"""

import logging
import threading
from collections import OrderedDict

from chat.core.messages import Status
from chat.core.spending import day_of
from chat.core.usage_sums import UsageRow, UsageStore, UsageSum
from chat.telemetry.call import Call
from chat.telemetry.names import input_tokens, output_tokens

log = logging.getLogger(__name__)

GATHERED_S = 1.0
REMEMBERED = 10_000
"""Turns of which a call was counted already; the oldest make room."""


class UsageMeter:
    """A recorder. Writes in a thread of its own."""

    keeps_words = False

    def __init__(self, store: UsageStore, gathered_s: float = GATHERED_S) -> None:
        """Gather so long before a write."""
        self._store = store
        self._gathered_s = gathered_s
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._pending: dict[tuple[str, str, str], UsageRow] = {}
        self._due: threading.Timer | None = None
        self._counted: OrderedDict[str, None] = OrderedDict()
        self._closed = False

    def began(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """Nothing is used by that."""

    def called(self, call: Call) -> None:
        """Count a call."""
        row = UsageRow(call.owner, day_of(call.started_at), call.card.id, self._sum(call))
        key = row.owner, row.day.isoformat(), row.model
        with self._lock:
            held = self._pending.get(key)
            if held is not None:
                row = UsageRow(row.owner, row.day, row.model, held.used + row.used)
            self._pending[key] = row
            if self._due is None and not self._closed:
                self._due = threading.Timer(self._gathered_s, self.write)
                self._due.daemon = True
                self._due.start()

    def _sum(self, call: Call) -> UsageSum:
        usage, failed = call.usage, call.outcome == "error"
        with self._lock:
            first = call.turn_id not in self._counted
            self._counted[call.turn_id] = None
            while len(self._counted) > REMEMBERED:
                self._counted.popitem(last=False)
        return UsageSum(
            replies=int(first),
            calls=1,
            failed=int(failed),
            input_tokens=(input_tokens(usage) or 0) if usage else 0,
            output_tokens=(output_tokens(usage) or 0) if usage else 0,
            pictures=call.pictures,
            usd=call.cost_usd or 0.0,
            unpriced=int(call.cost_usd is None),
        )

    def ended(self, turn_id: str, status: Status) -> None:
        """Nothing more of it comes."""
        del status
        with self._lock:
            self._counted.pop(turn_id, None)

    def write(self) -> None:
        """Have kept what was gathered; what cannot be is tried again with what comes next."""
        with self._writing:
            with self._lock:
                rows, self._pending, self._due = list(self._pending.values()), {}, None
            if not rows:
                return
            try:
                self._store.add(rows)
            except Exception:
                log.exception("what models were used for could not be counted")
                with self._lock:
                    for row in rows:
                        key = row.owner, row.day.isoformat(), row.model
                        more = self._pending.get(key)
                        used = row.used if more is None else row.used + more.used
                        self._pending[key] = UsageRow(row.owner, row.day, row.model, used)

    def close(self) -> None:
        """Write what is left."""
        with self._lock:
            self._closed = True
            if self._due is not None:
                self._due.cancel()
        self.write()
