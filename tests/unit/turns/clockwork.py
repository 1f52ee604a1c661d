"""A clock that a test winds by hand."""

from collections.abc import Callable


class Clockwork:
    """Implements ``chat.turns.alarms.Scheduler``."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls: list[Call] = []

    def time(self) -> float:
        return self.now

    def call_at(self, when: float, callback: Callable[[], object], /) -> "Call":
        call = Call(when, callback)
        self.calls.append(call)
        return call

    def pending(self) -> list["Call"]:
        return [call for call in self.calls if not call.cancelled]

    def wind(self, seconds: float) -> None:
        """Have so much time pass."""
        self.now += seconds
        for call in self.pending():
            if call.when <= self.now:
                call.cancelled = True
                call.callback()


class Call:
    """Implements ``chat.turns.alarms.Timer``."""

    def __init__(self, when: float, callback: Callable[[], object]) -> None:
        self.when = when
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True
