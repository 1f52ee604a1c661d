"""From what ended a turn to its status and finish: the sentence, whether it was billed, what helps.

Pure. What a provider itself says of an end is kept as it is. ``billed`` is always that of the
whole turn, which may have asked more than once.
"""

from dataclasses import replace
from typing import TypeAlias

from chat.core.errors import (
    AuthFailed,
    BadReply,
    Blocked,
    CapabilityError,
    ChatError,
    ConfigError,
    LimitReached,
    ModelNotFound,
    RateLimited,
    Rejected,
    RequestTooLarge,
    StorageError,
    ToolsRefused,
    Unavailable,
    WrongAddress,
)
from chat.core.messages import Billed, Finish, NextAction, Status
from chat.gateway.call import GuardBlocked

End: TypeAlias = tuple[Status, Finish]

STATUS_OF_FINISH: dict[str, Status] = {
    "stop": "complete",
    "length": "complete",
    "tool_calls": "complete",
    "blocked": "blocked",
    "no_image": "blocked",
    "error": "failed",
    "cancelled": "stopped",
}

DECIDE = "It goes on when you have decided on its tools."

STOPPED_BY_HOST = "Whoever looks after this Easel stopped this reply."

_CUT = (BadReply, Unavailable)
"""A stream that breaks off after something arrived was interrupted, not refused."""

_ACTIONS: dict[type[ChatError], tuple[NextAction, ...]] = {
    GuardBlocked: ("edit",),
    Blocked: ("reword", "other_model"),
    RequestTooLarge: ("other_model", "edit"),
    ModelNotFound: ("other_model",),
    ToolsRefused: ("tools_off", "other_model"),
    Rejected: ("edit", "other_model"),
    CapabilityError: ("edit", "other_model"),
    AuthFailed: ("other_model", "keys", "retry"),
    ConfigError: ("other_model",),
    LimitReached: ("retry", "other_model"),
    RateLimited: ("retry", "other_model"),
    Unavailable: ("retry", "other_model"),
    WrongAddress: ("other_model", "edit", "retry"),
    BadReply: ("retry", "other_model"),
    StorageError: ("retry",),
}
"""What may help, the best first; the first class that fits counts."""


def finished(finish: Finish, billed: Billed) -> End:
    """The end that a provider came to itself."""
    status = STATUS_OF_FINISH[finish.kind]
    return status, finish if status == "complete" else replace(finish, billed=billed)


def failed(error: ChatError, billed: Billed, *, arrived: bool) -> End:
    """The end by an error; ``arrived`` says whether anything had come by then."""
    kind = next((kind for kind in _ACTIONS if isinstance(error, kind)), ChatError)
    actions = _ACTIONS.get(kind, ())
    if isinstance(error, Blocked):
        return "blocked", Finish("blocked", error.reason, str(error), billed, actions)
    status: Status = "interrupted" if arrived and isinstance(error, _CUT) else "failed"
    return status, Finish("error", type(error).__name__, str(error), billed, actions)


def waiting(billed: Billed) -> End:
    """No end yet: the user has to decide on calls of tools."""
    return "waiting", Finish("tool_calls", message=DECIDE, billed=billed)


def stopped(billed: Billed, *, by_user: bool, arrived: bool, by_host: bool = False) -> End:
    """The end by Stop, or by the end of the program; ``by_host``: not whose reply it is stopped."""
    if by_user:
        kept = "What had arrived is kept." if arrived else "Nothing had been shown yet."
        if by_host:
            kept = f"{STOPPED_BY_HOST} {kept}"
        return "stopped", Finish("cancelled", "", kept, billed)
    sentence = "Easel was shut down during this reply."
    return "interrupted", Finish("error", "Shutdown", sentence, billed, ("retry",))


def broken(error: Exception, billed: Billed) -> End:
    """The end by a bug: the log has the trace, the user a sentence."""
    sentence = "Easel failed inside. The log has the cause."
    return "failed", Finish("error", type(error).__name__, sentence, billed, ("retry",))
