"""Signs of life of a line, from whoever reads its bytes to whoever waits for an answer.

A server that works for minutes sends keep-alives, which are no answer, and which a reader of
answers never sees. The context of a call says whom to tell.
"""

from collections.abc import Callable
from contextvars import ContextVar


def _nobody() -> None:
    """Told where nobody waits."""


alive: ContextVar[Callable[[], None]] = ContextVar("alive", default=_nobody)
"""To be called when bytes have come, whatever they mean."""
