"""The figures of this process in the form of Prometheus: turns, calls, tokens, cost, stores, HTTP.

Importing this imports the library, which is done where the host has set a key for them. Labels are
names of models, endpoints and operations: nothing of a conversation or a person. Counters begin at
0 with the process; a cost or a count of tokens that nobody stated is not added.
"""

import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from chat.core.errors import Conflict, NotFound, StorageError, TooMany
from chat.core.messages import Status
from chat.telemetry.call import Call
from chat.telemetry.names import input_tokens, output_tokens
from chat.version import VERSION

Store = TypeVar("Store")

TURN_BUCKETS_S = (0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300, 600)
STORE_BUCKETS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30)
HTTP_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Figures:
    """A recorder that counts, and what else this process has counted."""

    keeps_words = False

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin at 0. ``clock`` gives seconds."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a third of all lines, and nobody plots them
        self._clock = clock
        self._began_s: dict[str, float] = {}
        made = self._registry = CollectorRegistry()
        ProcessCollector(registry=made)
        build = Gauge("easel_build_info", "Which Easel this is.", ["version"], registry=made)
        build.labels(VERSION).set(1)
        self._turns = Histogram(
            "easel_turn_seconds",
            "From the start of a turn to its end, by how it ended.",
            ["status"],
            buckets=TURN_BUCKETS_S,
            registry=made,
        )
        self._calls = Histogram(
            "easel_call_seconds",
            "Calls of models, from the request to its end.",
            ["endpoint", "model", "outcome"],
            buckets=TURN_BUCKETS_S,
            registry=made,
        )
        self._first = Histogram(
            "easel_call_first_event_seconds",
            "Calls of models, from the request to the first that came.",
            ["endpoint", "model"],
            buckets=TURN_BUCKETS_S,
            registry=made,
        )
        self._tokens = Counter(
            "easel_tokens",
            "Tokens of calls whose provider states them.",
            ["endpoint", "model", "direction"],
            registry=made,
        )
        self._cost = Counter(
            "easel_cost_usd",
            "What calls cost, in USD, where that is known.",
            ["endpoint", "model"],
            registry=made,
        )
        self._unpriced = Counter(
            "easel_unpriced_calls",
            "Calls whose cost nobody knows.",
            ["endpoint", "model"],
            registry=made,
        )
        self._stores = Histogram(
            "easel_store_seconds",
            "Operations of the stores; what the store has not is no failure.",
            ["store", "operation", "outcome"],
            buckets=STORE_BUCKETS_S,
            registry=made,
        )
        self._http = Histogram(
            "easel_http_seconds",
            "Requests over HTTP, from their head to the end of the answer; polls are left out.",
            ["method", "status"],
            buckets=HTTP_BUCKETS_S,
            registry=made,
        )

    def watch(self, looks: Mapping[str, tuple[str, Callable[[], float]]]) -> None:
        """Tell also, under each name, what a look gives at the moment, and what that is."""
        for name, (about, look) in looks.items():
            Gauge(f"easel_{name}", about, registry=self._registry).set_function(look)

    def measured(self, name: str, store: Store) -> Store:
        """The same store, each operation of which is timed under this name."""
        return cast("Store", _Measured(store, name, self._stores))

    def answered(self, method: str, status: int, seconds: float) -> None:
        """An answer over HTTP is through."""
        method = method if method in METHODS else "other"
        self._http.labels(method, f"{status // 100}xx").observe(seconds)

    def began(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """Start the clock of a turn."""
        del conversation_id, owner
        self._began_s[turn_id] = self._clock()

    def called(self, call: Call) -> None:
        """Count a call."""
        place = call.endpoint.id, call.card.id
        self._calls.labels(*place, call.outcome).observe(call.total_s)
        if call.first_event_s is not None:
            self._first.labels(*place).observe(call.first_event_s)
        if call.cost_usd is None:
            self._unpriced.labels(*place).inc()
        else:
            self._cost.labels(*place).inc(max(0.0, call.cost_usd))
        if call.usage is not None:
            counted = {"input": input_tokens(call.usage), "output": output_tokens(call.usage)}
            for direction, tokens in counted.items():
                if tokens is not None:
                    self._tokens.labels(*place, direction).inc(max(0, tokens))

    def ended(self, turn_id: str, status: Status) -> None:
        """Count a turn that had begun."""
        began_s = self._began_s.pop(turn_id, None)
        if began_s is not None:
            self._turns.labels(status).observe(self._clock() - began_s)

    def close(self) -> None:
        """Nothing is left to send."""

    def written(self) -> tuple[bytes, str]:
        """All of it as Prometheus reads it, and the type of that."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST


class _Measured:
    """A store and a clock."""

    def __init__(self, store: object, name: str, seconds: Histogram) -> None:
        self._store = store
        self._name = name
        self._seconds = seconds

    def __getattr__(self, operation: str) -> Any:
        found = getattr(self._store, operation)
        if not callable(found):
            return found  # a part of the store that is one of its own

        @wraps(found)
        def timed(*arguments: Any, **named: Any) -> Any:
            began_s, outcome = time.perf_counter(), "ok"
            try:
                return found(*arguments, **named)
            except StorageError as error:
                outcome = "ok" if _is_answer(error) else "failed"
                raise
            finally:
                passed_s = time.perf_counter() - began_s
                self._seconds.labels(self._name, operation, outcome).observe(passed_s)

        return timed


def _is_answer(error: StorageError) -> bool:
    """Whether it says how things are, and not that the store has failed."""
    return isinstance(error, NotFound | Conflict | TooMany)
