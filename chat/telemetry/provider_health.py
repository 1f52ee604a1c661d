"""How the calls of each endpoint went since the start: a recorder that counts in memory."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chat.core.messages import Status
from chat.telemetry.call import Call


@dataclass(frozen=True, slots=True)
class EndpointHealth:
    """Of one endpoint."""

    calls: int = 0
    failed: int = 0
    answered_at: datetime | None = None
    """When a call last went well; declined ones did, too."""
    failed_at: datetime | None = None
    fault: str = ""
    """What was wrong then: the class of the error, and the status over HTTP where there was one."""
    total_s: float = 0.0
    """That all calls have taken together."""


class ProviderHealth:
    """A recorder, of this process."""

    keeps_words = False

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._endpoints: dict[str, EndpointHealth] = {}

    def began(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """No provider was asked yet."""

    def called(self, call: Call) -> None:
        """Count a call."""
        ended_at = call.started_at + timedelta(seconds=call.total_s)
        with self._lock:
            held = self._endpoints.get(call.endpoint.id, EndpointHealth())
            counted = replace(held, calls=held.calls + 1, total_s=held.total_s + call.total_s)
            if call.outcome == "error":
                status = f" ({call.http_status})" if call.http_status else ""
                counted = replace(
                    counted,
                    failed=held.failed + 1,
                    failed_at=ended_at,
                    fault=f"{call.error_type}{status}",
                )
            elif call.outcome != "stopped":
                counted = replace(counted, answered_at=ended_at)
            self._endpoints[call.endpoint.id] = counted

    def ended(self, turn_id: str, status: Status) -> None:
        """Its calls are counted."""

    def close(self) -> None:
        """Nothing is left to be sent."""

    def now(self) -> Mapping[str, EndpointHealth]:
        """Of each endpoint that was called, by its id."""
        with self._lock:
            return dict(self._endpoints)
